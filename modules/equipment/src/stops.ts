import { createHash } from 'node:crypto';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { LossClass, MachineState } from '@deungdae/contracts/equipment.ts';
import type { Plant } from '@deungdae/contracts/plant.ts';
import type { z } from 'zod';
import { type Override, type Span, withOverrides } from './intervals.ts';
import type { Interval } from './machine.ts';

/** A reason as a person gave it, for the stretch it was given for. `to` null: the stop still lasted. */
export interface ReasonNote {
  id: string;
  from: number;
  to: number | null;
  reason: string | null;
  note: string;
  by: string;
  at: number;
}

interface SplitNote {
  at: number;
  by: string;
  made: number;
}

/** What people said about one machine. */
export interface PeopleNotes {
  reasons: ReasonNote[];
  splits: SplitNote[];
  overrides: Override[];
}

/** An interval of the effective state, with the reason that holds for it. */
export interface EffectiveInterval extends Interval {
  current: ReasonNote | null;
  earlier: readonly ReasonNote[];
  minor: boolean;
}

const stopStates: ReadonlySet<MachineState> = new Set(['unplannedStop', 'idle', 'setup', 'plannedStop', 'off']);

export function isStop(state: MachineState): boolean {
  return stopStates.has(state);
}

/** Loss class of every reason of the plant file: `group` and `group/reason`. */
export function lossesOfReasons(plant: Plant): Map<string, LossClass> {
  const losses = new Map<string, LossClass>();
  for (const group of plant.downtimeReasons) {
    losses.set(group.id, group.loss);
    for (const reason of group.reasons) losses.set(`${group.id}/${reason.id}`, reason.loss ?? group.loss);
  }
  return losses;
}

/**
 * The machine's intervals as people corrected them: recorded stretches laid over, stops split, reasons attached. The
 * length of the whole stop, before it was split, decides whether it is a minor one.
 */
export function effectiveIntervals(
  intervals: readonly Interval[],
  notes: PeopleNotes,
  minorBelowMs: number,
  now: number,
): EffectiveInterval[] {
  const reasons = [...notes.reasons].sort((a, b) => a.at - b.at);
  const out: EffectiveInterval[] = [];
  for (const interval of withOverrides(intervals, notes.overrides)) {
    const end = interval.to ?? Math.max(now, interval.from);
    if (!isStop(interval.state)) {
      out.push({ ...interval, current: null, earlier: [], minor: false });
      continue;
    }
    const minor = end - interval.from < minorBelowMs * 1000;
    const cuts = notes.splits.map((s) => s.at).filter((at) => at > interval.from && at < end);
    const bounds = [interval.from, ...new Set(cuts.sort((a, b) => a - b))];
    bounds.forEach((from, i) => {
      const to = bounds[i + 1] ?? interval.to;
      const attached = reasons.filter((r) => belongs(r, from, to ?? end));
      out.push({
        ...{ from, to, state: interval.state, cause: interval.cause, minor },
        current: attached.at(-1) ?? null,
        earlier: attached.slice(0, -1),
      });
    });
  }
  return out;
}

/** A note belongs to a stop when it covers half of it, or half of the note lies on it: so it survives late data that moves an edge. */
function belongs(note: ReasonNote, from: number, to: number): boolean {
  if (note.from === from) return true;
  const noteTo = note.to ?? Math.max(note.at, note.from + 1);
  const overlap = Math.min(noteTo, to) - Math.max(note.from, from);
  return overlap > 0 && overlap * 2 >= Math.min(to - from, noteTo - note.from);
}

/** Loss class that holds: of the reason, else what the state itself says; null when nobody knows yet. */
function lossOfStop(stop: EffectiveInterval, losses: ReadonlyMap<string, LossClass>): LossClass | null {
  const given = stop.current?.reason ? losses.get(stop.current.reason) : undefined;
  if (given) return given;
  if (stop.state === 'setup') return 'setup';
  if (stop.state === 'plannedStop') return 'planned';
  return stop.minor ? 'minorStop' : null;
}

export function equipmentKey(equipment: string): string {
  return createHash('sha256').update(equipment).digest('hex').slice(0, 12);
}

export function stopId(equipment: string, from: number): string {
  return `${equipmentKey(equipment)}-${from.toString(36)}`;
}

export function parseStopId(id: string): { key: string; from: number } | null {
  const match = /^([0-9a-f]{12})-([0-9a-z]{1,12})$/.exec(id);
  return match ? { key: match[1]!, from: Number.parseInt(match[2]!, 36) } : null;
}

export function downtimeOf(
  equipment: string,
  stop: EffectiveInterval,
  notes: PeopleNotes,
  losses: ReadonlyMap<string, LossClass>,
): z.infer<typeof Downtime> {
  const current = stop.current;
  const splits = notes.splits
    .filter((s) => s.at === stop.from || s.at === stop.to)
    .map((s) => ({ at: s.made, by: s.by, reason: null, note: '', from: stop.from, to: stop.to }));
  const earlier = stop.earlier.map(({ at, by, reason, note, from, to }) => ({ at, by, reason, note, from, to }));
  return {
    id: stopId(equipment, stop.from),
    equipment,
    from: stop.from,
    to: stop.to,
    state: stop.state,
    cause: stop.cause,
    reason: current?.reason ?? null,
    loss: lossOfStop(stop, losses),
    note: current?.note ?? '',
    by: current?.by ?? null,
    history: [...earlier, ...(earlier.length === 0 ? splits : [])].sort((a, b) => a.at - b.at),
  };
}

/** Whether a stop touches time in which the machine was meant to work. */
export function touches(stop: Span, spans: readonly Span[] | null): boolean {
  return spans === null || spans.some((s) => s.from < stop.to && s.to > stop.from);
}
