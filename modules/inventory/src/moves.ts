import type { Millionths } from '@deungdae/contracts/quantity.ts';
import { amount, checkQuantity, lotSubject, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { pickInOrder, placesOf, refuseShut, shutToShipping } from './issue.ts';
import { lotId } from './keys.ts';
import { lessenEvenly, lessenLinks, lessenRun } from './links.ts';
import { boxesIn, contentsOf, lockBox, lotRows, maxNesting } from './lot-store.ts';
import { isOutside, type NewMovement, showUnit } from './posting.ts';
import type { LotRow, MovementRow } from './schema.ts';

/** Moves loose goods of a lot, or a whole container with all that is in it. A lot on hold may be moved, not used. */
export async function move(
  work: Work,
  input: { lot: string; from: string; to: string; quantity: Millionths },
): Promise<MovementRow[]> {
  const row = await work.lot(input.lot);
  const from = row.kind === 'container' ? (row.place ?? input.from) : input.from;
  if (from === input.to) throw inventoryError('inventory.samePlace', { place: from }, { status: 400 });
  await work.place(input.to);
  if (row.kind === 'container') return moveBox(work, row, input.to);
  checkQuantity(input.quantity);
  const { to, quantity } = input;
  const rows = await work.post([{ kind: 'transfer', item: row.item, lot: row.key, from, to, quantity }]);
  const data = { number: row.number, item: row.item, from, to, quantity: amount(quantity) };
  await work.emit('lot.moved', lotSubject(row), data);
  return rows;
}

async function moveBox(work: Work, named: LotRow, to: string): Promise<MovementRow[]> {
  const box = await lockBox(work.db, named.key);
  const from = box.place ?? '';
  if (from === to) throw inventoryError('inventory.samePlace', { place: from }, { status: 400 });
  const contents = (await contentsOf(work.db, [box.key])).get(box.key) ?? [];
  if (contents.length === 0) throw inventoryError('inventory.nothing', {}, { status: 409 });
  const movements = await boxMovements(work, contents, (_row, content) => ({
    kind: 'transfer',
    from,
    to,
    container: content.box,
    packedFrom: true,
    packedTo: true,
  }));
  const rows = await work.post(movements);
  await setBoxPlace(work, box, to);
  const data = { number: box.number, from, to, lots: contents.length };
  await work.emit('lot.moved', lotSubject(box), data);
  return rows;
}

type Content = { lot: number; quantity: Millionths; box: number };

async function boxMovements(
  work: Work,
  contents: readonly Content[],
  make: (row: LotRow, content: Content) => Omit<NewMovement, 'item' | 'lot' | 'quantity'>,
): Promise<NewMovement[]> {
  const lots = await lotRows(
    work.db,
    contents.map((c) => c.lot),
  );
  return contents.map((content) => {
    const row = lots.get(content.lot)!;
    return { ...make(row, content), item: row.item, lot: row.key, quantity: content.quantity };
  });
}

/** The box and those inside it stand at `place` from now on; it is taken out of the box it was in. */
export async function setBoxPlace(work: Work, box: LotRow, place: string): Promise<void> {
  if (box.inside !== null)
    await lessenLinks(work.db, { parent: box.key, child: box.inside, kind: 'packed' }, Number.MAX_SAFE_INTEGER);
  await work.db.updateTable('inv_lots').set({ place, inside: null }).where('key', '=', box.key).execute();
  let level = [box.key];
  for (let depth = 0; depth < maxNesting && level.length > 0; depth++) {
    const inside = await work.db.selectFrom('inv_lots').select('key').where('inside', 'in', level).execute();
    level = inside.map((r) => r.key);
    if (level.length > 0) await work.db.updateTable('inv_lots').set({ place }).where('key', 'in', level).execute();
  }
}

export interface ScrapInput {
  item: string;
  lot?: string;
  location?: string;
  quantity: Millionths;
}

export async function scrap(work: Work, input: ScrapInput): Promise<MovementRow> {
  checkQuantity(input.quantity);
  const row = await work.lotOf(input.item, input.lot);
  const place = input.location ?? (await placeWith(work, row, input.quantity));
  const quantity = input.quantity;
  const [moved] = await work.post([
    { kind: 'scrap', item: row.item, lot: row.key, from: place, to: '@scrap', quantity },
  ]);
  const data = { number: row.number, item: row.item, location: place, quantity: amount(quantity) };
  await work.emit('lot.scrapped', lotSubject(row), data);
  return moved!;
}

/** A place with enough loose stock of the lot, else the one with the most: the posting then says what is missing. */
export async function placeWith(work: Work, row: LotRow, quantity: Millionths): Promise<string> {
  const places = await work.db
    .selectFrom('inv_stock')
    .select(['place', 'quantity', 'packed'])
    .where('lot', '=', row.key)
    .where('quantity', '>', 0)
    .execute();
  const sorted = places.sort((a, b) => b.quantity - b.packed - (a.quantity - a.packed));
  const enough = sorted.find((p) => p.quantity - p.packed >= quantity) ?? sorted[0];
  if (!enough)
    throw inventoryError(
      'inventory.short',
      {
        item: row.item,
        lot: row.number,
        place: '-',
        there: 0,
        asked: amount(quantity),
        unit: row.unit.replace(/[{}]/g, ''),
      },
      { status: 409 },
    );
  return enough.place;
}

export async function adjust(
  work: Work,
  input: { item: string; lot?: string; location: string; difference: Millionths },
  kind: 'adjust' | 'count' = 'adjust',
): Promise<MovementRow> {
  const { difference, location } = input;
  checkQuantity(Math.abs(difference));
  await work.place(location);
  const row = await work.lotOf(input.item, input.lot);
  const [from, to] = difference > 0 ? ['@adjustment', location] : [location, '@adjustment'];
  const quantity = Math.abs(difference);
  const [moved] = await work.post([{ kind, item: row.item, lot: row.key, from: from!, to: to!, quantity }]);
  const data = { number: row.number, item: row.item, location, difference: amount(difference) };
  await work.emit('lot.adjusted', lotSubject(row), data);
  return moved!;
}

/**
 * Material that was issued comes back from the line; the genealogy forgets what was not used after all. Throws
 * `inventory.notIssued` for more than the run took (without a run: more than was issued without one).
 */
export async function giveBack(
  work: Work,
  input: { lot: string; location: string; quantity: Millionths; run: string | null },
): Promise<MovementRow> {
  checkQuantity(input.quantity);
  await work.place(input.location);
  const row = await work.lot(input.lot);
  const { location: to, quantity, run } = input;
  const there = await issuedTo(work, row, run);
  if (there < quantity) throw notIssued(row, there, quantity);
  if (run !== null) work.act.reference = `run/${run}`;
  const [moved] = await work.post([
    { kind: 'return', item: row.item, lot: row.key, from: '@production', to, quantity },
  ]);
  if (run !== null) {
    const known = await work.parts.material?.(work.tx, { lot: lotId(row.key), run, quantity });
    const off = known ?? { runs: [run], quantity };
    await lessenLinks(work.db, { parent: row.key, kind: 'consumed', runs: off.runs }, off.quantity);
  }
  const data = { number: row.number, item: row.item, location: to, quantity: amount(quantity), run: input.run };
  await work.emit('lot.returned', lotSubject(row), data);
  return moved!;
}

/**
 * Material that a run did not use after all goes back to where it was taken from, the place taken from last first. `made`
 * of it had been linked into products of these runs, and leaves their genealogy. Throws `inventory.notIssued`.
 */
export async function takeBack(
  work: Work,
  input: { lot: string; run: string; quantity: Millionths; made: { runs: readonly string[]; quantity: Millionths } },
): Promise<void> {
  checkQuantity(input.quantity);
  const row = await work.lot(input.lot);
  const there = await issuedTo(work, row, input.run);
  if (there < input.quantity) throw notIssued(row, there, input.quantity);
  work.act.reference = `run/${input.run}`;
  const back = await placesTakenFrom(work, row, input.run, input.quantity);
  await work.post(
    back.map(({ place, quantity }) => ({
      ...({ kind: 'return', item: row.item, lot: row.key, from: '@production', to: place, quantity } as const),
    })),
  );
  if (row.untracked === 0 && input.made.quantity > 0)
    await lessenEvenly(work.db, row.key, input.made.runs, input.made.quantity);
  const places = back.map((b) => b.place).join(', ');
  const data = { number: row.number, item: row.item, location: places, quantity: amount(input.quantity) };
  await work.emit('lot.returned', lotSubject(row), { ...data, run: input.run });
}

async function placesTakenFrom(
  work: Work,
  row: LotRow,
  run: string,
  quantity: Millionths,
): Promise<{ place: string; quantity: Millionths }[]> {
  const taken = await work.db
    .selectFrom('inv_movements')
    .select(['from_place', 'quantity'])
    .where('lot', '=', row.key)
    .where('kind', '=', 'consume')
    .where('to_place', '=', '@production')
    .where('reference', '=', `run/${run}`)
    .orderBy('key', 'desc')
    .execute();
  const returned = await work.db
    .selectFrom('inv_movements')
    .select(['to_place', 'quantity'])
    .where('lot', '=', row.key)
    .where('kind', '=', 'return')
    .where('reference', '=', `run/${run}`)
    .execute();
  // What a place gave and has not got back.
  const owed = new Map<string, Millionths>();
  for (const m of taken) owed.set(m.from_place, (owed.get(m.from_place) ?? 0) + m.quantity);
  for (const m of returned) owed.set(m.to_place, (owed.get(m.to_place) ?? 0) - m.quantity);
  const back = new Map<string, Millionths>();
  let left = quantity;
  const give = (place: string, part: Millionths) => {
    if (part <= 0) return;
    left -= part;
    owed.set(place, owed.get(place)! - part);
    back.set(place, (back.get(place) ?? 0) + part);
  };
  for (const m of taken) give(m.from_place, Math.min(left, m.quantity, owed.get(m.from_place)!));
  // Some was brought back by hand to a place that gave none: the rest goes where it was taken last.
  if (taken[0]) give(taken[0].from_place, left);
  return [...back].map(([place, part]) => ({ place, quantity: part }));
}

function notIssued(row: LotRow, there: Millionths, asked: Millionths) {
  const words = { lot: row.number, there: amount(there), asked: amount(asked), unit: showUnit(row.unit) };
  return inventoryError('inventory.notIssued', words, { status: 409 });
}

/** What of a lot went into a run, or into production without a run, and has not come back. */
async function issuedTo(work: Work, row: LotRow, run: string | null): Promise<Millionths> {
  let select = work.db
    .selectFrom('inv_movements')
    .select(['from_place', 'quantity'])
    .where('lot', '=', row.key)
    .where('kind', 'in', ['consume', 'return']);
  if (run !== null) select = select.where('reference', '=', `run/${run}`);
  else
    select = select.where((eb) =>
      eb.or([
        eb('reference', 'is', null),
        eb.and([eb('reference', 'not like', 'run/%'), eb('reference', 'not like', 'workOrder/%')]),
      ]),
    );
  const rows = await select.execute();
  return rows.reduce((sum, m) => sum + (m.from_place === '@production' ? -m.quantity : m.quantity), 0);
}

/** As `reverse`, for a person: what belongs to a confirmed result goes with it. Throws `inventory.ofResult` too. */
export async function reverseByHand(work: Work, id: string): Promise<MovementRow> {
  const key = Number(id);
  const movement = Number.isSafeInteger(key)
    ? await work.db.selectFrom('inv_movements').select('reference').where('key', '=', key).executeTakeFirst()
    : undefined;
  if (/^(run|workOrder)\//.test(movement?.reference ?? ''))
    throw inventoryError('inventory.ofResult', {}, { status: 409 });
  return reverse(work, id);
}

/**
 * Pieces of a run that were never made leave its lot. Answers what thereby left the genealogy of the lot, by lots it
 * was made of.
 */
export async function unmake(
  work: Work,
  input: { lot: string; run: string; location: string; quantity: Millionths },
): Promise<{ lot: string; run: string; quantity: Millionths }[]> {
  const row = await work.lot(input.lot);
  const made = await madeOf(work, row);
  const { location, quantity } = input;
  await adjust(work, { item: row.item, lot: lotId(row.key), location, difference: -quantity });
  const off = await lessenRun(work.db, row.key, input.run, made <= quantity ? 1 : quantity / made);
  return off.map((o) => ({ lot: lotId(o.parent), run: input.run, quantity: o.quantity }));
}

async function madeOf(work: Work, row: LotRow): Promise<Millionths> {
  const rows = await work.db
    .selectFrom('inv_movements')
    .select(['kind', 'from_place', 'quantity'])
    .where('lot', '=', row.key)
    .where((eb) =>
      eb.or([eb('kind', '=', 'produce'), eb.and([eb('kind', '=', 'adjust'), eb('reason', '=', 'correction')])]),
    )
    .execute();
  const sign = (m: (typeof rows)[number]) => (m.from_place.startsWith('@') ? 1 : -1);
  return rows.reduce((sum, m) => sum + sign(m) * m.quantity, 0);
}

const irreversible = new Set(['split', 'merge', 'pack', 'unpack', 'ship', 'customerReturn']);

/** Takes a movement back with an opposite one. Throws `inventory.alreadyReversed`, `inventory.notReversible`. */
export async function reverse(work: Work, id: string): Promise<MovementRow> {
  const key = Number(id);
  const movement = Number.isSafeInteger(key)
    ? await work.db.selectFrom('inv_movements').selectAll().where('key', '=', key).executeTakeFirst()
    : undefined;
  if (!movement) throw inventoryError('inventory.unknownMovement', { id }, { status: 404 });
  if (movement.reversed_by !== null || movement.reverses !== null)
    throw inventoryError('inventory.alreadyReversed', {}, { status: 409 });
  if (irreversible.has(movement.kind))
    throw inventoryError('inventory.notReversible', { kind: movement.kind }, { status: 409 });
  if (movement.kind === 'consume') await refuseIfBack(work, movement);
  const { kind, item, lot, quantity } = movement;
  work.act.reference ??= movement.reference;
  const [opposite] = await work.post([
    {
      kind,
      item,
      lot,
      quantity,
      from: movement.to_place,
      to: movement.from_place,
      reverses: key,
      partner: movement.partner,
    },
  ]);
  await work.db.updateTable('inv_movements').set({ reversed_by: opposite!.key }).where('key', '=', key).execute();
  await forgetLinks(work, movement);
  await work.emit('movement.reversed', `lot/${lotId(lot)}`, { movement: id, kind, item, quantity: amount(quantity) });
  return opposite!;
}

/** Of an issue that came back from the line already there is nothing to take back. Throws `inventory.notIssued`. */
async function refuseIfBack(work: Work, { lot, reference, quantity }: MovementRow): Promise<void> {
  if (reference?.startsWith('workOrder/')) return;
  const row = (await lotRows(work.db, [lot])).get(lot)!;
  const there = await issuedTo(work, row, reference?.startsWith('run/') ? reference.slice(4) : null);
  if (there < quantity) throw notIssued(row, there, quantity);
}

async function forgetLinks(work: Work, movement: MovementRow): Promise<void> {
  const run = movement.reference?.startsWith('run/') ? movement.reference.slice(4) : null;
  if (run === null) return;
  if (movement.kind === 'consume')
    await lessenLinks(work.db, { parent: movement.lot, kind: 'consumed', runs: [run] }, movement.quantity);
  if (movement.kind !== 'produce') return;
  const made = await work.db
    .selectFrom('inv_movements')
    .select((eb) => eb.fn.sum('quantity').as('sum'))
    .where('lot', '=', movement.lot)
    .where('kind', '=', 'produce')
    .where('reference', '=', movement.reference)
    .where('reverses', 'is', null)
    .where((eb) => eb.or([eb('reversed_by', 'is', null), eb('key', '=', movement.key)]))
    .executeTakeFirst();
  const total = Number(made?.sum ?? 0);
  await lessenRun(work.db, movement.lot, run, total === 0 ? 1 : movement.quantity / total);
}

export interface ShipLot {
  lot: string;
  quantity: Millionths;
}
export interface ShippedLine {
  box: number;
  lot: number;
  item: string;
  quantity: Millionths;
}

/** Sends lots and boxes to a customer. Nothing on hold, unusable or past its date leaves. */
export async function ship(
  work: Work,
  input: { shipment: string; customer: string; lots: readonly ShipLot[] },
): Promise<{ movements: MovementRow[]; lines: ShippedLine[] }> {
  if (input.lots.length === 0) throw inventoryError('inventory.nothing', {}, { status: 400 });
  work.act.reference ??= `shipment/${input.shipment}`;
  const movements: NewMovement[] = [];
  const lines: ShippedLine[] = [];
  for (const wanted of input.lots) {
    const row = await work.lot(wanted.lot);
    const goods = row.kind === 'container' ? await boxGoods(work, row) : await looseGoods(work, row, wanted.quantity);
    for (const g of goods) {
      movements.push({ ...g, kind: 'ship', to: '@customer', partner: input.customer });
      lines.push({ box: row.kind === 'container' ? row.key : 0, lot: g.lot, item: g.item, quantity: g.quantity });
    }
    if (row.kind === 'container') await setBoxPlace(work, row, '@customer');
  }
  const rows = await work.post(movements);
  await work.emit('shipment.shipped', `shipment/${input.shipment}`, {
    customer: input.customer,
    lines: await shippedWords(work, lines),
  });
  return { movements: rows, lines };
}

async function shippedWords(work: Work, lines: readonly ShippedLine[]) {
  const rows = await lotRows(
    work.db,
    lines.flatMap((l) => (l.box === 0 ? [l.lot] : [l.lot, l.box])),
  );
  return lines.map((l) => ({
    lot: rows.get(l.lot)?.number ?? '',
    ...(l.box === 0 ? {} : { box: rows.get(l.box)?.number ?? '' }),
    item: l.item,
    quantity: amount(l.quantity),
  }));
}

export const shipping = { ko: '출하', en: 'shipped' };

type Goods = Omit<NewMovement, 'kind' | 'to'>;

/** All that is in a box, after asking each lot in it. Throws what `checkUsable` throws. */
export async function boxGoods(work: Work, named: LotRow): Promise<Goods[]> {
  const box = await lockBox(work.db, named.key);
  for (const one of await boxesIn(work.db, box.key)) await work.checkUsable(one, shipping);
  const contents = (await contentsOf(work.db, [box.key])).get(box.key) ?? [];
  if (contents.length === 0 || box.place === null || isOutside(box.place))
    throw inventoryError('inventory.nothing', {}, { status: 409 });
  const quantity = contents.reduce((sum, c) => sum + c.quantity, 0);
  const closed = await placesOf(work.parts, shutToShipping, work.act.time);
  refuseShut(box, [{ place: box.place, quantity, packed: 0 }], closed, shipping);
  const rows = await lotRows(
    work.db,
    contents.map((c) => c.lot),
  );
  for (const row of rows.values()) await work.checkUsable(row, shipping);
  return contents.map((c) => ({
    item: rows.get(c.lot)!.item,
    lot: c.lot,
    container: c.box,
    from: box.place!,
    quantity: c.quantity,
    packedFrom: true,
  }));
}

async function looseGoods(work: Work, row: LotRow, quantity: Millionths): Promise<Goods[]> {
  checkQuantity(quantity);
  await work.checkUsable(row, shipping);
  const places = await work.db
    .selectFrom('inv_stock')
    .select(['place', 'quantity', 'packed'])
    .where('lot', '=', row.key)
    .where('quantity', '>', 0)
    .orderBy('place')
    .execute();
  const closed = await placesOf(work.parts, shutToShipping, work.act.time);
  const open = places.filter((p) => !closed.has(p.place));
  const loose = open.map((p) => ({ row, place: p.place, loose: p.quantity - p.packed }));
  let picked = pickInOrder(loose, quantity);
  if (!picked) refuseShut(row, places, closed, shipping);
  picked ??= [{ row, place: await placeWith(work, row, quantity), quantity }];
  return picked.map((p) => ({ item: row.item, lot: row.key, from: p.place, quantity: p.quantity }));
}

/** Goods a customer sends back: the same lot, into quarantine. */
export async function customerReturn(
  work: Work,
  input: { lot: string; location: string; quantity: Millionths; customer: string | null },
): Promise<MovementRow> {
  checkQuantity(input.quantity);
  await work.place(input.location);
  const row = await work.lot(input.lot);
  const sent = await work.db
    .selectFrom('inv_movements')
    .select(['kind', 'quantity'])
    .where('lot', '=', row.key)
    .where('kind', 'in', ['ship', 'customerReturn'])
    .execute();
  const there = sent.reduce((sum, m) => sum + (m.kind === 'ship' ? m.quantity : -m.quantity), 0);
  if (there < input.quantity)
    throw inventoryError(
      'inventory.short',
      {
        item: row.item,
        lot: row.number,
        place: '@customer',
        there: amount(there),
        asked: amount(input.quantity),
        unit: row.unit.replace(/[{}]/g, ''),
      },
      { status: 409 },
    );
  await work.db.updateTable('inv_lots').set({ status: 'quarantine' }).where('key', '=', row.key).execute();
  const { location: to, quantity, customer: partner } = input;
  const [moved] = await work.post([
    { kind: 'customerReturn', item: row.item, lot: row.key, from: '@customer', to, quantity, partner },
  ]);
  const data = { number: row.number, item: row.item, location: to, quantity: amount(quantity), customer: partner };
  await work.emit('lot.customerReturned', lotSubject(row), data);
  return moved!;
}
