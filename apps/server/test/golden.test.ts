import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openIdentity } from '@deungdae/identity/module.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { copyLedger } from '@deungdae/ledger/copy.ts';
import { type DatabaseLedger, openLedger } from '@deungdae/ledger/open.ts';
import { postgresqlAbsence } from '@deungdae/ledger/testing/private-postgresql.ts';
import { emptyPlace } from '@deungdae/ledger/testing/test-ledger.ts';
import { ledgerModules } from '../src/stores.ts';
import { password } from './rig.ts';

/**
 * Ledgers as earlier versions left them, one file a landed state, named after its commit: 76fdd4d has four people and 40
 * events, 95efe4f ninety rounds of the acts of tests/property with every module's tables. A new migration must bring each
 * of them forward with every value it held; never make one of these files anew.
 */
const golden = join(import.meta.dirname, 'golden');
const settings = { clock: systemClock, log: silentLogger, modules: ledgerModules };
const absence = postgresqlAbsence();
if (absence) console.log(`# skipped on PostgreSQL: ${absence}`);

type Row = Record<string, unknown>;

/** All that an old file holds, read without the ledger: rows by table. */
function contents(file: string): Map<string, Row[]> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
    return new Map(names.map(({ name }) => [String(name), db.prepare(`SELECT * FROM "${name}"`).all() as Row[]]));
  } finally {
    db.close();
  }
}

/** Bytes and truth come back in the engines' own ways. */
const shown = (row: Row, columns: readonly string[]) =>
  JSON.stringify(columns.map((c) => (row[c] instanceof Uint8Array ? Buffer.from(row[c]).toString('hex') : row[c])));

/** Every old value is still there: the rows of each old table, by its old columns. */
async function assertKept(ledger: DatabaseLedger, old: ReadonlyMap<string, Row[]>): Promise<void> {
  for (const [table, rows] of old) {
    const columns = Object.keys(rows[0] ?? {});
    const now = (await ledger.read<Record<string, Row>>().selectFrom(table).selectAll().execute()) as Row[];
    const kept = new Set(now.map((row) => shown(row, columns)));
    const lost = rows.filter((row) => !kept.has(shown(row, columns)));
    assert.deepEqual(lost.slice(0, 3), [], `${lost.length} of ${rows.length} rows of ${table} are not as they were`);
    if (table !== 'migrations') assert.equal(now.length, rows.length, table);
  }
}

/** The chain is whole and goes on, every migration is applied, and a person of then signs in. */
async function assertAlive(ledger: DatabaseLedger, events: number): Promise<void> {
  assert.deepEqual(await ledger.verify(), { ok: true, events, firstBroken: null });
  const applied = await ledger
    .read<{ migrations: { module: string; id: string } }>()
    .selectFrom('migrations')
    .select(['module', 'id'])
    .execute();
  for (const { module, migrations } of ledgerModules)
    for (const { id } of migrations)
      assert.ok(
        applied.some((a) => a.module === module && a.id === id),
        `${module}/${id}`,
      );
  const identity = openIdentity({ ledger, clock: systemClock });
  assert.equal((await identity.signIn({ name: 'the-operator', password }, '10.0.0.1')).user.role, 'operator');
  const verdict = await ledger.verify();
  assert.equal(verdict.ok && verdict.events > events, true, JSON.stringify(verdict));
}

/** The modules as they were: each with the migrations that the old file records. */
function modulesOf(old: ReadonlyMap<string, Row[]>) {
  const applied = new Set(old.get('migrations')!.map((m) => `${m.module}/${m.id}`));
  return ledgerModules
    .map(({ module, migrations }) => ({
      module,
      migrations: migrations.filter((m) => applied.has(`${module}/${m.id}`)),
    }))
    .filter(({ migrations }) => migrations.length > 0);
}

describe('ledgers of earlier versions', async () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const name of (await readdir(golden)).filter((n) => n.endsWith('.sqlite.gz'))) {
    const unpacked = async (as: string) => {
      const file = join(folder, `${as}-${name.replace('.gz', '')}`);
      await writeFile(file, gunzipSync(await readFile(join(golden, name))));
      return { file, old: contents(file) };
    };

    test(`${name} comes forward on SQLite with every value`, async () => {
      const { file, old } = await unpacked('sqlite');
      const ledger = await openLedger({ ...settings, file });
      await assertKept(ledger, old);
      await assertAlive(ledger, old.get('events')!.length);
      await ledger.close();
    });

    test(`${name} comes forward on PostgreSQL with every value`, { skip: absence ?? false }, async () => {
      const { file, old } = await unpacked('postgresql');
      const place = await emptyPlace('postgresql');
      // First a PostgreSQL ledger of that version, then today's program on it.
      await copyLedger({ ...settings, modules: modulesOf(old), from: { file }, to: place });
      const ledger = await openLedger({ ...settings, ...place });
      await assertKept(ledger, old);
      await assertAlive(ledger, old.get('events')!.length);
      await ledger.close();
    });

    test(`${name} moves to PostgreSQL after it came forward`, { skip: absence ?? false }, async () => {
      const { file, old } = await unpacked('moved');
      await (await openLedger({ ...settings, file })).close();
      const place = await emptyPlace('postgresql');
      await copyLedger({ ...settings, from: { file }, to: place });
      const ledger = await openLedger({ ...settings, ...place });
      await assertKept(ledger, old);
      await assertAlive(ledger, old.get('events')!.length);
      await ledger.close();
    });
  }

  test('a PostgreSQL ledger of the first modules takes those that came later', { skip: absence ?? false }, async () => {
    const place = await emptyPlace('postgresql');
    const first = ledgerModules.filter((m) => ['identity', 'equipment', 'alarms'].includes(m.module));
    await (await openLedger({ ...settings, ...place, modules: first })).close();
    const ledger = await openLedger({ ...settings, ...place });
    assert.equal((await ledger.verify()).ok, true);
    await ledger.close();
    await assert.rejects(
      openLedger({ ...settings, ...place, modules: [{ module: 'identity', migrations: [] }] }),
      /fromNewer/,
    );
  });
});
