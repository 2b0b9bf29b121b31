import type { ChartData, ChartRule, ChartSettings } from '@deungdae/contracts/quality.ts';
import { type Baseline, baselineOf, type ChartPoint } from '@deungdae/statistics/baseline.ts';
import { capabilityReport, quantileFigures, type SigmaMethod } from '@deungdae/statistics/capability.ts';
import { type PlottedPoint, plot } from '@deungdae/statistics/control-chart.ts';
import { andersonDarling, type DistributionKind, fit } from '@deungdae/statistics/distributions.ts';
import { cusum, ewma } from '@deungdae/statistics/ewma-cusum.ts';
import type { StoredChart } from './chart-store.ts';

/** A point before it is drawn: what was measured, and where it came from. */
export interface RawPoint {
  key: string;
  time: number;
  values: readonly number[];
  count?: number;
  size?: number;
  reference: string | null;
}

export type DrawnPoint = ChartData['points'][number];

const countKinds = new Set(['p', 'np', 'c', 'u']);

/** The stage a moment lies in: the last that has begun; '' before the first. */
export function stageAt(chart: Pick<StoredChart, 'stages'>, time: number): string {
  return chart.stages.findLast((s) => s.from <= time)?.name ?? '';
}

/** Baseline in force in a stage: its own, else the newest of an earlier stage. */
function baselineFor(chart: StoredChart, stage: string): Baseline | null {
  const order = ['', ...chart.stages.map((s) => s.name)];
  for (let i = order.indexOf(stage); i >= 0; i--) {
    const found = chart.baselines.findLast((b) => b.stage === order[i]);
    if (found) {
      const { centre, sigma, spread, size, method, points } = found;
      const constants = chart.settings.tableConstants ? 'table' : 'exact';
      return { type: chart.settings.kind, constants, centre, sigma, spread, size, method, points };
    }
  }
  return null;
}

function toChartPoints(chart: StoredChart, raw: readonly RawPoint[]): ChartPoint[] {
  const excluded = new Set(chart.exclusions.map((e) => e.point));
  const counts = countKinds.has(chart.settings.kind);
  return raw.map((p) => ({
    ...(counts ? { count: p.count ?? null, size: p.size ?? 1 } : { values: p.values }),
    excluded: excluded.has(p.key),
    stage: stageAt(chart, p.time),
  }));
}

/**
 * Points with their limits and rule hits. Each stage is judged by its own frozen baseline; where none was frozen yet, by
 * trial limits of the points shown, which is what a person looks at before freezing. Pure.
 */
export function draw(chart: StoredChart, raw: readonly RawPoint[]): DrawnPoint[] {
  const points = toChartPoints(chart, raw);
  const constants = chart.settings.tableConstants ? 'table' : 'exact';
  const drawn: DrawnPoint[] = [];
  let from = 0;
  while (from < points.length) {
    let to = from + 1;
    while (to < points.length && points[to]!.stage === points[from]!.stage) to++;
    const part = points.slice(from, to);
    const baseline = baselineFor(chart, part[0]!.stage ?? '') ?? baselineOf(chart.settings.kind, part, constants);
    if (baseline) drawn.push(...drawStage(chart, baseline, part, raw.slice(from, to)));
    from = to;
  }
  return drawn;
}

function drawStage(
  chart: StoredChart,
  baseline: Baseline,
  points: readonly ChartPoint[],
  raw: readonly RawPoint[],
): DrawnPoint[] {
  const { settings } = chart;
  const causes = new Map(chart.exclusions.map((e) => [e.point, e.cause]));
  const base = (i: number) => ({
    ...{ key: raw[i]!.key, time: raw[i]!.time, values: [...raw[i]!.values], reference: raw[i]!.reference },
    ...{ excluded: causes.get(raw[i]!.key) ?? null, stage: points[i]!.stage ?? '' },
  });
  if (settings.kind === 'ewma') return drawEwma(settings, baseline, points).map((p, i) => ({ ...base(i), ...p }));
  if (settings.kind === 'cusum') return drawCusum(settings, baseline, points).map((p, i) => ({ ...base(i), ...p }));
  const plotted = plot(baseline, points, settings.rules);
  const hits: ChartRule[][] = points.map(() => []);
  for (const hit of plotted.hits) hits[hit.index]!.push(hit.rule);
  const spreadHits = new Set(plotted.spreadHits.map((h) => h.index));
  const shown = ({ value, centre, upper, lower }: PlottedPoint) => ({ value, centre, upper, lower });
  return points.map((_, i) => ({
    ...base(i),
    main: shown(plotted.main[i]!),
    spread: plotted.spread ? shown(plotted.spread[i]!) : null,
    hits: hits[i]!,
    spreadHit: spreadHits.has(i),
  }));
}

