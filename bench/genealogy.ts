import { mkdtemp, rm, stat } from 'node:fs/promises';
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
 * Genealogy over a million links, and over ten million with DEUNGDAE_BENCH_LINKS=10000000: whole trees up and down through
 * the door (95th percentile), and a recall of one raw lot; beside the raw bound, the same recursive statement in
 * node:sqlite. Shape of a moulding plant: raw lots into moulded lots, those into assemblies, those into boxes on pallets.
 */
const sizes = (process.env.DEUNGDAE_BENCH_LINKS ?? '100000,1000000').split(',').map(Number);
const queries = Number(process.env.DEUNGDAE_BENCH_QUERIES ?? 300);
const report = (name: string, more: object) => console.log(JSON.stringify({ bench: 'genealogy', name, ...more }));

/** Levels and how many of each are made of one above: [count share, parents each]. */
const levels = [
  { share: 0.01, parents: 0 },
  { share: 0.33, parents: 2 },
  { share: 0.33, parents: 3 },
  { share: 0.3, parents: 1 },
  { share: 0.03, parents: 10 },
];

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

interface Made {
  lots: number;
  links: number;
  first: readonly number[];
}

/** Written straight into the tables: what is measured is reading. Parents are near in time, as in a plant. */
function fill(file: string, wantedLinks: number): Made {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN');
  const perLot = levels.reduce((sum, l) => sum + l.share * l.parents, 0);
  const lots = Math.round(wantedLinks / perLot);
  const base = 1_000_000_000;
  const addLot = db.prepare(
    "INSERT INTO inv_lots VALUES (?, ?, ?, ?, '', '{pcs}', 'available', 0, 0, 'production', NULL, NULL, NULL, NULL, ?, NULL, NULL, NULL)",
  );
  const addLink = db.prepare("INSERT OR IGNORE INTO inv_links VALUES (?, ?, 'consumed', 0, 1000000, ?)");
  const next = random(42);
  const first: number[] = [];
  let key = base;
  let links = 0;
  let above = { from: 0, count: 0 };
  for (const [level, { share, parents }] of levels.entries()) {
    const count = Math.round(lots * share);
    first.push(key);
    for (let i = 0; i < count; i++, key++) {
      addLot.run(key, `N${key}`, level > 2 ? 'container' : 'lot', `I${level}`, key);
      const at = (i / count) * above.count;
      for (let p = 0; p < parents; p++) {
        const near = Math.floor(at + (next() - 0.5) * 40);
        addLink.run(above.from + Math.min(above.count - 1, Math.max(0, near)), key, key);
        links++;
      }
    }
    above = { from: first.at(-1)!, count };
  }
  first.push(key);
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return { lots, links, first };
}

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2));
}

const id = (key: number) => `lot-${key.toString(36)}`;
const plant = {
  plant: { sites: [{ timeZone: 'Asia/Seoul' }] },
  nodes: [],
  equipment: new Map(),
} as unknown as PlantModel;
const masterdata = {
  find: async () => null,
  need: async () => Promise.reject(new Error('none')),
  list: async () => [],
};

async function run(wanted: number): Promise<number> {
  const folder = await mkdtemp(join(process.env.DEUNGDAE_BENCH_DIR ?? tmpdir(), 'deungdae-bench-'));
  const file = join(folder, 'ledger.sqlite');
  const modules = [onceMigrations, { module: 'inventory', migrations: inventoryMigrations }];
  try {
    await (await openLedger({ file, clock: systemClock, log: silentLogger, modules })).close();
    const filled = performance.now();
    const made = fill(file, wanted);
    const fillMs = performance.now() - filled;
    const ledger = await openLedger({ file, clock: systemClock, log: silentLogger, modules });
    const stock = await openInventory({
      ...{ ledger, clock: systemClock, log: silentLogger, plant: () => plant },
      masterdata: masterdata as never,
    });
    const mb = Math.round((await stat(file)).size / 1e6);
    const next = random(7);
    const anyOf = (level: number) =>
      made.first[level]! + Math.floor(next() * (made.first[level + 1]! - made.first[level]!));
    const measure = async (level: number, direction: 'up' | 'down') => {
      const times: number[] = [];
      let found = 0;
      for (let i = 0; i < queries; i++) {
        const start = performance.now();
        const links = await stock.links([id(anyOf(level))], direction);
        times.push(performance.now() - start);
        found += links.length;
      }
      return { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95), linksEach: Math.round(found / queries) };
    };
    const up = await measure(3, 'up');
    const down = await measure(0, 'down');
    report('up', { links: made.links, lots: made.lots, ...up });
    report('down', { links: made.links, ...down, floorMs: 200, fileMb: mb, fillSeconds: Math.round(fillMs / 1000) });
    report('down, raw node:sqlite', { links: made.links, ...rawDown(file, anyOf) });
    await stock.close();
    await ledger.close();
    return down.p95Ms;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rawDown(file: string, anyOf: (level: number) => number) {
  const db = new DatabaseSync(file, { readOnly: true });
  const statement = db.prepare(
    'WITH RECURSIVE r(lot) AS (SELECT ? UNION SELECT l.child FROM r JOIN inv_links l ON l.parent = r.lot) SELECT l.* FROM r JOIN inv_links l ON l.parent = r.lot',
  );
  const times: number[] = [];
  for (let i = 0; i < queries; i++) {
    const start = performance.now();
    statement.all(anyOf(0));
    times.push(performance.now() - start);
  }
  db.close();
  return { p50Ms: percentile(times, 0.5), p95Ms: percentile(times, 0.95) };
}

const p95: number[] = [];
for (const size of sizes) p95.push(await run(size));
for (let i = 1; i < sizes.length; i++)
  report('growth', {
    work: Number((sizes[i]! / sizes[i - 1]!).toFixed(2)),
    time: Number((p95[i]! / p95[i - 1]!).toFixed(2)),
  });
