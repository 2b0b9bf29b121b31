import type { Actor } from '@deungdae/contracts/event.ts';
import type { Lot, MovementKind } from '@deungdae/contracts/lot.ts';
import type { Migration, Transaction } from '@deungdae/ledger/ledger.ts';

export interface LotRow {
  key: number;
  number: string;
  kind: Lot['kind'];
  item: string;
  revision: string;
  unit: string;
  /** What is kept; hold and closed follow from holds and stock. */
  status: 'available' | 'quarantine' | 'rejected';
  /** Open holds. */
  holds: number;
  /** 1: stands for all stock of an item without lots; never part of a genealogy. */
  untracked: number;
  origin: Lot['origin'];
  supplier: string | null;
  supplier_lot: string | null;
  work_order: string | null;
  run: string | null;
  produced_at: number;
  expires_at: number | null;
  /** Containers: where it stands, and the container it is in. */
  place: string | null;
  inside: number | null;
}
export interface HoldRow {
  key: number;
  lot: number;
  reason: string;
  reference: string | null;
  since: number;
  ended_at: number | null;
}
/** Outside places have lot 0. `packed` is how much of it is inside containers at the same place. */
export interface StockRow {
  item: string;
  lot: number;
  place: string;
  quantity: number;
  packed: number;
}
/** What a pack or unpack records is a movement too, from a place to itself. */
export type StoredKind = MovementKind;
export interface MovementRow {
  key: number;
  /** Movements of one business act share it. */
  act: number;
  kind: StoredKind;
  time: number;
  recorded_at: number;
  /** Plant day, yyyymmdd. */
  day: number;
  item: string;
  lot: number;
  to_lot: number | null;
  container: number | null;
  from_place: string;
  to_place: string;
  quantity: number;
  reference: string | null;
  partner: string | null;
  reason: string | null;
  actor_kind: Actor['kind'];
  actor_id: string;
  reverses: number | null;
  reversed_by: number | null;
}
export interface DailyRow {
  item: string;
  place: string;
  day: number;
  kind: StoredKind;
  qty_in: number;
  qty_out: number;
}
export interface LinkRow {
  parent: number;
  child: number;
  kind: 'consumed' | 'split' | 'merged' | 'packed' | 'reworked';
  run: number;
  quantity: number;
  time: number;
}
export interface InventoryTables {
  inv_lots: LotRow;
  inv_holds: HoldRow;
  inv_stock: StockRow;
  inv_movements: MovementRow;
  inv_daily: DailyRow;
  inv_links: LinkRow;
  inv_runs: { key: number; run: string };
  inv_contents: { container: number; lot: number; quantity: number };
  inv_counters: { name: string; last: number };
  inv_settings: { name: string; value: string };
  inv_closings: {
    key: number;
    day: number;
    at: number;
    actor: string;
    /** As the person was called when signing. */
    name: string | null;
    note: string | null;
    reopened_at: number | null;
    reopened_by: string | null;
    reopened_name: string | null;
    reopen_reason: string | null;
  };
  inv_shipments: {
    key: number;
    number: string;
    customer: string;
    status: 'open' | 'shipped' | 'cancelled';
    due: number | null;
    sales_order: string | null;
    note: string;
    created_at: number;
    shipped_at: number | null;
  };
  /** `box` is 0 for a loose lot; the whole content of a box stands here, a line a lot. */
  inv_shipment_lines: {
    shipment: number;
    box: number;
    lot: number;
    item: string;
    quantity: number;
    scanned_at: number;
  };
  inv_counts: {
    key: number;
    number: string;
    status: 'open' | 'posted' | 'cancelled';
    /** JSON list of places; empty for all. */
    places: string;
    blind: number;
    frozen_at: number;
    posted_at: number | null;
    actor: string;
  };
  inv_count_lines: {
    count: number;
    item: string;
    lot: number;
    place: string;
    expected: number;
    counted: number | null;
    counted_at: number | null;
    counted_by: string | null;
  };
  inv_print_jobs: {
    key: number;
    printer: string;
    title: string;
    payload: string;
    status: 'waiting' | 'done' | 'failed' | 'cancelled';
    attempts: number;
    next_at: number;
    error: string | null;
    created_at: number;
    done_at: number | null;
    actor: string;
  };
}

export type Db = Transaction<InventoryTables>;

