const offsets = new Map<string, number>();
const maxKept = 20_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Offset of a zone at a moment, ms. */
function offsetAt(utcMs: number, timeZone: string): number {
  const hour = Math.floor(utcMs / 3_600_000);
  const key = `${timeZone}\n${hour}`;
  const kept = offsets.get(key);
  if (kept !== undefined) return kept;
  let format = formats.get(timeZone);
  if (!format) {
    const numeric = 'numeric';
    format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', year: numeric, month: numeric, day: numeric },
      ...{ hour: numeric, minute: numeric, second: numeric },
    });
    formats.set(timeZone, format);
  }
  const at = hour * 3_600_000;
  const parts = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, Number(p.value)]));
  const wall = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
  if (offsets.size >= maxKept) offsets.clear();
  offsets.set(key, wall - at);
  return wall - at;
}

/** Wall-clock ms of a zone as µs UTC. A time that the change of the clocks repeats is the first one. */
export function wallToUs(wallMs: number, timeZone: string): number {
  const guess = wallMs - offsetAt(wallMs, timeZone);
  return (wallMs - offsetAt(guess, timeZone)) * 1000;
}

/** `yyyy-mm-dd` as the µs UTC at which that day begins in the zone. */
export function dayToUs(day: string, timeZone: string): number {
  return wallToUs(Date.parse(`${day}T00:00:00Z`), timeZone);
}
