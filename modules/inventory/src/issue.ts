import type { Millionths } from '@deungdae/contracts/quantity.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { amount, type CoreParts, checkQuantity, lotSubject, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { lotId } from './keys.ts';
import { lessenLinks } from './links.ts';
import { boxesIn, contentsOf, lockBox, lotRows, type Reader } from './lot-store.ts';
import { plantDayBegin } from './numbering.ts';
import { chunks, type NewMovement, showUnit } from './posting.ts';
import type { LotRow } from './schema.ts';

/** Lots that one issue looks through. */
const mostLots = 500;
/** Kinds of places that nothing is taken from unless they are named. */
const shut: ReadonlySet<string> = new Set(['quarantine', 'scrap', 'outsourcer', 'shipping']);
/** Shipping takes from where it makes ready. */
export const shutToShipping: ReadonlySet<string> = new Set(['quarantine', 'scrap', 'outsourcer']);

/** Codes of places of these kinds. */
export async function placesOf(
  parts: Pick<CoreParts, 'masterdata'>,
  kinds: ReadonlySet<string>,
  time: number,
): Promise<Set<string>> {
  const all = await parts.masterdata.list('location', time);
  return new Set(all.filter((l) => kinds.has(l.data.kind)).map((l) => l.code));
}

export interface Loose {
  row: LotRow;
  place: string;
  /** In no container. */
  loose: Millionths;
}

/**
 * Loose stock that may be issued at `time`, in the item's order: first in first out, or by date (FEFO) where lots
 * without a date come last. `location` null: every place but quarantine, scrap, shipping and outsourcers.
 */
export async function issuable(
  db: Reader,
  parts: Pick<CoreParts, 'masterdata' | 'timeZone'>,
  ask: { item: string; location: string | null; time: number },
  tx?: LedgerTx,
): Promise<Loose[]> {
  const item = await parts.masterdata.need('item', ask.item, ask.time, tx);
  const closed = ask.location === null ? [...(await placesOf(parts, shut, ask.time))] : [];
  const today = plantDayBegin(ask.time, parts.timeZone());
  let select = db
    .selectFrom('inv_stock')
    .innerJoin('inv_lots', 'inv_lots.key', 'inv_stock.lot')
    .selectAll('inv_lots')
    .select(['inv_stock.place as at', 'inv_stock.quantity', 'inv_stock.packed'])
    .where('inv_stock.item', '=', ask.item)
    .where('inv_stock.lot', '>', 0)
    .where('inv_lots.status', '=', 'available')
    .where('inv_lots.holds', '=', 0)
    .where((eb) => eb('inv_stock.quantity', '>', eb.ref('inv_stock.packed')))
    .where((eb) => eb.or([eb('inv_lots.expires_at', 'is', null), eb('inv_lots.expires_at', '>=', today)]));
  for (const some of chunks(closed)) select = select.where('inv_stock.place', 'not in', some);
  if (ask.location !== null) select = select.where('inv_stock.place', '=', ask.location);
  if (item.data.issueRule === 'fefo')
    select = select.orderBy((eb) => eb.fn.coalesce('inv_lots.expires_at', eb.val(Number.MAX_SAFE_INTEGER)));
  const rows = await select.orderBy('inv_lots.produced_at').orderBy('inv_lots.key').limit(mostLots).execute();
  return rows.map(({ at, quantity, packed, ...row }) => ({ row, place: at, loose: quantity - packed }));
}

export interface Consumption {
  item: string;
  quantity: Millionths;
  lot?: string;
  location?: string;
  run: string | null;
  /** Takes what there is where it is less, instead of refusing; not from boxes. */
  atMost?: boolean;
}

