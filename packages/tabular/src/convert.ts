import { type Cell, CellFault, showCell, WallTime } from './cell.ts';
import { wallOfSerial } from './number-format.ts';

/** What a cell was meant to be, or why it cannot be that: a code of the package's errors. */
export type Converted<T> = { value: T } | { fault: string };

const fault = (code: string) => ({ fault: code });
const dayMs = 86_400_000;
const years = { from: Date.UTC(1900, 0, 1), to: Date.UTC(2200, 0, 1) };
/** 1954-10-03 … 2118-12-31: a bare number in a date column that lies outside is no Excel serial. */
const serials = { from: 20_000, to: 80_000 };

/** No number, date or yes is written longer. */
const longest = 100;

export function isFault(cell: Cell): cell is CellFault {
  return cell instanceof CellFault;
}

/** Text; a number as it is written in full (`10045`, not `1.0e4`), a date as yyyy-mm-dd. */
export function toText(cell: Cell, limit: number): Converted<string> {
  if (isFault(cell)) return fault(cell.code);
  const text = typeof cell === 'number' ? plainNumber(cell) : showCell(cell);
  return text.length > limit ? fault('tabular.textTooLong') : { value: text };
}

function plainNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value);
}

/** `1,234.5`, `(12)` or `△12` as −12, `12%` as 0.12, full-width digits; nothing else beside the number but ₩ and 원. */
export function toNumber(cell: Cell): Converted<number> {
  if (isFault(cell)) return fault(cell.code);
  if (typeof cell === 'number') return { value: cell };
  if (typeof cell !== 'string' || cell.length > longest) return fault('tabular.notNumber');
  let text = cell.normalize('NFKC').replace(/[\s₩\\$]|원$/g, '');
  let factor = 1;
  const bracketed = /^\((.*)\)$/.exec(text) ?? /^[△▲−–](.*)$/.exec(text);
  if (bracketed) {
    text = bracketed[1]!;
    factor = -1;
  }
  if (text.endsWith('%')) {
    text = text.slice(0, -1);
    factor /= 100;
  }
  if (!/^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d+)?$/i.test(text) || !/\d/.test(text))
    return fault('tabular.notNumber');
  const value = Number(text.replaceAll(',', '')) * factor;
  return Number.isFinite(value) ? { value: Number(value.toPrecision(15)) } : fault('tabular.notNumber');
}

export function toInteger(cell: Cell): Converted<number> {
  const number = toNumber(cell);
  if ('fault' in number) return number;
  return Number.isSafeInteger(number.value) ? number : fault('tabular.notInteger');
}

const yes = new Set(['y', 'yes', 'true', 't', '1', 'o', '예', '사용', '유', '○', '◯', '●', '✓', 'v', '참', 'on']);
const no = new Set([
  'n',
  'no',
  'false',
  'f',
  '0',
  'x',
  '아니오',
  '아니요',
  '미사용',
  '사용안함',
  '무',
  '×',
  '거짓',
  'off',
  '-',
]);

export function toBoolean(cell: Cell): Converted<boolean> {
  if (isFault(cell)) return fault(cell.code);
  if (typeof cell === 'boolean') return { value: cell };
  const text = showCell(cell).slice(0, longest).toLowerCase().replace(/\s/g, '');
  if (yes.has(text)) return { value: true };
  return no.has(text) ? { value: false } : fault('tabular.notBoolean');
}

/** A date as `yyyy-mm-dd`; a time of day beside it is left out. */
export function toDay(cell: Cell): Converted<string> {
  const wall = toWall(cell, 'tabular.notDay');
  return 'fault' in wall ? wall : { value: new Date(wall.value).toISOString().slice(0, 10) };
}

/**
 * Date and time, as wall-clock ms (see `WallTime`). Understood: Excel dates and serials, `2026-11-25`, `2026.11.25.`,
 * `26/11/25`, `20261125`, `2026년 11월 25일`, `25-Nov-2026`, day and month in any order where only one is possible, each
 * with `14:30`, `14:30:05`, `오후 2:30`, `2시 30분` behind it.
 */
