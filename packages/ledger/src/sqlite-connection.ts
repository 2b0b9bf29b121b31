import { Worker } from 'node:worker_threads';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { fromSqlite, ledgerError, type SqliteFailure } from './errors.ts';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './sqlite-worker.ts';
import type { OnReply } from './write-channel.ts';

interface Waiting {
  resolve(reply: WorkerReply): void;
  reject(error: unknown): void;
  cancelTimer: () => void;
}

/**
 * Our side of one SQLite worker. A statement that takes too long cannot be interrupted inside SQLite, so its thread is
 * given up: the callers get an error at once, and the next request starts a new thread when the old one has ended.
 */
export class SqliteConnection {
  readonly #settings: WorkerSettings;
  readonly #clock: Clock;
  readonly #statementMs: number;
  #worker: Promise<Worker> | null = null;
  #ending: Promise<unknown> = Promise.resolve();
  #closed = false;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();
  /** Asked for in this turn of the event loop: they go over together, since waking the thread costs more than most statements. */
  #batch: { worker: Worker; requests: WorkerRequest[] } | null = null;

  constructor(settings: WorkerSettings, clock: Clock, statementMs: number) {
    this.#settings = settings;
    this.#clock = clock;
    this.#statementMs = statementMs;
  }

  /** Resolves when the connection is open, or throws why it cannot be. */
  async open(): Promise<void> {
    await this.#start();
  }

  /** Runs `before`, then `sql`. A failed statement throws; `onReply` sees the transaction state in either case. */
  async request(
    work: Omit<WorkerRequest, 'id'>,
    options: { onReply?: OnReply; limitMs?: number } = {},
  ): Promise<WorkerReply> {
    const worker = await this.#start();
    const reply = await this.#send(worker, work, options.limitMs ?? this.#statementMs);
    options.onReply?.(reply.inTransaction, reply.queuedFailed);
    if (reply.failure) throw fromSqlite(reply.failure, this.#settings.file);
    if (reply.tooManyRows) throw ledgerError('ledger.tooManyRows', { limit: work.maxRows }, { status: 413 });
    return reply;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker) this.#giveUp(ledgerError('ledger.closed'));
    await this.#ending;
  }

  #send(worker: Worker, work: Omit<WorkerRequest, 'id'>, limitMs: number): Promise<WorkerReply> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const cancelTimer = this.#clock.after(limitMs, () =>
        this.#giveUp(ledgerError('ledger.statementTimeout', { limitMs }, { status: 503 })),
      );
      this.#waiting.set(id, { resolve, reject, cancelTimer });
      this.#post(worker, { id, ...work });
    });
  }

  #post(worker: Worker, request: WorkerRequest): void {
    if (this.#batch?.worker === worker) {
      this.#batch.requests.push(request);
      return;
    }
    const batch = { worker, requests: [request] };
    this.#batch = batch;
    // Runs when the promises that are ready now have all run, and asked for what they need.
    process.nextTick(() => {
      if (this.#batch === batch) this.#batch = null;
      worker.postMessage(batch.requests);
    });
  }

  #start(): Promise<Worker> {
    if (this.#closed) return Promise.reject(ledgerError('ledger.closed'));
    this.#worker ??= this.#launch();
    return this.#worker;
  }

  async #launch(): Promise<Worker> {
    await this.#ending;
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: this.#settings,
      // Rows come and go in small lots; a large nursery would only hold memory.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
    });
    const ready = Promise.withResolvers<Worker>();
    worker.once('message', (message: { ready: boolean; failure: SqliteFailure | null }) => {
      if (message.ready) {
        worker.on('message', (replies: WorkerReply[]) => {
          for (const reply of replies) this.#answer(reply);
        });
        ready.resolve(worker);
      } else ready.reject(this.#cannotOpen(message.failure!));
    });
    worker.once('error', (error) => ready.reject(this.#cannotOpen({ message: error.message, errcode: 0 })));
    worker.once('exit', () => {
      ready.reject(this.#cannotOpen({ message: 'the thread ended', errcode: 0 }));
      this.#lost(ledgerError('ledger.io', { detail: 'the thread ended' }));
    });
    try {
      return await ready.promise;
    } catch (error) {
      this.#worker = null;
      this.#ending = worker.terminate();
      throw error;
    }
  }

  #cannotOpen(failure: SqliteFailure) {
    const known = fromSqlite(failure, this.#settings.file);
    return known.code === 'ledger.statement'
      ? ledgerError('ledger.cannotOpen', { file: this.#settings.file, detail: failure.message })
      : known;
  }

  #answer(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    waiting.cancelTimer();
    waiting.resolve(reply);
  }

  #giveUp(reason: Error): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#ending = Promise.all([this.#ending, worker?.then((w) => w.terminate()).catch(() => undefined)]);
    this.#lost(reason);
  }

  #lost(reason: Error): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of all) {
      one.cancelTimer();
      one.reject(reason);
    }
  }
}
