/**
 * Run rules of Nelson (1984) and Western Electric (1956) on standardised points. The decisions where tools differ are
 * those of quality.md §4: comparisons are strict, a point on the centre line belongs to no side, ties break trends and
 * alternations, a missing point or a stage's edge breaks everything. The index of a hit is the last point of its pattern.
 */
export type RunRule = 'n1' | 'n2' | 'n3' | 'n4' | 'n5' | 'n6' | 'n7' | 'n8' | 'w2' | 'w8' | 'a2';

export interface RuleHit {
  rule: RunRule;
  /** 0-based place of the last point of the pattern. */
  index: number;
  /** Places of the points that make it, in order. */
  members: number[];
}

export const nelsonRules: readonly RunRule[] = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8'];
export const westernElectricRules: readonly RunRule[] = ['n1', 'w2', 'n5', 'n6'];
export const westernElectricExtended: readonly RunRule[] = ['n1', 'w2', 'n5', 'n6', 'n7', 'w8'];

/** Two values nearer than this, in sigma, are equal: a decimal limit must not signal through binary rounding. */
const equal = 1e-9;

/** Points that the longest pattern needs. */
export const longestPattern = 15;

const beyond = (z: number, k: number) => z > k + equal;
const side = (z: number): number => (z > equal ? 1 : z < -equal ? -1 : 0);

type Judge = (z: Float64Array, start: number, i: number) => number[] | null;

/** `count` points in a row, up to `i`, of which each holds. */
function run(count: number, start: number, i: number, holds: (at: number) => boolean): number[] | null {
  if (i - count + 1 < start) return null;
  for (let at = i; at > i - count; at--) if (!holds(at)) return null;
  return Array.from({ length: count }, (_, k) => i - count + 1 + k);
}

const oneSide =
  (count: number): Judge =>
  (z, start, i) => {
    const s = side(z[i]!);
    return s === 0 ? null : run(count, start, i, (at) => side(z[at]!) === s);
  };

/** k of m beyond `sigma` on one side; the last point is one of them, and a window shorter than m will do. */
const someBeyond =
  (k: number, m: number, sigma: number): Judge =>
  (z, start, i) => {
    const s = side(z[i]!);
    if (s === 0 || !beyond(s * z[i]!, sigma)) return null;
    const members: number[] = [];
    for (let at = i; at >= Math.max(start, i - m + 1); at--) if (beyond(s * z[at]!, sigma)) members.unshift(at);
    return members.length >= k ? members.slice(-k) : null;
  };

const steps = (z: Float64Array, at: number) => side(z[at]! - z[at - 1]!);

const judges: Record<RunRule, Judge> = {
  n1: (z, _start, i) => (beyond(Math.abs(z[i]!), 3) ? [i] : null),
  n2: oneSide(9),
  w2: oneSide(8),
  a2: oneSide(7),
  n3: (z, start, i) => {
    if (i - 5 < start) return null;
    const direction = steps(z, i);
    if (direction === 0) return null;
    return run(5, start + 1, i, (at) => steps(z, at) === direction) ? places(i, 6) : null;
  },
  n4: (z, start, i) => {
    if (i - 13 < start) return null;
    for (let at = i; at > i - 13; at--) {
      const here = steps(z, at);
      if (here === 0 || (at > i - 12 && here !== -steps(z, at - 1))) return null;
    }
    return places(i, 14);
  },
  n5: someBeyond(2, 3, 2),
  n6: someBeyond(4, 5, 1),
  n7: (z, start, i) => run(15, start, i, (at) => Math.abs(z[at]!) < 1 - equal),
  n8: (z, start, i) => {
    const members = run(8, start, i, (at) => beyond(Math.abs(z[at]!), 1));
    return members && new Set(members.map((at) => side(z[at]!))).size === 2 ? members : null;
  },
  w8: (z, start, i) => run(8, start, i, (at) => beyond(Math.abs(z[at]!), 1)),
};

function places(last: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => last - count + 1 + k);
}

/**
 * Hits of the chosen rules. `z`: distance from the centre in sigma; null where a point is missing or left out.
 * `stages`: one mark a point; where it changes, every pattern begins anew.
 */
export function runRules(
  z: readonly (number | null)[],
  rules: readonly RunRule[] = ['n1'],
  stages?: readonly unknown[],
): RuleHit[] {
  const hits: RuleHit[] = [];
  const numbers = Float64Array.from(z, (v) => v ?? Number.NaN);
  let start = 0;
  for (let i = 0; i < z.length; i++) {
    if (z[i] === null || Number.isNaN(numbers[i])) {
      start = i + 1;
      continue;
    }
    if (stages && i > 0 && stages[i] !== stages[i - 1]) start = i;
    for (const rule of rules) {
      const members = judges[rule](numbers, start, i);
      if (members) hits.push({ rule, index: i, members });
    }
  }
  return hits;
}

/** Only what the newest point completes: for live charts. `z` unbroken, oldest first; 15 points are enough. */
export function hitsOfLast(z: Float64Array, rules: readonly RunRule[]): RuleHit[] {
  const index = z.length - 1;
  const hits: RuleHit[] = [];
  for (const rule of rules) {
    const members = index < 0 || Number.isNaN(z[index]!) ? null : judges[rule](z, 0, index);
    if (members) hits.push({ rule, index, members });
  }
  return hits;
}
