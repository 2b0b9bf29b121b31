import type { Lot, Movement } from '@deungdae/contracts/lot.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { lotKey } from './keys.ts';
import { lotRows, type Reader, toLots, toMovements } from './lot-store.ts';
import { chunks, isOutside } from './posting.ts';

/** What is made of suspect lots and where it is: the answer to a recall. Lines beyond the limits are counted, not listed. */
export interface Recall {
  /** Lots and boxes that hold some of it, the suspects included. */
  lots: number;
  boxes: number;
  shipped: {
    shipment: string;
    customer: string;
    shippedAt: number | null;
    box: string | null;
    lot: string;
    item: string;
    quantity: number;
  }[];
  /** Still in the plant. */
  stock: { lot: string; item: string; location: string; quantity: number }[];
  /** True when a list was cut at `recallLines`. */
  cut: boolean;
}

const recallLines = 20_000;

/** Every lot below the given ones, as a common table: keys only. */
function below(db: Reader, keys: readonly number[]) {
  return db.withRecursive('reached(lot)', (qb) =>
    qb
      .selectFrom('inv_lots')
      .select('inv_lots.key as lot')
      .where('inv_lots.key', 'in', [...keys])
      .union(
        qb
          .selectFrom('reached')
          .crossJoin('inv_links')
          .whereRef('inv_links.parent', '=', 'reached.lot')
          .select('inv_links.child as lot'),
      ),
  );
}

/** At most 500 suspects. */
export async function recall(db: Reader, lots: readonly string[]): Promise<Recall> {
  const keys = lots
    .map(lotKey)
    .filter((k): k is number => k !== null)
    .slice(0, 500);
  if (keys.length === 0) return { lots: 0, boxes: 0, shipped: [], stock: [], cut: false };
  const [kinds, shipped, stock] = await Promise.all([
    below(db, keys)
      .selectFrom('reached')
      .crossJoin('inv_lots')
      .whereRef('inv_lots.key', '=', 'reached.lot')
      .select('inv_lots.kind')
      .select((eb) => eb.fn.countAll().as('n'))
      .groupBy('inv_lots.kind')
      .execute(),
    below(db, keys)
      .selectFrom('reached')
      .crossJoin('inv_shipment_lines as line')
      .whereRef('line.lot', '=', 'reached.lot')
      .innerJoin('inv_shipments as shipment', 'shipment.key', 'line.shipment')
      .innerJoin('inv_lots as goods', 'goods.key', 'line.lot')
      .leftJoin('inv_lots as box', 'box.key', 'line.box')
      .where('shipment.status', '=', 'shipped')
      .select(['shipment.number', 'shipment.customer', 'shipment.shipped_at'])
      .select(['goods.number as lotNumber', 'box.number as boxNumber', 'line.item', 'line.quantity'])
      .limit(recallLines + 1)
      .execute(),
    below(db, keys)
      .selectFrom('reached')
      .crossJoin('inv_stock')
      .whereRef('inv_stock.lot', '=', 'reached.lot')
      .innerJoin('inv_lots as goods', 'goods.key', 'inv_stock.lot')
      .where('inv_stock.quantity', '>', 0)
      .select(['goods.number as lotNumber', 'inv_stock.item', 'inv_stock.place', 'inv_stock.quantity'])
      .limit(recallLines + 1)
      .execute(),
  ]);
  const count = (only?: string) =>
    kinds.reduce((sum, k) => sum + (only === undefined || k.kind === only ? Number(k.n) : 0), 0);
  return {
    lots: count(),
    boxes: count('container'),
    cut: shipped.length > recallLines || stock.length > recallLines,
    shipped: shipped.slice(0, recallLines).map((r) => ({
      shipment: r.number,
      customer: r.customer,
      shippedAt: r.shipped_at,
      box: r.boxNumber,
      lot: r.lotNumber,
      item: r.item,
      quantity: fromMillionths(r.quantity),
    })),
    stock: stock
      .filter((r) => !isOutside(r.place))
      .slice(0, recallLines)
      .map((r) => ({ lot: r.lotNumber, item: r.item, location: r.place, quantity: fromMillionths(r.quantity) })),
  };
}

/** Lots by id, in no order; unknown ones are left out. */
export async function lotsById(db: Reader, ids: readonly string[]): Promise<Lot[]> {
  const keys = ids.map(lotKey).filter((k): k is number => k !== null);
  const lots: Lot[] = [];
  for (const part of chunks(keys)) lots.push(...(await toLots(db, [...(await lotRows(db, part)).values()])));
  return lots;
}

/** One business act: the movements that were recorded together, the oldest act first. */
export interface StockAct {
  id: string;
  movements: Movement[];
}

export interface ActQuery {
  /** When it happened and when it was recorded, µs, [from, to). */
  from?: number;
  to?: number;
  recordedFrom?: number;
  recordedTo?: number;
  kinds?: readonly Movement['kind'][];
  /** Only acts that concern one of these lots. */
  lots?: readonly string[];
  id?: string;
  /** Acts after this one, in the order of (time, id). */
  after?: { time: number; id: string };
  limit: number;
}

/** Acts in the order of their time: what views of the ledger such as EPCIS are made of. */
export async function stockActs(db: Reader, query: ActQuery): Promise<StockAct[]> {
  let select = db
    .selectFrom('inv_movements')
    .select(['act'])
    .select((eb) => eb.fn.min('time').as('at'));
  if (query.from !== undefined) select = select.where('time', '>=', query.from);
  if (query.to !== undefined) select = select.where('time', '<', query.to);
  if (query.recordedFrom !== undefined) select = select.where('recorded_at', '>=', query.recordedFrom);
  if (query.recordedTo !== undefined) select = select.where('recorded_at', '<', query.recordedTo);
  if (query.kinds !== undefined) select = select.where('kind', 'in', [...query.kinds]);
  if (query.id !== undefined) select = select.where('act', '=', Number(query.id) || -1);
  if (query.lots !== undefined) {
    const keys = query.lots
      .map(lotKey)
      .filter((k): k is number => k !== null)
      .slice(0, 500);
    if (keys.length === 0) return [];
    select = select.where((eb) =>
      eb.or([eb('lot', 'in', keys), eb('to_lot', 'in', keys), eb('container', 'in', keys)]),
    );
  }
  if (query.after !== undefined) {
    const { time, id } = query.after;
    const act = Number(id) || 0;
    select = select.where((eb) => eb.or([eb('time', '>', time), eb.and([eb('time', '=', time), eb('act', '>', act)])]));
  }
  const acts = await select.groupBy('act').orderBy('at').orderBy('act').limit(query.limit).execute();
  const moves = new Map<number, Movement[]>();
  for (const part of chunks(acts.map((a) => a.act))) {
    const rows = await db.selectFrom('inv_movements').selectAll().where('act', 'in', part).orderBy('key').execute();
    const shown = await toMovements(db, rows);
    rows.forEach((row, i) => {
      const list = moves.get(row.act) ?? [];
      list.push(shown[i]!);
      moves.set(row.act, list);
    });
  }
  return acts.map((a) => ({ id: String(a.act), movements: moves.get(a.act) ?? [] }));
}
