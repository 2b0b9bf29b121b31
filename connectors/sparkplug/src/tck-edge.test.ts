import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { noMosquitto } from '@deungdae/connector-mqtt/mosquitto-peer.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { until } from '@deungdae/testing/until.ts';
import { type DataSet, DataType, type Metric, type Payload, type Template } from './datatypes.ts';
import { decodePayload } from './decode.ts';
import { createEdgeNode, type EdgeNodeClient } from './edge.ts';
import { encodePayload } from './encode.ts';
import { HostRig } from './host-rig.ts';
import { encodeHostState } from './host-state.ts';
import { rebirthCommand } from './rebirth.ts';
import { parseTopic, type SparkplugTopic } from './topics.ts';
import {
  type ConnectPacket,
  type PublishPacket,
  type SubscribePacket,
  type WirePacket,
  WireRecorder,
} from './wire-recorder.ts';

/**
 * The statements of the Sparkplug 3.0 specification about edge nodes and their payloads, on what our own edge node wrote
 * on the wire with MQTT 3.1.1 and 5: connect, births, 300 messages, a rebirth, a device that goes and comes, a cut link,
 * and a clean leave.
 */
interface Message {
  at: SparkplugTopic;
  packet: PublishPacket;
  payload: Payload;
}

interface EdgeEvidence {
  version: 4 | 5;
  connects: ConnectPacket[];
  packets: WirePacket[];
  /** Of the first session. */
  messages: Message[];
  /** Of the session after the cut. */
  later: Message[];
}

const definition: Template = {
  isDefinition: true,
  version: '1',
  metrics: [{ name: 'rpm', datatype: DataType.Int32, value: 0 }],
  parameters: [{ name: 'size', type: DataType.Int32, value: 1 }],
};
const instance: Template = {
  isDefinition: false,
  templateRef: 'Motor',
  metrics: [{ name: 'rpm', datatype: DataType.Int32, value: -5 }],
  parameters: [{ name: 'size', type: DataType.Int32, value: 3 }],
};
const table: DataSet = { columns: ['n', 's'], types: [DataType.Int8, DataType.String], rows: [[-1, 'a']] };
const { Double } = DataType;

const sent = (packets: WirePacket[]): Message[] =>
  packets
    .filter((p): p is PublishPacket => p.type === 'publish')
    .map((packet) => ({ packet, at: parseTopic(packet.topic)!, payload: decodePayload(packet.payload) }));

