import { showCell, type WallTime } from './cell.ts';

export type OutCell = string | number | boolean | WallTime | null;

/** A CSV with a byte order mark, as Korean Excel wants it; texts that a spreadsheet would run as formulas are defused. */
export function writeCsv(rows: Iterable<readonly OutCell[]>): Uint8Array {
  const lines: string[] = [];
  for (const row of rows) lines.push(row.map(field).join(','));
  return new TextEncoder().encode(`\uFEFF${lines.join('\r\n')}\r\n`);
}

function field(cell: OutCell): string {
  if (typeof cell === 'number') return String(cell);
  const text = showCell(cell);
  const safe =
    typeof cell === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^[+-]?[\d.,]+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
