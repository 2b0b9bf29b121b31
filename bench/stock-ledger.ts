import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { withoutIndexes } from './support/bulk.ts';
import { figure } from './support/plant.ts';

/**
 * Stock ledger (수불부) of a month, of a year, and its proof, over a hundred thousand and a million movements: 1000 items, a
 * year of days. Then durable receipts through the door, one a transaction, beside the raw bound: node:sqlite committing
 * one row in the same folder, and summing the movements of the month itself.
 */
const sizes = (process.env.DEUNGDAE_BENCH_MOVEMENTS ?? '100000,1000000').split(',').map(Number);
const runs = 10;
const items = Array.from({ length: 1000 }, (_, i) => `I${String(i).padStart(4, '0')}`);
const records = items.map((code) => ({ code, revision: '', data: { name: code, unit: '{pcs}', tracking: 'lot' } }));
const masterdata = {
  find: async (_kind: string, code: string) => records.find((r) => r.code === code) ?? null,
  need: async (_kind: string, code: string) => records.find((r) => r.code === code) ?? { code, data: { kind: 'raw' } },
  list: async (kind: string) => (kind === 'item' ? records : []),
};
const plant = { plant: { sites: [{ timeZone: 'UTC' }] }, nodes: [], equipment: new Map() } as unknown as PlantModel;
const caller = { userId: 'bench', name: 'bench', role: 'engineer', language: 'ko', via: 'cli' } as const;
const dayUs = 86_400_000_000;
const start = Date.UTC(2025, 0, 1) * 1000;

/** Receipts and uses in turn, written straight into the tables with their balances, as the module keeps them. */
function fill(file: string, movements: number): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN');
  const add = db.prepare(
    "INSERT INTO inv_movements VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, ?, NULL, NULL, NULL, 'system', 'bench', NULL, NULL)",
  );
  withoutIndexes(db, ['inv_movements', 'inv_daily', 'inv_stock'], () => {
    addMovements(add, movements);
    for (const sql of sums) db.exec(sql);
  });
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

/** What both sides of the movements come to: the daily figures and the balances, which outside are kept without lots. */
const sides = `(SELECT item, lot, from_place AS place, day, kind, 0 AS came, quantity AS went FROM inv_movements
  UNION ALL SELECT item, lot, to_place, day, kind, quantity, 0 FROM inv_movements)`;
const sums = [
  `INSERT INTO inv_daily SELECT item, place, day, kind, SUM(came), SUM(went) FROM ${sides} GROUP BY 1, 2, 3, 4`,
  `INSERT INTO inv_stock (item, lot, place, quantity, packed)
   SELECT item, CASE WHEN place LIKE '@%' THEN 0 ELSE lot END, place, SUM(came - went), 0 FROM ${sides} GROUP BY 1, 2, 3`,
];

function addMovements(add: StatementSync, movements: number): void {
  for (let i = 0; i < movements; i++) {
    const item = items[(i >> 1) % items.length]!;
    const [kind, from, to, quantity] =
      i % 2 === 0
        ? (['receipt', '@supplier', 'RAW', 10_000_000] as const)
        : (['consume', 'RAW', '@production', 9_000_000] as const);
    const time = start + Math.floor((i / movements) * 365) * dayUs + (i % 86_400) * 1_000_000;
    const day = Number(new Date(time / 1000).toISOString().slice(0, 10).replaceAll('-', ''));
    const lot = 1 + ((i >> 1) % items.length);
    add.run(i + 1, i + 1, kind, time, time, day, item, lot, from, to, quantity);
  }
}

async function timed(work: () => Promise<unknown> | unknown): Promise<{ p50Ms: number; p95Ms: number }> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Number(times[Math.min(runs - 1, Math.floor(runs * share))]!.toFixed(1));
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

