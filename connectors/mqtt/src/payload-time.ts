export type TimeFormat = 'iso' | 's' | 'ms' | 'us' | 'ns';

const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * µs UTC of a time as a payload gives it; NaN when it cannot be read. Without a format a text is ISO 8601 and a number
 * is milliseconds. An ISO time without a zone is UTC. Years 1970 … 2200.
 */
export function parseTimeUs(value: unknown, format: TimeFormat | undefined): number {
  if (format === 'iso' || (format === undefined && typeof value === 'string')) return parseIsoUs(value);
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  const us = Math.round(number * usPer[format ?? 'ms']);
  return us >= 0 && us < 7_258_118_400_000_000 ? us : Number.NaN;
}

const usPer: Record<Exclude<TimeFormat, 'iso'>, number> = { s: 1_000_000, ms: 1_000, us: 1, ns: 0.001 };

function parseIsoUs(value: unknown): number {
  if (typeof value !== 'string') return Number.NaN;
  const m = iso.exec(value);
  if (!m) return Number.NaN;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = m;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number(month) > 12 || Number(day) > 31 || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60)
    return Number.NaN;
  const us = ms * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')) - zoneUs(zone);
  return us >= 0 && us < 7_258_118_400_000_000 ? us : Number.NaN;
}

function zoneUs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (zone[0] === '-' ? -minutes : minutes) * 60_000_000;
}
