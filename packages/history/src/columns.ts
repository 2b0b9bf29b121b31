import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/** Samples of one signal in columns. */
export interface Columns {
  length: number;
  times: Float64Array;
  numbers: Float64Array;
  quality: Uint8Array;
  texts: (string | null)[] | null;
}

/** Columns of a query's result chunks, without an object per row. */
export function doubles(chunk: DuckDBDataChunk, column: number): Float64Array {
  return (chunk.getColumnVector(column) as unknown as { items: Float64Array }).items;
}

export function bytes(chunk: DuckDBDataChunk, column: number): Uint8Array {
  return (chunk.getColumnVector(column) as unknown as { items: Uint8Array }).items;
}

/** Results up to about this many rows are taken at once: a thread hop per 2,048 rows would cost more than the query. */
const AT_ONCE = 1_000_000;

/**
 * Calls back for each chunk of the result, in order; the chunk is valid only within the call. Results expected to be
 * large are streamed, so that memory stays flat.
 */
export async function eachChunk(
  connection: DuckDBConnection,
  sql: string,
  take: (chunk: DuckDBDataChunk) => boolean | undefined,
  expectedRows = 0,
): Promise<void> {
  if (expectedRows <= AT_ONCE) {
    const result = await connection.run(sql);
    for (let i = 0; i < result.chunkCount; i++) {
      if (take(result.getChunk(i)) === false) return;
      if (i % 128 === 127) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return;
  }
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    if (take(chunk) === false) return;
  }
}

/** Columns that grow by doubling. */
export class ColumnBuilder implements Columns {
  length = 0;
  times = new Float64Array(0);
  numbers = new Float64Array(0);
  quality = new Uint8Array(0);
  texts: (string | null)[] | null = null;

  /** Chunk columns: time, number (both DOUBLE), quality, text when `withText`. */
  addChunk(chunk: DuckDBDataChunk, withText: boolean): void {
    const n = chunk.rowCount;
    this.#reserve(this.length + n);
    this.times.set(doubles(chunk, 0), this.length);
    this.numbers.set(doubles(chunk, 1), this.length);
    this.quality.set(bytes(chunk, 2), this.length);
    if (withText) {
      const values = chunk.getColumnValues(3) as (string | null)[];
      this.texts ??= new Array<string | null>(this.length).fill(null);
      for (let i = 0; i < n; i++) this.texts[this.length + i] = values[i]!;
    } else if (this.texts) {
      for (let i = 0; i < n; i++) this.texts[this.length + i] = null;
    }
    this.length += n;
  }

  addColumns(rows: Columns): void {
    const n = rows.length;
    this.#reserve(this.length + n);
    this.times.set(rows.times.subarray(0, n), this.length);
    this.numbers.set(rows.numbers.subarray(0, n), this.length);
    this.quality.set(rows.quality.subarray(0, n), this.length);
    if (rows.texts) {
      this.texts ??= new Array<string | null>(this.length).fill(null);
      for (let i = 0; i < n; i++) this.texts[this.length + i] = rows.texts[i] ?? null;
    } else if (this.texts) {
      for (let i = 0; i < n; i++) this.texts[this.length + i] = null;
    }
    this.length += n;
  }

  /** Adds those of the rows whose time is within [lo, hi]. */
  addWithin(rows: Columns, lo: number, hi: number): void {
    const keep: number[] = [];
    for (let i = 0; i < rows.length; i++) if (rows.times[i]! >= lo && rows.times[i]! <= hi) keep.push(i);
    if (keep.length > 0) this.addColumns(keep.length === rows.length ? rows : pick(rows, keep));
  }

  #reserve(n: number): void {
    if (n <= this.times.length) return;
    const size = Math.max(n, this.times.length * 2);
    const times = new Float64Array(size);
    times.set(this.times);
    this.times = times;
    const numbers = new Float64Array(size);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const quality = new Uint8Array(size);
    quality.set(this.quality);
    this.quality = quality;
  }
}

/**
 * Rows sorted by time, equal times in the order given, later repeats of a (time, value, quality) left out. Already
 * strictly ascending rows, the usual case, are returned as they are.
 */
export function sortedDistinct(rows: Columns): Columns {
  if (strictlyAscending(rows)) return rows;
  const order = new Uint32Array(rows.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  const { times } = rows;
  order.sort((a, b) => times[a]! - times[b]! || a - b);
  const keep: number[] = [];
  let runStart = 0;
  for (const i of order) {
    if (keep.length > 0 && times[keep.at(-1)!] !== times[i]) runStart = keep.length;
    let repeat = false;
    for (let k = runStart; k < keep.length && !repeat; k++) repeat = same(rows, keep[k]!, i);
    if (!repeat) keep.push(i);
  }
  return pick(rows, keep);
}

function strictlyAscending({ times, length }: Columns): boolean {
  for (let i = 1; i < length; i++) if (times[i]! <= times[i - 1]!) return false;
  return true;
}

function same(rows: Columns, a: number, b: number): boolean {
  const x = rows.numbers[a]!;
  const y = rows.numbers[b]!;
  if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
  if (rows.quality[a] !== rows.quality[b]) return false;
  return (rows.texts?.[a] ?? null) === (rows.texts?.[b] ?? null);
}

function pick(rows: Columns, keep: readonly number[]): Columns {
  const n = keep.length;
  const out: Columns = {
    length: n,
    times: new Float64Array(n),
    numbers: new Float64Array(n),
    quality: new Uint8Array(n),
    texts: rows.texts ? new Array<string | null>(n) : null,
  };
  for (let k = 0; k < n; k++) {
    const i = keep[k]!;
    out.times[k] = rows.times[i]!;
    out.numbers[k] = rows.numbers[i]!;
    out.quality[k] = rows.quality[i]!;
    if (out.texts) out.texts[k] = rows.texts![i] ?? null;
  }
  return out;
}