export function toWall(cell: Cell, code = 'tabular.notTime'): Converted<number> {
  if (isFault(cell)) return fault(cell.code);
  if (cell instanceof WallTime) return cell.ms < years.to && cell.ms >= years.from ? { value: cell.ms } : fault(code);
  if (typeof cell === 'number') return ofNumber(cell, code);
  if (typeof cell !== 'string' || cell.length > longest) return fault(code);
  const text = cell.normalize('NFKC').trim();
  if (/^\d+(\.\d+)?$/.test(text) && !/^\d\d?\.\d\d?$/.test(text)) return ofNumber(Number(text), code);
  const { rest, clock } = splitClock(text);
  if (clock === null) return fault(code);
  const day = dayOf(rest.replace(/\s*\(?[월화수목금토일]\)?(요일)?$/, '').trim(), code);
  return 'fault' in day ? day : { value: day.value + clock };
}

/** Minutes since midnight. */
export function toClock(cell: Cell): Converted<number> {
  if (isFault(cell)) return fault(cell.code);
  if (cell instanceof WallTime) return { value: Math.round((((cell.ms % dayMs) + dayMs) % dayMs) / 60_000) };
  if (typeof cell === 'number' && cell >= 0 && cell < 1) return { value: Math.round(cell * 1440) };
  if (typeof cell !== 'string' || cell.length > longest) return fault('tabular.notTime');
  const { rest, clock } = splitClock(` ${cell.normalize('NFKC').trim()}`);
  return rest.trim() === '' && clock !== null && clock > 0
    ? { value: Math.round(clock / 60_000) % 1440 }
    : zeroClock(cell);
}

function zeroClock(text: string): Converted<number> {
  return /^(0?0|24):00(:00)?$/.test(text.trim()) ? { value: 0 } : fault('tabular.notTime');
}

function ofNumber(value: number, code: string): Converted<number> {
  if (value >= serials.from && value < serials.to) return { value: wallOfSerial(value, false).ms };
  const digits = String(value);
  if (/^(19|20|21)\d{6}$/.test(digits))
    return valid(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6)), code);
  return fault(code);
}

/** Takes the time of day off the end; ms since midnight, 0 when there is none, null when it is wrong. */
function splitClock(text: string): { rest: string; clock: number | null } {
  const match =
    /[\sT](오전|오후|am|pm)?\s*(\d{1,2})(?::|시\s*)(?:(\d{1,2})(?:분)?)?(?::?\s*(\d{1,2})(?:\.\d+)?초?)?\s*(am|pm)?\s*Z?$/i.exec(
      text,
    );
  if (!match) return { rest: text, clock: 0 };
  const half = (match[1] ?? match[5] ?? '').toLowerCase();
  let hour = Number(match[2]);
  if (half !== '' && (hour < 1 || hour > 12)) return { rest: text, clock: null };
  if (/오후|pm/.test(half) && hour < 12) hour += 12;
  if (/오전|am/.test(half) && hour === 12) hour = 0;
  const minute = Number(match[3] ?? 0);
  const second = Number(match[4] ?? 0);
  const wrong = hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second > 0);
  return { rest: text.slice(0, match.index), clock: wrong ? null : (hour * 3600 + minute * 60 + second) * 1000 };
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function dayOf(text: string, code: string): Converted<number> {
  const korean = /^(\d{2}|\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일?$/.exec(text);
  if (korean) return valid(fullYear(korean[1]!), Number(korean[2]), Number(korean[3]), code);
  const named = /^(\d{1,2})[-\s./]?([A-Za-z]{3})[a-z]*[-\s./,]*(\d{4}|\d{2})$/.exec(text);
  if (named) return valid(fullYear(named[3]!), months.indexOf(named[2]!.toLowerCase()) + 1, Number(named[1]), code);
  const parts = /^(\d{1,4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,4})\.?$/.exec(text);
  if (!parts) return fault(code);
  const [a = '', b = '', c = ''] = parts.slice(1);
  if (a.length === 4) return valid(Number(a), Number(b), Number(c), code);
  if (c.length === 4) {
    // Day and month stand in either order abroad: only where one of them cannot be a month is it clear.
    const [first, second] = [Number(a), Number(b)];
    if (first > 12) return valid(Number(c), second, first, code);
    if (second > 12 || first === second) return valid(Number(c), first, second, code);
    return fault('tabular.ambiguousDay');
  }
  // Two digits everywhere: as Koreans write it, the year first.
  return a.length === 2 ? valid(fullYear(a), Number(b), Number(c), code) : fault(code);
}

function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year < 80 ? 2000 + year : 1900 + year;
}

function valid(year: number, month: number, day: number, code: string): Converted<number> {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  const right = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return right && ms >= years.from && ms < years.to ? { value: ms } : fault(code);
}
