/** Increments of one counter, in columns: when (µs) and how many steps. */
export interface Increments {
  times: number[];
  steps: number[];
  /** Steps that came across a gap: made at some time in it, counted when they were seen. */
  acrossGap: number;
  resets: number;
  wraps: number;
}

type Kind = 'first' | 'step' | 'wrap' | 'reset' | 'back';

/** So many steps back are pieces taken off, not a new beginning. */
const fewSteps = 10;

/**
 * Follows one piece counter. A smaller value is a wrap when the counter has a size and the step around it is less than
 * half of that. Else it is what asks for fewer pieces: a reset, after which the new value counts from zero; or, when that
 * would be more pieces than went back, the counter was set back, by a person or by samples that came in another order: a
 * few steps back are taken off, so that the next ones do not count them twice, and many say nothing. Each value is judged by
 * the one before it alone, so sums over parts of a window are the whole. Increments are whole counter steps; pieces are
 * steps × `perIncrement`.
 */
export class CounterTrack {
  readonly #wrapsAt: number | null;
  last: number | null = null;
  lastTime = Number.NEGATIVE_INFINITY;
  #gap = false;

  constructor(wrapsAt: number | undefined) {
    this.#wrapsAt = wrapsAt ?? null;
  }

  /** What this value adds; null or a negative number only marks a gap. `kind` tells how it was counted. */
  step(time: number, value: number | null): { steps: number; kind: Kind; gap: boolean } {
    if (value === null || !Number.isFinite(value) || value < 0) {
      this.#gap = true;
      return { steps: 0, kind: 'step', gap: false };
    }
    const before = this.last;
    const gap = this.#gap;
    this.last = value;
    this.lastTime = time;
    this.#gap = false;
    if (before === null) return { steps: 0, kind: 'first', gap };
    if (value >= before) return { steps: value - before, kind: 'step', gap: gap && value > before };
    const around = this.#wrapsAt === null ? Number.NaN : this.#wrapsAt - before + value;
    if (this.#wrapsAt !== null && around >= 0 && around < this.#wrapsAt / 2)
      return { steps: around, kind: 'wrap', gap };
    const back = before - value;
    // Across a gap there was time for a new beginning.
    if (value <= back || (gap && back > fewSteps)) return { steps: value, kind: 'reset', gap };
    return { steps: back <= fewSteps ? -back : 0, kind: 'back', gap };
  }
}

export function newIncrements(): Increments {
  return { times: [], steps: [], acrossGap: 0, resets: 0, wraps: 0 };
}

/** Adds one value to the columns. */
export function count(into: Increments, track: CounterTrack, time: number, value: number | null): void {
  const { steps, kind, gap } = track.step(time, value);
  if (kind === 'wrap') into.wraps++;
  if (kind === 'reset') into.resets++;
  if (gap) into.acrossGap += steps;
  if (steps === 0) return;
  into.times.push(time);
  into.steps.push(steps);
}

/** Steps with time in [from, to). Times are in order. */
export function stepsIn(increments: Increments, from: number, to: number): number {
  let sum = 0;
  for (let i = lowerBound(increments.times, from); i < increments.times.length && increments.times[i]! < to; i++)
    sum += increments.steps[i]!;
  return sum;
}

function lowerBound(times: readonly number[], value: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
