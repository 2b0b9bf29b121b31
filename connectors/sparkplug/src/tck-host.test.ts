import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { noMosquitto } from '@deungdae/connector-mqtt/mosquitto-peer.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { until } from '@deungdae/testing/until.ts';
import { SparkplugAddress, SparkplugConfig } from './config.ts';
import { DataType, type Metric, type Payload } from './datatypes.ts';
import { decodePayload } from './decode.ts';
import { createEdgeNode } from './edge.ts';
import { encodePayload } from './encode.ts';
import { HostRig, type RunningHost } from './host-rig.ts';
import {
  type ConnectPacket,
  type PublishPacket,
  type SubscribePacket,
  type WirePacket,
  WireRecorder,
} from './wire-recorder.ts';

/**
 * The statements of the Sparkplug 3.0 specification about host applications, each test named after its id. The evidence
 * is what the host wrote on the wire (MQTT 3.1.1 and 5), and what it did with an edge node's messages.
 */
const versions = [4, 5] as const;
const stateOf = (version: number) => `spBv1.0/STATE/tck-host-${version}`;

interface HostEvidence {
  version: 4 | 5;
  connect: ConnectPacket;
  packets: WirePacket[];
  publishes: PublishPacket[];
  state: PublishPacket[];
  /** ms UTC around the CONNECT and around the clean leave. */
  connectedAt: [number, number];
  leftAt: [number, number];
}

