import { type Clock, sleepWith } from '@deungdae/kernel/clock.ts';

interface Timer {
  at: number;
  order: number;
  callback: () => void;
}

/**
 * A clock that stands still until the test moves it. `advance` moves both clocks and fires what falls due, in order,
 * letting promises and real I/O run in between; `jump` sets only the wall clock, as an administrator or NTP would.
 */
export class FakeClock implements Clock {
  #wallUs: number;
  #monoMs = 0;
  #order = 0;
  #timers = new Set<Timer>();

  /** @param startUs µs UTC */
  constructor(startUs = Date.UTC(2026, 0, 5) * 1000) {
    this.#wallUs = startUs;
  }

  nowUs(): number {
    return Math.round(this.#wallUs);
  }

  monotonicMs(): number {
    return this.#monoMs;
  }

  sleep(ms: number, abort?: AbortSignal): Promise<void> {
    return sleepWith(this, ms, abort);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#monoMs + Math.max(0, ms), order: this.#order++, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Sets the wall clock forward or back by `ms`; timers do not notice. */
  jump(ms: number): void {
    this.#wallUs += ms * 1000;
  }

  /** Moves time by `ms`, firing timers in order. Between two timers the event loop turns once. */
  async advance(ms: number): Promise<void> {
    const end = this.#monoMs + ms;
    for (;;) {
      const next = this.#next();
      if (!next || next.at > end) break;
      this.#moveTo(next.at);
      this.#timers.delete(next);
      next.callback();
      await turn();
    }
    this.#moveTo(end);
    await turn();
  }

  /** Timers that wait. A leak of timers shows here. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer; null when none waits. */
  get nextInMs(): number | null {
    const next = this.#next();
    return next ? next.at - this.#monoMs : null;
  }

  #next(): Timer | undefined {
    let best: Timer | undefined;
    for (const t of this.#timers) if (!best || t.at < best.at || (t.at === best.at && t.order < best.order)) best = t;
    return best;
  }

  #moveTo(monoMs: number): void {
    this.#wallUs += (monoMs - this.#monoMs) * 1000;
    this.#monoMs = monoMs;
  }
}

/** One turn of the event loop: promises settle and ready sockets are served. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
