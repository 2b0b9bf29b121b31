import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { ledgerError } from './errors.ts';
import type { Migration, ModuleMigrations } from './ledger.ts';
import { recordingKysely } from './store-kysely.ts';

interface Applied {
  module: string;
  id: string;
  checksum: string;
  applied_at: number;
}
interface Tables {
  migrations: Applied;
}

/**
 * Over the SQL that the migration gives on an empty database: formatting and comments do not count, a changed table
 * does. Values bound to statements are not part of it.
 */
export async function migrationChecksum(migration: Migration): Promise<string> {
  const hash = createHash('sha256');
  await migration.up(recordingKysely((sql) => hash.update(`${sql};`)));
  return hash.digest('hex');
}

/** What is still to do; throws when what was done before does not agree with the program. Pure. */
export function pending(
  module: string,
  wanted: readonly { id: string; checksum: string }[],
  applied: readonly Pick<Applied, 'id' | 'checksum'>[],
): string[] {
  const known = new Map(wanted.map((m) => [m.id, m.checksum]));
  for (const done of applied) {
    const checksum = known.get(done.id);
    if (checksum === undefined) throw ledgerError('ledger.fromNewer', { module, id: done.id });
    if (checksum !== done.checksum) throw ledgerError('ledger.migrationEdited', { module, id: done.id });
  }
  const doneIds = new Set(applied.map((a) => a.id));
  const firstNew = wanted.findIndex((m) => !doneIds.has(m.id));
  if (firstNew < 0) return [];
  const behind = wanted.slice(firstNew).find((m) => doneIds.has(m.id));
  if (behind) throw ledgerError('ledger.migrationOrder', { module, id: wanted[firstNew]!.id, applied: behind.id });
  return wanted.slice(firstNew).map((m) => m.id);
}

/** Brings every module's tables up to date: each migration and its record in one transaction. */
export async function migrate(
  // biome-ignore lint/suspicious/noExplicitAny: a migration works on whatever tables there are
  transaction: (work: (db: Transaction<any>) => Promise<void>) => Promise<void>,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  reading: Kysely<any>,
  modules: readonly ModuleMigrations[],
  nowUs: () => number,
): Promise<string[]> {
  await transaction(async (db) => {
    await db.schema
      .createTable('migrations')
      .ifNotExists()
      .addColumn('module', 'varchar(64)', (c) => c.notNull())
      .addColumn('id', 'varchar(128)', (c) => c.notNull())
      .addColumn('checksum', 'varchar(64)', (c) => c.notNull())
      .addColumn('applied_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('migrations_key', ['module', 'id'])
      .execute();
  });
  const done: string[] = [];
  for (const { module, migrations } of modules) {
    const wanted = await Promise.all(migrations.map(async (m) => ({ id: m.id, checksum: await migrationChecksum(m) })));
    const applied = await (reading as Kysely<Tables>)
      .selectFrom('migrations')
      .select(['id', 'checksum'])
      .where('module', '=', module)
      .execute();
    for (const id of pending(module, wanted, applied)) {
      await transaction(async (db) => {
        await migrations.find((m) => m.id === id)!.up(db);
        const checksum = wanted.find((m) => m.id === id)!.checksum;
        await (db as Transaction<Tables>)
          .insertInto('migrations')
          .values({ module, id, checksum, applied_at: nowUs() })
          .execute();
      });
      done.push(`${module}/${id}`);
    }
  }
  return done;
}
