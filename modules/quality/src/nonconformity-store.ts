import type { Nonconformity } from '@deungdae/contracts/quality.ts';
import type { Kysely } from '@deungdae/ledger/ledger.ts';
import type { QualityTables } from './schema.ts';

type Db = Kysely<QualityTables>;

/** What stands as JSON; records of before have no machine. */
export type NonconformityData = Partial<Pick<Nonconformity, 'machine'>> &
  Pick<
    Nonconformity,
    'text' | 'quantity' | 'inspection' | 'openedBy' | 'partnerReference' | 'gauge' | 'pictures' | 'decisions' | 'eightD'
  >;
type Row = QualityTables['qa_nonconformities'];
const chunk = 500;

/** Adds what each row's lots are and what was decided on them. */
async function toEntities(db: Db, rows: readonly Row[]): Promise<Nonconformity[]> {
  const lots = new Map<string, QualityTables['qa_nonconformity_lots'][]>();
  for (let i = 0; i < rows.length; i += chunk) {
    const part = rows.slice(i, i + chunk).map((r) => r.id);
    const found = await db
      .selectFrom('qa_nonconformity_lots')
      .selectAll()
      .where('nonconformity', 'in', part)
      .orderBy('lot_number')
      .execute();
    for (const row of found) lots.set(row.nonconformity, [...(lots.get(row.nonconformity) ?? []), row]);
  }
  return rows.map((row) => {
    const data = JSON.parse(row.data) as NonconformityData;
    const decisionOf = (lot: string) => data.decisions.findLast((d) => d.lots.includes(lot))?.kind ?? null;
    return {
      ...data,
      machine: data.machine ?? null,
      ...{ id: row.id, number: row.number, item: row.item, defect: row.defect, partner: row.partner, run: row.run },
      source: row.source as Nonconformity['source'],
      status: row.status as Nonconformity['status'],
      ...{ openedAt: row.opened_at, dueAt: row.due_at, closedAt: row.closed_at },
      lots: (lots.get(row.id) ?? []).map((l) => ({
        ...{ lot: l.lot, number: l.lot_number, held: l.released_at === null, decision: decisionOf(l.lot) },
      })),
    };
  });
}

export async function findNonconformity(db: Db, id: string): Promise<Nonconformity | null> {
  const rows = await db
    .selectFrom('qa_nonconformities')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', id), eb('number', '=', id)]))
    .execute();
  return (await toEntities(db, rows))[0] ?? null;
}

export async function saveNonconformity(db: Db, n: Nonconformity): Promise<void> {
  const data: NonconformityData = {
    ...{ text: n.text, quantity: n.quantity, inspection: n.inspection, openedBy: n.openedBy, gauge: n.gauge },
    machine: n.machine,
    ...{ partnerReference: n.partnerReference, pictures: n.pictures, decisions: n.decisions, eightD: n.eightD },
  };
  await db
    .updateTable('qa_nonconformities')
    .set({
      ...{ status: n.status, defect: n.defect, partner: n.partner, due_at: n.dueAt, closed_at: n.closedAt },
      data: JSON.stringify(data),
    })
    .where('id', '=', n.id)
    .execute();
}

export interface NonconformityFilter {
  status?: string | undefined;
  source?: string | undefined;
  item?: string | undefined;
  partner?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
}

/** The newest first. */
export async function listNonconformities(db: Db, filter: NonconformityFilter): Promise<Nonconformity[]> {
  let select = db.selectFrom('qa_nonconformities').selectAll();
  if (filter.status === 'running') select = select.where('status', '!=', 'closed');
  else if (filter.status !== undefined) select = select.where('status', '=', filter.status);
  for (const key of ['source', 'item', 'partner'] as const)
    if (filter[key] !== undefined) select = select.where(key, '=', filter[key]);
  if (filter.from !== undefined) select = select.where('opened_at', '>=', filter.from);
  if (filter.to !== undefined) select = select.where('opened_at', '<', filter.to);
  const rows = await select.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return toEntities(db, rows);
}
