import type { DataSet, DataSetValue } from './data-set.ts';

/** Entries of one set, and characters of its JSON text. What is beyond either is left out. */
const maxEntries = 10_000;
const maxChars = 262_144;

/**
 * A DATA_SET or TABLE as it stands: an observation carries only what changed, what people want is the whole. A row of a
 * table changes as a whole, an entry without a value is removed, a reset empties the set first (MTConnect part 2,
 * representation DATA_SET).
 */
export class MergedSet {
  /** Key → `"key":value`. */
  readonly #entries = new Map<string, string>();
  readonly #onCut: () => void;
  #chars = 2;
  #whole: boolean;
  #cutTold = false;
  #text: string | null = null;

  /**
   * `whole` false: what the set held before is not known. `onCut` is called once, when entries are left out for want of
   * room.
   */
  constructor(whole: boolean, onCut: () => void = () => {}) {
    this.#whole = whole;
    this.#onCut = onCut;
  }

  /** False while entries may be missing: the set was not known from its beginning, or is larger than the limits. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Applies what one observation says. The same change twice is as once. */
  apply({ entries, reset }: DataSet): void {
    if (reset !== null) this.empty();
    for (const key of Object.keys(entries)) this.#put(key, entries[key]!);
  }

  /** Takes the whole set. */
  replace(entries: Record<string, DataSetValue>): void {
    this.empty();
    this.apply({ entries, reset: null });
  }

  /** Nothing is in it, and that is known: a reset, UNAVAILABLE, an adapter that begins to speak. */
  empty(): void {
    this.#entries.clear();
    this.#chars = 2;
    this.#whole = true;
    this.#text = null;
  }

  /** JSON without spaces, keys in order of their code units: the same set gives the same text. */
  json(): string {
    this.#text ??= `{${[...this.#entries.keys()]
      .sort()
      .map((key) => this.#entries.get(key))
      .join(',')}}`;
    return this.#text;
  }

  #put(key: string, value: DataSetValue): void {
    const before = this.#entries.get(key);
    if (before !== undefined) {
      this.#entries.delete(key);
      this.#chars -= before.length + 1;
      this.#text = null;
    }
    if (value === null) return;
    const entry = `${JSON.stringify(key)}:${valueJson(value)}`;
    if (this.#entries.size >= maxEntries || this.#chars + entry.length + 1 > maxChars) {
      this.#whole = false;
      if (!this.#cutTold) this.#onCut();
      this.#cutTold = true;
      return;
    }
    this.#entries.set(key, entry);
    this.#chars += entry.length + 1;
    this.#text = null;
  }
}

function valueJson(value: DataSetValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const cells = Object.keys(value).sort();
  return `{${cells.map((key) => `${JSON.stringify(key)}:${JSON.stringify(value[key])}`).join(',')}}`;
}
