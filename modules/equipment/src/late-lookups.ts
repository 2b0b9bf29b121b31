interface Window {
  from: number;
  to: number;
}

/**
 * One look-up in the history for each signal of each machine at a time. Late samples that come while it runs wait as one
 * window: a log that is given a second time asks a few questions, not one for each of its lines.
 */
export class LateLookups<Owner extends object> {
  readonly #place: (owner: Owner, signal: number, from: number, to: number) => Promise<void>;
  /** By machine and signal: what waits for the look-up under way, null when nothing does. */
  readonly #waiting = new Map<Owner, Map<number, Window | null>>();
  readonly #running = new Set<Promise<void>>();

  /** `place` must not reject. */
  constructor(place: (owner: Owner, signal: number, from: number, to: number) => Promise<void>) {
    this.#place = place;
  }

  /** A late sample at `time`, µs. */
  add(owner: Owner, signal: number, time: number): void {
    const signals = this.#waiting.get(owner) ?? new Map<number, Window | null>();
    this.#waiting.set(owner, signals);
    const waits = signals.get(signal);
    if (waits === undefined) {
      signals.set(signal, null);
      const running = this.#run(owner, signals, signal, { from: time, to: time });
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    } else if (waits === null) signals.set(signal, { from: time, to: time });
    else {
      waits.from = Math.min(waits.from, time);
      waits.to = Math.max(waits.to, time);
    }
  }

  /** Resolves when every late sample so far is placed. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #run(owner: Owner, signals: Map<number, Window | null>, signal: number, first: Window): Promise<void> {
    for (let next: Window | null = first; next !== null; ) {
      await this.#place(owner, signal, next.from, next.to);
      next = signals.get(signal) ?? null;
      signals.set(signal, null);
    }
    signals.delete(signal);
    if (signals.size === 0) this.#waiting.delete(owner);
  }
}
