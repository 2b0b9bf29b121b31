import { type Caller, routes } from '@deungdae/contracts/api.ts';
import type { ErpOrder, ErpReceipt } from '@deungdae/contracts/api-erp.ts';
import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { CodedError, explain } from '@deungdae/kernel/errors.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OperationsModule } from '@deungdae/operations/module.ts';
import { erpError } from './errors.ts';

export interface InboundDeps {
  masterdata: Pick<MasterDataModule, 'need' | 'put'>;
  operations: Pick<OperationsModule, 'order' | 'handlers'>;
  nowUs(): number;
}

/** Orders the ERP may still change: nobody has begun. */
const open = ['planned', 'released', 'held'];

/**
 * Takes orders one by one, by number: a new one is planned, a changed one changed (its history is in the events), an
 * equal one left alone, so that a file sent twice changes nothing. One that cannot be taken does not hold up the others.
 */
export async function receiveOrders(
  deps: InboundDeps,
  orders: readonly (ErpOrder & { unit?: string | null })[],
  caller: Caller,
): Promise<ErpReceipt> {
  const receipt: ErpReceipt = { added: 0, changed: 0, same: 0, problems: [] };
  for (const order of orders) {
    try {
      await checkUnit(deps, order);
      const known = await deps.operations.order(order.number);
      const done = known ? await change(deps, known, order, caller) : await add(deps, order, caller);
      receipt[done]++;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const message = explain(error.code, error.params, caller.language);
      receipt.problems.push({ code: order.number, error: error.code, message });
    }
  }
  return receipt;
}

async function checkUnit(deps: InboundDeps, order: ErpOrder & { unit?: string | null }): Promise<void> {
  const item = await deps.masterdata.need('item', order.item, deps.nowUs());
  const { unit } = item.data;
  if (order.unit && order.unit !== unit)
    throw erpError('erp.unitDiffers', { item: order.item, unit, given: order.unit }, { status: 400 });
}

async function add(deps: InboundDeps, order: ErpOrder, caller: Caller): Promise<'added'> {
  const { number, item, quantity, due, priority, note, release } = order;
  const given = { entryId: `erp/${number}`, number, item, quantity, due, priority, note, release };
  const parsed = routes.createWorkOrder.body.safeParse(given);
  const body = parsed.success ? parsed.data : routes.createWorkOrder.body.parse({ ...given, entryId: undefined });
  await deps.operations.handlers.createWorkOrder!({ params: undefined, query: undefined, body } as never, caller);
  return 'added';
}

async function change(
  deps: InboundDeps,
  known: WorkOrder,
  order: ErpOrder,
  caller: Caller,
): Promise<'changed' | 'same'> {
  if (known.item !== order.item)
    throw erpError('erp.otherItem', { number: order.number, known: known.item, item: order.item }, { status: 409 });
  const body = {
    ...(known.quantity === order.quantity ? {} : { quantity: order.quantity }),
    ...(known.due === order.due ? {} : { due: order.due }),
    ...(known.priority === order.priority ? {} : { priority: order.priority }),
    ...(known.note === order.note ? {} : { note: order.note }),
  };
  if (Object.keys(body).length === 0) return 'same';
  if (!open.includes(known.status))
    throw erpError('erp.orderBegun', { number: order.number, status: known.status }, { status: 409 });
  const input = { params: { id: known.id }, query: undefined, body: { ...body, version: known.version } };
  await deps.operations.handlers.updateWorkOrder!(input as never, caller);
  return 'changed';
}
