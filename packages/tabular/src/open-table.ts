import { open, stat } from 'node:fs/promises';
import type { TableRow } from './cell.ts';
import { type CsvFormat, detectCsv, readCsv } from './csv-read.ts';
import { tabularError } from './errors.ts';
import { readParts, readShared, type WorkbookParts } from './xlsx-parts.ts';
import { type Merge, SheetScanner } from './xlsx-sheet.ts';
import { ZipFile } from './zip-read.ts';

export type { Merge } from './xlsx-sheet.ts';

export interface TableFile {
  format: 'xlsx' | 'csv';
  /** Of a CSV: how it was read. */
  csv: CsvFormat | null;
  sheets: readonly { name: string; hidden: boolean }[];
  /**
   * Rows that hold something, in chunks, as they are read; memory does not grow with the sheet. `progress` is told the
   * share read so far. Throws `tabular.tooManyRows` beyond the limit.
   */
  rows(sheet: number, options?: ReadOptions): AsyncGenerator<TableRow[]>;
  /** Reads the sheet once to its end: how much there is, its first rows, and its merged cells. */
  look(sheet: number, options?: ReadOptions & { head?: number }): Promise<SheetLook>;
  close(): Promise<void>;
}

export interface ReadOptions {
  progress?: (share: number) => void;
  abort?: AbortSignal;
  maxRows?: number;
}

export interface SheetLook {
  rows: number;
  columns: number;
  head: TableRow[];
  merges: Merge[];
}

/** Rows of one sheet that hold something. */
export const maxRows = 200_000;
/** XML of one sheet, unpacked; formatted empty rows pack very well, so the ratio says nothing. */
const sheetBytes = 800 * 1024 * 1024;
const headRows = 60;

/**
 * Opens a spreadsheet by its content; `name` is for messages. Throws `tabular.password`, `tabular.oldExcel`,
 * `tabular.binaryExcel`, `tabular.webPage`, `tabular.unknownFormat` (all 415) or `tabular.damaged`.
 */
export async function openTable(file: string, name: string): Promise<TableFile> {
  const head = await headOf(file, 4096);
  if (head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]))) return openXlsx(file, name);
  if (head.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex')))
    throw tabularError((await isEncrypted(file)) ? 'tabular.password' : 'tabular.oldExcel', { name }, { status: 415 });
  const text = head.toString('latin1');
  if (/^\s*(\xef\xbb\xbf)?\s*<(!doctype|html|head|meta|table|body|\?xml)/i.test(text))
    throw tabularError('tabular.webPage', { name }, { status: 415 });
  const csv = await detectCsv(file);
  const binary = csv.encoding.startsWith('utf-16') ? false : head.includes(0);
  if (binary || text.startsWith('%PDF')) throw tabularError('tabular.unknownFormat', { name }, { status: 415 });
  const { size } = await stat(file);
  return table('csv', csv, [{ name: name.replace(/\.[^.]*$/, ''), hidden: false }], async function* (_sheet, merges) {
    merges.length = 0;
    for await (const { rows, bytes } of readCsv(file, csv)) yield { rows, share: bytes / size };
  });
}

async function headOf(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(head, 0, bytes, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** A workbook with a password is an OLE container with a stream named `EncryptedPackage` (MS-OFFCRYPTO 2.3.4.4). */
async function isEncrypted(file: string): Promise<boolean> {
  const wanted = Buffer.from('EncryptedPackage', 'utf16le');
  const handle = await open(file, 'r');
  try {
    let before = Buffer.alloc(0);
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
      if (Buffer.concat([before, chunk]).includes(wanted)) return true;
      before = chunk.subarray(-wanted.length);
    }
    return false;
  } finally {
    await handle.close();
  }
}

async function openXlsx(file: string, name: string): Promise<TableFile> {
  const zip = await ZipFile.open(file, name);
  let parts: WorkbookParts;
  try {
    parts = await readParts(zip, name);
  } catch (error) {
    await zip.close();
    throw error;
  }
  let shared: Promise<(string | null)[]> | null = null;
  const texts = () => {
    shared ??= parts.sharedPart === null ? Promise.resolve([]) : readShared(zip, parts.sharedPart, name);
    return shared;
  };
  const made = table('xlsx', null, parts.sheets, async function* (sheet, merges) {
    const { part } = parts.sheets[sheet]!;
    const scanner = new SheetScanner({ ...parts, name, shared: await texts() });
    const decoder = new TextDecoder();
    let done = 0;
    for await (const chunk of zip.stream(part, sheetBytes)) {
      done += chunk.length;
      // How large the part is, nobody knows for certain before its end.
      yield { rows: scanner.push(decoder.decode(chunk, { stream: true })), share: done / (done + 4_000_000) };
    }
    yield { rows: scanner.push(decoder.decode()), share: 1 };
    merges.splice(0, merges.length, ...scanner.merges);
  });
  return { ...made, close: () => zip.close() };
}

type Source = (sheet: number, merges: Merge[]) => AsyncGenerator<{ rows: TableRow[]; share: number }>;

function table(format: 'xlsx' | 'csv', csv: CsvFormat | null, sheets: TableFile['sheets'], source: Source): TableFile {
  const read = async function* (sheet: number, merges: Merge[], options: ReadOptions): AsyncGenerator<TableRow[]> {
    if (!sheets[sheet]) throw tabularError('tabular.noSheet', { sheet: sheet + 1 }, { status: 404 });
    const limit = options.maxRows ?? maxRows;
    let count = 0;
    for await (const { rows, share } of source(sheet, merges)) {
      options.abort?.throwIfAborted();
      count += rows.length;
      if (count > limit) throw tabularError('tabular.tooManyRows', { limit }, { status: 413 });
      options.progress?.(share);
      if (rows.length > 0) yield rows;
    }
  };
  return {
    ...{ format, csv, sheets },
    rows: (sheet, options = {}) => read(sheet, [], options),
    look: async (sheet, options = {}) => {
      const merges: Merge[] = [];
      const head: TableRow[] = [];
      let rows = 0;
      let columns = 0;
      for await (const some of read(sheet, merges, options)) {
        rows += some.length;
        for (const row of some) {
          columns = Math.max(columns, row.cells.length);
          if (head.length < (options.head ?? headRows)) head.push(row);
        }
      }
      return { rows, columns, head, merges };
    },
    close: async () => {},
  };
}
