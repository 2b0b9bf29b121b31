import type { DuckDBConnection } from '@duckdb/node-api';
import { BucketSums, type CellColumns } from './bucket-sums.ts';
import { bytes, ColumnBuilder, type Columns, doubles, eachChunk, sortedDistinct } from './columns.ts';
import type { Database } from './database.ts';
import type { Bucket, BucketQuery } from './history.ts';
import { ceilTo, cellUs, floorTo, type RollupKind, rollupKinds } from './partition.ts';
import type { RawReader, Span } from './raw-reader.ts';
import { int } from './sql.ts';
import { segmentsIn, type View } from './state.ts';

/** Buckets at least this many cells wide are made of rollups: what is misplaced stays below half a point of the chart. */
const CELLS_PER_BUCKET = 2;

export type Level = 'raw' | RollupKind;

/**
 * What a query is made of; decided by the query alone, so that the answer does not depend on what is sealed. With a
 * rollup level, samples count for the bucket that holds the start of their cell; at both ends of the range, where a
 * cell is cut, for their own.
 */
export function levelOf(query: { from: number; to: number; width: number }): Level {
  const bucket = (query.to - query.from) / query.width;
  return rollupKinds.findLast((kind) => bucket >= CELLS_PER_BUCKET * cellUs[kind]) ?? 'raw';
}

export class BucketReader {
  readonly #database: Database;
  readonly #raw: RawReader;

  constructor(database: Database, raw: RawReader) {
    this.#database = database;
    this.#raw = raw;
  }

  async read(connection: DuckDBConnection, view: View, query: BucketQuery): Promise<Bucket[]> {
    const { signal, from, to, width } = query;
    const sums = new BucketSums(from, to, width);
    const task = new Task(this.#database, this.#raw, connection, view, signal, sums);
    const level = levelOf(query);
    const gone = Math.min(to, view.retained.get(signal) ?? from);
    const rawFrom = Math.max(from, gone);
    // Where raw samples are past keeping, minutes are the finest there is.
    if (gone > from) await task.cover(from, gone, level === 'raw' ? 'minute' : level, true);
    if (rawFrom < to) await task.cover(rawFrom, to, level, false);
    return sums.result();
  }
}

class Task {
  readonly #database: Database;
  readonly #raw: RawReader;
  readonly #connection: DuckDBConnection;
  readonly #view: View;
  readonly #signal: number;
  readonly #sums: BucketSums;

  constructor(
    database: Database,
    raw: RawReader,
    connection: DuckDBConnection,
    view: View,
    signal: number,
    sums: BucketSums,
  ) {
    this.#database = database;
    this.#raw = raw;
    this.#connection = connection;
    this.#view = view;
    this.#signal = signal;
    this.#sums = sums;
  }

  /** Adds everything in [from, to). `rawGone`: only rollups are left, cut cells at the ends are left out. */
  async cover(from: number, to: number, level: Level, rawGone: boolean): Promise<void> {
    if (from >= to) return;
    if (level === 'raw') {
      if (!rawGone) await this.#samples(from, to);
      return;
    }
    const size = cellUs[level];
    const first = ceilTo(from, size);
    const end = floorTo(to, size);
    const finer = rawGone && level !== 'minute' ? 'minute' : 'raw';
    if (first >= end) return this.cover(from, to, finer, rawGone);
    await this.cover(from, first, finer, rawGone);
    await this.#cells(first, end, level, rawGone);
    await this.cover(end, to, finer, rawGone);
  }

