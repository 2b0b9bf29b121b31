import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openLedger } from '@deungdae/ledger/open.ts';

/**
 * Stock ledger (수불부) of a month, of a year, and its proof, over a hundred thousand and a million movements: 1000 items, a
 * year of days. Then durable receipts through the door, one a transaction, beside the raw bound: node:sqlite committing
 * one row in the same folder, and summing the movements of the month itself.
 */
const sizes = (process.env.DEUNGDAE_BENCH_MOVEMENTS ?? '100000,1000000').split(',').map(Number);
const runs = 20;
const report = (name: string, more: object) => console.log(JSON.stringify({ bench: 'stock-ledger', name, ...more }));
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
  const daily = db.prepare(
    'INSERT INTO inv_daily VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET qty_in = qty_in + excluded.qty_in, qty_out = qty_out + excluded.qty_out',
  );
  const stock = db.prepare(
    'INSERT INTO inv_stock VALUES (?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity',
  );
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
    daily.run(item, from, day, kind, 0, quantity);
    daily.run(item, to, day, kind, quantity, 0);
    stock.run(item, from.startsWith('@') ? 0 : lot, from, -quantity);
    stock.run(item, to.startsWith('@') ? 0 : lot, to, quantity);
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
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

async function run(movements: number): Promise<number> {
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
    const month = await timed(() => ask('2025-12-01', '2025-12-31'));
    report('month, with its proof', { movements, ...month });
    report('year, with its proof', { movements, ...(await timed(() => ask('2025-01-01', '2025-12-31'))) });
    report('month from the movements, raw node:sqlite', { movements, ...(await rawMonth(file)) });
    report('receipts, one a transaction', { movements, ...(await receipts(ledger, stock)) });
    await stock.close();
    await ledger.close();
    report('one row a commit, raw node:sqlite', { movements, perSecond: rawCommits(folder) });
    return month.p50Ms;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rawMonth(file: string) {
  const db = new DatabaseSync(file, { readOnly: true });
  const statement = db.prepare(
    'SELECT item, from_place, to_place, SUM(quantity) FROM inv_movements WHERE time >= ? AND time < ? GROUP BY 1, 2, 3',
  );
  const result = await timed(() => statement.all(start + 334 * dayUs, start + 365 * dayUs));
  db.close();
  return result;
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
  return { perSecond: Math.round((count / (performance.now() - from)) * 1000), clients: 4 };
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

const p50: number[] = [];
for (const size of sizes) p50.push(await run(size));
for (let i = 1; i < sizes.length; i++)
  report('growth', { work: sizes[i]! / sizes[i - 1]!, time: Number((p50[i]! / p50[i - 1]!).toFixed(2)) });
