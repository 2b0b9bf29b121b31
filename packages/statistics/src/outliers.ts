import { studentQuantile } from './special.ts';
import { mean, standardDeviation } from './summary.ts';

export interface GrubbsResult {
  /** Largest deviation in standard deviations, and its place. */
  g: number;
  index: number;
  critical: number;
  side: 'upper' | 'lower' | 'two';
  alpha: number;
  /** Flags the point; removing it is a person's decision, with a reason that is kept. */
  flagged: boolean;
}

/** Grubbs' test for one outlier. Null for fewer than three values or none that differ. */
export function grubbs(
  values: readonly number[],
  side: GrubbsResult['side'] = 'two',
  alpha = 0.05,
): GrubbsResult | null {
  const n = values.length;
  const sd = standardDeviation(values);
  if (n < 3 || !(sd > 0)) return null;
  const centre = mean(values);
  const deviations = values.map((v) =>
    side === 'two' ? Math.abs(v - centre) : side === 'upper' ? v - centre : centre - v,
  );
  const largest = Math.max(...deviations);
  const critical = grubbsCritical(n, side === 'two' ? alpha / 2 : alpha);
  const g = largest / sd;
  return { g, index: deviations.indexOf(largest), critical, side, alpha, flagged: g > critical };
}

/** Critical value of the one-sided test at `alpha`. */
export function grubbsCritical(n: number, alpha: number): number {
  const t = studentQuantile(1 - alpha / n, n - 2);
  return ((n - 1) / Math.sqrt(n)) * Math.sqrt((t * t) / (n - 2 + t * t));
}
