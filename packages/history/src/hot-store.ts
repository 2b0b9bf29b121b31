import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { ChunkWriter } from './chunk-writer.ts';
import type { Database } from './database.ts';
import type { LatestCache } from './latest.ts';
import { int, one, rows, transaction } from './sql.ts';
import type { HotTable, State } from './state.ts';

const columns = 'signal UINTEGER, time BIGINT, number DOUBLE, text VARCHAR, quality UTINYINT';

export function hotName(number: number): string {
  return `hot_${int(number)}`;
}

/**
 * The tables that new samples go into. The arrival order within a table is DuckDB's `rowid`, which holds because rows
 * are only ever appended; between tables it is the table's number. All methods but `load` run on the writer's turn.
 */
export class HotStore {
  readonly #database: Database;
  readonly #state: State;
  readonly #latest: LatestCache;
  readonly #chunks = new ChunkWriter();
  #next = 1;

  constructor(database: Database, state: State, latest: LatestCache) {
    this.#database = database;
    this.#state = state;
    this.#latest = latest;
  }

  /** Finds the tables left by the last run: unsealed ones come back into use, sealed ones are dropped. */
  async load(monotonicMs: number): Promise<void> {
    const { writer } = this.#database;
    const sealed = new Set(
      (await rows<{ number: number }>(writer, 'SELECT number FROM sealed_hot')).map((r) => r.number),
    );
    const found = await rows<{ name: string }>(
      writer,
      `SELECT table_name AS name FROM duckdb_tables() WHERE regexp_matches(table_name, '^hot_[0-9]+$')`,
    );
    const numbers = found.map((r) => Number(r.name.slice(4))).sort((a, b) => a - b);
    const hot: HotTable[] = [];
    for (const number of numbers) {
      if (sealed.has(number)) await writer.run(`DROP TABLE ${hotName(number)}`);
      else hot.push(await this.#describe(number, monotonicMs));
    }
    this.#next = Math.max(0, ...numbers, ...sealed) + 1;
    // The highest number stays on the list, so that none is given twice.
    await writer.run('DELETE FROM sealed_hot WHERE number < (SELECT max(number) FROM sealed_hot)');
    this.#state.replace({ hot });
    if (hot.length === 0) await this.rotate();
  }

  async #describe(number: number, monotonicMs: number): Promise<HotTable> {
    const row = await one<{ n: number; lo: number | null; hi: number | null; texts: number }>(
      this.#database.writer,
      `SELECT count(*)::DOUBLE AS n, min(time)::DOUBLE AS lo, max(time)::DOUBLE AS hi, count(text)::DOUBLE AS texts
       FROM ${hotName(number)}`,
    );
    return {
      number,
      name: hotName(number),
      rows: row.n,
      minTime: row.lo ?? Number.POSITIVE_INFINITY,
      maxTime: row.hi ?? Number.NEGATIVE_INFINITY,
      hasText: row.texts > 0,
      firstAtMs: row.n > 0 ? monotonicMs : null,
    };
  }

  get current(): HotTable {
    return this.#state.view.hot.at(-1)!;
  }

  /** Starts a new table; the ones before it no longer change. */
  async rotate(): Promise<void> {
    const number = this.#next;
    await this.#database.writer.run(`CREATE TABLE ${hotName(number)} (${columns})`);
    this.#next++;
    const table: HotTable = {
      number,
      name: hotName(number),
      rows: 0,
      minTime: Number.POSITIVE_INFINITY,
      maxTime: Number.NEGATIVE_INFINITY,
      hasText: false,
      firstAtMs: null,
    };
    this.#state.replace({ hot: [...this.#state.view.hot, table] });
  }

  /** One durable transaction of all batches. */
  async write(batches: readonly SampleBatch[], nowUs: number, monotonicMs: number): Promise<void> {
    const { writer } = this.#database;
    const table = this.current;
    // Widened before the commit: a query that starts right after it must not leave the table out.
    widen(table, batches);
    await transaction(writer, async () => {
      const appender = await writer.createAppender(table.name);
      this.#chunks.start(appender);
      for (const batch of batches) this.#chunks.write(batch);
      this.#chunks.end();
      appender.closeSync();
    });
    table.firstAtMs ??= monotonicMs;
    for (const batch of batches) {
      table.rows += batch.length;
      this.#latest.update(batch, nowUs);
    }
  }
}

function widen(table: HotTable, batches: readonly SampleBatch[]): void {
  for (const batch of batches) {
    let lo = table.minTime;
    let hi = table.maxTime;
    const { times } = batch;
    for (let i = 0; i < batch.length; i++) {
      const time = times[i]!;
      if (time < lo) lo = time;
      if (time > hi) hi = time;
    }
    table.minTime = lo;
    table.maxTime = hi;
    if (batch.texts) table.hasText = true;
  }
}
