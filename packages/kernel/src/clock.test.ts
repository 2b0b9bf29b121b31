import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.ts';

test('the wall clock has microseconds, lies within the millisecond that Date says, and does not step back', () => {
  let last = 0;
  let fine = 0;
  const until = performance.now() + 200;
  while (performance.now() < until) {
    const before = Date.now();
    const now = systemClock.nowUs();
    const after = Date.now();
    assert.ok(now >= before * 1000 && now < (after + 1) * 1000, `${now} outside ${before} … ${after}`);
    assert.ok(now >= last, `${now} after ${last}`);
    if (now % 1000 !== 0) fine++;
    last = now;
  }
  assert.ok(fine > 100);
});

test('sleep ends early with the reason of the abort', async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(10_000, abort.signal);
  abort.abort(new Error('stop'));
  await assert.rejects(sleeping, /stop/);
  await assert.rejects(systemClock.sleep(1, abort.signal), /stop/);
});
