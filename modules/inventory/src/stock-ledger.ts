import type { StockLedgerRow } from '@deungdae/contracts/api-inventory.ts';
import { type MovementKind, outsidePlaces } from '@deungdae/contracts/lot.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { z } from 'zod';
import { inventoryError } from './errors.ts';
import type { Reader } from './lot-store.ts';
import { dayNumber } from './numbering.ts';

type Row = z.output<typeof StockLedgerRow>;

const mostDays = 3700;

export interface LedgerQuery {
  /** yyyy-mm-dd, both included. */
  from: string;
  to: string;
  item?: string;
  location?: string;
}

interface Sums {
  opening: number;
  received: number;
  issued: number;
  byKind: Map<MovementKind, number>;
}

/**
 * Stock ledger (수불부): opening + received − issued = closing for each item, in millionths until the end. Of the plant: what
 * came in is what the outside places gave, so moves inside do not count. Of one place: all that came and went there.
 * The opening is the sum of all days before; the caller may compare closings with the balances kept (`isBalanced`).
 */
export async function stockLedger(
  db: Reader,
  masterdata: Pick<MasterDataModule, 'list'>,
  query: LedgerQuery,
  now: number,
): Promise<Row[]> {
  checkWindow(query);
  const sums = await sumDays(db, query);
  const items = new Map((await masterdata.list('item', now)).map((i) => [i.code, i.data]));
  const rows: Row[] = [];
  for (const [item, sum] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (sum.opening === 0 && sum.received === 0 && sum.issued === 0) continue;
    rows.push({
      item,
      itemName: items.get(item)?.name ?? item,
      unit: items.get(item)?.unit ?? '',
      opening: fromMillionths(sum.opening),
      received: fromMillionths(sum.received),
      issued: fromMillionths(sum.issued),
      closing: fromMillionths(sum.opening + sum.received - sum.issued),
      byKind: Object.fromEntries([...sum.byKind].map(([kind, value]) => [kind, fromMillionths(value)])),
    });
  }
  return rows;
}

function checkWindow(query: LedgerQuery): void {
  const days = (Date.parse(query.to) - Date.parse(query.from)) / 86_400_000;
  if (!(days >= 0 && days <= mostDays)) throw inventoryError('inventory.window', { days: mostDays }, { status: 400 });
}

async function sumDays(db: Reader, query: LedgerQuery): Promise<Map<string, Sums>> {
  const from = dayNumber(query.from);
  const to = dayNumber(query.to);
  const inside = query.location !== undefined;
  const scoped = () => {
    let select = db.selectFrom('inv_daily');
    select = inside ? select.where('place', '=', query.location!) : select.where('place', 'in', outsidePlaces);
    return query.item === undefined ? select : select.where('item', '=', query.item);
  };
  // What an outside place gave is what the plant got.
  const sign = inside ? 1 : -1;
  const [now, later, period] = await Promise.all([
    balances(db, query),
    scoped()
      .where('day', '>=', from)
      .select(['item'])
      .select((eb) => [eb.fn.sum('qty_in').as('qty_in'), eb.fn.sum('qty_out').as('qty_out')])
      .groupBy('item')
      .execute(),
    scoped()
      .where('day', '>=', from)
      .where('day', '<=', to)
      .select(['item', 'kind'])
      .select((eb) => [eb.fn.sum('qty_in').as('qty_in'), eb.fn.sum('qty_out').as('qty_out')])
      .groupBy(['item', 'kind'])
      .execute(),
  ]);
  const sums = new Map<string, Sums>();
  const of = (item: string) => {
    let sum = sums.get(item);
    if (!sum) {
      sum = { opening: now.get(item) ?? 0, received: 0, issued: 0, byKind: new Map() };
      sums.set(item, sum);
    }
    return sum;
  };
  for (const item of now.keys()) of(item);
  for (const row of later) of(row.item).opening -= sign * (Number(row.qty_in) - Number(row.qty_out));
  for (const row of period) {
    const sum = of(row.item);
    const [came, went] = inside ? [row.qty_in, row.qty_out] : [row.qty_out, row.qty_in];
    sum.received += Number(came);
    sum.issued += Number(went);
    sum.byKind.set(row.kind, Number(came) - Number(went));
  }
  return sums;
}

