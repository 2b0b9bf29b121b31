import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { postgresqlAbsence } from '@deungdae/ledger/testing/private-postgresql.ts';
import { emptyPlace } from '@deungdae/ledger/testing/test-ledger.ts';
import { ledgerPlace } from '../src/ledger-place.ts';
import { deungdae } from './command-line.ts';
import { Rig } from './rig.ts';

const absence = postgresqlAbsence();
if (absence) console.log(`# skipped: ${absence}`);
const newDatabase = async () => ((await emptyPlace('postgresql')) as { url: string }).url;

test('the setting: a file, an address, and an address by reference', () => {
  const env = { PLANT_DB: 'postgresql://a:b@c/d', EMPTY: '' };
  assert.deepEqual(ledgerPlace('/nowhere', undefined, {}), { file: '/nowhere/ledger.sqlite' });
  assert.deepEqual(ledgerPlace('/nowhere', 'sqlite', { DEUNGDAE_LEDGER: 'env:PLANT_DB' }), {
    file: '/nowhere/ledger.sqlite',
  });
  assert.deepEqual(ledgerPlace('/nowhere', undefined, { ...env, DEUNGDAE_LEDGER: 'env:PLANT_DB' }), {
    url: 'postgresql://a:b@c/d',
  });
  for (const [setting, code] of [
    ['env:EMPTY', /ledgerSecret/],
    ['env:NOT_THERE', /ledgerSecret/],
    ['file:/not/there', /ledgerSecret/],
    ['mysql://a:secret@b/c', /ledgerSetting/],
  ] as const)
    assert.throws(
      () => ledgerPlace('/nowhere', setting, env),
      (error: Error) => code.test(error.message) && !error.message.includes('secret@'),
    );
});

describe('a plant on PostgreSQL', { skip: absence ?? false }, () => {
  test('moves there with its people and its chain, is backed up while running, and comes back elsewhere', async () => {
    const rig = await Rig.open();
    try {
      await rig.people();
      const events = (await rig.call('/audit?limit=1000', { as: rig.as.auditor })).body.length;
      const address = await newDatabase();
      const secret = join(rig.folder, 'ledger.address');
      await writeFile(secret, `${address}\n`, { mode: 0o600 });
      const reference = `file:${secret}`;

      const running = await deungdae('move-ledger', '--data', rig.dataDir, '--to', reference);
      assert.notEqual(running.code, 0, 'a plant that runs is not moved');
      await rig.plant.close();
      const moved = await deungdae('move-ledger', '--data', rig.dataDir, '--to', reference);
      assert.equal(moved.code, 0, moved.err);
      assert.match(moved.out, new RegExp(`audit chain of ${events} events whole`));

      const forgot = await deungdae('verify', '--data', rig.dataDir);
      assert.equal(forgot.code, 1);
      assert.match(forgot.err, /server\.ledgerElsewhere/);
      assert.doesNotMatch(forgot.err + moved.out, /only-for-tests/, 'no password in what is printed');
      const verified = await deungdae('verify', '--data', rig.dataDir, '--ledger', reference);
      assert.equal(verified.code, 0, verified.out + verified.err);

      const again = await Rig.on(rig.folder, { ledger: reference });
      const admin = await again.signIn('admin');
      const names = (await again.call('/users', { as: admin })).body.map((u: { name: string }) => u.name);
      assert.ok(names.includes('the-operator'));
      const backup = await again.call('/system/backup', { method: 'POST', as: admin, body: { name: 'one' } });
      assert.equal(backup.status, 200, JSON.stringify(backup.body));
      await again.plant.close();

      const elsewhere = await newDatabase();
      const target = join(rig.folder, 'restored');
      const from = join(rig.dataDir, 'backups', 'one');
      const restored = await deungdae('restore', from, '--data', target, '--ledger', elsewhere);
      assert.equal(restored.code, 0, restored.err);
      const whole = await deungdae('verify', '--data', target, '--ledger', elsewhere);
      assert.equal(whole.code, 0, whole.out + whole.err);
      const wrong = await deungdae('verify', '--data', target, '--ledger', elsewhere.replace('only-for', 'not-for'));
      assert.match(wrong.err, /ledger\.login/);
    } finally {
      await rig.remove();
    }
  });
});
