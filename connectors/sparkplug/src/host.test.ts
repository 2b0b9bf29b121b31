import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { noMosquitto } from '@deungdae/connector-mqtt/mosquitto-peer.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createTcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import { SparkplugAddress } from './config.ts';
import { connector as sparkplugConnector } from './connector.ts';
import { DataType } from './datatypes.ts';
import { createEdgeNode, type EdgeNodeOptions } from './edge.ts';
import { HostRig } from './host-rig.ts';

const { Double, Int32, Boolean: Bool, String: Text } = DataType;

describe('Sparkplug host against Mosquitto', { skip: noMosquitto }, () => {
  let rig: HostRig;
  before(async () => {
    rig = await HostRig.start();
  });
  after(() => rig.close());

  function edgeOf(node: string, more: Partial<EdgeNodeOptions> = {}) {
    const edge = createEdgeNode({
      url: rig.broker.url,
      group: 'hanbit',
      node,
      metrics: [{ name: 'Load', datatype: Double, value: 0.5 }],
      devices: {
        press: [
          { name: 'Temp', datatype: Double, value: 20, unit: 'Cel' },
          { name: 'Count', datatype: Int32, value: -1 },
          { name: 'Run', datatype: Bool, value: true },
          { name: 'Job', datatype: Text, value: 'A-1' },
        ],
        oven: [{ name: 'Temp', datatype: Double, value: 180 }],
      },
      backoffMs: 50,
      ...more,
    });
    rig.onClose(() => edge.close());
    return edge;
  }

  it('takes births and data of a node and its devices', async () => {
    const [load, temp, count, run, job, oven] = [
      rig.signal('n1', null, 'Load'),
      rig.signal('n1', 'press', 'Temp'),
      rig.signal('n1', 'press', 'Count', 'integer'),
      rig.signal('n1', 'press', 'Run', 'boolean'),
      rig.signal('n1', 'press', 'Job', 'text'),
      rig.signal('n1', 'oven', 'Temp'),
    ];
    const host = await rig.host([load, temp, count, run, job, oven]);
    const edge = edgeOf('n1');
    await until(() => host.samples.length === 6, 'the births');
    assert.deepEqual(
      [load, temp, count, run, job, oven].map((s) => host.lastOf(s)?.value),
      [0.5, 20, -1, 1, 'A-1', 180],
    );
    edge.publish('press', [
      { name: 'Temp', value: 21.5, timestamp: 1_700_000_000_000 },
      { name: 'Count', value: 7 },
      { name: 'Job', value: null },
      { name: 'Temp', value: 19, timestamp: 1_600_000_000_000, isHistorical: true },
    ]);
    await until(() => host.samples.length === 10, 'the data');
    assert.deepEqual(
      host.samples.slice(6).map((s) => [s.signal, s.value, s.quality]),
      [
        [temp.id, 21.5, 0],
        [count.id, 7, 0],
        [job.id, null, Quality.bad],
        [temp.id, 19, 0],
      ],
    );
    assert.equal(host.samples[9]!.time, 1_600_000_000_000_000);
    await host.stop();
  });

  it('asks a node that was born before it to be born again, once', async () => {
    const edge = edgeOf('n2');
    await edge.ready();
    const asked = await rig.listen('spBv1.0/hanbit/NCMD/n2');
    const temp = rig.signal('n2', 'press', 'Temp');
    const host = await rig.host([temp], { rebirth: { waitMs: 50 } });
    await until(() => host.samples.length === 1, 'the birth');
    await systemClock.sleep(300);
    assert.equal(asked.messages.length, 1);
    await host.stop();
  });

  it('writes gaps for node and devices when the node dies, and values again when it is back', async () => {
    const load = rig.signal('n3', null, 'Load');
    const temp = rig.signal('n3', 'press', 'Temp');
    const oven = rig.signal('n3', 'oven', 'Temp');
    const host = await rig.host([load, temp, oven]);
    const proxy = await createTcpProxy({ port: rig.broker.port });
    const edge = edgeOf('n3', { url: `mqtt://127.0.0.1:${proxy.port}` });
    await until(() => host.samples.length === 3, 'births');
    proxy.reset();
    await until(
      () => host.samples.length >= 9,
      'gaps and births',
      5000,
      () => host.samples,
    );
    const gaps = host.samples.slice(3, 6);
    assert.deepEqual(
      gaps.map((s) => [s.signal, s.quality]).sort(),
      [load, temp, oven].map((s) => [s.id, Quality.gap]),
    );
    assert.equal(edge.bdSeq, 1);
    for (const s of [load, temp, oven]) assert.equal(host.newestOf(s)?.quality, Quality.good);
    await host.stop();
    await proxy.close();
  });

  it('ends a device at the time of its death', async () => {
    const temp = rig.signal('n4', 'press', 'Temp');
    const oven = rig.signal('n4', 'oven', 'Temp');
    const host = await rig.host([temp, oven]);
    const edge = edgeOf('n4');
    await until(() => host.samples.length === 2, 'births');
    edge.deviceOffline('press');
    await until(() => host.samples.length === 3, 'gap');
    assert.equal(host.samples[2]!.signal, temp.id);
    assert.equal(host.samples[2]!.quality, Quality.gap);
    edge.deviceOnline('press');
    await until(() => host.newestOf(temp)?.quality === Quality.good, 'back');
    await host.stop();
  });

  it('survives a restart of the broker with everybody', async () => {
    const temp = rig.signal('n5', 'press', 'Temp');
    const host = await rig.host([temp]);
    const edge = edgeOf('n5');
    await until(() => host.samples.length === 1, 'birth');
    await rig.broker.stop();
    assert.match(((await host.error) as { code: string }).code, /^mqtt\./);
    edge.publish('press', [{ name: 'Temp', value: 33 }]);
    await rig.broker.start();
    const again = await rig.reconnect(host);
    await until(
      () => again.samples.some((s) => s.value === 33),
      'stored value',
      5000,
      () => again.samples,
    );
    await again.stop();
  });

  it('notices a half-open link by the keep-alive', async () => {
    const proxy = await createTcpProxy({ port: rig.broker.port });
    const temp = rig.signal('n6', 'press', 'Temp');
    const host = await rig.host([temp], { url: `mqtt://127.0.0.1:${proxy.port}`, keepAliveS: 1 });
    proxy.swallow();
    assert.equal(((await host.error) as { code: string }).code, 'mqtt.silent');
    await proxy.close();
  });

  it('lets an edge node that waits for its primary host speak only while the host is there', async () => {
    const edge = edgeOf('n7', { primaryHost: 'factory-host' });
    await systemClock.sleep(200);
    assert.equal(edge.online, false);
    edge.publish('press', [{ name: 'Temp', value: 1, timestamp: 1_700_000_000_000 }]);
    const temp = rig.signal('n7', 'press', 'Temp');
    const host = await rig.host([temp], { hostId: 'factory-host' });
    await until(() => host.samples.some((s) => s.time === 1_700_000_000_000_000), 'what was stored');
    assert.ok(edge.online);
    await host.stop();
    await until(() => !edge.online, 'offline with the host');
  });

  it('counts what it cannot decode, asks for a birth, and reads on', async () => {
    const temp = rig.signal('n8', 'press', 'Temp');
    const host = await rig.host([temp], { maxPayloadBytes: 1024 });
    const edge = edgeOf('n8');
    await until(() => host.samples.length === 1, 'birth');
    await rig.publish('spBv1.0/hanbit/DDATA/n8/press', Buffer.from([18, 200, 1, 1]));
    await rig.publish('spBv1.0/hanbit/DDATA/n8/press', Buffer.alloc(2000));
    await until(() => host.samples.length >= 2, 'reborn');
    assert.ok(host.notices.some((n) => n.code === 'sparkplug.badMessages'));
    edge.publish('press', [{ name: 'Temp', value: 44 }]);
    await until(() => host.samples.at(-1)?.value === 44, 'the next value');
    await host.stop();
  });

  it('discovers the metrics of a group with types and units', async () => {
    edgeOf('n9');
    await systemClock.sleep(200);
    const found = [];
    const context = rig.context();
    const config = rig.config({ discover: { group: 'hanbit', seconds: 0.8 } });
    const discovering = sparkplugConnector.discover!({ config, context, abort: AbortSignal.timeout(5000) });
    // Heard by its data, then asked for its birth.
    const other = createEdgeNode({
      url: rig.broker.url,
      group: 'hanbit',
      node: 'n10',
      metrics: [{ name: 'A/B', datatype: Bool, value: true }],
    });
    rig.onClose(() => other.close());
    await other.ready();
    const talking = setInterval(() => other.publish(null, [{ name: 'A/B', value: false }]), 100);
    for await (const p of discovering) found.push(p);
    clearInterval(talking);
    const mine = found.find((p) => p.address.node === 'n10');
    assert.deepEqual(mine?.address, { group: 'hanbit', node: 'n10', metric: 'A/B' });
    assert.equal(mine?.kind, 'boolean');
    for (const p of found) assert.doesNotThrow(() => SparkplugAddress.parse(p.address));
  });

  it('tells in a probe which values there are', async () => {
    const temp = rig.signal('n11', 'press', 'Temp');
    const none = rig.signal('n12', null, 'X');
    const host = await rig.host([temp, none]);
    edgeOf('n11');
    await until(() => host.samples.length === 1, 'birth');
    const report = await host.connector.probe(AbortSignal.timeout(5000));
    assert.equal(report.signals[0]!.value, '20');
    assert.equal(report.signals[1]!.error?.code, 'sparkplug.noBirth');
    await host.stop();
  });
});
