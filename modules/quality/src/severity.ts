import type { Actor } from '@deungdae/contracts/event.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Kysely, LedgerTx } from '@deungdae/ledger/ledger.ts';
import { samplingPlan } from '@deungdae/statistics/sampling-plan.ts';
import { afterLot, type SwitchingState, startOfSeries } from '@deungdae/statistics/switching.ts';
import { nonconforming } from './domain/verdict.ts';
import { dbOf, type QualityParts } from './parts.ts';
import type { QualityTables } from './schema.ts';
import type { StoredInspection } from './store.ts';

export function severitySeries(plan: string, supplier: string | null): string {
  return `${plan}|${supplier ?? ''}`;
}

/** Where a plan stands for a supplier; normal inspection at the start (ISO 2859-1, 9.1). */
export async function severityOf(
  db: Kysely<QualityTables>,
  plan: string,
  supplier: string | null,
): Promise<SwitchingState> {
  const row = await db
    .selectFrom('qa_severity')
    .select('state')
    .where('series', '=', severitySeries(plan, supplier))
    .executeTakeFirst();
  return row ? (JSON.parse(row.state) as SwitchingState) : startOfSeries;
}

/** Moves the series by an inspection that is done. Only original inspections count, not repeats of a lot. */
export async function countLot(
  parts: QualityParts,
  tx: LedgerTx,
  inspection: StoredInspection,
  time: number,
  actor: Actor,
): Promise<void> {
  if (inspection.severity === null || !inspection.askKey.endsWith('|0')) return;
  const db = dbOf(parts, tx);
  const plan = await parts.masterdata.find('inspectionPlan', inspection.plan, inspection.askedAt, tx);
  const sampling = plan?.data.sampling;
  if (sampling?.type !== 'aql') return;
  const series = severitySeries(inspection.plan, inspection.supplier);
  const before = await severityOf(db, inspection.plan, inspection.supplier);
  const tighter = samplingPlan({
    lotSize: inspection.lotSize ?? 1,
    level: sampling.level,
    aql: sampling.aql,
    severity: inspection.severity,
    stricter: 1,
  });
  const bad = nonconforming(inspection.results);
  const { state, switched } = afterLot(before, {
    accepted: inspection.verdict === 'accepted',
    acceptance: inspection.acceptance ?? 0,
    acceptedTighter: bad <= tighter.acceptance,
  });
  await saveSeverity(db, inspection.plan, inspection.supplier, state, time);
  await db
    .insertInto('qa_severity_history')
    .values({
      id: uuidv7(Math.floor(time / 1000)),
      series,
      inspection: inspection.id,
      time,
      accepted: inspection.verdict === 'accepted' ? 1 : 0,
      before: before.severity,
      after: state.discontinued ? 'discontinued' : state.severity,
      score: state.score,
      switched,
      by_whom: actor.id,
    })
    .execute();
  if (!switched) return;
  await tx.emit({
    type: 'severity.switched',
    subject: `inspectionPlan/${inspection.plan}`,
    actor: { kind: 'rule', id: 'iso-2859-1' },
    time,
    data: {
      ...{ supplier: inspection.supplier, before: before.severity, after: state.severity, reason: switched },
      ...{ discontinued: state.discontinued, inspection: inspection.number },
    },
  });
}

export async function saveSeverity(
  db: Kysely<QualityTables>,
  plan: string,
  supplier: string | null,
  state: SwitchingState,
  time: number,
): Promise<void> {
  const values = { state: JSON.stringify(state), updated_at: time };
  await db
    .insertInto('qa_severity')
    .values({ series: severitySeries(plan, supplier), plan, supplier: supplier ?? '', ...values })
    .onConflict((c) => c.column('series').doUpdateSet(values))
    .execute();
}
