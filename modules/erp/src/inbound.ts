import { type Caller, routes } from '@deungdae/contracts/api.ts';
import type { ErpOrder, ErpReceipt, ErpSalesOrder } from '@deungdae/contracts/api-erp.ts';
import type { SalesOrder, WorkOrder } from '@deungdae/contracts/work-order.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { CodedError, explain } from '@deungdae/kernel/errors.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OperationsModule } from '@deungdae/operations/module.ts';
import { erpError } from './errors.ts';

export interface InboundDeps {
  masterdata: Pick<MasterDataModule, 'find' | 'need' | 'put'>;
  operations: Pick<OperationsModule, 'order' | 'salesLine' | 'handlers'>;
  nowUs(): number;
}

/** What became of one document. */
export type Taken = 'added' | 'changed' | 'cancelled' | 'same';
export type InboundOrder = ErpOrder & { unit?: string | null };
/** Fields that the ERP says; what it leaves out stays as it is. */
export interface InboundItem {
  code: string;
  revision?: string | undefined;
  data: Record<string, unknown>;
}

/** Orders the ERP may still change: nobody has begun. */
const open = ['planned', 'released', 'held'];

/**
 * Takes documents one by one: one that cannot be taken is named and does not hold up the others. What is no fault of the
 * document (a database that is busy) is thrown, so that all is sent again; what was taken before is then the same.
 */
export async function receiveEach<T>(
  documents: readonly T[],
  nameOf: (document: T) => string,
  take: (document: T) => Promise<Taken>,
  language: string,
): Promise<ErpReceipt> {
  const receipt: ErpReceipt = { added: 0, changed: 0, cancelled: 0, same: 0, problems: [] };
  for (const document of documents) {
    const done = await judged(() => take(document));
    if (typeof done === 'string') receipt[done]++;
    else
      receipt.problems.push({
        ...{ code: nameOf(document), error: done.code },
        message: explain(done.code, done.params, language),
      });
  }
  return receipt;
}

/** What came of it, or the reason why the document cannot be taken. */
export async function judged(take: () => Promise<Taken>): Promise<Taken | CodedError> {
  try {
    return await take();
  } catch (error) {
    if (!(error instanceof CodedError) || error.status >= 500) throw error;
    return error;
  }
}

/** An item by its code: added, or what the ERP says of it changed. */
export async function takeItem(deps: InboundDeps, item: InboundItem, caller: Caller): Promise<Taken> {
  const known = await deps.masterdata.find('item', item.code, deps.nowUs());
  const { code, revision } = item;
  const record = { kind: 'item' as const, code, revision, data: { ...known?.data, ...item.data } };
  const counts = await deps.masterdata.put([record], actorOf(caller));
  return counts.added > 0 ? 'added' : counts.changed > 0 ? 'changed' : 'same';
}

/**
 * A work order by its number: a new one is planned, a changed one changed (its history is in the events), an equal one
 * left alone, so that a file sent twice changes nothing.
 */
export async function takeOrder(deps: InboundDeps, order: InboundOrder, caller: Caller): Promise<Taken> {
  await checkUnit(deps, order.item, order.unit);
  const known = await deps.operations.order(order.number);
  return known ? await change(deps, known, order, caller) : await add(deps, order, caller);
}

async function checkUnit(deps: InboundDeps, code: string, given: string | null | undefined): Promise<void> {
  const item = await deps.masterdata.need('item', code, deps.nowUs());
  const { unit } = item.data;
  if (given && given !== unit) throw erpError('erp.unitDiffers', { item: code, unit, given }, { status: 400 });
}

async function add(deps: InboundDeps, order: ErpOrder, caller: Caller): Promise<'added'> {
  const { number, item, quantity, due, priority, note, release } = order;
  const given = routes.createWorkOrder.body.parse({ number, item, quantity, due, priority, note, release });
  const body = { ...given, entryId: `erp/${number}` };
  await deps.operations.handlers.createWorkOrder!({ params: undefined, query: undefined, body } as never, caller);
  return 'added';
}

async function change(deps: InboundDeps, known: WorkOrder, order: ErpOrder, caller: Caller): Promise<Taken> {
  if (known.item !== order.item)
    throw erpError('erp.otherItem', { number: order.number, known: known.item, item: order.item }, { status: 409 });
  const body = differences(known, order);
  if (Object.keys(body).length === 0) return 'same';
  if (!open.includes(known.status))
    throw erpError('erp.orderBegun', { number: order.number, status: known.status }, { status: 409 });
  const input = { params: { id: known.id }, query: undefined, body: { ...body, version: known.version } };
  await deps.operations.handlers.updateWorkOrder!(input as never, caller);
  return 'changed';
}

type Planned = Pick<ErpOrder, 'quantity' | 'due' | 'priority' | 'note'>;

function differences(known: Planned, given: Planned): Partial<Planned> {
  return {
    ...(known.quantity === given.quantity ? {} : { quantity: given.quantity }),
    ...(known.due === given.due ? {} : { due: given.due }),
    ...(known.priority === given.priority ? {} : { priority: given.priority }),
    ...(known.note === given.note ? {} : { note: given.note }),
  };
}

export const salesName = ({ number, line }: Pick<ErpSalesOrder, 'number' | 'line'>) => `${number}/${line}`;

/** A line of a customer's order by number and line: added, changed, cancelled, or left alone. */
export async function takeSales(deps: InboundDeps, order: ErpSalesOrder, caller: Caller): Promise<Taken> {
  const known = await deps.operations.salesLine(order.number, order.line);
  if (order.cancel) return await cancelSales(deps, known, order, caller);
  await checkUnit(deps, order.item, order.unit);
  if (known) return await changeSales(deps, known, order, caller);
  const { cancel: _no, unit: _checked, ...body } = order;
  await deps.operations.handlers.createSalesOrder!({ params: undefined, query: undefined, body } as never, caller);
  return 'added';
}

async function cancelSales(
  deps: InboundDeps,
  known: SalesOrder | null,
  order: ErpSalesOrder,
  caller: Caller,
): Promise<Taken> {
  if (!known) throw erpError('erp.unknownSalesOrder', { number: salesName(order) }, { status: 404 });
  if (known.status === 'cancelled') return 'same';
  const input = { params: { id: known.id }, query: undefined, body: { cancel: true } };
  await deps.operations.handlers.updateSalesOrder!(input as never, caller);
  return 'cancelled';
}

async function changeSales(deps: InboundDeps, known: SalesOrder, order: ErpSalesOrder, caller: Caller): Promise<Taken> {
  const number = salesName(order);
  if (known.status === 'cancelled') throw erpError('erp.salesCancelled', { number }, { status: 409 });
  if (known.item !== order.item)
    throw erpError('erp.salesOtherItem', { number, known: known.item, item: order.item }, { status: 409 });
  if (known.customer !== order.customer)
    throw erpError(
      'erp.salesOtherCustomer',
      { number, known: known.customer ?? '-', customer: order.customer ?? '-' },
      { status: 409 },
    );
  const body = differences(known, order);
  if (Object.keys(body).length === 0) return 'same';
  if (known.status === 'done') throw erpError('erp.salesDone', { number }, { status: 409 });
  if (order.quantity < known.good)
    throw erpError('erp.salesMade', { number, good: known.good, quantity: order.quantity }, { status: 409 });
  const input = { params: { id: known.id }, query: undefined, body };
  await deps.operations.handlers.updateSalesOrder!(input as never, caller);
  return 'changed';
}
