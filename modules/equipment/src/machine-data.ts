import type { LossClass } from '@deungdae/contracts/equipment.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import { CounterTrack, count, newIncrements } from './counting.ts';
import { coverage, type Span } from './intervals.ts';
import { withOrders } from './loaded-orders.ts';
import type { Interval } from './machine.ts';
import { type Figures, timesOf } from './oee.ts';
import { anyProduct, type CounterData, intersect, type ProductSpan, setPieces } from './pieces.ts';
import { plannedSpans } from './planned.ts';
import { type HistoryReader, pagesOf, slotValue } from './samples.ts';
import { type EffectiveInterval, effectiveIntervals, type PeopleNotes } from './stops.ts';
import { type PlannedSpan, type Segment, type Stretch, segmentsOf } from './time-model.ts';

/** Everything that the figures of one machine and window are made from. */
export interface MachineData {
  equipment: EquipmentModel;
  from: number;
  to: number;
  /** Whole intervals as people corrected them. */
  intervals: readonly EffectiveInterval[];
  segments: readonly Segment[];
  planned: readonly PlannedSpan[] | null;
  products: readonly ProductSpan[];
  counters: readonly CounterData[];
}

export interface MachineDataParts {
  equipment: EquipmentModel;
  from: number;
  to: number;
  now: number;
  intervals: readonly Interval[];
  notes: PeopleNotes;
  losses: ReadonlyMap<string, LossClass>;
  products: readonly ProductSpan[];
  counters: readonly CounterData[];
  /** When an order was loaded; null or left out where nobody knows. */
  orders?: readonly Span[] | null;
}

/** Puts the parts together; pure. Time after `now` is cut off: what has not come yet is no part of any figure. */
export function assemble(parts: MachineDataParts): MachineData {
  const { equipment, from, notes, losses, products, counters } = parts;
  const to = Math.max(from, Math.min(parts.to, parts.now));
  const intervals = effectiveIntervals(parts.intervals, notes, equipment.minorStopBelowMs, parts.now);
  const planned = plannedSpans(equipment, from, to);
  return {
    ...{ equipment, from, to, intervals, planned, products, counters },
    segments: segmentsOf(withOrders(stretchesOf(intervals, from, to, parts.now, losses), parts.orders), planned),
  };
}

function stretchesOf(
  intervals: readonly EffectiveInterval[],
  from: number,
  to: number,
  now: number,
  losses: ReadonlyMap<string, LossClass>,
): Stretch[] {
  const whole = new Map(intervals.map((i) => [i.from, i]));
  // Each interval is covered alone, so that two of one state with different reasons do not run together.
  const pieces = intervals.flatMap((i) => {
    const start = Math.max(i.from, from);
    const end = Math.min(i.to ?? Math.max(now, i.from), to);
    return end > start ? [{ ...i, from: start, to: end, cause: String(i.from) }] : [];
  });
  return coverage(pieces, from, to, now).map((c) => {
    const stop = whole.get(Number(c.cause));
    const given = stop?.current?.reason ? (losses.get(stop.current.reason) ?? null) : null;
    return { from: c.from, to: c.to, state: c.state, loss: given, minor: stop?.minor ?? false };
  });
}

/** Figures of [from, to) within the data, of one product or of all. */
export function figuresOf(data: MachineData, from: number, to: number, product: string | null = null): Figures {
  const products = data.products.filter((p) => product === null || p.product === product);
  const window = [{ from, to }];
  const shown = product === null ? window : intersect(products, window);
  const segments = intersect(data.segments, shown);
  const figures = timesOf(segments);
  const worked = segments.filter((s) => s.element !== 'outside');
  setPieces(figures, data.counters, products, worked, data.equipment.cycleTimes);
  return figures;
}

/** Which product ran when: from the product signal; one span of any product without it. */
export async function productSpans(
  equipment: EquipmentModel,
  history: HistoryReader,
  from: number,
  to: number,
): Promise<ProductSpan[]> {
  const signal = equipment.productSignal;
  if (!signal || to <= from) return [{ from, to, product: anyProduct }];
  const before = await history.before(signal.id, from);
  const spans: ProductSpan[] = [{ from, to, product: productName(before?.value ?? null) ?? anyProduct }];
  for await (const page of pagesOf(history, signal.id, from, to))
    for (const sample of page) {
      // A gap does not change the product: the machine makes what it made before the line was cut.
      const product = productName(sample.value);
      const last = spans.at(-1)!;
      if (product === null || product === last.product) continue;
      last.to = sample.time;
      if (last.to <= last.from) spans.pop();
      spans.push({ from: sample.time, to, product });
    }
  return spans;
}

export function productName(value: number | string | boolean | null): string | null {
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return null;
  return String(value).trim() || null;
}

/** Increments of the machine's counters in [from, to), from the history; the value before the window is where they start. */
export async function counterData(
  equipment: EquipmentModel,
  history: HistoryReader,
  from: number,
  to: number,
): Promise<CounterData[]> {
  return (await readCounters(equipment, history, from, to)).map((c) => c.data);
}

/** Counts and where each counter then stands, from one reading: what comes later goes on from there. */
export async function readCounters(
  equipment: EquipmentModel,
  history: HistoryReader,
  from: number,
  to: number,
): Promise<{ data: CounterData; track: CounterTrack }[]> {
  return Promise.all(
    equipment.counters.map(async (counter) => {
      const track = new CounterTrack(counter.wrapsAt);
      const increments = newIncrements();
      await primeCounter(track, counter.signal.id, history, from);
      for await (const page of pagesOf(history, counter.signal.id, from, to))
        for (const sample of page) {
          const value = slotValue(sample);
          count(increments, track, sample.time, typeof value === 'number' ? value : null);
        }
      const { counts, perIncrement } = counter;
      return { data: { counts, perIncrement, increments, known: track.last !== null }, track };
    }),
  );
}

/** The last number before `from`, looking through gaps: a lost line does not reset a counter. */
async function primeCounter(track: CounterTrack, signal: number, history: HistoryReader, from: number): Promise<void> {
  let at = from - 1;
  let gap = false;
  for (let tries = 0; tries < 20; tries++) {
    const before = await history.before(signal, at);
    if (!before) return;
    const value = slotValue(before);
    if (typeof value === 'number') {
      track.step(before.time, value);
      if (gap) track.step(from, null);
      return;
    }
    gap = true;
    at = before.time - 1;
  }
}
