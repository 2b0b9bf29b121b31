import type { Clock } from '@deungdae/kernel/clock.ts';

/** Longest wait at once, ms: a wait is then looked at again, and an abort is never far. */
const maxWaitMs = 60_000;

/** Says when a line of a replayed file is due. The first line's time is tied to now. */
export class Pacer {
  readonly paced: boolean;
  readonly #factor: number;
  readonly #clock: Clock;
  #anchorUs = Number.NaN;
  #startedMs = 0;

  constructor(speed: 'original' | 'max' | number, clock: Clock) {
    this.paced = speed !== 'max';
    this.#factor = typeof speed === 'number' ? speed : 1;
    this.#clock = clock;
  }

  restart(): void {
    this.#anchorUs = Number.NaN;
  }

  /** Milliseconds until a line of that time is due; 0 when it is, or when it has no time. */
  waitMs(timeUs: number): number {
    if (Number.isNaN(timeUs)) return 0;
    const nowMs = this.#clock.monotonicMs();
    if (Number.isNaN(this.#anchorUs)) {
      this.#anchorUs = timeUs;
      this.#startedMs = nowMs;
      return 0;
    }
    const dueMs = this.#startedMs + (timeUs - this.#anchorUs) / 1000 / this.#factor;
    return dueMs <= nowMs ? 0 : Math.min(maxWaitMs, Math.ceil(dueMs - nowMs));
  }
}
