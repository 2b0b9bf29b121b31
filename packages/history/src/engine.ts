import type { Sample, SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import { backupTo } from './backup.ts';
import { checkBatch, checkBuckets, checkRange } from './checks.ts';
import { fullMerges, nextMerge } from './compactor.ts';
import { type Core, openCore } from './core.ts';
import { historyError, writeError } from './errors.ts';
import { exportSamples } from './exporter.ts';
import { GroupCommit } from './group-commit.ts';
import type { Bucket, BucketQuery, ExportQuery, History, HistoryStats, RangeQuery } from './history.ts';
import type { HistoryLimits } from './limits.ts';
import { Mutex } from './mutex.ts';
import { samplesFrom } from './point-reader.ts';
import { dropExpired } from './retention.ts';
import type { View } from './state.ts';
import { countSamples, measureStats } from './stats.ts';

/**
 * History in one DuckDB file and sorted Parquet files beside it. New samples go to the hot table; full or old hot
 * tables are sealed; sealed files of a partition are merged. Sealing and merging take turns and never hold up appends.
 */
export class DuckDbHistory implements History {
  readonly #directory: string;
  readonly #limits: HistoryLimits;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #beforeClose: () => Promise<void>;
  readonly #commits: GroupCommit;
  /** Writes to the hot table and its rotation. */
  readonly #writing = new Mutex();
  /** Sealing, merging, retention, backup. */
  readonly #upkeep = new Mutex();
  #core: Core;
  /** Set when DuckDB gave up after a disk error: the folder is opened anew before the next write. */
  #broken = false;
  #closed = false;
  /** On the monotonic clock, ms. */
  #checkpointed: number;
  #cancelTimer: () => void = () => {};

  constructor(
    core: Core,
    directory: string,
    limits: HistoryLimits,
    clock: Clock,
    log: Logger,
    beforeClose: () => Promise<void>,
  ) {
    this.#beforeClose = beforeClose;
    this.#core = core;
    this.#directory = directory;
    this.#limits = limits;
    this.#clock = clock;
    this.#log = log;
    this.#commits = new GroupCommit((batches) => this.#commit(batches), clock, limits);
    this.#checkpointed = clock.monotonicMs();
    this.#schedule();
  }

  get core(): Core {
    return this.#core;
  }

  async append(batch: SampleBatch): Promise<void> {
    if (this.#closed) throw historyError('history.closed', {}, { status: 503 });
    if (batch.length === 0) return;
    checkBatch(batch);
    await this.#commits.add(batch);
  }

  /** Upkeep may ask for a turn to write while it has its own, so nothing may ask for upkeep's within `#writing`. */
  async #commit(batches: SampleBatch[]): Promise<void> {
    try {
      if (this.#broken) await this.#reopen();
      await this.#holdBack();
      await this.#writing.run(() => this.#write(batches));
    } catch (error) {
      await this.#probe();
      throw error instanceof CodedError ? error : writeError(error);
    }
  }

  async #write(batches: SampleBatch[]): Promise<void> {
    const { hot } = this.#core;
    await hot.write(batches, this.#clock.nowUs(), this.#clock.monotonicMs());
    if (hot.current.rows < this.#limits.hotRows) return;
    await hot.rotate().catch((error) => this.#log.warn({ error: String(error) }, 'a new hot table must wait'));
    this.#kick();
  }

  /** When sealing cannot keep up, appends wait for it: the hot store has a limit too. */
  async #holdBack(): Promise<void> {
    if (this.#core.state.view.hot.length <= this.#limits.hotTables) return;
    await this.#upkeep
      .run(() => this.#sealOne())
      .catch((error) => this.#log.error({ error: String(error) }, 'sealing failed and is tried again'));
  }

  /** After a failure: is the database still usable? DuckDB closes itself for good when its log cannot be written. */
  async #probe(): Promise<void> {
    try {
      await this.#core.database.writer.run('BEGIN TRANSACTION');
      await this.#core.database.writer.run('ROLLBACK');
    } catch {
      this.#broken = true;
    }
  }

  async #reopen(): Promise<void> {
    await this.#upkeep.run(async () => {
      await this.#core.database.close();
      this.#core = await openCore(this.#directory, this.#limits, this.#clock, this.#log);
      this.#broken = false;
      this.#log.info({}, 'the history was opened again after a disk error');
    });
  }

  async #read<T>(work: (connection: DuckDBConnection, view: View, core: Core) => Promise<T>): Promise<T> {
    if (this.#closed) throw historyError('history.closed', {}, { status: 503 });
    const core = this.#core;
    try {
      return await core.database.readers.use((connection) =>
        core.state.withView((view) => work(connection, view, core)),
      );
    } catch (error) {
      if (error instanceof CodedError) throw error;
      const detail = error instanceof Error ? error.message.split('\n')[0]! : String(error);
      throw historyError('history.readFailed', { detail }, { cause: error });
    }
  }

  async range(query: RangeQuery): Promise<Sample[]> {
    const limit = checkRange(query, this.#limits.rangeRows);
    return this.#read(async (connection, view, core) =>
      samplesFrom(query.signal, await core.raw.read(connection, view, query, limit)),
    );
  }

  async buckets(query: BucketQuery): Promise<Bucket[]> {
    checkBuckets(query);
    return this.#read((connection, view, core) => core.buckets.read(connection, view, query));
  }

  async timeInValue(query: { signal: number; from: number; to: number }) {
    checkRange(query, this.#limits.rangeRows);
    const held = await this.#read((connection, view, core) => core.points.timeInValue(connection, view, query));
    return [...held].map(([value, us]) => ({ value, us }));
  }

  latest(signals?: readonly number[]): Sample[] {
    return this.#core.latest.get(signals);
  }

  before(signal: number, time: number): Promise<Sample | null> {
    return this.#read((connection, view, core) => core.points.before(connection, view, signal, time));
  }

  async seal({ olderThan }: { olderThan: number }): Promise<{ samples: number }> {
    let samples = 0;
    await this.#upkeep.run(async () => {
      await this.#rotateIf((table) => table.rows > 0 && table.minTime < olderThan);
      const { state, sealer, hot } = this.#core;
      for (const table of state.view.hot)
        if (table !== hot.current && table.rows > 0 && table.minTime < olderThan) samples += await sealer.seal(table);
    });
    return { samples };
  }

  async compact(): Promise<{ files: number }> {
    let files = 0;
    for (;;) {
      const done = await this.#upkeep.run(async () => {
        const merge = fullMerges(this.#core.state.view.segments, this.#limits)[0];
        return merge ? this.#core.compactor.merge(merge) : 0;
      });
      if (done === 0) return { files };
      files += done;
    }
  }

  async retain(options: { before: number; signals: readonly number[] }): Promise<{ samples: number }> {
    await this.seal({ olderThan: options.before });
    return this.#upkeep.run(() => dropExpired(this.#core, options));
  }

  async export(query: ExportQuery): Promise<{ rows: number }> {
    checkRange(query, this.#limits.rangeRows);
    return this.#read((connection, view, core) =>
      exportSamples({ connection, view, database: core.database, directory: this.#directory }, query),
    );
  }

  backup(directory: string, progress?: (share: number) => void): Promise<void> {
    return this.#upkeep.run(() => backupTo(this.#core, directory, progress ?? (() => {})));
  }

  stats(signal?: number): Promise<HistoryStats> {
    return this.#read((connection, view, core) => measureStats({ connection, view, database: core.database }, signal));
  }

  counts(): Promise<{ signal: number; samples: number }[]> {
    return this.#read((connection, view, core) => countSamples({ connection, view, database: core.database }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer();
    await this.#commits.drained();
    await this.#upkeep.run(async () => {});
    await this.#beforeClose();
    await this.#core.state.settled();
    await this.#core.database.close();
  }

  #schedule(): void {
    if (this.#limits.upkeepMs === 0 || this.#closed) return;
    this.#cancelTimer = this.#clock.after(this.#limits.upkeepMs, () => {
      void this.#tend().finally(() => this.#schedule());
    });
  }

  #kick(): void {
    if (this.#limits.upkeepMs > 0 && !this.#upkeep.busy) void this.#tend();
  }

  /** One round of upkeep: close an old hot table, seal what is closed, merge one group of files. */
  async #tend(): Promise<void> {
    if (this.#upkeep.busy || this.#closed || this.#broken) return;
    try {
      const old = this.#clock.monotonicMs() - this.#limits.hotAgeMs;
      await this.#upkeep.run(async () => {
        await this.#rotateIf((table) => table.firstAtMs !== null && table.firstAtMs <= old);
      });
      while (!this.#closed && (await this.#upkeep.run(() => this.#sealOne())));
      await this.#upkeep.run(async () => {
        const merge = nextMerge(this.#core.state.view.segments, this.#clock.nowUs(), this.#limits);
        if (merge && !this.#closed) await this.#core.compactor.merge(merge);
      });
      await this.#checkpoint();
    } catch (error) {
      this.#log.error({ error: String(error) }, 'sealing or merging failed and is tried again');
    }
  }

  /** Until then an hour of samples stays in memory, which a small plant sees as a process that grows. */
  async #checkpoint(): Promise<void> {
    const { checkpointMs } = this.#limits;
    const now = this.#clock.monotonicMs();
    if (checkpointMs === 0 || this.#closed || now - this.#checkpointed < checkpointMs) return;
    await this.#upkeep.run(() => this.#writing.run(() => this.#core.database.writer.run('CHECKPOINT')));
    this.#checkpointed = now;
  }

  async #rotateIf(due: (table: Core['hot']['current']) => boolean): Promise<void> {
    if (!due(this.#core.hot.current)) return;
    await this.#writing.run(() => this.#core.hot.rotate());
  }

  async #sealOne(): Promise<boolean> {
    const { state, hot, sealer } = this.#core;
    const table = state.view.hot.find((h) => h !== hot.current && h.rows > 0);
    if (!table) return false;
    const samples = await sealer.seal(table);
    this.#log.debug({ table: table.name, samples }, 'sealed');
    return true;
  }
}
