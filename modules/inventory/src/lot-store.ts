import type { Lot, LotStatus, Movement } from '@deungdae/contracts/lot.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { Kysely } from '@deungdae/ledger/ledger.ts';
import { lotId, lotKey } from './keys.ts';
import { chunks, isOutside } from './posting.ts';
import type { Db, HoldRow, InventoryTables, LotRow, MovementRow, StockRow } from './schema.ts';

/** For reading inside or outside a transaction. */
export type Reader = Kysely<InventoryTables>;

/** What stands for all stock of an item that has no lots. */
export function untrackedNumber(item: string): string {
  return `*${item}`;
}

/** By printed number first, then by id. */
export async function findLot(db: Reader, idOrNumber: string): Promise<LotRow | null> {
  const key = lotKey(idOrNumber);
  const select = db.selectFrom('inv_lots').selectAll();
  const row = await (key === null
    ? select.where('number', '=', idOrNumber)
    : select.where('key', '=', key)
  ).executeTakeFirst();
  return row ?? null;
}

export async function lotRows(db: Reader, keys: readonly number[]): Promise<Map<number, LotRow>> {
  const rows = new Map<number, LotRow>();
  for (const part of chunks([...new Set(keys)]))
    for (const row of await db.selectFrom('inv_lots').selectAll().where('key', 'in', part).execute())
      rows.set(row.key, row);
  return rows;
}

export function statusOf(row: Pick<LotRow, 'status' | 'holds'>, onHand: number): LotStatus {
  if (row.holds > 0) return 'hold';
  if (row.status !== 'available') return row.status;
  return onHand > 0 ? 'available' : 'closed';
}

function toLot(row: LotRow, holds: readonly HoldRow[], stock: readonly Pick<StockRow, 'place' | 'quantity'>[]): Lot {
  const onHand = stock.reduce((sum, s) => sum + s.quantity, 0);
  return {
    id: lotId(row.key),
    number: row.number,
    kind: row.kind,
    item: row.item,
    revision: row.revision,
    unit: row.unit,
    status: statusOf(row, onHand),
    holds: holds.map((h) => ({ id: String(h.key), reason: h.reason, since: h.since, reference: h.reference })),
    origin: row.origin,
    supplier: row.supplier,
    supplierLot: row.supplier_lot,
    workOrder: row.work_order,
    run: row.run,
    producedAt: row.produced_at,
    expiresAt: row.expires_at,
    onHand: fromMillionths(onHand),
    stock: stock.map((s) => ({ location: s.place, quantity: fromMillionths(s.quantity) })),
    inside: row.inside === null ? null : lotId(row.inside),
  };
}

/** Lots as the contract has them, in the order of the rows. A container's stock is what it holds, where it stands. */
export async function toLots(db: Reader, rows: readonly LotRow[]): Promise<Lot[]> {
  const holds = new Map<number, HoldRow[]>();
  const stock = new Map<number, Pick<StockRow, 'place' | 'quantity'>[]>();
  const push = <T>(map: Map<number, T[]>, key: number, value: T) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const part of chunks(rows.map((r) => r.key))) {
    const [open, there] = await Promise.all([
      db
        .selectFrom('inv_holds')
        .selectAll()
        .where('lot', 'in', part)
        .where('ended_at', 'is', null)
        .orderBy('key')
        .execute(),
      db
        .selectFrom('inv_stock')
        .select(['lot', 'place', 'quantity'])
        .where('lot', 'in', part)
        .where('quantity', '>', 0)
        .orderBy('place')
        .execute(),
    ]);
    for (const hold of open) push(holds, hold.lot, hold);
    for (const row of there) if (!isOutside(row.place)) push(stock, row.lot, row);
  }
  const boxes = rows.filter((r) => r.kind === 'container');
  const contents = await contentsOf(
    db,
    boxes.map((r) => r.key),
  );
  for (const box of boxes) {
    const quantity = (contents.get(box.key) ?? []).reduce((sum, c) => sum + c.quantity, 0);
    if (quantity > 0 && box.place !== null && !isOutside(box.place))
      stock.set(box.key, [{ place: box.place, quantity }]);
  }
  return rows.map((row) => toLot(row, holds.get(row.key) ?? [], stock.get(row.key) ?? []));
}

