import assert from 'node:assert/strict';
import type { History } from '@deungdae/history/history.ts';
import type { Frame } from './visitor.ts';

interface Seen {
  value: number | string | null;
  quality: string;
}

const qualities = ['good', 'uncertain', 'bad', 'gap'];
const everything = { from: 0, to: 4_000_000_000_000_000 };

/**
 * Keeps every sample that the server showed. It shows nothing before it is durable, so whatever was seen once must be in
 * the history for ever, whatever happens to the process, exactly once.
 */
export class Witness {
  readonly #seen = new Map<number, Map<number, Seen>>();

  get samples(): number {
    let n = 0;
    for (const times of this.#seen.values()) n += times.size;
    return n;
  }

  onFrame(frame: Frame): void {
    for (const { id, time, value, quality } of frame.values ?? []) {
      const times = this.#seen.get(id) ?? new Map<number, Seen>();
      times.set(time, { value, quality });
      this.#seen.set(id, times);
    }
  }

  /** How many samples that were seen are not there, and how many are there more than once. */
  async compare(history: History): Promise<{ lost: number; repeated: number }> {
    let lost = 0;
    let repeated = 0;
    for (const [signal, times] of this.#seen) {
      const rows = await history.range({ signal, ...everything, limit: 1_000_000 });
      assert.ok(rows.length < 1_000_000, 'a signal has more samples than one question gives');
      const held = new Map<string, number>();
      for (const row of rows) {
        const key = keyOf(row.time, row.value, qualities[row.quality]!);
        held.set(key, (held.get(key) ?? 0) + 1);
      }
      for (const n of held.values()) repeated += n - 1;
      for (const [time, { value, quality }] of times) if (!held.has(keyOf(time, value, quality))) lost++;
    }
    // Counts add up over files without looking for repeats: a sample kept in two files would count twice.
    for (const { signal, samples } of await history.counts()) {
      if (!this.#seen.has(signal)) continue;
      const rows = await history.range({ signal, ...everything, limit: 1_000_000 });
      repeated += Math.max(0, samples - rows.length);
    }
    return { lost, repeated };
  }
}

function keyOf(time: number, value: unknown, quality: string): string {
  return `${time} ${typeof value === 'boolean' ? Number(value) : String(value)} ${quality}`;
}
