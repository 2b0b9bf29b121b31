import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Lot, LotLink, Movement } from '@deungdae/contracts/lot.ts';
import type { Millionths } from '@deungdae/contracts/quantity.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger, LedgerTx } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { Act } from './act.ts';
import { type CoreParts, type MaterialAccount, Work } from './core.ts';
import { actHandlers } from './handlers/act.ts';
import { closingHandlers } from './handlers/closing.ts';
import { paperHandlers } from './handlers/paper.ts';
import { readHandlers } from './handlers/read.ts';
import type { HandlerParts } from './handlers/shared.ts';
import { hold, release, setStatus } from './holds.ts';
import { openingStockTarget } from './import-opening.ts';
import { addOrigins, produce, receive } from './incoming.ts';
import { consume, issuable } from './issue.ts';
import { Keys, lotId, lotKey } from './keys.ts';
import { PrintQueue } from './labels/print-queue.ts';
import { linksOf } from './links.ts';
import { findLot, lotRows, type Reader, toLots, toMovements } from './lot-store.ts';
import { adjust, customerReturn, giveBack, move, reverse, scrap, takeBack, unmake } from './moves.ts';
import { nextSerial, plantDay } from './numbering.ts';
import { merge, pack, split, unpack } from './packing.ts';
import { isOutside } from './posting.ts';
import { findScanned, type ScanParts } from './scan.ts';
import { type InventoryTables, inventoryMigrations, type LotRow, type MovementRow } from './schema.ts';

import { SettingsStore } from './settings.ts';
import { shipNow } from './shipments.ts';
import { stockLedger } from './stock-ledger.ts';
import { type ActQuery, lotsById, type Recall, recall, type StockAct, stockActs } from './trace.ts';

export type { Act } from './act.ts';
export type { MaterialAccount } from './core.ts';
export { qrCode, runsOf } from './labels/matrix.ts';
export type { ActQuery, Recall, StockAct } from './trace.ts';
export { inventoryMigrations };

/**
 * Lots, places and movements of stock. All quantities here are millionths of the item's unit. Every function that
 * changes something takes the caller's transaction, so that one business act stays one transaction. Stock never goes
 * negative: `inventory.short` names item, lot, place, what is there and what was asked.
 */
