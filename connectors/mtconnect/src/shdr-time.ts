/**
 * Timestamps of SHDR and MTConnect: ISO 8601 with 0 … many digits of a second, to integer microseconds UTC.
 * Never through `Date`, which cuts to milliseconds. A seventh and later digit rounds half up (Windows ticks of 100 ns).
 */

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;

function two(text: string, at: number): number {
  const a = digit(text, at);
  const b = digit(text, at + 1);
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : Number.NaN;
}

/** Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

let cachedDayText = '';
let cachedDays = Number.NaN;

function dayNumber(text: string, from: number): number {
  const dayText = text.slice(from, from + 10);
  if (dayText === cachedDayText) return cachedDays;
  if (text.charCodeAt(from + 4) !== 45 || text.charCodeAt(from + 7) !== 45) return Number.NaN;
  const year = two(text, from) * 100 + two(text, from + 2);
  const month = two(text, from + 5);
  const day = two(text, from + 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= monthDays[month - 1]!)) return Number.NaN;
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return Number.NaN;
  cachedDayText = dayText;
  cachedDays = daysFromCivil(year, month, day);
  return cachedDays;
}

/** Offset of the zone text at [at, to) in seconds; empty and `Z` are UTC; NaN when it is no zone. */
function zoneSeconds(text: string, at: number, to: number): number {
  if (at === to) return 0;
  const c = text.charCodeAt(at);
  if ((c === 90 || c === 122) && at + 1 === to) return 0;
  if (c !== 43 && c !== 45) return Number.NaN;
  const hours = two(text, at + 1);
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
  const minutes = to - at > 3 ? two(text, at + 3 + colon) : 0;
  if (to - at !== 3 && to - at !== 5 + colon) return Number.NaN;
  const seconds = hours * 3600 + minutes * 60;
  return c === 45 ? -seconds : seconds;
}

/** Microseconds UTC of the time text at [from, to) of `text`; NaN when it is not a time. No zone means UTC. */
export function parseTimeUs(text: string, from = 0, to = text.length): number {
  if (to - from < 19) return Number.NaN;
  const separator = text.charCodeAt(from + 10);
  if (separator !== 84 && separator !== 116 && separator !== 32) return Number.NaN;
  const days = dayNumber(text, from);
  const hour = two(text, from + 11);
  const minute = two(text, from + 14);
  const second = two(text, from + 17);
  if (text.charCodeAt(from + 13) !== 58 || text.charCodeAt(from + 16) !== 58) return Number.NaN;
  if (!(hour <= 24 && minute <= 59 && second <= 60)) return Number.NaN;
  let at = from + 19;
  let micros = 0;
  const mark = text.charCodeAt(at);
  if (at < to && (mark === 46 || mark === 44)) {
    at++;
    let scale = 100_000;
    const start = at;
    for (; at < to; at++) {
      const d = digit(text, at);
      if (d < 0 || d > 9) break;
      if (scale >= 1) micros += d * scale;
      else if (scale > 0.05 && d >= 5) micros += 1;
      scale /= 10;
    }
    if (at === start) return Number.NaN;
  }
  const zone = zoneSeconds(text, at, to);
  return (days * 86400 + hour * 3600 + minute * 60 + second - zone) * 1_000_000 + micros;
}

/** ISO 8601 with microseconds, UTC: `2026-11-25T08:00:00.123456Z`. */
export function formatTimeUs(us: number): string {
  const ms = Math.floor(us / 1000);
  const rest = Math.round(us - ms * 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
