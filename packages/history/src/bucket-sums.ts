import type { Columns } from './columns.ts';
import type { Bucket } from './history.ts';

/** Rollup rows in columns; figures of a cell whose count is 0 mean nothing. */
export interface CellColumns {
  length: number;
  cell: Float64Array;
  count: Float64Array;
  min: Float64Array;
  max: Float64Array;
  sum: Float64Array;
  first: Float64Array;
  last: Float64Array;
  firstTime: Float64Array;
  lastTime: Float64Array;
  gap: Uint8Array;
}

/**
 * The figures of each bucket, in columns. Sources are given in the order of arrival: of equal times the first given is
 * the earlier one.
 */
export class BucketSums {
  readonly #from: number;
  readonly #size: number;
  readonly #width: number;
  readonly #count: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #sum: Float64Array;
  readonly #first: Float64Array;
  readonly #last: Float64Array;
  readonly #firstTime: Float64Array;
  readonly #lastTime: Float64Array;
  readonly #gap: Uint8Array;

  constructor(from: number, to: number, width: number) {
    this.#from = from;
    this.#size = (to - from) / width;
    this.#width = width;
    this.#count = new Float64Array(width);
    this.#min = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
    this.#sum = new Float64Array(width);
    this.#first = new Float64Array(width);
    this.#last = new Float64Array(width);
    this.#firstTime = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
    this.#lastTime = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
    this.#gap = new Uint8Array(width);
  }

  #index(time: number): number {
    return Math.min(this.#width - 1, Math.max(0, Math.floor((time - this.#from) / this.#size)));
  }

  /** One sample, put into the bucket that holds `place` (its own time, or the start of its rollup cell). */
  sample(place: number, time: number, number: number, quality: number): void {
    const b = this.#index(place);
    if (quality >= 2) {
      this.#gap[b] = 1;
      return;
    }
    if (!Number.isFinite(number)) return;
    this.#count[b]!++;
    this.#sum[b]! += number;
    if (number < this.#min[b]!) this.#min[b] = number;
    if (number > this.#max[b]!) this.#max[b] = number;
    this.#ends(b, time, number, time, number);
  }

  /** Samples in columns, each in the bucket of its own time. */
  samples({ times, numbers, quality, length }: Columns): void {
    for (let i = 0; i < length; i++) this.sample(times[i]!, times[i]!, numbers[i]!, quality[i]!);
  }

  /** One rollup row. */
  cell(rows: CellColumns, i: number): void {
    const b = this.#index(rows.cell[i]!);
    if (rows.gap[i] === 1) this.#gap[b] = 1;
    const count = rows.count[i]!;
    if (count === 0) return;
    this.#count[b]! += count;
    this.#sum[b]! += rows.sum[i]!;
    if (rows.min[i]! < this.#min[b]!) this.#min[b] = rows.min[i]!;
    if (rows.max[i]! > this.#max[b]!) this.#max[b] = rows.max[i]!;
    this.#ends(b, rows.firstTime[i]!, rows.first[i]!, rows.lastTime[i]!, rows.last[i]!);
  }

  #ends(b: number, firstTime: number, first: number, lastTime: number, last: number): void {
    if (firstTime < this.#firstTime[b]!) {
      this.#firstTime[b] = firstTime;
      this.#first[b] = first;
    }
    if (lastTime >= this.#lastTime[b]!) {
      this.#lastTime[b] = lastTime;
      this.#last[b] = last;
    }
  }

  /** Buckets with anything in them; one with only gaps has count 0 and NaN figures. */
  result(): Bucket[] {
    const out: Bucket[] = [];
    for (let b = 0; b < this.#width; b++) {
      const count = this.#count[b]!;
      const gap = this.#gap[b] === 1;
      if (count === 0 && !gap) continue;
      const time = this.#from + Math.round(b * this.#size);
      const none = Number.NaN;
      out.push(
        count === 0
          ? { time, count, min: none, max: none, mean: none, first: none, last: none, gap }
          : {
              time,
              count,
              min: this.#min[b]!,
              max: this.#max[b]!,
              mean: this.#sum[b]! / count,
              first: this.#first[b]!,
              last: this.#last[b]!,
              gap,
            },
      );
    }
    return out;
  }
}
