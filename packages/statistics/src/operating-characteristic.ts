import { logGamma } from './special.ts';

/** P(X ≤ c) for X binomial(n, p). */
export function binomialUpTo(c: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return c >= n ? 1 : 0;
  let sum = 0;
  for (let x = 0; x <= Math.min(c, n); x++)
    sum += Math.exp(logChoose(n, x) + x * Math.log(p) + (n - x) * Math.log1p(-p));
  return Math.min(1, sum);
}

/** P(X ≤ c) for X nonconforming in a sample of `n` out of a lot of `lot` with `bad` nonconforming. */
export function hypergeometricUpTo(c: number, n: number, bad: number, lot: number): number {
  let sum = 0;
  for (let x = Math.max(0, n + bad - lot); x <= Math.min(c, n, bad); x++)
    sum += Math.exp(logChoose(bad, x) + logChoose(lot - bad, n - x) - logChoose(lot, n));
  return Math.min(1, sum);
}

/** Probability of acceptance over shares of nonconforming items: the plan's OC curve. Exact, binomial. */
export function operatingCharacteristic(n: number, acceptance: number, shares: readonly number[]): number[] {
  return shares.map((p) => binomialUpTo(acceptance, n, p));
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