/** Takes material into production: the named lot (or box), or lots by the item's rule. Throws `inventory.short…`. */
export async function consume(work: Work, input: Consumption): Promise<{ lot: string; quantity: Millionths }[]> {
  checkQuantity(input.quantity);
  const reference = work.act.reference ?? (input.run === null ? null : `run/${input.run}`);
  const choosing = input.lot === undefined ? byRule(work, input) : named(work, input, input.lot);
  const [picked] = await Promise.all([choosing, work.checkTime()]);
  work.act.reference = reference;
  if (picked.length === 0) return [];
  const movements: NewMovement[] = picked.map((p) => ({
    kind: 'consume',
    item: p.row.item,
    lot: p.row.key,
    from: p.place,
    to: '@production',
    quantity: p.quantity,
    packedFrom: p.box !== undefined,
    ...(p.box === undefined ? {} : { container: p.box }),
  }));
  await work.post(movements);
  for (const p of picked) if (p.box !== undefined) await takeFromBox(work, p.box, p.row.key, p.quantity);
  const lots = picked.map((p) => ({ lot: p.row.number, quantity: amount(p.quantity), location: p.place }));
  await work.emit('lot.consumed', picked.length === 1 ? lotSubject(picked[0]!.row) : `item/${input.item}`, {
    item: input.item,
    quantity: amount(picked.reduce((sum, p) => sum + p.quantity, 0)),
    run: input.run,
    lots,
  });
  return merged(picked);
}

interface Taken {
  row: LotRow;
  place: string;
  quantity: Millionths;
  box?: number;
}

/** One line a lot, as the genealogy wants it. */
function merged(picked: readonly Taken[]): { lot: string; quantity: Millionths }[] {
  const sums = new Map<number, number>();
  for (const p of picked) sums.set(p.row.key, (sums.get(p.row.key) ?? 0) + p.quantity);
  return [...sums].map(([key, quantity]) => ({ lot: lotId(key), quantity }));
}

async function byRule(work: Work, input: Consumption): Promise<Taken[]> {
  const ask = { item: input.item, location: input.location ?? null, time: work.act.time };
  const loose = await issuable(work.db, work.parts, ask, work.tx);
  const picked = pickInOrder(loose, input.quantity);
  if (picked === null && input.atMost)
    return loose.map(({ row, place, loose: quantity }) => ({ row, place, quantity }));
  if (picked === null) {
    const item = await work.item(input.item);
    const there = loose.reduce((sum, l) => sum + l.loose, 0);
    const params = { item: input.item, there: fromMillionths(there), asked: fromMillionths(input.quantity) };
    const why = await whyShort(work, input.item);
    throw inventoryError('inventory.shortItem', { ...params, unit: showUnit(item.data.unit), why }, { status: 409 });
  }
  return picked;
}

/** Takes from the first on until it is enough; null when it is not. */
export function pickInOrder(loose: readonly Loose[], quantity: Millionths): Taken[] | null {
  const picked: Taken[] = [];
  let left = quantity;
  for (const { row, place, loose: there } of loose) {
    if (left === 0) break;
    const take = Math.min(left, there);
    picked.push({ row, place, quantity: take });
    left -= take;
  }
  return left === 0 ? picked : null;
}

/** Names lots that are there but shut, since that is the first thing somebody would ask. */
async function whyShort(work: Work, item: string): Promise<string> {
  const rows = await work.db
    .selectFrom('inv_stock')
    .innerJoin('inv_lots', 'inv_lots.key', 'inv_stock.lot')
    .select(['inv_lots.number', 'inv_lots.holds', 'inv_lots.status', 'inv_lots.expires_at'])
    .where('inv_stock.item', '=', item)
    .where('inv_stock.quantity', '>', 0)
    .where((eb) =>
      eb.or([
        eb('inv_lots.holds', '>', 0),
        eb('inv_lots.status', '<>', 'available'),
        eb('inv_lots.expires_at', '<', plantDayBegin(work.act.time, work.parts.timeZone())),
      ]),
    )
    .limit(3)
    .execute();
  return rows.length === 0 ? '' : ` (${rows.map((r) => r.number).join(', ')} ✕)`;
}

