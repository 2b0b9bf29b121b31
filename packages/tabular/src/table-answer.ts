import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import { WallTime } from './cell.ts';
import { type OutCell, writeCsv } from './csv-write.ts';
import { writeXlsx } from './xlsx-write.ts';

const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** What a route answers that gives a list as a file; the first row is the heading. */
export function tableAnswer(name: string, format: 'csv' | 'xlsx', rows: readonly (readonly OutCell[])[]): BytesAnswer {
  const bytes = format === 'csv' ? writeCsv(rows) : writeXlsx([{ name, rows }]);
  return new BytesAnswer(bytes, { name: `${name}.${format}`, type: types[format] });
}

/** A moment as the clock on the plant's wall showed it; null stays an empty cell. */
export function wallTime(timeUs: number | null, timeZone: string): WallTime | null {
  if (timeUs === null) return null;
  // The Swedish way of writing times is ISO 8601 with a blank.
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
    timeUs / 1000,
  );
  return new WallTime(Date.parse(`${text.replace(' ', 'T')}Z`));
}
