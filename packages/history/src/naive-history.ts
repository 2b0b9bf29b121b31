import type { Sample } from '@deungdae/contracts/sample.ts';
import type { Bucket } from './history.ts';

/** A history that keeps one list and computes every answer from all of it: what engines are compared with. */
export class NaiveHistory {
  readonly samples: Sample[] = [];
  readonly #known = new Set<string>();

  append(samples: readonly Sample[]): void {
    for (const sample of samples) {
      const key = JSON.stringify([sample.signal, sample.time, sample.value, sample.quality]);
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.samples.push(sample);
    }
  }

  range(signal: number, from: number, to: number): Sample[] {
    return this.samples
      .filter((s) => s.signal === signal && s.time >= from && s.time < to)
      .sort((a, b) => a.time - b.time);
  }

  before(signal: number, time: number): Sample | null {
    return this.range(signal, Number.NEGATIVE_INFINITY, time + 1).at(-1) ?? null;
  }

  /** The rule of `levelOf`, written out again: hours, ten minutes or minutes once two of them fit into a bucket. */
  buckets(signal: number, from: number, to: number, width: number): Bucket[] {
    const size = (to - from) / width;
    const cell = [3600e6, 600e6, 60e6].find((c) => size >= 2 * c) ?? 1;
    const groups = new Map<number, Sample[]>();
    for (const sample of this.range(signal, from, to)) {
      const start = Math.floor(sample.time / cell) * cell;
      const place = start >= from && start + cell <= to ? start : sample.time;
      const index = Math.min(width - 1, Math.floor((place - from) / size));
      groups.set(index, [...(groups.get(index) ?? []), sample]);
    }
    const out: Bucket[] = [];
    for (const [index, samples] of [...groups].sort((a, b) => a[0] - b[0])) {
      const gap = samples.some((s) => s.quality >= 2);
      const numbers = samples
        .filter((s) => s.quality <= 1 && typeof s.value === 'number' && Number.isFinite(s.value))
        .map((s) => s.value as number);
      if (numbers.length === 0 && !gap) continue;
      const none = numbers.length === 0;
      out.push({
        time: from + Math.round(index * size),
        count: numbers.length,
        min: none ? Number.NaN : Math.min(...numbers),
        max: none ? Number.NaN : Math.max(...numbers),
        mean: none ? Number.NaN : numbers.reduce((sum, n) => sum + n, 0) / numbers.length,
        first: numbers[0] ?? Number.NaN,
        last: numbers.at(-1) ?? Number.NaN,
        gap,
      });
    }
    return out;
  }

  timeInValue(signal: number, from: number, to: number): Map<string | number | null, number> {
    const held = new Map<string | number | null, number>();
    const start = this.before(signal, from);
    const points = [...(start ? [{ ...start, time: from }] : []), ...this.range(signal, from, to)];
    points.forEach((point, i) => {
      const us = (points[i + 1]?.time ?? to) - point.time;
      const value = point.quality >= 2 ? null : (point.value as string | number | null);
      if (us > 0) held.set(value, (held.get(value) ?? 0) + us);
    });
    return held;
  }
}

/** Seeded numbers in [0, 1) (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
