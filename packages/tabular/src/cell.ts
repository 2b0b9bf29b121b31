/** A date or time as written, without a zone: ms since 1970-01-01 as if the wall clock were UTC. */
export class WallTime {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** A cell that holds no value that could be believed; `code` is one of the package's error codes. */
export class CellFault {
  readonly code: string;
  readonly value: string;
  constructor(code: string, value: string) {
    this.code = code;
    this.value = value;
  }
}

/** Texts are trimmed (also of no-break, full-width and zero-width blanks); an empty one is null. */
export type Cell = null | string | number | boolean | WallTime | CellFault;

export interface TableRow {
  /** As the spreadsheet program counts, from 1; of a CSV, the line on which the row begins. */
  row: number;
  cells: Cell[];
}

const blank = /[\s\u00a0\u3000\u200b\ufeff]/;

export function textCell(text: string): string | null {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const plain = first > 32 && first < 127 && last > 32 && last < 127;
  const trimmed = plain ? text : trimmedText(text);
  return trimmed === '' ? null : trimmed;
}

/** From both ends: a pattern would try its luck at every blank inside. */
function trimmedText(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && blank.test(text[from]!)) from++;
  while (to > from && blank.test(text[to - 1]!)) to--;
  return text.slice(from, to);
}

/** As a person would read it in the sheet. */
export function showCell(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof CellFault) return cell.value;
  if (cell instanceof WallTime) {
    const iso = new Date(cell.ms).toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
  }
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return String(cell);
}
