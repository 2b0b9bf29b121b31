import { statfs } from 'node:fs/promises';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';

/** An append that takes longer than this means that samples are not being kept. */
const stalledMs = 30_000;
/** Below this the disk counts as full: the next seal or backup may not fit. */
const leastFreeMb = 100;

export interface Health {
  ok: boolean;
  /** Why not, as codes; empty when well. Open to all, so no detail of the plant. */
  problems: string[];
}

/** Watches whether samples reach the disk: stands between the stream and the history. */
export class AppendWatch {
  readonly #append: (batch: SampleBatch) => Promise<void>;
  readonly #clock: Clock;
  readonly #running = new Set<{ sinceMs: number }>();
  #failed: string | null = null;

  constructor(history: { append(batch: SampleBatch): Promise<void> }, clock: Clock) {
    this.#append = (batch) => history.append(batch);
    this.#clock = clock;
  }

  async append(batch: SampleBatch): Promise<void> {
    const mine = { sinceMs: this.#clock.monotonicMs() };
    this.#running.add(mine);
    try {
      await this.#append(batch);
      this.#failed = null;
    } catch (error) {
      const known = error instanceof CodedError ? error : null;
      // A batch that is itself wrong says nothing about the disk.
      if (!known || known.status >= 500) this.#failed = known?.code ?? 'history.writeFailed';
      throw error;
    } finally {
      this.#running.delete(mine);
    }
  }

  /** Stays until an append succeeds again. */
  problems(): string[] {
    const oldest = this.#running.values().next().value;
    const stalled = oldest && this.#clock.monotonicMs() - oldest.sinceMs > stalledMs;
    return [...(this.#failed ? [this.#failed] : []), ...(stalled ? ['history.stalled'] : [])];
  }
}

/** Well when what comes in is kept and there is room for more. */
export async function healthOf(watch: Pick<AppendWatch, 'problems'>, dataDir: string): Promise<Health> {
  const disk = await statfs(dataDir).catch(() => null);
  const freeMb = disk ? (disk.bavail * disk.bsize) / 1_048_576 : 0;
  const problems = [...watch.problems(), ...(freeMb < leastFreeMb ? ['disk.low'] : [])];
  return { ok: problems.length === 0, problems };
}
