import type { RouteOutput } from '@deungdae/contracts/api.ts';

export type TrendSeries = RouteOutput<'trend'>['series'][number];

/** Columns for drawing: undefined where a series has no bucket (drawn through), null where it has a gap (drawn apart). */
export interface Aligned {
  /** Seconds since the epoch, rising. */
  x: number[];
  /** mean, min and max of each series, in the order given. */
  columns: (number | null | undefined)[][];
}

/** Series of different buckets on one time axis. `offsetUs` moves a series of an earlier window under the present one. */
export function alignSeries(list: readonly { series: TrendSeries; offsetUs: number }[]): Aligned {
  const all = new Set<number>();
  for (const { series, offsetUs } of list) for (const time of series.time) all.add(time + offsetUs);
  const times = Float64Array.from(all).sort();
  const place = new Map<number, number>();
  for (let i = 0; i < times.length; i++) place.set(times[i]!, i);
  const columns: Aligned['columns'] = [];
  for (const { series, offsetUs } of list)
    for (const source of [series.mean, series.min, series.max]) {
      const column: (number | null | undefined)[] = new Array(times.length).fill(undefined);
      for (let i = 0; i < series.time.length; i++) column[place.get(series.time[i]! + offsetUs)!] = source[i] ?? null;
      columns.push(column);
    }
  return { x: Array.from(times, (time) => time / 1e6), columns };
}

export interface ValueAt {
  value: number | string | null;
  min: number | null;
  max: number | null;
}

/** What the series held at a time (µs): the bucket at or before it; nothing before the first one. */
export function valueAtTime(series: TrendSeries, timeUs: number): ValueAt | null {
  let low = 0;
  let high = series.time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (series.time[middle]! <= timeUs) low = middle + 1;
    else high = middle;
  }
  const i = low - 1;
  if (i < 0) return null;
  if (series.text) return { value: series.text[i] ?? null, min: null, max: null };
  return { value: series.mean[i] ?? null, min: series.min[i] ?? null, max: series.max[i] ?? null };
}

export interface WindowFigures {
  min: number | null;
  max: number | null;
  mean: number | null;
}

/** Figures of the visible part; the mean is of the buckets, so of time rather than of samples. */
export function windowFigures(series: TrendSeries, fromUs: number, toUs: number): WindowFigures {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < series.time.length; i++) {
    const mean = series.mean[i];
    if (series.time[i]! < fromUs || series.time[i]! >= toUs || mean === null || mean === undefined) continue;
    min = Math.min(min, series.min[i] ?? mean);
    max = Math.max(max, series.max[i] ?? mean);
    sum += mean;
    count++;
  }
  return count === 0 ? { min: null, max: null, mean: null } : { min, max, mean: sum / count };
}

export interface TextBand {
  from: number;
  to: number;
  text: string;
}

/** Stretches of equal text, µs. */
export function textBands(series: TrendSeries, toUs: number): TextBand[] {
  const bands: TextBand[] = [];
  for (let i = 0; i < series.time.length; i++) {
    const text = series.text?.[i] ?? '';
    const from = series.time[i]!;
    const last = bands.at(-1);
    if (last) last.to = from;
    if (last?.text === text) last.to = from;
    else bands.push({ from, to: from, text });
  }
  const last = bands.at(-1);
  if (last) last.to = Math.max(last.from, toUs);
  return bands;
}
