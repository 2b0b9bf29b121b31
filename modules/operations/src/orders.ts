import type { MasterRecord } from '@deungdae/contracts/master.ts';
import { fromMillionths, type Millionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { once } from '@deungdae/ledger/once.ts';
import { type Context, type Doer, dayDigits, nextNumber, type Tx } from './context.ts';
import { isDone, type StepOrder } from './domain/steps.ts';
import { operationsError } from './errors.ts';
import {
  figuresOf,
  findOrder,
  insertSteps,
  lockOrder,
  type OrderBom,
  type OrderRow,
  type OrderRows,
  orderOf,
  patchOrder,
  patchStep,
  type StepRow,
} from './order-store.ts';
import { returnRework, reworkAway } from './rework-return.ts';

/** Most pieces of one order, a billion less one step. */
const mostQuantity = 999_999_999;

export function checkedQuantity(quantity: number, most = mostQuantity): Millionths {
  if (!(quantity > 0) || quantity > most) throw operationsError('operations.badQuantity', { most }, { status: 400 });
  return toMillionths(quantity);
}

export interface NewOrder {
  number?: string | undefined;
  item: string;
  revision?: string | undefined;
  variant?: string;
  quantity: number;
  due?: number | null;
  priority?: number;
  salesOrder?: string | null;
  note?: string;
  origin?: 'plan' | 'import' | 'erp';
  release?: boolean;
  /** When it was made; now when left out. */
  time?: number;
}

/** Plans an order; with `release` it goes to the floor at once. Throws when item or routing are unknown. */
export async function createOrder(context: Context, tx: Tx, input: NewOrder, doer: Doer): Promise<OrderRows> {
  const { masterdata } = context.deps;
  const now = input.time ?? context.now();
  const item = await masterdata.need('item', input.item, now, tx);
  const quantity = checkedQuantity(input.quantity);
  const number = input.number?.trim() || (await nextNumber(tx, `WO-${dayDigits(context, now)}-`));
  if (await findOrder(tx.db, number))
    throw operationsError('operations.orderExists', { order: number }, { status: 409 });
  const sales = input.salesOrder ? await salesLine(tx, input.salesOrder) : null;
  const order: OrderRow = {
    ...{ id: context.newId(), number, item: item.code, item_name: item.data.name },
    ...{ revision: input.revision ?? item.revision, variant: input.variant ?? '', step_order: 'fixed', quantity },
    ...{ unit: item.data.unit, due_us: input.due ?? sales?.due_us ?? null, priority: input.priority ?? 5 },
    ...{ status: 'planned', parent: null, origin: input.origin ?? 'plan', sales_order: sales?.id ?? null },
    ...{ customer: sales?.customer ?? null, hold_reason: null, held_from: null, good: 0, scrap: 0, bom: '{}' },
    ...{ returns_to: null, note: input.note ?? '', version: 1, created_us: now },
    ...{ released_us: null, started_us: null, finished_us: null },
  };
  await tx.db.insertInto('ops_orders').values(order).execute();
  await tx.emit({
    type: 'workOrder.planned',
    subject: `workOrder/${number}`,
    actor: doer.actor,
    data: { item: order.item, quantity: input.quantity, due: order.due_us, origin: order.origin },
    time: now,
  });
  const rows: OrderRows = { order, steps: [] };
  if (input.release) await releaseOrder(context, tx, rows, doer, now);
  return rows;
}

async function salesLine(tx: Tx, id: string) {
  const row = await tx.db
    .selectFrom('ops_sales_orders')
    .selectAll()
    .where((e) => e.or([e('id', '=', id), e('number', '=', id)]))
    .orderBy('line')
    .limit(1)
    .executeTakeFirst();
  if (!row) throw operationsError('operations.unknownSalesOrder', { order: id.slice(0, 60) }, { status: 404 });
  return row;
}

/** Copies routing and bill of materials in force, so that later changes leave the order alone. */
async function releaseOrder(context: Context, tx: Tx, rows: OrderRows, doer: Doer, at?: number): Promise<void> {
  const { order } = rows;
  expectStatus(order, ['planned']);
  const now = at ?? context.now();
  const { masterdata } = context.deps;
  const routing = await masterdata.routingOf(order.item, now, order.variant, tx);
  if (!routing) throw operationsError('operations.noRouting', { item: named(order) }, { status: 409 });
  const bom = await masterdata.bomOf(order.item, now, order.variant, tx);
  const copied: OrderBom = bom ? { quantity: bom.data.quantity, lines: bom.data.lines } : { quantity: 1, lines: [] };
  rows.steps = await copySteps(context, tx, order, routing, now);
  await insertSteps(tx, rows.steps);
  await patchOrder(tx, order, {
    status: 'released',
    step_order: routing.data.order,
    bom: JSON.stringify(copied),
    released_us: now,
  });
  await emitOrder(tx, order, 'workOrder.released', doer, { routing: routing.code, revision: order.revision }, now);
}

async function copySteps(
  context: Context,
  tx: Tx,
  order: OrderRow,
  routing: MasterRecord<'routing'>,
  now: number,
): Promise<StepRow[]> {
  const steps: StepRow[] = [];
  for (const o of [...routing.data.operations].sort((a, b) => a.number - b.number)) {
    const centre = await context.deps.masterdata.find('workCentre', o.workCentre, now, tx);
    const machines = o.machines.length > 0 ? o.machines : (centre?.data.machines ?? []);
    const partner = o.mode === 'outsourced' && o.partners.length === 1 ? o.partners[0]! : null;
    steps.push({
      ...{ id: context.newId(), order_id: order.id, number: o.number, name: o.name, work_centre: o.workCentre },
      ...{ machines: JSON.stringify(machines), machine: machines.length === 1 ? machines[0]! : null },
      ...{ sequence: context.now() / 1000, mode: o.mode, partner, partners: JSON.stringify(o.partners) },
      ...{ optional: o.optional ? 1 : 0, status: 'waiting', planned: order.quantity },
      ...{ good: 0, scrap: 0, rework: 0, at_partner: 0, cycle_seconds: o.cycleSeconds ?? null },
      ...{ setup_minutes: o.setupMinutes, crew: o.crew, tools: JSON.stringify(o.tools) },
      ...{ skills: JSON.stringify(o.skills), documents: JSON.stringify(o.documents) },
    });
  }
  return steps;
}

function named(order: Pick<OrderRow, 'item' | 'item_name'>): string {
  return order.item_name === order.item ? order.item : `${order.item_name} (${order.item})`;
}

export function expectStatus(order: OrderRow, allowed: readonly string[]): void {
  if (order.status === 'held' && !allowed.includes('held'))
    throw operationsError(
      'operations.orderHeld',
      { order: order.number, reason: order.hold_reason ?? '' },
      { status: 409 },
    );
  if (allowed.includes(order.status)) return;
  const over = ['finished', 'closed', 'cancelled'].includes(order.status);
  throw statusError(over ? 'operations.orderOver' : 'operations.wrongStatus', order.number, order.status);
}

function statusError(code: 'operations.orderOver' | 'operations.wrongStatus', order: string, status: string) {
  return operationsError(code, { order, status: `@orderStatus.${status}` }, { status: 409 });
}

export async function emitOrder(
  tx: Tx,
  order: OrderRow,
  type: string,
  doer: Doer,
  data: Record<string, unknown>,
  time?: number,
): Promise<void> {
  const subject = `workOrder/${order.number}`;
  await tx.emit({ type, subject, actor: doer.actor, data, ...(time === undefined ? {} : { time }) });
}

async function openRunsOf(tx: Tx, order: string) {
  return tx.db
    .selectFrom('ops_runs')
    .selectAll()
    .where('order_id', '=', order)
    .where('status', '!=', 'finished')
    .limit(100)
    .execute();
}

async function noOpenRuns(context: Context, tx: Tx, order: OrderRow): Promise<void> {
  const open = (await openRunsOf(tx, order.id))[0];
  if (open)
    throw operationsError(
      'operations.runsOpen',
      { order: order.number, machine: context.machineName(open.machine) },
      { status: 409 },
    );
}

export type OrderAct = 'release' | 'hold' | 'resume' | 'finish' | 'close' | 'cancel';

/** What a supervisor does with an order; each act checks the state it comes from. */
export async function actOnOrder(
  context: Context,
  id: string,
  act: OrderAct,
  reason: string,
  doer: Doer,
  entryId?: string,
): Promise<WorkOrder> {
  const answer = await context.act((tx) =>
    once(
      tx,
      entryId,
      async () => {
        const rows = await lockOrder(tx, id);
        await acts[act](context, tx, rows, reason, doer);
        return orderOf(rows);
      },
      { kind: `order.${act}`, timeUs: context.now() },
    ),
  );
  context.tell(answer.steps.map((s) => s.machine));
  return answer;
}

type Act = (context: Context, tx: Tx, rows: OrderRows, reason: string, doer: Doer) => Promise<void>;

const acts: Record<OrderAct, Act> = {
  release: (context, tx, rows, _reason, doer) => releaseOrder(context, tx, rows, doer),
  async hold(_context, tx, { order }, reason, doer) {
    expectStatus(order, ['planned', 'released', 'running']);
    await patchOrder(tx, order, { status: 'held', held_from: order.status, hold_reason: reason || '-' });
    await emitOrder(tx, order, 'workOrder.held', doer, { reason });
  },
  async resume(_context, tx, { order }, reason, doer) {
    expectStatus(order, ['held']);
    await patchOrder(tx, order, { status: order.held_from ?? 'released', held_from: null, hold_reason: null });
    await emitOrder(tx, order, 'workOrder.resumed', doer, { reason });
  },
  async finish(context, tx, rows, reason, doer) {
    await finishOrder(context, tx, rows, doer, context.now(), reason);
  },
  async close(_context, tx, { order }, reason, doer) {
    expectStatus(order, ['finished']);
    await patchOrder(tx, order, { status: 'closed' });
    await emitOrder(tx, order, 'workOrder.closed', doer, { reason });
  },
  async cancel(context, tx, { order }, reason, doer) {
    expectStatus(order, ['planned', 'released', 'held']);
    await noOpenRuns(context, tx, order);
    if (order.good > 0) throw statusError('operations.wrongStatus', order.number, 'running');
    await patchOrder(tx, order, { status: 'cancelled', finished_us: context.now(), hold_reason: null });
    await emitOrder(tx, order, 'workOrder.cancelled', doer, { reason });
  },
};

/** Ends an order: all it should make is made, or somebody says why it ends with less. */
async function finishOrder(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  doer: Doer,
  time: number,
  reason: string,
): Promise<void> {
  const { order, steps } = rows;
  expectStatus(order, ['released', 'running']);
  await noOpenRuns(context, tx, order);
  if (order.good < order.quantity * context.settings.underShare && reason === '')
    throw operationsError(
      'operations.notReached',
      { order: order.number, planned: fromMillionths(order.quantity), good: fromMillionths(order.good) },
      { status: 409 },
    );
  for (const step of steps)
    if (step.status !== 'finished' && step.status !== 'skipped') await patchStep(tx, step, { status: 'finished' });
  await patchOrder(tx, order, { status: 'finished', finished_us: time });
  await emitOrder(
    tx,
    order,
    'workOrder.finished',
    doer,
    { good: fromMillionths(order.good), scrap: fromMillionths(order.scrap), reason },
    time,
  );
  const parent = order.origin === 'rework' ? await returnRework(context, tx, rows, doer, time) : null;
  if (parent) await settleOrder(context, tx, parent, doer, time);
}

/**
 * Finishes steps and order that have nothing more to do, and opens steps again that a correction or a larger order gave
 * something to do.
 */
export async function settleOrder(context: Context, tx: Tx, rows: OrderRows, doer: Doer, time: number): Promise<void> {
  const { order, steps } = rows;
  const open = ['released', 'running'].includes(order.status);
  for (const step of steps) {
    const done = isDone(steps.map(figuresOf), figuresOf(step), order.step_order as StepOrder);
    const idle = ['waiting', 'ready', 'outsourced'].includes(step.status);
    if (idle && done && step.good + step.scrap > 0) await patchStep(tx, step, { status: 'finished' });
    if (open && !done && step.status === 'finished') await patchStep(tx, step, { status: 'ready' });
  }
  if (open && steps.every((s) => s.status === 'finished' || s.status === 'skipped'))
    await finishOrder(context, tx, rows, doer, time, 'done');
}

export async function updateOrder(
  context: Context,
  id: string,
  patch: { version?: number; quantity?: number; due?: number | null; priority?: number; note?: string },
  doer: Doer,
): Promise<WorkOrder> {
  const answer = await context.act(async (tx) => {
    const rows = await lockOrder(tx, id, patch.version);
    const { order, steps } = rows;
    expectStatus(order, ['planned', 'released', 'running', 'held']);
    const change: Partial<OrderRow> = {};
    if (patch.due !== undefined) change.due_us = patch.due;
    if (patch.priority !== undefined) change.priority = patch.priority;
    if (patch.note !== undefined) change.note = patch.note;
    if (patch.quantity !== undefined) {
      const quantity = checkedQuantity(patch.quantity);
      const begun = Math.max(0, ...steps.map((s) => s.good + s.scrap + s.rework + s.at_partner));
      if (quantity < begun)
        throw operationsError(
          'operations.alreadyBegun',
          { order: order.number, left: fromMillionths(order.quantity - begun) },
          { status: 409 },
        );
      if (order.returns_to && quantity > order.quantity) {
        const from = await tx.db
          .selectFrom('ops_steps')
          .select('rework')
          .where('id', '=', order.returns_to)
          .executeTakeFirst();
        const waiting = (from?.rework ?? 0) - (await reworkAway(tx, order.returns_to));
        if (quantity - order.quantity > waiting)
          throw operationsError('operations.nothingToRework', { left: fromMillionths(waiting) }, { status: 409 });
      }
      change.quantity = quantity;
      for (const step of steps) await patchStep(tx, step, { planned: quantity });
    }
    await patchOrder(tx, order, change);
    await emitOrder(tx, order, 'workOrder.changed', doer, { ...patch });
    if (patch.quantity !== undefined) await settleOrder(context, tx, rows, doer, context.now());
    return orderOf(rows);
  });
  context.tell(answer.steps.map((s) => s.machine));
  return answer;
}
