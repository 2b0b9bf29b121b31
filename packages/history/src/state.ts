import type { SegmentKind } from './partition.ts';

/** One sealed Parquet file. Ranges are inclusive; of rollups, the times are cell starts. */
export interface Segment {
  /** Names the file; given once. */
  readonly id: number;
  /** Among equal times, samples of a lower order arrived earlier. A merged file has the highest order of its sources. */
  readonly order: number;
  readonly kind: SegmentKind;
  readonly partition: string;
  /** Relative to the sealed folder. */
  readonly file: string;
  /** Size class: 0 from a seal, one more at each merge. */
  readonly tier: number;
  readonly rows: number;
  readonly bytes: number;
  readonly minSignal: number;
  readonly maxSignal: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly hasText: boolean;
  readonly sha256: string;
}

/** One table of samples that arrived lately. Rows are never deleted: the whole table goes when it is sealed. */
export interface HotTable {
  readonly number: number;
  readonly name: string;
  rows: number;
  minTime: number;
  maxTime: number;
  hasText: boolean;
  /** Monotonic ms of the first sample; null while empty. */
  firstAtMs: number | null;
}

/** What a query works on, unchanged until it lets go. */
export interface View {
  readonly hot: readonly HotTable[];
  readonly segments: readonly Segment[];
  /** Signal → raw samples before this time are gone. */
  readonly retained: ReadonlyMap<number, number>;
}

/**
 * The lists that queries read and maintenance replaces. What was taken off a list is removed from disk only after
 * every query that may still use it has ended.
 */
export class State {
  #view: View = { hot: [], segments: [], retained: new Map() };
  #version = 0;
  #pins = new Map<number, number>();
  #retired: { version: number; remove: () => Promise<void> }[] = [];
  #removing: Promise<void> = Promise.resolve();

  get view(): View {
    return this.#view;
  }

  replace(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    this.#version++;
  }

  /** Runs `remove` once no query holds a view from before now. */
  retire(remove: () => Promise<void>): void {
    this.#retired.push({ version: this.#version, remove });
    this.#sweep();
  }

  async withView<T>(work: (view: View) => Promise<T>): Promise<T> {
    const version = this.#version;
    this.#pins.set(version, (this.#pins.get(version) ?? 0) + 1);
    try {
      return await work(this.#view);
    } finally {
      const left = this.#pins.get(version)! - 1;
      if (left === 0) this.#pins.delete(version);
      else this.#pins.set(version, left);
      this.#sweep();
    }
  }

  /** Resolves when all removals that are due have been done. */
  async settled(): Promise<void> {
    await this.#removing;
  }

  #sweep(): void {
    if (this.#retired.length === 0) return;
    const oldest = Math.min(...this.#pins.keys(), Number.POSITIVE_INFINITY);
    const due = this.#retired.filter((r) => r.version <= oldest);
    if (due.length === 0) return;
    this.#retired = this.#retired.filter((r) => r.version > oldest);
    for (const r of due) this.#removing = this.#removing.then(r.remove);
  }
}

/** Segments of a kind that may hold samples of the signals in the (half-open) range, in the order of arrival. */
export function segmentsIn(
  view: View,
  kind: SegmentKind,
  range: { minSignal: number; maxSignal: number; from: number; to: number },
): Segment[] {
  const found = view.segments.filter(
    (s) =>
      s.kind === kind &&
      s.minSignal <= range.maxSignal &&
      s.maxSignal >= range.minSignal &&
      s.minTime < range.to &&
      s.maxTime >= range.from,
  );
  return found.sort((a, b) => a.order - b.order);
}
