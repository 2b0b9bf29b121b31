import type { Clock } from '@deungdae/kernel/clock.ts';

/** 2020-01-01 UTC, ms. */
const epochMs = 1_577_836_800_000;
const perMs = 4096;

/**
 * Keys of lots and movements: integers that rise with time, below 2^53 until 2089, made without asking the database.
 * The low bits start at random, so that two processes do not meet.
 */
export class Keys {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): number {
    const now = (Math.floor(this.#clock.nowUs() / 1000) - epochMs) * perMs + Math.floor(Math.random() * (perMs / 2));
    this.#last = Math.max(this.#last + 1, now);
    return this.#last;
  }
}

const prefix = 'lot-';

/** Ids of lots as others see them; never to be mixed up with a printed number, which may not begin so. */
export function lotId(key: number): string {
  return prefix + key.toString(36);
}

/** The key in an id; null when it is none. */
export function lotKey(id: string): number | null {
  if (!id.startsWith(prefix) || id.length > 16 || !/^lot-[0-9a-z]+$/.test(id)) return null;
  const key = Number.parseInt(id.slice(prefix.length), 36);
  return Number.isSafeInteger(key) ? key : null;
}
