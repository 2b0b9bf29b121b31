import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { BatchBuilder, Quality, samplesOf } from '@deungdae/contracts/sample.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { NodeBindings } from './bindings.ts';
import { DataType, type Metric, type Payload } from './datatypes.ts';
import { EdgeNode } from './edge-node.ts';
import { encodePayload } from './encode.ts';
import type { EdgeVerb } from './topics.ts';

const { Double, Int64, UInt64, Template } = DataType;
const t0 = 1_700_000_000_000;

/** A node with bound signals `device:metric:kind`, fed by hand. */
function nodeOf(...bound: string[]) {
  const bindings = new NodeBindings();
  for (const [i, text] of bound.entries()) {
    const [device, metric, kind = 'number'] = text.split(':') as [string, string, SignalKind?];
    bindings.add(device || null, metric, { signal: i + 1, path: text, kind, last: undefined });
  }
  const builder = new BatchBuilder();
  const rebirths: string[] = [];
  const notices: { code: string; params: Record<string, string | number> }[] = [];
  const clock = new FakeClock(t0 * 1000);
  const node = new EdgeNode('g/n', bindings, {
    builder,
    clock,
    reorderTimeoutMs: 1000,
    events: {
      rebirth: (_node, reason) => rebirths.push(reason),
      settled: () => {},
      notice: (code, _key, params) => notices.push({ code, params: params() }),
    },
  });
  let seq = 0;
  const send = (verb: EdgeVerb, device: string | null, metrics: Metric[], more: Partial<Payload> = {}) => {
    if (verb === 'NBIRTH') seq = 0;
    node.take(verb, device, encodePayload({ timestamp: t0, seq: seq++ & 255, metrics, ...more }));
    return [...samplesOf(builder.take())].map((s) => [s.signal, s.value, s.quality, s.time / 1000 - t0]);
  };
  return { node, send, rebirths, notices, clock, builder };
}
const metric = (name: string, value: Metric['value'], more: Metric = {}): Metric => ({
  name,
  timestamp: t0,
  datatype: Double,
  ...(value === undefined ? {} : { value }),
  ...more,
});

