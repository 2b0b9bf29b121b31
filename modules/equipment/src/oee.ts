import type { Counts, OeeFlag, OeeReport, Ratio, TimeModel } from '@deungdae/contracts/api-entities.ts';
import type { LossClass, MachineState } from '@deungdae/contracts/equipment.ts';
import type { z } from 'zod';
import { type Segment, spanMs } from './time-model.ts';

type Figure = z.infer<typeof Counts>;
type Flag = z.infer<typeof OeeFlag>;
type Loss = z.infer<typeof LossClass>;
type State = z.infer<typeof MachineState>;

/** Everything that adds up: sums of sums are right for shifts, days, lines and products alike (kpi.md K4, K5). */
export interface Figures {
  calendarMs: number;
  plannedDownMs: number;
  adotMs: number;
  adetMs: number;
  asutMs: number;
  aptMs: number;
  noDataMs: number;
  /** By loss class, of the time elements only; speed and quality follow from the pieces. */
  lossMs: Partial<Record<Loss, number>>;
  stateMs: Record<State, number>;
  failures: number;
  failureMs: number;
  produced: number | null;
  good: number | null;
  scrap: number | null;
  rework: number | null;
  /** PRU × PQ and PRU × GQ, ms. */
  plannedRunMs: number | null;
  goodRunMs: number | null;
  flags: Flag[];
}

const states: readonly State[] = ['running', 'idle', 'setup', 'plannedStop', 'unplannedStop', 'off', 'noData'];

export function noFigures(): Figures {
  return {
    ...{ calendarMs: 0, plannedDownMs: 0, adotMs: 0, adetMs: 0, asutMs: 0, aptMs: 0, noDataMs: 0, lossMs: {} },
    stateMs: Object.fromEntries(states.map((s) => [s, 0])) as Record<State, number>,
    ...{ failures: 0, failureMs: 0, produced: 0, good: 0, scrap: 0, rework: null },
    ...{ plannedRunMs: 0, goodRunMs: 0, flags: [] },
  };
}

/** Times of the segments; the pieces are still to be set. */
export function timesOf(segments: readonly Segment[]): Figures {
  const f = noFigures();
  let failing = false;
  for (const s of segments) {
    const ms = spanMs(s.from, s.to);
    f.calendarMs += ms;
    f.stateMs[s.state] += ms;
    if (s.element === 'plannedDown') f.plannedDownMs += ms;
    else if (s.element !== 'outside') f[`${s.element}Ms`] += ms;
    if (s.loss) f.lossMs[s.loss] = (f.lossMs[s.loss] ?? 0) + ms;
    if (s.loss === 'breakdown') {
      if (!failing) f.failures++;
      f.failureMs += ms;
    }
    failing = s.loss === 'breakdown';
  }
  return f;
}

/** Adds figures: what one part does not know the whole does not know. */
export function addFigures(parts: readonly Figures[]): Figures {
  const sum = noFigures();
  const known = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  const flags = new Set<Flag>();
  sum.rework = parts.some((p) => p.rework !== null) ? 0 : null;
  for (const p of parts) {
    for (const key of ['calendarMs', 'plannedDownMs', 'adotMs', 'adetMs', 'asutMs', 'aptMs', 'noDataMs'] as const)
      sum[key] += p[key];
    for (const key of ['failures', 'failureMs'] as const) sum[key] += p[key];
    for (const state of states) sum.stateMs[state] += p.stateMs[state];
    for (const [loss, ms] of Object.entries(p.lossMs) as [Loss, number][])
      sum.lossMs[loss] = (sum.lossMs[loss] ?? 0) + ms;
    for (const key of ['produced', 'good', 'scrap', 'plannedRunMs', 'goodRunMs'] as const)
      sum[key] = known(sum[key], p[key]);
    if (sum.rework !== null) sum.rework += p.rework ?? 0;
    for (const flag of p.flags) flags.add(flag);
  }
  flags.delete('performanceOver100');
  sum.flags = [...flags];
  if (sum.plannedRunMs !== null && sum.plannedRunMs > sum.aptMs) sum.flags.push('performanceOver100');
  return sum;
}

function ratio(numerator: number | null, denominator: number | null): z.infer<typeof Ratio> {
  const value = numerator === null || denominator === null || denominator === 0 ? null : numerator / denominator;
  return { numerator: numerator ?? 0, denominator: denominator ?? 0, value };
}

/** A ratio that is not known: there is no numerator or denominator to show. */
function unknown(): z.infer<typeof Ratio> {
  return { numerator: 0, denominator: 0, value: null };
}