  async #samples(from: number, to: number): Promise<void> {
    const span: Span = { signal: this.#signal, from, to };
    const hot = await this.#raw.hot(this.#connection, this.#view, span);
    const [lo, hi] = rangeOf(hot);
    const mixed = new ColumnBuilder();
    // Sealed samples outside the hot ones' range cannot repeat them: they are summed as they stream by.
    await this.#raw.sealed(
      this.#connection,
      this.#view,
      span,
      (rows) => {
        if (hot.length === 0) this.#sums.samples(rows);
        else {
          mixed.addWithin(rows, lo, hi);
          for (let i = 0; i < rows.length; i++)
            if (rows.times[i]! < lo || rows.times[i]! > hi)
              this.#sums.sample(rows.times[i]!, rows.times[i]!, rows.numbers[i]!, rows.quality[i]!);
        }
        return undefined;
      },
      hot.length > 0,
    );
    mixed.addColumns(hot);
    this.#sums.samples(sortedDistinct(mixed));
  }

  /** Whole cells. Where hot samples fell into a cell that is sealed too, that cell is made of its samples instead. */
  async #cells(from: number, to: number, level: RollupKind, rawGone: boolean): Promise<void> {
    const size = cellUs[level];
    const span: Span = { signal: this.#signal, from, to };
    const hot = rawGone ? new ColumnBuilder() : await this.#raw.hot(this.#connection, this.#view, span);
    const touched = new Set<number>();
    for (let i = 0; i < hot.length; i++) touched.add(floorTo(hot.times[i]!, size));
    const again = new Set<number>();
    await this.#rollups(level, span, (rows) => {
      for (let i = 0; i < rows.length; i++) {
        if (touched.size > 0 && touched.has(rows.cell[i]!)) again.add(rows.cell[i]!);
        else this.#sums.cell(rows, i);
      }
    });
    const mixed = new ColumnBuilder();
    for (const [start, end] of runsOf(
      [...again].sort((a, b) => a - b),
      size,
    )) {
      await this.#raw.sealed(this.#connection, this.#view, { signal: this.#signal, from: start, to: end }, (rows) => {
        mixed.addColumns(rows);
        return undefined;
      });
    }
    mixed.addColumns(hot);
    this.#addAt(sortedDistinct(mixed), size);
  }

  #addAt(rows: Columns, size: number): void {
    for (let i = 0; i < rows.length; i++) {
      const time = rows.times[i]!;
      this.#sums.sample(floorTo(time, size), time, rows.numbers[i]!, rows.quality[i]!);
    }
  }

  async #rollups(level: RollupKind, span: Span, each: (rows: CellColumns) => void): Promise<void> {
    const files = segmentsIn(this.#view, level, { ...span, minSignal: span.signal, maxSignal: span.signal });
    if (files.length === 0) return;
    const zero = (column: string) => `coalesce(${column}, 0)::DOUBLE`;
    const figures = ['min', 'max', 'sum', 'first', 'last', 'first_time', 'last_time'].map(zero).join(', ');
    const select = `SELECT cell::DOUBLE, count::DOUBLE, ${figures}, gap::UTINYINT
      FROM read_parquet(${this.#database.fileList(files)})
      WHERE signal = ${int(span.signal)} AND cell >= ${int(span.from)} AND cell < ${int(span.to)}`;
    await eachChunk(this.#connection, select, (chunk) => {
      const column = (c: number) => doubles(chunk, c);
      each({
        length: chunk.rowCount,
        cell: column(0),
        count: column(1),
        min: column(2),
        max: column(3),
        sum: column(4),
        first: column(5),
        last: column(6),
        firstTime: column(7),
        lastTime: column(8),
        gap: bytes(chunk, 9),
      });
      return undefined;
    });
  }
}

function rangeOf(rows: Columns): [number, number] {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < rows.length; i++) {
    lo = Math.min(lo, rows.times[i]!);
    hi = Math.max(hi, rows.times[i]!);
  }
  return [lo, hi];
}

/** Neighbouring cells as half-open runs. */
function runsOf(cells: readonly number[], size: number): [number, number][] {
  const runs: [number, number][] = [];
  for (const cell of cells) {
    const last = runs.at(-1);
    if (last && last[1] === cell) last[1] = cell + size;
    else runs.push([cell, cell + size]);
  }
  return runs;
}
