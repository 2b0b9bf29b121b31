import { type Cell, CellFault, type TableRow, textCell } from './cell.ts';
import { tabularError } from './errors.ts';
import { isSerial, wallOfSerial } from './number-format.ts';
import { attribute, joinedText, tagsOf, unescapeXml } from './xml.ts';

export interface SheetContext {
  name: string;
  shared: readonly (string | null)[];
  dateStyles: readonly boolean[];
  is1904: boolean;
}

/** A merged block of cells: rows from 1, columns from 0, ends included. */
export interface Merge {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** Of a row, and of what stands before the first. */
const maxRowLetters = 2_000_000;
/** Columns that are read, of a workbook and of a CSV. */
export const maxColumns = 2_000;
const maxMerges = 10_000;

/** `AB12` → 27. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const code = reference.charCodeAt(i) & 0xdf;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

/** 27 → `AB`. */
export function columnName(column: number): string {
  let name = '';
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) name = String.fromCharCode(65 + ((n - 1) % 26)) + name;
  return name;
}

/** Takes the XML of a worksheet in pieces and gives its rows; merged cells stand after them, in `merges`. */
export class SheetScanner {
  readonly #context: SheetContext;
  readonly merges: Merge[] = [];
  #rest = '';
  #part: 'before' | 'rows' | 'after' = 'before';
  #prefix = '';
  #lastRow = 0;

  constructor(context: SheetContext) {
    this.#context = context;
  }

  /** Rows that hold something, in their order; throws `tabular.damaged`. */
  push(piece: string): TableRow[] {
    const text = this.#rest + piece;
    let at = 0;
    const rows: TableRow[] = [];
    if (this.#part === 'before') {
      const match = /<(\w+:)?sheetData(\s[^<>]*)?(\/?)>/.exec(text);
      if (!match) {
        this.#keep(text);
        return rows;
      }
      this.#prefix = match[1] ?? '';
      this.#part = match[3] === '/' ? 'after' : 'rows';
      at = match.index + match[0].length;
    }
    if (this.#part === 'rows') at = this.#rows(text, at, rows);
    if (this.#part === 'after') {
      const tail = text.slice(at);
      const end = tail.lastIndexOf('>');
      for (const tag of tagsOf(tail.slice(0, end + 1), 'mergeCell')) this.#merge(attribute(tag, 'ref') ?? '');
      this.#keep(tail.slice(end + 1));
    }
    return rows;
  }

  #keep(text: string): void {
    if (text.length > maxRowLetters)
      throw tabularError('tabular.damaged', { name: this.#context.name, detail: 'row' }, { status: 422 });
    this.#rest = text;
  }

  #rows(text: string, from: number, rows: TableRow[]): number {
    const open = `<${this.#prefix}row`;
    const close = `</${this.#prefix}row>`;
    const done = `</${this.#prefix}sheetData>`;
    // Looked for once: to the end of the piece from every row would be its length squared.
    const end = text.indexOf(done, from);
    let at = from;
    for (;;) {
      const start = text.indexOf(open, at);
      if (end >= 0 && (start < 0 || end < start)) {
        this.#part = 'after';
        return end + done.length;
      }
      const tagEnd = start < 0 ? -1 : text.indexOf('>', start);
      if (tagEnd < 0) {
        this.#keep(text.slice(start < 0 ? Math.max(at, text.length - done.length) : start));
        return at;
      }
      const number = Number(attribute(text.slice(start, tagEnd), 'r') ?? this.#lastRow + 1);
      if (text[tagEnd - 1] === '/') {
        this.#lastRow = number;
        at = tagEnd + 1;
        continue;
      }
      const rowEnd = text.indexOf(close, tagEnd);
      if (rowEnd < 0) {
        this.#keep(text.slice(start));
        return at;
      }
      this.#lastRow = number;
      const cells = this.#cells(text.slice(tagEnd + 1, rowEnd));
      if (cells.length > 0) rows.push({ row: number, cells });
      at = rowEnd + close.length;
    }
  }

  #cells(xml: string): Cell[] {
    const cells: Cell[] = [];
    const open = `<${this.#prefix}c`;
    const close = `</${this.#prefix}c>`;
    let column = -1;
    let filled = 0;
    for (let at = xml.indexOf(open); at >= 0; at = xml.indexOf(open, at)) {
      const gt = xml.indexOf('>', at);
      if (gt < 0) break;
      const tag = xml.slice(at + open.length, gt);
      const reference = attribute(tag, 'r');
      column = reference === undefined ? column + 1 : columnOf(reference);
      if (xml[gt - 1] === '/') {
        at = gt + 1;
        continue;
      }
      const end = xml.indexOf(close, gt);
      if (end < 0) break;
      at = end + close.length;
      if (column < 0 || column >= maxColumns) continue;
      const cell = this.#cell(tag, xml.slice(gt + 1, end));
      if (cell === null) continue;
      while (cells.length < column) cells.push(null);
      cells[column] = cell;
      filled++;
    }
    return filled === 0 ? [] : cells;
  }

  #cell(tag: string, xml: string): Cell {
    const type = attribute(tag, 't') ?? 'n';
    if (type === 'inlineStr') return textCell(joinedText(xml));
    const p = this.#prefix;
    const isFormula = xml.includes(`<${p}f`);
    const from = xml.indexOf(`<${p}v`);
    const gt = from < 0 ? -1 : xml.indexOf('>', from);
    const value = gt < 0 || xml[gt - 1] === '/' ? '' : xml.slice(gt + 1, xml.indexOf(`</${p}v>`, gt));
    // An empty text is a result too; only a formula without any value was never calculated.
    if (from < 0 && isFormula) return new CellFault('tabular.formulaNoValue', '');
    if (type === 's') {
      const index = Number(value);
      const text = this.#context.shared[index];
      return text === undefined ? new CellFault('tabular.formulaLies', value) : text;
    }
    if (type === 'e') return new CellFault('tabular.formulaError', unescapeXml(value));
    if (type === 'str') return textCell(unescapeXml(value));
    if (value === '') return null;
    if (type === 'b') {
      if (value === '1' || value === '0') return value === '1';
      return new CellFault('tabular.formulaLies', unescapeXml(value));
    }
    if (type === 'd') {
      const ms = Date.parse(value.endsWith('Z') ? value : `${value}Z`);
      return Number.isNaN(ms)
        ? new CellFault('tabular.formulaLies', value)
        : wallOfSerial(ms / 86_400_000 + 25_569, false);
    }
    return this.#number(value, attribute(tag, 's'));
  }

  #number(text: string, style: string | undefined): Cell {
    const value = Number(text);
    if (!Number.isFinite(value) || text.trim() === '') return new CellFault('tabular.formulaLies', unescapeXml(text));
    if (style !== undefined && this.#context.dateStyles[Number(style)] === true && isSerial(value))
      return wallOfSerial(value, this.#context.is1904);
    // Excel itself shows 15 digits; more are the noise of its binary arithmetic.
    return Number.isInteger(value) ? value : Number(value.toPrecision(15));
  }

  #merge(reference: string): void {
    const [from = '', to = from] = reference.split(':');
    if (this.merges.length >= maxMerges) return;
    const rowOf = (text: string) => Number(/\d+/.exec(text)?.[0] ?? 0);
    this.merges.push({ top: rowOf(from), bottom: rowOf(to), left: columnOf(from), right: columnOf(to) });
  }
}
