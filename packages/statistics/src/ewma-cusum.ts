import type { ChartPoint } from './baseline.ts';
import { present } from './baseline.ts';
import { mean } from './summary.ts';

const equal = 1e-9;

export interface EwmaOptions {
  /** z₀: target or mean of the baseline; state which. */
  start: number;
  lambda: number;
  /** Sigma of a plotted point. */
  sigma: number;
  /** Limits' width in sigma of z. */
  width: number;
  /** Drops the bracket that opens the limits over the first points. */
  asymptotic?: boolean;
}

export interface EwmaPoint {
  value: number | null;
  upper: number;
  lower: number;
  signal: boolean;
}

/** Exponentially weighted moving average. A missing value keeps z and does not advance i. Zone rules never apply. */
export function ewma(points: readonly ChartPoint[], options: EwmaOptions): EwmaPoint[] {
  const { lambda, sigma, width, start, asymptotic = false } = options;
  let z = start;
  let i = 0;
  return points.map((point) => {
    const values = present(point.values);
    const there = values.length > 0 && !point.excluded;
    if (there) {
      z = lambda * mean(values) + (1 - lambda) * z;
      i++;
    }
    const open = asymptotic ? 1 : 1 - (1 - lambda) ** (2 * Math.max(1, i));
    const half = width * sigma * Math.sqrt((lambda / (2 - lambda)) * open);
    const signal = there && Math.abs(z - start) > half + equal * sigma;
    return { value: there ? z : null, upper: start + half, lower: start - half, signal };
  });
}

export interface CusumOptions {
  target: number;
  /** Allowance and decision interval, in data units. */
  k: number;
  h: number;
  /** Start again from zero after a signal; the reset is part of the record. */
  resetAfterSignal?: boolean;
}

export interface CusumPoint {
  high: number | null;
  low: number | null;
  signal: 'high' | 'low' | null;
  reset: boolean;
}

/** Tabular CUSUM; a signal is strictly beyond h. A missing value changes nothing. */
export function cusum(points: readonly ChartPoint[], options: CusumOptions): CusumPoint[] {
  const { target, k, h } = options;
  let high = 0;
  let low = 0;
  return points.map((point) => {
    const values = present(point.values);
    if (values.length === 0 || point.excluded) return { high: null, low: null, signal: null, reset: false };
    const x = mean(values);
    high = Math.max(0, high + x - target - k);
    low = Math.max(0, low + target - k - x);
    const signal = high > h + equal * Math.abs(h) ? 'high' : low > h + equal * Math.abs(h) ? 'low' : null;
    const shown = { high, low, signal, reset: signal !== null && options.resetAfterSignal === true } as const;
    if (shown.reset) {
      high = 0;
      low = 0;
    }
    return shown;
  });
}
