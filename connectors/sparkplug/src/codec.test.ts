import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { MetricColumns, numberOf } from './columns.ts';
import { DataType, type Metric, type Payload } from './datatypes.ts';
import { decodePayload } from './decode.ts';
import { encodePayload } from './encode.ts';

const roundTrip = (payload: Payload) => decodePayload(encodePayload(payload));

/** Cases per property of the fuzz tests. */
const fuzzRounds = Number(process.env.DEUNGDAE_FUZZ ?? 3000);

describe('Sparkplug B codec', () => {
  it('carries every datatype there and back', () => {
    const { Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64 } = DataType;
    const metrics: Metric[] = [
      { name: 'i8', alias: 1, timestamp: 1_700_000_000_123, datatype: Int8, value: -128 },
      { name: 'i16', datatype: Int16, value: -32768 },
      { name: 'i32', datatype: Int32, value: -2147483648 },
      { name: 'i64', datatype: Int64, value: -9223372036854775808n },
      { name: 'i64 small', datatype: Int64, value: -5 },
      { name: 'u8', datatype: UInt8, value: 255 },
      { name: 'u16', datatype: UInt16, value: 65535 },
      { name: 'u32', datatype: UInt32, value: 4294967295 },
      { name: 'u64', datatype: UInt64, value: 18446744073709551615n },
      { name: 'f', datatype: DataType.Float, value: 0.5 },
      { name: 'd', datatype: DataType.Double, value: Math.PI },
      { name: 'b', datatype: DataType.Boolean, value: true },
      { name: '온도', datatype: DataType.String, value: '섭씨 21.5' },
      { name: 'time', datatype: DataType.DateTime, value: 1_700_000_000_000 },
      { name: 'text', datatype: DataType.Text, value: 'x'.repeat(300) },
      { name: 'uuid', datatype: DataType.UUID, value: '6f1c0a2e-6f1c-4a2e-8f1c-6f1c0a2e6f1c' },
      { name: 'bytes', datatype: DataType.Bytes, value: new Uint8Array([0, 1, 255]) },
      {
        name: 'file',
        datatype: DataType.File,
        value: new Uint8Array(1000),
        metadata: {
          isMultiPart: false,
          contentType: 'application/pdf',
          size: 1000,
          seq: 0,
          fileName: 'a.pdf',
          md5: 'x',
        },
      },
      { name: 'null', datatype: DataType.Double, isNull: true },
      { name: 'old', datatype: DataType.Double, isHistorical: true, isTransient: true, value: 1 },
      { alias: 18446744073709551615n, datatype: DataType.Double, value: 2 },
    ];
    const payload: Payload = { timestamp: 1_700_000_000_456, seq: 255, uuid: 'u', body: new Uint8Array([9]), metrics };
    assert.deepEqual(roundTrip(payload), payload);
  });

  it('carries arrays, data sets, templates and property sets', () => {
    const metrics: Metric[] = [
      { name: 'a22', datatype: 22, value: [-1, 127] },
      { name: 'a23', datatype: 23, value: [-30000, 30000] },
      { name: 'a24', datatype: 24, value: [-1, 2147483647] },
      { name: 'a25', datatype: 25, value: [-1, 9223372036854775807n] },
      { name: 'a26', datatype: 26, value: [0, 255] },
      { name: 'a27', datatype: 27, value: [65535] },
      { name: 'a28', datatype: 28, value: [4294967295] },
      { name: 'a29', datatype: 29, value: [18446744073709551615n] },
      { name: 'a30', datatype: 30, value: [0.25, -1.5] },
      { name: 'a31', datatype: 31, value: [Math.E] },
      { name: 'a32', datatype: 32, value: [true, false, true, true, false, false, false, false, true] },
      { name: 'a33', datatype: 33, value: ['가', '', 'c'] },
      { name: 'a34', datatype: 34, value: [1_700_000_000_000] },
      {
        name: 'set',
        datatype: DataType.DataSet,
        value: {
          columns: ['n', 's'],
          types: [DataType.Int8, DataType.String],
          rows: [
            [-3, 'a'],
            [null, 'b'],
          ],
        },
      },
      {
        name: 'motor',
        datatype: DataType.Template,
        value: {
          version: '1',
          templateRef: 'Motor',
          isDefinition: false,
          metrics: [{ name: 'rpm', datatype: DataType.Int32, value: -7 }],
          parameters: [{ name: 'size', type: DataType.Int16, value: -2 }],
        },
        properties: {
          keys: ['engUnit', 'Quality', 'more', 'list'],
          values: [
            { type: DataType.String, value: 'Cel' },
            { type: DataType.Int32, value: 192 },
            { type: DataType.PropertySet, value: { keys: ['k'], values: [{ type: DataType.Boolean, value: true }] } },
            { type: DataType.PropertySetList, value: [{ keys: [], values: [] }] },
          ],
        },
      },
    ];
    assert.deepEqual(roundTrip({ metrics }).metrics, metrics);
  });

  it('writes the arrays of the specification byte for byte', () => {
    const bits = [false, false, true, true, false, true, false, false, true, true, false, true];
    const of = (datatype: number, value: Metric['value']) => {
      const columns = new MetricColumns().decode(encodePayload({ metrics: [{ datatype, value: value! }] }));
      return columns.blob(0).toString('hex');
    };
    assert.equal(of(DataType.BooleanArray, bits), '0c00000034d0');
    assert.equal(of(DataType.StringArray, ['ABC', 'hello']), '4142430068656c6c6f00');
    assert.equal(of(DataType.Int8Array, [-23, 123]), 'e97b');
    assert.equal(of(DataType.Int16Array, [-30000, 30000]), 'd08a3075');
  });

  it('reads an Int8 that was sign-extended to ten bytes, and unknown fields', () => {
    // field 10 (int_value) as a ten-byte varint of -1, then unknown field 1000 of each wire type
    const metric = Buffer.from('0a0161200150ffffffffffffffffff01', 'hex');
    const unknown = Buffer.concat([
      key(1000, 0),
      Buffer.from([5]),
      key(1000, 1),
      Buffer.alloc(8),
      key(1000, 2),
      Buffer.from([2, 1, 1]),
      key(1000, 5),
      Buffer.alloc(4),
    ]);
    const body = Buffer.concat([metric, unknown]);
    const payload = Buffer.concat([Buffer.from([18, body.length]), body, unknown, Buffer.from([24, 7])]);
    assert.deepEqual(decodePayload(payload), { metrics: [{ name: 'a', datatype: 1, value: -1 }], seq: 7 });
  });

  it('says where a malformed payload breaks and never throws anything else (fuzz)', () => {
    const whole = encodePayload({
      timestamp: 1,
      seq: 3,
      metrics: [
        {
          name: 'a',
          alias: 5,
          datatype: 10,
          value: 1.5,
          properties: { keys: ['k'], values: [{ type: 3, value: -1 }] },
        },
        { name: 't', datatype: 19, value: { metrics: [{ name: 'm', datatype: 1, value: 1 }], parameters: [] } },
        { name: 'd', datatype: 16, value: { columns: ['x'], types: [3], rows: [[1]] } },
        { name: 'b', datatype: 32, value: [true, false] },
      ],
    });
    const random = mulberry(42);
    let refused = 0;
    for (let round = 0; round < fuzzRounds; round++) {
      const bytes = mutate(whole, random);
      try {
        const payload = decodePayload(bytes);
        assert.ok(payload.metrics.length <= bytes.length);
      } catch (error) {
        assert.ok(error instanceof CodedError, String(error));
        assert.equal(error.code, 'sparkplug.malformed');
        refused++;
      }
    }
    assert.ok(refused > fuzzRounds / 20, `only ${refused} refused`);
  });

  it('refuses nesting beyond its limit without overflowing the stack', () => {
    let template: Metric = { name: 'x', datatype: 1, value: 1 };
    for (let depth = 0; depth < 200; depth++)
      template = { name: 't', datatype: 19, value: { metrics: [template], parameters: [] } };
    const bytes = encodePayload({ metrics: [template] });
    assert.throws(() => decodePayload(bytes), { code: 'sparkplug.malformed' });
    let set: Metric['properties'] = { keys: [], values: [] };
    for (let depth = 0; depth < 200; depth++) set = { keys: ['k'], values: [{ type: 20, value: set! }] };
    assert.throws(() => decodePayload(encodePayload({ metrics: [{ properties: set! }] })), {
      code: 'sparkplug.malformed',
    });
  });

  it('decodes a hundred metrics a message at well over a million metrics a second', () => {
    const metrics = Array.from({ length: 100 }, (_, i) => ({
      alias: i + 1,
      timestamp: 1_700_000_000_000 + i,
      datatype: DataType.Double,
      value: i * 1.1,
    }));
    const bytes = encodePayload({ timestamp: 1_700_000_000_000, seq: 1, metrics });
    const columns = new MetricColumns();
    let sum = 0;
    const run = (rounds: number) => {
      for (let i = 0; i < rounds; i++) {
        columns.decode(bytes);
        for (let m = 0; m < columns.length; m++) sum += numberOf(columns, m, DataType.Double);
      }
    };
    run(2000);
    const started = performance.now();
    run(5000);
    const perSecond = 500_000 / ((performance.now() - started) / 1000);
    console.log(`decoded ${Math.round(perSecond).toLocaleString('en')} metrics/s`);
    assert.ok(sum > 0);
    assert.ok(perSecond > 1_000_000, `${perSecond}`);
  });
});

function key(field: number, wire: number): Buffer {
  const value = field * 8 + wire;
  return Buffer.from([(value & 127) | 128, value >> 7]);
}

function mutate(whole: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(whole.subarray(0, random() < 0.3 ? Math.floor(random() * whole.length) : whole.length));
  const changes = Math.floor(random() * 6);
  for (let i = 0; i < changes && bytes.length > 0; i++)
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
