import { BatchBuilder, type Quality, type Sample, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { DAY_US } from './partition.ts';

/**
 * The newest sample of each signal, in columns by signal id. A sample dated more than a day ahead of the clock never
 * hides a plausible one: a controller whose clock says 2080 must not freeze the screen until then.
 */
export class LatestCache {
  #times = new Float64Array(1024).fill(Number.NaN);
  #numbers = new Float64Array(1024);
  #quality = new Uint8Array(1024);
  #texts = new Map<number, string>();
  #far = new Map<number, Row>();

  update(batch: SampleBatch, nowUs: number): void {
    const horizon = nowUs + DAY_US;
    const { signals, times, numbers, texts, quality } = batch;
    for (let i = 0; i < batch.length; i++) {
      const signal = signals[i]!;
      const time = times[i]!;
      const held = this.#timeOf(signal);
      if (time < held && held <= horizon) continue;
      if (time > horizon && held <= horizon) continue;
      if (time < held && time > horizon) continue;
      this.#set(signal, time, numbers[i]!, texts?.[i] ?? null, quality[i]!);
    }
  }

  /** Everything held, in columns. */
  snapshot(): SampleBatch {
    const builder = new BatchBuilder(1024);
    for (const s of this.get()) builder.add(s.signal, s.time, s.value, s.quality);
    return builder.take();
  }

  get(signals?: readonly number[]): Sample[] {
    const out: Sample[] = [];
    if (signals) for (const signal of signals) this.#push(out, signal);
    else {
      for (let signal = 0; signal < this.#times.length; signal++) this.#push(out, signal);
      for (const signal of this.#far.keys()) this.#push(out, signal);
    }
    return out;
  }

  #timeOf(signal: number): number {
    const time = signal < DENSE ? this.#times[signal] : this.#far.get(signal)?.time;
    return time === undefined || Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
  }

  #set(signal: number, time: number, number: number, text: string | null, quality: number): void {
    if (signal >= DENSE) {
      this.#far.set(signal, { signal, time, number, text, quality });
      return;
    }
    if (signal >= this.#times.length) this.#grow(signal);
    this.#times[signal] = time;
    this.#numbers[signal] = number;
    this.#quality[signal] = quality;
    if (text !== null) this.#texts.set(signal, text);
    else if (this.#texts.size > 0) this.#texts.delete(signal);
  }

  #push(out: Sample[], signal: number): void {
    const far = this.#far.get(signal);
    if (far) {
      out.push(sampleOf(signal, far.time, far.number, far.text, far.quality));
      return;
    }
    const time = this.#times[signal];
    if (time === undefined || Number.isNaN(time)) return;
    out.push(sampleOf(signal, time, this.#numbers[signal]!, this.#texts.get(signal) ?? null, this.#quality[signal]!));
  }

  #grow(signal: number): void {
    const size = Math.max(this.#times.length * 2, signal + 1);
    const times = new Float64Array(size).fill(Number.NaN);
    times.set(this.#times);
    const numbers = new Float64Array(size);
    numbers.set(this.#numbers);
    const quality = new Uint8Array(size);
    quality.set(this.#quality);
    this.#times = times;
    this.#numbers = numbers;
    this.#quality = quality;
  }
}

/** Ids the catalogue gives are dense; ones beyond this come from elsewhere and live in a map. */
const DENSE = 4_000_000;

interface Row {
  signal: number;
  time: number;
  number: number;
  text: string | null;
  quality: number;
}

export function sampleOf(signal: number, time: number, number: number, text: string | null, quality: number): Sample {
  return { signal, time, value: text ?? (Number.isNaN(number) ? null : number), quality: quality as Quality };
}