const json = (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as { online: unknown; timestamp: unknown };

describe('Sparkplug 3.0 host statements', { skip: noMosquitto }, () => {
  let rig: HostRig;
  let recorder: WireRecorder;
  const evidence: HostEvidence[] = [];
  /** Sessions of one connector after each other: the link was cut between them. */
  let afterCut: WirePacket[] = [];
  let beforeCut: WirePacket[] = [];

  before(async () => {
    rig = await HostRig.start();
    recorder = await WireRecorder.start(rig.broker.port);
    for (const version of versions) evidence.push(await observe(version));
    const host = await rig.host([rig.signal('cut', null, 'X')], { url: recorder.url, hostId: 'tck-cut' });
    beforeCut = recorder.sessions.at(-1)!;
    recorder.cut();
    await host.error;
    const again = await rig.reconnect(host);
    afterCut = recorder.sessions.at(-1)!;
    await again.stop();
  });
  after(async () => {
    await recorder.close();
    await rig.close();
  });

  /** One session from CONNECT to the clean leave, with a rebirth request in it. */
  async function observe(version: 4 | 5): Promise<HostEvidence> {
    const started = Date.now();
    const host = await rig.host([rig.signal(`watched-${version}`, null, 'X')], {
      url: recorder.url,
      version,
      hostId: `tck-host-${version}`,
      rebirth: { waitMs: 10 },
    });
    const connected = Date.now();
    const packets = recorder.sessions.at(-1)!;
    await until(() => packets.some((p) => p.type === 'publish' && p.topic.includes('NCMD')), 'a rebirth request');
    const leaving = Date.now();
    await host.stop();
    await until(() => packets.some((p) => p.type === 'disconnect'), 'the DISCONNECT');
    const publishes = packets.filter((p): p is PublishPacket => p.type === 'publish');
    return {
      version,
      connect: packets.find((p): p is ConnectPacket => p.type === 'connect')!,
      packets,
      publishes,
      state: publishes.filter((p) => p.topic === stateOf(version)),
      connectedAt: [started, connected],
      leftAt: [leaving, Date.now()],
    };
  }

  /** A test named after each id, on the evidence of both protocol versions. */
  function tck(ids: string[], check: (e: HostEvidence) => void | Promise<void>): void {
    for (const id of ids) {
      it(`tck-id-${id}`, async () => {
        assert.equal(evidence.length, 2);
        for (const e of evidence) await check(e);
      });
    }
  }
  const timestampWithin = (value: unknown, [from, to]: [number, number]) => {
    assert.ok(
      typeof value === 'number' && value >= from - 1 && value <= to + 1,
      `${String(value)} not in ${from}…${to}`,
    );
  };

  tck(['message-flow-phid-sparkplug-clean-session-311', 'message-flow-phid-sparkplug-clean-session-50'], (e) => {
    assert.equal(e.connect.clean, true);
    assert.equal(e.connect.level, e.version);
    if (e.version === 5) assert.equal(e.connect.sessionExpiry, 0);
  });

  tck(
    [
      'host-topic-phid-death-required',
      'operational-behavior-host-application-connect-will',
      'payloads-state-will-message',
    ],
    (e) => assert.ok(e.connect.will),
  );
  tck(['host-topic-phid-death-topic', 'operational-behavior-host-application-connect-will-topic'], (e) =>
    assert.equal(e.connect.will?.topic, stateOf(e.version)),
  );
  tck(
    [
      'host-topic-phid-death-qos',
      'operational-behavior-host-application-connect-will-qos',
      'payloads-state-will-message-qos',
    ],
    (e) => assert.equal(e.connect.will?.qos, 1),
  );
  tck(
    [
      'host-topic-phid-death-retain',
      'operational-behavior-host-application-connect-will-retained',
      'payloads-state-will-message-retain',
    ],
    (e) => assert.equal(e.connect.will?.retain, true),
  );
  tck(
    [
      'host-topic-phid-death-payload',
      'host-topic-phid-death-payload-timestamp-connect',
      'operational-behavior-host-application-connect-will-payload',
      'payloads-state-will-message-payload',
    ],
    (e) => {
      const will = json(e.connect.will!.payload);
      assert.equal(will.online, false);
      timestampWithin(will.timestamp, e.connectedAt);
    },
  );

  tck(
    [
      'host-topic-phid-birth-sub-required',
      'message-flow-phid-sparkplug-subscription',
      'payloads-state-subscribe',
      'host-topic-phid-birth-required',
      'message-flow-phid-sparkplug-state-publish',
    ],
    (e) => {
      const relevant = e.packets.filter((p) => p.type !== 'other');
      assert.equal(relevant[1]?.type, 'subscribe');
      const filters = (relevant[1] as SubscribePacket).filters.map((f) => f.filter);
      assert.ok(filters.includes(stateOf(e.version)));
      assert.ok(filters.includes(`spBv1.0/hanbit/+/watched-${e.version}/#`));
      const next = relevant[2] as PublishPacket;
      assert.equal(next.topic, stateOf(e.version));
      assert.equal(json(next.payload).online, true);
    },
  );
  tck(
    [
      'conformance-primary-host',
      'intro-sparkplug-host-state',
      'components-ph-state',
      'principles-birth-certificates-order',
      'host-topic-phid-birth-message',
      'operational-behavior-host-application-connect-birth',
      'operational-behavior-primary-application-state-with-multiple-servers-state',
    ],
    (e) => {
      assert.equal(e.publishes[0]?.topic, stateOf(e.version));
      assert.deepEqual(
        e.state.map((p) => json(p.payload).online),
        [true, false],
      );
    },
  );
  tck(['host-topic-phid-birth-topic', 'operational-behavior-host-application-connect-birth-topic'], (e) =>
    assert.equal(e.publishes[0]?.topic, stateOf(e.version)),
  );
  tck(
    ['host-topic-phid-birth-qos', 'operational-behavior-host-application-connect-birth-qos', 'payloads-state-birth'],
    (e) => assert.equal(e.state[0]?.qos, 1),
  );
  tck(['host-topic-phid-birth-retain', 'operational-behavior-host-application-connect-birth-retained'], (e) =>
    assert.equal(e.state[0]?.retain, true),
  );
  tck(
    [
      'host-topic-phid-birth-payload',
      'host-topic-phid-birth-payload-timestamp',
      'message-flow-phid-sparkplug-state-publish-payload',
      'message-flow-phid-sparkplug-state-publish-payload-timestamp',
      'operational-behavior-host-application-connect-birth-payload',
      'payloads-state-birth-payload',
    ],
    (e) => {
      const birth = json(e.state[0]!.payload);
      assert.deepEqual(birth, { online: true, timestamp: json(e.connect.will!.payload).timestamp });
    },
  );

  tck(
    [
      'host-topic-phid-death-payload-timestamp-disconnect-clean',
      'host-topic-phid-death-payload-timestamp-disconnect-with-no-disconnect-packet',
      'operational-behavior-host-application-termination',
      'operational-behavior-host-application-death-payload',
      'operational-behavior-host-application-disconnect-intentional',
    ],
    (e) => {
      const death = json(e.state[1]!.payload);
      assert.equal(death.online, false);
      timestampWithin(death.timestamp, e.leftAt);
      const relevant = e.packets.filter((p) => p.type !== 'other');
      assert.equal(relevant.at(-1)?.type, 'disconnect');
      assert.equal(relevant.at(-2), e.state[1]);
    },
  );
  tck(['operational-behavior-host-application-death-topic'], (e) =>
    assert.equal(e.state[1]?.topic, stateOf(e.version)),
  );
  tck(['operational-behavior-host-application-death-qos'], (e) => assert.equal(e.state[1]?.qos, 1));
  tck(['operational-behavior-host-application-death-retained'], (e) => assert.equal(e.state[1]?.retain, true));

  tck(['operational-behavior-host-application-multi-server-timestamp'], () => {
    const will = (packets: WirePacket[]) => packets.find((p): p is ConnectPacket => p.type === 'connect')!.will!;
    const birth = (packets: WirePacket[]) => packets.find((p): p is PublishPacket => p.type === 'publish')!;
    const [first, second] = [json(will(beforeCut).payload), json(will(afterCut).payload)];
    assert.ok((second.timestamp as number) > (first.timestamp as number), 'a new session has a new will');
    assert.equal(json(birth(afterCut).payload).timestamp, second.timestamp);
  });

  // What the host writes to edge nodes: the rebirth request, and nothing else.
  const ncmdOf = (e: HostEvidence) => {
    const ncmd = e.publishes.find((p) => p.topic.includes('/NCMD/'))!;
    return { ncmd, payload: decodePayload(ncmd.payload) };
  };
  tck(
    [
      'topics-ncmd-topic',
      'operational-behavior-data-commands-ncmd-rebirth-verb',
      'operational-behavior-data-commands-ncmd-verb',
    ],
    (e) => assert.equal(ncmdOf(e).ncmd.topic, `spBv1.0/hanbit/NCMD/watched-${e.version}`),
  );
  tck(['topics-ncmd-mqtt', 'payloads-ncmd-qos', 'payloads-ncmd-retain'], (e) => {
    assert.equal(ncmdOf(e).ncmd.qos, 0);
    assert.equal(ncmdOf(e).ncmd.retain, false);
  });
  tck(['topics-ncmd-timestamp', 'payloads-ncmd-timestamp', 'payloads-name-cmd-requirement'], (e) => {
    timestampWithin(ncmdOf(e).payload.timestamp, [e.connectedAt[0], e.leftAt[1]]);
    timestampWithin(ncmdOf(e).payload.metrics[0]!.timestamp, [e.connectedAt[0], e.leftAt[1]]);
  });
  tck(
    [
      'topics-ncmd-payload',
      'operational-behavior-data-commands-ncmd-rebirth-name',
      'operational-behavior-data-commands-ncmd-rebirth-value',
      'operational-behavior-data-commands-ncmd-metric-name',
      'operational-behavior-data-commands-ncmd-metric-value',
    ],
    (e) => {
      const { name, value, datatype } = ncmdOf(e).payload.metrics[0]!;
      assert.deepEqual(
        { name, value, datatype },
        { name: 'Node Control/Rebirth', value: true, datatype: DataType.Boolean },
      );
    },
  );
  tck(['payloads-ncmd-seq'], (e) => assert.equal(ncmdOf(e).payload.seq, undefined));

  /** A raw edge node: every message as the test wants it. */
  async function raw(node: string, more: object = {}) {
    const [x, y] = [rig.signal(node, null, 'X'), rig.signal(node, 'dev', 'Y')];
    const host = await rig.host([x, y], {
      hostId: `host-of-${node}`,
      rebirth: { waitMs: 60_000, minMs: 100 },
      ...more,
    });
    const commands = await rig.listen(`spBv1.0/hanbit/NCMD/${node}`);
    const send = (
      verb: string,
      seq: number | undefined,
      metrics: Metric[],
      at: Partial<Payload> & { device?: string } = {},
    ) => {
      const { device, ...rest } = at;
      const payload: Payload = { timestamp: Date.now(), metrics, ...(seq === undefined ? {} : { seq }), ...rest };
      return rig.publish(`spBv1.0/hanbit/${verb}/${node}${device ? `/${device}` : ''}`, encodePayload(payload));
    };
    const bdSeq = (value: number) => ({ name: 'bdSeq', datatype: DataType.Int64, value });
    const metric = (name: string, value: number) => ({ name, timestamp: Date.now(), datatype: DataType.Double, value });
    await send('NBIRTH', 0, [bdSeq(4), metric('X', 1)]);
    await send('DBIRTH', 1, [metric('Y', 2)], { device: 'dev' });
    await until(() => host.samples.length === 2, 'births');
    return { host, commands, send, bdSeq, metric, x, y };
  }
  const gaps = (host: RunningHost) => host.samples.filter((s) => s.quality === Quality.gap);

  for (const id of [
    'operational-behavior-edge-node-termination-host-action-ndeath-node-offline',
    'operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale',
    'operational-behavior-edge-node-termination-host-action-ndeath-devices-offline',
    'operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale',
  ]) {
    it(`tck-id-${id}`, async () => {
      const edge = await raw(`nd-${id.slice(-14)}`);
      await edge.send('NDEATH', undefined, [edge.bdSeq(3)]);
      const started = Date.now() - 1;
      // The will was written long ago: its own time must not be used.
      await edge.send('NDEATH', undefined, [edge.bdSeq(4)], { timestamp: 1_000_000 });
      await until(
        () => gaps(edge.host).length === 2,
        'the gaps',
        2000,
        () => edge.host.samples,
      );
      assert.deepEqual(
        gaps(edge.host)
          .map((s) => s.signal)
          .sort(),
        [edge.x.id, edge.y.id].sort(),
      );
      for (const gap of gaps(edge.host)) timestampWithin(gap.time / 1000, [started, Date.now()]);
      assert.ok(edge.host.notices.some((n) => n.code === 'sparkplug.oldDeath'));
      // Offline: data of it mean nothing, it is asked to be born again.
      await edge.send('NDATA', 2, [edge.metric('X', 9)]);
      await until(() => edge.commands.messages.length === 1, 'the rebirth request');
      assert.equal(edge.host.samples.length, 4);
      await edge.host.stop();
    });
  }

  for (const id of [
    'operational-behavior-edge-node-termination-host-action-ddeath-devices-offline',
    'operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale',
  ]) {
    it(`tck-id-${id}`, async () => {
      const edge = await raw(`dd-${id.slice(-14)}`);
      await edge.send('DDEATH', 2, [], { device: 'dev', timestamp: 1_700_000_000_000 });
      await until(() => gaps(edge.host).length === 1, 'the gap');
      assert.equal(gaps(edge.host)[0]!.signal, edge.y.id);
      assert.equal(gaps(edge.host)[0]!.time, 1_700_000_000_000_000);
      await edge.send('NDATA', 3, [edge.metric('X', 5)]);
      await until(() => edge.host.lastOf(edge.x)?.value === 5, 'the node goes on');
      await edge.host.stop();
    });
  }

  it('tck-id-operational-behavior-host-reordering-param', () => {
    const config = SparkplugConfig.parse({ url: 'mqtt://x', reorderTimeoutMs: 1234 });
    assert.equal(config.reorderTimeoutMs, 1234);
  });

  for (const id of ['operational-behavior-host-reordering-start', 'operational-behavior-host-reordering-rebirth']) {
    it(`tck-id-${id}`, async () => {
      const edge = await raw(`re-${id.slice(-7)}`, { reorderTimeoutMs: 300 });
      await edge.send('NDATA', 3, [edge.metric('X', 3)]);
      await systemClock.sleep(150);
      assert.equal(edge.host.samples.length, 2, 'held back while the window is open');
      assert.equal(edge.commands.messages.length, 0);
      await until(() => edge.commands.messages.length === 1, 'the rebirth request', 2000);
      assert.equal(decodePayload(edge.commands.messages[0]!.payload).metrics[0]!.name, 'Node Control/Rebirth');
      await until(() => edge.host.lastOf(edge.x)?.value === 3, 'the held value');
      assert.equal(edge.host.lastOf(edge.x)?.quality, Quality.uncertain);
      await edge.host.stop();
    });
  }

  it('tck-id-operational-behavior-host-reordering-success', async () => {
    const edge = await raw('reorder-ok', { reorderTimeoutMs: 300 });
    await edge.send('NDATA', 3, [edge.metric('X', 3)]);
    await edge.send('NDATA', 2, [edge.metric('X', 2)]);
    await until(() => edge.host.samples.length === 4, 'both, in order');
    assert.deepEqual(
      edge.host.samples.slice(2).map((s) => [s.value, s.quality]),
      [
        [2, 0],
        [3, 0],
      ],
    );
    await systemClock.sleep(500);
    assert.equal(edge.commands.messages.length, 0, 'the timer was ended');
    await edge.host.stop();
  });

  it('tck-id-message-flow-hid-sparkplug-state-message-delivered', async () => {
    const host = await rig.host([rig.signal('own', null, 'X')], { hostId: 'tck-own' });
    const topic = 'spBv1.0/STATE/tck-own';
    const heard = await rig.listen(topic);
    await until(() => heard.messages.length === 1, 'the retained birth');
    const birth = json(heard.messages[0]!.payload);
    await rig.publish(topic, Buffer.from(JSON.stringify({ online: false, timestamp: Date.now() + 5 })), {
      retain: true,
    });
    await until(() => heard.messages.length === 3, 'the birth again', 3000);
    assert.deepEqual(json(heard.messages[2]!.payload), birth);
    assert.ok(host.notices.some((n) => n.code === 'sparkplug.hostIdTaken'));
    await host.stop();
  });

  for (const [part, ids] of [
    ['group', ['intro-group-id-string', 'intro-group-id-chars', 'topic-structure-namespace-valid-group-id']],
    ['node', ['intro-edge-node-id-string', 'intro-edge-node-id-chars', 'topic-structure-namespace-valid-edge-node-id']],
    ['device', ['intro-device-id-string', 'intro-device-id-chars', 'topic-structure-namespace-valid-device-id']],
  ] as const) {
    for (const id of ids) {
      it(`tck-id-${id}`, () => {
        const address = { group: '한빛', node: '사출 1호', device: '금형-3', metric: 'X' };
        assert.ok(SparkplugAddress.safeParse(address).success);
        for (const bad of ['a+b', 'a/b', 'a#', '', 5]) {
          assert.ok(!SparkplugAddress.safeParse({ ...address, [part]: bad }).success, `${part} ${bad}`);
          if (bad === 5) continue;
          const { device, ...ids } = { ...address, [part]: bad };
          const options = { url: 'mqtt://127.0.0.1:1', group: ids.group, node: ids.node, devices: { [device]: [] } };
          assert.throws(() => createEdgeNode(options), RangeError);
        }
      });
    }
  }

  it('tck-id-topic-structure-namespace-duplicate-device-id-across-edge-node', async () => {
    const [a, b] = [rig.signal('twin-a', 'dev', 'X'), rig.signal('twin-b', 'dev', 'X')];
    const host = await rig.host([a, b], { rebirth: { enabled: false } });
    for (const [node, value] of [
      ['twin-a', 1],
      ['twin-b', 2],
    ] as const) {
      const timestamp = Date.now() + 1;
      await rig.publish(`spBv1.0/hanbit/NBIRTH/${node}`, encodePayload({ timestamp, seq: 0, metrics: [] }));
      const metrics = [{ name: 'X', alias: 1, timestamp, datatype: DataType.Double, value }];
      await rig.publish(`spBv1.0/hanbit/DBIRTH/${node}/dev`, encodePayload({ timestamp, seq: 1, metrics }));
    }
    await until(() => host.lastOf(a)?.value === 1 && host.lastOf(b)?.value === 2, 'each its own');
    await host.stop();
  });

  it('tck-id-case-sensitivity-metric-names', async () => {
    const [lower, upper] = [rig.signal('names', null, 'temp'), rig.signal('names', null, 'TEMP')];
    const host = await rig.host([lower, upper], { rebirth: { enabled: false } });
    const timestamp = Date.now() + 1;
    const metrics = ['temp', 'TEMP'].map((name, value) => ({ name, timestamp, datatype: DataType.Double, value }));
    await rig.publish('spBv1.0/hanbit/NBIRTH/names', encodePayload({ timestamp, seq: 0, metrics }));
    await until(() => host.lastOf(lower)?.value === 0 && host.lastOf(upper)?.value === 1, 'each its own');
    await host.stop();
  });

  it('tck-id-case-sensitivity-sparkplug-ids', async () => {
    const [lower, upper] = [rig.signal('case', null, 'X'), rig.signal('CASE', null, 'X')];
    const host = await rig.host([lower, upper], { rebirth: { enabled: false } });
    const birth = { timestamp: Date.now() + 1, seq: 0, metrics: [{ name: 'X', datatype: DataType.Double, value: 1 }] };
    await rig.publish('spBv1.0/hanbit/NBIRTH/CASE', encodePayload(birth));
    await until(() => host.samples.length === 1, 'the one');
    assert.equal(host.samples[0]!.signal, upper.id);
    await host.stop();
  });
});