/** What is in containers, those inside them included: lots and quantities by the container asked for. */
export async function contentsOf(
  db: Reader,
  containers: readonly number[],
): Promise<Map<number, { lot: number; quantity: number; box: number }[]>> {
  const found = new Map<number, { lot: number; quantity: number; box: number }[]>();
  /** Every box below, with the container asked for that it is in. */
  let level = new Map(containers.map((key) => [key, key]));
  for (let depth = 0; depth < maxNesting && level.size > 0; depth++) {
    const next = new Map<number, number>();
    for (const part of chunks([...level.keys()])) {
      for (const row of await db.selectFrom('inv_contents').selectAll().where('container', 'in', part).execute()) {
        const top = level.get(row.container)!;
        const list = found.get(top) ?? [];
        list.push({ lot: row.lot, quantity: row.quantity, box: row.container });
        found.set(top, list);
      }
      for (const row of await db.selectFrom('inv_lots').select(['key', 'inside']).where('inside', 'in', part).execute())
        next.set(row.key, level.get(row.inside!)!);
    }
    level = next;
  }
  return found;
}

/**
 * Locks a container and those inside it for the transaction, from the outside in: who packs, unpacks, moves and ships
 * the same box comes one after another, on both engines. Answers the container as it now is.
 */
export async function lockBox(db: Db, box: number): Promise<LotRow> {
  let level = [box];
  for (let depth = 0; depth <= maxNesting && level.length > 0; depth++) {
    for (const part of chunks([...level].sort((a, b) => a - b)))
      await db
        .updateTable('inv_lots')
        .set((eb) => ({ holds: eb.ref('holds') }))
        .where('key', 'in', part)
        .execute();
    level = (await db.selectFrom('inv_lots').select('key').where('inside', 'in', level).execute()).map((r) => r.key);
  }
  return db.selectFrom('inv_lots').selectAll().where('key', '=', box).executeTakeFirstOrThrow();
}

/** A container and those inside it, from the outside in. */
export async function boxesIn(db: Reader, box: number): Promise<LotRow[]> {
  const found: LotRow[] = [];
  let level = await db.selectFrom('inv_lots').selectAll().where('key', '=', box).execute();
  for (let depth = 0; depth <= maxNesting && level.length > 0; depth++) {
    found.push(...level);
    const next: LotRow[] = [];
    for (const part of chunks(level.map((r) => r.key)))
      next.push(...(await db.selectFrom('inv_lots').selectAll().where('inside', 'in', part).execute()));
    level = next;
  }
  return found;
}

/** So many containers stand one in another: box, pallet, container … */
export const maxNesting = 6;

export async function toMovements(db: Reader, rows: readonly MovementRow[]): Promise<Movement[]> {
  const keys = rows.flatMap((r) => [r.lot, r.to_lot, r.container]).filter((k): k is number => k !== null);
  const lots = await lotRows(db, keys);
  return rows.map((r) => {
    const lot = lots.get(r.lot);
    const tracked = lot !== undefined && lot.untracked === 0;
    return {
      id: String(r.key),
      kind: r.kind,
      time: r.time,
      recordedAt: r.recorded_at,
      item: r.item,
      lot: tracked ? lotId(r.lot) : null,
      lotNumber: tracked ? lot.number : null,
      toLot: r.to_lot === null ? null : lotId(r.to_lot),
      container: r.container === null ? null : lotId(r.container),
      from: r.from_place,
      to: r.to_place,
      quantity: fromMillionths(r.quantity),
      reference: r.reference,
      partner: r.partner,
      reason: r.reason,
      actor: r.actor_id,
      reverses: r.reverses === null ? null : String(r.reverses),
      reversedBy: r.reversed_by === null ? null : String(r.reversed_by),
    };
  });
}
