import type { Interval } from './machine.ts';

/** Intervals with the same state that touch become one; the cause is that of its beginning. Empty ones vanish. */
function joined(intervals: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  for (const interval of intervals) {
    if (interval.to !== null && interval.to <= interval.from) continue;
    const last = out.at(-1);
    if (last && last.to === interval.from && last.state === interval.state) last.to = interval.to;
    else out.push({ ...interval });
  }
  return out;
}

/** `whole` with [from, to) replaced by `part`, which lies inside it. */
export function replaced(whole: readonly Interval[], part: readonly Interval[], from: number, to: number): Interval[] {
  const before: Interval[] = [];
  const after: Interval[] = [];
  for (const interval of whole) {
    const end = interval.to ?? Number.POSITIVE_INFINITY;
    if (interval.from < from) before.push(end > from ? { ...interval, to: from } : interval);
    if (end > to) after.push(interval.from < to ? { ...interval, from: to } : interval);
  }
  return joined([...before, ...part, ...after]);
}

export function sameIntervals(a: readonly Interval[], b: readonly Interval[]): boolean {
  return (
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i]!;
      return x.from === y.from && x.to === y.to && x.state === y.state && x.cause === y.cause;
    })
  );
}
