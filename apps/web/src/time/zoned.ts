/** Civil time of a plant's zone, by Intl; milliseconds since the epoch in and out. */
export interface Civil {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, found);
  }
  return found;
}

export function civilAt(ms: number, zone: string): Civil {
  const civil: Civil = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const part of format(zone).formatToParts(ms))
    if (part.type in civil) civil[part.type as keyof Civil] = Number(part.value);
  return civil;
}

/** The moment of a civil time; one skipped by daylight saving becomes the moment as far after the gap. */
export function momentOf(civil: Partial<Civil> & { year: number; month: number; day: number }, zone: string): number {
  const wanted = Date.UTC(
    civil.year,
    civil.month - 1,
    civil.day,
    civil.hour ?? 0,
    civil.minute ?? 0,
    civil.second ?? 0,
  );
  const first = wanted - offsetAt(wanted, zone);
  return wanted - offsetAt(first, zone);
}

function offsetAt(ms: number, zone: string): number {
  const c = civilAt(ms, zone);
  return Date.UTC(c.year, c.month - 1, c.day, c.hour, c.minute, c.second) - Math.floor(ms / 1000) * 1000;
}

/** Midnight of the day that `ms` lies in, moved by whole days. */
export function dayStart(ms: number, zone: string, moveDays = 0): number {
  const c = civilAt(ms, zone);
  return momentOf({ year: c.year, month: c.month, day: c.day + moveDays }, zone);
}

/** Midnight of the Monday of the week, moved by whole weeks. */
export function weekStart(ms: number, zone: string, moveWeeks = 0): number {
  const c = civilAt(ms, zone);
  const weekday = new Date(Date.UTC(c.year, c.month - 1, c.day)).getUTCDay();
  return dayStart(ms, zone, -((weekday + 6) % 7) + 7 * moveWeeks);
}

const two = (n: number) => String(n).padStart(2, '0');

/** `yyyy-MM-ddTHH:mm` in the zone, as an input of type datetime-local takes it. */
export function toLocalInput(ms: number, zone: string): string {
  const c = civilAt(ms, zone);
  return `${c.year}-${two(c.month)}-${two(c.day)}T${two(c.hour)}:${two(c.minute)}`;
}

/** The moment of such a text, or null when it is not one. */
export function fromLocalInput(text: string, zone: string): number | null {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (!m) return null;
  const [year, month, day, hour, minute, second] = m.slice(1).map((part) => Number(part ?? 0));
  return momentOf({ year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second || 0 }, zone);
}
