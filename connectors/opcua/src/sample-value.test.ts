import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { BatchBuilder, Quality, sampleAt } from '@deungdae/contracts/sample.ts';
import { DataType, DataValue, type StatusCode, Variant, VariantArrayType } from 'node-opcua-client';
import { addValue, isOverflow, maxTextLength, qualityOf, type Target, timeOf } from './sample-value.ts';

function convert(
  value: unknown,
  type: DataType,
  kind: SignalKind,
  more: Partial<Target> = {},
  arrayType?: VariantArrayType,
) {
  const builder = new BatchBuilder(1);
  const problems: string[] = [];
  const dimensions = arrayType === VariantArrayType.Matrix ? { dimensions: [2, 2] } : {};
  const variant = new Variant({
    dataType: type,
    value,
    arrayType: arrayType ?? VariantArrayType.Scalar,
    ...dimensions,
  });
  const target = { signal: 1, path: 'p', kind, ...more };
  addValue({ builder, problem: (_, code) => void problems.push(code) }, target, new DataValue({ value: variant }), 5);
  const sample = sampleAt(builder.take(), 0);
  return { value: sample.value, quality: sample.quality, problems };
}

test('severity, gap codes and the overflow bit of a status code', () => {
  const code = (value: number) => ({ value }) as StatusCode;
  assert.equal(qualityOf(code(0)), Quality.good);
  assert.equal(qualityOf(code(0x0000_0480)), Quality.good, 'overflow does not make a value worse');
  assert.equal(qualityOf(code(0x4090_0000)), Quality.uncertain);
  assert.equal(qualityOf(code(0x808c_0000)), Quality.bad);
  assert.equal(qualityOf(code(0x8031_0480)), Quality.gap);
  assert.equal(isOverflow(code(0x0480)), true);
  assert.equal(isOverflow(code(0x0080)), false, 'the bit means overflow only with the DataValue info type');
});

test('source time first, then server time, then receipt; the microseconds are kept', () => {
  const at = new Date('2026-01-02T03:04:05.678Z');
  const us = at.getTime() * 1000;
  assert.deepEqual(timeOf(new DataValue({ sourceTimestamp: at, sourcePicoseconds: 123_456_789 }), 1, 0), {
    timeUs: us + 123,
    from: 'source',
  });
  assert.deepEqual(timeOf(new DataValue({ serverTimestamp: at }), 1, 7), { timeUs: us + 7, from: 'server' });
  assert.deepEqual(timeOf(new DataValue({ sourceTimestamp: new Date(0) }), 99, 7), { timeUs: 99, from: 'receipt' });
});

test('numbers, and what is none', () => {
  assert.deepEqual(convert(Number.NaN, DataType.Double, 'number'), { value: null, quality: Quality.bad, problems: [] });
  assert.equal(convert([1, 0], DataType.Int64, 'integer').value, 4294967296);
  assert.equal(convert([0xffffffff, 0xffffffff], DataType.UInt64, 'integer').value, '18446744073709551615');
  assert.equal(convert('1e3', DataType.String, 'number').value, 1000);
  assert.equal(convert('123456789012345678901', DataType.String, 'integer').value, '123456789012345678901');
  assert.deepEqual(convert('n/a', DataType.String, 'number').problems, ['opcua.notANumber']);
  assert.equal(convert('TRUE', DataType.String, 'boolean').value, 1);
  assert.equal(convert('Auto', DataType.String, 'enum').value, 'Auto');
});

test('arrays, matrices, their elements, and texts beyond the limit', () => {
  assert.equal(convert([1, 2], DataType.Double, 'vector', {}, VariantArrayType.Array).value, '[1,2]');
  assert.equal(convert([1, 2, 3, 4], DataType.Double, 'json', {}, VariantArrayType.Matrix).value, '[[1,2],[3,4]]');
  assert.equal(convert([1, 2, 3, 4], DataType.Double, 'number', { index: [1, 0] }, VariantArrayType.Matrix).value, 3);
  assert.deepEqual(convert([1, 2], DataType.Double, 'number', { index: 2 }, VariantArrayType.Array), {
    value: null,
    quality: Quality.bad,
    problems: ['opcua.noSuchPart'],
  });
  const long = convert('x'.repeat(maxTextLength + 1), DataType.String, 'text');
  assert.deepEqual(long, { value: null, quality: Quality.bad, problems: ['opcua.valueTooLarge'] });
});
