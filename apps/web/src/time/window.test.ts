import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveWindow, parseWindow, resolveWindow } from './window.ts';
import { dayStart, fromLocalInput, momentOf, toLocalInput, weekStart } from './zoned.ts';

const seoul = 'Asia/Seoul';
const now = Date.UTC(2026, 10, 25, 3, 0); // Wednesday noon in Seoul
const shifts = [
  { id: 'day', name: 'd', from: Date.UTC(2026, 10, 23, 23), to: Date.UTC(2026, 10, 24, 11) },
  { id: 'night', name: 'n', from: Date.UTC(2026, 10, 24, 11), to: Date.UTC(2026, 10, 24, 23) },
  { id: 'day', name: 'd', from: Date.UTC(2026, 10, 24, 23), to: Date.UTC(2026, 10, 25, 11) },
];

test('days and weeks start at the midnight of the plant, over a daylight-saving change too', () => {
  assert.equal(dayStart(now, seoul), Date.UTC(2026, 10, 24, 15));
  assert.equal(weekStart(now, seoul), Date.UTC(2026, 10, 22, 15));
  const berlin = 'Europe/Berlin';
  const sunday = Date.UTC(2026, 9, 25, 12);
  assert.equal(dayStart(sunday, berlin, 1) - dayStart(sunday, berlin), 25 * 3_600_000);
  assert.equal(momentOf({ year: 2026, month: 3, day: 29, hour: 12 }, berlin), Date.UTC(2026, 2, 29, 10));
});

test('local input and moment are each other', () => {
  assert.equal(toLocalInput(now, seoul), '2026-11-25T12:00');
  assert.equal(fromLocalInput('2026-11-25T12:00', seoul), now);
  assert.equal(fromLocalInput('yesterday', seoul), null);
});

test('the present shift is live, the one before is not, and there is none after the present', () => {
  const live = resolveWindow({}, now, seoul, shifts);
  assert.deepEqual([live.from, live.to, live.live], [shifts[2]!.from, shifts[2]!.to, true]);
  const back = moveWindow(live, -1, now, seoul, shifts);
  assert.deepEqual(back, { span: 'shift', from: shifts[1]!.from, to: shifts[1]!.to });
  const earlier = resolveWindow(back!, now, seoul, shifts);
  assert.equal(earlier.live, false);
  assert.deepEqual(moveWindow(earlier, 1, now, seoul, shifts), { span: 'shift' });
  assert.equal(moveWindow(live, 1, now, seoul, shifts), null);
});

test('an address with nonsense is the present shift', () => {
  assert.deepEqual(parseWindow({ span: 'year', from: 'x', to: 4 }), {});
  assert.deepEqual(parseWindow({ span: 'range', from: '10', to: 5 }), { span: 'range', from: 10 });
});