async function run(movements: number): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(process.env.DEUNGDAE_BENCH_DIR ?? tmpdir(), 'deungdae-bench-'));
  const file = join(folder, 'ledger.sqlite');
  const modules = [onceMigrations, { module: 'inventory', migrations: inventoryMigrations }];
  try {
    await (await openLedger({ file, clock: systemClock, log: silentLogger, modules })).close();
    fill(file, movements);
    const ledger = await openLedger({ file, clock: systemClock, log: silentLogger, modules });
    const stock = await openInventory({
      ...{ ledger, clock: systemClock, log: silentLogger, plant: () => plant },
      masterdata: masterdata as never,
    });
    const ask = (from: string, to: string) =>
      stock.handlers.stockLedger!({ query: { from, to }, params: undefined, body: undefined }, caller);
    const answer = await ask('2025-12-01', '2025-12-31');
    if (!answer.balanced || answer.rows.length !== items.length) throw new Error('the ledger does not close');
    const one = { item: items[7]!, limit: 1000 };
    const found: Record<string, number> = {};
    const measure = async (name: string, work: () => Promise<unknown> | unknown, more: object = {}) => {
      const { p50Ms, p95Ms } = await timed(work);
      found[name] = p50Ms;
      figure('stock-ledger', `${name}P50Ms`, p50Ms, { unit: 'ms', movements, p95Ms, ...more });
    };
    await measure('monthWithProof', () => ask('2025-12-01', '2025-12-31'), { items: items.length, floor: 1000 });
    await measure('oldestMonthWithProof', () => ask('2025-01-01', '2025-01-31'), { floor: 1000 });
    await measure('yearWithProof', () => ask('2025-01-01', '2025-12-31'));
    await measure('balanceOfAnItemAtAMoment', () =>
      stock.handlers.stockLedger!(
        { query: { from: '2025-06-15', to: '2025-06-15', ...one }, params: undefined, body: undefined } as never,
        caller,
      ),
    );
    const raw = openRaw(file);
    if (raw.balancesOff() !== 0) throw new Error('the balances do not agree with the movements');
    await measure('rawMonthFromMovements', raw.month);
    await measure('rawAllMovements', raw.all);
    raw.close();
    figure('stock-ledger', 'ratioOfMonthToRaw', found.monthWithProof! / found.rawMonthFromMovements!, { movements });
    figure('stock-ledger', 'ratioOfOldestMonthToRaw', found.oldestMonthWithProof! / found.rawAllMovements!, {
      ...{ movements, note: 'raw: all movements summed, as a balance without daily figures would need' },
    });
    const perSecond = await receipts(ledger, stock);
    await stock.close();
    await ledger.close();
    const commits = rawCommits(folder);
    figure('stock-ledger', 'receiptsPerSecond', perSecond, { movements, clients: 4, ratioToRaw: perSecond / commits });
    figure('stock-ledger', 'rawCommitsPerSecond', commits, { movements });
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same question to the bare database: what moved in the last month, and the balances out of all movements. */
function openRaw(file: string) {
  const db = new DatabaseSync(file, { readOnly: true });
  const sums = 'SELECT item, from_place, to_place, SUM(quantity) FROM inv_movements';
  const month = db.prepare(`${sums} WHERE time >= ? AND time < ? GROUP BY 1, 2, 3`);
  const all = db.prepare(`${sums} GROUP BY 1, 2, 3`);
  const off = db.prepare(
    `SELECT COUNT(*) AS n FROM (SELECT item, place FROM (
       SELECT item, to_place AS place, quantity AS q FROM inv_movements
       UNION ALL SELECT item, from_place, -quantity FROM inv_movements
       UNION ALL SELECT item, place, -quantity FROM inv_stock) GROUP BY item, place HAVING SUM(q) <> 0)`,
  );
  return {
    month: () => month.all(start + 334 * dayUs, start + 365 * dayUs),
    all: () => all.all(),
    /** Places of items whose kept balance is not the sum of their movements. */
    balancesOff: () => (off.get() as { n: number }).n,
    close: () => db.close(),
  };
}

async function receipts(
  ledger: Awaited<ReturnType<typeof openLedger>>,
  stock: Awaited<ReturnType<typeof openInventory>>,
) {
  const count = 300;
  const from = performance.now();
  const client = async (client: number) => {
    for (let i = 0; i < count / 4; i++)
      await ledger.transaction<never, unknown>((db, emit) =>
        stock.receive(
          { db, emit },
          {
            ...{ time: systemClock.nowUs(), actor: { kind: 'system', id: 'bench' }, reference: null },
            ...{ item: items[(client * 97 + i) % items.length]!, quantity: 1_000_000, location: 'RAW' },
          },
        ),
      );
  };
  await Promise.all([0, 1, 2, 3].map(client));
  return Math.round((count / (performance.now() - from)) * 1000);
}

function rawCommits(folder: string): number {
  const db = new DatabaseSync(join(folder, 'raw.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)');
  const insert = db.prepare('INSERT INTO t (n) VALUES (?)');
  const from = performance.now();
  let n = 0;
  while (performance.now() - from < 2000) insert.run(n++);
  db.close();
  return Math.round((n / (performance.now() - from)) * 1000);
}

const found: Record<string, number>[] = [];
for (const size of sizes) found.push(await run(size));
for (let i = 1; i < found.length; i++)
  for (const name of [
    'monthWithProof',
    'oldestMonthWithProof',
    'yearWithProof',
    'rawMonthFromMovements',
    'rawAllMovements',
  ])
    figure('stock-ledger', `growthOf_${name}`, found[i]![name]! / found[i - 1]![name]!, {
      factor: sizes[i]! / sizes[i - 1]!,
    });
