import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';
import type { Kysely, Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import { type Reference, referencesOf } from './domain/references.ts';
import { nameOf, searchText, searchWords } from './domain/search-text.ts';
import type { MasterTables } from './schema.ts';

/** Reading and transactional handles serve alike. */
export type Db = Kysely<MasterTables> | Transaction<MasterTables>;
type Row = MasterTables['md_records'];
type RefRow = MasterTables['md_refs'];

/** Values of one `in (…)`, and rows of one insert: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
export const chunkSize = 500;
const pageRows = 20_000;

export function dbOf(ledger: Ledger, tx?: LedgerTx | null): Db {
  return tx ? (tx.db as Transaction<MasterTables>) : ledger.read<MasterTables>();
}

export function chunks<T>(all: readonly T[], size = chunkSize): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

function recordOf<K extends MasterKind>(row: Row): MasterRecord<K> {
  return {
    kind: row.kind as K,
    code: row.code,
    revision: row.revision,
    validFrom: row.valid_from === null ? null : Number(row.valid_from),
    validTo: row.valid_to === null ? null : Number(row.valid_to),
    active: row.active === 1,
    data: JSON.parse(row.data),
    version: row.version,
    updatedAt: Number(row.updated_us),
  };
}

/** All revisions of the codes, by code. */
export async function revisionsOf(
  db: Db,
  kind: MasterKind,
  codes: readonly string[],
): Promise<Map<string, MasterRecord[]>> {
  const found = new Map<string, MasterRecord[]>();
  for (const some of chunks([...new Set(codes)])) {
    const rows = await db
      .selectFrom('md_records')
      .selectAll()
      .where('kind', '=', kind)
      .where('code', 'in', some)
      .execute();
    for (const row of rows) found.set(row.code, [...(found.get(row.code) ?? []), recordOf(row)]);
  }
  return found;
}

export interface ListQuery {
  kind: MasterKind;
  /** µs UTC: only what is in force then; left out gives the newest revision of every code, in force or not. */
  at?: number | undefined;
  search?: string | undefined;
  /** The last code of the page before. */
  after?: string | undefined;
  codes?: readonly string[];
  limit: number;
}

/** Records by code. Several revisions of one code may come when `at` is left out. */
export async function listRecords(db: Db, query: ListQuery): Promise<MasterRecord[]> {
  const { at, after } = query;
  let q = db.selectFrom('md_records').selectAll().where('kind', '=', query.kind);
  if (at !== undefined)
    q = q
      .where('active', '=', 1)
      .where((e) => e.or([e('valid_from', 'is', null), e('valid_from', '<=', at)]))
      .where((e) => e.or([e('valid_to', 'is', null), e('valid_to', '>', at)]));
  if (after !== undefined) q = q.where('code', '>', after);
  // `%` and `_` of the person act as themselves closely enough: `_` also matches itself.
  for (const word of searchWords(query.search ?? ''))
    q = q.where('search', 'like', `%${word.replaceAll('%', '').replaceAll('\\', '')}%`);
  const rows = await q.orderBy('code').orderBy('revision').limit(query.limit).execute();
  return rows.map((row) => recordOf(row));
}

/** Codes of a kind, for naming the nearest; at most `limit`. */
export async function codesOf(db: Db, kind: MasterKind, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('md_records')
    .select('code')
    .distinct()
    .where('kind', '=', kind)
    .orderBy('code')
    .limit(limit)
    .execute();
  return rows.map((row) => row.code);
}

/** Which of the codes exist, in any revision. */
export async function existing(db: Db, kind: MasterKind, codes: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const some of chunks([...new Set(codes)])) {
    const rows = await db
      .selectFrom('md_records')
      .select('code')
      .distinct()
      .where('kind', '=', kind)
      .where('code', 'in', some)
      .execute();
    for (const row of rows) found.add(row.code);
  }
  return found;
}

export async function countByKind(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('md_records')
    .select((e) => ['kind', e.fn.count('code').distinct().as('n')])
    .groupBy('kind')
    .execute();
  return new Map(rows.map((row) => [row.kind, Number(row.n)]));
}

/** Codes of `kind` that refer to one of `refCodes` in a role, with the code referred to. */
export async function referring(
  db: Db,
  by: { kind?: MasterKind; role?: string; refKind: MasterKind; refCodes: readonly string[]; limit?: number },
): Promise<RefRow[]> {
  const found: RefRow[] = [];
  const limit = by.limit ?? pageRows;
  for (const some of chunks([...new Set(by.refCodes)])) {
    let q = db.selectFrom('md_refs').selectAll().where('ref_kind', '=', by.refKind).where('ref_code', 'in', some);
    if (by.kind !== undefined) q = q.where('kind', '=', by.kind);
    if (by.role !== undefined) q = q.where('role', '=', by.role);
    found.push(...(await q.orderBy('kind').orderBy('code').limit(limit).execute()));
    if (found.length >= limit) return found.slice(0, limit);
  }
  return found;
}

/** Writes revisions and what they refer to; earlier rows of the same (kind, code, revision) are replaced. */
export async function writeRecords(db: Transaction<MasterTables>, records: readonly MasterRecord[]): Promise<void> {
  for (const some of chunks(records)) {
    await db
      .insertInto('md_records')
      .values(some.map(rowOf))
      .onConflict((c) =>
        c.columns(['kind', 'code', 'revision']).doUpdateSet((e) => ({
          valid_from: e.ref('excluded.valid_from'),
          valid_to: e.ref('excluded.valid_to'),
          active: e.ref('excluded.active'),
          name: e.ref('excluded.name'),
          search: e.ref('excluded.search'),
          data: e.ref('excluded.data'),
          version: e.ref('excluded.version'),
          updated_us: e.ref('excluded.updated_us'),
        })),
      )
      .execute();
    await replaceRefs(db, some);
  }
}

async function replaceRefs(db: Transaction<MasterTables>, records: readonly MasterRecord[]): Promise<void> {
  const changed = records.filter((r) => r.version > 1);
  for (const kind of new Set(changed.map((r) => r.kind))) {
    const ofKind = changed.filter((r) => r.kind === kind);
    for (const revision of new Set(ofKind.map((r) => r.revision)))
      await db
        .deleteFrom('md_refs')
        .where('kind', '=', kind)
        .where('revision', '=', revision)
        .where(
          'code',
          'in',
          ofKind.filter((r) => r.revision === revision).map((r) => r.code),
        )
        .execute();
  }
  const refs = records.flatMap((record) =>
    referencesOf(record.kind, record.data).map((reference) => refRowOf(record, reference)),
  );
  for (const some of chunks(refs, 2 * chunkSize)) await db.insertInto('md_refs').values(some).execute();
}

function refRowOf(record: MasterRecord, reference: Reference): RefRow {
  const { kind, code, revision } = record;
  return { kind, code, revision, role: reference.role, ref_kind: reference.kind, ref_code: reference.code };
}

function rowOf(record: MasterRecord): Row {
  const data = record.data as Record<string, unknown>;
  return {
    kind: record.kind,
    code: record.code,
    revision: record.revision,
    valid_from: record.validFrom,
    valid_to: record.validTo,
    active: record.active ? 1 : 0,
    name: nameOf(record.code, data).slice(0, 300),
    search: searchText(record.code, data),
    data: JSON.stringify(record.data),
    version: record.version,
    updated_us: record.updatedAt,
  };
}
