import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { sql } from 'kysely';
import { checkLedgerFile } from './backup.ts';
import type { ModuleMigrations } from './ledger.ts';
import { type LedgerLimits, openLedger } from './open.ts';

interface Tables {
  part: { id: string; amount: number };
  hole: { part: string };
}
const shop: ModuleMigrations = {
  module: 'shop',
  migrations: [
    {
      id: '0001-part',
      async up(db) {
        await db.schema
          .createTable('part')
          .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
          .addColumn('amount', 'integer', (c) => c.notNull())
          .execute();
        await db.schema
          .createTable('hole')
          .addColumn('part', 'varchar(40)', (c) => c.notNull().references('part.id'))
          .execute();
      },
    },
  ],
};
const actor = { kind: 'person', id: 'kim' } as const;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deungdae-ledger-'));
});
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;
const newFile = () => join(folder, `${++count}.db`);
const open = (file: string, limits: Partial<LedgerLimits> = {}, modules = [shop], headKey?: string) =>
  openLedger({ file, clock: systemClock, log: silentLogger, modules, limits, ...(headKey ? { headKey } : {}) });
const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};

describe('bad days', () => {
  test('a file that is no database, and a folder that is not there', async () => {
    const file = newFile();
    await writeFile(file, 'this is not a database, it only looks like a file with a name'.repeat(100));
    await assert.rejects(open(file), code('ledger.corrupt'));
    await assert.rejects(open(join(folder, 'no', 'such', 'folder.db')), code('ledger.cannotOpen'));
  });

  test('a full disk fails the transactions, stores nothing of them, and writing goes on when there is room', async () => {
    const file = newFile();
    const ledger = await open(file);
    await ledger.transaction<Tables, unknown>((db) =>
      db.insertInto('part').values({ id: 'kept', amount: 1 }).execute(),
    );
    const set = (pages: number) =>
      ledger.transaction(async (db) => {
        await sql.raw(`PRAGMA max_page_count = ${pages}`).execute(db);
      });
    await set(1);
    const big = Array.from({ length: 400 }, (_, i) => ({ id: `filler-${i}-${'x'.repeat(20)}`, amount: i }));
    const all = await Promise.allSettled(
      [0, 1, 2].map((n) =>
        ledger.transaction<Tables, unknown>((db) =>
          db
            .insertInto('part')
            .values(big.map((b) => ({ ...b, id: b.id + n })))
            .execute(),
        ),
      ),
    );
    for (const r of all) code('ledger.diskFull')((r as PromiseRejectedResult).reason);
    assert.deepEqual(await ledger.read<Tables>().selectFrom('part').select('id').execute(), [{ id: 'kept' }]);
    await set(1_000_000);
    await ledger.transaction<Tables, unknown>((db) => db.insertInto('part').values(big).execute());
    await ledger.close();
  });

  test('a statement without end is given up, and reading goes on', { timeout: 20_000 }, async () => {
    const ledger = await open(newFile(), { statementMs: 300 });
    // Ends by itself after some seconds, so that the given-up thread does too.
    const endless = sql`WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x < 8000000) SELECT count(*) AS n FROM c`;
    await assert.rejects(endless.execute(ledger.read()), code('ledger.statementTimeout'));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.deepEqual(await ledger.events({ limit: 1 }), []);
    await ledger.close();
  });
});

test('a backup made while writing goes on is whole, and its chain verifies', async () => {
  const file = newFile();
  const ledger = await open(file);
  let going = true;
  let written = 0;
  const writing = (async () => {
    while (going) {
      await ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { written } }));
      written++;
    }
  })();
  while (written < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const copy = join(folder, 'copy.db');
  await ledger.backup(copy);
  going = false;
  await writing;
  await assert.rejects(ledger.backup(copy), code('ledger.backupExists'));
  const verdict = await checkLedgerFile(copy, systemClock);
  assert.equal(verdict.ok, true, JSON.stringify(verdict));
  assert.ok(verdict.events >= 20 && verdict.events <= written);
  const restored = await open(copy);
  await restored.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: {} }));
  assert.equal((await restored.verify()).ok, true);
  await restored.close();
  await ledger.close();
});
