import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleMigrations, Transaction } from './ledger.ts';
import { putOff } from './put-off.ts';
import { openTestLedger } from './testing/test-ledger.ts';

interface Tables {
  things: { id: number; name: string };
}
const things: ModuleMigrations = {
  module: 'things',
  migrations: [
    {
      id: '0001-things',
      up: (db) =>
        db.schema
          .createTable('things')
          .addColumn('id', 'integer', (c) => c.primaryKey())
          .addColumn('name', 'text', (c) => c.notNull())
          .execute(),
    },
  ],
};
const event = { type: 'thing.added', subject: 'thing/1', actor: { kind: 'system', id: 'test' } as const, data: {} };

test('writes put off are there for the next statement, in order, and on disk at the end', async (t) => {
  const opened = await openTestLedger({ modules: [things] });
  t.after(() => opened.end());
  const { ledger } = opened;
  const seen = await ledger.transaction<Tables, string[]>(async (db, emit) => {
    await emit(event);
    await db.insertInto('things').values({ id: 1, name: 'a' }).execute();
    await putOff(db, db.updateTable('things').set({ name: 'b' }).where('id', '=', 1));
    await putOff(db, db.updateTable('things').set({ name: 'c' }).where('name', '=', 'b'));
    const rows = await db.selectFrom('things').select('name').execute();
    await putOff(db, db.insertInto('things').values({ id: 2, name: 'd' }));
    return rows.map((r) => r.name);
  });
  assert.deepEqual(seen, ['c']);
  const rows = await ledger.read<Tables>().selectFrom('things').selectAll().orderBy('id').execute();
  assert.deepEqual(rows, [
    { id: 1, name: 'c' },
    { id: 2, name: 'd' },
  ]);
  assert.deepEqual(await ledger.verify(), { ok: true, events: 1, firstBroken: null });
});

test('more writes put off than are kept back go over in between', async (t) => {
  const opened = await openTestLedger({ modules: [things] });
  t.after(() => opened.end());
  await opened.ledger.transaction<Tables, void>(async (db) => {
    for (let id = 0; id < 300; id++) await putOff(db, db.insertInto('things').values({ id, name: `n${id}` }));
  });
  const rows = await opened.ledger.read<Tables>().selectFrom('things').select('id').execute();
  assert.equal(rows.length, 300);
});

test('one put off that fails undoes its transaction alone, also when it fails with the commit or is caught', async (t) => {
  const opened = await openTestLedger({ modules: [things] });
  t.after(() => opened.end());
  const { ledger } = opened;
  const add = (id: number, how: 'plain' | 'double' | 'caught') =>
    ledger.transaction<Tables, void>(async (db, emit) => {
      await emit({ ...event, data: { id } });
      await db.insertInto('things').values({ id, name: how }).execute();
      if (how === 'plain') return;
      const again = () => putOff(db, db.insertInto('things').values({ id, name: 'again' }));
      // Put off or not, by engine: somebody who swallows the failure must not keep half of the act.
      if (how === 'double') return again();
      await again();
      await db
        .selectFrom('things')
        .selectAll()
        .execute()
        .catch(() => undefined);
    });
  // They wait together, so they share a commit.
  const done = await Promise.allSettled([add(1, 'plain'), add(2, 'double'), add(3, 'caught'), add(4, 'plain')]);
  assert.deepEqual(
    done.map((d) => d.status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  const alone = await Promise.allSettled([add(5, 'double')]);
  assert.equal(alone[0]!.status, 'rejected');
  await add(6, 'plain');
  const rows = await ledger.read<Tables>().selectFrom('things').select('id').orderBy('id').execute();
  assert.deepEqual(
    rows.map((r) => r.id),
    [1, 4, 6],
  );
  assert.deepEqual(await ledger.verify(), { ok: true, events: 3, firstBroken: null });
});

test('statements of a transaction asked together are answered in order, and one that fails fails it', async (t) => {
  const opened = await openTestLedger({ modules: [things] });
  t.after(() => opened.end());
  const { ledger } = opened;
  const rows = await ledger.transaction<Tables, unknown[]>(async (db) => {
    const add = (id: number) => db.insertInto('things').values({ id, name: 'x' }).execute();
    const [, , found] = await Promise.all([add(1), add(2), db.selectFrom('things').select('id').execute()]);
    return found;
  });
  assert.deepEqual(rows, [{ id: 1 }, { id: 2 }]);
  const failed = ledger.transaction<Tables, unknown>(async (db) => {
    const add = (id: number) => db.insertInto('things').values({ id, name: 'y' }).execute();
    return Promise.all([add(3), add(3), add(4)]);
  });
  await assert.rejects(failed);
  const left = await ledger.read<Tables>().selectFrom('things').select('id').execute();
  assert.equal(left.length, 2);
});

test('a transaction cannot be used after its end', async (t) => {
  const opened = await openTestLedger({ modules: [things] });
  t.after(() => opened.end());
  const kept = await opened.ledger.transaction<Tables, Transaction<Tables>[]>(async (db) => {
    await db.insertInto('things').values({ id: 1, name: 'a' }).execute();
    return [db];
  });
  const late = kept[0]!.insertInto('things').values({ id: 2, name: 'b' });
  await assert.rejects(late.execute());
  await assert.rejects(putOff(kept[0]!, late));
});