export interface InventoryModule {
  handlers: Handlers;
  /** By id or by printed number (also a GS1 element string or Digital Link URI); null when unknown. */
  lot(idOrNumber: string, tx?: LedgerTx): Promise<Lot | null>;
  onHand(item: string, location?: string, tx?: LedgerTx): Promise<Millionths>;
  /** Lots that may be issued now, in the item's FIFO or FEFO order. */
  available(item: string, location: string | null, tx?: LedgerTx): Promise<Lot[]>;
  /** As `available`, by place, with what lies in no box there: nothing of quarantine, scrap, shipping or outsourcers. */
  loose(item: string, tx?: LedgerTx): Promise<{ lot: string; location: string; quantity: Millionths }[]>;
  /** A new lot number by the plant's numbering rule. */
  nextNumber(tx: LedgerTx, kind: Lot['kind'], item: string, time: number): Promise<string>;
  receive(
    tx: LedgerTx,
    input: Act & {
      item: string;
      revision?: string;
      quantity: Millionths;
      location: string;
      number?: string;
      supplier?: string;
      supplierLot?: string;
      expiresAt?: number;
      quarantine?: boolean;
    },
  ): Promise<Lot>;
  /** A lot made by a run, at a place. Adding to the run's open lot keeps its id. */
  produce(
    tx: LedgerTx,
    input: Act & {
      item: string;
      revision: string;
      quantity: Millionths;
      location: string;
      workOrder: string;
      run: string;
      lot?: string;
      number?: string;
      quarantine?: boolean;
      /** Links to lots of the same item say `reworked`. */
      rework?: boolean;
      /** Lots it was made from, already consumed. */
      from: readonly { lot: string; quantity: Millionths }[];
    },
  ): Promise<Lot>;
  /**
   * Takes a named lot, or lots by the item's issue rule (back-flush), out of stock into production; from quarantine, scrap,
   * shipping and outsourcers only when the place is named. With `atMost` it takes what there is in no box instead of
   * refusing; the answer says how much that was.
   */
  consume(
    tx: LedgerTx,
    input: Act & {
      item: string;
      quantity: Millionths;
      lot?: string;
      location?: string;
      run: string | null;
      atMost?: boolean;
    },
  ): Promise<{ lot: string; quantity: Millionths }[]>;
  move(tx: LedgerTx, input: Act & { lot: string; from: string; to: string; quantity: Millionths }): Promise<Movement>;
  /** Issued material that comes back from the line; what a run did not use leaves its genealogy. */
  giveBack(
    tx: LedgerTx,
    input: Act & { lot: string; location: string; quantity: Millionths; run: string | null },
  ): Promise<Movement>;
  /** A correction: material of a run goes back to where it was taken from; `made` of it leaves products of these runs. */
  takeBack(
    tx: LedgerTx,
    input: Act & {
      lot: string;
      run: string;
      quantity: Millionths;
      made: { runs: readonly string[]; quantity: Millionths };
    },
  ): Promise<void>;
  /** Says afterwards what a lot was made of, when the material was named later than the pieces. */
  addOrigins(
    tx: LedgerTx,
    input: Act & { lot: string; run: string; from: readonly { lot: string; quantity: Millionths }[] },
  ): Promise<void>;
  /** One keeps account of what runs used, and is asked when some of it comes back. Call before the doors open. */
  useMaterialAccount(account: MaterialAccount): void;
  /** Pieces of a run that were never made leave its lot and the genealogy; answers what left it, by lots they were of. */
  unmake(
    tx: LedgerTx,
    input: Act & { lot: string; run: string; location: string; quantity: Millionths },
  ): Promise<{ lot: string; run: string; quantity: Millionths }[]>;
  /** Goods a customer sends back, into quarantine. */
  customerReturn(
    tx: LedgerTx,
    input: Act & { lot: string; location: string; quantity: Millionths; customer: string | null },
  ): Promise<Movement>;
  scrap(
    tx: LedgerTx,
    input: Act & { item: string; lot?: string; location?: string; quantity: Millionths },
  ): Promise<Movement>;
  ship(
    tx: LedgerTx,
    input: Act & { shipment: string; customer: string; lots: readonly { lot: string; quantity: Millionths }[] },
  ): Promise<Movement[]>;
  adjust(
    tx: LedgerTx,
    input: Act & { item: string; lot?: string; location: string; difference: Millionths },
  ): Promise<Movement>;
  split(tx: LedgerTx, input: Act & { lot: string; quantity: Millionths }): Promise<Lot>;
  merge(tx: LedgerTx, input: Act & { lots: readonly string[]; location: string }): Promise<Lot>;
  /** Puts lots into a container (a box, a pallet). */
  pack(
    tx: LedgerTx,
    input: Act & {
      container?: string;
      number?: string;
      lots: readonly { lot: string; quantity: Millionths }[];
      location: string;
    },
  ): Promise<Lot>;
  /** Takes all, or some lots, out of a container. */
  unpack(
    tx: LedgerTx,
    input: Act & { container: string; lots?: readonly { lot: string; quantity: Millionths }[] },
  ): Promise<Lot>;
  hold(tx: LedgerTx, input: Act & { lot: string; reason: string }): Promise<{ hold: string }>;
  /** Ends one hold; without `hold` all of the act's reference (all, when it has none), and the lot leaves quarantine. */
  release(tx: LedgerTx, input: Act & { lot: string; hold?: string }): Promise<void>;
  reject(tx: LedgerTx, input: Act & { lot: string }): Promise<void>;
  /** Into quarantine, and available again after quarantine or rejection; holds stay. */
  quarantine(tx: LedgerTx, input: Act & { lot: string }): Promise<void>;
  accept(tx: LedgerTx, input: Act & { lot: string }): Promise<void>;
  /** Takes a movement back with an opposite one. */
  reverse(tx: LedgerTx, input: Act & { movement: string }): Promise<Movement>;
  movements(query: {
    item?: string;
    lot?: string;
    reference?: string;
    from?: number;
    to?: number;
    limit: number;
  }): Promise<Movement[]>;
  /** Links of lots up (`parents`) or down (`children`) to any depth, at most `limit` (default 100 000) links. */
  links(lots: readonly string[], direction: 'up' | 'down', limit?: number): Promise<LotLink[]>;
  /** Everything below suspect lots: shipped to whom in which box, and what is still here. */
  recall(lots: readonly string[]): Promise<Recall>;
  /** Lots by id; unknown ones are left out. */
  lots(ids: readonly string[]): Promise<Lot[]>;
  /** Business acts with their movements, the oldest first. */
  acts(query: ActQuery): Promise<StockAct[]>;
  /** Opening and closing stock of each item over whole plant days, `to` included. */
  balances(from: string, to: string): Promise<{ item: string; opening: number; closing: number }[]>;
  /** Goods sent to customers in [from, to), µs, the newest first; at most 100 000. */
  shipped(from: number, to: number): Promise<Movement[]>;
  close(): Promise<void>;
}

