import type { Handlers } from '@deungdae/contracts/api.ts';
import { fromMillionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import type { Work } from '../core.ts';
import { inventoryError } from '../errors.ts';
import { hold, release } from '../holds.ts';
import { receive } from '../incoming.ts';
import { consume } from '../issue.ts';
import { lotId } from '../keys.ts';
import { toMovements } from '../lot-store.ts';
import { adjust, customerReturn, giveBack, move, reverseByHand, scrap } from '../moves.ts';
import { merge, pack, split, unpack } from '../packing.ts';
import { isOutside } from '../posting.ts';
import { stockRows } from '../queries.ts';
import { supplierReturn } from '../returns.ts';
import type { LotRow } from '../schema.ts';
import { type HandlerParts, lotOut, perform } from './shared.ts';

const exact = <T extends object>(input: T) => input as { [K in keyof T]: Exclude<T[K], undefined> };

export function actHandlers(parts: HandlerParts): Handlers {
  return {
    receiveStock: ({ body }, caller) =>
      perform(
        parts,
        'receiveStock',
        caller,
        body,
        async (work) => {
          const { entryId: _e, time: _t, reason: _r, reference: _ref, quantity, ...rest } = body;
          return lotOut(work.db, await receive(work, exact({ ...rest, quantity: toMillionths(quantity) })));
        },
        body.reference ?? null,
      ),
    transferStock: ({ body }, caller) =>
      perform(parts, 'transferStock', caller, body, async (work) => {
        const row = await work.lot(body.lot);
        const from = body.from ?? (await onlyPlace(work, row));
        const quantity = body.quantity === undefined ? await looseAt(work, row, from) : toMillionths(body.quantity);
        await move(work, { lot: lotId(row.key), from, to: body.to, quantity });
        return lotOut(work.db, row);
      }),
    issueStock: ({ body }, caller) =>
      perform(parts, 'issueStock', caller, body, async (work) => {
        const { item, lot, location, quantity } = body;
        const used = await consume(work, exact({ item, lot, location, quantity: toMillionths(quantity), run: null }));
        return used.map((u) => ({ lot: u.lot, quantity: fromMillionths(u.quantity) }));
      }),
    returnStock: ({ body }, caller) =>
      perform(parts, 'returnStock', caller, body, async (work) => {
        const input = { lot: body.lot, location: body.location, quantity: toMillionths(body.quantity) };
        if (body.customer !== undefined) await customerReturn(work, { ...input, customer: body.customer });
        else await giveBack(work, { ...input, run: body.run ?? null });
        return lotOut(work.db, await work.lot(body.lot));
      }),
    returnToSupplier: ({ body }, caller) =>
      perform(
        parts,
        'returnToSupplier',
        caller,
        body,
        async (work) => {
          const { lot, location, supplier } = body;
          await supplierReturn(work, exact({ lot, location, supplier, quantity: toMillionths(body.quantity) }));
          return lotOut(work.db, await work.lot(lot));
        },
        body.reference ?? null,
      ),
    adjustStock: ({ body }, caller) =>
      perform(parts, 'adjustStock', caller, body, async (work) => {
        const { item, location } = body;
        const row = await work.lotOf(item, body.lot);
        const difference = toMillionths(body.counted) - (await stockAt(work, row, location));
        if (difference !== 0) await adjust(work, { item, lot: lotId(row.key), location, difference });
        const { masterdata } = work.parts;
        return stockRows(work.db, masterdata, { item, location, limit: 1000 }, work.act.time);
      }),
    scrapStock: ({ body }, caller) =>
      perform(parts, 'scrapStock', caller, body, async (work) => {
        const { item, lot, location, quantity } = body;
        const row = await scrap(work, exact({ item, lot, location, quantity: toMillionths(quantity) }));
        return (await toMovements(work.db, [row]))[0]!;
      }),
    reverseMovement: ({ params, body }, caller) =>
      perform(
        parts,
        'reverseMovement',
        caller,
        body,
        async (work) => (await toMovements(work.db, [await reverseByHand(work, params.id)]))[0]!,
      ),
    ...lotHandlers(parts),
  };
}

function lotHandlers(parts: HandlerParts): Handlers {
  const quantities = (lots: readonly { lot: string; quantity: number }[]) =>
    lots.map((l) => ({ lot: l.lot, quantity: toMillionths(l.quantity) }));
  return {
    splitLot: ({ params, body }, caller) =>
      perform(parts, 'splitLot', caller, body, async (work) =>
        lotOut(work.db, await split(work, { lot: params.id, quantity: toMillionths(body.quantity) })),
      ),
    mergeLots: ({ body }, caller) =>
      perform(parts, 'mergeLots', caller, body, async (work) => lotOut(work.db, await merge(work, body))),
    packLots: ({ body }, caller) =>
      perform(parts, 'packLots', caller, body, async (work) => {
        const { container, location } = body;
        return lotOut(work.db, await pack(work, exact({ container, location, lots: quantities(body.lots) })));
      }),
    unpackContainer: ({ params, body }, caller) =>
      perform(parts, 'unpackContainer', caller, body, async (work) => {
        const lots = body.lots === undefined ? {} : { lots: quantities(body.lots) };
        return lotOut(work.db, await unpack(work, { container: params.id, ...lots }));
      }),
    holdLot: ({ params, body }, caller) =>
      perform(parts, 'holdLot', caller, body, async (work) => {
        await hold(work, { lot: params.id, reason: body.reason });
        return lotOut(work.db, await work.lot(params.id));
      }),
    releaseLot: ({ params, body }, caller) =>
      perform(parts, 'releaseLot', caller, body, async (work) => {
        await release(work, exact({ lot: params.id, hold: body.hold }));
        return lotOut(work.db, await work.lot(params.id));
      }),
  };
}

async function stockAt(work: Work, row: LotRow, place: string): Promise<number> {
  const stock = await work.db
    .selectFrom('inv_stock')
    .select('quantity')
    .where('lot', '=', row.key)
    .where('place', '=', place)
    .executeTakeFirst();
  return stock?.quantity ?? 0;
}

async function looseAt(work: Work, row: LotRow, place: string): Promise<number> {
  const stock = await work.db
    .selectFrom('inv_stock')
    .select(['quantity', 'packed'])
    .where('lot', '=', row.key)
    .where('place', '=', place)
    .executeTakeFirst();
  return stock ? stock.quantity - stock.packed : 0;
}

/** The place of a lot that lies at one only. Throws `inventory.short` when it lies nowhere. */
async function onlyPlace(work: Work, row: LotRow): Promise<string> {
  if (row.kind === 'container') return row.place ?? '';
  const places = await work.db
    .selectFrom('inv_stock')
    .select('place')
    .where('lot', '=', row.key)
    .where('quantity', '>', 0)
    .execute();
  const inside = places.filter((p) => !isOutside(p.place)).map((p) => p.place);
  if (inside.length === 1) return inside[0]!;
  if (inside.length > 1)
    throw inventoryError(
      'inventory.severalPlaces',
      { lot: row.number, places: inside.slice(0, 5).join(', ') },
      { status: 409 },
    );
  const words = { item: row.item, lot: row.number, place: '-', unit: row.unit.replace(/[{}]/g, '') };
  throw inventoryError('inventory.short', { ...words, there: 0, asked: 1 }, { status: 409 });
}