/** Stock now, by item. */
async function balances(db: Reader, query: Pick<LedgerQuery, 'item' | 'location'>): Promise<Map<string, number>> {
  let select = db
    .selectFrom('inv_stock')
    .select('item')
    .select((eb) => eb.fn.sum('quantity').as('sum'))
    .where('lot', '>', 0)
    .groupBy('item');
  if (query.item !== undefined) select = select.where('item', '=', query.item);
  if (query.location !== undefined) select = select.where('place', '=', query.location);
  const rows = await select.execute();
  return new Map(rows.map((r) => [r.item, Number(r.sum)]));
}

/** Whether the books close: the balances of all places of every item, inside and outside, sum to zero. */
export async function isBalanced(db: Reader): Promise<boolean> {
  const off = await db
    .selectFrom('inv_stock')
    .select('item')
    .groupBy('item')
    .having((eb) => eb.fn.sum('quantity'), '<>', 0)
    .limit(1)
    .execute();
  return off.length === 0;
}

/** Whether the daily figures of the outside say the same stock as the balances; walks all days. Names the first item off. */
export async function firstDayOff(db: Reader): Promise<string | null> {
  const stock = await balances(db, {});
  const days = await db
    .selectFrom('inv_daily')
    .select('item')
    .select((eb) => [eb.fn.sum('qty_in').as('qty_in'), eb.fn.sum('qty_out').as('qty_out')])
    .where('place', 'in', outsidePlaces)
    .groupBy('item')
    .execute();
  const known = new Map(days.map((d) => [d.item, Number(d.qty_out) - Number(d.qty_in)]));
  for (const item of new Set([...stock.keys(), ...known.keys()]))
    if ((stock.get(item) ?? 0) !== (known.get(item) ?? 0)) return item;
  return null;
}

/** The hard proof, for tests and audits: balances against every movement there is. Names the first item that is off. */
export async function firstUnbalanced(db: Reader): Promise<string | null> {
  const sums = new Map<string, number>();
  const add = (item: string, place: string, quantity: number) =>
    sums.set(`${item} ${place}`, (sums.get(`${item} ${place}`) ?? 0) + quantity);
  for (const side of ['from_place', 'to_place'] as const) {
    const rows = await db
      .selectFrom('inv_movements')
      .select(['item', `${side} as place`])
      .select((eb) => eb.fn.sum('quantity').as('sum'))
      .groupBy(['item', side])
      .execute();
    for (const row of rows) add(row.item, row.place, (side === 'from_place' ? -1 : 1) * Number(row.sum));
  }
  const kept = await db
    .selectFrom('inv_stock')
    .select(['item', 'place'])
    .select((eb) => eb.fn.sum('quantity').as('sum'))
    .groupBy(['item', 'place'])
    .execute();
  for (const row of kept) add(row.item, row.place, -Number(row.sum));
  for (const [key, sum] of sums) if (sum !== 0) return key;
  return null;
}

/** The ledger as rows for a file, its first line the headings. */
export function ledgerTable(rows: readonly Row[], language: string): (string | number)[][] {
  const head =
    language === 'ko'
      ? ['품목코드', '품목명', '단위', '기초', '입고', '출고', '기말']
      : ['Item', 'Name', 'Unit', 'Opening', 'In', 'Out', 'Closing'];
  const body = rows.map((r) => [
    r.item,
    r.itemName,
    r.unit.replace(/[{}]/g, ''),
    r.opening,
    r.received,
    r.issued,
    r.closing,
  ]);
  return [head, ...body];
}
