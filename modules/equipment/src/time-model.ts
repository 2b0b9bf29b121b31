import type { LossClass, MachineState } from '@deungdae/contracts/equipment.ts';
import type { Span } from './intervals.ts';

/** What a stretch of time is in the ISO 22400 time model. `outside` is not planned for operation at all. */
type TimeElement = 'outside' | 'plannedDown' | 'adot' | 'adet' | 'asut' | 'apt' | 'noData';

/** A stretch of one state with what people said about it. */
export interface Stretch extends Span {
  state: MachineState;
  /** Loss class of the reason given; null without one. */
  loss: LossClass | null;
  /** The whole stop that it is part of was shorter than the minor stop limit. */
  minor: boolean;
  /** Whether an order was loaded; left out where nobody knows. */
  ordered?: boolean;
}

/** A stretch of planned operation time, and whether it is a planned break. */
export interface PlannedSpan extends Span {
  pause: boolean;
}

export interface Segment extends Span {
  element: TimeElement;
  loss: LossClass | null;
  state: MachineState;
}

/**
 * ISO 22400 element of a stretch inside planned operation time (kpi.md §2, §6). Every running stretch counts as with an
 * order. Idling is a delay while an order is loaded and ADOT without one; where no orders are known, idling longer than a
 * minor stop is. A reason that a person gave decides over the state. A break is planned down unless the machine ran through it: then it produced, and did not pause.
 */
function elementOf(s: Pick<Stretch, 'state' | 'loss' | 'minor' | 'ordered'>, pause: boolean): TimeElement {
  if (s.state === 'running') return 'apt';
  if (pause) return 'plannedDown';
  if (s.state === 'noData') return 'noData';
  if (s.loss === 'planned') return 'plannedDown';
  if (s.loss === 'setup') return 'asut';
  if (s.loss === 'noOrder') return 'adot';
  if (s.loss !== null) return 'adet';
  switch (s.state) {
    case 'setup':
      return 'asut';
    case 'plannedStop':
      return 'plannedDown';
    case 'unplannedStop':
      return 'adet';
    case 'idle':
      return (s.ordered ?? s.minor) ? 'adet' : 'adot';
    case 'off':
      return 'adot';
  }
}

/** The six big losses' class of a segment; null for production and for time that is no loss of the plan. */
function lossOf(element: TimeElement, s: Stretch): LossClass | null {
  if (element === 'plannedDown') return 'planned';
  if (element === 'adot') return 'noOrder';
  if (element === 'asut') return 'setup';
  if (element !== 'adet') return null;
  if (s.loss !== null && s.loss !== 'planned' && s.loss !== 'setup' && s.loss !== 'noOrder') return s.loss;
  // Idle with an order is waiting, not a failure of the machine.
  return s.minor || s.state === 'idle' ? 'minorStop' : 'breakdown';
}

/**
 * Lays stretches (whole, in order, without holes) over the planned spans. The result covers the window of the
 * stretches without hole or overlap. `planned` null means that all time is planned.
 */
export function segmentsOf(stretches: readonly Stretch[], planned: readonly PlannedSpan[] | null): Segment[] {
  const out: Segment[] = [];
  const put = (from: number, to: number, s: Stretch, place: 'outside' | 'pause' | 'work') => {
    if (to <= from) return;
    const element = place === 'outside' ? 'outside' : elementOf(s, place === 'pause');
    out.push({ from, to, element, loss: place === 'outside' ? null : lossOf(element, s), state: s.state });
  };
  let p = 0;
  for (const s of stretches) {
    if (!planned) {
      put(s.from, s.to, s, 'work');
      continue;
    }
    let at = s.from;
    while (p < planned.length && planned[p]!.to <= at) p++;
    for (let k = p; k < planned.length && planned[k]!.from < s.to; k++) {
      const span = planned[k]!;
      put(at, span.from, s, 'outside');
      const from = Math.max(at, span.from);
      const to = Math.min(s.to, span.to);
      put(from, to, s, span.pause ? 'pause' : 'work');
      at = Math.max(at, to);
    }
    put(at, s.to, s, 'outside');
  }
  return out;
}

/** Times in whole milliseconds. Bounds are rounded down one by one, so parts always add up to the whole exactly. */
export function spanMs(from: number, to: number): number {
  return Math.floor(to / 1000) - Math.floor(from / 1000);
}