describe('metrics of an edge node', () => {
  it('flattens templates to instance/member, by name and by alias, with the types of the definition', () => {
    const { send, rebirths } = nodeOf(':Main/rpm', ':Main/inner/load', ':Main:json');
    const member = (name: string, value: number, more: Metric = {}) => ({
      name,
      datatype: DataType.Int32,
      value,
      ...more,
    });
    const inner = { name: 'inner', datatype: Template, value: { metrics: [member('load', 3)], parameters: [] } };
    const definition = { isDefinition: true, metrics: [member('rpm', 0)], parameters: [] };
    const born = send('NBIRTH', null, [
      metric('Motor', definition, { datatype: Template }),
      metric(
        'Main',
        { templateRef: 'Motor', metrics: [member('rpm', -5, { alias: 7 }), inner], parameters: [] },
        { datatype: Template, alias: 1 },
      ),
    ]);
    assert.deepEqual(born.slice(1), [
      [1, -5, 0, 0],
      [2, 3, 0, 0],
    ]);
    assert.equal(JSON.parse(born[0]![1] as string).metrics.length, 2);
    // A part of the members, the type left to the definition; then by the member's own alias.
    const part = (m: Metric): Metric => ({
      alias: 1,
      timestamp: t0 + 1,
      datatype: Template,
      value: { templateRef: 'Motor', metrics: [m], parameters: [] },
    });
    const bytes = { name: 'rpm', datatype: DataType.Int32, value: -6 };
    assert.deepEqual(
      send('NDATA', null, [part(bytes)]).filter((s) => s[0] === 1),
      [[1, -6, 0, 1]],
    );
    assert.deepEqual(
      send('NDATA', null, [part({ alias: 7, datatype: DataType.Int32, value: -7 })]).filter((s) => s[0] === 1),
      [[1, -7, 0, 1]],
    );
    assert.deepEqual(rebirths, []);
  });

  it('keeps data sets, arrays and bytes as JSON, and integers beyond 2^53 exact in texts', () => {
    const { send } = nodeOf(':set:json', ':list:vector', ':blob:text', ':big:text', ':big2', ':at:text');
    const born = send('NBIRTH', null, [
      metric('set', { columns: ['a'], types: [Int64], rows: [[-9007199254740993n]] }, { datatype: DataType.DataSet }),
      metric('list', [1, -2], { datatype: DataType.Int16Array }),
      metric('blob', new Uint8Array([1, 2, 3]), { datatype: DataType.Bytes }),
      metric('big', 18446744073709551615n, { datatype: UInt64 }),
      metric('big2', -9223372036854775808n, { datatype: Int64 }),
      metric('at', t0, { datatype: DataType.DateTime }),
    ]);
    assert.deepEqual(
      born.map((s) => s[1]),
      [
        '{"columns":["a"],"types":[4],"rows":[["-9007199254740993"]]}',
        '[1,-2]',
        'AQID',
        '18446744073709551615',
        -(2 ** 63),
        new Date(t0).toISOString(),
      ],
    );
  });

  it('tells devices apart that use the same alias, and tells of the collision', () => {
    const { send, notices } = nodeOf('a:X', 'b:Y');
    send('NBIRTH', null, []);
    send('DBIRTH', 'a', [metric('X', 1, { alias: 1 })]);
    send('DBIRTH', 'b', [metric('Y', 2, { alias: 1 })]);
    assert.deepEqual(
      notices.map((n) => n.code),
      ['sparkplug.aliasCollision'],
    );
    assert.deepEqual(send('DDATA', 'a', [{ alias: 1, timestamp: t0, value: 10, datatype: Double }]), [[1, 10, 0, 0]]);
    assert.deepEqual(send('DDATA', 'b', [{ alias: 1, timestamp: t0, value: 20, datatype: Double }]), [[2, 20, 0, 0]]);
  });

  it('never guesses what an alias means that one birth gave to two metrics', () => {
    const { send, notices, rebirths } = nodeOf(':X', ':Y');
    assert.equal(send('NBIRTH', null, [metric('X', 1, { alias: 1 }), metric('Y', 2, { alias: 1 })]).length, 2);
    assert.deepEqual(notices[0]?.params, { node: 'g/n', alias: '1', first: 'X', second: 'Y' });
    assert.deepEqual(send('NDATA', null, [{ alias: 1, timestamp: t0, value: 3, datatype: Double }]), []);
    assert.deepEqual(rebirths, []);
  });

  it('asks for a rebirth when an alias is unknown, and takes the rest', () => {
    const { send, rebirths } = nodeOf(':X');
    send('NBIRTH', null, [metric('X', 1, { alias: 1 })]);
    const data = [
      { alias: 99, value: 5, datatype: Double },
      { alias: 1, timestamp: t0, value: 6, datatype: Double },
    ];
    assert.deepEqual(send('NDATA', null, data), [[1, 6, 0, 0]]);
    assert.deepEqual(rebirths, ['unknown metric alias 99']);
  });

  it('marks nulls, wrong types, infinities and the Quality property', () => {
    const quality = (code: number) => ({ properties: { keys: ['Quality'], values: [{ type: 3, value: code }] } });
    const { send, notices } = nodeOf(':a', ':b', ':c', ':d', ':e', ':f', ':g');
    const born = send('NBIRTH', null, [
      metric('a', undefined, { isNull: true }),
      metric('b', 'on fire', { datatype: DataType.String }),
      metric('c', Number.POSITIVE_INFINITY),
      metric('d', 1, quality(500)),
      metric('e', 1, quality(0)),
      metric('f', 1, quality(192)),
      metric('g', '12.5', { datatype: DataType.String }),
    ]);
    const { bad, uncertain, good } = Quality;
    assert.deepEqual(
      born.map((s) => [s[1], s[2]]),
      [
        [null, bad],
        [null, bad],
        [null, bad],
        [1, uncertain],
        [1, bad],
        [1, good],
        [12.5, good],
      ],
    );
    assert.deepEqual(
      notices.map((n) => n.code),
      ['sparkplug.wrongType', 'sparkplug.wrongType'],
    );
  });

  it('repeats a value after a gap when the birth gives its old time: it is known again', () => {
    const { node, send, clock } = nodeOf(':X');
    clock.jump(5_000);
    node.restart(clock.nowUs());
    clock.jump(1_000);
    const born = send('NBIRTH', null, [metric('X', 1)], { timestamp: t0 + 6_000 });
    assert.deepEqual(born, [
      [1, 1, 0, 0],
      [1, 1, 0, 6_000],
    ]);
    assert.equal(send('NBIRTH', null, [metric('X', 1)]).length, 1, 'a rebirth without a gap between repeats nothing');
  });

  it('ends a metric that a new birth does not name, and tells of bound ones that never were', () => {
    const { send, notices } = nodeOf('d:X', 'd:Y');
    send('NBIRTH', null, []);
    assert.deepEqual(send('DBIRTH', 'd', [metric('X', 1)]), [[1, 1, 0, 0]]);
    assert.deepEqual(
      notices.map((n) => n.params.metric),
      ['Y'],
    );
    assert.deepEqual(send('DBIRTH', 'd', [metric('Y', 2)]), [
      [2, 2, 0, 0],
      [1, null, Quality.gap, 0],
    ]);
  });

  it('takes held messages from their bytes when the missing one comes (columns are shared)', async () => {
    const { node, clock, builder, send } = nodeOf(':X', ':Y');
    send('NBIRTH', null, [metric('X', 0, { alias: 1 }), metric('Y', 0, { alias: 2 })]);
    const data = (seq: number, alias: number, value: number) =>
      node.take(
        'NDATA',
        null,
        encodePayload({ timestamp: t0, seq, metrics: [{ alias, timestamp: t0 + seq, datatype: Double, value }] }),
      );
    data(3, 2, 33);
    data(2, 1, 22);
    assert.equal(builder.length, 0);
    data(1, 1, 11);
    assert.deepEqual(
      [...samplesOf(builder.take())].map((s) => [s.signal, s.value]),
      [
        [1, 11],
        [1, 22],
        [2, 33],
      ],
    );
    assert.equal(clock.pending, 0, 'the reorder timer is gone');
  });
});
