import { daysBetween, type Shift, shiftsBetween } from '@deungdae/kernel/calendar.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';

/**
 * Start of the shift that a moment (µs UTC) lies in; between shifts, and without a calendar, the midnight before it in
 * the site's time zone. "Came three times this shift" counts from here.
 */
export function shiftStart(plant: () => PlantModel): (equipment: string, time: number) => number {
  const last = new Map<string, Pick<Shift, 'from' | 'to'>>();
  return (path, time) => {
    const known = last.get(path);
    if (known && time >= known.from && time < known.to) return known.from;
    const equipment = plant().equipment.get(path);
    const zone = equipment?.timeZone ?? 'UTC';
    const shift = equipment?.calendar ? shiftsBetween(equipment.calendar, zone, time, time + 1)[0] : undefined;
    const period = shift ?? daysBetween(zone, time, time + 1)[0]!;
    last.set(path, { from: period.from, to: shift ? period.to : time });
    return period.from;
  };
}
