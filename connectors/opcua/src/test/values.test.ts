import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Quality } from '@deungdae/contracts/sample.ts';
import { until } from '@deungdae/testing/until.ts';
import { connectorRig } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

const ns = 'nsu=urn:deungdae:opcua-test;';
let peer: ServerPeer;
before(async () => {
  peer = await ServerPeer.at({
    nodesets: ['di', 'autoId'],
    structures: true,
    variables: [
      { path: 'Speed', type: 'Double', unit: 'mm/s', initial: 1.5, options: { range: [0, 100] } },
      { path: 'Big', type: 'Int64', initial: [0x7fffffff, 0xffffffff] },
      { path: 'Small', type: 'Int64', initial: [0xffffffff, 0xfffffffe] },
      { path: 'Text', type: 'String', initial: '12.5' },
      { path: 'Local', type: 'LocalizedText', initial: { text: '가동', locale: 'ko' } },
      { path: 'When', type: 'DateTime', initial: '2026-01-02T03:04:05.678Z' },
      { path: 'Zones', type: 'Double', initial: [1, 2, 3], options: { array: true } },
      { path: 'Mode', type: 'UInt32', initial: 1, options: { enumStrings: ['Off', 'Auto'] } },
      { path: 'Flag', type: 'Boolean', initial: true },
    ],
  });
  await peer.makeCertificate();
  await peer.start();
});
after(() => peer.dispose());

test('every kind of value arrives as it is: Int64, text, dates, arrays, structures, parts of them', async () => {
  const at = (path: string, more = {}) => ({ node: `${ns}s=${path}`, ...more });
  const rig = connectorRig(peer, [
    { path: 'big', kind: 'integer', address: at('Big') },
    { path: 'small', kind: 'integer', address: at('Small') },
    { path: 'decimal', address: at('Text') },
    { path: 'text', kind: 'text', address: at('Text') },
    { path: 'local', kind: 'text', address: at('Local') },
    { path: 'when', kind: 'text', address: at('When') },
    { path: 'zones', kind: 'vector', address: at('Zones') },
    { path: 'zone-2', address: at('Zones', { index: 1 }) },
    { path: 'zone-9', address: at('Zones', { index: 9 }) },
    { path: 'mode', kind: 'enum', address: at('Mode') },
    { path: 'flag', kind: 'boolean', address: at('Flag') },
    { path: 'place', kind: 'json', address: at('Place') },
    { path: 'place-y', address: at('Place', { field: 'Y' }) },
    { path: 'place-2-x', address: at('Places', { index: 1, field: 'x' }) },
    { path: 'name', kind: 'text', address: at('Speed', { attribute: 'DisplayName' }) },
  ]);
  try {
    await rig.connect();
    await rig.shows('place-2-x', 1.5, 25_000);
    await until(() => rig.last('name') !== undefined, 'the display name');
    const value = (path: string) => rig.last(path)?.value;
    assert.equal(value('big'), '9223372036854775807', 'beyond 2^53 the exact digits are kept');
    assert.equal(value('small'), -2);
    assert.equal(value('decimal'), 12.5);
    assert.equal(value('text'), '12.5');
    assert.equal(value('local'), '가동');
    assert.equal(value('when'), '2026-01-02T03:04:05.678Z');
    assert.equal(value('zones'), '[1,2,3]');
    assert.equal(value('zone-2'), 2);
    assert.equal(rig.last('zone-9')?.quality, Quality.bad);
    assert.equal(rig.told('opcua.noSuchPart').length, 1);
    assert.equal(value('mode'), 1);
    assert.equal(value('flag'), 1);
    const place = JSON.parse(value('place') as string) as Record<string, unknown>;
    assert.equal(place.X, 1.5);
    assert.equal(place.Timestamp, '2026-01-02T03:04:05.678Z');
    assert.equal(value('place-y'), 2.5);
    assert.equal(value('name'), 'Speed');
  } finally {
    await rig.dispose();
  }
});

test('NaN, status codes, words in a number, and source times that jump', async () => {
  const rig = connectorRig(peer, [
    { path: 'speed', address: { node: `${ns}s=Speed` } },
    { path: 'word', address: { node: `${ns}s=Text` } },
  ]);
  try {
    await rig.connect();
    await until(() => rig.of('speed').length > 0 && rig.of('word').length > 0, 'first values');
    const step = async (value: unknown, timeUs?: number, status?: string) => {
      const n = rig.of('speed').length;
      await peer.set('Speed', value, timeUs, status);
      await until(() => rig.of('speed').length > n, 'the change', 3000);
      return rig.last('speed')!;
    };
    const nowUs = Date.now() * 1000;
    assert.equal((await step(2.5)).quality, Quality.good);
    const nan = await step(Number.NaN);
    assert.deepEqual([nan.value, nan.quality], [null, Quality.bad], 'NaN is no reading');
    const infinite = await step(Number.POSITIVE_INFINITY);
    assert.deepEqual([infinite.value, infinite.quality], [null, Quality.bad]);
    const badSample = await step(3.5, undefined, 'BadSensorFailure');
    assert.equal(badSample.quality, Quality.bad);
    assert.equal((await step(4.5, undefined, 'UncertainLastUsableValue')).quality, Quality.uncertain);
    assert.equal((await step(5.5, undefined, 'BadNoCommunication')).quality, Quality.gap, 'its device is lost: a gap');
    assert.equal((await step(6.5)).value, 6.5);
    const past = nowUs - 3_600_000_000;
    assert.equal((await step(7.5, past)).time, past, 'a source time that jumps back is stored as it came');
    const future = nowUs + 7_200_000_000;
    assert.equal((await step(8.5, future)).time, future);
    assert.equal(rig.told('opcua.clockSkew').length, 2, 'both jumps are told');
    await peer.set('Text', 'abc');
    await until(() => rig.last('word')?.quality === Quality.bad, 'the word');
    assert.equal(rig.told('opcua.notANumber')[0]?.params?.value, 'abc');
    await peer.set('Text', '13');
    await rig.shows('word', 13);
  } finally {
    await rig.dispose();
  }
});

test('a node that is not there is bad by itself, and is taken up when it appears', async () => {
  const rig = connectorRig(
    peer,
    [
      { path: 'speed', address: { node: `${ns}s=Speed` } },
      { path: 'later', address: { node: `${ns}s=Later` } },
      { path: 'nowhere', address: { node: 'nsu=urn:not:here;i=1' } },
      { path: 'by-index', address: { node: 'ns=1;s=none' } },
    ],
    { retryRefusedMs: 1000 },
  );
  try {
    await rig.connect();
    await until(() => rig.of('speed').length > 0, 'the good one');
    assert.equal(rig.last('later')?.quality, Quality.bad);
    assert.equal(rig.last('nowhere')?.quality, Quality.bad);
    assert.equal(
      rig.told('opcua.nodeRefused').find((n) => n.params?.signal === 'later')?.params?.status,
      'BadNodeIdUnknown',
    );
    assert.equal(rig.told('opcua.namespaceUnknown').length, 1);
    assert.equal(rig.told('opcua.namespaceByIndex').length, 1);
    await peer.order('add', 'Later', 'Double', null, 42);
    await rig.shows('later', 42);
    assert.equal(rig.error(), null);
  } finally {
    await rig.dispose();
  }
});
