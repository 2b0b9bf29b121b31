import type { StockRow, StockSum } from '@deungdae/contracts/api-inventory.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { z } from 'zod';
import { lotId } from './keys.ts';
import { type Reader, statusOf } from './lot-store.ts';
import type { LotRow } from './schema.ts';

type StockOut = z.output<typeof StockRow>;
type SumOut = z.output<typeof StockSum>;
type Names = Pick<MasterDataModule, 'list'>;

export interface StockQuery {
  item?: string;
  location?: string;
  status?: string;
  search?: string;
  limit: number;
}

/** Stock by item, place and lot, at most `limit` rows. */
export async function stockRows(db: Reader, names: Names, query: StockQuery, now: number): Promise<StockOut[]> {
  let select = db
    .selectFrom('inv_stock')
    .innerJoin('inv_lots', 'inv_lots.key', 'inv_stock.lot')
    .selectAll('inv_lots')
    .select(['inv_stock.place as at', 'inv_stock.quantity', 'inv_stock.packed'])
    .where('inv_stock.quantity', '>', 0)
    .where('inv_stock.lot', '>', 0);
  if (query.item !== undefined) select = select.where('inv_stock.item', '=', query.item);
  if (query.location !== undefined) select = select.where('inv_stock.place', '=', query.location);
  if (query.status === 'hold') select = select.where('inv_lots.holds', '>', 0);
  else if (query.status === 'available' || query.status === 'quarantine' || query.status === 'rejected')
    select = select.where('inv_lots.holds', '=', 0).where('inv_lots.status', '=', query.status);
  if (query.search !== undefined) {
    const like = `%${query.search.replace(/[%_]/g, '')}%`;
    select = select.where((eb) =>
      eb.or([
        eb('inv_lots.number', 'like', like),
        eb('inv_lots.supplier_lot', 'like', like),
        eb('inv_stock.item', 'like', like),
      ]),
    );
  }
  const rows = await select
    .orderBy('inv_stock.item')
    .orderBy('inv_stock.place')
    .orderBy('inv_lots.produced_at')
    .limit(query.limit)
    .execute();
  const items = await namesOf(names, 'item', now);
  const places = await namesOf(names, 'location', now);
  return rows.map((r) => ({
    item: r.item,
    itemName: items.get(r.item) ?? r.item,
    location: r.at,
    locationName: places.get(r.at) ?? r.at,
    lot: r.untracked ? null : lotId(r.key),
    lotNumber: r.untracked ? null : r.number,
    status: statusOf(r, r.quantity),
    quantity: fromMillionths(r.quantity),
    packed: fromMillionths(r.packed),
    unit: r.unit,
    producedAt: r.produced_at,
    expiresAt: r.expires_at,
  }));
}

export async function namesOf(names: Names, kind: 'item' | 'location', now: number): Promise<Map<string, string>> {
  return new Map((await names.list(kind, now)).map((r) => [r.code, r.data.name]));
}

/** One line an item: what is there, what of it is blocked or past its date, its value. */
export async function stockSums(
  db: Reader,
  names: Names,
  location: string | undefined,
  now: number,
  /** When today began: what is good until today is not past. */
  today: number,
): Promise<SumOut[]> {
  let select = db
    .selectFrom('inv_stock')
    .innerJoin('inv_lots', 'inv_lots.key', 'inv_stock.lot')
    .where('inv_stock.lot', '>', 0)
    .where('inv_stock.quantity', '>', 0)
    .select('inv_stock.item')
    .select((eb) => [
      eb.fn.sum('inv_stock.quantity').as('quantity'),
      eb.fn.countAll().as('lots'),
      eb.fn
        .sum(
          eb
            .case()
            .when(eb.or([eb('inv_lots.holds', '>', 0), eb('inv_lots.status', '<>', 'available')]))
            .then(eb.ref('inv_stock.quantity'))
            .else(0)
            .end(),
        )
        .as('blocked'),
      eb.fn
        .sum(eb.case().when('inv_lots.expires_at', '<', today).then(eb.ref('inv_stock.quantity')).else(0).end())
        .as('expired'),
    ])
    .groupBy('inv_stock.item');
  if (location !== undefined) select = select.where('inv_stock.place', '=', location);
  const rows = new Map((await select.execute()).map((r) => [r.item, r]));
  const items = new Map((await names.list('item', now)).map((i) => [i.code, i.data]));
  const codes = new Set(rows.keys());
  // An item that must be there and is not is what this list is read for.
  if (location === undefined) for (const [code, data] of items) if ((data.safetyStock ?? 0) > 0) codes.add(code);
  return [...codes].sort().map((code) => {
    const row = rows.get(code);
    const data = items.get(code);
    const quantity = fromMillionths(Number(row?.quantity ?? 0));
    return {
      item: code,
      itemName: data?.name ?? code,
      unit: data?.unit ?? '',
      quantity,
      blocked: fromMillionths(Number(row?.blocked ?? 0)),
      expired: fromMillionths(Number(row?.expired ?? 0)),
      lots: Number(row?.lots ?? 0),
      safetyStock: data?.safetyStock ?? null,
      value: data?.standardCost === undefined ? null : Math.round(quantity * data.standardCost),
    };
  });
}

export interface LotQuery {
  search?: string;
  item?: string;
  kind?: LotRow['kind'];
  blocked?: boolean;
  limit: number;
}

/** Lots, the newest first. */
export async function listLots(db: Reader, query: LotQuery): Promise<LotRow[]> {
  let select = db.selectFrom('inv_lots').selectAll().where('untracked', '=', 0);
  if (query.item !== undefined) select = select.where('item', '=', query.item);
  if (query.kind !== undefined) select = select.where('kind', '=', query.kind);
  if (query.blocked) select = select.where((eb) => eb.or([eb('holds', '>', 0), eb('status', '<>', 'available')]));
  if (query.search !== undefined) {
    const like = `%${query.search.replace(/[%_]/g, '')}%`;
    select = select.where((eb) =>
      eb.or([
        eb('number', 'like', like),
        eb('supplier_lot', 'like', like),
        eb('item', 'like', like),
        eb('work_order', 'like', like),
      ]),
    );
  }
  return select.orderBy('key', 'desc').limit(query.limit).execute();
}
