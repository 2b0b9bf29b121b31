import { defineErrors } from '@deungdae/kernel/errors.ts';
import type { LedgerTx, ModuleMigrations, Transaction } from './ledger.ts';
import { putOff } from './put-off.ts';

const onceError = defineErrors({
  'ledger.entryReused': {
    ko: '같은 입력 번호({entryId})로 다른 내용이 왔습니다.',
    en: 'The entry number {entryId} came again with other content.',
    doKo: '화면을 새로 고친 뒤 다시 입력하세요. 되풀이되면 단말기의 시계와 저장소를 확인하세요.',
    doEn: 'Reload the screen and enter it again; if it comes back, check the clock and storage of the device.',
  },
});

interface OnceTables {
  ledger_once: { entry_id: string; kind: string; result: string | null; at_us: number };
}

export const onceMigrations: ModuleMigrations = {
  module: 'once',
  migrations: [
    {
      id: '0001-entries',
      async up(db) {
        await db.schema
          .createTable('ledger_once')
          .addColumn('entry_id', 'varchar(80)', (c) => c.primaryKey())
          .addColumn('kind', 'varchar(60)', (c) => c.notNull())
          .addColumn('result', 'text')
          .addColumn('at_us', 'bigint', (c) => c.notNull())
          .execute();
        await db.schema.createIndex('ledger_once_at').on('ledger_once').column('at_us').execute();
      },
    },
  ],
};

/**
 * Does `work` once for each `entryId` (a UUID of the client) and gives the first result again when the entry comes a
 * second time, also from two clients at once: the row is claimed first, in the caller's transaction, so it goes when the
 * work fails. The result must be JSON; keep it small. `kind` guards against an id used for two different things
 * (`ledger.entryReused`, 409). Without an id the work is just done.
 */
export async function once<T>(
  tx: LedgerTx,
  entryId: string | null | undefined,
  work: () => Promise<T>,
  about: { kind?: string; timeUs?: number } = {},
): Promise<T> {
  if (!entryId) return work();
  const kind = about.kind ?? '';
  const db = tx.db as unknown as OnceDb;
  const claimed = await db
    .insertInto('ledger_once')
    .values({ entry_id: entryId, kind, result: null, at_us: about.timeUs ?? 0 })
    .onConflict((c) => c.column('entry_id').doNothing())
    .executeTakeFirst();
  // The other transaction has ended by now: on PostgreSQL the insert waited for it.
  if (Number(claimed.numInsertedOrUpdatedRows ?? 0) === 0) {
    const known = await resultOf<T>(tx, entryId, kind);
    if (known) return known.result;
  }
  const result = await work();
  await putOff(
    db,
    db
      .updateTable('ledger_once')
      .set({ result: JSON.stringify(result ?? null) })
      .where('entry_id', '=', entryId),
  );
  return result;
}

/** Whether an entry was done, and what came of it; null when it is new. */
export async function resultOf<T>(tx: Pick<LedgerTx, 'db'>, entryId: string, kind = ''): Promise<{ result: T } | null> {
  const row = await (tx.db as unknown as OnceDb)
    .selectFrom('ledger_once')
    .selectAll()
    .where('entry_id', '=', entryId)
    .executeTakeFirst();
  if (!row) return null;
  if (row.kind !== kind) throw onceError('ledger.entryReused', { entryId }, { status: 409 });
  return { result: JSON.parse(row.result ?? 'null') as T };
}

/** Forgets entries older than `beforeUs`; at most `limit` a call. A device keeps entries for days, not months. */
export async function forgetEntries(tx: LedgerTx, beforeUs: number, limit = 5000): Promise<number> {
  const db = tx.db as unknown as OnceDb;
  const old = await db
    .selectFrom('ledger_once')
    .select('entry_id')
    .where('at_us', '<', beforeUs)
    .orderBy('at_us')
    .limit(limit)
    .execute();
  for (let i = 0; i < old.length; i += 500)
    await db
      .deleteFrom('ledger_once')
      .where(
        'entry_id',
        'in',
        old.slice(i, i + 500).map((r) => r.entry_id),
      )
      .execute();
  return old.length;
}

type OnceDb = Transaction<OnceTables>;
