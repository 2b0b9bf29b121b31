import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@deungdae/kernel/log.ts';
import { type Database, layout } from './database.ts';
import { writeError } from './errors.ts';
import type { SignalCatalogue } from './history.ts';
import { Mutex } from './mutex.ts';
import { int, rows, text, transaction } from './sql.ts';

/** Ids ↔ paths: rows of the DuckDB file, mirrored as `signals.parquet` so that the Parquet files explain themselves. */
export class Catalogue implements SignalCatalogue {
  readonly #database: () => Database;
  readonly #log: Logger;
  readonly #turn = new Mutex();
  #ids = new Map<string, number>();
  #paths = new Map<number, string>();
  #next = 1;
  #mirrored = true;
  #mirroring: Promise<void> | null = null;

  constructor(database: () => Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  async load(): Promise<void> {
    const found = await rows<{ id: number; path: string }>(
      this.#database().names,
      'SELECT id, path FROM signals ORDER BY id',
    );
    for (const { id, path } of found) this.#remember(id, path);
    await this.#database().fitMemory(this.#ids.size);
    await this.mirror();
  }

  idsOf(paths: readonly string[]): Promise<Map<string, number>> {
    const unknown = paths.some((p) => !this.#ids.has(p));
    return unknown ? this.#turn.run(() => this.#add(paths)) : Promise.resolve(this.#pick(paths));
  }

  pathOf(id: number): string | undefined {
    return this.#paths.get(id);
  }

  all(): { id: number; path: string }[] {
    return [...this.#paths].map(([id, path]) => ({ id, path }));
  }

  async #add(paths: readonly string[]): Promise<Map<string, number>> {
    const fresh = [...new Set(paths.filter((p) => !this.#ids.has(p)))];
    const given = fresh.map((path, i) => ({ id: this.#next + i, path }));
    const { names } = this.#database();
    try {
      await transaction(names, async () => {
        for (let i = 0; i < given.length; i += 1000) {
          const values = given.slice(i, i + 1000).map((g) => `(${int(g.id)}, ${text(g.path)})`);
          await names.run(`INSERT INTO signals VALUES ${values.join(', ')}`);
        }
      });
    } catch (error) {
      throw writeError(error);
    }
    for (const { id, path } of given) this.#remember(id, path);
    await this.#database().fitMemory(this.#ids.size);
    this.#mirrored = given.length === 0 && this.#mirrored;
    this.#mirroring ??= this.mirror().finally(() => {
      this.#mirroring = null;
    });
    return this.#pick(paths);
  }

  /** Writes `signals.parquet` anew. A failure is logged: the rows themselves are safe. */
  async mirror(): Promise<void> {
    do {
      this.#mirrored = true;
      const { names, directory } = this.#database();
      const file = join(directory, layout.catalogue);
      const temp = join(directory, layout.temp, 'signals.tmp');
      try {
        await names.run(
          `COPY (SELECT id, path FROM signals ORDER BY id) TO ${text(temp)} (FORMAT parquet, COMPRESSION zstd)`,
        );
        const handle = await open(temp, 'r+');
        await handle.sync();
        await handle.close();
        await rename(temp, file);
      } catch (error) {
        this.#log.warn({ error: String(error) }, 'signals.parquet could not be written');
        return;
      }
    } while (!this.#mirrored);
  }

  async close(): Promise<void> {
    await this.#turn.run(async () => {});
    await this.#mirroring;
  }

  #pick(paths: readonly string[]): Map<string, number> {
    return new Map(paths.map((p) => [p, this.#ids.get(p)!]));
  }

  #remember(id: number, path: string): void {
    this.#ids.set(path, id);
    this.#paths.set(id, path);
    if (id >= this.#next) this.#next = id + 1;
  }
}
