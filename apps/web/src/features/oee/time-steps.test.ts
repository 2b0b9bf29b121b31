import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OeeReport } from '@deungdae/contracts/api-entities.ts';
import { timeSteps } from './time-steps.ts';

const minute = 60_000;
type Report = OeeReport;
/** Example K3 of the KPI reference: one day of one work unit, minutes. */
const k3 = {
  time: {
    calendarMs: 1440 * minute,
    potMs: 960 * minute,
    plannedDownMs: 60 * minute,
    pbtMs: 900 * minute,
    adotMs: 90 * minute,
    adetMs: 60 * minute,
    asutMs: 70 * minute,
    aptMs: 680 * minute,
    aubtMs: 810 * minute,
    auptMs: 750 * minute,
    noDataMs: 0,
  },
  plannedRunMs: 590 * minute,
  goodRunMs: 565 * minute,
} as Report;

test('the waterfall closes to the millisecond and passes the levels of the standard', () => {
  const steps = timeSteps(k3);
  const levels = steps.filter((s) => s.kind === 'level').map((s) => [s.key, s.ms / minute]);
  assert.deepEqual(levels, [
    ['calendar', 1440],
    ['pbt', 900],
    ['apt', 680],
    ['good', 565],
  ]);
  const losses = steps.filter((s) => s.kind === 'loss').reduce((sum, s) => sum + s.ms, 0);
  assert.equal(losses + 565 * minute, 1440 * minute);
});

test('a performance above 100 % grows, and without counts the model ends at the production time', () => {
  const fast = timeSteps({ ...k3, plannedRunMs: 700 * minute, goodRunMs: 690 * minute });
  assert.equal(fast.find((s) => s.key === 'speed')?.ms, -20 * minute);
  assert.equal(fast.at(-1)?.ms, 690 * minute);
  assert.equal(timeSteps({ ...k3, plannedRunMs: null, goodRunMs: null }).at(-1)?.key, 'apt');
  assert.equal(timeSteps({ ...k3, goodRunMs: null }).at(-1)?.key, 'plannedRun');
});
