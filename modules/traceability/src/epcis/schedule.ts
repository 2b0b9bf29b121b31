import type { EpcisSchedule } from '@deungdae/contracts/api-trace.ts';
import { daysBetween } from '@deungdae/kernel/calendar.ts';

/** EPCIS 2.0, 8.2.5.3: values a field may have. Days of the week count from Monday, 1. */
const ranges: Record<keyof EpcisSchedule, readonly [number, number]> = {
  ...{ second: [0, 59], minute: [0, 59], hour: [0, 23], dayOfMonth: [1, 31], month: [1, 12], dayOfWeek: [1, 7] },
};
type Field = keyof EpcisSchedule;
const fields = Object.keys(ranges) as Field[];
/** A leap day comes at least every eight years. */
const searchedDays = 8 * 366 + 1;
const dayUs = 86_400_000_000;

/** Values of a field: `5`, `1,3`, `[8-17]`, `0/15`; null when one lies outside or nothing is left. Pure. */
export function valuesOf(field: Field, text: string): number[] | null {
  const [low, high] = ranges[field];
  if (text === '*') return span(low, high, 1);
  const step = /^(\d+)\/(\d+)$/.exec(text);
  const found = step
    ? Number(step[2]) > 0
      ? span(Number(step[1]), high, Number(step[2]))
      : []
    : text.split(',').flatMap((part) => {
        const range = /^\[(\d+)-(\d+)\]$/.exec(part);
        return range ? span(Number(range[1]), Number(range[2]), 1) : [Number(part)];
      });
  if (found.length === 0 || found.some((n) => !Number.isInteger(n) || n < low || n > high)) return null;
  return [...new Set(found)].sort((a, b) => a - b);
}

function span(from: number, to: number, step: number): number[] {
  const found: number[] = [];
  for (let n = from; n <= to; n += step) found.push(n);
  return found;
}

/**
 * The next moment after `afterUs` that the schedule names, by the clock of the zone; null when there is none (30 February).
 * A field that is left out is any, unless a coarser one of the day is given: `hour 1` is 01:00:00. Pure.
 */
export function nextTime(schedule: EpcisSchedule, afterUs: number, timeZone: string): number | null {
  const allowed = new Map<Field, readonly number[]>();
  const finest = fields.findIndex((f) => schedule[f] !== undefined);
  if (finest === -1) return null;
  for (const [i, field] of fields.entries()) {
    const given = schedule[field];
    const clock = field === 'second' || field === 'minute' || field === 'hour';
    const values = given === undefined ? (clock && i < finest ? [0] : valuesOf(field, '*')) : valuesOf(field, given);
    if (values === null) return null;
    allowed.set(field, values);
  }
  const from = afterUs + 1;
  for (let looked = 0; looked < searchedDays; looked += 60) {
    const start = from + looked * dayUs;
    for (const day of daysBetween(timeZone, start, start + 60 * dayUs)) {
      const found = dayFits(day.day, allowed) ? timeIn(day, from, allowed) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function dayFits(day: string, allowed: ReadonlyMap<Field, readonly number[]>): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return (
    allowed.get('month')!.includes(date.getUTCMonth() + 1) &&
    allowed.get('dayOfMonth')!.includes(date.getUTCDate()) &&
    allowed.get('dayOfWeek')!.includes(((date.getUTCDay() + 6) % 7) + 1)
  );
}

function timeIn(
  day: { from: number; to: number },
  fromUs: number,
  allowed: ReadonlyMap<Field, readonly number[]>,
): number | null {
  for (const hour of allowed.get('hour')!) {
    if (day.from + (hour + 1) * 3_600_000_000 <= fromUs) continue;
    for (const minute of allowed.get('minute')!)
      for (const second of allowed.get('second')!) {
        const time = day.from + (hour * 3600 + minute * 60 + second) * 1_000_000;
        // On the day the clocks go forward an hour is missing: then the next day is asked.
        if (time >= fromUs && time < day.to) return time;
      }
  }
  return null;
}