function timeModelOf(f: Figures): z.infer<typeof TimeModel> {
  const potMs = f.plannedDownMs + f.adotMs + f.adetMs + f.asutMs + f.aptMs + f.noDataMs;
  const pbtMs = potMs - f.plannedDownMs - f.noDataMs;
  const { calendarMs, plannedDownMs, adotMs, adetMs, asutMs, aptMs, noDataMs } = f;
  return {
    ...{ calendarMs, potMs, plannedDownMs, pbtMs, adotMs, adetMs, asutMs, aptMs },
    ...{ aubtMs: pbtMs - adotMs, auptMs: aptMs + asutMs, noDataMs },
  };
}

export interface ReportHead {
  equipment: string;
  from: number;
  to: number;
  shift?: string | null;
  product?: string | null;
}

/** Ratios, waterfall and losses of a set of figures (ISO 22400-2 formulas, kpi.md §3). */
export function reportOf(head: ReportHead, f: Figures): z.infer<typeof OeeReport> {
  const time = timeModelOf(f);
  const { plannedRunMs, goodRunMs } = f;
  const counts: Figure = { produced: f.produced, good: f.good, scrap: f.scrap, rework: f.rework };
  const runKnown = plannedRunMs !== null && goodRunMs !== null;
  const quality = runKnown
    ? ratio(goodRunMs, plannedRunMs)
    : f.good === null || f.produced === null
      ? unknown()
      : ratio(f.good, f.produced);
  return {
    ...{ equipment: head.equipment, from: head.from, to: head.to },
    ...{ shift: head.shift ?? null, product: head.product ?? null },
    ...{ time, counts, plannedRunMs, goodRunMs },
    availability: ratio(time.aptMs, time.pbtMs),
    effectiveness: plannedRunMs === null ? unknown() : ratio(plannedRunMs, time.aptMs),
    qualityRatio: quality,
    oee: runKnown ? ratio(goodRunMs, time.pbtMs) : unknown(),
    nee: runKnown ? ratio(time.auptMs * goodRunMs, time.pbtMs * time.aptMs) : unknown(),
    kpis: kpisOf(f, time),
    waterfall: waterfallOf(f, time),
    losses: lossesOf(f, time),
    stateMs: f.stateMs,
    flags: [...f.flags].sort(),
  };
}

function kpisOf(f: Figures, t: z.infer<typeof TimeModel>): Record<string, z.infer<typeof Ratio>> {
  const known = (value: number | null, by: number | null) =>
    value === null || by === null ? unknown() : ratio(value, by);
  return {
    allocationEfficiency: ratio(t.aubtMs, t.pbtMs),
    utilizationEfficiency: ratio(t.aptMs, t.aubtMs),
    technicalEfficiency: ratio(t.aptMs, t.aptMs + t.adetMs),
    setupRate: ratio(t.asutMs, t.auptMs),
    countQualityRatio: known(f.good, f.produced),
    scrapRatio: known(f.scrap, f.produced),
    reworkRatio: known(f.rework, f.produced),
    /** Not of ISO 22400: OEE on order time and against the calendar, named so that the two are never mixed up. */
    oeeOnOrderTime: known(f.goodRunMs, t.aubtMs),
    oeeAgainstCalendar: known(f.goodRunMs, t.calendarMs),
    /** Mean operating time between failures and mean time to restoration, ms (kpi.md §7). */
    mtbfMs: ratio(t.auptMs, f.failures),
    mttrMs: ratio(f.failureMs, f.failures),
  };
}

/** From planned busy time down to good time; the steps add up to zero. Speed loss is negative when pieces came too fast. */
function waterfallOf(f: Figures, t: z.infer<typeof TimeModel>): { step: string; ms: number }[] {
  const head = [
    { step: 'plannedBusyTime', ms: t.pbtMs },
    { step: 'noOrder', ms: -t.adotMs },
    { step: 'delay', ms: -t.adetMs },
    { step: 'setup', ms: -t.asutMs },
  ];
  if (f.plannedRunMs === null || f.goodRunMs === null) return [...head, { step: 'production', ms: -t.aptMs }];
  return [
    ...head,
    { step: 'speed', ms: f.plannedRunMs - t.aptMs },
    { step: 'quality', ms: f.goodRunMs - f.plannedRunMs },
    { step: 'goodTime', ms: -f.goodRunMs },
  ];
}

/** Start-up rejects are not told from later ones: all rejects stand under `productionReject`. */
function lossesOf(f: Figures, t: z.infer<typeof TimeModel>): { loss: Loss; ms: number }[] {
  const ms = { ...f.lossMs };
  if (f.plannedRunMs !== null && f.goodRunMs !== null) {
    ms.speed = (ms.speed ?? 0) + t.aptMs - f.plannedRunMs;
    ms.productionReject = (ms.productionReject ?? 0) + f.plannedRunMs - f.goodRunMs;
  }
  const order: Loss[] = [
    ...(['breakdown', 'setup', 'minorStop', 'speed', 'startupReject', 'productionReject'] as const),
    ...(['noOrder', 'planned'] as const),
  ];
  return order.map((loss) => ({ loss, ms: ms[loss] ?? 0 }));
}
