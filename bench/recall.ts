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
import { withoutIndexes } from './support/bulk.ts';
import { figure } from './support/plant.ts';

/**
 * Recall simulation: one raw lot went into product lots, those into boxes on pallets, shipped to several customers; which
 * boxes, which customers? Among half a million links and five million. Beside it the raw bound: one recursive statement
 * of plain node:sqlite on the same file that gives the same boxes and customers.
 */
const sizes = (process.env.DEUNGDAE_BENCH_LINKS ?? '500000,5000000').split(',').map(Number);
const queries = Number(process.env.DEUNGDAE_BENCH_QUERIES ?? 7);
const floorMs = 5000;
/** Suspect raw lots: of how many product lots, and how many boxes hold each. */
const suspects = [
  { products: 5, boxesEach: 240 },
  { products: 50, boxesEach: 240 },
];
const boxesOnPallet = 24;
const palletsOnTruck = 5;
const customers = ['한빛전자', '두리모터스', '가온가전', 'Nordlicht GmbH', 'Rising Co.'];
/** Materials that a product lot of the rest of the plant is made of. */
const parentsEach = 20;
const base = 1_000_000_000;

interface Made {
  suspects: { key: number; boxes: number }[];
  links: number;
  lots: number;
}

/** Written straight into the tables: what is measured is reading. */
function fill(file: string, wantedLinks: number): Made {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN');
  const rows = writers(db);
  const tables = ['inv_lots', 'inv_links', 'inv_stock', 'inv_shipments', 'inv_shipment_lines'];
  let made: Made['suspects'] = [];
  withoutIndexes(db, tables, () => {
    made = fillTables(rows, wantedLinks);
  });
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return { suspects: made, links: rows.links(), lots: rows.lots() };
}

function fillTables(rows: Writers, wantedLinks: number): Made['suspects'] {
  const made: Made['suspects'] = [];
  const shipping = { shipment: 0, pallets: 0 };
  for (const { products, boxesEach } of suspects) {
    const raw = rows.lot('lot', 'RESIN');
    for (let p = 0; p < products; p++) {
      const product = rows.lot('lot', 'CAP');
      rows.link(raw, product, 'consumed');
      packAndShip(rows, product, boxesEach, shipping);
    }
    made.push({ key: raw, boxes: products * boxesEach });
  }
  // The rest of the plant: product lots of materials that are near in time, each in one box.
  const materials = Array.from({ length: Math.max(2 * parentsEach, Math.round(wantedLinks / 400)) }, () =>
    rows.lot('lot', 'RESIN'),
  );
  for (let i = 0; rows.links() < wantedLinks; i++) {
    const product = rows.lot('lot', 'CAP');
    const at = (i * 7) % (materials.length - parentsEach);
    for (let k = 0; k < parentsEach; k++) rows.link(materials[at + k]!, product, 'consumed');
    packAndShip(rows, product, 1, shipping);
  }
  return made;
}

type Writers = ReturnType<typeof writers>;

function writers(db: DatabaseSync) {
  const addLot = db.prepare(
    "INSERT INTO inv_lots VALUES (?, ?, ?, ?, '', '{pcs}', 'available', 0, 0, 'production', NULL, NULL, NULL, NULL, ?, NULL, ?, NULL)",
  );
  const addLink = db.prepare('INSERT INTO inv_links VALUES (?, ?, ?, 0, 1000000, ?)');
  const addStock = db.prepare('INSERT INTO inv_stock VALUES (?, ?, ?, 1000000, 0)');
  const addShipment = db.prepare(
    "INSERT INTO inv_shipments VALUES (?, ?, ?, 'shipped', NULL, NULL, '', 1000000, 2000000)",
  );
  const addLine = db.prepare("INSERT INTO inv_shipment_lines VALUES (?, ?, ?, 'CAP', 1000000, 1000000)");
  let key = base;
  let links = 0;
  return {
    lot(kind: 'lot' | 'container', item: string): number {
      addLot.run(++key, `N${key}`, kind, item, key, kind === 'container' ? '@customer' : null);
      return key;
    },
    link(parent: number, child: number, kind: 'consumed' | 'packed') {
      addLink.run(parent, child, kind, key);
      links++;
    },
    left: (lot: number) => addStock.run('CAP', lot, 'FG'),
    shipment(n: number) {
      addShipment.run(n, `SH-${n}`, customers[n % customers.length]!);
    },
    line: (shipment: number, box: number, lot: number) => addLine.run(shipment, box, lot),
    links: () => links,
    lots: () => key - base,
  };
}

