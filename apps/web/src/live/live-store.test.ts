import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import { LiveStore } from './live-store.ts';

function store() {
  const due: (() => void)[] = [];
  const live = new LiveStore((work) => due.push(work));
  return {
    live,
    draw: () => {
      for (const work of due.splice(0)) work();
    },
  };
}
const value = (id: number, v: number) => ({ id, time: 1, value: v, quality: 'good' as const, stale: false });
const alarm = (id: string, state: Alarm['state']) => ({ id, state }) as Alarm;

test('a burst of frames wakes a listener once, and only the listener of the changed key', () => {
  const { live, draw } = store();
  let one = 0;
  let two = 0;
  live.subscribe('value:1', () => one++);
  live.subscribe('value:2', () => two++);
  for (let i = 0; i < 50; i++) live.take({ at: i, values: [value(1, i)] }, i);
  assert.equal(one, 0);
  draw();
  assert.deepEqual([one, two], [1, 0]);
  assert.equal(live.value(1)?.value, 49);
});

test('an alarm back to normal leaves the list, and what vanished while away is gone after the reconnection', () => {
  const { live, draw } = store();
  live.watch('alarms');
  live.opened();
  live.take({ at: 0, alarms: [alarm('a', 'unacknowledged'), alarm('b', 'unacknowledged')] }, 0);
  live.take({ at: 0, alarms: [alarm('a', 'normal')] }, 0);
  draw();
  assert.deepEqual(
    live.alarms().map((a) => a.id),
    ['b'],
  );
  live.closed();
  live.opened();
  live.take({ at: 0, alarms: [alarm('c', 'unacknowledged')] }, 0);
  draw();
  assert.deepEqual(
    live.alarms().map((a) => a.id),
    ['c'],
  );
});

test('the request holds what is watched now, counted by viewer', () => {
  const { live } = store();
  const end = live.watchSignals([1, 2]);
  const endOther = live.watchSignals([2, 3]);
  assert.deepEqual(live.request().signals, [1, 2, 3]);
  end();
  assert.deepEqual(live.request().signals, [2, 3]);
  endOther();
  assert.deepEqual(live.request().signals, []);
});
