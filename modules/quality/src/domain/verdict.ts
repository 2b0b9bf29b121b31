import type { Inspection, InspectionResult } from '@deungdae/contracts/inspection.ts';
import type { MasterData } from '@deungdae/contracts/master.ts';
import { type SamplingPlan, type Severity, samplingPlan } from '@deungdae/statistics/sampling-plan.ts';

export type PlanCharacteristic = Inspection['characteristics'][number];
type Plan = MasterData<'inspectionPlan'>;

/** Values of one characteristic that an inspection asks for at most; the rest is judged by count. */
const maxRequired = 500;

/** How many pieces are inspected, and how many may fail. Fixed samples and whole lots accept none. Pure. */
export function sampleFor(
  plan: Plan,
  lotSize: number | null,
  severity: Severity,
): { sampleSize: number; acceptance: number; aql: SamplingPlan | null } {
  const { sampling } = plan;
  if (sampling.type === 'aql') {
    const aql = samplingPlan({
      lotSize: Math.max(1, lotSize ?? 1),
      level: sampling.level,
      aql: sampling.aql,
      severity,
    });
    return { sampleSize: aql.sampleSize, acceptance: aql.acceptance, aql };
  }
  if (sampling.type === 'all') return { sampleSize: Math.max(1, Math.ceil(lotSize ?? 1)), acceptance: 0, aql: null };
  const samples = plan.characteristics.map((c) => c.samples);
  return { sampleSize: Math.max(sampling.size, ...samples), acceptance: 0, aql: null };
}

/** Characteristics with the number of pieces each needs. A measured one may be content with its own `samples`. Pure. */
export function requirements(plan: Plan, sampleSize: number): PlanCharacteristic[] {
  return plan.characteristics.map((c) => {
    const own = plan.sampling.type === 'fixed' || c.samples > 1 ? Math.max(c.samples, fixedSize(plan)) : sampleSize;
    return { ...c, required: Math.min(own, c.kind === 'variable' ? maxRequired : Number.MAX_SAFE_INTEGER) };
  });
}

function fixedSize(plan: Plan): number {
  return plan.sampling.type === 'fixed' ? plan.sampling.size : 1;
}

/** A value on a limit is within it. A characteristic without limits cannot fail. Pure. */
export function withinLimits(c: Pick<PlanCharacteristic, 'lower' | 'upper'>, value: number): boolean {
  return (c.lower === undefined || value >= c.lower) && (c.upper === undefined || value <= c.upper);
}

/** What is still missing before a verdict, by characteristic. Pure. */
export function missing(
  characteristics: readonly PlanCharacteristic[],
  results: readonly InspectionResult[],
): { id: string; name: string; missing: number }[] {
  return characteristics.flatMap((c) => {
    const have = results.filter((r) => r.characteristic === c.id).reduce((sum, r) => sum + (r.count ?? 1), 0);
    return have < c.required ? [{ id: c.id, name: c.name, missing: c.required - have }] : [];
  });
}

/**
 * Nonconforming pieces: a piece that fails in several characteristics counts once, pieces judged by count once for
 * each characteristic.
 */
export function nonconforming(results: readonly InspectionResult[]): number {
  const pieces = new Set<number>();
  let counted = 0;
  for (const r of results) {
    if (r.pass) continue;
    if ((r.count ?? 1) > 1) counted += r.count!;
    else pieces.add(r.sample);
  }
  return pieces.size + counted;
}

/** Coded, never a text: accepted when no more pieces fail than the plan allows. Pure. */
export function verdictOf(acceptance: number | null, results: readonly InspectionResult[]): 'accepted' | 'rejected' {
  return nonconforming(results) <= (acceptance ?? 0) ? 'accepted' : 'rejected';
}