/** Boxes of one lot on pallets, on trucks to the customers in turn; a little of the lot stays in the plant. */
function packAndShip(rows: Writers, product: number, boxes: number, at: { shipment: number; pallets: number }): void {
  let pallet = 0;
  for (let b = 0; b < boxes; b++) {
    if (b % boxesOnPallet === 0 && boxes > 1) {
      pallet = rows.lot('container', 'PALLET');
      if (at.pallets++ % palletsOnTruck === 0) rows.shipment(++at.shipment);
    }
    if (at.shipment === 0) rows.shipment(++at.shipment);
    const box = rows.lot('container', 'CAP');
    rows.link(product, box, 'packed');
    if (pallet) rows.link(box, pallet, 'packed');
    rows.line(at.shipment, box, product);
  }
  if (boxes > 1) rows.left(product);
}

const idOf = (key: number) => `lot-${key.toString(36)}`;
const plant = { plant: { sites: [{ timeZone: 'Asia/Seoul' }] }, nodes: [], equipment: new Map() };
const masterdata = {
  find: async () => null,
  need: async () => Promise.reject(new Error('none')),
  list: async () => [],
};

async function timed(work: () => unknown): Promise<{ first: number; median: number }> {
  const times: number[] = [];
  for (let i = 0; i < queries; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const first = times[0]!;
  return { first, median: times.sort((a, b) => a - b)[times.length >> 1]! };
}

/** The same boxes and customers in one statement. */
function rawRecall(file: string, suspect: number) {
  const db = new DatabaseSync(file, { readOnly: true });
  const statement = db.prepare(
    `WITH RECURSIVE r(lot) AS (SELECT ? UNION SELECT l.child FROM r CROSS JOIN inv_links l WHERE l.parent = r.lot)
     SELECT line.box, s.customer FROM r CROSS JOIN inv_shipment_lines line JOIN inv_shipments s ON s.key = line.shipment
     WHERE line.lot = r.lot`,
  );
  return { all: () => statement.all(suspect), close: () => db.close() };
}

async function run(wanted: number): Promise<number[]> {
  const folder = await mkdtemp(join(process.env.DEUNGDAE_BENCH_DIR ?? tmpdir(), 'deungdae-bench-'));
  const file = join(folder, 'ledger.sqlite');
  const modules = [onceMigrations, { module: 'inventory', migrations: inventoryMigrations }];
  const options = { file, clock: systemClock, log: silentLogger, modules };
  try {
    await (await openLedger(options)).close();
    const began = performance.now();
    const made = fill(file, wanted);
    figure('recall', 'fillSeconds', (performance.now() - began) / 1000, {
      ...{ links: made.links, lots: made.lots, fileMb: Math.round((await stat(file)).size / 1e6) },
    });
    const ledger = await openLedger(options);
    const stock = await openInventory({
      ...{ ledger, clock: systemClock, log: silentLogger, plant: () => plant as unknown as PlantModel },
      masterdata: masterdata as never,
    });
    const medians: number[] = [];
    for (const suspect of made.suspects) {
      const answer = await stock.recall([idOf(suspect.key)]);
      const boxes = new Set(answer.shipped.map((s) => s.box)).size;
      const named = new Set(answer.shipped.map((s) => s.customer)).size;
      if (boxes !== suspect.boxes || answer.cut || answer.stock.length === 0)
        throw new Error(`recalled ${boxes} of ${suspect.boxes} boxes, ${answer.stock.length} in stock`);
      const { first, median } = await timed(() => stock.recall([idOf(suspect.key)]));
      const raw = rawRecall(file, suspect.key);
      const bare = await timed(raw.all);
      raw.close();
      const about = { unit: 's', links: made.links, boxes, customers: named, lotsReached: answer.lots };
      figure('recall', 'seconds', median / 1000, { ...about, firstSeconds: first / 1000, floor: floorMs / 1000 });
      figure('recall', 'rawSeconds', bare.median / 1000, { ...about, note: 'boxes and customers only' });
      figure('recall', 'ratioToRaw', median / bare.median, { links: made.links, boxes });
      medians.push(median);
    }
    figure('recall', 'growthOfAnswer', medians[1]! / medians[0]!, { links: made.links, factor: 10 });
    await stock.close();
    await ledger.close();
    return medians;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const found: number[][] = [];
for (const size of sizes) found.push(await run(size));
for (let i = 1; i < found.length; i++)
  figure('recall', 'growthOfPlant', found[i]![1]! / found[i - 1]![1]!, { factor: sizes[i]! / sizes[i - 1]! });
