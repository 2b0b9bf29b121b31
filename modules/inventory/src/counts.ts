import type { StockCount } from '@deungdae/contracts/api-inventory.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { z } from 'zod';
import { amount, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { lotId } from './keys.ts';
import { lotRows, type Reader } from './lot-store.ts';
import { chunks, isOutside, type NewMovement } from './posting.ts';
import type { InventoryTables, LotRow } from './schema.ts';

type CountRow = InventoryTables['inv_counts'];
type LineRow = InventoryTables['inv_count_lines'];
type CountOut = z.output<typeof StockCount>;

/** Lines of one count. */
const mostLines = 20_000;

/** By number or id. Throws `inventory.unknownCount`. */
export async function needCount(db: Reader, idOrNumber: string): Promise<CountRow> {
  const byNumber = await db.selectFrom('inv_counts').selectAll().where('number', '=', idOrNumber).executeTakeFirst();
  if (byNumber) return byNumber;
  const key = Number(idOrNumber);
  const row = Number.isSafeInteger(key)
    ? await db.selectFrom('inv_counts').selectAll().where('key', '=', key).executeTakeFirst()
    : undefined;
  if (!row) throw inventoryError('inventory.unknownCount', { number: idOrNumber }, { status: 404 });
  return row;
}

function mustBeOpen(row: CountRow): void {
  if (row.status === 'open') return;
  const words = { number: row.number, status: `@countStatus.${row.status}` };
  throw inventoryError('inventory.countClosed', words, { status: 409 });
}

/** Starts a count: the lots that the books have at the places now are to be counted. */
export async function startCount(
  work: Work,
  input: { locations: readonly string[]; blind: boolean },
): Promise<CountRow> {
  for (const place of input.locations) await work.place(place);
  await noOtherCount(work, input.locations);
  const row: CountRow = {
    key: work.parts.keys.next(),
    number: await work.number('count', ''),
    status: 'open',
    places: JSON.stringify(input.locations),
    blind: input.blind ? 1 : 0,
    frozen_at: work.act.time,
    posted_at: null,
    actor: work.actor.id,
  };
  await work.db.insertInto('inv_counts').values(row).execute();
  let select = work.db.selectFrom('inv_stock').selectAll().where('lot', '>', 0).where('quantity', '>', 0);
  if (input.locations.length > 0) select = select.where('place', 'in', [...input.locations]);
  const stock = await select.limit(mostLines + 1).execute();
  if (stock.length > mostLines) throw inventoryError('inventory.tooMany', { limit: mostLines }, { status: 413 });
  const lines = stock
    .filter((s) => !isOutside(s.place))
    .map((s) => emptyLine(row.key, s.item, s.lot, s.place, s.quantity));
  for (const part of chunks(lines)) await work.db.insertInto('inv_count_lines').values(part).execute();
  const data = { locations: input.locations, lines: lines.length };
  await work.emit('stockCount.started', `count/${row.number}`, data);
  return row;
}

/** Two counts over one place would both post the same difference. No places are all of them. */
async function noOtherCount(work: Work, locations: readonly string[]): Promise<void> {
  const open = await work.db
    .selectFrom('inv_counts')
    .select(['number', 'places'])
    .where('status', '=', 'open')
    .execute();
  for (const other of open) {
    const places: string[] = JSON.parse(other.places);
    const both = places.length === 0 || locations.length === 0 || places.some((place) => locations.includes(place));
    if (both) throw inventoryError('inventory.countOpen', { number: other.number }, { status: 409 });
  }
}

function emptyLine(count: number, item: string, lot: number, place: string, expected: number): LineRow {
  return { count, item, lot, place, expected, counted: null, counted_at: null, counted_by: null };
}

/**
 * What was counted of a lot at a place, and what the books say of it at that moment. Counting again replaces; finding what the
 * books do not have adds a line.
 */
export async function countLot(
  work: Work,
  count: CountRow,
  lot: LotRow,
  input: { location: string; quantity: Millionths },
): Promise<void> {
  mustBeOpen(count);
  const places: string[] = JSON.parse(count.places);
  await work.place(input.location);
  if (places.length > 0 && !places.includes(input.location))
    throw inventoryError('inventory.notInCount', { place: input.location, number: count.number }, { status: 409 });
  const stock = await work.db
    .selectFrom('inv_stock')
    .select('quantity')
    .where('lot', '=', lot.key)
    .where('place', '=', input.location)
    .executeTakeFirst();
  const expected = stock?.quantity ?? 0;
  const found = { expected, counted: input.quantity, counted_at: work.act.time, counted_by: work.actor.id };
  await work.db
    .insertInto('inv_count_lines')
    .values({ ...emptyLine(count.key, lot.item, lot.key, input.location, 0), ...found })
    .onConflict((c) => c.columns(['count', 'item', 'lot', 'place']).doUpdateSet(found))
    .execute();
}

/**
 * Posts the differences between what was counted and what the books said when it was; what moved since stays moved. What
 * nobody counted is kept, or is gone with `zero`. A difference that would make stock negative is refused, with the lot's name.
 */
export async function postCount(work: Work, count: CountRow, uncounted: 'keep' | 'zero'): Promise<number> {
  mustBeOpen(count);
  const lines = await work.db.selectFrom('inv_count_lines').selectAll().where('count', '=', count.key).execute();
  const there = uncounted === 'zero' ? await stockOf(work, lines) : new Map<string, Millionths>();
  const movements = lines.flatMap((line): NewMovement[] => {
    const gone = there.get(`${line.lot} ${line.place}`) ?? 0;
    const difference = line.counted === null ? -gone : line.counted - line.expected;
    if (difference === 0) return [];
    const [from, to] = difference > 0 ? ['@adjustment', line.place] : [line.place, '@adjustment'];
    return [{ kind: 'count', item: line.item, lot: line.lot, from: from!, to: to!, quantity: Math.abs(difference) }];
  });
  work.act.reference = `count/${count.number}`;
  if (movements.length > 0) await work.post(movements);
  await work.db
    .updateTable('inv_counts')
    .set({ status: 'posted', posted_at: work.act.time })
    .where('key', '=', count.key)
    .execute();
  await work.emit('stockCount.posted', `count/${count.number}`, {
    lines: lines.length,
    counted: lines.filter((l) => l.counted !== null).length,
    differences: movements.map((m) => ({
      item: m.item,
      lot: lotId(m.lot),
      difference: amount(m.to.startsWith('@') ? -m.quantity : m.quantity),
    })),
  });
  return movements.length;
}

/** What the books say now of lots at places. */
async function stockOf(work: Work, lines: readonly LineRow[]): Promise<Map<string, Millionths>> {
  const found = new Map<string, Millionths>();
  for (const part of chunks([...new Set(lines.map((l) => l.lot))]))
    for (const s of await work.db.selectFrom('inv_stock').selectAll().where('lot', 'in', part).execute())
      found.set(`${s.lot} ${s.place}`, s.quantity);
  return found;
}

export async function cancelCount(work: Work, count: CountRow): Promise<void> {
  mustBeOpen(count);
  await work.db.updateTable('inv_counts').set({ status: 'cancelled' }).where('key', '=', count.key).execute();
  await work.emit('stockCount.cancelled', `count/${count.number}`, {});
}

export async function toCounts(
  db: Reader,
  masterdata: Pick<MasterDataModule, 'list'>,
  now: number,
  rows: readonly CountRow[],
  withLines: boolean,
): Promise<CountOut[]> {
  const items = withLines ? new Map((await masterdata.list('item', now)).map((i) => [i.code, i.data])) : new Map();
  const out: CountOut[] = [];
  for (const row of rows) {
    const lines = withLines
      ? await db
          .selectFrom('inv_count_lines')
          .selectAll()
          .where('count', '=', row.key)
          .orderBy('place')
          .orderBy('item')
          .orderBy('lot')
          .limit(mostLines)
          .execute()
      : [];
    const counted = withLines ? lines.filter((l) => l.counted !== null).length : await countedLines(db, row.key);
    const lots = await lotRows(
      db,
      lines.map((l) => l.lot),
    );
    const hidden = row.blind === 1 && row.status === 'open';
    out.push({
      id: String(row.key),
      number: row.number,
      status: row.status,
      locations: JSON.parse(row.places),
      blind: row.blind === 1,
      frozenAt: row.frozen_at,
      postedAt: row.posted_at,
      counted,
      lines: lines.map((l) => {
        const lot = lots.get(l.lot);
        return {
          item: l.item,
          itemName: items.get(l.item)?.name ?? l.item,
          lot: lot?.untracked ? null : lotId(l.lot),
          lotNumber: lot?.untracked ? null : (lot?.number ?? null),
          location: l.place,
          unit: lot?.unit ?? '',
          expected: hidden ? null : fromMillionths(l.expected),
          counted: l.counted === null ? null : fromMillionths(l.counted),
          difference: hidden || l.counted === null ? null : fromMillionths(l.counted - l.expected),
          countedBy: l.counted_by,
        };
      }),
    });
  }
  return out;
}

async function countedLines(db: Reader, count: number): Promise<number> {
  const row = await db
    .selectFrom('inv_count_lines')
    .select((eb) => eb.fn.countAll().as('n'))
    .where('count', '=', count)
    .where('counted', 'is not', null)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}
