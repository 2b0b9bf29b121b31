import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Stream } from './stream.ts';

export interface StreamOptions {
  /** Where batches become durable. */
  history: { append(batch: SampleBatch): Promise<void> };
  log: Logger;
  limits?: Partial<StreamLimits>;
}

/** At either limit `ingest` waits its turn: the caller is held back, nothing is dropped. */
export interface StreamLimits {
  /** Samples accepted and not yet seen by the modules. Default 2,000,000 (about 50 MB). One larger batch passes alone. */
  pendingSamples: number;
  /** Batches accepted and not yet seen by the modules. Default 1,000. */
  pendingBatches: number;
}

type Outcome = 'pending' | 'durable' | 'failed';

/** The in-process bus: history first, then the modules, in the order of arrival. */
export function createStream(options: StreamOptions): Stream {
  const { history, log } = options;
  const limits: StreamLimits = { pendingSamples: 2_000_000, pendingBatches: 1_000, ...options.limits };
  const subscribers = new Map<symbol, { name: string; onBatch: (batch: SampleBatch) => void }>();
  /** Accepted, oldest first. A batch leaves when all before it have left and it is durable or has failed. */
  const accepted: { batch: SampleBatch; outcome: Outcome }[] = [];
  const waiting: { samples: number; go: () => void }[] = [];
  const drains: (() => void)[] = [];
  let ingested = 0;
  let pendingSamples = 0;

  const hasRoom = (samples: number) =>
    accepted.length === 0 ||
    (accepted.length < limits.pendingBatches && pendingSamples + samples <= limits.pendingSamples);

  const show = (batch: SampleBatch) => {
    for (const s of subscribers.values()) {
      try {
        s.onBatch(batch);
      } catch (error) {
        log.error({ subscriber: s.name, err: error }, 'a stream subscriber threw; the stream goes on');
      }
    }
  };

  const settle = () => {
    while (accepted.length > 0 && accepted[0]!.outcome !== 'pending') {
      const { batch, outcome } = accepted.shift()!;
      pendingSamples -= batch.length;
      if (outcome === 'failed') continue;
      ingested += batch.length;
      show(batch);
    }
    while (waiting.length > 0 && hasRoom(waiting[0]!.samples)) {
      const next = waiting.shift()!;
      next.go();
    }
    if (accepted.length === 0 && waiting.length === 0) for (const done of drains.splice(0)) done();
  };

  /** Runs at once when there is room, so that two callers cannot both take the last place. */
  const accept = (batch: SampleBatch): Promise<void> => {
    const entry = { batch, outcome: 'pending' as Outcome };
    accepted.push(entry);
    pendingSamples += batch.length;
    return append(history, batch).then(
      () => {
        entry.outcome = 'durable';
        settle();
      },
      (error: unknown) => {
        entry.outcome = 'failed';
        settle();
        throw error;
      },
    );
  };

  return {
    ingest(batch) {
      if (batch.length === 0) return Promise.resolve();
      if (waiting.length === 0 && hasRoom(batch.length)) return accept(batch);
      return new Promise((resolve, reject) => {
        waiting.push({ samples: batch.length, go: () => void accept(batch).then(resolve, reject) });
      });
    },
    subscribe(name, onBatch) {
      const key = Symbol(name);
      subscribers.set(key, { name, onBatch });
      return () => void subscribers.delete(key);
    },
    stats: () => ({ ingested, pendingBatches: accepted.length + waiting.length, pendingSamples }),
    drain: () =>
      accepted.length === 0 && waiting.length === 0 ? Promise.resolve() : new Promise((r) => drains.push(r)),
  };
}

/** An engine that throws instead of rejecting must not break the order of the queue. */
async function append(history: StreamOptions['history'], batch: SampleBatch): Promise<void> {
  await history.append(batch);
}