export const inventoryMigrations: readonly Migration[] = [
  {
    id: '0001-inventory',
    async up(db) {
      const { schema } = db;
      await schema
        .createTable('inv_lots')
        .addColumn('key', 'bigint', (c) => c.primaryKey())
        .addColumn('number', 'varchar(60)', (c) => c.notNull().unique())
        .addColumn('kind', 'varchar(12)', (c) => c.notNull())
        .addColumn('item', 'varchar(60)', (c) => c.notNull())
        .addColumn('revision', 'varchar(60)', (c) => c.notNull())
        .addColumn('unit', 'varchar(20)', (c) => c.notNull())
        .addColumn('status', 'varchar(12)', (c) => c.notNull())
        .addColumn('holds', 'integer', (c) => c.notNull())
        .addColumn('untracked', 'integer', (c) => c.notNull())
        .addColumn('origin', 'varchar(20)', (c) => c.notNull())
        .addColumn('supplier', 'varchar(60)')
        .addColumn('supplier_lot', 'varchar(60)')
        .addColumn('work_order', 'varchar(80)')
        .addColumn('run', 'varchar(80)')
        .addColumn('produced_at', 'bigint', (c) => c.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('place', 'varchar(60)')
        .addColumn('inside', 'bigint')
        .execute();
      await schema.createIndex('inv_lots_item').on('inv_lots').columns(['item', 'produced_at']).execute();
      await schema.createIndex('inv_lots_inside').on('inv_lots').column('inside').execute();
      await schema.createIndex('inv_lots_supplier_lot').on('inv_lots').column('supplier_lot').execute();
      await schema.createIndex('inv_lots_run').on('inv_lots').column('run').execute();
      await schema
        .createTable('inv_holds')
        .addColumn('key', 'bigint', (c) => c.primaryKey())
        .addColumn('lot', 'bigint', (c) => c.notNull())
        .addColumn('reason', 'varchar(200)', (c) => c.notNull())
        .addColumn('reference', 'varchar(200)')
        .addColumn('since', 'bigint', (c) => c.notNull())
        .addColumn('ended_at', 'bigint')
        .execute();
      await schema.createIndex('inv_holds_lot').on('inv_holds').columns(['lot', 'ended_at']).execute();
      await schema
        .createTable('inv_stock')
        .addColumn('item', 'varchar(60)', (c) => c.notNull())
        .addColumn('lot', 'bigint', (c) => c.notNull())
        .addColumn('place', 'varchar(60)', (c) => c.notNull())
        .addColumn('quantity', 'bigint', (c) => c.notNull())
        .addColumn('packed', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('inv_stock_key', ['item', 'lot', 'place'])
        .execute();
      await schema.createIndex('inv_stock_lot').on('inv_stock').column('lot').execute();
      await schema.createIndex('inv_stock_place').on('inv_stock').columns(['place', 'item']).execute();
      await createMovements(db);
      await createLinks(db);
      await createPapers(db);
    },
  },
  {
    // Sums of days are answered by this index alone.
    id: '0002-daily-sums',
    async up(db) {
      await db.schema
        .createIndex('inv_daily_sums')
        .on('inv_daily')
        .columns(['place', 'day', 'item', 'kind', 'qty_in', 'qty_out'])
        .execute();
    },
  },
  {
    id: '0003-signed-closings',
    async up(db) {
      const columns = { name: 120, note: 200, reopened_by: 120, reopened_name: 120, reopen_reason: 200 };
      for (const [name, length] of Object.entries(columns))
        await db.schema.alterTable('inv_closings').addColumn(name, `varchar(${length})`).execute();
    },
  },
  {
    id: '0004-recorded-at',
    // Standing queries ask what was recorded since they last asked.
    up: (db) => db.schema.createIndex('inv_movements_recorded').on('inv_movements').columns(['recorded_at']).execute(),
  },
];

async function createMovements(db: Parameters<Migration['up']>[0]): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('inv_movements')
    .addColumn('key', 'bigint', (c) => c.primaryKey())
    .addColumn('act', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'varchar(20)', (c) => c.notNull())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('recorded_at', 'bigint', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('item', 'varchar(60)', (c) => c.notNull())
    .addColumn('lot', 'bigint', (c) => c.notNull())
    .addColumn('to_lot', 'bigint')
    .addColumn('container', 'bigint')
    .addColumn('from_place', 'varchar(60)', (c) => c.notNull())
    .addColumn('to_place', 'varchar(60)', (c) => c.notNull())
    .addColumn('quantity', 'bigint', (c) => c.notNull())
    .addColumn('reference', 'varchar(200)')
    .addColumn('partner', 'varchar(60)')
    .addColumn('reason', 'varchar(200)')
    .addColumn('actor_kind', 'varchar(12)', (c) => c.notNull())
    .addColumn('actor_id', 'varchar(120)', (c) => c.notNull())
    .addColumn('reverses', 'bigint')
    .addColumn('reversed_by', 'bigint')
    .execute();
  const index = (name: string, columns: string[]) =>
    schema.createIndex(`inv_movements_${name}`).on('inv_movements').columns(columns).execute();
  await index('time', ['time', 'key']);
  await index('item', ['item', 'time']);
  await index('lot', ['lot', 'time']);
  await index('to_lot', ['to_lot']);
  await index('container', ['container']);
  await index('reference', ['reference']);
  await index('act', ['act']);
  await schema
    .createTable('inv_daily')
    .addColumn('item', 'varchar(60)', (c) => c.notNull())
    .addColumn('place', 'varchar(60)', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('kind', 'varchar(20)', (c) => c.notNull())
    .addColumn('qty_in', 'bigint', (c) => c.notNull())
    .addColumn('qty_out', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('inv_daily_key', ['item', 'place', 'day', 'kind'])
    .execute();
  await schema.createIndex('inv_daily_day').on('inv_daily').columns(['day', 'place']).execute();
}

/** Ten million links: both directions are answered by an index alone; runs are kept as integers. */
async function createLinks(db: Parameters<Migration['up']>[0]): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('inv_links')
    .addColumn('parent', 'bigint', (c) => c.notNull())
    .addColumn('child', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'varchar(10)', (c) => c.notNull())
    .addColumn('run', 'bigint', (c) => c.notNull())
    .addColumn('quantity', 'bigint', (c) => c.notNull())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('inv_links_key', ['parent', 'child', 'kind', 'run'])
    .execute();
  await schema.createIndex('inv_links_child').on('inv_links').columns(['child', 'parent']).execute();
  await schema
    .createTable('inv_runs')
    .addColumn('key', 'bigint', (c) => c.primaryKey())
    .addColumn('run', 'varchar(80)', (c) => c.notNull().unique())
    .execute();
  await schema
    .createTable('inv_contents')
    .addColumn('container', 'bigint', (c) => c.notNull())
    .addColumn('lot', 'bigint', (c) => c.notNull())
    .addColumn('quantity', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('inv_contents_key', ['container', 'lot'])
    .execute();
  await schema.createIndex('inv_contents_lot').on('inv_contents').column('lot').execute();
}

async function createPapers(db: Parameters<Migration['up']>[0]): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('inv_counters')
    .addColumn('name', 'varchar(120)', (c) => c.primaryKey())
    .addColumn('last', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('inv_settings')
    .addColumn('name', 'varchar(40)', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('inv_closings')
    .addColumn('key', 'bigint', (c) => c.primaryKey())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'varchar(120)', (c) => c.notNull())
    .addColumn('reopened_at', 'bigint')
    .execute();
  await schema
    .createTable('inv_shipments')
    .addColumn('key', 'bigint', (c) => c.primaryKey())
    .addColumn('number', 'varchar(60)', (c) => c.notNull().unique())
    .addColumn('customer', 'varchar(60)', (c) => c.notNull())
    .addColumn('status', 'varchar(12)', (c) => c.notNull())
    .addColumn('due', 'bigint')
    .addColumn('sales_order', 'varchar(60)')
    .addColumn('note', 'varchar(500)', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('shipped_at', 'bigint')
    .execute();
  await schema
    .createTable('inv_shipment_lines')
    .addColumn('shipment', 'bigint', (c) => c.notNull())
    .addColumn('box', 'bigint', (c) => c.notNull())
    .addColumn('lot', 'bigint', (c) => c.notNull())
    .addColumn('item', 'varchar(60)', (c) => c.notNull())
    .addColumn('quantity', 'bigint', (c) => c.notNull())
    .addColumn('scanned_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('inv_shipment_lines_key', ['shipment', 'box', 'lot'])
    .execute();
  await schema.createIndex('inv_shipment_lines_lot').on('inv_shipment_lines').columns(['lot', 'shipment']).execute();
  await schema.createIndex('inv_shipment_lines_box').on('inv_shipment_lines').columns(['box', 'shipment']).execute();
  await createCountsAndJobs(db);
}

async function createCountsAndJobs(db: Parameters<Migration['up']>[0]): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('inv_counts')
    .addColumn('key', 'bigint', (c) => c.primaryKey())
    .addColumn('number', 'varchar(60)', (c) => c.notNull().unique())
    .addColumn('status', 'varchar(12)', (c) => c.notNull())
    .addColumn('places', 'text', (c) => c.notNull())
    .addColumn('blind', 'integer', (c) => c.notNull())
    .addColumn('frozen_at', 'bigint', (c) => c.notNull())
    .addColumn('posted_at', 'bigint')
    .addColumn('actor', 'varchar(120)', (c) => c.notNull())
    .execute();
  await schema
    .createTable('inv_count_lines')
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addColumn('item', 'varchar(60)', (c) => c.notNull())
    .addColumn('lot', 'bigint', (c) => c.notNull())
    .addColumn('place', 'varchar(60)', (c) => c.notNull())
    .addColumn('expected', 'bigint', (c) => c.notNull())
    .addColumn('counted', 'bigint')
    .addColumn('counted_at', 'bigint')
    .addColumn('counted_by', 'varchar(120)')
    .addPrimaryKeyConstraint('inv_count_lines_key', ['count', 'item', 'lot', 'place'])
    .execute();
  await schema
    .createTable('inv_print_jobs')
    .addColumn('key', 'bigint', (c) => c.primaryKey())
    .addColumn('printer', 'varchar(60)', (c) => c.notNull())
    .addColumn('title', 'varchar(200)', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('status', 'varchar(12)', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_at', 'bigint', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('done_at', 'bigint')
    .addColumn('actor', 'varchar(120)', (c) => c.notNull())
    .execute();
  await schema.createIndex('inv_print_jobs_due').on('inv_print_jobs').columns(['status', 'next_at']).execute();
}
