import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import type { LossClass } from '@deungdae/contracts/equipment.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import type { z } from 'zod';
import type { Span } from './intervals.ts';
import type { LiveCounts } from './live-counts.ts';
import { assemble, figuresOf } from './machine-data.ts';
import { reportOf } from './oee.ts';
import { anyProduct, cycleTimeOf, type ProductSpan } from './pieces.ts';
import { type Period, periodAt, plannedDownAt } from './planned.ts';
import { tellsOee } from './reports.ts';
import type { StateTracker } from './state-tracker.ts';
import type { PeopleNotes } from './stops.ts';

export type Card = z.infer<typeof MachineCard>;

/** What the floor shows of one machine now. Alarm counts are left at zero: the server fills them. From memory alone. */
export function cardOf(
  equipment: EquipmentModel,
  deps: {
    tracker: StateTracker;
    counts: LiveCounts;
    notes: PeopleNotes;
    losses: ReadonlyMap<string, LossClass>;
    orders: readonly Span[] | null;
    now: number;
  },
): Card {
  const { tracker, now } = deps;
  const current = tracker.current(equipment.path);
  const live = deps.counts.current(equipment.path);
  const period = live?.period ?? periodAt(equipment, now);
  const products = live?.products ?? [];
  const running = productAt(products, now);
  return {
    equipment: equipment.path,
    name: equipment.name,
    area: equipment.area,
    hasState: equipment.state !== null,
    ...stateNow(equipment, current, now),
    product: running === anyProduct ? null : running,
    shift: period && equipment.calendar ? { id: period.id, name: period.name, from: period.from, to: period.to } : null,
    ...figuresNow(equipment, period, live?.counters ?? [], products, deps),
    alarms: { critical: 0, high: 0, medium: 0, low: 0, unacknowledged: 0 },
  };
}

/** An idle machine in a break or outside its shifts is in a planned stop: nobody has to look, and nobody owes a reason. */
function stateNow(
  equipment: EquipmentModel,
  current: ReturnType<StateTracker['current']>,
  now: number,
): Pick<Card, 'state' | 'since' | 'cause'> {
  if (!current) return { state: 'noData', since: 0, cause: 'no data yet' };
  const { state, from: since, cause } = current;
  const planned = state === 'idle' || state === 'off' ? plannedDownAt(equipment, now) : null;
  return planned ? { state: 'plannedStop', since, cause: planned } : { state, since, cause };
}

function productAt(products: readonly ProductSpan[], now: number): string {
  return products.findLast((p) => p.from <= now)?.product ?? anyProduct;
}

function figuresNow(
  equipment: EquipmentModel,
  period: Period | null,
  counters: Parameters<typeof assemble>[0]['counters'],
  products: readonly ProductSpan[],
  deps: Parameters<typeof cardOf>[1],
): Pick<
  Card,
  'produced' | 'good' | 'scrap' | 'target' | 'oee' | 'availability' | 'effectiveness' | 'qualityRatio' | 'flags'
> {
  const { tracker, notes, losses, orders, now } = deps;
  if (!period || !equipment.state) {
    const nothing = { produced: null, good: null, scrap: null, target: null, oee: null };
    return { ...nothing, availability: null, effectiveness: null, qualityRatio: null, flags: [] };
  }
  const { from } = period;
  const intervals = tracker.recent(equipment.path, from).intervals.filter((i) => i.to === null || i.to > from);
  const spans = products.length > 0 ? products : [{ from, to: period.to, product: anyProduct }];
  const recent = {
    reasons: notes.reasons.filter((r) => (r.to ?? r.at) > from),
    splits: notes.splits.filter((s) => s.at > from),
    overrides: notes.overrides.filter((o) => o.to > from),
  };
  const told = { intervals, notes: recent, losses, products: spans, counters, orders };
  const data = assemble({ equipment, from, to: now, now, ...told });
  const report = reportOf({ equipment: equipment.path, from, to: now }, figuresOf(data, from, now));
  const seconds = cycleTimeOf(equipment.cycleTimes, productAt(spans, now));
  const able = tellsOee(equipment);
  return {
    produced: report.counts.produced,
    good: report.counts.good,
    scrap: report.counts.scrap,
    target: targetOf(report, seconds),
    oee: report.oee.value,
    availability: report.availability.value,
    effectiveness: report.effectiveness.value,
    qualityRatio: report.qualityRatio.value,
    flags: able ? report.flags : report.flags.filter((f) => f !== 'noCounts' && f !== 'noCycleTime'),
  };
}

/**
 * Pieces that the planned run time allows. A shift that made several products is held against the mix it made; the
 * cycle time of the last one alone would set a target that nobody had.
 */
function targetOf(report: ReturnType<typeof reportOf>, seconds: number | null): number | null {
  const { produced } = report.counts;
  const cycleMs =
    produced && report.plannedRunMs ? report.plannedRunMs / produced : seconds === null ? null : seconds * 1000;
  return cycleMs === null ? null : Math.floor(report.time.pbtMs / cycleMs);
}
