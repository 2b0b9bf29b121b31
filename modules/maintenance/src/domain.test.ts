import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPeriod } from './domain/period.ts';
import { reliabilityOf } from './domain/reliability.ts';
import { nearest } from './domain/trigger.ts';

const hour = 3_600_000;

test('kpi.md M1: failures at 100, 300, 600 h, down 2, 5, 3 h, planned stops 40 h in 720 h', () => {
  const m1 = reliabilityOf({ windowMs: 720 * hour, operatingMs: 670 * hour, failures: 3, failureMs: 10 * hour });
  assert.equal((m1.mtbfMs! / hour).toFixed(3), '223.333');
  assert.equal((m1.mttrMs! / hour).toFixed(4), '3.3333');
  assert.equal(m1.inherentAvailability!.toFixed(6), '0.985294');
  assert.equal(m1.operationalAvailability!.toFixed(6), '0.930556');
  assert.equal((m1.mtbfLowerMs! / hour).toFixed(3), '100.288');
  const at95 = reliabilityOf(
    { windowMs: 720 * hour, operatingMs: 670 * hour, failures: 3, failureMs: 10 * hour },
    0.95,
  );
  assert.equal((at95.mtbfLowerMs! / hour).toFixed(3), '86.411');
  const none = { windowMs: 720 * hour, operatingMs: 670 * hour, failures: 0, failureMs: 0 };
  assert.equal((reliabilityOf(none).mtbfLowerMs! / hour).toFixed(3), '290.977');
  assert.equal((reliabilityOf(none, 0.95).mtbfLowerMs! / hour).toFixed(3), '223.651');
  assert.deepEqual([reliabilityOf(none).mtbfMs, reliabilityOf(none).inherentAvailability], [null, null]);
});

test('the furthest trigger asks; what is not known neither asks nor hides another', () => {
  const wear = { elapsedMs: 10 * 24 * hour, runningMs: null, shots: 170, reading: () => 81 };
  const found = nearest(
    [
      { type: 'calendar', days: 30 },
      { type: 'hours', hours: 1 },
      { type: 'shots', shots: 180 },
      { type: 'condition', signal: 'x', above: 90, below: null },
    ],
    wear,
  );
  assert.equal(found?.trigger.type, 'shots');
  assert.equal(found?.share, 170 / 180);
  assert.equal(nearest([{ type: 'condition', signal: 'x', above: 80, below: null }], wear)?.share, 1);
  assert.equal(nearest([{ type: 'hours', hours: 1 }], wear), null);
});

test('a check belongs to the day, week or month of the plant', () => {
  const place = { calendar: null, timeZone: 'Asia/Seoul' };
  const us = (text: string) => Date.parse(text) * 1000;
  // A Wednesday, shortly after midnight in Seoul.
  const at = us('2026-11-25T00:30:00+09:00');
  const day = checkPeriod({ unit: 'day', count: 1 }, at, place)!;
  assert.deepEqual([day.from, day.to], [us('2026-11-25T00:00:00+09:00'), us('2026-11-26T00:00:00+09:00')]);
  const week = checkPeriod({ unit: 'week', count: 1 }, at, place)!;
  assert.deepEqual([week.from, week.to], [us('2026-11-23T00:00:00+09:00'), us('2026-11-30T00:00:00+09:00')]);
  const month = checkPeriod({ unit: 'month', count: 1 }, at, place)!;
  assert.deepEqual([month.from, month.to], [us('2026-11-01T00:00:00+09:00'), us('2026-12-01T00:00:00+09:00')]);
  const quarter = checkPeriod({ unit: 'month', count: 3 }, at, place)!;
  assert.deepEqual([quarter.from, quarter.to], [us('2026-10-01T00:00:00+09:00'), us('2027-01-01T00:00:00+09:00')]);
});
