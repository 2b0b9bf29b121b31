import type { CheckSheet } from '@deungdae/contracts/maintenance.ts';
import type { Calendar } from '@deungdae/contracts/plant.ts';
import { daysBetween, shiftsBetween } from '@deungdae/kernel/calendar.ts';

const dayUs = 86_400_000_000;

/**
 * The stretch [from, to) in which one check belongs and that holds `at`: the running shift, day, week (from Monday) or
 * month of the plant, or several of them counted from 1970 so that "every two weeks" keeps its beat. A shift check
 * outside any shift belongs to the next one; null when there is none within a week (a plant that stands still owes
 * no check).
 */
export function checkPeriod(
  every: CheckSheet['every'],
  at: number,
  place: { calendar: Calendar | null; timeZone: string },
): { from: number; to: number } | null {
  if (every.unit === 'shift' && place.calendar) {
    const shifts = shiftsBetween(place.calendar, place.timeZone, at, at + 7 * dayUs);
    const next = shifts[0];
    return next ? { from: next.from, to: next.to } : null;
  }
  const [today] = daysBetween(place.timeZone, at, at + 1);
  const date = today!.day;
  const days = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  const [first, length] = span(every, date, days);
  const bounds = daysBetween(place.timeZone, at - (days - first + 2) * dayUs, at + (length + 2) * dayUs);
  const start = bounds.find((d) => d.day === iso(first));
  const end = bounds.find((d) => d.day === iso(first + length));
  return { from: start!.from, to: end!.from };
}

/** The period before one that starts at `from`; null when there is none within a week. */
export function periodBefore(
  every: CheckSheet['every'],
  from: number,
  place: { calendar: Calendar | null; timeZone: string },
): { from: number; to: number } | null {
  if (every.unit !== 'shift' || !place.calendar) return checkPeriod(every, from - 1, place);
  const before = shiftsBetween(place.calendar, place.timeZone, from - 7 * dayUs, from).filter((s) => s.from < from);
  const last = before.at(-1);
  return last ? { from: last.from, to: last.to } : null;
}

const iso = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** First day (since 1970) and number of days of the period. */
function span({ unit, count }: CheckSheet['every'], date: string, day: number): [first: number, length: number] {
  if (unit === 'month') {
    const [year, month] = date.split('-').map(Number) as [number, number, number];
    const index = year * 12 + month - 1;
    const firstMonth = index - (index % count);
    const start = Date.UTC(Math.floor(firstMonth / 12), firstMonth % 12, 1) / 86_400_000;
    const end = Date.UTC(Math.floor((firstMonth + count) / 12), (firstMonth + count) % 12, 1) / 86_400_000;
    return [start, end - start];
  }
  // 1970-01-05 was a Monday.
  const length = unit === 'week' ? 7 * count : count;
  const origin = unit === 'week' ? 4 : 0;
  const first = day - ((((day - origin) % length) + length) % length);
  return [first, length];
}
