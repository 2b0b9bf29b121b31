import type { Sample } from '@deungdae/contracts/sample.ts';

/** One completed cycle of a machine, as its own stream tells it. */
export interface Cycle {
  /** Value of the part counter at its end. */
  counter: number;
  startedAt: number;
  completedAt: number;
  /** The program named last before its end; not always the one that ran. */
  program: string | null;
}

export interface CutStream {
  cycles: Cycle[];
  /** Counter values that no completed cycle belongs to: aborted ones, and those the stream does not hold. */
  missing: { counter: number; why: 'aborted' | 'notInStream' }[];
}

/**
 * Cuts a machine's stream into cycles by its part counter and the time, not by program names: a counter step belongs to
 * a cycle when the program had just completed. Samples of the three signals in time order. Pure.
 */
export function cutByCounter(
  counts: readonly Sample[],
  status: readonly Sample[],
  programs: readonly Sample[],
): CutStream {
  const cycles: Cycle[] = [];
  const missing: CutStream['missing'] = [];
  let before: number | null = null;
  let from = Number.NEGATIVE_INFINITY;
  for (const count of counts) {
    const counter = Number(count.value);
    if (before !== null && counter <= before) continue;
    if (before !== null)
      for (let gap = before + 1; gap < counter; gap++) missing.push({ counter: gap, why: 'notInStream' });
    const during = status.filter((s) => s.time > from && s.time <= count.time);
    if (during.at(-1)?.value === 'PROGRAM_COMPLETED')
      cycles.push({
        counter,
        startedAt: during.find((s) => s.value === 'ACTIVE')?.time ?? count.time,
        completedAt: count.time,
        program: lastText(programs, count.time),
      });
    else missing.push({ counter, why: 'aborted' });
    before = counter;
    from = count.time;
  }
  return { cycles, missing };
}

function lastText(samples: readonly Sample[], until: number): string | null {
  const found = samples.findLast((s) => s.time <= until && String(s.value ?? '').trim() !== '');
  return found ? String(found.value) : null;
}
