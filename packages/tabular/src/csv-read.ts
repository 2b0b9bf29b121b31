import { open } from 'node:fs/promises';
import { type Cell, CellFault, type TableRow, textCell } from './cell.ts';
import { Cp949Decoder } from './cp949.ts';
import { tabularError } from './errors.ts';
import { maxColumns } from './xlsx-sheet.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'cp949';

export interface CsvFormat {
  encoding: Encoding;
  delimiter: string;
}

const chunkBytes = 128 * 1024;
const delimiters = ['\t', ',', ';', '|'] as const;
const maxFieldLetters = 1_000_000;
/** Looked at to tell two encodings apart. */
const comparedBytes = 8 * 1024 * 1024;

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) yield chunk;
  } finally {
    await handle.close();
  }
}

/** Looks through the whole file: a Korean letter may come late in what seemed to be English. */
export async function detectCsv(file: string): Promise<CsvFormat> {
  let encoding: Encoding | null = null;
  let head = Buffer.alloc(0);
  const strict = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of bytesOf(file)) {
    if (head.length === 0) encoding = markedEncoding(chunk);
    if (head.length < chunkBytes) head = Buffer.concat([head, chunk.subarray(0, chunkBytes)]);
    if (encoding !== null) break;
    try {
      strict.decode(chunk, { stream: true });
    } catch {
      encoding = await likelier(file);
      break;
    }
  }
  if (encoding === null) encoding = endsWhole(strict) ? 'utf-8' : await likelier(file);
  return { encoding, delimiter: guessDelimiter(decoderOf(encoding).decode(head)) };
}

function decoderOf(encoding: Encoding): Pick<Cp949Decoder, 'decode'> {
  return encoding === 'cp949' ? new Cp949Decoder() : new TextDecoder(encoding);
}

function endsWhole(strict: InstanceType<typeof TextDecoder>): boolean {
  try {
    strict.decode();
    return true;
  } catch {
    return false;
  }
}

/**
 * Of a file that is no whole UTF-8: one cut letter (a program that counts bytes) does not make it CP949. What breaks
 * fewer letters is taken.
 */
async function likelier(file: string): Promise<Encoding> {
  const [utf8, cp949] = [new TextDecoder('utf-8'), new Cp949Decoder()];
  const broken = (text: string) => text.split('\ufffd').length - 1;
  let difference = 0;
  let bytes = 0;
  for await (const chunk of bytesOf(file)) {
    difference += broken(utf8.decode(chunk, { stream: true })) - broken(cp949.decode(chunk, { stream: true }));
    bytes += chunk.length;
    if (bytes >= comparedBytes) break;
  }
  return difference < 0 ? 'utf-8' : 'cp949';
}

/** UTF-8 and UTF-16 by their marks, UTF-16 also by the zero bytes of its plain letters. */
function markedEncoding(chunk: Buffer): Encoding | null {
  if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) return 'utf-8';
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be';
  const sample = chunk.subarray(0, 2000);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) i % 2 === 0 ? even++ : odd++;
  if (odd > sample.length / 8 && even === 0) return 'utf-16le';
  if (even > sample.length / 8 && odd === 0) return 'utf-16be';
  return null;
}

/** The delimiter that gives most lines the same number of fields, more than one. */
function guessDelimiter(text: string): string {
  const bare = text.replace(/"(?:[^"]|"")*"/g, '""');
  const lines = bare
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 30);
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => line.split(delimiter).length - 1).filter((n) => n > 0);
    if (counts.length === 0) continue;
    const usual = [...counts].sort((a, b) => a - b)[Math.floor(counts.length / 2)]!;
    const score = counts.filter((n) => n === usual).length / lines.length + Math.min(usual, 50) / 1000;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Rows of a CSV in chunks as they are read; empty ones are left out. Throws `tabular.openQuote`. */
export async function* readCsv(file: string, format: CsvFormat): AsyncGenerator<{ rows: TableRow[]; bytes: number }> {
  const decoder = decoderOf(format.encoding);
  const parser = new CsvParser(format.delimiter);
  let bytes = 0;
  for await (const chunk of bytesOf(file)) {
    bytes += chunk.length;
    yield { rows: parser.push(decoder.decode(chunk, { stream: true })), bytes };
  }
  yield { rows: parser.end(decoder.decode()), bytes };
}

/** RFC 4180, with any line ends; quotes inside an unquoted field are letters. */
class CsvParser {
  readonly #delimiter: number;
  #text = '';
  #line = 1;
  #rowLine = 1;
  #cells: Cell[] = [];
  #filled = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  push(piece: string): TableRow[] {
    this.#text += piece;
    return this.#parse(false);
  }

  end(piece: string): TableRow[] {
    this.#text += piece;
    return this.#parse(true);
  }

  #parse(last: boolean): TableRow[] {
    const rows: TableRow[] = [];
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const field = text.charCodeAt(at) === 34 ? this.#quoted(text, at, last) : this.#plain(text, at, last);
      if (field === null) break;
      this.#add(field.value);
      const stop = text.charCodeAt(field.end);
      if (stop === this.#delimiter) {
        at = field.end + 1;
        continue;
      }
      at = field.end + (stop === 13 && text.charCodeAt(field.end + 1) === 10 ? 2 : 1);
      this.#line++;
      this.#endRow(rows);
    }
    this.#text = text.slice(at);
    if (this.#text.length > 2 * maxFieldLetters)
      throw tabularError('tabular.openQuote', { line: this.#line }, { status: 422 });
    if (last) this.#endRow(rows);
    return rows;
  }

  /** A field and where it ends: at a delimiter, a line's end or the text's; null when more text is needed. */
  #plain(text: string, from: number, last: boolean): { value: string; end: number } | null {
    for (let i = from; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === this.#delimiter || code === 10) return { value: text.slice(from, i), end: i };
      if (code !== 13) continue;
      if (i + 1 === text.length && !last) return null;
      return { value: text.slice(from, i), end: i };
    }
    return last ? { value: text.slice(from), end: text.length } : null;
  }

  #quoted(text: string, from: number, last: boolean): { value: string; end: number } | null {
    let quote = text.indexOf('"', from + 1);
    while (quote >= 0 && text.charCodeAt(quote + 1) === 34) quote = text.indexOf('"', quote + 2);
    if (quote < 0 || (quote + 1 >= text.length && !last)) {
      if (last) throw tabularError('tabular.openQuote', { line: this.#line }, { status: 422 });
      return null;
    }
    const inside = text.slice(from + 1, quote).replaceAll('""', '"');
    const rest = this.#plain(text, quote + 1, last);
    if (rest === null) return null;
    this.#line += inside.split('\n').length - 1;
    return { value: inside + rest.value, end: rest.end };
  }

  #add(value: string): void {
    const cell = textCell(value);
    if (this.#cells.length >= maxColumns) return;
    if (cell !== null) this.#filled = true;
    this.#cells.push(cell?.includes('\ufffd') ? new CellFault('tabular.badLetters', cell.slice(0, 40)) : cell);
  }

  #endRow(rows: TableRow[]): void {
    if (this.#filled) rows.push({ row: this.#rowLine, cells: this.#cells });
    this.#cells = [];
    this.#filled = false;
    this.#rowLine = this.#line;
  }
}
