import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { sql } from 'kysely';
import pg from 'pg';
import type { ModuleMigrations } from './ledger.ts';
import { type LedgerLimits, type LedgerPlace, openLedger } from './open.ts';
import { postgresqlAbsence } from './testing/private-postgresql.ts';
import { emptyPlace, type TestEngine } from './testing/test-ledger.ts';

/** What every engine promises. */
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

const places: LedgerPlace[] = [];
async function newPlace(engine: TestEngine): Promise<LedgerPlace> {
  const place = await emptyPlace(engine);
  places.push(place);
  return place;
}
after(async () => {
  for (const place of places) if ('file' in place) await rm(dirname(place.file), { recursive: true, force: true });
});

const open = (place: LedgerPlace, limits: Partial<LedgerLimits> = {}, modules = [shop], headKey?: string) =>
  openLedger({ ...place, clock: systemClock, log: silentLogger, modules, limits, ...(headKey ? { headKey } : {}) });

/** Statements from outside of the ledger, as somebody with a database tool would give them. */
async function around(place: LedgerPlace, statements: string[]): Promise<Record<string, unknown>[]> {
  if ('file' in place) {
    const raw = new DatabaseSync(place.file);
    try {
      for (const one of statements.slice(0, -1)) raw.exec(one);
      return raw.prepare(statements.at(-1)!).all() as Record<string, unknown>[];
    } finally {
      raw.close();
    }
  }
  const client = new pg.Client({ connectionString: place.url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const one of statements) rows = (await client.query(one)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, expected, error.message);
  return true;
};

for (const engine of ['sqlite', 'postgresql'] as const) {
  const absence = engine === 'postgresql' ? postgresqlAbsence() : null;
  if (absence) console.log(`# skipped on PostgreSQL: ${absence}`);
  describe(`ledger on ${engine}`, { skip: absence ?? false }, () => {
    contract(engine);
  });
}

function contract(engine: TestEngine): void {
  describe('transactions', () => {
    test('rows and events are stored together, and are there after opening again', async () => {
      const place = await newPlace(engine);
      const ledger = await open(place);
      const event = await ledger.transaction<Tables, unknown>(async (db, emit) => {
        await db.insertInto('part').values({ id: 'a', amount: 3 }).execute();
        return await emit({
          type: 'part.added',
          subject: 'shop/a',
          actor,
          data: { amount: 3, nested: { b: 1, a: 2 } },
        });
      });
      await ledger.close();
      const again = await open(place);
      assert.deepEqual(await again.read<Tables>().selectFrom('part').selectAll().execute(), [{ id: 'a', amount: 3 }]);
      assert.deepEqual(await again.events({ limit: 10 }), [event]);
      assert.deepEqual(await again.verify(), { ok: true, events: 1, firstBroken: null });
      await again.close();
    });

    test('a thrown error takes back rows and events', async () => {
      const ledger = await open(await newPlace(engine));
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
      const ledger = await open(await newPlace(engine));
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
      const ledger = await open(await newPlace(engine));
      await ledger.transaction<Tables, void>(async (db) => {
        await assert.rejects(db.insertInto('hole').values({ part: 'none' }).execute(), code('ledger.constraint'));
        await db.insertInto('part').values({ id: 'b', amount: 1 }).execute();
      });
      assert.equal((await ledger.read<Tables>().selectFrom('part').selectAll().execute()).length, 1);
      await ledger.close();
    });
  });

  test('the chain goes on rightly after a transaction whose events were written was taken back', async () => {
    const ledger = await open(await newPlace(engine));
    const emitOne = (i: number) =>
      ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { i } }));
    await emitOne(1);
    // Fails after its events and head were written, in the last statement of its transaction: the commit.
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
      const ledger = await open(await newPlace(engine));
      await assert.rejects(
        ledger.transaction(() => ledger.transaction(async () => {})),
        code('ledger.nested'),
      );
      await ledger.close();
    });

    test('a transaction that hangs is rolled back and lets the next one in', async () => {
      const ledger = await open(await newPlace(engine), { transactionMs: 800 });
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
      const ledger = await open(await newPlace(engine), { queue: 2 });
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
      assert.deepEqual(all.map((r) => r.status).sort(), [
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'rejected',
        'rejected',
      ]);
      code('ledger.queueFull')((all.find((r) => r.status === 'rejected') as PromiseRejectedResult).reason);
      await ledger.close();
    });

    test('too many rows and writing through the reader are refused', async () => {
      const ledger = await open(await newPlace(engine), { rows: 5 });
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
    const tamper: Record<string, { statements: string[]; broken: RegExp }> = {
      'changed row': { statements: [`UPDATE events SET data='{"i":99}' WHERE seq=4`], broken: /^[0-9a-f-]{36}$/ },
      'changed time': { statements: ['UPDATE events SET time=time+1 WHERE seq=4'], broken: /^[0-9a-f-]{36}$/ },
      'removed row': { statements: ['DELETE FROM events WHERE seq=4'], broken: /^#4$/ },
      'removed row, numbers closed up': {
        statements: ['DELETE FROM events WHERE seq=4', 'UPDATE events SET seq=seq-1 WHERE seq>4'],
        broken: /^[0-9a-f-]{36}$/,
      },
      'swapped rows': {
        statements: [
          'UPDATE events SET seq=100 WHERE seq=4',
          'UPDATE events SET seq=4 WHERE seq=5',
          'UPDATE events SET seq=5 WHERE seq=100',
        ],
        broken: /^[0-9a-f-]{36}$/,
      },
      'cut tail': { statements: ['DELETE FROM events WHERE seq>7'], broken: /^#8$/ },
      'cut tail and counted head': {
        statements: ['DELETE FROM events WHERE seq>7', 'UPDATE event_head SET count=7'],
        broken: /^#head$/,
      },
      'row beyond the head': {
        statements: [
          "INSERT INTO events SELECT 11,'x',type,time,subject,actor,data,previous_hash,hash FROM events WHERE seq=10",
        ],
        broken: /^#11$/,
      },
    };
    for (const [name, { statements, broken }] of Object.entries(tamper)) {
      test(name, async () => {
        const place = await newPlace(engine);
        const ledger = await open(place);
        for (let i = 0; i < 10; i++)
          await ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { i } }));
        assert.deepEqual(await ledger.verify(), { ok: true, events: 10, firstBroken: null });
        await around(place, statements);
        const verdict = await ledger.verify();
        assert.equal(verdict.ok, false);
        assert.match(verdict.firstBroken!, broken);
        await ledger.close();
      });
    }

    test('a tail cut with its head rewritten to match shows only with a key', async () => {
      for (const key of [undefined, 'a key of the plant']) {
        const place = await newPlace(engine);
        const ledger = await open(place, {}, [shop], key);
        for (let i = 0; i < 10; i++)
          await ledger.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: { i } }));
        await around(place, [
          'DELETE FROM events WHERE seq>7',
          'UPDATE event_head SET count=7, hash=(SELECT hash FROM events WHERE seq=7)',
        ]);
        assert.equal((await ledger.verify()).ok, key === undefined);
        await ledger.close();
      }
    });
  });

  test('values come back as they were written, and text and numbers behave alike on every engine', async () => {
    interface Kinds {
      kinds: { id: string; whole: number; real: number | null; bytes: Uint8Array | null; flag: number; short: string };
    }
    const kinds: ModuleMigrations = {
      module: 'kinds',
      migrations: [
        {
          id: '0001-kinds',
          async up(db) {
            await db.schema
              .createTable('kinds')
              .addColumn('id', 'varchar(4)', (c) => c.primaryKey())
              .addColumn('whole', 'integer', (c) => c.notNull())
              .addColumn('real', 'real')
              .addColumn('bytes', 'blob')
              .addColumn('flag', 'integer', (c) => c.notNull().defaultTo(0))
              .execute();
            await db.schema.alterTable('kinds').addColumn('short', 'varchar(3)').execute();
          },
        },
      ],
    };
    const ledger = await open(await newPlace(engine), {}, [kinds]);
    const large = Number.MAX_SAFE_INTEGER;
    const row = (id: string, whole: number, short: string) => ({ id, whole, real: 0.1, bytes: null, flag: 1, short });
    await ledger.transaction<Kinds, void>(async (db) => {
      const rows = [row('b', large - 5, 'Widget'), row('a', 4, '가나다라'), row('Z', 1, 'x_y'), row('é', 0, '')];
      await db.insertInto('kinds').values(rows).execute();
      await db
        .updateTable('kinds')
        .set((e) => ({
          whole: e.case().when('id', '=', 'Z').then(7).else(e.ref('whole')).end(),
        }))
        .execute();
      const bytes = Uint8Array.of(0, 1, 255);
      await db.updateTable('kinds').set({ bytes, whole: large }).where('id', '=', 'b').execute();
    });
    const db = ledger.read<Kinds>();
    const all = await db.selectFrom('kinds').selectAll().orderBy('id').execute();
    assert.deepEqual(
      all.map((r) => [r.id, r.whole, r.real, r.flag, r.short]),
      [
        ['Z', 7, 0.1, 1, 'x_y'],
        ['a', 4, 0.1, 1, '가나다라'],
        ['b', large, 0.1, 1, 'Widget'],
        ['é', 0, 0.1, 1, ''],
      ],
    );
    assert.deepEqual([...all[2]!.bytes!], [0, 1, 255]);
    const sums = await db
      .selectFrom('kinds')
      .where('id', '!=', 'b')
      .select((e) => [
        e.fn.sum<number>('whole').as('sum'),
        e.fn.avg<number>('whole').as('mean'),
        e.fn.countAll<number>().as('n'),
        e.fn.max('whole').as('max'),
        e('id', '=', 'none').as('never'),
        e.fn.coalesce(e.fn.sum<number>('whole'), e.val(0)).as('orNone'),
      ])
      .groupBy('id')
      .having('id', '=', 'Z')
      .execute();
    assert.deepEqual(sums, [{ sum: 7, mean: 7, n: 1, max: 7, never: 0, orNone: 7 }]);
    const like = await db.selectFrom('kinds').select('id').where('short', 'like', 'wid%').execute();
    assert.deepEqual(like, [{ id: 'b' }]);
    await assert.rejects(
      db
        .selectFrom('kinds')
        .select((e) => e.fn.sum('whole').as('sum'))
        .where('id', 'in', ['b', 'Z'])
        .execute(),
      (error) => error instanceof Error,
    );
    await ledger.close();
  });

  test('events by subject and type, newest first, in pages', async () => {
    const ledger = await open(await newPlace(engine));
    await ledger.transaction(async (_, emit) => {
      for (let i = 0; i < 20; i++)
        emit({ type: i % 2 ? 'a.done' : 'b.done', subject: `s${i % 3}`, actor, data: { i } });
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
      const place = await newPlace(engine);
      await (await open(place)).close();
      const edited: ModuleMigrations = {
        module: 'shop',
        migrations: [{ id: '0001-part', up: (db) => db.schema.createTable('other').addColumn('x', 'text').execute() }],
      };
      await assert.rejects(open(place, {}, [edited]), code('ledger.migrationEdited'));
      await assert.rejects(open(place, {}, [{ module: 'shop', migrations: [] }]), code('ledger.fromNewer'));
      const before: ModuleMigrations = {
        module: 'shop',
        migrations: [{ id: '0000-x', up: async () => {} }, ...shop.migrations],
      };
      await assert.rejects(open(place, {}, [before]), code('ledger.migrationOrder'));
      const after: ModuleMigrations = {
        module: 'shop',
        migrations: [
          ...shop.migrations,
          { id: '0002-more', up: (db) => db.schema.createTable('more').addColumn('x', 'text').execute() },
        ],
      };
      await (await open(place, {}, [after])).close();
      await (await open(place, {}, [after])).close();
    });

    test('one that fails leaves nothing behind', async () => {
      const place = await newPlace(engine);
      const failing: ModuleMigrations = {
        module: 'halves',
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
      await assert.rejects(open(place, {}, [failing]), code('ledger.statement'));
      await (await open(place)).close();
      const whole: ModuleMigrations = {
        module: 'halves',
        migrations: [{ id: '0001-half', up: (db) => db.schema.createTable('half').addColumn('x', 'text').execute() }],
      };
      await (await open(place, {}, [whole])).close();
    });
  });
}
