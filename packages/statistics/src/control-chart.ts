import { type Baseline, type ChartPoint, movingRanges, present } from './baseline.ts';
import { chartConstants } from './constants.ts';
import { type RuleHit, type RunRule, runRules } from './run-rules.ts';
import { mean, range, standardDeviation } from './summary.ts';

/** One point as drawn. Limits are of this point, for its own sample size; `lower` null is "none". */
export interface PlottedPoint {
  value: number | null;
  centre: number;
  upper: number;
  lower: number | null;
  /** Distance from the centre in sigma of this point; null where it is missing or left out. */
  z: number | null;
}

export interface PlottedChart {
  main: PlottedPoint[];
  /** Moving ranges, ranges or standard deviations; null for attribute charts. */
  spread: PlottedPoint[] | null;
  hits: RuleHit[];
  /** Rule 1 on the spread chart. */
  spreadHits: RuleHit[];
}

/** Rules about zones never apply to counts; rule 1 alone does (quality.md §4). */
const zoneCharts = new Set(['individuals', 'xbarR', 'xbarS']);

/** Draws points against a frozen baseline (individuals, X̄-R, X̄-S, p, np, c, u). Pure. */
export function plot(
  baseline: Baseline,
  points: readonly ChartPoint[],
  rules: readonly RunRule[] = ['n1'],
): PlottedChart {
  const main = points.map((p) => (baseline.sigma === null ? attributePoint(baseline, p) : variablePoint(baseline, p)));
  const spread = baseline.sigma === null ? null : spreadPoints(baseline, points);
  const stages = points.map((p) => p.stage ?? '');
  const allowed = zoneCharts.has(baseline.type) ? rules : rules.filter((rule) => rule === 'n1');
  const judged = (all: readonly PlottedPoint[]) => all.map((p) => p.z);
  return {
    main,
    spread,
    hits: runRules(judged(main), allowed, stages),
    spreadHits: spread && rules.includes('n1') ? runRules(judged(spread), ['n1'], stages) : [],
  };
}

function variablePoint(baseline: Baseline, point: ChartPoint): PlottedPoint {
  const values = present(point.values);
  const n = baseline.type === 'individuals' ? 1 : Math.max(1, values.length || (baseline.size ?? 1));
  const value = values.length === 0 ? null : baseline.type === 'individuals' ? values[0]! : mean(values);
  const half = halfWidth(baseline, n);
  return finished(value, baseline.centre, half, baseline.centre - half, point);
}

/** Three sigma of a mean of n. With table constants it is the printed factor times the spread. */
function halfWidth(baseline: Baseline, n: number): number {
  if (baseline.constants === 'table' && n > 1 && n === baseline.size) {
    const { A2, A3 } = chartConstants(n, 'table');
    return (baseline.method === 'range' ? A2 : A3) * baseline.spread!;
  }
  return (3 * baseline.sigma!) / Math.sqrt(n);
}

function attributePoint(baseline: Baseline, point: ChartPoint): PlottedPoint {
  const { type, centre } = baseline;
  const n = point.size ?? baseline.size ?? 1;
  const count = point.count ?? null;
  if (type === 'np' || type === 'c') {
    const middle = type === 'np' ? n * centre : centre;
    const half = 3 * Math.sqrt(type === 'np' ? middle * (1 - centre) : middle);
    return finished(count, middle, half, middle - half, point);
  }
  const half = 3 * Math.sqrt((type === 'p' ? centre * (1 - centre) : centre) / n);
  return finished(count === null ? null : count / n, centre, half, centre - half, point);
}

/** A lower limit below zero is none for counts: no rule is drawn on a zero. */
function finished(value: number | null, centre: number, half: number, lower: number, point: ChartPoint): PlottedPoint {
  const counts = point.count !== undefined;
  const z = value === null || point.excluded || !(half > 0) ? null : ((value - centre) / half) * 3;
  return { value, centre, upper: centre + half, lower: counts && lower < 0 ? null : lower, z };
}

function spreadPoints(baseline: Baseline, points: readonly ChartPoint[]): PlottedPoint[] {
  const byRange = baseline.method !== 'sBar';
  const moving = baseline.type === 'individuals' ? movingRanges(points) : null;
  return points.map((point, i) => {
    const values = present(point.values);
    const n = moving ? 2 : Math.max(2, values.length || (baseline.size ?? 2));
    const value = moving ? moving[i]! : values.length < 2 ? null : byRange ? range(values) : standardDeviation(values);
    const c = chartConstants(n, baseline.constants);
    const exact = chartConstants(n);
    // Of the baseline's own size it is the mean of the spreads; for another size what sigma gives for it.
    const own = moving !== null || n === baseline.size;
    const centre = own ? baseline.spread! : baseline.sigma! * (byRange ? exact.d2 : exact.c4);
    const upper = centre * (byRange ? c.D4 : c.B4);
    const lower = centre * (byRange ? c.D3 : c.B3);
    return { value, centre, upper, lower, z: beyondLimits(value, lower, centre, upper, point) };
  });
}

/** The distribution of a spread is skew: its z only says which limit is passed. */
function beyondLimits(
  value: number | null,
  lower: number,
  centre: number,
  upper: number,
  point: ChartPoint,
): number | null {
  if (value === null || point.excluded) return null;
  if (value >= centre) return upper > centre ? (3 * (value - centre)) / (upper - centre) : 0;
  return centre > lower ? (3 * (value - centre)) / (centre - lower) : 0;
}
