import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openIdentity } from '@deungdae/identity/module.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { copyLedger } from '@deungdae/ledger/copy.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { postgresqlAbsence } from '@deungdae/ledger/testing/private-postgresql.ts';
import { emptyPlace } from '@deungdae/ledger/testing/test-ledger.ts';
import { ledgerModules } from '../src/stores.ts';
import { password } from './rig.ts';

/**
 * Ledgers as earlier versions left them, one file a landed state, named after its commit: four people and 40 events.
 * A new migration must bring each of them forward; never make one of these files anew.
 */
const golden = join(import.meta.dirname, 'golden');
const settings = { clock: systemClock, log: silentLogger, modules: ledgerModules };
const absence = postgresqlAbsence();
if (absence) console.log(`# skipped on PostgreSQL: ${absence}`);

describe('ledgers of earlier versions', async () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const known = async (ledger: Awaited<ReturnType<typeof openLedger>>) => {
    const verdict = await ledger.verify();
    assert.equal(verdict.ok, true, JSON.stringify(verdict));
    assert.ok(verdict.events >= 44);
    assert.equal((await ledger.events({ limit: 100, type: 'downtime.reasonCorrected' })).length, 40);
    const identity = openIdentity({ ledger, clock: systemClock });
    assert.equal((await identity.signIn({ name: 'the-operator', password }, '10.0.0.1')).user.role, 'operator');
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
  };

  for (const name of (await readdir(golden)).filter((n) => n.endsWith('.sqlite.gz'))) {
    test(`${name} comes forward, on SQLite and on PostgreSQL`, async () => {
      const file = join(folder, name.replace('.gz', ''));
      await writeFile(file, gunzipSync(await readFile(join(golden, name))));
      const ledger = await openLedger({ ...settings, file });
      await known(ledger);
      await ledger.close();
      if (absence) return;
      const place = await emptyPlace('postgresql');
      await copyLedger({ ...settings, from: { file }, to: place });
      const moved = await openLedger({ ...settings, ...place });
      await known(moved);
      await moved.close();
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
