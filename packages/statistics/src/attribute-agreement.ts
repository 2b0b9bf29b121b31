/**
 * Attribute agreement: appraisers judge parts, several trials each. 0 is conforming, 1 nonconforming. Kappa is null
 * where it is undefined (chance agreement 1): neither 1 nor 0.
 */
export interface AttributeStudy {
  /** By part; null entries where no reference is known. */
  reference: readonly number[] | null;
  /** `decisions[appraiser][trial][part]` */
  decisions: readonly (readonly (readonly number[])[])[];
}

export interface Share {
  agreed: number;
  of: number;
}

export interface AppraiserResult {
  within: Share;
  /** All own trials equal and right: effectiveness. */
  againstReference: Share | null;
  /** Nonconforming parts passed, and conforming parts failed, over decisions. */
  miss: Share | null;
  falseAlarm: Share | null;
  withinCohen: number | null;
  withinFleiss: number | null;
  /** Cohen's kappa of all own decisions against the reference. */
  referenceCohen: number | null;
}

export interface AttributeResult {
  appraisers: AppraiserResult[];
  /** All decisions of all appraisers agree; and are right. */
  between: Share;
  betweenRight: Share | null;
  /** Fleiss over all ratings of all appraisers. */
  betweenFleiss: number | null;
  /** Cohen of each pair of appraisers, trial by trial. */
  pairs: { a: number; b: number; cohen: number | null }[];
}

/** (Po − Pe) ÷ (1 − Pe), Pe from the product of the margins. Null when Pe is 1. */
export function cohenKappa(a: readonly number[], b: readonly number[]): number | null {
  const n = a.length;
  const classes = [...new Set([...a, ...b])];
  const po = a.filter((x, i) => x === b[i]).length / n;
  const share = (values: readonly number[], c: number) => values.filter((v) => v === c).length / n;
  const pe = classes.reduce((total, c) => total + share(a, c) * share(b, c), 0);
  return 1 - pe < 1e-12 ? null : (po - pe) / (1 - pe);
}

/** Fleiss' kappa of `ratings[rating][part]` (m ratings of each part). Null when Pe is 1. */
export function fleissKappa(ratings: readonly (readonly number[])[]): number | null {
  const m = ratings.length;
  const n = ratings[0]?.length ?? 0;
  if (m < 2 || n === 0) return null;
  const classes = [...new Set(ratings.flat())];
  let agreement = 0;
  const totals = classes.map(() => 0);
  for (let part = 0; part < n; part++)
    classes.forEach((c, k) => {
      const count = ratings.filter((r) => r[part] === c).length;
      agreement += (count * (count - 1)) / (m * (m - 1));
      totals[k]! += count;
    });
  const pe = totals.reduce((total, count) => total + (count / (m * n)) ** 2, 0);
  return 1 - pe < 1e-12 ? null : (agreement / n - pe) / (1 - pe);
}

export function attributeAgreement({ reference, decisions }: AttributeStudy): AttributeResult {
  const parts = decisions[0]?.[0]?.length ?? 0;
  const everything = decisions.flatMap((trials) => [...trials]);
  const equal = (ratings: readonly (readonly number[])[], part: number) =>
    ratings.every((r) => r[part] === ratings[0]![part]);
  const agreeing = (ratings: readonly (readonly number[])[], right: boolean): Share => {
    let agreed = 0;
    for (let part = 0; part < parts; part++)
      if (equal(ratings, part) && (!right || ratings[0]![part] === reference![part])) agreed++;
    return { agreed, of: parts };
  };
  const pairs: AttributeResult['pairs'] = [];
  for (let a = 0; a < decisions.length; a++)
    for (let b = a + 1; b < decisions.length; b++)
      pairs.push({ a, b, cohen: cohenKappa(decisions[a]!.flat(), decisions[b]!.flat()) });
  return {
    appraisers: decisions.map((trials) => appraiser(trials, reference, agreeing)),
    between: agreeing(everything, false),
    betweenRight: reference ? agreeing(everything, true) : null,
    betweenFleiss: fleissKappa(everything),
    pairs,
  };
}

function appraiser(
  trials: readonly (readonly number[])[],
  reference: readonly number[] | null,
  agreeing: (ratings: readonly (readonly number[])[], right: boolean) => Share,
): AppraiserResult {
  const wrong = (truth: number): Share | null => {
    if (!reference) return null;
    const places = reference.flatMap((r, part) => (r === truth ? [part] : []));
    const failed = trials.flatMap((t) => places.filter((part) => t[part] !== truth)).length;
    return { agreed: failed, of: places.length * trials.length };
  };
  return {
    within: agreeing(trials, false),
    againstReference: reference ? agreeing(trials, true) : null,
    miss: wrong(1),
    falseAlarm: wrong(0),
    withinCohen: trials.length === 2 ? cohenKappa(trials[0]!, trials[1]!) : null,
    withinFleiss: fleissKappa(trials),
    referenceCohen: reference
      ? cohenKappa(
          trials.flat(),
          trials.flatMap(() => [...reference]),
        )
      : null,
  };
}
