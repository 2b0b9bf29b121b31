import type { MachineState } from '@deungdae/contracts/equipment.ts';

export interface Interval {
  /** ms */
  from: number;
  to: number;
  state: MachineState;
  cause: string;
}
export interface Segment extends Interval {
  /** Pixels from the left edge. */
  x: number;
  width: number;
  /** How many intervals were too narrow to draw apart and are in this one. */
  merged: number;
}

/** A stop of one second must be seen in a week: when intervals share a pixel, the most urgent one is drawn. */
const urgency: readonly MachineState[] = ['unplannedStop', 'noData', 'setup', 'plannedStop', 'idle', 'off', 'running'];

/** Intervals as the rectangles to draw over `width` pixels; none narrower than `narrowest` pixels. */
export function ribbonSegments(
  intervals: readonly Interval[],
  from: number,
  to: number,
  width: number,
  narrowest = 1.5,
): Segment[] {
  const scale = width / (to - from);
  const segments: Segment[] = [];
  for (const interval of intervals) {
    const start = Math.max(interval.from, from);
    const end = Math.min(interval.to, to);
    if (end <= start) continue;
    const segment: Segment = {
      ...interval,
      from: start,
      to: end,
      x: (start - from) * scale,
      width: (end - start) * scale,
      merged: 1,
    };
    const last = segments.at(-1);
    if (
      last &&
      (segment.width < narrowest || last.width < narrowest) &&
      segment.x + segment.width - last.x < narrowest * 2
    )
      merge(last, segment);
    else segments.push(segment);
  }
  return segments;
}

function merge(into: Segment, next: Segment): void {
  if (urgency.indexOf(next.state) < urgency.indexOf(into.state)) {
    into.state = next.state;
    into.cause = next.cause;
  }
  into.to = next.to;
  into.width = next.x + next.width - into.x;
  into.merged += next.merged;
}

/** Share of each state in the time that the intervals cover. */
export function stateShares(intervals: readonly Interval[]): Map<MachineState, number> {
  const shares = new Map<MachineState, number>();
  const all = intervals.reduce((sum, i) => sum + i.to - i.from, 0);
  if (all <= 0) return shares;
  for (const i of intervals) shares.set(i.state, (shares.get(i.state) ?? 0) + (i.to - i.from) / all);
  return shares;
}
