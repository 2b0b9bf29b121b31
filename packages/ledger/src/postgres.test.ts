import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { createTcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import pg from 'pg';
import type { ModuleMigrations } from './ledger.ts';
import { type DatabaseLedger, type LedgerLimits, openLedger } from './open.ts';
import { type PrivatePostgresql, postgresqlAbsence, startPrivatePostgresql } from './testing/private-postgresql.ts';

interface Tables {
  part: { id: string; amount: number };
}
const shop: ModuleMigrations = {
  module: 'shop',
  migrations: [
    {
      id: '0001-part',
      up: (db) =>
        db.schema
          .createTable('part')
          .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
          .addColumn('amount', 'integer', (c) => c.notNull())
          .execute(),
    },
  ],
};
const actor = { kind: 'person', id: 'kim' } as const;
const open = (url: string, limits: Partial<LedgerLimits> = {}): Promise<DatabaseLedger> =>
  openLedger({ url, clock: systemClock, log: silentLogger, modules: [shop], limits });
const code = (expected: string, text?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, expected, error.message);
  if (text) assert.match(error.message, text);
  return true;
};
const add = (ledger: DatabaseLedger, id: string) =>
  ledger.transaction<Tables, void>(async (db, emit) => {
    await db.insertInto('part').values({ id, amount: 1 }).execute();
    await emit({ type: 'part.added', subject: id, actor, data: {} });
  });
const idsOf = async (ledger: DatabaseLedger) =>
  (await ledger.read<Tables>().selectFrom('part').select('id').orderBy('id').execute()).map((r) => r.id);

const absence = postgresqlAbsence();
if (absence) console.log(`# skipped: ${absence}`);

