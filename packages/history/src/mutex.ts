/** One at a time, in the order of asking. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  get busy(): boolean {
    return this.#waiting > 0;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#tail.then(work);
    this.#tail = result.then(
      () => this.#waiting--,
      () => this.#waiting--,
    );
    return result;
  }
}

/** At most `size` holders of the given things; further ones wait in order. */
export class Pool<T> {
  #free: T[];
  #waiting: ((item: T) => void)[] = [];
  readonly #limit: number;
  readonly #size: number;
  #whenIdle: (() => void)[] = [];

  constructor(items: T[], waiting = 10_000) {
    this.#free = items;
    this.#limit = waiting;
    this.#size = items.length;
  }

  async use<R>(work: (item: T) => Promise<R>): Promise<R> {
    if (this.#free.length === 0 && this.#waiting.length >= this.#limit) throw new Error('too many waiting queries');
    const item = this.#free.pop() ?? (await new Promise<T>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(item);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(item);
      else this.#free.push(item);
      if (this.#free.length === this.#size) for (const go of this.#whenIdle.splice(0)) go();
    }
  }

  /** Resolves when nobody holds an item. */
  async idle(): Promise<void> {
    if (this.#free.length < this.#size) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }
}
