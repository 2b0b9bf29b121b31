import type { RouteInput } from '@deungdae/contracts/api.ts';
import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { once } from '@deungdae/ledger/once.ts';
import type { Context, Doer, Tx } from './context.ts';
import { operationsError } from './errors.ts';
import { checkedQuantity } from './orders.ts';
import { showSales } from './queries.ts';
import type { OperationsTables } from './schema.ts';

type SalesRow = OperationsTables['ops_sales_orders'];

export type NewSales = Omit<RouteInput<'createSalesOrder'>['body'], 'entryId'>;

/** Adds a line. Throws `operations.salesOrderExists`, or when item or customer are unknown. */
export async function addSales(context: Context, tx: Tx, input: NewSales, doer: Doer): Promise<SalesRow> {
  const now = context.now();
  const item = await context.deps.masterdata.need('item', input.item, now, tx);
  if (input.customer) await context.deps.masterdata.need('partner', input.customer, now, tx);
  const row: SalesRow = {
    ...{ id: context.newId(), number: input.number, line: input.line, customer: input.customer, item: item.code },
    ...{ item_name: item.data.name, quantity: checkedQuantity(input.quantity), unit: item.data.unit },
    ...{ received_us: input.receivedAt, due_us: input.due, priority: input.priority, status: 'open' },
    ...{ note: input.note, created_us: now },
  };
  const added = await tx.db
    .insertInto('ops_sales_orders')
    .values(row)
    .onConflict((c) => c.columns(['number', 'line']).doNothing())
    .executeTakeFirst();
  if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0)
    throw operationsError('operations.salesOrderExists', { order: input.number, line: input.line }, { status: 409 });
  const data = { item: row.item, quantity: input.quantity, due: row.due_us, customer: row.customer };
  const subject = `salesOrder/${row.number}/${row.line}`;
  await tx.emit({ type: 'salesOrder.added', subject, actor: doer.actor, data });
  return row;
}

export async function createSales(
  context: Context,
  body: RouteInput<'createSalesOrder'>['body'],
  doer: Doer,
): Promise<SalesOrder> {
  const row = await context.act((tx) =>
    once(tx, body.entryId, () => addSales(context, tx, body, doer), { kind: 'sales.add', timeUs: context.now() }),
  );
  return (await showSales(context, [row]))[0]!;
}

export async function updateSales(
  context: Context,
  id: string,
  body: RouteInput<'updateSalesOrder'>['body'],
  doer: Doer,
): Promise<SalesOrder> {
  const row = await context.act(async (tx) => {
    const found = await tx.db.selectFrom('ops_sales_orders').selectAll().where('id', '=', id).executeTakeFirst();
    if (!found) throw operationsError('operations.unknownSalesOrder', { order: id.slice(0, 60) }, { status: 404 });
    const patch: Partial<SalesRow> = {};
    if (body.quantity !== undefined) patch.quantity = checkedQuantity(body.quantity);
    if (body.due !== undefined) patch.due_us = body.due;
    if (body.priority !== undefined) patch.priority = body.priority;
    if (body.note !== undefined) patch.note = body.note;
    if (body.cancel) {
      const order = await tx.db
        .selectFrom('ops_orders')
        .select('id')
        .where('sales_order', '=', id)
        .where('status', '!=', 'cancelled')
        .limit(1)
        .executeTakeFirst();
      if (order) throw operationsError('operations.salesOrderInWork', { order: found.number }, { status: 409 });
      patch.status = 'cancelled';
    }
    if (Object.keys(patch).length > 0)
      await tx.db.updateTable('ops_sales_orders').set(patch).where('id', '=', id).execute();
    const type = body.cancel ? 'salesOrder.cancelled' : 'salesOrder.changed';
    await tx.emit({ type, subject: `salesOrder/${found.number}/${found.line}`, actor: doer.actor, data: { ...body } });
    return { ...found, ...patch };
  });
  return (await showSales(context, [row]))[0]!;
}
