import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { statesByUrgency } from '../../ui/urgency.ts';

export interface AreaGroup {
  area: string;
  problems: MachineCard[];
  others: MachineCard[];
}

/** What a person must look at now: stopped without a plan, silent, or running with a critical alarm that waits. */
export function isProblem(card: MachineCard): boolean {
  return (
    card.state === 'unplannedStop' ||
    (card.hasState && card.state === 'noData') ||
    (card.alarms.critical > 0 && card.alarms.unacknowledged > 0)
  );
}

/** Machines by area: areas with problems first, else in the order of the plant; within one, the worst and longest first. */
export function groupByArea(cards: readonly MachineCard[], plantOrder: ReadonlyMap<string, number>): AreaGroup[] {
  const groups = new Map<string, AreaGroup>();
  for (const card of cards) {
    const group = groups.get(card.area) ?? { area: card.area, problems: [], others: [] };
    (isProblem(card) ? group.problems : group.others).push(card);
    groups.set(card.area, group);
  }
  const place = (path: string) => plantOrder.get(path) ?? Number.MAX_SAFE_INTEGER;
  for (const group of groups.values()) {
    group.problems.sort((a, b) => urgency(a) - urgency(b) || a.since - b.since);
    group.others.sort((a, b) => place(a.equipment) - place(b.equipment));
  }
  const stops = (group: AreaGroup) => group.problems.filter((card) => card.state === 'unplannedStop').length;
  return [...groups.values()].sort((a, b) => stops(b) - stops(a) || place(a.area) - place(b.area));
}

function urgency(card: MachineCard): number {
  return statesByUrgency.indexOf(card.state);
}

export interface FloorTotals {
  states: Map<MachineCard['state'], number>;
  machines: number;
  /** What has no state of its own: power meters and the like. */
  meters: number;
  good: number;
  target: number;
  unacknowledged: number;
}

export function totalsOf(cards: readonly MachineCard[]): FloorTotals {
  const totals: FloorTotals = { states: new Map(), machines: 0, meters: 0, good: 0, target: 0, unacknowledged: 0 };
  for (const card of cards) {
    totals.unacknowledged += card.alarms.unacknowledged;
    if (!card.hasState) {
      totals.meters++;
      continue;
    }
    totals.machines++;
    totals.states.set(card.state, (totals.states.get(card.state) ?? 0) + 1);
    // A machine without a planned run time has no target: counting its pieces would flatter the plan.
    if (card.target === null) continue;
    totals.good += card.good ?? card.produced ?? 0;
    totals.target += card.target;
  }
  return totals;
}

/** Whether pieces are counted here; a compressor or a meter shows its values instead. */
export function countsPieces(card: MachineCard): boolean {
  return card.produced !== null || card.good !== null || card.target !== null;
}