describe('Sparkplug 3.0 edge node and payload statements', { skip: noMosquitto }, () => {
  let rig: HostRig;
  let recorder: WireRecorder;
  const evidence: EdgeEvidence[] = [];

  before(async () => {
    rig = await HostRig.start();
    recorder = await WireRecorder.start(rig.broker.port);
    for (const version of [4, 5] as const) evidence.push(await observe(version));
  });
  after(async () => {
    await recorder.close();
    await rig.close();
  });

  function edgeOf(node: string, more: object = {}): EdgeNodeClient {
    const edge = createEdgeNode({
      url: recorder.url,
      group: 'tck',
      node,
      metrics: [
        { name: 'Motor', datatype: DataType.Template, value: definition },
        { name: 'Load', datatype: Double, value: 1, unit: '%' },
        { name: 'Empty', datatype: Double },
      ],
      devices: {
        press: [
          {
            name: 'Temp',
            datatype: Double,
            value: 20,
            properties: { keys: ['Quality'], values: [{ type: 3, value: 192 }] },
          },
          { name: 'Main', datatype: DataType.Template, value: instance },
          { name: 'Table', datatype: DataType.DataSet, value: table },
        ],
        oven: [{ name: 'Temp', datatype: Double, value: 180 }],
      },
      backoffMs: 50,
      ...more,
    });
    rig.onClose(() => edge.close());
    return edge;
  }

  async function observe(version: 4 | 5): Promise<EdgeEvidence> {
    const from = recorder.sessions.length;
    const edge = edgeOf(`edge${version}`, { version });
    await edge.ready();
    for (let i = 0; i < 300; i++) edge.publish('press', [{ name: 'Temp', value: 20 + i }]);
    edge.publish(null, [{ name: 'Load', value: 2 }]);
    edge.deviceOffline('oven');
    edge.deviceOnline('oven');
    const first = recorder.sessions[from]!;
    await rig.publish(`spBv1.0/tck/NCMD/edge${version}`, rebirthCommand(Date.now()));
    await until(() => sent(first).filter((m) => m.at.verb === 'NBIRTH').length === 2, 'the rebirth');
    edge.publish('oven', [{ name: 'Temp', value: 181 }]);
    await until(() => sent(first).at(-1)?.at.verb === 'DDATA', 'data after it');
    recorder.cut();
    await until(() => recorder.sessions.length > from + 1 && edge.online, 'the second session');
    const second = recorder.sessions.at(-1)!;
    await edge.close();
    await until(() => second.some((p) => p.type === 'disconnect'), 'the DISCONNECT');
    const packets = [...first, ...second];
    const connects = packets.filter((p): p is ConnectPacket => p.type === 'connect');
    return { version, connects, packets, messages: sent(first), later: sent(second) };
  }

  function tck(ids: string[], check: (e: EdgeEvidence) => void): void {
    for (const id of ids) {
      it(`tck-id-${id}`, () => {
        assert.equal(evidence.length, 2);
        for (const e of evidence) check(e);
      });
    }
  }
  const of = (e: EdgeEvidence, ...verbs: string[]) => {
    const found = e.messages.filter((m) => verbs.includes(m.at.verb));
    assert.ok(found.length > 0, `no ${verbs.join()} was sent`);
    return found;
  };
  const bdSeqOf = (payload: Payload) => payload.metrics.find((m) => m.name === 'bdSeq')?.value;
  const will = (e: EdgeEvidence) => e.connects[0]!.will!;
  const everySeqFollows = (e: EdgeEvidence) => {
    let expected = 0;
    for (const m of e.messages) {
      if (m.at.verb === 'NBIRTH') expected = 0;
      assert.equal(m.payload.seq, expected);
      expected = (expected + 1) & 255;
    }
  };
  const isNow = (ms: number | undefined) => assert.ok(ms !== undefined && Math.abs(ms - Date.now()) < 60_000, `${ms}`);

  // Session
  tck(['principles-persistence-clean-session-311', 'principles-persistence-clean-session-50'], (e) => {
    for (const c of e.connects) {
      assert.equal(c.clean, true);
      assert.equal(c.sessionExpiry, e.version === 5 ? 0 : null);
    }
  });
  tck(['message-flow-edge-node-ncmd-subscribe'], (e) => {
    const filters = (e.packets.find((p) => p.type === 'subscribe') as SubscribePacket).filters;
    assert.deepEqual(
      filters.find((f) => f.filter === `spBv1.0/tck/NCMD/edge${e.version}`),
      { filter: `spBv1.0/tck/NCMD/edge${e.version}`, qos: 1 },
    );
  });
  tck(['message-flow-device-dcmd-subscribe'], (e) => {
    const filters = (e.packets.find((p) => p.type === 'subscribe') as SubscribePacket).filters;
    assert.ok(filters.some((f) => f.filter === `spBv1.0/tck/DCMD/edge${e.version}/+` && f.qos === 1));
  });
  tck(
    [
      'message-flow-edge-node-birth-publish-connect',
      'message-flow-device-birth-publish-nbirth-wait',
      'payloads-dbirth-order',
    ],
    (e) => {
      assert.equal(e.packets[0]?.type, 'connect');
      assert.deepEqual(
        e.messages.slice(0, 3).map((m) => m.at.verb),
        ['NBIRTH', 'DBIRTH', 'DBIRTH'],
      );
    },
  );
  tck(['payloads-ndata-order', 'payloads-ddata-order'], (e) => {
    const firstData = e.messages.findIndex((m) => m.at.verb.endsWith('DATA'));
    assert.deepEqual(
      e.messages.slice(0, firstData).map((m) => m.at.device),
      [null, 'press', 'oven'],
    );
  });

  // Will
  tck(['message-flow-edge-node-birth-publish-will-message', 'payloads-ndeath-will-message'], (e) => assert.ok(will(e)));
  tck(['message-flow-edge-node-birth-publish-will-message-topic', 'topics-ndeath-topic'], (e) =>
    assert.equal(will(e).topic, `spBv1.0/tck/NDEATH/edge${e.version}`),
  );
  tck(['message-flow-edge-node-birth-publish-will-message-qos', 'payloads-ndeath-will-message-qos'], (e) =>
    assert.equal(will(e).qos, 1),
  );
  tck(['message-flow-edge-node-birth-publish-will-message-will-retained', 'payloads-ndeath-will-message-retain'], (e) =>
    assert.equal(will(e).retain, false),
  );
  tck(
    [
      'message-flow-edge-node-birth-publish-will-message-payload',
      'message-flow-edge-node-birth-publish-will-message-payload-bdSeq',
      'topics-ndeath-payload',
      'topics-ndeath-seq',
      'payloads-ndeath-seq',
    ],
    (e) => {
      const payload = decodePayload(will(e).payload);
      assert.deepEqual(
        payload.metrics.map((m) => [m.name, m.datatype]),
        [['bdSeq', DataType.Int64]],
      );
      assert.equal(payload.seq, undefined);
    },
  );
  tck(
    [
      'topics-nbirth-bdseq-included',
      'topics-nbirth-bdseq-matching',
      'topics-nbirth-bdseq-increment',
      'payloads-nbirth-bdseq',
      'payloads-nbirth-bdseq-repeat',
      'payloads-ndeath-bdseq',
      'message-flow-edge-node-birth-publish-nbirth-payload-bdSeq',
      'operational-behavior-data-commands-rebirth-action-3',
    ],
    (e) => {
      assert.deepEqual(
        e.connects.map((c) => bdSeqOf(decodePayload(c.will!.payload))),
        [0, 1],
      );
      for (const birth of of(e, 'NBIRTH')) assert.equal(bdSeqOf(birth.payload), 0);
      assert.equal(bdSeqOf(e.later[0]!.payload), 1);
    },
  );
  tck(
    [
      'operational-behavior-edge-node-intentional-disconnect-ndeath',
      'operational-behavior-edge-node-intentional-disconnect-packet',
      'payloads-ndeath-will-message-publisher',
      'payloads-ndeath-will-message-publisher-disconnect-mqtt311',
      'payloads-ndeath-will-message-publisher-disconnect-mqtt50',
    ],
    (e) => {
      assert.equal(e.later.at(-1)?.at.verb, 'NDEATH');
      assert.equal(bdSeqOf(e.later.at(-1)!.payload), 1);
      const last = e.packets.findLast((p) => p.type !== 'other');
      assert.deepEqual(last, { type: 'disconnect', reason: e.version === 5 ? 4 : 0 });
    },
  );

  // Topics
  tck(['topic-structure', 'topic-structure-namespace-a'], (e) => {
    for (const m of e.messages) assert.equal(m.packet.topic.split('/')[0], 'spBv1.0');
  });
  tck(
    [
      'topic-structure-namespace-device-id-associated-message-types',
      'topic-structure-namespace-device-id-non-associated-message-types',
    ],
    (e) => {
      for (const m of e.messages) assert.equal(m.packet.topic.split('/').length, m.at.verb.startsWith('D') ? 5 : 4);
    },
  );
  tck(['topics-nbirth-topic', 'message-flow-edge-node-birth-publish-nbirth-topic'], (e) =>
    assert.equal(of(e, 'NBIRTH')[0]!.packet.topic, `spBv1.0/tck/NBIRTH/edge${e.version}`),
  );
  tck(['topics-ndata-topic'], (e) =>
    assert.equal(of(e, 'NDATA')[0]!.packet.topic, `spBv1.0/tck/NDATA/edge${e.version}`),
  );
  tck(
    [
      'topics-dbirth-topic',
      'message-flow-device-birth-publish-dbirth-topic',
      'message-flow-device-birth-publish-dbirth-match-edge-node-topic',
    ],
    (e) => assert.equal(of(e, 'DBIRTH')[0]!.packet.topic, `spBv1.0/tck/DBIRTH/edge${e.version}/press`),
  );
  tck(['topics-ddata-topic'], (e) =>
    assert.equal(of(e, 'DDATA')[0]!.packet.topic, `spBv1.0/tck/DDATA/edge${e.version}/press`),
  );
  tck(['topics-ddeath-topic', 'operational-behavior-device-ddeath'], (e) =>
    assert.equal(of(e, 'DDEATH')[0]!.packet.topic, `spBv1.0/tck/DDEATH/edge${e.version}/oven`),
  );

  // QoS, retain, payload of each verb
  const delivery: [string, string[]][] = [
    [
      'NBIRTH',
      [
        'topics-nbirth-mqtt',
        'payloads-nbirth-qos',
        'payloads-nbirth-retain',
        'message-flow-edge-node-birth-publish-nbirth-qos',
        'message-flow-edge-node-birth-publish-nbirth-retained',
      ],
    ],
    ['NDATA', ['topics-ndata-mqtt', 'payloads-ndata-qos', 'payloads-ndata-retain']],
    [
      'DBIRTH',
      [
        'topics-dbirth-mqtt',
        'payloads-dbirth-qos',
        'payloads-dbirth-retain',
        'message-flow-device-birth-publish-dbirth-qos',
        'message-flow-device-birth-publish-dbirth-retained',
      ],
    ],
    ['DDATA', ['topics-ddata-mqtt', 'payloads-ddata-qos', 'payloads-ddata-retain']],
    ['DDEATH', ['topics-ddeath-mqtt']],
  ];
  for (const [verb, ids] of delivery) {
    tck(ids, (e) => {
      for (const m of of(e, verb)) assert.deepEqual([m.packet.qos, m.packet.retain], [0, false]);
    });
  }
  const stamped: [string, string[]][] = [
    [
      'NBIRTH',
      [
        'topics-nbirth-timestamp',
        'payloads-nbirth-timestamp',
        'payloads-timestamp-in-UTC',
        'message-flow-edge-node-birth-publish-nbirth-payload',
      ],
    ],
    ['NDATA', ['topics-ndata-timestamp', 'payloads-ndata-timestamp']],
    [
      'DBIRTH',
      ['topics-dbirth-timestamp', 'payloads-dbirth-timestamp', 'message-flow-device-birth-publish-dbirth-payload'],
    ],
    ['DDATA', ['topics-ddata-timestamp', 'payloads-ddata-timestamp']],
    ['DDEATH', ['payloads-ddeath-timestamp']],
  ];
  for (const [verb, ids] of stamped) {
    tck(ids, (e) => {
      for (const m of of(e, verb)) isNow(m.payload.timestamp);
    });
  }
  tck(['payloads-name-birth-data-requirement', 'payloads-metric-timestamp-in-UTC'], (e) => {
    for (const m of of(e, 'NBIRTH', 'DBIRTH', 'NDATA', 'DDATA')) for (const x of m.payload.metrics) isNow(x.timestamp);
  });

  // Sequence
  tck(
    [
      'topics-nbirth-seq-num',
      'payloads-nbirth-seq',
      'payloads-sequence-num-req-nbirth',
      'message-flow-edge-node-birth-publish-nbirth-payload-seq',
    ],
    (e) => {
      for (const m of of(e, 'NBIRTH')) assert.equal(m.payload.seq, 0);
    },
  );
  tck(
    [
      'topics-ndata-seq-num',
      'topics-dbirth-seq',
      'topics-ddata-seq-num',
      'topics-ddeath-seq-num',
      'payloads-sequence-num-always-included',
      'payloads-sequence-num-incrementing',
      'payloads-dbirth-seq',
      'payloads-dbirth-seq-inc',
      'payloads-ndata-seq',
      'payloads-ndata-seq-inc',
      'payloads-ddata-seq',
      'payloads-ddata-seq-inc',
      'payloads-ddeath-seq',
      'payloads-ddeath-seq-inc',
      'payloads-ddeath-seq-number',
      'message-flow-device-birth-publish-dbirth-payload-seq',
    ],
    everySeqFollows,
  );

  // Births
  tck(
    [
      'topics-nbirth-rebirth-metric',
      'payloads-nbirth-rebirth-req',
      'operational-behavior-data-commands-rebirth-name',
      'operational-behavior-data-commands-rebirth-name-aliases',
      'operational-behavior-data-commands-rebirth-datatype',
      'operational-behavior-data-commands-rebirth-value',
    ],
    (e) => {
      for (const m of of(e, 'NBIRTH')) {
        const control = m.payload.metrics.find((x) => x.name === 'Node Control/Rebirth')!;
        assert.deepEqual([control.datatype, control.value, control.alias], [DataType.Boolean, false, undefined]);
      }
    },
  );
  tck(
    [
      'topics-nbirth-metric-reqs',
      'topics-nbirth-metrics',
      'topics-dbirth-metric-reqs',
      'topics-dbirth-metrics',
      'operational-behavior-data-publish-nbirth',
      'operational-behavior-data-publish-dbirth',
      'operational-behavior-data-publish-nbirth-values',
      'operational-behavior-data-publish-dbirth-values',
      'payloads-metric-datatype-req',
      'payloads-metric-datatype-value-type',
      'payloads-metric-datatype-value',
    ],
    (e) => {
      const names = (m: Message) => m.payload.metrics.map((x) => x.name);
      assert.deepEqual(names(of(e, 'NBIRTH')[0]!), ['bdSeq', 'Node Control/Rebirth', 'Motor', 'Load', 'Empty']);
      assert.deepEqual(names(of(e, 'DBIRTH')[0]!), ['Temp', 'Main', 'Table']);
      for (const m of of(e, 'NBIRTH', 'DBIRTH')) {
        for (const x of m.payload.metrics) {
          assert.ok(x.datatype! >= 1 && x.datatype! <= 34);
          assert.ok(x.isNull ? x.value === undefined : x.value !== undefined);
        }
      }
      assert.equal(of(e, 'NBIRTH')[0]!.payload.metrics[4]!.isNull, true);
    },
  );
  tck(['payloads-name-requirement', 'payloads-alias-birth-requirement', 'payloads-alias-uniqueness'], (e) => {
    const aliases = [];
    for (const m of e.messages.slice(0, 3)) {
      for (const x of m.payload.metrics) {
        assert.ok(x.name);
        if (x.name !== 'bdSeq' && x.name !== 'Node Control/Rebirth') aliases.push(x.alias);
      }
    }
    assert.equal(new Set(aliases).size, aliases.length);
    assert.ok(!aliases.includes(undefined));
  });
  tck(['payloads-alias-data-cmd-requirement', 'payloads-metric-datatype-not-req'], (e) => {
    for (const m of of(e, 'NDATA', 'DDATA'))
      for (const x of m.payload.metrics)
        assert.deepEqual([x.name, x.datatype, typeof x.alias], [undefined, undefined, 'number']);
  });
  tck(
    [
      'topics-ndata-payload',
      'topics-ddata-payload',
      'operational-behavior-data-publish-nbirth-change',
      'operational-behavior-data-publish-dbirth-change',
      'principles-rbe-recommended',
    ],
    (e) => {
      assert.deepEqual(
        of(e, 'NDATA').map((m) => m.payload.metrics.map((x) => x.value)),
        [[2]],
      );
      for (const m of of(e, 'DDATA')) assert.equal(m.payload.metrics.length, 1);
    },
  );
  tck(['operational-behavior-data-publish-nbirth-order', 'operational-behavior-data-publish-dbirth-order'], (e) => {
    for (const m of e.messages) {
      const times = m.payload.metrics.filter((x) => !x.isHistorical).map((x) => x.timestamp!);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    }
  });
  tck(
    ['operational-behavior-data-commands-rebirth-action-1', 'operational-behavior-data-commands-rebirth-action-2'],
    (e) => {
      const again = e.messages.findLastIndex((m) => m.at.verb === 'NBIRTH');
      assert.deepEqual(
        e.messages.slice(again).map((m) => m.at.verb),
        ['NBIRTH', 'DBIRTH', 'DBIRTH', 'DDATA'],
      );
    },
  );

  // Templates, data sets, properties
  const metricOf = (e: EdgeEvidence, verb: string, name: string): Metric =>
    of(e, verb)[0]!.payload.metrics.find((x) => x.name === name)!;
  tck(
    [
      'topics-nbirth-templates',
      'payloads-template-definition-nbirth-only',
      'payloads-template-definition-nbirth',
      'payloads-template-definition-is-definition',
      'payloads-template-definition-ref',
      'payloads-template-definition-members',
      'payloads-template-definition-parameters',
      'payloads-template-definition-parameters-default',
      'payloads-template-ref-definition',
      'payloads-template-is-definition',
      'payloads-template-is-definition-definition',
      'payloads-template-version',
    ],
    (e) => {
      assert.deepEqual(metricOf(e, 'NBIRTH', 'Motor').value, definition);
      assert.ok(!of(e, 'DBIRTH').some((m) => m.payload.metrics.some((x) => (x.value as Template)?.isDefinition)));
    },
  );
  tck(
    [
      'payloads-template-instance-is-definition',
      'payloads-template-instance-ref',
      'payloads-template-instance-members',
      'payloads-template-instance-members-birth',
      'payloads-template-instance-parameters',
      'payloads-template-ref-instance',
      'payloads-template-is-definition-instance',
      'payloads-template-parameter-name-required',
      'payloads-template-parameter-name-type',
      'payloads-template-parameter-value-type',
      'payloads-template-parameter-type-value',
      'payloads-template-parameter-type-req',
      'payloads-template-parameter-value',
    ],
    (e) => assert.deepEqual(metricOf(e, 'DBIRTH', 'Main').value, instance),
  );
  tck(
    [
      'payloads-dataset-column-size',
      'payloads-dataset-column-num-headers',
      'payloads-dataset-types-def',
      'payloads-dataset-types-num',
      'payloads-dataset-types-type',
      'payloads-dataset-types-value',
      'payloads-dataset-parameter-type-req',
      'payloads-template-dataset-value',
    ],
    (e) => assert.deepEqual(metricOf(e, 'DBIRTH', 'Table').value, table),
  );
  tck(
    [
      'payloads-propertyset-keys-array-size',
      'payloads-propertyset-values-array-size',
      'payloads-metric-propertyvalue-type-type',
      'payloads-metric-propertyvalue-type-value',
      'payloads-metric-propertyvalue-type-req',
      'payloads-propertyset-quality-value-type',
      'payloads-propertyset-quality-value-value',
    ],
    (e) => {
      assert.deepEqual(metricOf(e, 'DBIRTH', 'Temp').properties, {
        keys: ['Quality'],
        values: [{ type: 3, value: 192 }],
      });
      assert.deepEqual(metricOf(e, 'NBIRTH', 'Load').properties, {
        keys: ['engUnit'],
        values: [{ type: DataType.String, value: '%' }],
      });
    },
  );
  it('tck-id-payloads-template-instance-members-data', () => {
    const part: Template = { templateRef: 'Motor', isDefinition: false, metrics: [], parameters: [] };
    const payload = decodePayload(encodePayload({ metrics: [{ alias: 1, datatype: DataType.Template, value: part }] }));
    assert.deepEqual(payload.metrics[0]!.value, part);
  });

  // Primary host
  for (const id of [
    'message-flow-edge-node-birth-publish-phid-wait',
    'message-flow-edge-node-birth-publish-phid-wait-id',
    'message-flow-edge-node-birth-publish-phid-wait-online',
    'message-flow-edge-node-birth-publish-phid-wait-timestamp',
    'operational-behavior-edge-node-birth-sequence-wait',
    'operational-behavior-primary-application-state-with-multiple-servers-state-subs',
    'message-flow-edge-node-birth-publish-phid-offline',
    'operational-behavior-edge-node-termination-host-offline',
    'operational-behavior-edge-node-termination-host-offline-reconnect',
    'operational-behavior-edge-node-termination-host-offline-timestamp',
    'operational-behavior-primary-application-state-with-multiple-servers-walk',
    'operational-behavior-primary-application-state-with-multiple-servers-single-server',
  ]) {
    it(`tck-id-${id}`, () => primaryHost(`ph-${id.length}-${id.slice(-8)}`));
  }

  async function primaryHost(name: string): Promise<void> {
    const other = await WireRecorder.start(rig.broker.port);
    rig.onClose(() => other.close());
    const say = (host: string, online: boolean, timestamp: number) =>
      rig.publish(`spBv1.0/STATE/${host}`, encodeHostState({ online, timestamp }), { retain: true });
    await say(`${name}-other`, true, 5_000);
    await say(name, false, 900);
    const from = recorder.sessions.length;
    const edge = edgeOf(name, { primaryHost: name, otherUrls: [other.url] });
    await systemClock.sleep(120);
    assert.equal(edge.online, false, 'another host, or an offline one, is not waited for in vain');
    await say(name, true, 800);
    await systemClock.sleep(60);
    assert.equal(edge.online, false, 'older than the last STATE');
    await say(name, true, 1_000);
    await until(() => edge.online, 'online');
    const first = recorder.sessions[from]!;
    await say(name, false, 999);
    await systemClock.sleep(60);
    assert.equal(edge.online, true, 'a will of before is late');
    await say(name, false, 1_000);
    await until(() => other.sessions.length === 1, 'the next server');
    const verbs = sent(first.filter((p) => p.type !== 'publish' || !p.topic.includes('STATE'))).map((m) => m.at.verb);
    assert.deepEqual(verbs, ['NBIRTH', 'DBIRTH', 'DBIRTH', 'NDEATH']);
    assert.equal(first.findLast((p) => p.type !== 'other')?.type, 'disconnect');
    assert.equal(edge.online, false);
    await say(name, true, 2_000);
    await until(() => edge.online, 'online there');
    await edge.close();
  }
});
