import type { Quality, Sample } from '@deungdae/contracts/sample.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Columns } from './columns.ts';
import type { Database } from './database.ts';
import { sampleOf } from './latest.ts';
import { floorTo, HOUR_US } from './partition.ts';
import type { RawReader } from './raw-reader.ts';
import { int, one } from './sql.ts';
import { segmentsIn, type View } from './state.ts';

export function samplesFrom(signal: number, rows: Columns): Sample[] {
  const out = new Array<Sample>(rows.length);
  for (let i = 0; i < rows.length; i++)
    out[i] = sampleOf(signal, rows.times[i]!, rows.numbers[i]!, rows.texts?.[i] ?? null, rows.quality[i]! as Quality);
  return out;
}

/** Questions about one moment, and about how long values held. */
export class PointReader {
  readonly #database: Database;
  readonly #raw: RawReader;

  constructor(database: Database, raw: RawReader) {
    this.#database = database;
    this.#raw = raw;
  }

  /** The last sample at or before `time`; hour rollups tell which hour to look into. */
  async before(connection: DuckDBConnection, view: View, signal: number, time: number): Promise<Sample | null> {
    const floor = view.retained.get(signal) ?? Number.NEGATIVE_INFINITY;
    let best = await this.#hotBefore(connection, view, signal, time, floor);
    let until = time;
    for (;;) {
      const cell = await this.#lastCell(connection, view, signal, until);
      if (cell === null || cell + HOUR_US <= Math.max(best ?? Number.NEGATIVE_INFINITY, floor)) break;
      const found = await this.#lastSealed(connection, view, signal, cell, Math.min(time + 1, cell + HOUR_US));
      if (found !== null) {
        best = Math.max(best ?? found, found);
        break;
      }
      until = cell - 1;
    }
    if (best === null || best < floor) return null;
    const at = await this.#raw.read(connection, view, { signal, from: best, to: best + 1 }, 1_000_000);
    return samplesFrom(signal, at).at(-1) ?? null;
  }

  async #hotBefore(
    connection: DuckDBConnection,
    view: View,
    signal: number,
    time: number,
    floor: number,
  ): Promise<number | null> {
    let best: number | null = null;
    for (const table of view.hot) {
      if (table.minTime > time || table.maxTime < floor) continue;
      const { t } = await one<{ t: number | null }>(
        connection,
        `SELECT max(time)::DOUBLE AS t FROM ${table.name} WHERE signal = ${int(signal)} AND time <= ${int(time)}`,
      );
      if (t !== null && (best === null || t > best)) best = t;
    }
    return best;
  }

  /** Start of the last hour that holds a sealed sample and begins at or before `time`. Newest files are asked first. */
  async #lastCell(connection: DuckDBConnection, view: View, signal: number, time: number): Promise<number | null> {
    const range = { minSignal: signal, maxSignal: signal, from: Number.NEGATIVE_INFINITY, to: time + 1 };
    const files = segmentsIn(view, 'hour', range).sort((a, b) => b.maxTime - a.maxTime);
    let best: number | null = null;
    for (let i = 0; i < files.length; i += 4) {
      const slice = files.slice(i, i + 4);
      if (best !== null && slice[0]!.maxTime <= best) break;
      const { c } = await one<{ c: number | null }>(
        connection,
        `SELECT max(cell)::DOUBLE AS c FROM read_parquet(${this.#database.fileList(slice)})
         WHERE signal = ${int(signal)} AND cell <= ${int(floorTo(time, HOUR_US))}`,
      );
      if (c !== null && (best === null || c > best)) best = c;
    }
    return best;
  }

  async #lastSealed(
    connection: DuckDBConnection,
    view: View,
    signal: number,
    from: number,
    to: number,
  ): Promise<number | null> {
    let best: number | null = null;
    await this.#raw.sealed(
      connection,
      view,
      { signal, from, to },
      (rows) => {
        for (let i = 0; i < rows.length; i++) if (best === null || rows.times[i]! > best) best = rows.times[i]!;
        return undefined;
      },
      false,
    );
    return best;
  }

  /** µs that each value held in [from, to); a bad sample or gap counts under null. The last value holds until `to`. */
  async timeInValue(
    connection: DuckDBConnection,
    view: View,
    query: { signal: number; from: number; to: number },
  ): Promise<Map<string | number | null, number>> {
    const held = new Map<string | number | null, number>();
    const start = await this.before(connection, view, query.signal, query.from);
    let value = start ? heldValue(start) : undefined;
    let since = query.from;
    const hold = (until: number) => {
      if (value !== undefined && until > since) held.set(value, (held.get(value) ?? 0) + until - since);
      since = until;
    };
    await this.#raw.each(connection, view, query, (rows) => {
      for (let i = 0; i < rows.length; i++) {
        hold(rows.times[i]!);
        const number = rows.numbers[i]!;
        value = rows.quality[i]! >= 2 ? null : (rows.texts?.[i] ?? (Number.isNaN(number) ? null : number));
      }
      return undefined;
    });
    hold(query.to);
    return held;
  }
}

function heldValue(sample: Sample): string | number | null {
  if (sample.quality >= 2) return null;
  return typeof sample.value === 'boolean' ? Number(sample.value) : sample.value;
}
