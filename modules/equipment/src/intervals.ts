import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type { Interval } from './machine.ts';

/** A stretch that lies over what the machine told. */
export interface Override {
  from: number;
  to: number;
  state: MachineState;
  cause: string;
}

/** A closed stretch; half-open, µs. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Intervals cut to [from, to) and without holes: what no interval covers is `noData`. An open interval lasts until
 * `now`; later is `noData` too.
 */
export function coverage(intervals: readonly Interval[], from: number, to: number, now: number): (Interval & Span)[] {
  const out: (Interval & Span)[] = [];
  let at = from;
  const fill = (until: number) => {
    if (until > at) add(out, { from: at, to: until, state: 'noData', cause: 'no data yet' });
    at = Math.max(at, until);
  };
  for (const interval of intervals) {
    const start = Math.max(interval.from, at);
    const end = Math.min(interval.to ?? Math.max(now, interval.from), to);
    if (end <= start) continue;
    fill(start);
    add(out, { ...interval, from: start, to: end });
    at = end;
  }
  fill(to);
  return out;
}

function add(out: (Interval & Span)[], next: Interval & Span): void {
  const last = out.at(-1);
  if (last && last.to === next.from && last.state === next.state && last.cause === next.cause) last.to = next.to;
  else out.push(next);
}

/** Lays overrides over intervals; the last of two that overlap wins. Intervals are in order and do not overlap. */
export function withOverrides<T extends Interval>(
  intervals: readonly T[],
  overrides: readonly Override[],
): (T | Interval)[] {
  let base: (T | Interval)[] = [...intervals];
  for (const o of overrides) {
    const next: (T | Interval)[] = [];
    let placed = false;
    const place = () => {
      if (!placed) next.push({ from: o.from, to: o.to, state: o.state, cause: o.cause });
      placed = true;
    };
    for (const interval of base) {
      const end = interval.to ?? Number.POSITIVE_INFINITY;
      if (end <= o.from) {
        next.push(interval);
        continue;
      }
      if (interval.from < o.from) next.push({ ...interval, to: o.from });
      place();
      if (end > o.to) next.push(interval.from >= o.to ? interval : { ...interval, from: o.to });
    }
    place();
    base = next;
  }
  return base;
}
