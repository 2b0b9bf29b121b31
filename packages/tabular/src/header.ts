import { createHash } from 'node:crypto';
import { type Cell, showCell, type TableRow } from './cell.ts';
import type { Merge, SheetLook } from './open-table.ts';

export interface Header {
  /** Rows of the sheet, from 1, ends included. */
  top: number;
  bottom: number;
  columns: { index: number; name: string; parts: string[] }[];
}

/** A heading of more rows is taken for data. */
const maxHeaderRows = 4;
const searchedRows = 30;
/** Letters of one line of a heading. */
const maxName = 200;

/**
 * Where the heading of a table is: the first row whose cells are mostly different words, as wide as what follows; with the
 * rows that its merged cells reach down to. A title over the whole width is none, for it is one word. Pure.
 */
export function detectHeader(look: SheetLook): Header | null {
  const rows = look.head.map((row) => ({ row: row.row, cells: spread(row, look.merges, look.head) }));
  const widths = rows.map((r) => r.cells.filter((c) => c !== null && c !== undefined).length).sort((a, b) => a - b);
  const usual = widths[Math.floor(widths.length / 2)] ?? 0;
  const found = rows.slice(0, searchedRows).find((row) => isHeading(row.cells, usual)) ?? rows[0];
  if (!found) return null;
  return headerAt(look, found.row, bottomOf(found.row, look));
}

/** The heading that stands in the given rows. */
export function headerAt(look: SheetLook, top: number, bottom: number): Header {
  const columns: Header['columns'] = [];
  const rows = look.head.filter((r) => r.row >= top && r.row <= bottom);
  const spreadRows = rows.map((row) => spread(row, look.merges, look.head));
  // Rows of a merged heading that hold nothing of their own are not among those read.
  for (let index = 0; index < look.columns; index++) {
    const parts: string[] = [];
    for (const cells of spreadRows) {
      const text = showCell(cells[index]).slice(0, maxName).replace(/\s+/g, ' ');
      if (text !== '' && parts.at(-1) !== text) parts.push(text);
    }
    if (parts.length > 0) columns.push({ index, name: parts.join(' '), parts });
  }
  return { top, bottom, columns };
}

/** Tables with the same heading have the same one, whatever stands below it. */
export function headerFingerprint(header: Header): string {
  const names = header.columns.map((c) => `${c.index}:${plainName(c.name)}`);
  return createHash('sha256').update(names.join('\n')).digest('hex');
}

/** A heading as it is compared: no case, blanks, brackets with what is in them, or punctuation. */
export function plainName(name: string): string {
  const plain = (text: string) =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}#%]+/gu, '');
  return plain(name.replace(/[([{（【].*?[)\]}）】]/g, ' ')) || plain(name);
}

function isHeading(cells: readonly (Cell | undefined)[], usual: number): boolean {
  const filled = cells.filter((cell) => cell !== null && cell !== undefined);
  const words = new Set(filled.filter((cell) => typeof cell === 'string' && !/^[\d.,\-/:\s%]+$/.test(cell)));
  if (usual <= 1) return words.size === 1 && filled.length === 1;
  return words.size >= Math.max(2, usual * 0.6) && words.size >= filled.length * 0.7;
}

function bottomOf(top: number, look: SheetLook): number {
  const own = look.merges.filter((m) => m.top === top);
  const down = Math.max(top, ...own.map((m) => m.bottom));
  const across = own.some((m) => m.right > m.left);
  return Math.min(top + maxHeaderRows - 1, across ? Math.max(down, top + 1) : down);
}

/** A row with the value of each merged block in all of its cells. */
function spread(row: TableRow, merges: readonly Merge[], all: readonly TableRow[]): (Cell | undefined)[] {
  const cells: (Cell | undefined)[] = [...row.cells];
  for (const m of merges) {
    if (row.row < m.top || row.row > m.bottom) continue;
    const value = all.find((r) => r.row === m.top)?.cells[m.left];
    if (value === null || value === undefined) continue;
    for (let column = m.left; column <= Math.min(m.right, 2000); column++) cells[column] = value;
  }
  return cells;
}
