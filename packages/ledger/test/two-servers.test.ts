import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import pg from 'pg';
import { openLedger } from '../src/open.ts';
import { postgresqlAbsence, privatePostgresql } from '../src/testing/private-postgresql.ts';
import { type ShelfTables, shelfModules } from './two-servers-tables.ts';

const absence = postgresqlAbsence();
if (absence) console.log(`# skipped: ${absence}`);
/** Acts of each of eight clients of each server; each is sent twice at once. */
const acts = Number(process.env.DEUNGDAE_TWO_SERVERS ?? 15);

interface Told {
  done: number;
  codes: Record<string, number>;
  again: number;
}

function server(url: string, name: string): { ready: Promise<void>; told: Promise<Told> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'two-servers-child.ts'), url, name, String(acts)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = Promise.withResolvers<void>();
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
    if (said.startsWith('ready')) ready.resolve();
  });
  const told = new Promise<Told>((resolve, reject) => {
    child.on('close', (code) => {
      const line = said.trim().split('\n').at(-1) ?? '';
      if (code === 0 && line.startsWith('{')) resolve(JSON.parse(line) as Told);
      else reject(new Error(`server ${name} ended with ${code}: ${said}`));
    });
  });
  told.catch(ready.reject);
  return { ready: ready.promise, told };
}

async function asked(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A program of somebody else that locks the same rows in the other order, over and over. */
async function stranger(url: string, going: () => boolean): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let rounds = 0;
  try {
    // It waits long before it looks for a deadlock: it is the ledger that is chosen as the victim.
    await client.query("SET deadlock_timeout = '30s'");
    for (; going(); rounds++) {
      await client.query('BEGIN');
      for (const id of rounds % 2 === 0 ? ['a', 'b'] : ['b', 'a']) {
        await client.query('UPDATE shelf SET amount = amount WHERE id = $1', [id]);
        await wait(5);
      }
      await client.query('COMMIT');
      await wait(20);
    }
  } finally {
    await client.end();
  }
  return rounds;
}

test('two server processes on one database, and a program that locks the same rows: every act is done once, none is refused', {
  skip: absence ?? false,
  timeout: 120_000,
}, async (t) => {
  const url = await (await privatePostgresql()).createDatabase();
  await asked(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET deadlock_timeout = '50ms'`);
  const settings = { url, clock: systemClock, log: silentLogger, modules: shelfModules };
  const watcher = await openLedger(settings);
  const servers = ['one', 'two'].map((name) => server(url, name));
  await Promise.all(servers.map((s) => s.ready));
  let going = true;
  const disturbed = stranger(url, () => going);
  const told = await Promise.all(servers.map((s) => s.told)).finally(() => {
    going = false;
  });
  t.diagnostic(JSON.stringify({ told, locked: await disturbed }));
  for (const { done, codes } of told) assert.deepEqual({ done, codes }, { done: acts * 16, codes: {} });
  const expected = acts * 16;
  const shelves = await watcher.read<ShelfTables>().selectFrom('shelf').selectAll().orderBy('id').execute();
  // Even acts take from a, odd ones from b: of an odd number one more goes to b.
  const more = (acts % 2) * 16;
  assert.deepEqual(
    shelves.map((s) => s.amount),
    [1000 - more, 1000 + more],
  );
  assert.deepEqual(await watcher.verify(), { ok: true, events: expected, firstBroken: null });
  assert.ok(
    told.some((s) => s.again > 0),
    'no transaction ever ran again: the test proves nothing',
  );
  await watcher.close();
});
