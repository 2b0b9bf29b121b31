import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { historyError } from './errors.ts';
import type { HistoryLimits } from './limits.ts';

interface Waiting {
  batch: SampleBatch;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers concurrent appends into few transactions. After a pause a batch is committed at once, so that live values
 * are fast; while batches keep coming, commits are `groupMs` apart or `groupRows` large.
 */
export class GroupCommit {
  readonly #write: (batches: SampleBatch[]) => Promise<void>;
  readonly #clock: Clock;
  readonly #limits: HistoryLimits;
  #queue: Waiting[] = [];
  #queued = 0;
  #room: { need: number; go: () => void }[] = [];
  #waitingForRoom = 0;
  #running: Promise<void> | null = null;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | null = null;

  constructor(write: (batches: SampleBatch[]) => Promise<void>, clock: Clock, limits: HistoryLimits) {
    this.#write = write;
    this.#clock = clock;
    this.#limits = limits;
  }

  get queuedSamples(): number {
    return this.#queued + this.#waitingForRoom;
  }

  async add(batch: SampleBatch): Promise<void> {
    if (this.#queued > 0 && this.#queued + batch.length > this.#limits.queueSamples)
      await this.#waitForRoom(batch.length);
    this.#queued += batch.length;
    return new Promise<void>((resolve, reject) => {
      this.#queue.push({ batch, resolve, reject });
      if (this.#queued >= this.#limits.groupRows) this.#wake?.();
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing is queued any more. */
  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #waitForRoom(need: number): Promise<void> {
    const waiting = this.#waitingForRoom + need;
    const limit = this.#limits.waitingSamples;
    if (waiting > limit) throw historyError('history.overloaded', { waiting, limit }, { status: 503 });
    this.#waitingForRoom = waiting;
    await new Promise<void>((go) => this.#room.push({ need, go }));
  }

  #makeRoom(): void {
    let free = this.#limits.queueSamples - this.#queued;
    while (this.#room.length > 0 && (this.#room[0]!.need <= free || this.#queued === 0)) {
      const next = this.#room.shift()!;
      free -= next.need;
      this.#waitingForRoom -= next.need;
      next.go();
      if (free <= 0) break;
    }
  }

  async #run(): Promise<void> {
    // Appends made in the same turn share the first transaction.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await this.#pace();
      const group = this.#take();
      this.#lastStartMs = this.#clock.monotonicMs();
      try {
        await this.#write(group.map((w) => w.batch));
        for (const w of group) w.resolve();
      } catch (error) {
        for (const w of group) w.reject(error);
      }
      for (const w of group) this.#queued -= w.batch.length;
      this.#makeRoom();
      // Callers that were just answered get a turn to bring their next batch.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#running = null;
  }

  async #pace(): Promise<void> {
    const left = this.#lastStartMs + this.#limits.groupMs - this.#clock.monotonicMs();
    if (left <= 0 || this.#queued >= this.#limits.groupRows) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(left, this.#limits.groupMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  #take(): Waiting[] {
    let n = 0;
    let count = 0;
    while (count < this.#queue.length && n < this.#limits.groupRows) n += this.#queue[count++]!.batch.length;
    return this.#queue.splice(0, count);
  }
}
