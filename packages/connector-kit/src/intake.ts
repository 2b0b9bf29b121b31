import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { type CodedError, toCoded } from '@deungdae/kernel/errors.ts';
import { backoffMs } from './backoff.ts';
import { kitError } from './errors.ts';
import type { KitLimits } from './limits.ts';

/** Carries the batches of one connection into the stream, one write at a time and in order, and never gives up. */
export interface Intake {
  /** Resolves when every sample of the batch is durable. Rejects only when the intake is closed. */
  deliver(batch: SampleBatch): Promise<void>;
  /** What keeps the samples from being stored now; null when all is well. */
  trouble(): CodedError | null;
  pendingSamples(): number;
  close(): void;
}

interface Waiting {
  batch: SampleBatch;
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * While one write is under way the next batches wait and are merged into one, so a slow disk gets fewer, larger writes.
 * A failed write is repeated with the same samples: `append` is idempotent.
 */
export function createIntake(options: {
  ingest: (batch: SampleBatch) => Promise<void>;
  clock: Clock;
  limits: Pick<KitLimits, 'mergeSamples' | 'backoffMinMs' | 'backoffMaxMs'>;
  random?: () => number;
  onTrouble?: (error: CodedError | null) => void;
}): Intake {
  const { ingest, clock, limits, random = Math.random, onTrouble } = options;
  const stop = new AbortController();
  let queue: Waiting[] = [];
  let pending = 0;
  let running = false;
  let trouble: CodedError | null = null;

  const setTrouble = (error: CodedError | null) => {
    if (trouble === null && error === null) return;
    trouble = error;
    onTrouble?.(error);
  };

  const write = async (batch: SampleBatch) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await ingest(batch);
        return setTrouble(null);
      } catch (error) {
        setTrouble(toCoded(error, 'kit.notStored'));
        await clock.sleep(backoffMs(attempt, { ...limits, backoffMaxMs: 10_000 }, random), stop.signal);
      }
    }
  };

  const run = async () => {
    running = true;
    while (queue.length > 0 && !stop.signal.aborted) {
      const group = takeGroup(queue, limits.mergeSamples);
      queue = queue.slice(group.length);
      try {
        await write(merge(group.map((w) => w.batch)));
        for (const w of group) w.resolve();
      } catch {
        for (const w of group) w.reject(kitError('kit.closed'));
      } finally {
        for (const w of group) pending -= w.batch.length;
      }
    }
    running = false;
    if (stop.signal.aborted) for (const w of queue.splice(0)) w.reject(kitError('kit.closed'));
  };

  return {
    deliver(batch) {
      if (stop.signal.aborted) return Promise.reject(kitError('kit.closed'));
      return new Promise((resolve, reject) => {
        queue.push({ batch, resolve, reject });
        pending += batch.length;
        if (!running) void run();
      });
    },
    trouble: () => trouble,
    pendingSamples: () => pending,
    close() {
      stop.abort(kitError('kit.closed'));
      if (!running) for (const w of queue.splice(0)) w.reject(kitError('kit.closed'));
    },
  };
}

function takeGroup(queue: readonly Waiting[], mergeSamples: number): Waiting[] {
  let samples = 0;
  let n = 0;
  while (n < queue.length && (n === 0 || samples + queue[n]!.batch.length <= mergeSamples)) {
    samples += queue[n]!.batch.length;
    n++;
  }
  return queue.slice(0, n);
}

/** One batch with the samples of all, in order. */
export function merge(batches: readonly SampleBatch[]): SampleBatch {
  if (batches.length === 1) return batches[0]!;
  const length = batches.reduce((sum, b) => sum + b.length, 0);
  const signals = new Uint32Array(length);
  const times = new Float64Array(length);
  const numbers = new Float64Array(length);
  const quality = new Uint8Array(length);
  const texts = batches.some((b) => b.texts !== null) ? new Array<string | null>(length).fill(null) : null;
  let at = 0;
  for (const b of batches) {
    const n = b.length;
    signals.set(b.signals.subarray(0, n), at);
    times.set(b.times.subarray(0, n), at);
    numbers.set(b.numbers.subarray(0, n), at);
    quality.set(b.quality.subarray(0, n), at);
    if (texts && b.texts) for (let i = 0; i < n; i++) texts[at + i] = b.texts[i] ?? null;
    at += n;
  }
  return { length, signals, times, numbers, texts, quality };
}
