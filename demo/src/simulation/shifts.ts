/**
 * Working time of the demo's people: day 08:00–20:00 and night 20:00–08:00 at Gimcheon (UTC+9, no daylight saving),
 * every day, so that whoever starts the demo finds it at work; breaks as the plant file has them.
 */
const zoneMs = 9 * 3_600_000;
const dayMs = 86_400_000;
const breaksMin: readonly (readonly [number, number])[] = [
  [10 * 60, 10 * 60 + 10],
  [12 * 60, 13 * 60],
  [15 * 60, 15 * 60 + 10],
  [17 * 60 + 30, 18 * 60],
  [22 * 60, 22 * 60 + 10],
  [0, 60],
  [3 * 60, 3 * 60 + 10],
  [5 * 60 + 30, 6 * 60],
];

export interface Staffing {
  working: boolean;
  night: boolean;
}

/** Minute of the day at Gimcheon. */
export function minuteOfDay(atMs: number): number {
  return Math.floor(((atMs + zoneMs) % dayMs) / 60_000);
}

export function staffingAt(atMs: number): Staffing {
  const minute = minuteOfDay(atMs);
  const onBreak = breaksMin.some(([from, to]) => minute >= from && minute < to);
  return { working: !onBreak, night: minute < 8 * 60 || minute >= 20 * 60 };
}

/** The next moment, at most a week on, at which `working` turns to the wanted value. */
export function nextStaffing(atMs: number, working: boolean): number {
  let at = Math.ceil((atMs + 1) / 60_000) * 60_000;
  const limit = atMs + 8 * dayMs;
  while (staffingAt(at).working !== working && at < limit) at += 60_000;
  return at;
}
