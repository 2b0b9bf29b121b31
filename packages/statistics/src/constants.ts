import { logGamma, normalCdf, normalDensity } from './special.ts';

/**
 * Control-chart constants for subgroups of n. `exact`: the range's moments by numerical integration, c4 by the gamma
 * function. `table`: the same rounded as printed tables have them, to reproduce printed examples.
 */
export type ConstantsKind = 'exact' | 'table';

export interface ChartConstants {
  n: number;
  d2: number;
  d3: number;
  c4: number;
  A2: number;
  A3: number;
  B3: number;
  B4: number;
  D3: number;
  D4: number;
}

const smallest = 2;
/** Larger subgroups have their sigma from s, never from the range. */
const largest = 200;
const cache = new Map<string, ChartConstants>();

/** `n` from 2 to 200; NaN factors outside. */
export function chartConstants(n: number, kind: ConstantsKind = 'exact'): ChartConstants {
  const key = `${n}${kind}`;
  const known = cache.get(key);
  if (known) return known;
  const made = kind === 'exact' ? exact(n) : rounded(chartConstants(n));
  cache.set(key, made);
  return made;
}

function exact(n: number): ChartConstants {
  const { d2, d3 } = rangeMoments(n);
  const c4 = Math.sqrt(2 / (n - 1)) * Math.exp(logGamma(n / 2) - logGamma((n - 1) / 2));
  const b = (3 * Math.sqrt(1 - c4 * c4)) / c4;
  return {
    ...{ n, d2, d3, c4 },
    A2: 3 / (d2 * Math.sqrt(n)),
    A3: 3 / (c4 * Math.sqrt(n)),
    B3: Math.max(0, 1 - b),
    B4: 1 + b,
    D3: Math.max(0, 1 - (3 * d3) / d2),
    D4: 1 + (3 * d3) / d2,
  };
}

function rounded(c: ChartConstants): ChartConstants {
  const to = (x: number, digits: number) => Number(x.toFixed(digits));
  return {
    n: c.n,
    d2: to(c.d2, 3),
    d3: to(c.d3, 3),
    c4: to(c.c4, 4),
    A2: to(c.A2, 3),
    A3: to(c.A3, 3),
    B3: to(c.B3, 3),
    B4: to(c.B4, 3),
    D3: to(c.D3, 3),
    D4: to(c.D4, 3),
  };
}

const step = 0.05;
const reach = 8.5;

/**
 * Mean and standard deviation of the range of n standard normal values, from P(W ≤ w) = n ∫ φ(x) (Φ(x + w) − Φ(x))^(n−1) dx
 * on a grid: trapezoids in x (exact for such a function), Simpson in w.
 */
function rangeMoments(n: number): { d2: number; d3: number } {
  if (n < smallest || n > largest || !Number.isInteger(n)) return { d2: Number.NaN, d3: Number.NaN };
  const xs = Math.round((2 * reach) / step);
  const ws = 2 * Math.round(reach / step);
  const cdf = Float64Array.from({ length: xs + ws + 1 }, (_, i) => normalCdf(-reach + i * step));
  const density = Float64Array.from({ length: xs + 1 }, (_, i) => normalDensity(-reach + i * step));
  let first = 0;
  let second = 0;
  for (let j = 0; j <= ws; j++) {
    let below = 0;
    for (let i = 0; i <= xs; i++) below += density[i]! * (cdf[i + j]! - cdf[i]!) ** (n - 1);
    const above = 1 - n * below * step;
    const weight = (j === 0 || j === ws ? 1 : j % 2 === 1 ? 4 : 2) * (step / 3);
    first += weight * above;
    second += weight * 2 * (j * step) * above;
  }
  return { d2: first, d3: Math.sqrt(second - first * first) };
}
