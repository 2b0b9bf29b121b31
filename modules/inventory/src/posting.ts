import type { Actor } from '@deungdae/contracts/event.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import { inventoryError } from './errors.ts';
import type { DailyRow, Db, MovementRow, StockRow, StoredKind } from './schema.ts';

/** A movement to be recorded. `toLot` where the goods go on under another lot; `container` where they come to be in one. */
export interface NewMovement {
  kind: StoredKind;
  item: string;
  lot: number;
  toLot?: number;
  container?: number;
  from: string;
  to: string;
  quantity: Millionths;
  partner?: string | null;
  reverses?: number;
  /** Goods that are in a container at `from`, and stay in one at `to`. */
  packedFrom?: boolean;
  packedTo?: boolean;
}

export interface Posting {
  time: number;
  recordedAt: number;
  day: number;
  actor: Actor;
  reference: string | null;
  reason: string | null;
  nextKey(): number;
}

const rowsAtOnce = 400;

export function isOutside(place: string): boolean {
  return place.startsWith('@');
}

export function* chunks<T>(all: readonly T[], size = rowsAtOnce): Generator<T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size);
}

/**
 * Records movements as one act, and the balances with them. Throws `inventory.short` or `inventory.packed` when an
 * inside balance would fall below nothing, or below what is packed there; nothing is kept then.
 */
export async function post(db: Db, posting: Posting, movements: readonly NewMovement[]): Promise<MovementRow[]> {
  const act = posting.nextKey();
  const rows = movements.map((m) => toRow(posting, act, m));
  for (const part of chunks(rows)) await putOff(db, db.insertInto('inv_movements').values(part));
  await changeDaily(db, posting.day, movements);
  await changeStock(db, movements);
  return rows;
}

function toRow(posting: Posting, act: number, m: NewMovement): MovementRow {
  return {
    key: posting.nextKey(),
    act,
    kind: m.kind,
    time: posting.time,
    recorded_at: posting.recordedAt,
    day: posting.day,
    item: m.item,
    lot: m.lot,
    to_lot: m.toLot ?? null,
    container: m.container ?? null,
    from_place: m.from,
    to_place: m.to,
    quantity: m.quantity,
    reference: posting.reference,
    partner: m.partner ?? null,
    reason: posting.reason,
    actor_kind: posting.actor.kind,
    actor_id: posting.actor.id,
    reverses: m.reverses ?? null,
    reversed_by: null,
  };
}

/** What movements change, one row for each place of a lot, in a fixed order so that two clients never block each other. */
function stockChanges(movements: readonly NewMovement[]): StockRow[] {
  const changes = new Map<string, StockRow>();
  const add = (item: string, lot: number, place: string, quantity: number, packed: number) => {
    const kept = isOutside(place) ? 0 : lot;
    const key = `${item}\n${kept}\n${place}`;
    const row = changes.get(key) ?? { item, lot: kept, place, quantity: 0, packed: 0 };
    row.quantity += quantity;
    if (!isOutside(place)) row.packed += packed;
    changes.set(key, row);
  };
  for (const m of movements) {
    add(m.item, m.lot, m.from, -m.quantity, m.packedFrom ? -m.quantity : 0);
    add(m.item, m.toLot ?? m.lot, m.to, m.quantity, m.packedTo ? m.quantity : 0);
  }
  return [...changes.entries()]
    .filter(([, row]) => row.quantity !== 0 || row.packed !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
}

async function changeStock(db: Db, movements: readonly NewMovement[]): Promise<void> {
  const emptied = new Set<number>();
  for (const part of chunks(stockChanges(movements))) {
    const now = await db
      .insertInto('inv_stock')
      .values(part)
      .onConflict((c) =>
        c.columns(['item', 'lot', 'place']).doUpdateSet((eb) => ({
          quantity: eb('inv_stock.quantity', '+', eb.ref('excluded.quantity')),
          packed: eb('inv_stock.packed', '+', eb.ref('excluded.packed')),
        })),
      )
      .returning(['item', 'lot', 'place', 'quantity', 'packed'])
      .execute();
    for (const row of now) {
      if (isOutside(row.place)) continue;
      if (row.quantity < 0 || row.quantity < row.packed || row.packed < 0) await refuse(db, row, part);
      if (row.quantity === 0) emptied.add(row.lot);
    }
  }
  for (const lots of chunks([...emptied]))
    await putOff(
      db,
      db.deleteFrom('inv_stock').where('lot', 'in', lots).where('lot', '>', 0).where('quantity', '=', 0),
    );
}

async function refuse(db: Db, now: StockRow, changes: readonly StockRow[]): Promise<never> {
  const change = changes.find((c) => c.item === now.item && c.lot === now.lot && c.place === now.place);
  const lot = await db.selectFrom('inv_lots').select(['number', 'unit']).where('key', '=', now.lot).executeTakeFirst();
  const asked = -(change?.quantity ?? 0);
  const there = now.quantity + asked;
  const packed = now.packed - (change?.packed ?? 0);
  const show = (value: number) => String(fromMillionths(value));
  const words = { item: now.item, lot: lot?.number ?? '', place: now.place, unit: showUnit(lot?.unit ?? '') };
  if (now.quantity < 0 || packed <= 0)
    throw inventoryError('inventory.short', { ...words, there: show(there), asked: show(asked) }, { status: 409 });
  throw inventoryError(
    'inventory.packed',
    { ...words, there: show(there), packed: show(packed), loose: show(there - packed) },
    { status: 409 },
  );
}

/** `{pcs}` reads as `pcs`. */
export function showUnit(unit: string): string {
  return unit.replace(/[{}]/g, '');
}

/** Movements within one place (split, merge, pack) leave the daily figures alone. */
async function changeDaily(db: Db, day: number, movements: readonly NewMovement[]): Promise<void> {
  const days = new Map<string, DailyRow>();
  const add = (m: NewMovement, place: string, qtyIn: number, qtyOut: number) => {
    const key = `${m.item}\n${place}\n${m.kind}`;
    const row = days.get(key) ?? { item: m.item, place, day, kind: m.kind, qty_in: 0, qty_out: 0 };
    row.qty_in += qtyIn;
    row.qty_out += qtyOut;
    days.set(key, row);
  };
  for (const m of movements) {
    if (m.from === m.to) continue;
    add(m, m.from, 0, m.quantity);
    add(m, m.to, m.quantity, 0);
  }
  const rows = [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  for (const part of chunks(rows))
    await putOff(
      db,
      db
        .insertInto('inv_daily')
        .values(part)
        .onConflict((c) =>
          c.columns(['item', 'place', 'day', 'kind']).doUpdateSet((eb) => ({
            qty_in: eb('inv_daily.qty_in', '+', eb.ref('excluded.qty_in')),
            qty_out: eb('inv_daily.qty_out', '+', eb.ref('excluded.qty_out')),
          })),
        ),
    );
}