describe('PostgreSQL', { skip: absence ?? false }, () => {
  let server: PrivatePostgresql;
  before(async () => {
    server = await startPrivatePostgresql();
  });
  after(() => server?.stop());

  async function raw<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const kill = (url: string, state: string) =>
    raw(server.url, async (client) => {
      const database = new URL(url).pathname.slice(1);
      const { rows } = await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=$1 AND state=$2',
        [database, state],
      );
      return rows.length;
    });

  test('three servers on one database: one chain, in one order, and no gap', async () => {
    const url = await server.createDatabase();
    const ledgers = await Promise.all([open(url), open(url), open(url)]);
    await Promise.all(
      Array.from({ length: 240 }, async (_, i) => {
        const ledger = ledgers[i % 3]!;
        // Reads, waits and writes again: without one order two of them would give the same number.
        await ledger.transaction<Tables, void>(async (db, emit) => {
          const { n } = await db
            .selectFrom('part')
            .select((e) => e.fn.countAll<number>().as('n'))
            .executeTakeFirstOrThrow();
          if (i % 4 === 0) await wait(1);
          await emit({ type: 'part.added', subject: `s${n}`, actor, data: { n } });
          await db
            .insertInto('part')
            .values({ id: `p${n}`, amount: n })
            .execute();
        });
      }),
    );
    for (const ledger of ledgers) assert.deepEqual(await ledger.verify(), { ok: true, events: 240, firstBroken: null });
    const events = await ledgers[0]!.events({ limit: 1000 });
    assert.deepEqual(
      events.map((e) => e.data.n),
      Array.from({ length: 240 }, (_, i) => 239 - i),
    );
    await Promise.all(ledgers.map((l) => l.close()));
  });

  test('opened by three servers at once on an empty database: each table is made once', async () => {
    const url = await server.createDatabase();
    const ledgers = await Promise.all([open(url), open(url), open(url)]);
    await add(ledgers[2]!, 'a');
    assert.deepEqual(await idsOf(ledgers[0]!), ['a']);
    await Promise.all(ledgers.map((l) => l.close()));
  });

  describe('the connection goes', () => {
    test('inside a transaction: a clear error, no half, and the next one works', async () => {
      const url = await server.createDatabase();
      const ledger = await open(url);
      await add(ledger, 'before');
      const failed = ledger.transaction<Tables, void>(async (db) => {
        await db.insertInto('part').values({ id: 'half', amount: 1 }).execute();
        assert.equal(await kill(url, 'idle in transaction'), 1);
        await db.insertInto('part').values({ id: 'other half', amount: 1 }).execute();
      });
      await assert.rejects(failed, code('ledger.connectionLost'));
      await add(ledger, 'next');
      assert.deepEqual(await idsOf(ledger), ['before', 'next']);
      assert.equal((await ledger.verify()).ok, true);
      await ledger.close();
    });

    test('inside a transaction, and the next statement needs no savepoint: it does not run by itself', async () => {
      const url = await server.createDatabase();
      const ledger = await open(url);
      const failed = ledger.transaction<Tables, void>(async (db) => {
        await db.selectFrom('part').selectAll().execute();
        assert.equal(await kill(url, 'idle in transaction'), 1);
        await wait(50);
        await db.insertInto('part').values({ id: 'alone', amount: 1 }).execute();
      });
      await assert.rejects(failed, code('ledger.connectionLost'));
      assert.deepEqual(await idsOf(ledger), []);
      await ledger.close();
    });

    test('between transactions: nobody notices', async () => {
      const url = await server.createDatabase();
      const ledger = await open(url);
      await add(ledger, 'a');
      assert.ok((await kill(url, 'idle')) >= 2);
      await wait(50);
      await add(ledger, 'b');
      assert.deepEqual(await idsOf(ledger), ['a', 'b']);
      await ledger.close();
    });

    /** A commit that takes half a second, so that it can be interrupted. */
    async function slowCommit(url: string): Promise<void> {
      await raw(url, async (client) => {
        await client.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN IF NEW.id = 'slow' THEN PERFORM pg_sleep(0.6); END IF; RETURN NEW; END $$`);
        await client.query(`CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON part DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION slow()`);
      });
    }
    const committing = (url: string) =>
      until(
        () =>
          raw(server.url, async (client) => {
            const { rows } = await client.query(
              "SELECT 1 FROM pg_stat_activity WHERE datname=$1 AND state='active' AND wait_event='PgSleep'",
              [new URL(url).pathname.slice(1)],
            );
            return rows.length > 0;
          }),
        'the commit to be under way',
      );

    test('while a commit is under way that the server finishes: the caller is told that it is stored', async () => {
      const direct = await server.createDatabase();
      const proxy = await createTcpProxy({ port: Number(new URL(direct).port) });
      const through = direct.replace(`:${new URL(direct).port}/`, `:${proxy.port}/`);
      const ledger = await open(through);
      await slowCommit(direct);
      const adding = add(ledger, 'slow');
      await committing(direct);
      proxy.reset();
      await adding;
      assert.deepEqual(await idsOf(ledger), ['slow']);
      await add(ledger, 'next');
      assert.deepEqual(await ledger.verify(), { ok: true, events: 2, firstBroken: null });
      await ledger.close();
      await proxy.close();
    });

    test('while a commit is under way that the server gives up: the caller is told that nothing is stored', async () => {
      const url = await server.createDatabase();
      const ledger = await open(url);
      await slowCommit(url);
      const adding = assert.rejects(add(ledger, 'slow'), code('ledger.connectionLost'));
      await committing(url);
      await kill(url, 'active');
      await adding;
      await add(ledger, 'next');
      assert.deepEqual(await idsOf(ledger), ['next']);
      assert.equal((await ledger.verify()).ok, true);
      await ledger.close();
    });

    test('the server stops and comes back: unreachable meanwhile, then as before, with all that was acknowledged', async () => {
      const own = await startPrivatePostgresql();
      const url = await own.createDatabase();
      const ledger = await open(url);
      await add(ledger, 'a');
      await own.stop('immediate');
      await assert.rejects(add(ledger, 'b'), code('ledger.unreachable', /127\.0\.0\.1/));
      await assert.rejects(idsOf(ledger), code('ledger.unreachable'));
      await own.start();
      await add(ledger, 'c');
      assert.deepEqual(await idsOf(ledger), ['a', 'c']);
      assert.equal((await ledger.verify()).ok, true);
      await ledger.close();
      await own.stop();
    });
  });

  test('a database whose transactions are serializable by default: still nobody reads what was before his turn', async () => {
    const url = await server.createDatabase();
    await raw(url, (client) =>
      client.query(
        `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_isolation = 'serializable'`,
      ),
    );
    const ledgers = await Promise.all([open(url), open(url)]);
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        ledgers[i % 2]!.transaction<Tables, void>(async (db, emit) => {
          const n = (await db.selectFrom('part').select('id').execute()).length;
          if (i % 4 === 0) await wait(1);
          await emit({ type: 'part.added', subject: `p${n}`, actor, data: {} });
          await db
            .insertInto('part')
            .values({ id: `p${n}`, amount: n })
            .execute();
        }),
      ),
    );
    assert.equal((await idsOf(ledgers[0]!)).length, 40);
    assert.deepEqual(await ledgers[1]!.verify(), { ok: true, events: 40, firstBroken: null });
    await Promise.all(ledgers.map((l) => l.close()));
  });

  for (const caught of [false, true])
    test(`another program's deadlock: the transaction runs again and is stored once${caught ? ', also when its work caught the error' : ''}`, async () => {
      const url = await server.createDatabase();
      const ledger = await open(url);
      await add(ledger, 'x');
      await add(ledger, 'y');
      let runs = 0;
      await raw(url, async (client) => {
        await client.query("SET deadlock_timeout = '20s'");
        await client.query('BEGIN');
        await client.query("UPDATE part SET amount = 10 WHERE id = 'x'");
        let theirs: Promise<unknown> = Promise.resolve();
        await ledger.transaction<Tables, void>(async (db, emit) => {
          runs++;
          await emit({ type: 'part.changed', subject: 'y', actor, data: { runs } });
          await db.updateTable('part').set({ amount: 2 }).where('id', '=', 'y').execute();
          if (runs === 1)
            theirs = client.query("UPDATE part SET amount = 10 WHERE id = 'y'").then(() => client.query('COMMIT'));
          const last = db.updateTable('part').set({ amount: 2 }).where('id', '=', 'x').execute();
          await (caught ? last.catch(() => undefined) : last);
        });
        await theirs;
      });
      assert.equal(runs, 2);
      const rows = await ledger.read<Tables>().selectFrom('part').selectAll().execute();
      assert.deepEqual(
        rows.map((r) => r.amount),
        [2, 2],
      );
      const events = await ledger.events({ limit: 10, type: 'part.changed' });
      assert.deepEqual(
        events.map((e) => e.data.runs),
        [2],
      );
      assert.equal((await ledger.verify()).ok, true);
      await ledger.close();
    });

  test('a statement without end is stopped by the server, and so is waiting for a lock', async () => {
    const url = await server.createDatabase();
    const ledger = await open(url, { statementMs: 400 });
    const { sql } = await import('kysely');
    await assert.rejects(sql`SELECT pg_sleep(20)`.execute(ledger.read()), code('ledger.statementTimeout'));
    await raw(url, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE part IN ACCESS EXCLUSIVE MODE');
      await assert.rejects(add(ledger, 'a'), code('ledger.statementTimeout'));
      await client.query('ROLLBACK');
    });
    await add(ledger, 'b');
    assert.deepEqual(await idsOf(ledger), ['b']);
    await ledger.close();
  });

  describe('an address that does not work says why', () => {
    const cases: [string, (url: string) => string, string, RegExp][] = [
      ['not PostgreSQL', () => 'mysql://a:secret@b/c', 'ledger.badAddress', /not postgresql/],
      ['wrong password', (u) => u.replace('only-for-tests', 'wrong'), 'ledger.login', /password authentication failed/],
      ['no such database', (u) => u.replace(/\/test_.*/, '/nowhere'), 'ledger.noDatabase', /nowhere/],
      ['nobody listens', (u) => u.replace(/:\d+\//, ':1/'), 'ledger.unreachable', /127\.0\.0\.1:1/],
      ['no such host', (u) => u.replace('127.0.0.1', 'nowhere.invalid'), 'ledger.unreachable', /nowhere\.invalid/],
    ];
    for (const [name, change, expected, text] of cases) {
      test(name, async () => {
        const url = change(await server.createDatabase());
        await assert.rejects(open(url), (error) => {
          code(expected, text)(error);
          assert.doesNotMatch((error as Error).message, /only-for-tests|secret|wrong@/);
          return true;
        });
      });
    }

    test('a database that is not UTF-8, and a user without rights', async () => {
      const url = await raw(server.url, async (client) => {
        await client.query("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        await client.query("CREATE USER guest PASSWORD 'guest'");
        return server.url.replace(/\/postgres$/, '/latin');
      });
      await assert.rejects(open(url), code('ledger.encoding', /LATIN1/));
      const guest = (await server.createDatabase()).replace('tester:only-for-tests', 'guest:guest');
      await assert.rejects(open(guest), code('ledger.noRights'));
    });
  });
});
