/**
 * Slows down guessing: past the free attempts for one name (5) or one address (20, because a whole shop may stand behind
 * one) within fifteen minutes, the next try waits, twice as long each time, up to fifteen minutes. An attempt counts
 * from its start, so that many at once are not free. At most 10,000 keys are remembered; the oldest go first.
 */
const freeByName = 5;
const freeByAddress = 20;
const forgetAfterMs = 15 * 60_000;
const maxKeys = 10_000;

export interface Attempt {
  name: string;
  address: string;
}

export class Attempts {
  readonly #counts = new Map<string, { count: number; lastMs: number }>();

  /** Counts an attempt, unless it has to wait: then the seconds until the next one may be made. 0 lets it go on. */
  begin({ name, address }: Attempt, nowMs: number): number {
    const waitMs = Math.max(
      this.#waitMs(`name:${name}`, freeByName, nowMs),
      this.#waitMs(`address:${address}`, freeByAddress, nowMs),
    );
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    this.#count(`name:${name}`, 1, nowMs);
    this.#count(`address:${address}`, 1, nowMs);
    return 0;
  }

  /** The name's count is forgotten; the address only loses this attempt: one's own sign-in must not hide guesses. */
  succeeded({ name, address }: Attempt, nowMs: number): void {
    this.#counts.delete(`name:${name}`);
    this.#count(`address:${address}`, -1, nowMs);
  }

  #count(key: string, step: number, nowMs: number): void {
    const before = this.#counts.get(key);
    const count = Math.max(0, (before && nowMs - before.lastMs < forgetAfterMs ? before.count : 0) + step);
    this.#counts.delete(key);
    if (count > 0) this.#counts.set(key, { count, lastMs: step > 0 ? nowMs : (before?.lastMs ?? nowMs) });
    if (this.#counts.size > maxKeys) this.#counts.delete(this.#counts.keys().next().value!);
  }

  #waitMs(key: string, free: number, nowMs: number): number {
    const known = this.#counts.get(key);
    if (!known || known.count < free) return 0;
    const waitMs = Math.min(forgetAfterMs, 2 ** (known.count - free) * 5_000);
    return Math.max(0, known.lastMs + waitMs - nowMs);
  }
}
