import type { BusinessEvent, NewEvent } from '@deungdae/contracts/event.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger, Transaction } from '@deungdae/ledger/ledger.ts';
import type { AlarmPoint, JournalRow } from './domain/point.ts';
import { type AlarmTables, insertJournal, type Progress, saveProgress, toStored, upsertPoints } from './store.ts';

const rowsPerTransaction = 2000;
/** Entries that may wait while the ledger cannot be written; beyond, they are left to be found again in the history. */
const maxWaiting = 200_000;
const retryMs = [100, 500, 2000, 5000] as const;

export interface WriterSources {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  point(id: string): AlarmPoint | undefined;
  /** The window of entries that could not be kept waiting: judge it again from the history. */
  onOverflow(from: number, to: number): void;
}

/**
 * What the process did to alarms goes to the ledger in groups, in order, behind the evaluation. One writer at a time:
 * what people do (`exclusive`) waits for its turn, so that no older picture of an alarm is written over a newer one.
 */
export class JournalWriter {
  readonly #sources: WriterSources;
  #rows: JournalRow[] = [];
  #dirty = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();
  #flushing: Promise<void> | null = null;
  #overflow: { from: number; to: number } | null = null;
  readonly #closing = new AbortController();
  written = 0;

  constructor(sources: WriterSources) {
    this.#sources = sources;
  }

  get waiting(): number {
    return this.#rows.length;
  }

  add(row: JournalRow): void {
    if (this.#rows.length < maxWaiting) this.#rows.push(row);
    else {
      const { from, to } = this.#overflow ?? { from: row.time, to: row.time };
      this.#overflow = { from: Math.min(from, row.time), to: Math.max(to, row.time) };
    }
    this.dirty(row.alarm);
  }

  /** The point changed; it is written with the next group. */
  dirty(alarm: string): void {
    this.#dirty.add(alarm);
    this.#start();
  }

  get idle(): boolean {
    return this.#rows.length + this.#dirty.size === 0 && this.#flushing === null;
  }

  /** Alone with the ledger: nothing waiting is older than what `work` sees. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when everything so far is on disk. */
  async flushed(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    await this.#tail;
  }

  /** Writes what waits. Gives up on a ledger that fails: the samples are in the history and will be judged again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.flushed();
  }

  /** How far samples are judged; only true while the writer is idle. */
  async progress(progress: Progress): Promise<void> {
    await this.exclusive(() =>
      this.#sources.ledger.transaction<AlarmTables, void>((db) => saveProgress(db, progress)),
    ).catch((error) =>
      this.#sources.log.warn({ err: error }, 'alarm progress not stored; samples will be judged again'),
    );
  }

  #start(): void {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = null;
    });
  }

  async #flush(): Promise<void> {
    let failures = 0;
    // Let the batch that is being judged come to its end, so that its transitions share a transaction.
    await Promise.resolve();
    while (this.#rows.length + this.#dirty.size > 0) {
      try {
        await this.exclusive(() => this.#writeSome());
        failures = 0;
      } catch (error) {
        this.#sources.log.error({ err: error, waiting: this.#rows.length }, 'alarm journal not written; trying again');
        const wait = retryMs[Math.min(failures++, retryMs.length - 1)]!;
        await this.#sources.clock.sleep(wait, this.#closing.signal).catch(() => undefined);
        if (this.#closing.signal.aborted) return;
      }
    }
    const lost = this.#overflow;
    this.#overflow = null;
    if (lost) this.#sources.onOverflow(lost.from, lost.to + 1);
  }

  async #writeSome(): Promise<void> {
    const rows = this.#rows.slice(0, rowsPerTransaction);
    // A stored alarm must never be ahead of its journal: after a crash, judging goes on from what the alarm says.
    const behind = new Set(this.#rows.slice(rowsPerTransaction).map((row) => row.alarm));
    const dirty = [...this.#dirty].filter((id) => !behind.has(id));
    const points = dirty.flatMap((id) => this.#sources.point(id) ?? []).map(toStored);
    // Taken out now: what changes while the transaction runs becomes dirty again.
    for (const id of dirty) this.#dirty.delete(id);
    try {
      await this.#sources.ledger.transaction<AlarmTables, void>(async (db) => {
        await insertJournal(db, rows);
        await upsertPoints(db, points);
      });
    } catch (error) {
      for (const id of dirty) this.#dirty.add(id);
      throw error;
    }
    this.#rows.splice(0, rows.length);
    this.written += rows.length;
  }

  /**
   * Inside `exclusive`: runs `work` in a transaction that first writes every entry that waits, so that the alarms that
   * `work` stores are not ahead of their journal.
   */
  async withWaiting(
    work: (db: Transaction<AlarmTables>, emit: (event: NewEvent) => Promise<BusinessEvent>) => Promise<void>,
  ): Promise<void> {
    const rows = [...this.#rows];
    await this.#sources.ledger.transaction<AlarmTables, void>(async (db, emit) => {
      await insertJournal(db, rows);
      await work(db, emit);
    });
    this.#rows.splice(0, rows.length);
    this.written += rows.length;
  }
}
