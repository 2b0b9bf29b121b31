import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
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

describe('transactions', () => {
  test('rows and events are stored together, and are there after opening again', async () => {
    const file = newFile();
    const ledger = await open(file);
    const event = await ledger.transaction<Tables, unknown>(async (db, emit) => {
      await db.insertInto('part').values({ id: 'a', amount: 3 }).execute();
      return await emit({ type: 'part.added', subject: 'shop/a', actor, data: { amount: 3, nested: { b: 1, a: 2 } } });
    });
    await ledger.close();
    const again = await open(file);
    assert.deepEqual(await again.read<Tables>().selectFrom('part').selectAll().execute(), [{ id: 'a', amount: 3 }]);
    assert.deepEqual(await again.events({ limit: 10 }), [event]);
    assert.deepEqual(await again.verify(), { ok: true, events: 1, firstBroken: null });
    await again.close();
  });

  test('a thrown error takes back rows and events', async () => {
    const ledger = await open(newFile());
    await assert.rejects(
      ledger.transaction<Tables, void>(async (db, emit) => {
        await db.insertInto('part').values({ id: 'a', amount: 3 }).execute();
        await emit({ type: 'part.added', subject: 'a', actor, data: {} });
        throw new Error('changed my mind');
      }),
      /changed my mind/,
    );
    assert.deepEqual(await ledger.read<Tables>().selectFrom('part').selectAll().execute(), []);
    assert.equal((await ledger.events({ limit: 10 })).length, 0);
    await ledger.close();
  });

  test('waiting transactions share a commit; a failing one among them takes nobody with it', async () => {
    const ledger = await open(newFile());
    const commitsBefore = ledger.stats().commits;
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) =>
        ledger.transaction<Tables, void>(async (db, emit) => {
          await emit({ type: 'part.added', subject: `p${i}`, actor, data: { i } });
          await db
            .insertInto('part')
            .values({ id: `p${i % 50}`, amount: i })
            .execute();
        }),
      ),
    );
    assert.equal(results.filter((r) => r.status === 'fulfilled').length, 50);
    for (const r of results.slice(50)) code('ledger.constraint')((r as PromiseRejectedResult).reason);
    assert.equal((await ledger.events({ limit: 100 })).length, 50);
    assert.equal((await ledger.verify()).ok, true);
    const commits = ledger.stats().commits - commitsBefore;
    assert.ok(commits < 10, `60 waiting transactions took ${commits} commits`);
    await ledger.close();
  });

  test('a caught constraint error leaves the rest of the transaction whole', async () => {
    const ledger = await open(newFile());
    await ledger.transaction<Tables, void>(async (db) => {
      await assert.rejects(db.insertInto('hole').values({ part: 'none' }).execute(), code('ledger.constraint'));
      await db.insertInto('part').values({ id: 'b', amount: 1 }).execute();
    });
    assert.equal((await ledger.read<Tables>().selectFrom('part').selectAll().execute()).length, 1);
    await ledger.close();
  });
});

test('the chain goes on rightly after a transaction whose events were written was taken back', async () => {
  const ledger = await open(newFile());
  const emitOne = (i: number) =>
    ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { i } }));
  await emitOne(1);
  // Fails after its events and head were written, in the last statement of its transaction: the commit.
  const { sql } = await import('kysely');
  await ledger.transaction((db) =>
    sql`CREATE TABLE child (p TEXT REFERENCES part(id) DEFERRABLE INITIALLY DEFERRED)`.execute(db),
  );
  await assert.rejects(
    ledger.transaction(async (db, emit) => {
      await emit({ type: 'x.lost', subject: 's', actor, data: {} });
      await sql`INSERT INTO child VALUES ('nobody')`.execute(db);
    }),
    code('ledger.constraint'),
  );
  await emitOne(2);
  assert.deepEqual(
    (await ledger.events({ limit: 10 })).map((e) => e.data.i),
    [2, 1],
  );
  assert.deepEqual(await ledger.verify(), { ok: true, events: 2, firstBroken: null });
  await ledger.close();
});

