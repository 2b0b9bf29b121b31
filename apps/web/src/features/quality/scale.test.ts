import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitsFor, scaleOf, ticksOf } from './scale.ts';

test('larger values stand higher, equal ones in the middle, nothing on the edge', () => {
  const scale = scaleOf([1, 3], 100);
  assert.ok(scale.at(3) < scale.at(1));
  assert.ok(scale.at(3) > 0 && scale.at(1) < 100);
  assert.equal(scaleOf([5, 5], 100).at(5), 50);
  assert.equal(scaleOf([], 100).low < 0, true);
});

test('ticks are round and few', () => {
  assert.deepEqual(ticksOf({ low: 9.89, high: 10.11 }), [9.9, 10, 10.1]);
  assert.ok(ticksOf({ low: 0, high: 1234 }).length <= 6);
});

test('digits tell neighbours apart', () => {
  assert.equal(digitsFor(73.98, 74.02), 4);
  assert.equal(digitsFor(0, 100), 0);
});
