import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promiseOf } from './promise.ts';

test('a promise is kept by the last work order’s end, broken by the clock while it is open', () => {
  const due = 1_000_000_000;
  const at = (status: 'open' | 'planned' | 'done' | 'cancelled', finishedAt: number | null, now = 0) =>
    promiseOf({ status, due, finishedAt }, now);
  assert.equal(at('done', due), 'doneOnTime');
  assert.equal(at('done', due + 1), 'doneLate');
  assert.equal(at('open', null, due / 1000), 'notPlanned');
  assert.equal(at('planned', null), 'inWork');
  assert.equal(at('planned', null, due / 1000 + 1), 'overdue');
  assert.equal(at('cancelled', null, due), 'cancelled');
  assert.equal(promiseOf({ status: 'done', due: null, finishedAt: 5 }, 0), 'done');
});