export interface InventoryOptions {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  masterdata: Pick<MasterDataModule, 'find' | 'need' | 'list'> & Partial<Pick<MasterDataModule, 'registerImport'>>;
  plant(): PlantModel;
}

/** Opens the stock. The tables are those of `inventoryMigrations`. */
export async function openInventory(options: InventoryOptions): Promise<InventoryModule> {
  const { ledger, clock, masterdata } = options;
  const settings = await SettingsStore.open(ledger);
  const scanning: ScanParts = {
    masterdata,
    marks: () => ({ plant: siteOf(options.plant()), linkBase: settings.current.linkBase }),
  };
  const parts: CoreParts = {
    clock,
    masterdata,
    keys: new Keys(clock),
    material: null,
    rules: () => settings.current.numbering,
    timeZone: () => zoneOf(options.plant()),
    findLot: (db, text, at) => findScanned(db, scanning, text, at),
  };
  const reader = (tx?: LedgerTx): Reader => (tx ? (tx.db as unknown as Reader) : ledger.read<InventoryTables>());
  const begin = (tx: LedgerTx, act: Act) => new Work(parts, tx, { ...act });
  const lotOf = async (work: Work, row: LotRow) =>
    (await toLots(work.db, [...(await lotRows(work.db, [row.key])).values()]))[0]!;
  const movementOf = async (work: Work, row: MovementRow | undefined) => (await toMovements(work.db, [row!]))[0]!;
  const act =
    <I, T>(run: (work: Work, input: I) => Promise<T>) =>
    (tx: LedgerTx, input: I & Act) =>
      run(begin(tx, input), input);

  const queue = new PrintQueue({
    ledger,
    clock,
    keys: parts.keys,
    log: options.log,
    printers: () => settings.current.printers,
  });
  queue.start();
  masterdata.registerImport?.(openingStockTarget(parts, () => reader()));
  const handling: HandlerParts = { ledger, clock, core: parts, scanning, settings, queue };
  const door: InventoryModule = {
    handlers: {
      ...readHandlers(handling),
      ...actHandlers(handling),
      ...closingHandlers(handling),
      ...paperHandlers(handling),
    },
    async lot(idOrNumber, tx) {
      const db = reader(tx);
      const row = await parts.findLot(db, idOrNumber, clock.nowUs());
      return row ? ((await toLots(db, [row]))[0] ?? null) : null;
    },
    onHand: (item, location, tx) => onHand(reader(tx), item, location),
    available: async (item, location, tx) => {
      const db = reader(tx);
      const loose = await issuable(db, parts, { item, location, time: clock.nowUs() }, tx);
      const rows = new Map(loose.map((l) => [l.row.key, l.row]));
      return toLots(db, [...rows.values()]);
    },
    loose: async (item, tx) => {
      const found = await issuable(reader(tx), parts, { item, location: null, time: clock.nowUs() }, tx);
      return found.map(({ row, place, loose }) => ({ lot: lotId(row.key), location: place, quantity: loose }));
    },
    nextNumber: (tx, kind, item, time) =>
      nextSerial(begin(tx, systemAct(time)).db, parts.rules()[kind], plantDay(time, parts.timeZone()), item),
    receive: act(async (work, input) => lotOf(work, await receive(work, input))),
    produce: act(async (work, input) => (await toLots(work.db, [await produce(work, input)]))[0]!),
    consume: act(consume),
    move: act(async (work, input) => movementOf(work, (await move(work, input))[0])),
    giveBack: act(async (work, input) => movementOf(work, await giveBack(work, input))),
    takeBack: act(takeBack),
    addOrigins: act(addOrigins),
    useMaterialAccount: (account) => {
      parts.material = account;
    },
    unmake: act(unmake),
    customerReturn: act(async (work, input) => movementOf(work, await customerReturn(work, input))),
    scrap: act(async (work, input) => movementOf(work, await scrap(work, input))),
    ship: act(async (work, input) => toMovements(work.db, await shipNow(work, input))),
    adjust: act(async (work, input) => movementOf(work, await adjust(work, input))),
    split: act(async (work, input) => lotOf(work, await split(work, input))),
    merge: act(async (work, input) => lotOf(work, await merge(work, input))),
    pack: act(async (work, input) => lotOf(work, await pack(work, input))),
    unpack: act(async (work, input) => lotOf(work, await unpack(work, input))),
    hold: act(hold),
    release: act(release),
    reject: act((work, input) => setStatus(work, input, 'rejected')),
    quarantine: act((work, input) => setStatus(work, input, 'quarantine')),
    accept: act((work, input) => setStatus(work, input, 'available')),
    reverse: act(async (work, input) => movementOf(work, await reverse(work, input.movement))),
    movements: (query) => movements(reader(), query),
    links: (lots, direction, limit) =>
      linksOf(
        reader(),
        lots.map(lotKey).filter((k): k is number => k !== null),
        direction,
        limit,
      ),
    recall: (lots) => recall(reader(), lots),
    lots: (ids) => lotsById(reader(), ids),
    acts: (query) => stockActs(reader(), query),
    balances: async (from, to) => stockLedger(reader(), masterdata, { from, to }, clock.nowUs()),
    shipped: (from, to) => shippedMovements(reader(), from, to),
    close: () => queue.close(),
  };
  return door;
}

