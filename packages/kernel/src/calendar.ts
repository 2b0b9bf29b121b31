import type { Calendar } from '@deungdae/contracts/plant.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';
import { Temporal } from 'temporal-polyfill';

/** One shift that took or will take place: half-open [from, to), µs UTC. */
export interface Shift {
  readonly id: string;
  readonly name: LocalText;
  /** Plant date it belongs to: the day it starts, yyyy-mm-dd. */
  readonly day: string;
  readonly from: number;
  readonly to: number;
  readonly breaks: readonly { readonly from: number; readonly to: number; readonly name: LocalText }[];
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** Days kept per calendar and zone; the cache starts anew when it is full. */
const cacheLimit = 4000;
/** Longest window, days. */
const windowLimitDays = 40_000;
const caches = new WeakMap<Calendar, Map<string, Shift[]>>();

/**
 * Shifts of `calendar` that touch [fromUs, toUs), in order, never overlapping, not cut at the window's edges. Clock
 * times are plant time: a night shift in which the clocks change is an hour (or what the zone changes by) shorter or
 * longer. A time that the change skips means the moment as long after the change (RFC 5545), one that it repeats
 * the first. An exception's shifts replace those of its day, a holiday has none.
 */
export function shiftsBetween(calendar: Calendar, timeZone: string, fromUs: number, toUs: number): Shift[] {
  if (!(toUs > fromUs)) return [];
  let date = dateOf(fromUs, timeZone).subtract({ days: 2 });
  const last = dateOf(toUs, timeZone);
  if (date.until(last).days > windowLimitDays) throw new RangeError(`window of more than ${windowLimitDays} days`);
  const found: Shift[] = [];
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 }))
    found.push(...shiftsOfDay(calendar, timeZone, date));
  return withoutOverlap(found).filter((shift) => shift.to > fromUs && shift.from < toUs);
}

/** Plant days that touch [fromUs, toUs): midnight to midnight, 23 or 25 hours where the clocks change. */
export function daysBetween(
  timeZone: string,
  fromUs: number,
  toUs: number,
): { day: string; from: number; to: number }[] {
  if (!(toUs > fromUs)) return [];
  const days: { day: string; from: number; to: number }[] = [];
  let date = dateOf(fromUs, timeZone);
  let from = microsOf(date, 0, timeZone);
  while (from < toUs) {
    const next = date.add({ days: 1 });
    const to = microsOf(next, 0, timeZone);
    days.push({ day: date.toString(), from, to });
    if (days.length > windowLimitDays) throw new RangeError(`window of more than ${windowLimitDays} days`);
    date = next;
    from = to;
  }
  return days;
}

function shiftsOfDay(calendar: Calendar, timeZone: string, date: Temporal.PlainDate): Shift[] {
  const cache = caches.get(calendar) ?? new Map<string, Shift[]>();
  caches.set(calendar, cache);
  const day = date.toString();
  const key = `${timeZone} ${day}`;
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= cacheLimit) cache.clear();
  const shifts = planOf(calendar, date).map((shift) => shiftOn(shift, date, day, timeZone));
  cache.set(key, shifts);
  return shifts;
}

type ShiftPlan = Calendar['shifts'][number];

/** Which shifts a day has. */
function planOf(calendar: Calendar, date: Temporal.PlainDate): ShiftPlan[] {
  const day = date.toString();
  const exception = calendar.exceptions.find((e) => e.date === day);
  if (exception) return calendar.shifts.filter((s) => exception.shifts.includes(s.id));
  if (calendar.holidays.some((h) => h.date === day)) return [];
  return calendar.shifts.filter((s) => s.days.includes(weekdays[date.dayOfWeek - 1]!));
}

function shiftOn(plan: ShiftPlan, date: Temporal.PlainDate, day: string, timeZone: string): Shift {
  const start = minuteOf(plan.start);
  const end = minuteOf(plan.end) <= start ? minuteOf(plan.end) + 1440 : minuteOf(plan.end);
  const from = microsOf(date, start, timeZone);
  const to = Math.max(from, microsOf(date, end, timeZone));
  const breaks = plan.breaks.map((pause) => {
    const begin = minuteOf(pause.start) < start ? minuteOf(pause.start) + 1440 : minuteOf(pause.start);
    const length = (minuteOf(pause.end) - minuteOf(pause.start) + 1440) % 1440;
    const breakFrom = Math.min(to, Math.max(from, microsOf(date, begin, timeZone)));
    const breakTo = Math.min(to, Math.max(breakFrom, microsOf(date, begin + length, timeZone)));
    return { from: breakFrom, to: breakTo, name: pause.name ?? '' };
  });
  const kept = breaks.filter((b) => b.to > b.from).sort((a, b) => a.from - b.from);
  return { id: plan.id, name: plan.name ?? plan.id, day, from, to, breaks: kept };
}

/** A shift that an exception makes run into the next one ends where that begins. */
function withoutOverlap(shifts: Shift[]): Shift[] {
  const sorted = shifts.sort((a, b) => a.from - b.from || a.to - b.to);
  return sorted.flatMap((shift, i) => {
    const limit = sorted[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (shift.to <= limit) return shift.to > shift.from ? [shift] : [];
    if (limit <= shift.from) return [];
    const breaks = shift.breaks.filter((b) => b.from < limit).map((b) => ({ ...b, to: Math.min(b.to, limit) }));
    return [{ ...shift, to: limit, breaks }];
  });
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function dateOf(us: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(us / 1000))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
}

/** µs UTC of a minute of a plant day; minutes from 1440 on lie on the next day. */
function microsOf(date: Temporal.PlainDate, minute: number, timeZone: string): number {
  const day = minute >= 1440 ? date.add({ days: Math.floor(minute / 1440) }) : date;
  const time = Temporal.PlainTime.from({ hour: Math.floor((minute % 1440) / 60), minute: minute % 60 });
  return day.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds * 1000;
}
