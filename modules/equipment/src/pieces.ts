import type { Counter } from '@deungdae/contracts/plant.ts';
import { type Increments, stepsIn } from './counting.ts';
import type { Span } from './intervals.ts';
import type { Figures } from './oee.ts';

/** One counter over a window. */
export interface CounterData {
  counts: Counter['counts'];
  perIncrement: number;
  increments: Increments;
  /** False when the counter never said anything: its count is unknown, not zero. */
  known: boolean;
}

export interface ProductSpan extends Span {
  product: string;
}

/** Product when nothing tells one. */
export const anyProduct = '*';

export interface Pieces {
  produced: number | null;
  good: number | null;
  scrap: number | null;
  rework: number | null;
}

/** Pieces in the spans, which are in order and do not overlap. PQ = GQ + SQ + RQ (kpi.md §2): a missing one follows from the others. */
export function piecesIn(counters: readonly CounterData[], spans: readonly Span[]): Pieces {
  const sum = (kind: Counter['counts']): number | null => {
    const own = counters.filter((c) => c.counts === kind);
    if (own.length === 0 || own.some((c) => !c.known)) return null;
    let pieces = 0;
    for (const { increments, perIncrement } of own) {
      let steps = 0;
      for (const span of spans) steps += stepsIn(increments, span.from, span.to);
      pieces += steps * perIncrement;
    }
    return pieces;
  };
  const total = sum('total');
  const good = sum('good');
  const scrap = sum('scrap');
  const produced = total ?? (good !== null && scrap !== null ? good + scrap : null);
  return {
    produced,
    good: good ?? (total !== null && scrap !== null ? Math.max(0, total - scrap) : null),
    scrap: scrap ?? (total !== null && good !== null ? Math.max(0, total - good) : null),
    rework: total !== null && good !== null && scrap !== null ? Math.max(0, total - good - scrap) : null,
  };
}

/** Planned run time per piece (PRU), seconds: of the product, else of any; null when the plant file gives neither. */
export function cycleTimeOf(cycleTimes: ReadonlyMap<string, number>, product: string): number | null {
  const only = cycleTimes.size === 1 && product === anyProduct ? [...cycleTimes.values()][0] : undefined;
  return cycleTimes.get(product) ?? cycleTimes.get(anyProduct) ?? only ?? null;
}

/** Sets the pieces of `figures`: counted in `spans`, each product with its own cycle time, so quality is weighted by time (K5). */
export function setPieces(
  figures: Figures,
  counters: readonly CounterData[],
  products: readonly ProductSpan[],
  spans: readonly Span[],
  cycleTimes: ReadonlyMap<string, number>,
): void {
  const all = piecesIn(counters, spans);
  Object.assign(figures, all);
  let planned: number | null = 0;
  let goodRun: number | null = 0;
  let missing = false;
  for (const product of new Set(products.map((p) => p.product))) {
    const own = intersect(
      products.filter((p) => p.product === product),
      spans,
    );
    const { produced, good } = piecesIn(counters, own);
    if (produced === 0) continue;
    const seconds = cycleTimeOf(cycleTimes, product);
    if (seconds === null) missing = true;
    planned =
      seconds === null || produced === null || planned === null
        ? null
        : planned + Math.round(produced * seconds * 1000);
    goodRun =
      seconds === null || good === null || goodRun === null ? null : goodRun + Math.round(good * seconds * 1000);
  }
  if (all.produced === null) planned = null;
  if (all.produced === null || all.good === null) goodRun = null;
  if (cycleTimes.size === 0) {
    missing = true;
    planned = goodRun = null;
  }
  figures.plannedRunMs = planned;
  figures.goodRunMs = planned === null ? null : goodRun;
  figures.flags = flagsOf(figures, counters, missing);
}

function flagsOf(f: Figures, counters: readonly CounterData[], noCycleTime: boolean): Figures['flags'] {
  const flags: Figures['flags'] = [];
  if (noCycleTime) flags.push('noCycleTime');
  if (f.produced === null) flags.push('noCounts');
  else if (f.good === null) flags.push('noQualityCount');
  if (f.noDataMs > 0) flags.push('noDataShare');
  if (f.plannedRunMs !== null && f.plannedRunMs > f.aptMs) flags.push('performanceOver100');
  if (counters.some((c) => c.increments.acrossGap > 0) && !flags.includes('noDataShare')) flags.push('noDataShare');
  return flags;
}

/** Parts of `a` that lie in `b`; both in order, without overlap. */
export function intersect<T extends Span>(a: readonly T[], b: readonly Span[]): T[] {
  const out: T[] = [];
  let k = 0;
  for (const x of a) {
    while (k < b.length && b[k]!.to <= x.from) k++;
    for (let i = k; i < b.length && b[i]!.from < x.to; i++) {
      const from = Math.max(x.from, b[i]!.from);
      const to = Math.min(x.to, b[i]!.to);
      if (to > from) out.push({ ...x, from, to });
    }
  }
  return out;
}
