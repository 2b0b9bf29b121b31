import type { Actor } from '@deungdae/contracts/event.ts';
import type { SeveritySeries } from '@deungdae/contracts/quality.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { operatingCharacteristic } from '@deungdae/statistics/operating-characteristic.ts';
import { type InspectionLevel, type Severity, samplingPlan } from '@deungdae/statistics/sampling-plan.ts';
import { resumed, type SwitchingState } from '@deungdae/statistics/switching.ts';
import { qualityError } from './errors.ts';
import { dbOf, type QualityParts } from './parts.ts';
import { saveSeverity, severityOf, severitySeries } from './severity.ts';

/** Lots of the history shown for each series. */
const historyShown = 60;

export async function severityList(
  parts: QualityParts,
  query: { plan?: string | undefined; limit: number },
  tx?: LedgerTx,
): Promise<SeveritySeries[]> {
  const db = dbOf(parts, tx);
  let select = db.selectFrom('qa_severity').selectAll();
  if (query.plan !== undefined) select = select.where('plan', '=', query.plan);
  const rows = await select.orderBy('updated_at', 'desc').limit(query.limit).execute();
  const found: SeveritySeries[] = [];
  for (const row of rows) {
    const state = JSON.parse(row.state) as SwitchingState;
    const history = await db
      .selectFrom('qa_severity_history as h')
      .leftJoin('qa_inspections as i', 'i.id', 'h.inspection')
      .select(['h.time', 'i.number', 'h.accepted', 'h.before', 'h.after', 'h.score', 'h.switched'])
      .where('h.series', '=', row.series)
      .orderBy('h.time', 'desc')
      .limit(historyShown)
      .execute();
    found.push({
      ...{ plan: row.plan, supplier: row.supplier, updatedAt: row.updated_at },
      ...{ severity: state.severity, discontinued: state.discontinued, score: state.score, recent: state.recent },
      history: history.reverse().map(({ number, accepted, ...h }) => ({
        ...{ ...h, inspection: number ?? '', accepted: accepted === 1 },
      })),
    });
  }
  return found;
}

/** A person reopens discontinued inspection after the supplier has acted: under tightened severity (9.4). */
export async function resumeSampling(
  parts: QualityParts,
  tx: LedgerTx,
  input: { plan: string; supplier: string; reason: string },
  deed: { time: number; actor: Actor },
): Promise<SeveritySeries> {
  const db = dbOf(parts, tx);
  const { plan, supplier, reason } = input;
  const state = await severityOf(db, plan, supplier);
  if (!state.discontinued)
    throw qualityError('quality.notDiscontinued', { plan, supplier: supplier || '-' }, { status: 409 });
  await saveSeverity(db, plan, supplier, resumed(), deed.time);
  await tx.emit({
    type: 'severity.resumed',
    subject: `inspectionPlan/${plan}`,
    ...deed,
    data: { supplier, reason },
  });
  const series = severitySeries(plan, supplier);
  return (await severityList(parts, { plan, limit: 1000 }, tx)).find(
    (s) => severitySeries(s.plan, s.supplier) === series,
  )!;
}

const severities: readonly Severity[] = ['normal', 'tightened', 'reduced'];
const shares = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2];

/** The three plans for a lot, with their curves. */
export function ocOf(query: { lotSize: number; level: InspectionLevel; aql: number }) {
  return severities.map((severity) => {
    const plan = samplingPlan({ ...query, severity });
    const accepted = operatingCharacteristic(plan.sampleSize, plan.acceptance, shares);
    return { severity, ...plan, curve: shares.map((share, i) => ({ share, accepted: accepted[i]! })) };
  });
}
