import { bisect, normalCdf, normalQuantile } from './special.ts';
import { mean, squaredDeviations, standardDeviation } from './summary.ts';

export type Distribution =
  | { kind: 'normal'; mean: number; sd: number }
  | { kind: 'lognormal'; logMean: number; logSd: number }
  | { kind: 'exponential'; mean: number }
  | { kind: 'weibull'; shape: number; scale: number };

export type DistributionKind = Distribution['kind'];

export function quantile(d: Distribution, p: number): number {
  switch (d.kind) {
    case 'normal':
      return d.mean + d.sd * normalQuantile(p);
    case 'lognormal':
      return Math.exp(d.logMean + d.logSd * normalQuantile(p));
    case 'exponential':
      return -d.mean * Math.log1p(-p);
    case 'weibull':
      return d.scale * (-Math.log1p(-p)) ** (1 / d.shape);
  }
}

export function cumulative(d: Distribution, x: number): number {
  switch (d.kind) {
    case 'normal':
      return normalCdf((x - d.mean) / d.sd);
    case 'lognormal':
      return x <= 0 ? 0 : normalCdf((Math.log(x) - d.logMean) / d.logSd);
    case 'exponential':
      return x <= 0 ? 0 : -Math.expm1(-x / d.mean);
    case 'weibull':
      return x <= 0 ? 0 : -Math.expm1(-((x / d.scale) ** d.shape));
  }
}

/** Fitted by maximum likelihood (normal with the divisor n − 1, as Minitab). Null where the values do not allow it. */
export function fit(kind: DistributionKind, values: readonly number[]): Distribution | null {
  if (values.length < 2) return null;
  if (kind === 'normal') {
    const sd = standardDeviation(values);
    return sd > 0 ? { kind, mean: mean(values), sd } : null;
  }
  if (values.some((v) => v <= 0)) return null;
  const logs = values.map(Math.log);
  if (kind === 'lognormal') {
    const logSd = Math.sqrt(squaredDeviations(logs) / (values.length - 1));
    return logSd > 0 ? { kind, logMean: mean(logs), logSd } : null;
  }
  if (kind === 'exponential') return { kind, mean: mean(values) };
  return fitWeibull(values, logs);
}

/** Shape from Σx^k ln x ÷ Σx^k − 1/k = mean ln x; values are scaled by the largest so that no power overflows. */
function fitWeibull(values: readonly number[], logs: readonly number[]): Distribution | null {
  const top = Math.max(...values);
  const logTop = Math.log(top);
  if (!(standardDeviation(logs) > 0)) return null;
  const target = mean(logs);
  const equation = (shape: number) => {
    let [powers, weighted] = [0, 0];
    for (const log of logs) {
      const power = Math.exp(shape * (log - logTop));
      powers += power;
      weighted += power * log;
    }
    return weighted / powers - 1 / shape - target;
  };
  const shape = bisect(equation, 1e-3, 1e3);
  const scale = top * mean(logs.map((log) => Math.exp(shape * (log - logTop)))) ** (1 / shape);
  return { kind: 'weibull', shape, scale };
}

export interface FitTest {
  /** Anderson–Darling A², and adjusted for the sample size and the fitted parameters. */
  statistic: number;
  adjusted: number;
  /** For normal and lognormal (D'Agostino and Stephens 1986); null for the others. */
  p: number | null;
  /** At 5 %. */
  rejected: boolean;
}

/** Adjusted A² above which the fit is rejected at 5 % (Stephens). */
const critical = { exponential: 1.321, weibull: 0.757 };

/** Anderson–Darling test of a fitted distribution. */
export function andersonDarling(d: Distribution, values: readonly number[]): FitTest {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  const tiny = 1e-16;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const low = Math.min(1 - tiny, Math.max(tiny, cumulative(d, sorted[i]!)));
    const high = Math.min(1 - tiny, Math.max(tiny, cumulative(d, sorted[n - 1 - i]!)));
    total += (2 * i + 1) * (Math.log(low) + Math.log1p(-high));
  }
  const statistic = -n - total / n;
  if (d.kind === 'exponential' || d.kind === 'weibull') {
    const adjusted = statistic * (d.kind === 'exponential' ? 1 + 0.6 / n : 1 + 0.2 / Math.sqrt(n));
    return { statistic, adjusted, p: null, rejected: adjusted > critical[d.kind] };
  }
  const adjusted = statistic * (1 + 0.75 / n + 2.25 / n ** 2);
  const p = normalP(adjusted);
  return { statistic, adjusted, p, rejected: p < 0.05 };
}

function normalP(a: number): number {
  if (a >= 0.6) return Math.min(1, Math.exp(1.2937 - 5.709 * a + 0.0186 * a * a));
  if (a >= 0.34) return Math.exp(0.9177 - 4.279 * a - 1.38 * a * a);
  if (a >= 0.2) return 1 - Math.exp(-8.318 + 42.796 * a - 59.938 * a * a);
  return 1 - Math.exp(-13.436 + 101.14 * a - 223.73 * a * a);
}
