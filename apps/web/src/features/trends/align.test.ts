import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignSeries, type TrendSeries, textBands, valueAtTime, windowFigures } from './align.ts';

const series = (time: number[], mean: (number | null)[], text: string[] | null = null): TrendSeries => ({
  id: 1,
  time,
  mean,
  min: mean.map((v) => (v === null ? null : v - 1)),
  max: mean.map((v) => (v === null ? null : v + 1)),
  last: mean,
  text,
});

test('a missing bucket is drawn through and a gap is drawn apart', () => {
  const a = series([0, 2e6], [1, null]);
  const b = series([1e6], [5]);
  const aligned = alignSeries([
    { series: a, offsetUs: 0 },
    { series: b, offsetUs: 0 },
  ]);
  assert.deepEqual(aligned.x, [0, 1, 2]);
  assert.deepEqual(aligned.columns[0], [1, undefined, null]);
  assert.deepEqual(aligned.columns[3], [undefined, 5, undefined]);
});

test('an earlier window is moved under the present one', () => {
  const aligned = alignSeries([{ series: series([10e6], [3]), offsetUs: 90e6 }]);
  assert.deepEqual(aligned.x, [100]);
});

test('the cursor reads the bucket at or before it', () => {
  const a = series([10, 20, 30], [1, 2, null]);
  assert.equal(valueAtTime(a, 9), null);
  assert.equal(valueAtTime(a, 25)?.value, 2);
  assert.equal(valueAtTime(a, 99)?.value, null);
  assert.deepEqual(windowFigures(a, 15, 100), { min: 1, max: 3, mean: 2 });
});

test('texts become bands that last until the next one', () => {
  const bands = textBands(series([0, 10, 20], [null, null, null], ['A', 'A', 'B']), 50);
  assert.deepEqual(bands, [
    { from: 0, to: 20, text: 'A' },
    { from: 20, to: 50, text: 'B' },
  ]);
});
