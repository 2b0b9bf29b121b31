/** Rollups, finest first. */
export const rollupKinds = ['minute', 'tenMinutes', 'hour'] as const;
export type RollupKind = (typeof rollupKinds)[number];

/** Where a sealed file belongs. Raw samples: the UTC day; minutes: the month; coarser rollups: the year. */
export type SegmentKind = 'raw' | RollupKind;

export const MINUTE_US = 60_000_000;
export const HOUR_US = 3_600_000_000;
export const DAY_US = 86_400_000_000;

/** Cell size of a rollup kind, µs. */
export const cellUs = { minute: MINUTE_US, tenMinutes: 10 * MINUTE_US, hour: HOUR_US } as const;

/** Partition of samples whose days were too many for files of their own (absurd clocks). */
export const STRAY = 'stray';

/** Start of the cell that holds `time`; right for times before 1970 too. */
export function floorTo(time: number, size: number): number {
  return Math.floor(time / size) * size;
}

export function ceilTo(time: number, size: number): number {
  return Math.ceil(time / size) * size;
}

/** Name of the partition that holds the day starting at `dayUs`. */
export function partitionOf(kind: SegmentKind, dayUs: number): string {
  const iso = new Date(dayUs / 1000).toISOString();
  const day = iso.slice(0, iso.indexOf('T'));
  const parts = day.startsWith('-') || day.startsWith('+') ? day.slice(1).split('-') : day.split('-');
  const year = day.startsWith('-') ? `-${parts[0]}` : parts[0]!;
  if (kind === 'hour' || kind === 'tenMinutes') return year;
  return kind === 'minute' ? `${year}-${parts[1]}` : `${year}-${parts[1]}-${parts[2]}`;
}

/** SQL: start of the cell of `column`. The offset keeps the operand positive over the whole safe range of times. */
export function floorSql(column: string, size: number): string {
  const cells = Math.ceil(2e16 / size);
  return `((${column} + ${cells * size}) // ${size} - ${cells}) * ${size}`;
}
