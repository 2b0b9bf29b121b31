import type { Bom } from '@deungdae/contracts/master.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { Step, WorkOrder, WorkOrderStatus } from '@deungdae/contracts/work-order.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import type { z } from 'zod';
import { type Context, type Db, list, type Tx } from './context.ts';
import type { StepFigures, StepOrder } from './domain/steps.ts';
import { orderGood, orderScrap } from './domain/steps.ts';
import { operationsError } from './errors.ts';
import type { OperationsTables } from './schema.ts';

export type OrderRow = OperationsTables['ops_orders'];
export type StepRow = OperationsTables['ops_steps'];
export type BomLine = z.output<typeof Bom>['lines'][number];
export interface OrderBom {
  /** Lines hold for this quantity. */
  quantity: number;
  lines: BomLine[];
}

/** An order with its steps, in the order of their numbers. */
export interface OrderRows {
  order: OrderRow;
  steps: StepRow[];
}

type Reading = Pick<Db, 'selectFrom'>;

export function figuresOf(row: StepRow): StepFigures {
  return {
    ...{ id: row.id, number: row.number, name: row.name, machines: list(row.machines), machine: row.machine },
    ...{ mode: row.mode as StepFigures['mode'], optional: row.optional === 1 },
    status: row.status as StepFigures['status'],
    ...{ planned: row.planned, good: row.good, scrap: row.scrap, rework: row.rework, atPartner: row.at_partner },
  };
}

export function stepOf(row: StepRow): Step {
  return {
    ...{ id: row.id, number: row.number, name: row.name, workCentre: row.work_centre, machines: list(row.machines) },
    ...{ machine: row.machine, sequence: row.sequence, mode: row.mode as Step['mode'], partner: row.partner },
    ...{ partners: list(row.partners), optional: row.optional === 1, status: row.status as Step['status'] },
    ...{ planned: fromMillionths(row.planned), good: fromMillionths(row.good), scrap: fromMillionths(row.scrap) },
    ...{ rework: fromMillionths(row.rework), atPartner: fromMillionths(row.at_partner), crew: row.crew },
    ...{ cycleSeconds: row.cycle_seconds, setupMinutes: row.setup_minutes },
    ...{ tools: list(row.tools), skills: list(row.skills), documents: list(row.documents) },
  };
}

export function orderOf({ order: o, steps }: OrderRows): WorkOrder {
  return {
    ...{ id: o.id, number: o.number, item: o.item, itemName: o.item_name, revision: o.revision, variant: o.variant },
    ...{ quantity: fromMillionths(o.quantity), unit: o.unit, due: o.due_us, priority: o.priority },
    ...{ status: o.status as WorkOrderStatus, parent: o.parent, origin: o.origin as WorkOrder['origin'] },
    ...{ salesOrder: o.sales_order, customer: o.customer, holdReason: o.hold_reason, note: o.note },
    ...{ order: o.step_order as StepOrder, version: o.version, steps: steps.map(stepOf) },
    ...{ good: fromMillionths(o.good), scrap: fromMillionths(o.scrap), createdAt: o.created_us },
    ...{ releasedAt: o.released_us, startedAt: o.started_us, finishedAt: o.finished_us },
  };
}

/** By id or by number (also as printed with a prefix such as `WO:`); null when there is none. */
export async function findOrder(db: Reading, idOrNumber: string): Promise<OrderRow | null> {
  const text = idOrNumber.trim().replace(/^(?:WO|작업지시)[:|]/u, '');
  const row = await db
    .selectFrom('ops_orders')
    .selectAll()
    .where((e) => e.or([e('number', '=', text), e('id', '=', text)]))
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

async function stepsOf(db: Reading, orders: readonly string[]): Promise<Map<string, StepRow[]>> {
  const steps = new Map<string, StepRow[]>(orders.map((id) => [id, []]));
  for (let i = 0; i < orders.length; i += 500) {
    const rows = await db
      .selectFrom('ops_steps')
      .selectAll()
      .where('order_id', 'in', orders.slice(i, i + 500))
      .orderBy('number')
      .execute();
    for (const row of rows) steps.get(row.order_id)?.push(row);
  }
  return steps;
}

export async function withSteps(db: Reading, orders: readonly OrderRow[]): Promise<OrderRows[]> {
  const steps = await stepsOf(
    db,
    orders.map((o) => o.id),
  );
  return orders.map((order) => ({ order, steps: steps.get(order.id)! }));
}

/** Orders known by id, with their steps; those that are there, in no order of their own. */
export async function ordersOf(db: Reading, ids: readonly string[]): Promise<OrderRows[]> {
  const some = ids.slice(0, 500);
  if (some.length === 0) return [];
  const orders = db.selectFrom('ops_orders').selectAll().where('id', 'in', some).execute();
  const [found, steps] = await Promise.all([orders, stepsOf(db, some)]);
  return found.map((order) => ({ order, steps: steps.get(order.id)! }));
}

/**
 * The order for changing: its row is locked until the transaction ends, so that two people who act on it do so one after
 * the other. Throws `operations.unknownOrder`, or `operations.changedMeanwhile` for another version than the caller saw.
 */
export async function lockOrder(tx: Tx, idOrNumber: string, version?: number): Promise<OrderRows> {
  const found = await findOrder(tx.db, idOrNumber);
  if (!found) throw operationsError('operations.unknownOrder', { order: idOrNumber.slice(0, 60) }, { status: 404 });
  const rows = await lockOrderById(tx, found.id);
  const { order } = rows;
  if (version !== undefined && order.version !== version + 1)
    throw operationsError('operations.changedMeanwhile', { order: order.number }, { status: 409 });
  return rows;
}

/** As `lockOrder`, for an order that a row of ours refers to. */
export async function lockOrderById(tx: Tx, id: string): Promise<OrderRows> {
  const locking = tx.db
    .updateTable('ops_orders')
    .set((e) => ({ version: e('version', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const [order, steps] = await Promise.all([locking, stepsOf(tx.db, [id])]);
  return { order, steps: steps.get(id)! };
}

export async function patchOrder(tx: Tx, order: OrderRow, patch: Partial<OrderRow>): Promise<void> {
  Object.assign(order, patch);
  await putOff(tx.db, tx.db.updateTable('ops_orders').set(patch).where('id', '=', order.id));
}

export async function patchStep(tx: Tx, step: StepRow, patch: Partial<StepRow>): Promise<void> {
  Object.assign(step, patch);
  await putOff(tx.db, tx.db.updateTable('ops_steps').set(patch).where('id', '=', step.id));
}

/** Sets the order's good and scrap from its steps. */
export async function sumOrder(tx: Tx, { order, steps }: OrderRows): Promise<void> {
  const figures = steps.map(figuresOf);
  const good = orderGood(figures, order.step_order as StepOrder);
  const scrap = orderScrap(figures);
  if (good !== order.good || scrap !== order.scrap) await patchOrder(tx, order, { good, scrap });
}

export async function readOrder(context: Context, idOrNumber: string): Promise<WorkOrder | null> {
  const order = await findOrder(context.read(), idOrNumber);
  return order ? orderOf((await withSteps(context.read(), [order]))[0]!) : null;
}

/** Insert rows in groups that every engine takes. */
export async function insertSteps(tx: Tx, rows: readonly StepRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 100)
    await tx.db
      .insertInto('ops_steps')
      .values(rows.slice(i, i + 100))
      .execute();
}
