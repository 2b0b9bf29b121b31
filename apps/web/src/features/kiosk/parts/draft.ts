import type { Defect } from '@deungdae/contracts/work-order.ts';

/** Defects pressed since the last confirmation, kept on the tablet until the count is confirmed with them. */
export interface Draft {
  /** Order and run that they belong to. */
  run: string;
  defects: readonly Defect[];
}

export interface Count {
  good: number;
  scrap: number;
  total: number;
}

export function draftFor(draft: Draft | null, run: string): Draft {
  return draft && draft.run === run ? draft : { run, defects: [] };
}

/** One piece more (or, with -1, less) of a defect, at a cavity where it is known. */
export function pressDefect(draft: Draft, reason: string, cavity: number | null, by: number): Draft {
  const same = (d: Defect) => d.reason === reason && (d.cavity ?? null) === cavity;
  const before = draft.defects.find(same);
  const quantity = (before?.quantity ?? 0) + by;
  const others = draft.defects.filter((d) => !same(d));
  if (quantity <= 0) return { ...draft, defects: others };
  const after: Defect = { ...(before ?? { reason, ...(cavity === null ? {} : { cavity }) }), quantity };
  return { ...draft, defects: before ? draft.defects.map((d) => (d === before ? after : d)) : [...others, after] };
}

export function scrapOf(defects: readonly Defect[]): number {
  return defects.reduce((sum, d) => sum + d.quantity, 0);
}

/**
 * What is proposed to be confirmed: the machine's total, with at least the defects that were pressed as scrap. Without a
 * counter good is for the person to say.
 */
export function proposeResult(
  proposed: Count | null,
  defects: readonly Defect[],
): { good: number | null; scrap: number } {
  const pressed = scrapOf(defects);
  if (!proposed) return { good: null, scrap: pressed };
  const scrap = Math.max(pressed, proposed.scrap);
  return { good: Math.max(0, proposed.total - scrap), scrap };
}

/** Whether another total than the machine's is given: that wants a reason. */
export function differs(proposed: Count | null, good: number, scrap: number): boolean {
  return proposed !== null && Math.abs(good + scrap - proposed.total) >= 0.5;
}

/** So many pieces of a defect, whatever they were before; without a cavity. */
export function setDefect(draft: Draft, reason: string, quantity: number): Draft {
  const others = draft.defects.filter((d) => d.reason !== reason);
  return { ...draft, defects: quantity > 0 ? [...others, { reason, quantity }] : others };
}

/** Codes used last come first; the rest keep their order. */
export function recentFirst<T extends { code: string }>(choices: readonly T[], recent: readonly string[]): T[] {
  const rank = (choice: T) => {
    const at = recent.indexOf(choice.code);
    return at < 0 ? recent.length : at;
  };
  return choices
    .map((choice, i) => ({ choice, i }))
    .sort((a, b) => rank(a.choice) - rank(b.choice) || a.i - b.i)
    .map(({ choice }) => choice);
}
