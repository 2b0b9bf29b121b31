import type { OeeReport } from '@deungdae/contracts/api-entities.ts';
import type { LossClass } from '@deungdae/contracts/equipment.ts';
import { daysBetween } from '@deungdae/kernel/calendar.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import type { z } from 'zod';
import type { LoadedOrders } from './loaded-orders.ts';
import { assemble, counterData, figuresOf, type MachineData, productSpans } from './machine-data.ts';
import { addFigures, type Figures, reportOf, timesOf } from './oee.ts';
import { intersect } from './pieces.ts';
import { periodsOf } from './planned.ts';
import type { HistoryReader } from './samples.ts';
import type { StateTracker } from './state-tracker.ts';
import type { PeopleNotes } from './stops.ts';

type Report = z.infer<typeof OeeReport>;
export type By = 'total' | 'shift' | 'day' | 'machine' | 'line' | 'product';

/** What reading figures needs of the running module. */
export interface ReportSources {
  history: HistoryReader;
  tracker: StateTracker;
  clock: Clock;
  notesOf(equipment: string): PeopleNotes;
  orders: Pick<LoadedOrders, 'spans'>;
  losses(): ReadonlyMap<string, LossClass>;
  /** Whether closed figures in the window were computed more than once. */
  recomputed(equipment: string, from: number, to: number): Promise<boolean>;
}

export async function loadMachine(
  sources: ReportSources,
  equipment: EquipmentModel,
  from: number,
  to: number,
): Promise<MachineData> {
  const { history, tracker, clock } = sources;
  const now = Math.max(clock.nowUs(), from);
  const [intervals, products, counters, orders] = await Promise.all([
    tracker.intervals(equipment.path, from, to),
    productSpans(equipment, history, from, to),
    counterData(equipment, history, from, to),
    sources.orders.spans(equipment.path, from, to),
  ]);
  const notes = sources.notesOf(equipment.path);
  return assemble({ equipment, from, to, now, intervals, notes, losses: sources.losses(), products, counters, orders });
}

/** Where a machine's time went in [from, to), from its states alone: no counter is read, the pieces are left at nothing. */
export async function machineTimes(
  sources: ReportSources,
  equipment: EquipmentModel,
  from: number,
  to: number,
): Promise<Figures> {
  const [intervals, orders] = await Promise.all([
    sources.tracker.intervals(equipment.path, from, to),
    sources.orders.spans(equipment.path, from, to),
  ]);
  const data = assemble({
    ...{ equipment, from, to, now: Math.max(sources.clock.nowUs(), from), intervals, orders },
    ...{ notes: sources.notesOf(equipment.path), losses: sources.losses(), products: [], counters: [] },
  });
  return timesOf(intersect(data.segments, [{ from, to }]));
}

export interface OeeAnswer {
  total: Report;
  parts: Report[];
  /** OEE aimed at, 0 to 1. */
  target: number | null;
}

/** OEE of an element of the hierarchy. Sums over machines leave out those that no OEE can be told of (no state, counter or cycle time). */
export async function oeeAnswer(
  sources: ReportSources,
  path: string,
  machines: readonly EquipmentModel[],
  from: number,
  to: number,
  by: By,
): Promise<OeeAnswer> {
  const able = machines.filter(tellsOee);
  const chosen = able.length > 0 ? able : machines.filter((m) => m.state !== null);
  const data: MachineData[] = [];
  for (let i = 0; i < chosen.length; i += 8)
    data.push(...(await Promise.all(chosen.slice(i, i + 8).map((m) => loadMachine(sources, m, from, to)))));
  const recomputed = new Set<string>();
  for (const m of chosen) if (await sources.recomputed(m.path, from, to)) recomputed.add(m.path);
  const flagged = (d: MachineData, f: Figures): Figures =>
    recomputed.has(d.equipment.path) ? { ...f, flags: [...f.flags, 'recomputed'] } : f;
  const own = data.map((d) => flagged(d, figuresOf(d, from, to)));
  const end = data.reduce((latest, d) => Math.max(latest, d.to), from);
  const total = reportOf({ equipment: path, from, to: end }, addFigures(own));
  return { total, parts: partsOf(data, path, from, to, by, flagged), target: targetOf(chosen) };
}

export function tellsOee(machine: EquipmentModel): boolean {
  return machine.state !== null && machine.counters.length > 0 && machine.cycleTimes.size > 0;
}

/** The OEE aimed at, when all the machines aim at the same. */
function targetOf(machines: readonly EquipmentModel[]): number | null {
  const targets = new Set(machines.map((m) => m.oeeTarget));
  return targets.size === 1 ? ([...targets][0] ?? null) : null;
}

interface Part {
  key: string;
  head: { equipment: string; from: number; to: number; shift?: string; product?: string };
  figures: Figures[];
}

function partsOf(
  data: readonly MachineData[],
  path: string,
  from: number,
  to: number,
  by: By,
  flagged: (d: MachineData, f: Figures) => Figures,
): Report[] {
  if (by === 'total') return [];
  const parts = new Map<string, Part>();
  const put = (key: string, head: Part['head'], figures: Figures) => {
    const part = parts.get(key) ?? { key, head: { ...head }, figures: [] };
    part.head.from = Math.min(part.head.from, head.from);
    part.head.to = Math.max(part.head.to, head.to);
    part.figures.push(figures);
    parts.set(key, part);
  };
  for (const d of data)
    for (const slice of slicesOf(d, path, from, to, by)) {
      const { head, product } = slice;
      put(slice.key, head, flagged(d, figuresOf(d, head.from, head.to, product)));
    }
  return [...parts.values()]
    .sort((a, b) => a.head.from - b.head.from || (a.key < b.key ? -1 : 1))
    .map((part) => reportOf(part.head, addFigures(part.figures)));
}

/** The slices that a machine's figures are cut into. */
function slicesOf(d: MachineData, path: string, from: number, to: number, by: By) {
  const { equipment } = d;
  const whole = { equipment: path, from, to: d.to };
  const cut = (p: { from: number; to: number }) => ({ from: Math.max(p.from, from), to: Math.min(p.to, d.to) });
  switch (by) {
    case 'machine':
      return [{ key: equipment.path, head: { ...whole, equipment: equipment.path }, product: null }];
    case 'line': {
      const line = equipment.line ?? equipment.area;
      return [{ key: line, head: { ...whole, equipment: line }, product: null }];
    }
    case 'product':
      return [...new Set(d.products.map((p) => p.product))].map((product) => ({
        ...{ key: product, head: { ...whole, product }, product },
      }));
    case 'day':
      return daysBetween(equipment.timeZone, from, Math.min(to, d.to)).map((day) => ({
        ...{ key: day.day, head: { equipment: path, ...cut(day) }, product: null },
      }));
    default:
      return periodsOf(equipment, from, Math.min(to, d.to)).map((p) => ({
        key: `${p.day} ${p.id}`,
        head: { equipment: path, ...cut(p), shift: p.id },
        product: null,
      }));
  }
}
