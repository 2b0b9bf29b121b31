import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullMerges, nextMerge, signalRanges } from './compactor.ts';
import { defaultLimits } from './limits.ts';
import type { Segment } from './state.ts';

const now = Date.UTC(2026, 0, 5, 12) * 1000;

function file(id: number, over: Partial<Segment> = {}): Segment {
  const times = { minTime: now + id, maxTime: now + id };
  const base = {
    order: id,
    kind: 'raw' as const,
    partition: '2026-01-05',
    file: `${id}`,
    tier: 0,
    rows: 1000,
    bytes: 1,
  };
  return { id, ...base, minSignal: 1, maxSignal: 100, ...times, hasText: false, sha256: '', ...over };
}

const ids = (files: readonly Segment[] | undefined) => files?.map((f) => f.id);

test('the current day is merged by size class, once there are enough files of one', () => {
  const files = Array.from({ length: 11 }, (_, i) => file(i + 1));
  assert.equal(nextMerge(files, now, defaultLimits), null);
  const merge = nextMerge([file(20, { tier: 1 }), ...files, file(12)], now, defaultLimits);
  assert.deepEqual(ids(merge?.files), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.equal(merge?.tier, 1);
});

test('a day that is over is merged whole; files of other signals are left alone', () => {
  const past = { partition: '2026-01-04' };
  const apart = file(3, { ...past, minSignal: 200, maxSignal: 300 });
  assert.deepEqual(ids(nextMerge([file(1, past), apart, file(2, past)], now, defaultLimits)?.files), [1, 2]);
  assert.equal(nextMerge([file(1, past), apart], now, defaultLimits), null);
});

test('a few late samples do not rewrite a large day until there are more of them', () => {
  const past = { partition: '2026-01-04' };
  const large = file(1, { ...past, rows: 100_000_000 });
  const late = file(2, { ...past, rows: 1000 });
  assert.equal(nextMerge([large, late], now, defaultLimits), null);
  assert.deepEqual(ids(nextMerge([large, { ...late, rows: 6_000_000 }], now, defaultLimits)?.files), [1, 2]);
});

test('no merge is larger than mergeRows, and what is merged already is not merged again', () => {
  const limits = { ...defaultLimits, mergeRows: 2500 };
  assert.deepEqual(
    fullMerges(
      [1, 2, 3, 4, 5].map((i) => file(i)),
      limits,
    ).map((m) => ids(m.files)),
    [
      [1, 2],
      [3, 4],
    ],
  );
  // Two runs, each cut into two files by signal: neither run overlaps itself, both together are too large.
  const runs = [
    file(10, { order: 2, maxSignal: 50 }),
    file(11, { order: 2, minSignal: 51 }),
    file(12, { order: 4, maxSignal: 60 }),
    file(13, { order: 4, minSignal: 61 }),
  ];
  assert.deepEqual(fullMerges(runs, limits), []);
});

test('files of a merge are cut by signals at the target, a signal never being split', () => {
  const counts = [
    { signal: 1, rows: 40 },
    { signal: 2, rows: 60 },
    { signal: 3, rows: 500 },
    { signal: 9, rows: 1 },
  ];
  assert.deepEqual(signalRanges(counts, 100), [
    [1, 2],
    [3, 3],
    [9, 9],
  ]);
});
