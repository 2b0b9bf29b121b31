/**
 * Slows down guessing: after five failures for one name or one address within fifteen minutes, sign-in waits, twice as
 * long each time, up to fifteen minutes. At most 10,000 keys are remembered; the oldest go first.
 */
const freeAttempts = 5;
const forgetAfterMs = 15 * 60_000;
const maxKeys = 10_000;

export class Attempts {
  readonly #failures = new Map<string, { count: number; lastMs: number }>();

  /** Seconds to wait before the next try; 0 when there is no need to. */
  waitSeconds(keys: readonly string[], nowMs: number): number {
    return Math.max(0, ...keys.map((key) => this.#wait(key, nowMs)));
  }

  failed(keys: readonly string[], nowMs: number): void {
    for (const key of keys) {
      const before = this.#failures.get(key);
      const count = before && nowMs - before.lastMs < forgetAfterMs ? before.count + 1 : 1;
      this.#failures.delete(key);
      this.#failures.set(key, { count, lastMs: nowMs });
      if (this.#failures.size > maxKeys) this.#failures.delete(this.#failures.keys().next().value!);
    }
  }

  succeeded(keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key);
  }

  #wait(key: string, nowMs: number): number {
    const failures = this.#failures.get(key);
    if (!failures || failures.count < freeAttempts) return 0;
    const waitMs = Math.min(forgetAfterMs, 2 ** (failures.count - freeAttempts) * 5_000);
    return Math.max(0, Math.ceil((failures.lastMs + waitMs - nowMs) / 1000));
  }
}
