import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Quality } from '@deungdae/contracts/sample.ts';
import { connectorRig, type RigSignal } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

const at = (path: string, more = {}) => ({ node: `nsu=urn:deungdae:opcua-test;s=${path}`, ...more });
let peer: ServerPeer;
before(async () => {
  peer = await ServerPeer.at({
    variables: [
      // A range of 400: two percent of it are 8.
      { path: 'Ranged', type: 'Double', unit: 'Cel', initial: 100, options: { range: [-100, 300] } },
      { path: 'Whole', type: 'Int32', unit: 'Cel', initial: 100, options: { range: [0, 1000] } },
      { path: 'Plain', type: 'Double', initial: 100 },
      { path: 'Other', type: 'Double', initial: 100 },
      { path: 'Zones', type: 'Double', initial: [1, 2], options: { array: true } },
      { path: 'Text', type: 'String', initial: 'a' },
    ],
  });
  await peer.makeCertificate();
  await peer.start();
});
after(() => peer.dispose());

/** Long enough for the server to have sampled (20 ms) and published (40 ms) a value that it lets through. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 200));

async function arriving(signals: RigSignal[], path: string, steps: [node: string, value: unknown][], extra = {}) {
  const rig = connectorRig(peer, signals, extra);
  try {
    const [node, first] = steps[0]!;
    await peer.set(node, first);
    await rig.connect();
    await rig.shows(path, first);
    for (const [name, value] of steps.slice(1)) {
      await peer.set(name, value);
      await settle();
    }
    // The same value again, at the time of the connect, is the confirmation of the first.
    const values = rig.of(path).map((s) => s.value);
    return { values: values.filter((v, i) => i === 0 || v !== values[i - 1]), rig, last: rig.last(path) };
  } finally {
    await rig.dispose();
  }
}

test('an absolute deadband is kept by the server, measured from the last value that it sent', async () => {
  const signals = [{ path: 'v', address: at('Plain', { deadband: { absolute: 1 } }) }];
  const steps: [string, number][] = [10, 10.5, 10.9, 11, 11.1, 10.2, 9].map((v) => ['Plain', v]);
  const { values, rig } = await arriving(signals, 'v', steps);
  assert.deepEqual(values, [10, 11.1, 9]);
  assert.deepEqual(rig.notices, []);
});

test('a percent deadband is kept by the server as a part of EURange', async () => {
  for (const [node, kind] of [
    ['Ranged', 'number'],
    ['Whole', 'integer'],
  ] as const) {
    const signals: RigSignal[] = [{ path: 'v', kind, address: at(node, { deadband: { percent: 2 } }) }];
    const steps = node === 'Ranged' ? [100, 107, 108, 109, 102, 100] : [100, 119, 120, 121, 102, 100];
    const { values, rig } = await arriving(
      signals,
      'v',
      steps.map((v) => [node, v]),
    );
    assert.deepEqual(values, node === 'Ranged' ? [100, 109, 100] : [100, 121, 100]);
    assert.deepEqual(rig.notices, []);
  }
});

test('a bad status passes the deadband, and so does the value after it', async () => {
  const signals = [{ path: 'v', address: at('Ranged', { deadband: { percent: 50 } }) }];
  const rig = connectorRig(peer, signals);
  try {
    await peer.set('Ranged', 10);
    await rig.connect();
    await rig.shows('v', 10);
    await peer.set('Ranged', 11, undefined, 'BadSensorFailure');
    await settle();
    assert.equal(rig.last('v')?.quality, Quality.bad);
    await peer.set('Ranged', 12);
    await rig.shows('v', 12);
    assert.equal(rig.last('v')?.quality, Quality.good);
  } finally {
    await rig.dispose();
  }
});

test('a server that refuses the filter is told once with the number of signals; each value then comes', async () => {
  const signals: RigSignal[] = [
    { path: 'plain', address: at('Plain', { deadband: { percent: 2 } }) },
    { path: 'other', address: at('Other', { deadband: { percent: 2 } }) },
    { path: 'ranged', address: at('Ranged', { deadband: { percent: 2 } }) },
    { path: 'text', address: at('Text', { deadband: { absolute: 2 } }) },
    { path: 'nowhere', address: at('Nowhere', { deadband: { percent: 2 } }) },
  ];
  const rig = connectorRig(peer, signals);
  try {
    for (const path of ['Plain', 'Other', 'Ranged']) await peer.set(path, 50);
    await rig.connect();
    await rig.shows('plain', 50);
    await rig.shows('other', 50);
    await rig.shows('ranged', 50);
    for (const path of ['Plain', 'Other', 'Ranged']) await peer.set(path, 50.5);
    await rig.shows('plain', 50.5);
    await rig.shows('other', 50.5);
    await settle();
    assert.equal(rig.last('ranged')?.value, 50, 'the filters of the others stay in force');
    await peer.set('Text', '7');
    await rig.shows('text', 7);
    const told = rig.told('opcua.deadbandRefused');
    assert.equal(told.length, 1);
    assert.deepEqual(told[0]!.params, { signal: 'plain', status: 'BadMonitoredItemFilterUnsupported', count: 3 });
    assert.equal(rig.told('opcua.nodeRefused').length, 1, 'the missing node is refused for what it is');
    assert.equal(rig.last('nowhere')?.quality, Quality.bad);
    assert.equal(rig.error(), null);
  } finally {
    await rig.dispose();
  }
});

test('a deadband of the whole connection goes to numbers only', async () => {
  const signals: RigSignal[] = [
    { path: 'plain', address: at('Plain') },
    { path: 'text', kind: 'text', address: at('Text') },
    { path: 'zone', address: at('Zones', { index: 1 }) },
    { path: 'name', address: at('Plain', { attribute: 'DisplayName' }) },
  ];
  const steps: [string, unknown][] = [
    ['Plain', 10],
    ['Plain', 11],
    ['Text', 'b'],
    ['Zones', [1, 3]],
    ['Zones', [1, 9]],
  ];
  const { values, rig } = await arriving(signals, 'plain', steps, { deadband: { absolute: 5 } });
  assert.deepEqual(values, [10]);
  assert.equal(rig.last('text')?.value, 'b');
  assert.equal(rig.last('zone')?.value, 9, 'an element of an array is measured by itself');
  assert.ok(!rig.of('zone').some((s) => s.value === 3));
  assert.deepEqual(rig.told('opcua.deadbandRefused'), []);
});
