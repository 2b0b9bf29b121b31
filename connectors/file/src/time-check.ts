import { type RecordFormat, recordsOf } from './format.ts';

/** A line more than this before the usual time of its file has a wrong clock: five years, µs. */
export const plausibleBackUs = 5 * 365.25 * 86_400 * 1_000_000;

/** Median time of the records in the head of a file, µs; NaN when none has a time. The same at every restart. */
export function medianTime(format: RecordFormat, head: string): number {
  const times: number[] = [];
  for (const [from, to] of recordsOf(format.recordEnd, head, true)) {
    const time = format.peekTime(head, from, to);
    if (!Number.isNaN(time)) times.push(time);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1] ?? Number.NaN;
}