function systemAct(time: number): Act {
  return { time, actor: { kind: 'system', id: 'inventory' }, reference: null };
}

/** Stock is kept by the days of the plant's first site. */
function zoneOf(plant: PlantModel): string {
  for (const machine of plant.equipment.values()) return machine.timeZone;
  return plant.plant.sites[0]?.timeZone ?? 'Asia/Seoul';
}

/** Path of the plant's first site; it stands on labels and tells our own from another plant's. */
function siteOf(plant: PlantModel): string {
  const site = plant.nodes.find((n) => n.level === 'site');
  return site?.path ?? plant.plant.enterprise.id;
}

async function onHand(db: Reader, item: string, location?: string): Promise<Millionths> {
  let select = db.selectFrom('inv_stock').select(['place', 'quantity']).where('item', '=', item).where('lot', '>', 0);
  if (location !== undefined) select = select.where('place', '=', location);
  const rows = await select.execute();
  return rows.reduce((sum, r) => sum + (isOutside(r.place) ? 0 : r.quantity), 0);
}

async function shippedMovements(db: Reader, from: number, to: number): Promise<Movement[]> {
  const rows = await db
    .selectFrom('inv_movements')
    .selectAll()
    .where('kind', '=', 'ship')
    .where('time', '>=', from)
    .where('time', '<', to)
    .orderBy('time', 'desc')
    .orderBy('key', 'desc')
    .limit(100_000)
    .execute();
  return toMovements(db, rows);
}

async function movements(db: Reader, query: Parameters<InventoryModule['movements']>[0]): Promise<Movement[]> {
  let select = db.selectFrom('inv_movements').selectAll();
  if (query.item !== undefined) select = select.where('item', '=', query.item);
  if (query.lot !== undefined) {
    const lot = await findLot(db, query.lot);
    if (!lot) return [];
    select = select.where((eb) =>
      eb.or([eb('lot', '=', lot.key), eb('to_lot', '=', lot.key), eb('container', '=', lot.key)]),
    );
  }
  if (query.reference !== undefined) select = select.where('reference', '=', query.reference);
  if (query.from !== undefined) select = select.where('time', '>=', query.from);
  if (query.to !== undefined) select = select.where('time', '<', query.to);
  const rows = await select
    .orderBy('time', 'desc')
    .orderBy('key', 'desc')
    .limit(Math.min(query.limit, 100_000))
    .execute();
  return toMovements(db, rows);
}
