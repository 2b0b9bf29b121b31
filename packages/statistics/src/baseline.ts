import { type ConstantsKind, chartConstants } from './constants.ts';
import { mean, range, standardDeviation, sum } from './summary.ts';

/** One plotted point's raw data: values of a subgroup, or `count` of `size` for attribute charts. */
export interface ChartPoint {
  /** Measured values; null where one is missing. */
  values?: readonly (number | null)[];
  /** Nonconforming items or nonconformities; null when missing. */
  count?: number | null;
  /** Items inspected (p, np) or units of area (u). */
  size?: number;
  /** Left out of limits and rules, with a recorded cause; still drawn. */
  excluded?: boolean;
  /** Where it changes, a new stage begins: no moving range and no run goes across. */
  stage?: string;
}

export type ChartType = 'individuals' | 'xbarR' | 'xbarS' | 'p' | 'np' | 'c' | 'u' | 'ewma' | 'cusum';

/** How the short-term sigma is found. */
export type WithinMethod = 'movingRange' | 'range' | 'sBar' | 'pooled';

/** Frozen: limits come from these figures only, however the process goes on. */
export interface Baseline {
  type: ChartType;
  constants: ConstantsKind;
  /** Process mean, p̄, c̄ or ū. */
  centre: number;
  /** Of single values; null for attribute charts. */
  sigma: number | null;
  method: WithinMethod | 'attribute';
  /** R̄, S̄ or MR̄ of the baseline's own subgroup size; null for attribute charts. */
  spread: number | null;
  /** Common subgroup size, or null when it varies. */
  size: number | null;
  /** Points that were used. */
  points: number;
}

/** Values that are there. */
export function present(values: readonly (number | null)[] | undefined): number[] {
  return (values ?? []).filter((v): v is number => v !== null && Number.isFinite(v));
}

/** |x_i − x_(i−1)|; null across a missing value, a point left out, or a stage's edge. */
export function movingRanges(points: readonly ChartPoint[]): (number | null)[] {
  return points.map((point, i) => {
    const before = points[i - 1];
    if (!before || point.excluded || before.excluded || point.stage !== before.stage) return null;
    const [a] = present(before.values);
    const [b] = present(point.values);
    return a === undefined || b === undefined ? null : Math.abs(b - a);
  });
}

/** Limits' figures from the points that are not left out. Null when there is too little to compute them. */
export function baselineOf(
  type: ChartType,
  points: readonly ChartPoint[],
  constants: ConstantsKind = 'exact',
): Baseline | null {
  const used = points.filter((p) => !p.excluded);
  switch (type) {
    case 'individuals':
    case 'ewma':
    case 'cusum':
      return used.some((p) => present(p.values).length > 1)
        ? subgroups(type, used, constants)
        : individuals(type, points, constants);
    case 'xbarR':
    case 'xbarS':
      return subgroups(type, used, constants);
    default:
      return attributes(type, used, constants);
  }
}

function individuals(type: ChartType, points: readonly ChartPoint[], constants: ConstantsKind): Baseline | null {
  const values = points.filter((p) => !p.excluded).flatMap((p) => present(p.values).slice(0, 1));
  const ranges = movingRanges(points).filter((r) => r !== null);
  if (values.length < 2 || ranges.length === 0) return null;
  const spread = mean(ranges);
  const sigma = spread / chartConstants(2, constants).d2;
  return {
    type,
    constants,
    centre: mean(values),
    sigma,
    method: 'movingRange',
    spread,
    size: 1,
    points: values.length,
  };
}

function subgroups(type: ChartType, used: readonly ChartPoint[], constants: ConstantsKind): Baseline | null {
  const groups = used.map((p) => present(p.values)).filter((g) => g.length > 0);
  // A subgroup of one value has no range and no s.
  const spreads = groups.filter((g) => g.length > 1);
  if (spreads.length === 0) return null;
  const sizes = new Set(groups.map((g) => g.length));
  const byRange = type === 'xbarR';
  const spreadOf = byRange ? range : standardDeviation;
  const divisor = (n: number) => (byRange ? chartConstants(n, constants).d2 : chartConstants(n, constants).c4);
  return {
    ...{ type, constants, method: byRange ? 'range' : 'sBar' },
    centre: mean(groups.flat()),
    sigma: mean(spreads.map((g) => spreadOf(g) / divisor(g.length))),
    spread: mean(spreads.map(spreadOf)),
    size: sizes.size === 1 ? [...sizes][0]! : null,
    points: groups.length,
  };
}

function attributes(type: ChartType, used: readonly ChartPoint[], constants: ConstantsKind): Baseline | null {
  const counted = used.filter((p) => p.count !== null && p.count !== undefined);
  if (counted.length === 0) return null;
  const total = sum(counted.map((p) => p.count!));
  const sizes = new Set(counted.map((p) => p.size ?? 1));
  const size = sizes.size === 1 ? [...sizes][0]! : null;
  const per = type === 'c' ? counted.length : sum(counted.map((p) => p.size ?? 1));
  if (type === 'np' && size === null) return null;
  return {
    ...{ type, constants, method: 'attribute', sigma: null, spread: null, size, points: counted.length },
    centre: total / per,
  };
}

/** Pooled s: √(Σ(n_i − 1)s_i² ÷ Σ(n_i − 1)). */
export function pooledSigma(groups: readonly (readonly number[])[]): number {
  const usable = groups.filter((g) => g.length > 1);
  const squares = sum(usable.map((g) => (g.length - 1) * standardDeviation(g) ** 2));
  return Math.sqrt(squares / sum(usable.map((g) => g.length - 1)));
}