type Figures = Pick<DrawnPoint, 'main' | 'spread' | 'hits' | 'spreadHit'>;

function drawEwma(settings: ChartSettings, baseline: Baseline, points: readonly ChartPoint[]): Figures[] {
  const start = settings.target ?? baseline.centre;
  const sigma = (baseline.sigma ?? 0) / Math.sqrt(settings.subgroup);
  return ewma(points, { start, lambda: settings.lambda, sigma, width: settings.width }).map((p) => ({
    main: { value: p.value, centre: start, upper: p.upper, lower: p.lower },
    spread: null,
    hits: p.signal ? ['n1'] : [],
    spreadHit: false,
  }));
}

/** The upper sum above the line and the lower sum, negated, below it. */
function drawCusum(settings: ChartSettings, baseline: Baseline, points: readonly ChartPoint[]): Figures[] {
  const sigma = (baseline.sigma ?? 0) / Math.sqrt(settings.subgroup);
  const target = settings.target ?? baseline.centre;
  const h = settings.h * sigma;
  return cusum(points, { target, k: settings.k * sigma, h }).map((p) => ({
    main: { value: p.high, centre: 0, upper: h, lower: null },
    spread: { value: p.low === null ? null : -p.low, centre: 0, upper: 0, lower: -h },
    hits: p.signal ? ['n1'] : [],
    spreadHit: p.signal === 'low',
  }));
}

const withinMethods: Partial<Record<ChartSettings['kind'], SigmaMethod>> = {
  individuals: 'movingRange',
  ewma: 'movingRange',
  cusum: 'movingRange',
  xbarR: 'range',
  xbarS: 'sBar',
};
const fitted: readonly DistributionKind[] = ['lognormal', 'weibull', 'exponential'];

/**
 * Capability of the newest stage's points that are not left out. Cp and Cpk only when limits were frozen and the chart
 * has no hit; Pp and Ppk always. Null for counts and without specification limits. Pure.
 */
export function capabilityOf(chart: StoredChart, points: readonly DrawnPoint[]): ChartData['capability'] {
  const method = withinMethods[chart.settings.kind];
  const limits = { lower: chart.lower, upper: chart.upper };
  if (!method || (limits.lower === null && limits.upper === null)) return null;
  const stage = points.at(-1)?.stage;
  const used = points.filter((p) => p.stage === stage && p.excluded === null && p.values.length > 0);
  const groups = used.map((p) => p.values);
  const values = groups.flat();
  if (values.length < 2) return null;
  const stable = chart.baselines.length === 0 ? null : used.every((p) => p.hits.length === 0 && !p.spreadHit);
  const constants = chart.settings.tableConstants ? 'table' : 'exact';
  const byMethod = method !== 'movingRange' && values.length === groups.length ? 'movingRange' : method;
  const report = capabilityReport({ groups, limits, method: byMethod, stable, constants });
  const normal = fit('normal', values);
  const normality = normal && values.length >= 8 ? andersonDarling(normal, values) : null;
  return {
    ...report,
    normality: normality && { statistic: normality.statistic, p: normality.p, rejected: normality.rejected },
    nonNormal: normality?.rejected ? bestFit(values, limits) : null,
    histogram: histogram(values),
  };
}

function bestFit(
  values: readonly number[],
  limits: { lower: number | null; upper: number | null },
): NonNullable<ChartData['capability']>['nonNormal'] {
  const candidates = fitted.flatMap((kind) => {
    const distribution = fit(kind, values);
    return distribution ? [{ distribution, test: andersonDarling(distribution, values) }] : [];
  });
  const best = candidates.sort((a, b) => a.test.adjusted - b.test.adjusted)[0];
  if (!best) return null;
  const { kind, ...parameters } = best.distribution;
  return {
    ...{ distribution: kind, parameters, rejected: best.test.rejected },
    figures: quantileFigures(best.distribution, limits),
  };
}

/** Bars by Sturges' rule, at most 40. */
function histogram(values: readonly number[]): { from: number; to: number; count: number }[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > low)) return [{ from: low, to: high, count: values.length }];
  const bars = Math.min(40, Math.ceil(Math.log2(values.length) + 1));
  const width = (high - low) / bars;
  const counts = new Array<number>(bars).fill(0);
  for (const v of values) counts[Math.min(bars - 1, Math.floor((v - low) / width))]!++;
  return counts.map((count, i) => ({ from: low + i * width, to: low + (i + 1) * width, count }));
}

/** The baseline that would be frozen from these points; null when there is too little. */
export function trialBaseline(chart: StoredChart, raw: readonly RawPoint[]): Baseline | null {
  return baselineOf(chart.settings.kind, toChartPoints(chart, raw), chart.settings.tableConstants ? 'table' : 'exact');
}
