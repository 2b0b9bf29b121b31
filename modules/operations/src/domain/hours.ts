/** A stretch of one person's work; open ones are cut before. µs. */
export interface Stretch {
  person: string;
  from: number;
  to: number;
}

/**
 * Hours of each stretch when a person's time is shared equally among what they do at once: somebody at two machines
 * for an hour gives each half an hour, so that the sum is never more than the clock. Pure.
 */
export function sharedHours(stretches: readonly Stretch[]): number[] {
  const hours = stretches.map(() => 0);
  const people = new Map<string, number[]>();
  stretches.forEach((s, i) => {
    const own = people.get(s.person) ?? [];
    own.push(i);
    people.set(s.person, own);
  });
  for (const own of people.values()) {
    const marks = [...new Set(own.flatMap((i) => [stretches[i]!.from, stretches[i]!.to]))].sort((a, b) => a - b);
    for (let m = 0; m + 1 < marks.length; m++) {
      const [from, to] = [marks[m]!, marks[m + 1]!];
      const busy = own.filter((i) => stretches[i]!.from <= from && stretches[i]!.to >= to);
      for (const i of busy) hours[i]! += (to - from) / busy.length / 3_600_000_000;
    }
  }
  return hours;
}

/** Time covered by at least one stretch, µs. */
export function covered(stretches: readonly { from: number; to: number }[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const s of [...stretches].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, s.to - Math.max(s.from, until));
    until = Math.max(until, s.to);
  }
  return sum;
}
