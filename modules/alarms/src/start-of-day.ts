import type { PlantModel } from '@deungdae/kernel/plant-model.ts';

const dayUs = 86_400_000_000;

/** Midnight in the time zone of the equipment's site, for plants without shifts. Follows daylight saving to the day. */
export function startOfDay(plant: PlantModel): (equipment: string, time: number) => number {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (equipment, time) => {
    const zone = plant.equipment.get(equipment)?.timeZone ?? 'UTC';
    let format = formats.get(zone);
    if (!format) {
      format = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        hourCycle: 'h23',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      formats.set(zone, format);
    }
    const [hours = 0, minutes = 0, seconds = 0] = format
      .format(time / 1000)
      .split(':')
      .map(Number);
    const into = (hours * 3600 + minutes * 60 + seconds) * 1e6;
    return Math.max(time - dayUs, Math.floor(time / 1e6) * 1e6 - into);
  };
}
