/**
 * Moments by compensated two-pass sums. The sum-of-squares formula is not used: it loses every digit of NumAcc4.
 * Missing values are left out by the caller; empty input gives NaN.
 */

/** Neumaier's sum: exact to the last bits for sums of very different sizes. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const next = total + x;
    lost += Math.abs(total) >= Math.abs(x) ? total - next + x : x - next + total;
    total = next;
  }
  return total + lost;
}

export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) return Number.NaN;
  const first = sum(values) / values.length;
  let rest = 0;
  for (let i = 0; i < values.length; i++) rest += values[i]! - first;
  return first + rest / values.length;
}

/** Sum of squared deviations from the mean, corrected for the mean's own rounding. */
export function squaredDeviations(values: ArrayLike<number>): number {
  const m = mean(values);
  const squares = new Float64Array(values.length);
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - m;
    squares[i] = d * d;
    rest += d;
  }
  return sum(squares) - (rest * rest) / values.length;
}

/** With the divisor n − 1. NaN for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : Math.sqrt(squaredDeviations(values) / (values.length - 1));
}

/** Lag-1 autocorrelation: Σ(x_i − m)(x_(i−1) − m) ÷ Σ(x_i − m)². */
export function autocorrelation(values: ArrayLike<number>): number {
  const m = mean(values);
  const products = new Float64Array(Math.max(0, values.length - 1));
  for (let i = 1; i < values.length; i++) products[i - 1] = (values[i]! - m) * (values[i - 1]! - m);
  return sum(products) / squaredDeviations(values);
}

/** Correlation of two columns of equal length. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const products = a.map((x, i) => (x - ma) * (b[i]! - mb));
  return sum(products) / Math.sqrt(squaredDeviations(a) * squaredDeviations(b));
}

/** Definitions of Hyndman and Fan (1996): 6 is NIST's and Minitab's, 7 is Excel's and R's, 8 is median-unbiased. */
export type PercentileType = 6 | 7 | 8;

/** `p` from 0 to 1. Values need not be sorted. The type is part of the result wherever one is shown. */
export function percentile(values: readonly number[], p: number, type: PercentileType = 6): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const place = type === 6 ? (n + 1) * p : type === 7 ? (n - 1) * p + 1 : (n + 1 / 3) * p + 1 / 3;
  const low = Math.floor(place + 1e-12);
  if (low < 1) return sorted[0]!;
  if (low >= n) return sorted[n - 1]!;
  return sorted[low - 1]! + (place - low) * (sorted[low]! - sorted[low - 1]!);
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5, 7);
}

export function range(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.max(...values) - Math.min(...values);
}
