import type { Calendar } from '@deungdae/contracts/plant.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';
import { daysBetween, type Shift, shiftsBetween } from '@deungdae/kernel/calendar.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import type { Span } from './intervals.ts';
import type { PlannedSpan } from './time-model.ts';

/** A stretch that figures are closed for: a shift, or a plant day where no calendar is given. */
export interface Period extends Span {
  id: string;
  name: LocalText;
  day: string;
}

const dayUs = 86_400_000_000;
/** Windows remembered per calendar; the memory starts anew when it is full. */
const windowLimit = 200;
const windows = new WeakMap<Calendar, Map<string, Shift[]>>();

/** As `shiftsBetween`; short windows are remembered by whole days, because every card asks for the same ones each second. */
function shiftsOf(calendar: Calendar, timeZone: string, from: number, to: number): Shift[] {
  if (to - from > 3 * dayUs) return shiftsBetween(calendar, timeZone, from, to);
  const known = windows.get(calendar) ?? new Map<string, Shift[]>();
  windows.set(calendar, known);
  const [first, last] = [Math.floor(from / dayUs), Math.ceil(to / dayUs)];
  const key = `${timeZone} ${first} ${last}`;
  let shifts = known.get(key);
  if (!shifts) {
    if (known.size >= windowLimit) known.clear();
    shifts = shiftsBetween(calendar, timeZone, first * dayUs, last * dayUs);
    known.set(key, shifts);
  }
  return shifts.filter((s) => s.to > from && s.from < to);
}

/** Planned operation time of a machine in a window: its shifts, breaks marked. Null without a calendar: all time is planned. */
export function plannedSpans(equipment: EquipmentModel, from: number, to: number): PlannedSpan[] | null {
  if (!equipment.calendar) return null;
  const out: PlannedSpan[] = [];
  const put = (a: number, b: number, pause: boolean) => {
    const start = Math.max(a, from);
    const end = Math.min(b, to);
    if (end > start) out.push({ from: start, to: end, pause });
  };
  for (const shift of shiftsOf(equipment.calendar, equipment.timeZone, from, to)) {
    let at = shift.from;
    for (const pause of shift.breaks) {
      put(at, pause.from, false);
      put(Math.max(at, pause.from), pause.to, true);
      at = Math.max(at, pause.to);
    }
    put(at, shift.to, false);
  }
  return out;
}

/** Why nobody expects the machine to work at this moment; null while it should. */
export function plannedDownAt(equipment: EquipmentModel, time: number): 'break' | 'outside shifts' | null {
  const spans = plannedSpans(equipment, time, time + 1);
  if (spans === null) return null;
  if (spans.length === 0) return 'outside shifts';
  return spans[0]!.pause ? 'break' : null;
}

/** Shifts that touch a window, whole; plant days for a machine without a calendar. */
export function periodsOf(equipment: EquipmentModel, from: number, to: number): Period[] {
  if (equipment.calendar)
    return shiftsOf(equipment.calendar, equipment.timeZone, from, to).map((s) => ({
      ...{ id: s.id, name: s.name, day: s.day, from: s.from, to: s.to },
    }));
  return daysBetween(equipment.timeZone, from, to).map((d) => ({ id: 'day', name: d.day, ...d }));
}

/** The period that runs at `time`; null between shifts. */
export function periodAt(equipment: EquipmentModel, time: number): Period | null {
  return periodsOf(equipment, time, time + 1).find((p) => p.from <= time && time < p.to) ?? null;
}
