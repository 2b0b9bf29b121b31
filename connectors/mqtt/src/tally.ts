import type { Notice } from '@deungdae/connector-kit/connector.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';

/** Keys counted apart; a flood of different ones is counted under the code alone. */
const maxKeys = 200;

interface Count {
  notice: Notice;
  since: number;
  toldAt: number;
}

/**
 * Counts what goes wrong again and again, and tells at once the first time, then once a window with the number since.
 * The params get `count`.
 */
export class Tally {
  readonly #clock: Clock;
  readonly #tell: (notice: Notice) => void;
  readonly #windowMs: number;
  readonly #counts = new Map<string, Count>();
  /** Everything ever counted, by code. */
  readonly totals = new Map<string, number>();

  constructor(clock: Clock, tell: (notice: Notice) => void, windowMs = 10_000) {
    this.#clock = clock;
    this.#tell = tell;
    this.#windowMs = windowMs;
  }

  count(code: string, key: string, params: () => Record<string, string | number>): void {
    this.totals.set(code, (this.totals.get(code) ?? 0) + 1);
    const id = this.#counts.size >= maxKeys && !this.#counts.has(`${code} ${key}`) ? code : `${code} ${key}`;
    const now = this.#clock.monotonicMs();
    let count = this.#counts.get(id);
    if (!count) {
      count = { notice: { code, params: params() }, since: 0, toldAt: Number.NEGATIVE_INFINITY };
      this.#counts.set(id, count);
    }
    count.since++;
    if (now - count.toldAt < this.#windowMs) return;
    this.#tell({ code, params: { ...params(), count: count.since } });
    count.toldAt = now;
    count.since = 0;
  }

  /** Tells what was counted since the last telling. */
  flush(): void {
    for (const count of this.#counts.values()) {
      if (count.since > 0) this.#tell({ ...count.notice, params: { ...count.notice.params, count: count.since } });
      count.since = 0;
    }
  }
}