describe('limits', () => {
  test('a transaction inside another is refused, not a deadlock', async () => {
    const ledger = await open(newFile());
    await assert.rejects(
      ledger.transaction(() => ledger.transaction(async () => {})),
      code('ledger.nested'),
    );
    await ledger.close();
  });

  test('a transaction that hangs is rolled back and lets the next one in', async () => {
    const ledger = await open(newFile(), { transactionMs: 50 });
    await assert.rejects(
      ledger.transaction<Tables, void>(async (db) => {
        await db.insertInto('part').values({ id: 'slow', amount: 1 }).execute();
        await new Promise(() => {});
      }),
      code('ledger.transactionTimeout'),
    );
    await ledger.transaction<Tables, unknown>((db) =>
      db.insertInto('part').values({ id: 'next', amount: 1 }).execute(),
    );
    assert.deepEqual(await ledger.read<Tables>().selectFrom('part').select('id').execute(), [{ id: 'next' }]);
    await ledger.close();
  });

  test('a full queue refuses', async () => {
    const ledger = await open(newFile(), { queue: 2 });
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) =>
        ledger.transaction<Tables, unknown>((db) =>
          db
            .insertInto('part')
            .values({ id: `${i}`, amount: 1 })
            .execute(),
        ),
      ),
    );
    assert.deepEqual(all.map((r) => r.status).sort(), ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    code('ledger.queueFull')((all.find((r) => r.status === 'rejected') as PromiseRejectedResult).reason);
    await ledger.close();
  });

  test('too many rows and writing through the reader are refused', async () => {
    const ledger = await open(newFile(), { rows: 5 });
    await ledger.transaction<Tables, unknown>((db) =>
      db
        .insertInto('part')
        .values(Array.from({ length: 6 }, (_, i) => ({ id: `${i}`, amount: i })))
        .execute(),
    );
    const read = ledger.read<Tables>();
    await assert.rejects(read.selectFrom('part').selectAll().execute(), code('ledger.tooManyRows'));
    assert.equal((await read.selectFrom('part').selectAll().limit(5).execute()).length, 5);
    await assert.rejects(read.insertInto('part').values({ id: 'x', amount: 1 }).execute(), code('ledger.readOnly'));
    await ledger.close();
  });
});

describe('the chain shows tampering', () => {
  const tamper: Record<string, { sql: string[]; broken: RegExp }> = {
    'changed row': { sql: [`UPDATE events SET data='{"i":99}' WHERE seq=4`], broken: /^[0-9a-f-]{36}$/ },
    'changed time': { sql: ['UPDATE events SET time=time+1 WHERE seq=4'], broken: /^[0-9a-f-]{36}$/ },
    'removed row': { sql: ['DELETE FROM events WHERE seq=4'], broken: /^#4$/ },
    'removed row, numbers closed up': {
      sql: ['DELETE FROM events WHERE seq=4', 'UPDATE events SET seq=seq-1 WHERE seq>4'],
      broken: /^[0-9a-f-]{36}$/,
    },
    'swapped rows': {
      sql: [
        'UPDATE events SET seq=100 WHERE seq=4',
        'UPDATE events SET seq=4 WHERE seq=5',
        'UPDATE events SET seq=5 WHERE seq=100',
      ],
      broken: /^[0-9a-f-]{36}$/,
    },
    'cut tail': { sql: ['DELETE FROM events WHERE seq>7'], broken: /^#8$/ },
    'cut tail and counted head': {
      sql: ['DELETE FROM events WHERE seq>7', 'UPDATE event_head SET count=7'],
      broken: /^#head$/,
    },
    'row beyond the head': {
      sql: [
        "INSERT INTO events SELECT 11,'x',type,time,subject,actor,data,previous_hash,hash FROM events WHERE seq=10",
      ],
      broken: /^#11$/,
    },
  };
  for (const [name, { sql, broken }] of Object.entries(tamper)) {
    test(name, async () => {
      const file = newFile();
      const ledger = await open(file);
      for (let i = 0; i < 10; i++)
        await ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { i } }));
      assert.deepEqual(await ledger.verify(), { ok: true, events: 10, firstBroken: null });
      const raw = new DatabaseSync(file);
      for (const one of sql) raw.exec(one);
      raw.close();
      const verdict = await ledger.verify();
      assert.equal(verdict.ok, false);
      assert.match(verdict.firstBroken!, broken);
      await ledger.close();
    });
  }

  test('a tail cut with its head rewritten to match shows only with a key', async () => {
    for (const key of [undefined, 'a key of the plant']) {
      const file = newFile();
      const ledger = await open(file, {}, [shop], key);
      for (let i = 0; i < 10; i++)
        await ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { i } }));
      const raw = new DatabaseSync(file);
      raw.exec('DELETE FROM events WHERE seq>7');
      raw.exec('UPDATE event_head SET count=7, hash=(SELECT hash FROM events WHERE seq=7)');
      raw.close();
      assert.equal((await ledger.verify()).ok, key === undefined);
      await ledger.close();
    }
  });
});

