import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';

/**
 * Durable transactions a second (one row and one chained event each), by one client and by eight, beside the raw bound:
 * node:sqlite committing one row in the same folder. DEUNGDAE_BENCH_DIR chooses the disk.
 */
const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 3);
const directory = await mkdtemp(join(process.env.DEUNGDAE_BENCH_DIR ?? tmpdir(), 'deungdae-bench-'));
const report = (name: string, perSecond: number, more: object = {}) =>
  console.log(JSON.stringify({ bench: 'ledger', name, perSecond: Math.round(perSecond), ...more }));

function raw(): number {
  const db = new DatabaseSync(join(directory, 'raw.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER)');
  const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
  const start = performance.now();
  let n = 0;
  while (performance.now() - start < seconds * 1000) insert.run(`row-${n}`, n++);
  const took = performance.now() - start;
  db.close();
  return (n / took) * 1000;
}

async function ours(clients: number, withEvent: boolean): Promise<{ perSecond: number; commits: number }> {
  const ledger = await openLedger({
    file: join(directory, `ours-${clients}-${withEvent}.db`),
    clock: systemClock,
    log: silentLogger,
    modules: [
      {
        module: 'bench',
        migrations: [
          {
            id: '0001-t',
            up: (db) =>
              db.schema
                .createTable('t')
                .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
                .addColumn('n', 'integer')
                .execute(),
          },
        ],
      },
    ],
  });
  const commitsBefore = ledger.stats().commits;
  const start = performance.now();
  let done = 0;
  const client = async (name: number) => {
    for (let i = 0; performance.now() - start < seconds * 1000; i++) {
      await ledger.transaction<{ t: { id: string; n: number } }, void>(async (db, emit) => {
        await db
          .insertInto('t')
          .values({ id: `${name}-${i}`, n: i })
          .execute();
        if (withEvent)
          await emit({ type: 't.added', subject: `t/${name}`, actor: { kind: 'system', id: 'bench' }, data: { i } });
      });
      done++;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, name) => client(name)));
  const took = performance.now() - start;
  const commits = ledger.stats().commits - commitsBefore;
  await ledger.close();
  return { perSecond: (done / took) * 1000, commits };
}

try {
  const bound = raw();
  report('raw node:sqlite, one row a commit', bound);
  for (const [clients, withEvent] of [
    [1, false],
    [1, true],
    [8, true],
    [80, true],
  ] as const) {
    const { perSecond, commits } = await ours(clients, withEvent);
    const name = `${clients} client${clients > 1 ? 's' : ''}, one row${withEvent ? ' and one event' : ''}`;
    report(name, perSecond, { ofRaw: Number((perSecond / bound).toFixed(2)), commits });
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
