/** A moment (µs UTC) as the day it begins in the zone, for a date input; '' for an open end. */
export function dayText(us: number | null, zone: string): string {
  return us === null ? '' : new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(us / 1000);
}

/** The moment (µs UTC) at which a day begins in the zone; null for none. */
export function dayStart(day: string, zone: string): number | null {
  if (day === '') return null;
  const wall = Date.parse(`${day}T00:00:00Z`);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const offset = (ms: number) => Date.parse(`${format.format(ms).replace(' ', 'T')}Z`) - ms;
  return (wall - offset(wall - offset(wall))) * 1000;
}

/** The last moment (µs UTC) of a day in the zone, for what is due on it; null for none. */
export function dayEnd(day: string, zone: string): number | null {
  if (day === '') return null;
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return dayStart(next, zone)! - 1;
}
