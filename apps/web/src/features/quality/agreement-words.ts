/** What an attribute agreement study means for the person who ran it. */
export type AgreementFinding =
  | { kind: 'good' }
  /** Own trials differ; the reference is seen otherwise; appraisers differ from one another. `who`: their places in the study. */
  | { kind: 'unsure' | 'offReference'; who: number[] }
  | { kind: 'disagree' };

export interface AgreementFigures {
  appraisers: readonly { withinFleiss: number | null; referenceCohen: number | null }[];
  betweenFleiss: number | null;
}

/** AIAG: a kappa of at least .75 is good agreement. */
const good = 0.75;
// An undefined kappa (all decisions alike) says nothing against anybody.
const weak = (kappa: number | null) => kappa !== null && kappa < good;

export function findingsOf({ appraisers, betweenFleiss }: AgreementFigures): AgreementFinding[] {
  const those = (test: (a: (typeof appraisers)[number]) => boolean) =>
    appraisers.flatMap((a, i) => (test(a) ? [i] : []));
  const unsure = those((a) => weak(a.withinFleiss));
  // Who wavers cannot be said to see the reference otherwise.
  const off = those((a) => weak(a.referenceCohen) && !weak(a.withinFleiss));
  const findings: AgreementFinding[] = [];
  if (unsure.length > 0) findings.push({ kind: 'unsure', who: unsure });
  if (off.length > 0) findings.push({ kind: 'offReference', who: off });
  if (weak(betweenFleiss) && findings.length === 0) findings.push({ kind: 'disagree' });
  return findings.length > 0 ? findings : [{ kind: 'good' }];
}