test('events by subject and type, newest first, in pages', async () => {
  const ledger = await open(newFile());
  await ledger.transaction(async (_, emit) => {
    for (let i = 0; i < 20; i++) emit({ type: i % 2 ? 'a.done' : 'b.done', subject: `s${i % 3}`, actor, data: { i } });
  });
  const first = await ledger.events({ limit: 4, type: 'a.done' });
  assert.deepEqual(
    first.map((e) => e.data.i),
    [19, 17, 15, 13],
  );
  const second = await ledger.events({ limit: 4, type: 'a.done', before: first[3]!.id });
  assert.deepEqual(
    second.map((e) => e.data.i),
    [11, 9, 7, 5],
  );
  assert.deepEqual(
    (await ledger.events({ limit: 3, subject: 's1' })).map((e) => e.data.i),
    [19, 16, 13],
  );
  await ledger.close();
});

describe('migrations', () => {
  test('an edited, a missing and a squeezed-in migration are refused', async () => {
    const file = newFile();
    await (await open(file)).close();
    const edited: ModuleMigrations = {
      module: 'shop',
      migrations: [{ id: '0001-part', up: (db) => db.schema.createTable('other').addColumn('x', 'text').execute() }],
    };
    await assert.rejects(open(file, {}, [edited]), code('ledger.migrationEdited'));
    await assert.rejects(open(file, {}, [{ module: 'shop', migrations: [] }]), code('ledger.fromNewer'));
    const before: ModuleMigrations = {
      module: 'shop',
      migrations: [{ id: '0000-x', up: async () => {} }, ...shop.migrations],
    };
    await assert.rejects(open(file, {}, [before]), code('ledger.migrationOrder'));
    const after: ModuleMigrations = {
      module: 'shop',
      migrations: [
        ...shop.migrations,
        { id: '0002-more', up: (db) => db.schema.createTable('more').addColumn('x', 'text').execute() },
      ],
    };
    await (await open(file, {}, [after])).close();
    await (await open(file, {}, [after])).close();
  });

  test('one that fails leaves nothing behind', async () => {
    const file = newFile();
    const failing: ModuleMigrations = {
      module: 'shop',
      migrations: [
        {
          id: '0001-half',
          async up(db) {
            await db.schema.createTable('half').addColumn('x', 'text').execute();
            await db.schema.createIndex('nowhere').on('missing').column('x').execute();
          },
        },
      ],
    };
    await assert.rejects(open(file, {}, [failing]), code('ledger.statement'));
    await (await open(file)).close();
    const raw = new DatabaseSync(file);
    assert.equal(raw.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name='half'").get()!.n, 0);
    raw.close();
  });
});

describe('bad days', () => {
  test('a file that is no database, and a folder that is not there', async () => {
    const file = newFile();
    const { writeFile } = await import('node:fs/promises');
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
        const { sql } = await import('kysely');
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
    const { sql } = await import('kysely');
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
