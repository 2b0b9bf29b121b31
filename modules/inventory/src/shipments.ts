import type { Shipment } from '@deungdae/contracts/api-inventory.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { z } from 'zod';
import { checkQuantity, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { placesOf, refuseShut, shutToShipping } from './issue.ts';
import { lotId } from './keys.ts';
import { lotRows, type Reader } from './lot-store.ts';
import { boxGoods, type ShipLot, ship, shipping } from './moves.ts';
import { chunks, isOutside } from './posting.ts';
import type { InventoryTables, LotRow, MovementRow } from './schema.ts';

type ShipmentRow = InventoryTables['inv_shipments'];
type LineRow = InventoryTables['inv_shipment_lines'];
type ShipmentOut = z.output<typeof Shipment>;

/** By number or id. Throws `inventory.unknownShipment`. */
export async function needShipment(db: Reader, idOrNumber: string): Promise<ShipmentRow> {
  const byNumber = await db.selectFrom('inv_shipments').selectAll().where('number', '=', idOrNumber).executeTakeFirst();
  if (byNumber) return byNumber;
  const key = Number(idOrNumber);
  const row = Number.isSafeInteger(key)
    ? await db.selectFrom('inv_shipments').selectAll().where('key', '=', key).executeTakeFirst()
    : undefined;
  if (!row) throw inventoryError('inventory.unknownShipment', { number: idOrNumber }, { status: 404 });
  return row;
}

export async function createShipment(
  work: Work,
  input: { customer: string; due?: number; salesOrder?: string; note: string },
): Promise<ShipmentRow> {
  await work.parts.masterdata.need('partner', input.customer, work.act.time, work.tx);
  const row: ShipmentRow = {
    key: work.parts.keys.next(),
    number: await work.number('shipment', ''),
    customer: input.customer,
    status: 'open',
    due: input.due ?? null,
    sales_order: input.salesOrder ?? null,
    note: input.note,
    created_at: work.act.time,
    shipped_at: null,
  };
  await work.db.insertInto('inv_shipments').values(row).execute();
  await work.emit('shipment.created', `shipment/${row.number}`, { customer: row.customer });
  return row;
}

function mustBeOpen(row: ShipmentRow): void {
  if (row.status === 'open') return;
  const words = { number: row.number, status: `@shipmentStatus.${row.status}` };
  throw inventoryError('inventory.shipmentClosed', words, { status: 409 });
}

/** Puts a box or loose goods of a lot on an open shipment; the goods stay in stock until it leaves. */
export async function loadShipment(
  work: Work,
  shipment: ShipmentRow,
  row: LotRow,
  quantity: Millionths | null,
): Promise<void> {
  mustBeOpen(shipment);
  if (row.kind === 'container') {
    const other = await openShipmentOf(work.db, row.key);
    if (other) throw inventoryError('inventory.alreadyOnShipment', { lot: row.number, number: other }, { status: 409 });
    const goods = await boxGoods(work, row);
    const lines = new Map<number, LineRow>();
    for (const g of goods) {
      const line = lines.get(g.lot);
      if (line) line.quantity += g.quantity;
      else lines.set(g.lot, newLine(shipment, row.key, g.lot, g.item, g.quantity, work.act.time));
    }
    await work.db
      .insertInto('inv_shipment_lines')
      .values([...lines.values()])
      .execute();
  } else await loadLoose(work, shipment, row, quantity);
  await work.emit('shipment.loaded', `shipment/${shipment.number}`, { number: row.number });
}

function newLine(shipment: ShipmentRow, box: number, lot: number, item: string, quantity: number, at: number): LineRow {
  return { shipment: shipment.key, box, lot, item, quantity, scanned_at: at };
}

async function loadLoose(work: Work, shipment: ShipmentRow, row: LotRow, quantity: Millionths | null): Promise<void> {
  await work.checkUsable(row, shipping);
  const on = await work.db
    .selectFrom('inv_shipment_lines')
    .select('quantity')
    .where('shipment', '=', shipment.key)
    .where('box', '=', 0)
    .where('lot', '=', row.key)
    .executeTakeFirst();
  if (on)
    throw inventoryError('inventory.alreadyOnShipment', { lot: row.number, number: shipment.number }, { status: 409 });
  const stock = await work.db
    .selectFrom('inv_stock')
    .select(['place', 'quantity', 'packed'])
    .where('lot', '=', row.key)
    .execute();
  const inside = stock.filter((s) => !isOutside(s.place) && s.quantity > 0);
  const closed = await placesOf(work.parts, shutToShipping, work.act.time);
  const open = inside.filter((s) => !closed.has(s.place));
  const loose = open.reduce((sum, s) => sum + s.quantity - s.packed, 0);
  const take = quantity ?? loose;
  if (take > loose || take === 0) refuseShut(row, inside, closed, shipping);
  if (take > loose || take === 0)
    throw inventoryError(
      'inventory.short',
      {
        item: row.item,
        lot: row.number,
        place: stock[0]?.place ?? '-',
        there: fromMillionths(loose),
        asked: fromMillionths(take),
        unit: row.unit.replace(/[{}]/g, ''),
      },
      { status: 409 },
    );
  checkQuantity(take, row.kind);
  await work.db
    .insertInto('inv_shipment_lines')
    .values(newLine(shipment, 0, row.key, row.item, take, work.act.time))
    .execute();
}

async function openShipmentOf(db: Reader, box: number): Promise<string | null> {
  const row = await db
    .selectFrom('inv_shipment_lines')
    .innerJoin('inv_shipments', 'inv_shipments.key', 'inv_shipment_lines.shipment')
    .select('inv_shipments.number')
    .where('inv_shipment_lines.box', '=', box)
    .where('inv_shipments.status', '=', 'open')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? null;
}

export async function unloadShipment(work: Work, shipment: ShipmentRow, row: LotRow): Promise<void> {
  mustBeOpen(shipment);
  const column = row.kind === 'container' ? 'box' : 'lot';
  await work.db
    .deleteFrom('inv_shipment_lines')
    .where('shipment', '=', shipment.key)
    .where(column, '=', row.key)
    .execute();
  await work.emit('shipment.unloaded', `shipment/${shipment.number}`, { number: row.number });
}

/** The shipment leaves with what is on it. Holds put on since the loading stop it. */
export async function sendShipment(work: Work, shipment: ShipmentRow): Promise<MovementRow[]> {
  mustBeOpen(shipment);
  const lines = await work.db
    .selectFrom('inv_shipment_lines')
    .selectAll()
    .where('shipment', '=', shipment.key)
    .orderBy('scanned_at')
    .execute();
  const boxes = new Set<number>();
  const lots: ShipLot[] = [];
  for (const line of lines) {
    if (line.box === 0) lots.push({ lot: lotId(line.lot), quantity: line.quantity });
    else if (!boxes.has(line.box)) {
      boxes.add(line.box);
      lots.push({ lot: lotId(line.box), quantity: line.quantity });
    }
  }
  await work.db.deleteFrom('inv_shipment_lines').where('shipment', '=', shipment.key).execute();
  return shipOn(work, shipment, lots);
}

/** Ships on a shipment of that number, which is made when there is none: the door's way for other modules. */
export async function shipNow(
  work: Work,
  input: { shipment: string; customer: string; lots: readonly ShipLot[] },
): Promise<MovementRow[]> {
  const known = await work.db
    .selectFrom('inv_shipments')
    .selectAll()
    .where('number', '=', input.shipment)
    .executeTakeFirst();
  if (known) {
    mustBeOpen(known);
    return shipOn(work, known, input.lots);
  }
  const row: ShipmentRow = {
    key: work.parts.keys.next(),
    number: input.shipment,
    customer: input.customer,
    status: 'open',
    due: null,
    sales_order: null,
    note: '',
    created_at: work.act.time,
    shipped_at: null,
  };
  await work.db.insertInto('inv_shipments').values(row).execute();
  return shipOn(work, row, input.lots);
}

async function shipOn(work: Work, shipment: ShipmentRow, lots: readonly ShipLot[]): Promise<MovementRow[]> {
  work.act.reference = `shipment/${shipment.number}`;
  const { movements, lines } = await ship(work, { shipment: shipment.number, customer: shipment.customer, lots });
  const sums = new Map<string, LineRow>();
  for (const line of lines) {
    const key = `${line.box} ${line.lot}`;
    const same = sums.get(key);
    if (same) same.quantity += line.quantity;
    else sums.set(key, { ...line, shipment: shipment.key, scanned_at: work.act.time });
  }
  for (const part of chunks([...sums.values()])) await work.db.insertInto('inv_shipment_lines').values(part).execute();
  await work.db
    .updateTable('inv_shipments')
    .set({ status: 'shipped', shipped_at: work.act.time })
    .where('key', '=', shipment.key)
    .execute();
  return movements;
}

export async function cancelShipment(work: Work, shipment: ShipmentRow): Promise<void> {
  mustBeOpen(shipment);
  await work.db.deleteFrom('inv_shipment_lines').where('shipment', '=', shipment.key).execute();
  await work.db.updateTable('inv_shipments').set({ status: 'cancelled' }).where('key', '=', shipment.key).execute();
  await work.emit('shipment.cancelled', `shipment/${shipment.number}`, { customer: shipment.customer });
}

/** Shipments as the contract has them; without lines when only a list is wanted. */
export async function toShipments(
  db: Reader,
  masterdata: Pick<MasterDataModule, 'list'>,
  now: number,
  rows: readonly ShipmentRow[],
  withLines: boolean,
): Promise<ShipmentOut[]> {
  const partners = new Map((await masterdata.list('partner', now)).map((p) => [p.code, p.data.name]));
  const items = withLines ? new Map((await masterdata.list('item', now)).map((i) => [i.code, i.data])) : new Map();
  const out: ShipmentOut[] = [];
  for (const row of rows) {
    const lines = withLines
      ? await db
          .selectFrom('inv_shipment_lines')
          .selectAll()
          .where('shipment', '=', row.key)
          .orderBy('box')
          .orderBy('lot')
          .limit(10_000)
          .execute()
      : [];
    const lots = await lotRows(
      db,
      lines.flatMap((l) => (l.box === 0 ? [l.lot] : [l.lot, l.box])),
    );
    out.push({
      id: String(row.key),
      number: row.number,
      customer: row.customer,
      customerName: partners.get(row.customer) ?? row.customer,
      status: row.status,
      due: row.due,
      salesOrder: row.sales_order,
      note: row.note,
      createdAt: row.created_at,
      shippedAt: row.shipped_at,
      lines: lines.map((l) => ({
        box: l.box === 0 ? null : lotId(l.box),
        boxNumber: lots.get(l.box)?.number ?? null,
        lot: lotId(l.lot),
        lotNumber: lots.get(l.lot)?.number ?? '',
        item: l.item,
        itemName: items.get(l.item)?.name ?? l.item,
        quantity: fromMillionths(l.quantity),
        unit: lots.get(l.lot)?.unit ?? '',
      })),
    });
  }
  return out;
}
