import { decimal } from '@deungdae/connector-mtconnect/observation.ts';
import { daysFromCivil, parseTimeUs } from '@deungdae/connector-mtconnect/shdr-time.ts';
import type { FileConfig } from './config.ts';
import { ZonedTime } from './zoned-time.ts';

/** Reads the time of a table row; NaN when it is none. */
export type TimeReader = (text: string) => number;

const dayUs = 86_400_000_000;
/** 1899-12-30, day 0 of Excel's 1900 system for dates from March 1900 on. */
const excelEpochDays = daysFromCivil(1899, 12, 30);
/** Excel days between 1954 and 2119: a number in here is a date, not a Unix time. */
const excelDays = { from: 20_000, to: 80_000 };

const hasZone = /(?:[zZ]|[+-]\d\d:?(?:\d\d)?)$/;
/** Year first: 2026-11-25, 2026/11/25, 2026. 11. 25.; with 오전/오후 or AM/PM; the time of day may be left out. */
const yearFirst =
  /^(\d{4})[-/.년]\s?(\d{1,2})[-/.월]\s?(\d{1,2})[.일]?(?:[T\s]+(오전|오후|[AaPp][Mm])?\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(오전|오후|[AaPp][Mm])?)?$/;
/** Day first with dots, as in German: 25.11.2026 08:00:00. */
const dayFirst = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?$/;

/** How the times of a table are read, by its settings. Throws RangeError for an unknown zone. */
export function timeReader(config: Pick<FileConfig, 'timeFormat' | 'timeZone' | 'decimal'>): TimeReader {
  const zone = new ZonedTime(config.timeZone);
  const number = (text: string) => decimal(config.decimal === ',' ? text.replace(',', '.') : text);
  const excel = (days: number) => zone.toUtc(Math.round((days + excelEpochDays) * dayUs));
  const written = (text: string): number => {
    const iso = parseTimeUs(text);
    if (!Number.isNaN(iso)) return hasZone.test(text) ? iso : zone.toUtc(iso);
    return zone.toUtc(wallTime(text));
  };
  switch (config.timeFormat) {
    case 'epochS':
      return (text) => Math.round(number(text) * 1e6);
    case 'epochMs':
      return (text) => Math.round(number(text) * 1e3);
    case 'epochUs':
      return (text) => Math.round(number(text));
    case 'excel':
      return (text) => excel(number(text));
    case 'iso':
      return (text) => written(text.trim());
    case 'auto':
      return (text) => {
        const trimmed = text.trim();
        const n = number(trimmed);
        if (Number.isNaN(n)) return written(trimmed);
        if (n >= excelDays.from && n < excelDays.to) return excel(n);
        // Seconds, milliseconds or microseconds since 1970, by magnitude: 1e8 s is 1973, 1e11 s is the year 5138.
        return Math.round(n < 1e8 ? Number.NaN : n < 1e11 ? n * 1e6 : n < 1e14 ? n * 1e3 : n);
      };
  }
}

function wallTime(text: string): number {
  const y = yearFirst.exec(text);
  if (y) return fromParts(y[1]!, y[2]!, y[3]!, hour24(y[5] ?? '0', y[4] ?? y[9]), y[6], y[7], y[8]);
  const d = dayFirst.exec(text);
  if (d) return fromParts(d[3]!, d[2]!, d[1]!, Number(d[4] ?? 0), d[5], d[6], d[7]);
  return Number.NaN;
}

function hour24(hour: string, half: string | undefined): number {
  const h = Number(hour);
  if (half === undefined) return h;
  if (h < 1 || h > 12) return Number.NaN;
  return (h % 12) + (half === '오후' || half.toLowerCase() === 'pm' ? 12 : 0);
}

function fromParts(year: string, month: string, day: string, hour: number, ...rest: (string | undefined)[]): number {
  const two = (value: string | number) => String(value).padStart(2, '0');
  if (Number.isNaN(hour)) return Number.NaN;
  const [minute = '00', second = '00', fraction] = rest;
  return parseTimeUs(
    `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${fraction ? `.${fraction}` : ''}Z`,
  );
}
