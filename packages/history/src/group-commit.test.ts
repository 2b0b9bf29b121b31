import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { GroupCommit } from './group-commit.ts';
import { defaultLimits } from './limits.ts';

function batch(rows: number): SampleBatch {
  return batchOf(Array.from({ length: rows }, (_, i) => ({ signal: 1, time: i, value: i, quality: 0 as const })));
}

test('appends of one turn share a transaction; later ones while it runs share the next', async () => {
  const groups: number[] = [];
  const commits = new GroupCommit(
    async (batches) => {
      groups.push(batches.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
    systemClock,
    defaultLimits,
  );
  const first = [commits.add(batch(1)), commits.add(batch(1)), commits.add(batch(1))];
  await new Promise((resolve) => setTimeout(resolve, 1));
  await Promise.all([...first, commits.add(batch(1)), commits.add(batch(1))]);
  assert.deepEqual(groups, [3, 2]);
});

test('a failed group rejects each of its callers, and the next one works', async () => {
  let fail = true;
  const commits = new GroupCommit(
    async () => {
      if (fail) throw new Error('no');
    },
    systemClock,
    defaultLimits,
  );
  const results = await Promise.allSettled([commits.add(batch(1)), commits.add(batch(2))]);
  assert.deepEqual(
    results.map((r) => r.status),
    ['rejected', 'rejected'],
  );
  fail = false;
  await commits.add(batch(1));
  assert.equal(commits.queuedSamples, 0);
});

test('the queue is bounded: callers wait for room, too many are refused, nobody is forgotten', async () => {
  let most = 0;
  const limits = { ...defaultLimits, queueSamples: 100, waitingSamples: 200, groupRows: 50, groupMs: 0 };
  const commits = new GroupCommit(
    async (batches) => {
      most = Math.max(
        most,
        batches.reduce((sum, b) => sum + b.length, 0),
      );
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
    systemClock,
    limits,
  );
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => commits.add(batch(10))));
  assert.ok(most <= 60);
  assert.equal(results.filter((r) => r.status === 'fulfilled').length, 30);
  const refused = results.filter((r) => r.status === 'rejected');
  assert.equal(refused.length, 10);
  for (const r of refused) assert.equal((r as PromiseRejectedResult).reason.code, 'history.overloaded');
  await commits.add(batch(500));
  await commits.drained();
  assert.equal(commits.queuedSamples, 0);
});
