/** Edit distance with transpositions (optimal string alignment), stopped beyond `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      row[j] = d;
      least = Math.min(least, d);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** The candidate most like `name`, or null when none is near: at most a third of its letters differ, two in a short one. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  let limit = Math.max(2, Math.floor(name.length / 3));
  let best: string | null = null;
  for (const candidate of candidates) {
    const d = candidate.toLowerCase() === wanted ? 0 : distance(wanted, candidate.toLowerCase(), limit);
    if (d > limit || d >= Math.max(wanted.length, candidate.length)) continue;
    if (best !== null && d === limit) continue;
    best = candidate;
    limit = d;
    if (d === 0) break;
  }
  return best;
}
