/**
 * Samples travel in columns. One batch holds many samples of many signals, in the order in which they were read.
 * Units: time is integer microseconds UTC in a JS number (exact until the year 2255).
 */

/** How far a sample can be trusted. A lost connection is a `gap`: never a zero and never "machine down". */
export const Quality = { good: 0, uncertain: 1, bad: 2, gap: 3 } as const;
export type Quality = (typeof Quality)[keyof typeof Quality];
export const qualityNames = ['good', 'uncertain', 'bad', 'gap'] as const;

export interface SampleBatch {
  /** Samples in the batch; the columns may be longer. */
  readonly length: number;
  /** Signal ids, as the plant's signal catalogue gives them. */
  readonly signals: Uint32Array;
  /** Integer microseconds UTC. */
  readonly times: Float64Array;
  /** The number, or NaN where the sample is a text, a gap or has no value. Booleans are 0 and 1. */
  readonly numbers: Float64Array;
  /** The text where the sample is one; null when no sample of the batch is. */
  readonly texts: (string | null)[] | null;
  readonly quality: Uint8Array;
}

export type SampleValue = number | string | boolean | null;

/** One sample taken out of its batch: for tests, rules and the edges of the system, not for hot paths. */
export interface Sample {
  signal: number;
  /** µs UTC */
  time: number;
  value: SampleValue;
  quality: Quality;
}

/** Collects samples into columns that grow by doubling; `take` hands over the batch and starts anew. */
export class BatchBuilder {
  #capacity: number;
  #length = 0;
  #signals: Uint32Array;
  #times: Float64Array;
  #numbers: Float64Array;
  #quality: Uint8Array;
  #texts: (string | null)[] | null = null;

  constructor(capacity = 256) {
    this.#capacity = capacity;
    this.#signals = new Uint32Array(capacity);
    this.#times = new Float64Array(capacity);
    this.#numbers = new Float64Array(capacity);
    this.#quality = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  add(signal: number, time: number, value: SampleValue, quality: Quality = Quality.good): void {
    if (typeof value === 'number') this.addNumber(signal, time, value, quality);
    else if (typeof value === 'string') this.addText(signal, time, value, quality);
    else this.addNumber(signal, time, value === null ? Number.NaN : Number(value), quality);
  }

  addNumber(signal: number, time: number, value: number, quality: Quality = Quality.good): void {
    const i = this.#next();
    this.#signals[i] = signal;
    this.#times[i] = time;
    this.#numbers[i] = value;
    this.#quality[i] = quality;
    if (this.#texts) this.#texts[i] = null;
  }

  addText(signal: number, time: number, value: string, quality: Quality = Quality.good): void {
    const i = this.#next();
    this.#signals[i] = signal;
    this.#times[i] = time;
    this.#numbers[i] = Number.NaN;
    this.#quality[i] = quality;
    this.#texts ??= new Array<string | null>(i).fill(null);
    this.#texts[i] = value;
  }

  /** The batch so far. The builder starts a new one of the same capacity. */
  take(): SampleBatch {
    const n = this.#length;
    const batch: SampleBatch = {
      length: n,
      signals: this.#signals.subarray(0, n),
      times: this.#times.subarray(0, n),
      numbers: this.#numbers.subarray(0, n),
      texts: this.#texts,
      quality: this.#quality.subarray(0, n),
    };
    this.#signals = new Uint32Array(this.#capacity);
    this.#times = new Float64Array(this.#capacity);
    this.#numbers = new Float64Array(this.#capacity);
    this.#quality = new Uint8Array(this.#capacity);
    this.#texts = null;
    this.#length = 0;
    return batch;
  }

  #next(): number {
    if (this.#length === this.#capacity) {
      this.#capacity *= 2;
      this.#signals = grown(this.#signals, new Uint32Array(this.#capacity));
      this.#times = grown(this.#times, new Float64Array(this.#capacity));
      this.#numbers = grown(this.#numbers, new Float64Array(this.#capacity));
      this.#quality = grown(this.#quality, new Uint8Array(this.#capacity));
    }
    return this.#length++;
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from as never);
  return to;
}

export function sampleAt(batch: SampleBatch, i: number): Sample {
  const text = batch.texts?.[i];
  const number = batch.numbers[i]!;
  return {
    signal: batch.signals[i]!,
    time: batch.times[i]!,
    value: text ?? (Number.isNaN(number) ? null : number),
    quality: batch.quality[i]! as Quality,
  };
}

export function* samplesOf(batch: SampleBatch): Generator<Sample> {
  for (let i = 0; i < batch.length; i++) yield sampleAt(batch, i);
}

export function batchOf(samples: Iterable<Sample>): SampleBatch {
  const builder = new BatchBuilder();
  for (const s of samples) builder.add(s.signal, s.time, s.value, s.quality);
  return builder.take();
}
