import type { Inspection, InspectionResult } from '@deungdae/contracts/inspection.ts';
import type { Kysely } from '@deungdae/ledger/ledger.ts';
import type { QualityTables } from './schema.ts';

type Db = Kysely<QualityTables>;
const chunk = 500;

/** Fields of an inspection that have a column of their own; the rest stands as JSON. */
type Rest = Omit<StoredInspection, 'results'>;

/** An inspection with what only this module needs. */
export interface StoredInspection extends Inspection {
  /** Hold that keeps the lot until it is accepted. */
  hold: string | null;
  askKey: string;
}

function toRow(inspection: StoredInspection): QualityTables['qa_inspections'] {
  const { results: _results, ...rest } = inspection;
  return {
    id: inspection.id,
    number: inspection.number,
    ask_key: inspection.askKey,
    stage: inspection.stage,
    plan: inspection.plan,
    item: inspection.item,
    operation: inspection.operation,
    lot: inspection.lot,
    run: inspection.run,
    work_order: inspection.workOrder,
    machine: inspection.machine,
    supplier: inspection.supplier,
    status: inspection.status,
    verdict: inspection.verdict,
    asked_at: inspection.askedAt,
    due_at: inspection.dueAt,
    done_at: inspection.doneAt,
    data: JSON.stringify(rest),
  };
}

export async function insertInspection(db: Db, inspection: StoredInspection): Promise<void> {
  await db.insertInto('qa_inspections').values(toRow(inspection)).execute();
}

export async function updateInspection(db: Db, inspection: StoredInspection): Promise<void> {
  const { id, ...row } = toRow(inspection);
  await db.updateTable('qa_inspections').set(row).where('id', '=', id).execute();
}

async function withResults(db: Db, rows: { id: string; data: string }[]): Promise<StoredInspection[]> {
  const results = await resultsOf(
    db,
    rows.map((r) => r.id),
  );
  return rows.map((row) => ({ ...(JSON.parse(row.data) as Rest), results: results.get(row.id) ?? [] }));
}

export async function findInspection(db: Db, id: string): Promise<StoredInspection | null> {
  const rows = await db
    .selectFrom('qa_inspections')
    .select(['id', 'data'])
    .where((eb) => eb.or([eb('id', '=', id), eb('number', '=', id)]))
    .execute();
  return (await withResults(db, rows))[0] ?? null;
}

/** Those of the given ids that are there, in no order. */
export async function findInspections(db: Db, ids: readonly string[]): Promise<StoredInspection[]> {
  const found: StoredInspection[] = [];
  for (let i = 0; i < ids.length; i += chunk) {
    const some = ids.slice(i, i + chunk);
    const rows = await db.selectFrom('qa_inspections').select(['id', 'data']).where('id', 'in', some).execute();
    found.push(...(await withResults(db, rows)));
  }
  return found;
}

export interface InspectionFilter {
  run?: string | undefined;
  lot?: string | undefined;
  plan?: string | undefined;
  item?: string | undefined;
  machine?: string | undefined;
  workOrder?: string | undefined;
  stage?: readonly string[] | undefined;
  status?: readonly string[] | undefined;
  verdict?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
}

const columnOf = {
  run: 'run',
  lot: 'lot',
  plan: 'plan',
  item: 'item',
  machine: 'machine',
  workOrder: 'work_order',
  verdict: 'verdict',
} as const;

/** The newest first. */
export async function listInspections(db: Db, filter: InspectionFilter): Promise<StoredInspection[]> {
  let select = db.selectFrom('qa_inspections').select(['id', 'data']);
  for (const [key, column] of Object.entries(columnOf) as [keyof typeof columnOf, (typeof columnOf)['run']][])
    if (filter[key] !== undefined) select = select.where(column, '=', filter[key]);
  if (filter.stage) select = select.where('stage', 'in', filter.stage);
  if (filter.status) select = select.where('status', 'in', filter.status);
  if (filter.from !== undefined) select = select.where('asked_at', '>=', filter.from);
  if (filter.to !== undefined) select = select.where('asked_at', '<', filter.to);
  const rows = await select.orderBy('asked_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  return withResults(db, rows);
}

async function resultsOf(db: Db, ids: readonly string[]): Promise<Map<string, InspectionResult[]>> {
  const found = new Map<string, InspectionResult[]>();
  for (let i = 0; i < ids.length; i += chunk) {
    const rows = await db
      .selectFrom('qa_results')
      .selectAll()
      .where('inspection', 'in', ids.slice(i, i + chunk))
      .orderBy('characteristic')
      .orderBy('sample')
      .execute();
    for (const row of rows) {
      const result: InspectionResult = {
        characteristic: row.characteristic,
        sample: row.sample,
        value: row.value,
        pass: row.pass === 1,
        gauge: row.gauge,
        source: row.source as InspectionResult['source'],
        count: row.count,
        time: row.time,
      };
      const list = found.get(row.inspection);
      if (list) list.push(result);
      else found.set(row.inspection, [result]);
    }
  }
  return found;
}

export function seriesOf(plan: string, characteristic: string): string {
  return `${plan}/${characteristic}`;
}

/** Writes results; one that is there already is replaced. */
export async function upsertResults(
  db: Db,
  inspection: Inspection,
  results: readonly InspectionResult[],
  time: number,
): Promise<void> {
  const rows = results.map((r) => ({
    inspection: inspection.id,
    characteristic: r.characteristic,
    sample: r.sample,
    series: seriesOf(inspection.plan, r.characteristic),
    machine: inspection.machine,
    value: r.value,
    pass: r.pass ? 1 : 0,
    count: r.count ?? 1,
    gauge: r.gauge,
    source: r.source,
    time: r.time ?? time,
  }));
  for (let i = 0; i < rows.length; i += chunk)
    await db
      .insertInto('qa_results')
      .values(rows.slice(i, i + chunk))
      .onConflict((c) =>
        c.columns(['inspection', 'characteristic', 'sample']).doUpdateSet((eb) => ({
          value: eb.ref('excluded.value'),
          pass: eb.ref('excluded.pass'),
          count: eb.ref('excluded.count'),
          gauge: eb.ref('excluded.gauge'),
          source: eb.ref('excluded.source'),
          time: eb.ref('excluded.time'),
        })),
      )
      .execute();
}

export async function deleteResults(
  db: Db,
  inspection: string,
  results: readonly Pick<InspectionResult, 'characteristic' | 'sample'>[],
): Promise<void> {
  for (const { characteristic, sample } of results)
    await db
      .deleteFrom('qa_results')
      .where('inspection', '=', inspection)
      .where('characteristic', '=', characteristic)
      .where('sample', '=', sample)
      .execute();
}

/** The next number of a series such as `QI-260131`: `QI-260131-0001`. */
export async function nextNumber(db: Db, prefix: string): Promise<string> {
  const row = await db
    .insertInto('qa_numbers')
    .values({ prefix, last: 1 })
    .onConflict((c) => c.column('prefix').doUpdateSet((eb) => ({ last: eb('qa_numbers.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow();
  return `${prefix}-${String(row.last).padStart(4, '0')}`;
}

/** The last values of one characteristic, oldest first. */
export async function recentValues(db: Db, series: string, limit: number) {
  const rows = await db
    .selectFrom('qa_results')
    .select(['time', 'value', 'pass', 'inspection'])
    .where('series', '=', series)
    .where('value', 'is not', null)
    .orderBy('time', 'desc')
    .orderBy('inspection', 'desc')
    .orderBy('sample', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map((r) => ({ ...r, value: r.value!, pass: r.pass === 1 }));
}
