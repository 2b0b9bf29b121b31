import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CounterTrack, count, newIncrements, stepsIn } from './counting.ts';

function run(wrapsAt: number | undefined, values: (number | null)[]) {
  const track = new CounterTrack(wrapsAt);
  const into = newIncrements();
  values.forEach((value, i) => {
    count(into, track, i, value);
  });
  return { ...into, total: stepsIn(into, 0, values.length) };
}

test('steps, and the first value counts nothing', () => {
  assert.equal(run(undefined, [1000, 1001, 1003, 1003]).total, 3);
});

test('a 16-bit counter wraps', () => {
  const r = run(65536, [65534, 65535, 1, 2]);
  assert.deepEqual([r.total, r.wraps, r.resets], [4, 1, 0]);
});

test('a smaller value far from the end is a reset, also of a counter that can wrap', () => {
  assert.deepEqual(pick(run(65536, [1000, 1010, 0, 5])), [15, 0, 1]);
  assert.deepEqual(pick(run(undefined, [1000, 1010, 3])), [13, 0, 1]);
  assert.deepEqual(pick(run(undefined, [20, 9, 10])), [10, 0, 1]);
});

test('samples in another order, or a person, set a counter back: no thousands of pieces come of it', () => {
  const birth = run(undefined, [72_327, 72_329, 72_328, 72_330]);
  assert.deepEqual(pick(birth), [3, 0, 0]);
  const gap = run(undefined, [72_327, 72_329, null, 72_328, 72_330]);
  assert.deepEqual(pick(gap), [3, 0, 0]);
  assert.equal(run(undefined, [72_329, 70_000, 70_001]).total, 1, 'set to another figure');
  assert.equal(run(undefined, [1000, 900]).total, 0);
  assert.equal(run(undefined, [1000, null, 900]).total, 900, 'a weekend without its line, and a new beginning');
  assert.equal(run(undefined, [3, 2, 3]).total, 0);
});

test('steps across a gap count, and are told apart; a gap without steps is nothing', () => {
  const r = run(undefined, [10, null, 17, null, 17]);
  assert.deepEqual([r.total, r.acrossGap], [7, 7]);
});

test('negative numbers and NaN say nothing', () => {
  assert.equal(run(undefined, [10, -1, Number.NaN, 12]).total, 2);
});

test('property: the sum over any cut of the window is the whole, with wraps and resets', () => {
  let seed = 99;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  for (let round = 0; round < 100; round++) {
    const track = new CounterTrack(256);
    const into = newIncrements();
    let register = random(256);
    let made = 0;
    count(into, track, 0, register);
    for (let i = 1; i < 200; i++) {
      const step = random(20);
      made += step;
      register = (register + step) % 256;
      count(into, track, i, register);
    }
    const cut = random(200);
    assert.equal(stepsIn(into, 0, 200), made);
    assert.equal(stepsIn(into, 0, cut) + stepsIn(into, cut, 200), made);
  }
});

function pick(r: { total: number; wraps: number; resets: number }) {
  return [r.total, r.wraps, r.resets];
}
