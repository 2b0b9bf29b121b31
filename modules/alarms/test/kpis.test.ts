import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FloodWatch, floodsOf } from '../src/domain/floods.ts';
import { alarmKpis, largestWindow, type Occurrence } from '../src/domain/kpis.ts';
import { minute, second } from './fixtures.ts';

const came = (minutes: number[], more: Partial<Occurrence> = {}): Occurrence[] =>
  minutes.map((m, i) => ({
    alarm: `a${i}`,
    rule: `r${i}`,
    name: `r${i}`,
    priority: 'medium',
    raisedAt: m * minute,
    clearedAt: m * minute + 10 * second,
    activeUs: 10 * second,
    annunciated: true,
    ...more,
  }));

test('AL1: 16 alarms in [0, 310) minutes', () => {
  const k = alarmKpis(0, 310 * minute, came([0, 1, 2, 3, 3.5, 4, 5, 6, 7, 8, 9, 9.5, 25, 41, 42, 300]));
  assert.equal(k.total, 16);
  assert.equal(k.perTenMinutes.toFixed(3), '0.516');
  assert.deepEqual(
    k.bins.map((b) => [b.from / minute, b.count]),
    [
      [0, 12],
      [20, 1],
      [40, 2],
      [300, 1],
    ],
  );
  assert.equal(31 - k.bins.length, 27);
  assert.equal(k.largestTenMinuteWindow, 12);
  assert.equal(k.floods.length, 1);
  // Fewer than five in the last ten minutes from minute 16 on: 7, 8, 9 and 9.5 are left.
  assert.deepEqual(k.floods[0], { from: 0, to: 16 * minute, count: 12 });
  assert.equal(k.floodShare, 16 / 310);
  assert.deepEqual(k.byPriority, { low: 0, medium: 16, high: 0, critical: 0 });
  assert.equal(k.topTenShare, 10 / 16);
});

test('nine in ten minutes are no flood; the tenth makes one, and minute 0 and minute 10 are not of one window', () => {
  assert.equal(floodsOf([0, 1, 2, 3, 4, 5, 6, 7, 8].map((m) => m * minute)).length, 0);
  assert.equal(floodsOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 10].map((m) => m * minute)).length, 0);
  assert.equal(floodsOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9.99].map((m) => m * minute)).length, 1);
  assert.equal(largestWindow([0, 10 * minute]), 1);
});

test('alarms of a flood are marked as they come, the first nine after the tenth', () => {
  const watch = new FloodWatch();
  const marks = new Map<string, string | null>();
  for (const m of [0, 1, 2, 3, 3.5, 4, 5, 6, 7, 8, 9, 9.5, 25]) {
    const { flood, also } = watch.add(`a${m}`, m * minute);
    marks.set(`a${m}`, flood);
    for (const id of also) marks.set(id, flood);
  }
  assert.equal([...marks.values()].filter((f) => f === 'flood-0').length, 12);
  assert.equal(marks.get('a25'), null);
});

test('active time is clipped to the window, gaps are not in it, and held alarms do not count', () => {
  const one = { alarm: 'a', rule: 'r', name: 'n' };
  const k = alarmKpis(100 * minute, 200 * minute, [
    ...came([90], { ...one, clearedAt: 110 * minute, activeUs: 20 * minute }),
    ...came([120], { ...one, clearedAt: 150 * minute, activeUs: 5 * minute }),
    ...came([190], { ...one, clearedAt: null, activeUs: Number.POSITIVE_INFINITY }),
    ...came([160], { ...one, annunciated: false, clearedAt: 161 * minute, activeUs: minute }),
  ]);
  assert.equal(k.total, 2);
  assert.deepEqual(k.pareto, [{ rule: 'r', name: 'n', count: 2, activeMs: (10 + 5 + 10 + 1) * 60_000 }]);
  assert.equal(k.standing, 1);
});

test('chattering: three within a minute; stale: standing for more than a day', () => {
  const one = { alarm: 'a', rule: 'r' };
  const k = alarmKpis(0, 48 * 60 * minute, [
    ...came([1, 1.4, 2], one),
    ...came([10, 11, 12], { alarm: 'b', rule: 's' }),
    ...came([20], { alarm: 'c', rule: 'old', clearedAt: null }),
  ]);
  assert.deepEqual(k.chattering, ['r']);
  assert.deepEqual(k.stale, ['old']);
});
