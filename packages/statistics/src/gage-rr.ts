import { chartConstants } from './constants.ts';
import { fTail } from './special.ts';
import { mean, range, sum } from './summary.ts';

/** Crossed study: `values[part][operator][trial]`, all cells full. */
export type CrossedStudy = readonly (readonly (readonly number[])[])[];

/** What every result says of itself, so that it can be computed again. */
export interface GageResult {
  method: 'range' | 'anova';
  parts: number;
  operators: number;
  trials: number;
  /** Standard deviations in the unit of measurement. */
  ev: number;
  av: number;
  /** Part of AV that is operator × part; 0 where pooled or where the range method cannot see it. */
  interaction: number;
  grr: number;
  pv: number;
  tv: number;
  /** Share of the study variation (standard deviations) and of the variance, 0 to 1. */
  study: { ev: number; av: number; grr: number; pv: number };
  contribution: { ev: number; av: number; grr: number; pv: number };
  /** 6 GRR over the tolerance; null without both limits. */
  tolerance: number | null;
  /** 1.41 PV / GRR before and after truncation. */
  ndcExact: number;
  ndc: number;
  verdict: 'accept' | 'conditional' | 'reject';
}

export interface RangeResult extends GageResult {
  method: 'range';
  constants: { k1: number; k2: number; k3: number };
  rBars: number[];
  rBarBar: number;
  xDiff: number;
  partRange: number;
  /** Upper limit of the ranges, and the cells above it: the operator was not in control there. */
  rangeLimit: number;
  outOfControl: { part: number; operator: number; range: number }[];
}

export interface AnovaRow {
  source: 'part' | 'operator' | 'interaction' | 'repeatability' | 'total';
  df: number;
  ss: number;
  ms: number | null;
  f: number | null;
  p: number | null;
}

export interface AnovaResult extends GageResult {
  method: 'anova';
  alpha: number;
  pooled: boolean;
  table: AnovaRow[];
  /** F of the main effects against repeatability, as AIAG has it; the table's are against the interaction (Minitab). */
  fOnRepeatability: { part: number; operator: number };
  /** Before a negative one is set to 0. */
  interactionVariance: number;
}

function sizes(study: CrossedStudy): { parts: number; operators: number; trials: number } {
  const parts = study.length;
  const operators = study[0]?.length ?? 0;
  const trials = study[0]?.[0]?.length ?? 0;
  const full = study.every(
    (part) => part.length === operators && part.every((c) => c.length === trials && c.every(Number.isFinite)),
  );
  if (parts < 2 || operators < 1 || trials < 2 || !full) throw new RangeError('a crossed study with full cells');
  return { parts, operators, trials };
}

function finish(
  method: 'range' | 'anova',
  size: { parts: number; operators: number; trials: number },
  sd: { ev: number; av: number; interaction: number; pv: number },
  toleranceWidth: number | null,
): GageResult {
  const { ev, av, interaction, pv } = sd;
  const grr = Math.hypot(ev, av);
  const tv = Math.hypot(grr, pv);
  const share = (power: number) => ({
    ev: (ev / tv) ** power,
    av: (av / tv) ** power,
    grr: (grr / tv) ** power,
    pv: (pv / tv) ** power,
  });
  const study = share(1);
  const ndcExact = grr > 0 ? (1.41 * pv) / grr : Number.POSITIVE_INFINITY;
  return {
    ...{ method, ...size, ev, av, interaction, grr, pv, tv, study },
    contribution: share(2),
    tolerance: toleranceWidth === null ? null : (6 * grr) / toleranceWidth,
    ndcExact,
    ndc: Math.max(1, Math.floor(ndcExact)),
    verdict: study.grr < 0.1 ? 'accept' : study.grr <= 0.3 ? 'conditional' : 'reject',
  };
}

/** AIAG's factors (1/d2*), to the four digits that the manual prints: for trials, appraisers and parts. */
const printedK = new Map(
  'k1_2 .8862 k1_3 .5908 k2_2 .7071 k2_3 .5231 k3_2 .7071 k3_3 .5231 k3_4 .4467 k3_5 .4030 k3_6 .3742 k3_7 .3534 k3_8 .3375 k3_9 .3249 k3_10 .3146'
    .split(/ (?=k)/)
    .map((pair) => [pair.split(' ')[0]!, Number(pair.split(' ')[1])]),
);

/** Factor for one range of m (Duncan's d2* with one group): 1 ÷ √(d2² + d3²). */
function oneRange(m: number): number {
  const { d2, d3 } = chartConstants(m);
  return 1 / Math.hypot(d2, d3);
}