async function named(work: Work, input: Consumption, lot: string): Promise<Taken[]> {
  const row = await work.lotOf(input.item, lot);
  const doing = { ko: '투입', en: 'used' };
  await work.checkUsable(row, doing);
  if (row.kind === 'container') return fromBox(work, input, row, doing);
  const places = await work.db
    .selectFrom('inv_stock')
    .select(['place', 'quantity', 'packed'])
    .where('lot', '=', row.key)
    .where('quantity', '>', 0)
    .orderBy('place')
    .execute();
  const closed = input.location === undefined ? await placesOf(work.parts, shut, work.act.time) : new Set<string>();
  const wanted = places.filter((p) => (input.location ?? p.place) === p.place && !closed.has(p.place));
  const loose = wanted.map((p) => ({ row, place: p.place, loose: p.quantity - p.packed }));
  const picked = pickInOrder(loose, input.quantity);
  if (picked) return picked;
  if (input.atMost) return loose.filter((l) => l.loose > 0).map((l) => ({ row, place: l.place, quantity: l.loose }));
  refuseShut(row, places, closed, doing);
  // The posting says exactly what is missing.
  const place = input.location ?? places[0]?.place;
  if (place !== undefined && wanted.length <= 1) return [{ row, place, quantity: input.quantity }];
  const there = wanted.reduce((sum, p) => sum + p.quantity - p.packed, 0);
  const words = { item: row.item, lot: row.number, place: place ?? '-', unit: showUnit(row.unit) };
  throw inventoryError(
    'inventory.short',
    { ...words, there: fromMillionths(there), asked: fromMillionths(input.quantity) },
    { status: 409 },
  );
}

/** Says where the rest of a lot lies that nothing is taken from. Throws `inventory.shutPlace` when some does. */
export function refuseShut(
  row: LotRow,
  places: readonly { place: string; quantity: Millionths; packed: Millionths }[],
  closed: ReadonlySet<string>,
  act: { ko: string; en: string },
): void {
  const shutOnes = places.filter((p) => closed.has(p.place)).map((p) => p.place);
  if (shutOnes.length === 0) return;
  const there = places.reduce((sum, p) => sum + (closed.has(p.place) ? 0 : p.quantity - p.packed), 0);
  const words = { lot: row.number, place: shutOnes.join(', '), unit: showUnit(row.unit), act: act.ko, actEn: act.en };
  throw inventoryError('inventory.shutPlace', { ...words, there: fromMillionths(there) }, { status: 409 });
}

async function fromBox(
  work: Work,
  input: Consumption,
  box: LotRow,
  doing: { ko: string; en: string },
): Promise<Taken[]> {
  await lockBox(work.db, box.key);
  const contents = (await contentsOf(work.db, [box.key])).get(box.key) ?? [];
  const boxes = await boxesIn(work.db, box.key);
  const rows = await lotRows(
    work.db,
    contents.map((c) => c.lot),
  );
  const picked: Taken[] = [];
  let left = input.quantity;
  for (const content of contents) {
    const row = rows.get(content.lot)!;
    if (row.item !== input.item || left === 0) continue;
    for (const one of [row, ...boxes.filter((b) => b.key === content.box)]) await work.checkUsable(one, doing);
    const take = Math.min(left, content.quantity);
    picked.push({ row, place: box.place ?? '', quantity: take, box: content.box });
    left -= take;
  }
  if (left > 0)
    throw inventoryError(
      'inventory.short',
      {
        item: input.item,
        lot: box.number,
        place: box.place ?? '-',
        unit: showUnit(box.unit),
        there: fromMillionths(input.quantity - left),
        asked: fromMillionths(input.quantity),
      },
      { status: 409 },
    );
  return picked;
}

/** Lessens what a box holds of a lot. */
export async function takeFromBox(work: Work, box: number, lot: number, quantity: Millionths): Promise<void> {
  await work.db
    .updateTable('inv_contents')
    .set((eb) => ({ quantity: eb('quantity', '-', quantity) }))
    .where('container', '=', box)
    .where('lot', '=', lot)
    .execute();
  await work.db.deleteFrom('inv_contents').where('container', '=', box).where('quantity', '=', 0).execute();
  await lessenLinks(work.db, { parent: lot, child: box, kind: 'packed' }, quantity);
}
