import type { LocalText } from '@deungdae/contracts/text.ts';
import { daysBetween, shiftsBetween } from '@deungdae/kernel/calendar.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';

/** A shift of a machine; the plant day where no calendar is given. [from, to), µs UTC. */
export interface ShiftOf {
  id: string;
  name: LocalText;
  day: string;
  from: number;
  to: number;
  /** Without its breaks, µs. */
  workUs: number;
}

/** Shifts that touch [from, to), in order. */
export function shiftsOf(machine: EquipmentModel, from: number, to: number): ShiftOf[] {
  if (machine.calendar)
    return shiftsBetween(machine.calendar, machine.timeZone, from, to).map((s) => ({
      ...{ id: s.id, name: s.name, day: s.day, from: s.from, to: s.to },
      workUs: s.breaks.reduce((left, b) => left - (b.to - b.from), s.to - s.from),
    }));
  return daysBetween(machine.timeZone, from, to).map((d) => ({
    ...{ id: 'day', name: { ko: '하루', en: 'Day' }, day: d.day, from: d.from, to: d.to, workUs: d.to - d.from },
  }));
}

const dayUs = 86_400_000_000;
/** What happens longer after the last shift, over the longest holidays, belongs to none. */
const longestGapUs = 10 * dayUs;

/** Until when what happens belongs to a shift: overtime and what is told after its end too, until the next one begins. */
export function belongsUntil(machine: EquipmentModel, shift: ShiftOf): number {
  const end = shift.to + longestGapUs;
  return shiftsOf(machine, shift.from, end).find((s) => s.from > shift.from)?.from ?? end;
}

/** The shift that a moment belongs to: the one that runs, or the last before it (what is typed after its end). */
export function shiftAt(machine: EquipmentModel, time: number): ShiftOf | null {
  const near = shiftsOf(machine, time - longestGapUs, time + 1);
  return near.findLast((s) => s.from <= time) ?? null;
}

export function shiftNamed(machine: EquipmentModel, day: string, id: string): ShiftOf | null {
  const noon = Date.parse(`${day}T12:00:00Z`) * 1000;
  if (!Number.isFinite(noon)) return null;
  return shiftsOf(machine, noon - 2 * dayUs, noon + 2 * dayUs).find((s) => s.day === day && s.id === id) ?? null;
}

/** All shifts of a plant day. */
export function shiftsOfDay(machine: EquipmentModel, day: string): ShiftOf[] {
  const noon = Date.parse(`${day}T12:00:00Z`) * 1000;
  if (!Number.isFinite(noon)) return [];
  return shiftsOf(machine, noon - 2 * dayUs, noon + 2 * dayUs).filter((s) => s.day === day);
}
