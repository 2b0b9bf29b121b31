import type { SampleBatch } from '@deungdae/contracts/sample.ts';

/**
 * The in-process bus. Every batch goes to the history first; when it is on disk, the modules see it, in the order of
 * arrival. So nothing that a module decides rests on a sample that a crash could take back.
 */
export interface Stream {
  /** Resolves when the batch is durable. Rejects when it could not be written: the caller keeps it and tries again. */
  ingest(batch: SampleBatch): Promise<void>;
  /** Batches after they are durable. A subscriber must return quickly; what it throws is logged and does not stop the stream. */
  subscribe(name: string, onBatch: (batch: SampleBatch) => void): () => void;
  stats(): { ingested: number; pendingBatches: number; pendingSamples: number };
  /** Resolves when all that was accepted is durable and seen. */
  drain(): Promise<void>;
}
