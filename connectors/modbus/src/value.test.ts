import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@deungdae/testing/random.ts';
import { ModbusAddress, ModbusConfig } from './config.ts';
import { parseLocation } from './location.ts';
import { type ByteOrder, createDecoder, registersOf, type ValueType } from './value.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const decode = (type: ValueType, order: ByteOrder, bytes: string, more = {}) =>
  createDecoder({ type, order, encoding: 'ascii', ...more })(hex(bytes), 0);

test('golden: 123456.0 as float32 (47 F1 20 00) and 305419896 as uint32 in the four orders', () => {
  assert.equal(decode('float32', 'ABCD', '47 F1 20 00'), 123456);
  assert.equal(decode('float32', 'CDAB', '20 00 47 F1'), 123456);
  assert.equal(decode('float32', 'BADC', 'F1 47 00 20'), 123456);
  assert.equal(decode('float32', 'DCBA', '00 20 F1 47'), 123456);
  for (const [order, bytes] of [
    ['ABCD', '12 34 56 78'],
    ['CDAB', '56 78 12 34'],
    ['BADC', '34 12 78 56'],
    ['DCBA', '78 56 34 12'],
  ] as const)
    assert.equal(decode('uint32', order, bytes), 0x12345678);
});

test('golden: signs, 64 bits, BCD, bits, strings', () => {
  assert.equal(decode('int16', 'ABCD', 'FF FE'), -2);
  assert.equal(decode('int16', 'BADC', 'FE FF'), -2);
  assert.equal(decode('int32', 'CDAB', 'FF FE FF FF'), -2);
  assert.equal(decode('int64', 'ABCD', 'FF FF FF FF FF FF FF FE'), -2);
  assert.equal(decode('uint64', 'CDAB', '00 07 00 00 00 00 00 00'), 7);
  assert.equal(decode('float64', 'DCBA', '00 00 00 00 00 00 F0 3F'), 1);
  assert.equal(decode('bcd16', 'ABCD', '12 34'), 1234);
  assert.equal(decode('bcd32', 'CDAB', '56 78 12 34'), 12345678);
  assert.ok(Number.isNaN(decode('bcd16', 'ABCD', '1A 34')));
  assert.equal(decode('uint16', 'ABCD', '00 F4', { bit: 2 }), 1);
  assert.equal(decode('uint16', 'ABCD', '00 F4', { bit: 4, bits: 4 }), 15);
  assert.equal(decode('uint16', 'BADC', 'F4 00', { bit: 3 }), 0);
  assert.equal(decode('bool', 'ABCD', '00 10'), 1);
  assert.equal(decode('string', 'ABCD', '41 42 43 00', { length: 2 }), 'ABC');
  assert.equal(decode('string', 'BADC', '42 41 20 43', { length: 2 }), 'ABC');
  assert.equal(decode('string', 'ABCD', 'B1 E8 C1 A6', { length: 2, encoding: 'euc-kr' }), '김제');
});

test('property: every number written in any order is read back', () => {
  const random = seededRandom(3);
  const place: Record<ByteOrder, (i: number, n: number) => number> = {
    ABCD: (i) => i,
    CDAB: (i, n) => n - 2 - (i & ~1) + (i & 1),
    BADC: (i) => i ^ 1,
    DCBA: (i, n) => n - 1 - i,
  };
  for (let run = 0; run < 2_000; run++) {
    const type = random.pick(['int16', 'uint16', 'int32', 'uint32', 'float32', 'float64', 'int64'] as const);
    const order = random.pick(['ABCD', 'CDAB', 'BADC', 'DCBA'] as const);
    const n = registersOf(type) * 2;
    const big = Buffer.alloc(n);
    const value = random.int(-30_000, 30_000);
    const expected = type.startsWith('u') ? Math.abs(value) : value;
    if (type === 'float32') big.writeFloatBE(expected);
    else if (type === 'float64') big.writeDoubleBE(expected);
    else if (type === 'int64') big.writeBigInt64BE(BigInt(expected));
    else if (type.startsWith('u')) big.writeUIntBE(expected, 0, n);
    else big.writeIntBE(expected, 0, n);
    const wire = Buffer.alloc(n + 4);
    for (let i = 0; i < n; i++) wire[2 + place[order](i, n)] = big[i]!;
    assert.equal(createDecoder({ type, order, encoding: 'ascii' })(wire, 2), expected, `${type} ${order}`);
  }
});

test('addresses: notation, base, and what is refused', () => {
  const at = (a: Parameters<typeof parseLocation>[0], base: 0 | 1 = 0) => parseLocation(a, base);
  assert.deepEqual(at({ address: 40001 }), { table: 'holding', offset: 0 });
  assert.deepEqual(at({ address: '400001' }), { table: 'holding', offset: 0 });
  assert.deepEqual(at({ address: '465536' }), { table: 'holding', offset: 65535 });
  assert.deepEqual(at({ address: '30010' }), { table: 'input', offset: 9 });
  assert.deepEqual(at({ address: '10001' }, 1), { table: 'discrete', offset: 0 });
  assert.deepEqual(at({ address: '00017' }), { table: 'coil', offset: 16 });
  assert.deepEqual(at({ table: 'holding', address: 40001 }), { table: 'holding', offset: 40001 });
  assert.deepEqual(at({ table: 'holding', address: 1 }, 1), { table: 'holding', offset: 0 });
  assert.deepEqual(at({ table: 'holding', address: 1, base: 0 }, 1), { table: 'holding', offset: 1 });
  for (const bad of [{ address: 17 }, { address: '20001' }, { address: '40000' }, { address: '465537' }])
    assert.ok('problem' in at(bad), JSON.stringify(bad));
  assert.ok('problem' in at({ table: 'holding', address: 0 }, 1));
  for (const bad of [
    { table: 'coil', address: 1, type: 'float32' },
    { address: '40001', type: 'string' },
    { address: '40001', bit: 12, bits: 8 },
    { address: '465536', type: 'float32' },
    { address: '40001', lenght: 3 },
  ])
    assert.equal(ModbusAddress.safeParse(bad).success, false, JSON.stringify(bad));
  assert.equal(ModbusConfig.safeParse({ host: 'x', interval: '1 second' }).success, false);
});
