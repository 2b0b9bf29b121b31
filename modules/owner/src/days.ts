import { daysBetween, shiftsBetween } from '@deungdae/kernel/calendar.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';

export interface PlantDay {
  day: string;
  /** [from, to), µs UTC. */
  from: number;
  to: number;
}

const dayUs = 86_400_000_000;

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * A plant day: from its first shift of any machine to the end of its last, so that a night shift stays whole; midnight to
 * midnight where no machine has a calendar or nobody works. Days of one plant never overlap for a machine.
 */
export function plantDay(plant: PlantModel, day: string): PlantDay {
  const zone = zoneOf(plant);
  const noon = Date.parse(`${day}T12:00:00Z`) * 1000;
  const civil = daysBetween(zone, noon - dayUs, noon + dayUs).find((d) => d.day === day)!;
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const calendar of new Set([...plant.equipment.values()].map((m) => m.calendar)))
    if (calendar)
      for (const shift of shiftsBetween(calendar, zone, noon - 2 * dayUs, noon + 2 * dayUs)) {
        if (shift.day !== day) continue;
        from = Math.min(from, shift.from);
        to = Math.max(to, shift.to);
      }
  return from < to ? { day, from, to } : civil;
}

/** The plant day that runs at `now`, µs. */
export function today(plant: PlantModel, now: number): PlantDay {
  const zone = zoneOf(plant);
  const civil = daysBetween(zone, now, now + 1)[0]!.day;
  const before = plantDay(plant, addDays(civil, -1));
  // Small hours belong to the night shift of the day before.
  return now < before.to && now >= before.from && now < plantDay(plant, civil).from ? before : plantDay(plant, civil);
}

function zoneOf(plant: PlantModel): string {
  for (const machine of plant.equipment.values()) return machine.timeZone;
  return plant.plant.sites[0]?.timeZone ?? 'Asia/Seoul';
}
