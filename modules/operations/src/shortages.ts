import type { RouteInput } from '@deungdae/contracts/api.ts';
import { fromMillionths, type Millionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import type { MaterialShortage } from '@deungdae/contracts/work-order.ts';
import { once } from '@deungdae/ledger/once.ts';
import { type Context, type Doer, lockMachine, type Tx } from './context.ts';
import { operationsError } from './errors.ts';
import { keepInput, linesOf } from './material.ts';
import { lockOrderById, type OrderRows } from './order-store.ts';
import { findRun, type RunRow } from './run-store.ts';
import { linkToProducts } from './shortage-links.ts';
import type { ShortageRow } from './shortage-rows.ts';

export async function listShortages(
  context: Context,
  query: RouteInput<'shortages'>['query'],
): Promise<MaterialShortage[]> {
  let rows = context.read().selectFrom('ops_shortages').selectAll();
  if (query.status) rows = rows.where('status', '=', query.status);
  if (query.machine) rows = rows.where('machine', '=', query.machine);
  if (query.run) rows = rows.where('run_id', '=', query.run);
  const found = await rows.orderBy('time_us', 'desc').orderBy('id', 'desc').limit(query.limit).execute();
  return showShortages(context, found);
}

async function showShortages(context: Context, rows: readonly ShortageRow[]): Promise<MaterialShortage[]> {
  const orders = new Map<string, { number: string; item: string; item_name: string }>();
  const ids = [...new Set(rows.map((r) => r.order_id))];
  for (let i = 0; i < ids.length; i += 500)
    for (const o of await context
      .read()
      .selectFrom('ops_orders')
      .select(['id', 'number', 'item', 'item_name'])
      .where('id', 'in', ids.slice(i, i + 500))
      .execute())
      orders.set(o.id, o);
  const shown: MaterialShortage[] = [];
  for (const r of rows) {
    const item = await context.deps.masterdata.find('item', r.item, context.now());
    const order = orders.get(r.order_id);
    shown.push({
      ...{ id: r.id, run: r.run_id, workOrder: r.order_id, workOrderNumber: order?.number ?? '', machine: r.machine },
      ...{ product: order?.item ?? '', productName: order?.item_name ?? '' },
      ...{ item: r.item, itemName: item?.data.name ?? r.item, unit: item?.data.unit ?? '' },
      ...{ quantity: fromMillionths(r.quantity), settled: fromMillionths(r.settled), closed: fromMillionths(r.closed) },
      ...{ open: fromMillionths(r.quantity - r.settled - r.closed), why: r.why as MaterialShortage['why'] },
      ...{ status: r.status as MaterialShortage['status'], time: r.time_us, by: r.by_whom },
      ...{ settledAt: r.settled_us, settledBy: r.settled_by, note: r.note },
    });
  }
  return shown;
}

export type Settlement = Omit<RouteInput<'settleShortage'>['body'], 'entryId'>;

/**
 * Somebody says what was really used: a lot, or lots by the item's issue rule, are taken out of stock now and linked into
 * what was made of them. `close` ends what is left without taking anything (the bill of materials was wrong). Stock that
 * is still not there is refused in the stock's words.
 */
export async function settleShortage(
  context: Context,
  id: string,
  input: Settlement & { entryId?: string | undefined },
  doer: Doer,
): Promise<MaterialShortage> {
  const about = { kind: 'shortage.settle', timeUs: context.now() };
  const row = await context.act((tx) => once(tx, input.entryId, () => settle(context, tx, id, input, doer), about));
  context.tell([row.machine]);
  return (await showShortages(context, [row]))[0]!;
}

async function settle(context: Context, tx: Tx, id: string, input: Settlement, doer: Doer): Promise<ShortageRow> {
  const named = await tx.db.selectFrom('ops_shortages').selectAll().where('id', '=', id).executeTakeFirst();
  if (!named) throw operationsError('operations.unknownShortage', {}, { status: 404 });
  await lockMachine(tx, named.machine);
  const rows = await lockOrderById(tx, named.order_id);
  const row = await tx.db.selectFrom('ops_shortages').selectAll().where('id', '=', id).executeTakeFirst();
  if (row?.status !== 'open') throw operationsError('operations.shortageDone', {}, { status: 409 });
  const left = row.quantity - row.settled - row.closed;
  const given = input.quantity === undefined ? left : toMillionths(input.quantity);
  const quantity = input.close && input.quantity === undefined && !input.lot ? 0 : given;
  if (quantity > left)
    throw operationsError(
      'operations.shortageLess',
      { left: fromMillionths(left), given: fromMillionths(quantity) },
      { status: 409 },
    );
  if (quantity <= 0 && !input.close)
    throw operationsError('operations.badQuantity', { most: fromMillionths(left) }, { status: 400 });
  const run = await findRun(tx.db, row.run_id);
  const lots = quantity > 0 ? await takeMaterial(context, tx, rows, run, row, { ...input, quantity }, doer) : [];
  const rest = left - quantity;
  const patch: Partial<ShortageRow> = {
    ...{ settled: row.settled + quantity, closed: row.closed + (input.close ? rest : 0) },
    ...{ status: rest === 0 || input.close ? 'settled' : 'open' },
    ...{ settled_us: context.now(), settled_by: doer.name, note: input.note || row.note },
  };
  await tx.db.updateTable('ops_shortages').set(patch).where('id', '=', id).execute();
  await tx.emit({
    ...{ type: 'material.shortageSettled', subject: `run/${row.run_id}`, actor: doer.actor },
    data: {
      ...{ item: row.item, lots, quantity: fromMillionths(quantity), closed: input.close ? fromMillionths(rest) : 0 },
      note: input.note,
    },
  });
  return { ...row, ...patch };
}

async function takeMaterial(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  run: RunRow,
  short: ShortageRow,
  input: { lot?: string | undefined; quantity: Millionths },
  doer: Doer,
): Promise<string[]> {
  const { inventory } = context.deps;
  const when = { time: context.now(), clientTime: null };
  const item = input.lot ? await fittingItem(context, tx, rows, run, short.item, input.lot) : short.item;
  const taken = await inventory.consume(tx, {
    ...{ time: when.time, actor: doer.actor, reference: `run/${run.id}`, reason: 'shortage' },
    ...{ item, quantity: input.quantity, run: run.id, ...(input.lot ? { lot: input.lot } : {}) },
  });
  for (const t of taken) {
    const made = await linkToProducts(context, tx, rows, run, t, doer);
    await keepInput(context, tx, run, item, t.lot, t.quantity, 'settled', when, made);
  }
  return taken.map((t) => t.lot);
}

/** The lot must be of the material, or of one that may stand for it. */
async function fittingItem(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  run: RunRow,
  wanted: string,
  named: string,
): Promise<string> {
  const lot = await context.deps.inventory.lot(named, tx);
  if (!lot) throw operationsError('operations.unknownLot', { lot: named.slice(0, 60) }, { status: 404 });
  const step = rows.steps.find((s) => s.id === run.step_id)!;
  const line = linesOf(rows, step).find((l) => l.component === wanted);
  if (lot.item !== wanted && !line?.alternates.includes(lot.item))
    throw operationsError(
      'operations.wrongMaterial',
      { lot: lot.number, item: lot.item, materials: [wanted, ...(line?.alternates ?? [])].join(', ') },
      { status: 409 },
    );
  return lot.item;
}
