import { WallTime } from './cell.ts';

/** Built-in formats that are dates or times (ECMA-376 18.8.30; 27–36 and 50–58 are those of East Asian Excel). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Excel's own limit. */
const maxCode = 255;

/** Whether cells of this format hold a date or time. `code` is the custom format's text, if it is one. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  const bare = code
    .slice(0, maxCode)
    .replace(/"[^"]*"/g, '')
    .replace(/\\./g, '')
    .replace(/[_*]./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  if (/general/i.test(bare)) return false;
  return /[ymdhs]/i.test(bare.split(';')[0] ?? '') && !/[#?]/.test(bare.split(';')[0] ?? '');
}

const dayMs = 86_400_000;
/** 1970-01-01 in the 1900 system, whose day 60 (1900-02-29) never was; the 1904 system begins 1,462 days later. */
const unixSerial = 25_569;
const offset1904 = 1462;

/** 9999-12-31, the last day that Excel shows; a larger number in a cell of a date's format is no date. */
const lastSerial = 2_958_466;

export function isSerial(value: number): boolean {
  return value >= 0 && value < lastSerial;
}

/** An Excel serial as wall time, to the millisecond. */
export function wallOfSerial(serial: number, is1904: boolean): WallTime {
  const days = is1904 ? serial + offset1904 : serial >= 1 && serial < 60 ? serial + 1 : serial;
  return new WallTime(Math.round((days - unixSerial) * dayMs));
}

export function serialOfWall(ms: number): number {
  return ms / dayMs + unixSerial;
}