/** Average and range method (AIAG MSA 4, chapter III). `toleranceWidth` null where a limit is missing. */
export function gageRange(study: CrossedStudy, toleranceWidth: number | null = null): RangeResult {
  const size = sizes(study);
  const { parts, operators, trials } = size;
  const k1 = printedK.get(`k1_${trials}`) ?? 1 / chartConstants(trials).d2;
  const k2 = operators === 1 ? 0 : (printedK.get(`k2_${operators}`) ?? oneRange(operators));
  const k3 = printedK.get(`k3_${parts}`) ?? oneRange(parts);
  const operatorIndex = Array.from({ length: operators }, (_, o) => o);
  const rBars = operatorIndex.map((o) => mean(study.map((part) => range(part[o]!))));
  const averages = operatorIndex.map((o) => mean(study.flatMap((part) => [...part[o]!])));
  const rBarBar = mean(rBars);
  const xDiff = range(averages);
  const partRange = range(study.map((part) => mean(part.flat())));
  const ev = rBarBar * k1;
  const av = Math.sqrt(Math.max(0, (xDiff * k2) ** 2 - ev ** 2 / (parts * trials)));
  const rangeLimit = chartConstants(trials).D4 * rBarBar;
  const outOfControl = study.flatMap((part, p) =>
    part.flatMap((cell, o) => (range(cell) > rangeLimit ? [{ part: p, operator: o, range: range(cell) }] : [])),
  );
  return {
    ...finish('range', size, { ev, av, interaction: 0, pv: partRange * k3 }, toleranceWidth),
    method: 'range',
    constants: { k1, k2, k3 },
    ...{ rBars, rBarBar, xDiff, partRange, rangeLimit, outOfControl },
  };
}

/**
 * Two-way random ANOVA, crossed. The interaction is pooled into repeatability when its p exceeds `alpha` (0.25 in
 * Minitab, 0.05 in AIAG) unless `pool` says otherwise; both are part of the result.
 */
export function gageAnova(
  study: CrossedStudy,
  options: { alpha?: number; pool?: boolean; toleranceWidth?: number | null } = {},
): AnovaResult {
  const size = sizes(study);
  const { parts, operators, trials } = size;
  const { alpha = 0.05, toleranceWidth = null } = options;
  const { table, msRepeatability, p } = anovaTable(study);
  const row = (source: AnovaRow['source']) => table.find((r) => r.source === source)!;
  const pooled = options.pool ?? (p === null || p > alpha);
  const [part, operator, inter, repeat] = [row('part'), row('operator'), row('interaction'), row('repeatability')];
  const msError = pooled ? (inter.ss + repeat.ss) / (inter.df + repeat.df) : msRepeatability;
  const against = pooled ? msError : inter.ms!;
  const interactionVariance = inter.ms === null ? 0 : (inter.ms - msRepeatability) / trials;
  const interaction = pooled ? 0 : Math.max(0, interactionVariance);
  const operatorVariance = operators === 1 ? 0 : Math.max(0, (operator.ms! - against) / (parts * trials));
  const partVariance = Math.max(0, (part.ms! - against) / (operators * trials));
  const sd = {
    ev: Math.sqrt(msError),
    av: Math.sqrt(operatorVariance + interaction),
    interaction: Math.sqrt(interaction),
    pv: Math.sqrt(partVariance),
  };
  return {
    ...finish('anova', size, sd, toleranceWidth),
    method: 'anova',
    ...{ alpha, pooled, table, interactionVariance },
    fOnRepeatability: { part: part.ms! / msRepeatability, operator: (operator.ms ?? 0) / msRepeatability },
  };
}

function anovaTable(study: CrossedStudy): { table: AnovaRow[]; msRepeatability: number; p: number | null } {
  const { parts, operators, trials } = sizes(study);
  const all = study.flat(2);
  const grand = mean(all);
  const square = (values: readonly number[]) => sum(values.map((v) => (v - grand) ** 2));
  const partMeans = study.map((part) => mean(part.flat()));
  const operatorMeans = study[0]!.map((_, o) => mean(study.flatMap((part) => [...part[o]!])));
  const cells = study.flatMap((part, i) =>
    part.map((cell, o) => ({ mean: mean(cell), expected: partMeans[i]! + operatorMeans[o]! - grand, cell })),
  );
  const ssInteraction = trials * sum(cells.map((c) => (c.mean - c.expected) ** 2));
  const ssRepeat = sum(cells.flatMap((c) => c.cell.map((v) => (v - c.mean) ** 2)));
  const line = (source: AnovaRow['source'], df: number, ss: number): AnovaRow => ({
    ...{ source, df, ss, f: null, p: null },
    ms: df > 0 ? ss / df : null,
  });
  const part = line('part', parts - 1, operators * trials * square(partMeans));
  const operator = line('operator', operators - 1, parts * trials * square(operatorMeans));
  const inter = line('interaction', (parts - 1) * (operators - 1), ssInteraction);
  const repeat = line('repeatability', parts * operators * (trials - 1), ssRepeat);
  test(inter, repeat);
  const base = inter.ms === null ? repeat : inter;
  test(part, base);
  test(operator, base);
  const table = [part, operator, inter, repeat, line('total', all.length - 1, square(all))];
  table[4]!.ms = null;
  return { table, msRepeatability: repeat.ms!, p: inter.p };
}

function test(row: AnovaRow, against: AnovaRow): void {
  if (row.ms === null || !against.ms) return;
  row.f = row.ms / against.ms;
  row.p = fTail(row.f, row.df, against.df);
}
