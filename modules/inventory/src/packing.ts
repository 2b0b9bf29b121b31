import type { Millionths } from '@deungdae/contracts/quantity.ts';
import { amount, checkQuantity, lotSubject, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { pickInOrder, takeFromBox } from './issue.ts';
import { addLinks, lessenLinks, type NewLink } from './links.ts';
import { boxesIn, contentsOf, lockBox, lotRows, maxNesting } from './lot-store.ts';
import { setBoxPlace } from './moves.ts';
import { isOutside, type NewMovement } from './posting.ts';
import type { LotRow } from './schema.ts';

const nextKey = (work: Work) => () => work.parts.keys.next();

/** Takes part of a lot into a new one, at the place where it lies. The new lot inherits dates, holds and state. */
export async function split(
  work: Work,
  input: { lot: string; quantity: Millionths; number?: string },
): Promise<LotRow> {
  checkQuantity(input.quantity);
  const row = await work.lot(input.lot);
  const picked = pickInOrder(await looseOf(work, row), input.quantity);
  const place = picked?.[0]?.place ?? '-';
  if (!picked) await shortOf(work, row, place, input.quantity);
  const child = await work.addLot({ ...inherited(row), origin: 'split' }, input.number);
  await copyHolds(work, [row.key], child);
  const movements = picked!.map(
    (p): NewMovement => ({
      kind: 'split',
      item: row.item,
      lot: row.key,
      toLot: child.key,
      from: p.place,
      to: p.place,
      quantity: p.quantity,
    }),
  );
  await linkLots(work, [{ parent: row.key, child: child.key, kind: 'split', quantity: input.quantity }]);
  await work.post(movements);
  const data = { number: child.number, from: row.number, item: row.item, quantity: amount(input.quantity) };
  await work.emit('lot.split', lotSubject(row), data);
  return child;
}

function inherited(row: LotRow): Omit<LotRow, 'key' | 'number' | 'holds' | 'untracked' | 'inside'> {
  const { key: _key, number: _number, holds: _holds, untracked: _untracked, inside: _inside, ...rest } = row;
  return rest;
}

async function copyHolds(work: Work, from: readonly number[], to: LotRow): Promise<void> {
  const holds = await work.db
    .selectFrom('inv_holds')
    .selectAll()
    .where('lot', 'in', from)
    .where('ended_at', 'is', null)
    .execute();
  if (holds.length === 0) return;
  await work.db
    .insertInto('inv_holds')
    .values(holds.map((h) => ({ ...h, key: work.parts.keys.next(), lot: to.key })))
    .execute();
  await work.db.updateTable('inv_lots').set({ holds: holds.length }).where('key', '=', to.key).execute();
  to.holds = holds.length;
}

async function looseOf(work: Work, row: LotRow) {
  const places = await work.db
    .selectFrom('inv_stock')
    .select(['place', 'quantity', 'packed'])
    .where('lot', '=', row.key)
    .where('quantity', '>', 0)
    .orderBy('quantity', 'desc')
    .execute();
  return places
    .filter((p) => !isOutside(p.place) && p.quantity > p.packed)
    .map((p) => ({ row, place: p.place, loose: p.quantity - p.packed }));
}

async function shortOf(work: Work, row: LotRow, place: string, asked: Millionths): Promise<never> {
  const there = (await looseOf(work, row)).reduce((sum, l) => sum + l.loose, 0);
  const words = { item: row.item, lot: row.number, place, unit: row.unit.replace(/[{}]/g, '') };
  throw inventoryError('inventory.short', { ...words, there: amount(there), asked: amount(asked) }, { status: 409 });
}

async function linkLots(work: Work, links: readonly Pick<NewLink, 'parent' | 'child' | 'kind' | 'quantity'>[]) {
  const time = work.act.time;
  await addLinks(
    work.db,
    nextKey(work),
    links.map((l) => ({ ...l, run: null, time })),
  );
}

/** All loose stock of lots of one item into a new lot at a place. Its date is the earliest of theirs. */
export async function merge(work: Work, input: { lots: readonly string[]; location: string }): Promise<LotRow> {
  const rows: LotRow[] = [];
  for (const lot of new Set(input.lots)) rows.push(await work.lot(lot));
  if (rows.length < 2) throw inventoryError('inventory.nothing', {}, { status: 400 });
  const first = rows[0]!;
  const other = rows.find((r) => r.item !== first.item);
  if (other) throw inventoryError('inventory.differentItems', { a: first.item, b: other.item }, { status: 409 });
  for (const row of rows) await work.checkUsable(row, { ko: '합치기', en: 'merged' });
  await work.place(input.location);
  const dates = rows.map((r) => r.expires_at).filter((d): d is number => d !== null);
  const child = await work.addLot({
    ...inherited(first),
    origin: 'merge',
    revision: rows.every((r) => r.revision === first.revision) ? first.revision : '',
    supplier: rows.every((r) => r.supplier === first.supplier) ? first.supplier : null,
    supplier_lot: null,
    produced_at: Math.min(...rows.map((r) => r.produced_at)),
    expires_at: dates.length > 0 ? Math.min(...dates) : null,
  });
  const movements: NewMovement[] = [];
  for (const row of rows)
    for (const l of await looseOf(work, row))
      movements.push({
        kind: 'merge',
        item: row.item,
        lot: row.key,
        toLot: child.key,
        from: l.place,
        to: input.location,
        quantity: l.loose,
      });
  if (movements.length === 0) throw inventoryError('inventory.nothing', {}, { status: 409 });
  const sums = new Map<number, number>();
  for (const m of movements) sums.set(m.lot, (sums.get(m.lot) ?? 0) + m.quantity);
  await linkLots(
    work,
    [...sums].map(([parent, quantity]) => ({ parent, child: child.key, kind: 'merged' as const, quantity })),
  );
  await work.post(movements);
  const data = { number: child.number, item: child.item, from: rows.map((r) => r.number), location: input.location };
  await work.emit('lot.merged', lotSubject(child), data);
  return child;
}

export interface PackInput {
  container?: string;
  number?: string;
  lots: readonly { lot: string; quantity: Millionths }[];
  location: string;
}

/** Puts loose goods, and whole containers, into a container: a new one, or one that stands at the place. */
export async function pack(work: Work, input: PackInput): Promise<LotRow> {
  if (input.lots.length === 0) throw inventoryError('inventory.nothing', {}, { status: 400 });
  await work.place(input.location);
  const things: { row: LotRow; quantity: Millionths }[] = [];
  for (const { lot, quantity } of input.lots) things.push({ row: await work.lot(lot), quantity });
  const box = await boxFor(work, input, things[0]!.row);
  const links: Parameters<typeof linkLots>[1][number][] = [];
  const movements: NewMovement[] = [];
  for (const { row, quantity } of things) {
    if (row.kind === 'container') {
      links.push(await boxIntoBox(work, row, box));
      continue;
    }
    checkQuantity(quantity);
    const place = input.location;
    movements.push({
      kind: 'pack',
      item: row.item,
      lot: row.key,
      container: box.key,
      from: place,
      to: place,
      quantity,
      packedTo: true,
    });
    if (row.untracked === 0) links.push({ parent: row.key, child: box.key, kind: 'packed', quantity });
    await work.db
      .insertInto('inv_contents')
      .values({ container: box.key, lot: row.key, quantity })
      .onConflict((c) =>
        c.columns(['container', 'lot']).doUpdateSet((eb) => ({
          quantity: eb('inv_contents.quantity', '+', eb.ref('excluded.quantity')),
        })),
      )
      .execute();
  }
  await linkLots(work, links);
  await work.post(movements);
  await work.emit('lot.packed', lotSubject(box), {
    number: box.number,
    location: input.location,
    lots: things.map((t) => ({ lot: t.row.number, item: t.row.item, quantity: amount(t.quantity) })),
  });
  return box;
}

async function boxFor(work: Work, input: PackInput, first: LotRow): Promise<LotRow> {
  if (input.container === undefined)
    return work.addLot(
      {
        kind: 'container',
        item: first.item,
        revision: first.revision,
        unit: first.unit,
        status: 'available',
        origin: 'production',
        supplier: null,
        supplier_lot: null,
        work_order: first.work_order,
        run: null,
        produced_at: work.act.time,
        expires_at: null,
        place: input.location,
      },
      input.number,
    );
  const named = await work.lot(input.container);
  if (named.kind !== 'container')
    throw inventoryError('inventory.notContainer', { lot: named.number }, { status: 409 });
  const box = await lockBox(work.db, named.key);
  if (
    box.place !== null &&
    box.place !== input.location &&
    ((await contentsOf(work.db, [box.key])).size > 0 || isOutside(box.place))
  )
    throw inventoryError(
      'inventory.containerElsewhere',
      { container: box.number, place: box.place, other: input.location },
      { status: 409 },
    );
  if (box.place === input.location) return box;
  // An empty box comes here from elsewhere: out of the one it stood in, with the empty ones inside it.
  await setBoxPlace(work, box, input.location);
  return { ...box, place: input.location, inside: null };
}

async function boxIntoBox(work: Work, named: LotRow, box: LotRow) {
  const row = await lockBox(work.db, named.key);
  if (row.place !== box.place)
    throw inventoryError(
      'inventory.containerElsewhere',
      { container: row.number, place: row.place ?? '-', other: box.place ?? '-' },
      { status: 409 },
    );
  // Above it must not be itself, and all of it not higher than what is looked through.
  let above: number | null = box.key;
  for (let levels = await levelsOf(work, row); above !== null; levels++) {
    if (above === row.key)
      throw inventoryError('inventory.cycle', { parent: row.number, child: box.number }, { status: 409 });
    if (levels >= maxNesting)
      throw inventoryError(
        'inventory.tooDeep',
        { parent: row.number, child: box.number, most: maxNesting },
        { status: 409 },
      );
    const next: { inside: number | null } | undefined = await work.db
      .selectFrom('inv_lots')
      .select('inside')
      .where('key', '=', above)
      .executeTakeFirst();
    above = next?.inside ?? null;
  }
  const contents = (await contentsOf(work.db, [row.key])).get(row.key) ?? [];
  const quantity = contents.reduce((sum, c) => sum + c.quantity, 0);
  if (quantity === 0) throw inventoryError('inventory.nothing', {}, { status: 409 });
  // It leaves the box it was in.
  if (row.inside !== null)
    await lessenLinks(work.db, { parent: row.key, child: row.inside, kind: 'packed' }, Number.MAX_SAFE_INTEGER);
  await work.db.updateTable('inv_lots').set({ inside: box.key }).where('key', '=', row.key).execute();
  return { parent: row.key, child: box.key, kind: 'packed' as const, quantity };
}

/** Containers one in another: one for a box of pieces, two for a pallet of such boxes. */
async function levelsOf(work: Work, box: LotRow): Promise<number> {
  const boxes = new Map((await boxesIn(work.db, box.key)).map((b) => [b.key, b]));
  const heights = [...boxes.values()].map((b) => {
    let height = 1;
    for (let at = b; at.key !== box.key; at = boxes.get(at.inside!)!) height++;
    return height;
  });
  return Math.max(...heights);
}

/** A box off the pallet it stands on, with what is in it. */
async function takeBoxOut(work: Work, named: LotRow, box: LotRow): Promise<LotRow> {
  const row = await lockBox(work.db, named.key);
  if (row.inside !== box.key)
    throw inventoryError('inventory.notInside', { container: row.number, outer: box.number }, { status: 409 });
  await lessenLinks(work.db, { parent: row.key, child: box.key, kind: 'packed' }, Number.MAX_SAFE_INTEGER);
  await work.db.updateTable('inv_lots').set({ inside: null }).where('key', '=', row.key).execute();
  return row;
}

/** Takes everything, some lots or whole boxes out of a container; what comes out stays where it stands. */
export async function unpack(
  work: Work,
  input: { container: string; lots?: readonly { lot: string; quantity: Millionths }[] },
): Promise<LotRow> {
  const named = await work.lot(input.container);
  if (named.kind !== 'container')
    throw inventoryError('inventory.notContainer', { lot: named.number }, { status: 409 });
  const box = await lockBox(work.db, named.key);
  if (box.place === null || isOutside(box.place)) throw inventoryError('inventory.nothing', {}, { status: 409 });
  // A hold is on the box: what came out of it would be free.
  if (box.holds > 0) await work.checkUsable(box, { ko: '풀기', en: 'unpacked' });
  const place = box.place;
  const contents = (await contentsOf(work.db, [box.key])).get(box.key) ?? [];
  const boxes: LotRow[] = [];
  let wanted = contents.map((c) => ({ lot: c.lot, quantity: c.quantity }));
  if (input.lots) {
    wanted = [];
    for (const { lot, quantity } of input.lots) {
      const row = await work.lot(lot);
      if (row.kind === 'container') boxes.push(await takeBoxOut(work, row, box));
      else wanted.push({ lot: row.key, quantity });
    }
  }
  if (wanted.length + boxes.length === 0) throw inventoryError('inventory.nothing', {}, { status: 409 });
  const rows = await lotRows(
    work.db,
    wanted.map((w) => w.lot),
  );
  const movements: NewMovement[] = [];
  for (const { lot, quantity } of wanted) {
    checkQuantity(quantity);
    const row = rows.get(lot)!;
    let left = quantity;
    for (const content of contents.filter((c) => c.lot === lot)) {
      const take = Math.min(left, content.quantity);
      if (take === 0) continue;
      left -= take;
      // The same lot may be wanted again: it lies in two boxes, or is named twice.
      content.quantity -= take;
      await takeFromBox(work, content.box, lot, take);
      const base = { kind: 'unpack' as const, item: row.item, lot, container: content.box };
      movements.push({ ...base, from: place, to: place, quantity: take, packedFrom: true });
    }
    if (left > 0) await shortOf(work, row, box.number, quantity);
  }
  if (movements.length > 0) await work.post(movements);
  else await work.checkTime();
  await work.emit('lot.unpacked', lotSubject(box), {
    number: box.number,
    location: place,
    lots: wanted.map((w) => ({ lot: rows.get(w.lot)!.number, quantity: amount(w.quantity) })),
    ...(boxes.length > 0 ? { boxes: boxes.map((b) => b.number) } : {}),
  });
  return box;
}
