import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '@deungdae/contracts/plant.ts';
import { daysBetween, shiftsBetween } from './calendar.ts';

const us = (text: string) => Date.parse(text) * 1000;
const hourUs = 3_600_000_000;
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Seoul', 'Australia/Lord_Howe'];

function twoShifts(more: object = {}): Calendar {
  return Calendar.parse({
    id: 'two',
    shifts: [
      { id: 'day', start: '08:00', end: '20:00', days: everyDay, breaks: [{ start: '12:00', end: '13:00' }] },
      { id: 'night', start: '20:00', end: '08:00', days: everyDay, breaks: [{ start: '00:30', end: '01:00' }] },
    ],
    ...more,
  });
}

test('two shifts around the clock cover all time in every zone, without gap or overlap, through both clock changes', () => {
  for (const zone of zones) {
    const shifts = shiftsBetween(twoShifts(), zone, us('2026-01-01T00:00Z'), us('2027-01-01T00:00Z'));
    for (let i = 1; i < shifts.length; i++)
      assert.equal(shifts[i]!.from, shifts[i - 1]!.to, `${zone} ${shifts[i]!.day}`);
    const lengths = new Set(shifts.map((s) => (s.to - s.from) / hourUs));
    const change = { 'Asia/Seoul': [12], 'Australia/Lord_Howe': [12, 11.5, 12.5] }[zone] ?? [12, 11, 13];
    assert.deepEqual([...lengths].sort(), change.sort(), zone);
  }
});

test('the night shift of the last Sunday of March has 11 hours in Berlin; its break stays where the clock says', () => {
  const shifts = shiftsBetween(twoShifts(), 'Europe/Berlin', us('2026-03-28T19:00Z'), us('2026-03-29T06:00Z'));
  assert.equal(shifts.length, 1);
  const night = shifts[0]!;
  assert.deepEqual([night.id, night.day], ['night', '2026-03-28']);
  assert.equal(night.from, us('2026-03-28T19:00Z'));
  assert.equal(night.to, us('2026-03-29T06:00Z'));
  assert.deepEqual(
    night.breaks.map((b) => [b.from, b.to]),
    [[us('2026-03-28T23:30Z'), us('2026-03-29T00:00Z')]],
  );
});

test('days of 23 and 25 hours', () => {
  const hours = (zone: string, from: string, to: string) =>
    daysBetween(zone, us(from), us(to)).map((d) => (d.to - d.from) / hourUs);
  assert.deepEqual(hours('Europe/Berlin', '2026-03-28T12:00Z', '2026-03-30T12:00Z'), [24, 23, 24]);
  assert.deepEqual(hours('America/New_York', '2026-11-01T12:00Z', '2026-11-01T13:00Z'), [25]);
  assert.deepEqual(hours('Australia/Lord_Howe', '2026-10-03T20:00Z', '2026-10-03T21:00Z'), [23.5]);
});

test('a holiday has no shift, an exception has its own, also on a holiday', () => {
  const calendar = Calendar.parse({
    ...twoShifts(),
    holidays: [{ date: '2026-05-05' }, { date: '2026-05-06' }],
    exceptions: [{ date: '2026-05-06', shifts: ['day'] }],
  });
  const shifts = shiftsBetween(calendar, 'Asia/Seoul', us('2026-05-04T00:00+09:00'), us('2026-05-07T08:00+09:00'));
  assert.deepEqual(
    shifts.map((s) => `${s.day} ${s.id}`),
    ['2026-05-03 night', '2026-05-04 day', '2026-05-04 night', '2026-05-06 day'],
  );
});

test('an exception that runs into the next shift ends where that begins', () => {
  const calendar = Calendar.parse({
    id: 'c',
    shifts: [
      { id: 'day', start: '06:00', end: '14:00', days: ['mon'] },
      { id: 'long', start: '22:00', end: '10:00', days: [] },
    ],
    exceptions: [{ date: '2026-06-07', shifts: ['long'] }],
  });
  const shifts = shiftsBetween(calendar, 'Asia/Seoul', us('2026-06-07T00:00+09:00'), us('2026-06-09T00:00+09:00'));
  assert.deepEqual(
    shifts.map((s) => [s.id, (s.to - s.from) / hourUs]),
    [
      ['long', 8],
      ['day', 8],
    ],
  );
});

test('property: random calendars never overlap, and a window is the same as its parts together', () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  for (let round = 0; round < 40; round++) {
    const cuts = [...new Set(Array.from({ length: 2 + random(4) }, () => random(96) * 15))].sort((a, b) => a - b);
    const shifts = cuts.map((start, i) => ({
      id: `s${i}`,
      start: clock(start),
      end: clock(cuts[(i + 1) % cuts.length]!),
      days: everyDay.filter(() => random(4) > 0),
    }));
    const calendar = Calendar.parse({ id: 'c', shifts });
    const zone = zones[round % zones.length]!;
    const from = us('2026-03-01T00:00Z') + random(300) * 24 * hourUs;
    const to = from + 20 * 24 * hourUs;
    const whole = shiftsBetween(calendar, zone, from, to);
    for (let i = 1; i < whole.length; i++) assert.ok(whole[i]!.from >= whole[i - 1]!.to, `overlap in round ${round}`);
    const middle = from + random(20 * 24) * hourUs;
    const parts = new Map(
      [...shiftsBetween(calendar, zone, from, middle), ...shiftsBetween(calendar, zone, middle, to)].map((s) => [
        s.from,
        s,
      ]),
    );
    assert.deepEqual([...parts.values()], whole);
  }
});
