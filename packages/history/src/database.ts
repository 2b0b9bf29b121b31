import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { historyError } from './errors.ts';
import type { HistoryLimits } from './limits.ts';
import { Pool } from './mutex.ts';
import { text } from './sql.ts';

/** Names within a history folder. */
export const layout = {
  database: 'history.duckdb',
  sealed: 'sealed',
  temp: 'tmp',
  catalogue: 'signals.parquet',
} as const;

const schema = `
CREATE TABLE IF NOT EXISTS format (version INTEGER);
CREATE TABLE IF NOT EXISTS signals (id UINTEGER, path VARCHAR);
CREATE TABLE IF NOT EXISTS manifest (
  id BIGINT, ord BIGINT, kind VARCHAR, partition VARCHAR, file VARCHAR, tier INTEGER, "rows" BIGINT, bytes BIGINT,
  min_signal UINTEGER, max_signal UINTEGER, min_time BIGINT, max_time BIGINT, has_text BOOLEAN, sha256 VARCHAR);
CREATE TABLE IF NOT EXISTS sealed_hot (number INTEGER);
CREATE TABLE IF NOT EXISTS retained (signal UINTEGER, before BIGINT);
CREATE TABLE IF NOT EXISTS latest (signal UINTEGER, time BIGINT, number DOUBLE, text VARCHAR, quality UTINYINT);
INSERT INTO format SELECT 1 WHERE NOT EXISTS (FROM format);
`;

const openDirectories = new Set<string>();

/** Up to this many signals, this much is enough for DuckDB, MB. */
const smallPlant = { signals: 5000, memoryMb: 112 };

/** The DuckDB file with a connection for each kind of work. One process, and one of these, has a folder open. */
export class Database {
  readonly directory: string;
  readonly writer: DuckDBConnection;
  readonly upkeep: DuckDBConnection;
  readonly names: DuckDBConnection;
  /** Drops what nobody uses any more, whenever the last query lets go: never within another's transaction. */
  readonly janitor: DuckDBConnection;
  readonly readers: Pool<DuckDBConnection>;
  readonly #all: DuckDBConnection[];
  readonly #instance: DuckDBInstance;
  readonly #mostMb: number;
  #memoryMb: number;

  private constructor(directory: string, instance: DuckDBInstance, connections: DuckDBConnection[], mostMb: number) {
    this.directory = directory;
    this.#mostMb = mostMb;
    this.#memoryMb = mostMb;
    this.#instance = instance;
    this.#all = connections;
    const [writer, upkeep, names, janitor, ...readers] = connections;
    this.writer = writer!;
    this.upkeep = upkeep!;
    this.names = names!;
    this.janitor = janitor!;
    this.readers = new Pool(readers);
  }

  /** Makes the folder when it is new. Throws `history.locked` when it is in use, `history.cannotOpen` otherwise. */
  static async open(directory: string, limits: HistoryLimits): Promise<Database> {
    if (openDirectories.has(directory)) throw historyError('history.locked', { directory }, { status: 409 });
    openDirectories.add(directory);
    try {
      for (const folder of ['', layout.sealed, layout.temp]) mkdirSync(join(directory, folder), { recursive: true });
      const instance = await DuckDBInstance.create(join(directory, layout.database), {
        memory_limit: `${limits.memoryMb}MB`,
        threads: String(limits.threads),
        temp_directory: join(directory, layout.temp),
        // A checkpoint rewrites hot tables that are about to be dropped anyway: it should be rare.
        checkpoint_threshold: '128MB',
        autoinstall_known_extensions: 'false',
      });
      try {
        const connections: DuckDBConnection[] = [];
        for (let i = 0; i < 4 + limits.readers; i++) connections.push(await instance.connect());
        await connections[0]!.run(schema);
        await connections[0]!.run("SET GLOBAL TimeZone = 'UTC'").catch(() => {});
        return new Database(directory, instance, connections, limits.memoryMb);
      } catch (error) {
        instance.closeSync();
        throw error;
      }
    } catch (error) {
      openDirectories.delete(directory);
      const detail = error instanceof Error ? error.message : String(error);
      if (/could not set lock/i.test(detail))
        throw historyError('history.locked', { directory }, { cause: error, status: 409 });
      throw historyError('history.cannotOpen', { directory, detail }, { cause: error });
    }
  }

  /**
   * A small plant's samples need no large cache: DuckDB fills whatever it may take, so the limit follows the plant.
   * Half an hour of the demo plant ends near 230 MB of the process instead of climbing past 430 MB.
   */
  async fitMemory(signals: number): Promise<void> {
    const wanted = signals > smallPlant.signals ? this.#mostMb : Math.min(this.#mostMb, smallPlant.memoryMb);
    if (wanted === this.#memoryMb) return;
    await this.names.run(`SET GLOBAL memory_limit = '${wanted}MB'`);
    this.#memoryMb = wanted;
  }

  sealedPath(file: string): string {
    return join(this.directory, layout.sealed, file);
  }

  /** SQL list of sealed files for `read_parquet`. */
  fileList(segments: readonly { file: string }[]): string {
    return `[${segments.map((s) => text(this.sealedPath(s.file))).join(', ')}]`;
  }

  /** Ends running queries, then closes; a connection must not be closed under a query. */
  async close(): Promise<void> {
    for (const connection of this.#all.slice(4)) connection.interrupt();
    await this.readers.idle();
    for (const connection of this.#all) connection.closeSync();
    this.#instance.closeSync();
    openDirectories.delete(this.directory);
  }
}

export function hasDatabase(directory: string): boolean {
  return existsSync(join(directory, layout.database));
}
