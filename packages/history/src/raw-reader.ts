import type { DuckDBConnection } from '@duckdb/node-api';
import { ColumnBuilder, type Columns, eachChunk, sortedDistinct } from './columns.ts';
import type { Database } from './database.ts';
import { int } from './sql.ts';
import { type HotTable, type Segment, segmentsIn, type View } from './state.ts';

export interface Span {
  signal: number;
  from: number;
  to: number;
}

const plain = "time::DOUBLE, coalesce(number, 'nan'::DOUBLE), quality";

/** Raw samples of one signal out of hot tables and sealed files. */
export class RawReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Samples in the range, not yet sorted, in the order of arrival: what is still hot. */
  async hot(connection: DuckDBConnection, view: View, span: Span): Promise<ColumnBuilder> {
    const out = new ColumnBuilder();
    for (const table of hotIn(view, span)) {
      const select = `SELECT ${plain}${table.hasText ? ', text' : ''} FROM ${table.name} WHERE ${within(span)} ORDER BY rowid`;
      const { hasText } = table;
      await eachChunk(connection, select, (chunk) => {
        out.addChunk(chunk, hasText);
        return undefined;
      });
    }
    return out;
  }

  /** Streams the sealed samples of the range: file by file in the order of arrival, each sorted by time. */
  async sealed(
    connection: DuckDBConnection,
    view: View,
    span: Span,
    take: (rows: ColumnBuilder) => boolean | undefined,
    withText = true,
  ): Promise<void> {
    const files = sealedIn(view, span);
    if (files.length === 0) return;
    const hasText = withText && files.some((f) => f.hasText);
    const select = `SELECT ${plain}${hasText ? ', text' : ''} FROM read_parquet(${this.#database.fileList(files)}) WHERE ${within(span)}`;
    await eachChunk(
      connection,
      select,
      (chunk) => {
        const rows = new ColumnBuilder();
        rows.addChunk(chunk, hasText);
        return take(rows);
      },
      expectedRows(files),
    );
  }

  /** Distinct samples of the range, sorted by time and arrival, in parts; `take` returns false to stop. */
  async each(
    connection: DuckDBConnection,
    view: View,
    span: Span,
    take: (rows: Columns) => boolean | undefined,
  ): Promise<void> {
    const from = Math.max(span.from, view.retained.get(span.signal) ?? Number.NEGATIVE_INFINITY);
    // Files are opened in slices of time, so that the first page of years costs no more than one of a day.
    for (const slice of timeSlices(view, { ...span, from })) {
      const rows = new ColumnBuilder();
      await this.sealed(connection, view, slice, (part) => {
        rows.addColumns(part);
        return undefined;
      });
      rows.addColumns(await this.hot(connection, view, slice));
      if (take(sortedDistinct(rows)) === false) return;
    }
  }

  /** The first `limit` samples of the range. */
  async read(connection: DuckDBConnection, view: View, span: Span, limit: number): Promise<Columns> {
    const out: Columns[] = [];
    let count = 0;
    await this.each(connection, view, span, (rows) => {
      if (rows.length > 0) out.push(rows);
      count += rows.length;
      return count < limit;
    });
    return concat(out, limit);
  }
}

/** Rows of one signal in the files, were all signals alike; a signal that is not only costs a larger result. */
function expectedRows(files: readonly Segment[]): number {
  return files.reduce((sum, f) => sum + f.rows / (f.maxSignal - f.minSignal + 1), 0);
}

function within({ signal, from, to }: Span): string {
  return `signal = ${int(signal)} AND time >= ${int(from)} AND time < ${int(to)}`;
}

export function hotIn(view: View, span: { from: number; to: number }): HotTable[] {
  return view.hot.filter((h) => h.minTime < span.to && h.maxTime >= span.from);
}

export function sealedIn(view: View, { signal, from, to }: Span): Segment[] {
  return segmentsIn(view, 'raw', { minSignal: signal, maxSignal: signal, from, to });
}

/** Cuts the range where sealed files begin, keeping at least a few files per slice; slices double in size. */
export function timeSlices(view: View, span: Span): Span[] {
  if (span.from >= span.to) return [];
  const starts = [...new Set(sealedIn(view, span).map((s) => Math.max(s.minTime, span.from)))].sort((a, b) => a - b);
  const cuts: number[] = [];
  let step = 2;
  for (let i = step; i < starts.length; i += step) {
    cuts.push(starts[i]!);
    step = Math.min(step * 2, 64);
  }
  const bounds = [span.from, ...cuts.filter((c) => c > span.from), span.to];
  return bounds.slice(0, -1).map((from, i) => ({ signal: span.signal, from, to: bounds[i + 1]! }));
}

function concat(parts: readonly Columns[], limit: number): Columns {
  if (parts.length === 1 && parts[0]!.length <= limit) return parts[0]!;
  const out = new ColumnBuilder();
  for (const part of parts) out.addColumns(part);
  out.length = Math.min(out.length, limit);
  return out;
}
