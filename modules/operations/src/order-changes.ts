import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { once } from '@deungdae/ledger/once.ts';
import type { Context, Doer, Tx } from './context.ts';
import { label } from './domain/steps.ts';
import { operationsError } from './errors.ts';
import {
  insertSteps,
  lockOrder,
  type OrderRow,
  type OrderRows,
  orderOf,
  patchOrder,
  patchStep,
  type StepRow,
} from './order-store.ts';
import { checkedQuantity, emitOrder, expectStatus, settleOrder } from './orders.ts';
import { reworkAway } from './rework-return.ts';

/** A copy of an order with other number, quantity and origin; the steps come along unbegun. */
async function copyOf(
  context: Context,
  tx: Tx,
  { order, steps }: OrderRows,
  other: Pick<OrderRow, 'number' | 'quantity' | 'origin' | 'status'> & Partial<OrderRow>,
  keep: (step: StepRow) => boolean = () => true,
): Promise<OrderRows> {
  const copy: OrderRow = {
    ...order,
    ...{ id: context.newId(), parent: order.id, good: 0, scrap: 0, version: 1, held_from: null, hold_reason: null },
    ...{ created_us: context.now(), started_us: null, finished_us: null },
    ...other,
  };
  await tx.db.insertInto('ops_orders').values(copy).execute();
  const copied = steps.filter(keep).map((step) => ({
    ...step,
    ...{ id: context.newId(), order_id: copy.id, planned: copy.quantity, good: 0, scrap: 0, rework: 0, at_partner: 0 },
    status: step.status === 'skipped' ? 'skipped' : 'waiting',
  }));
  await insertSteps(tx, copied);
  return { order: copy, steps: copied };
}

async function childNumber(tx: Tx, order: OrderRow, mark: string): Promise<string> {
  const children = await tx.db
    .selectFrom('ops_orders')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('parent', '=', order.id)
    .executeTakeFirstOrThrow();
  return `${order.number}-${mark}${Number(children.n) + 1}`;
}

/** Pieces of a rework order go back to the order they came from, as many as left it. */
function notRework(order: OrderRow): void {
  if (order.origin === 'rework')
    throw operationsError('operations.reworkWhole', { order: order.number }, { status: 409 });
}

/** Splits off what was not begun at the first operation. */
export async function splitOrder(
  context: Context,
  id: string,
  input: { quantity: number; due?: number | null; entryId?: string },
  doer: Doer,
): Promise<{ order: WorkOrder; split: WorkOrder }> {
  const quantity = checkedQuantity(input.quantity);
  const answer = await context.act((tx) =>
    once(
      tx,
      input.entryId,
      async () => {
        const rows = await lockOrder(tx, id);
        const { order, steps } = rows;
        expectStatus(order, ['planned', 'released', 'running']);
        notRework(order);
        const begun = Math.max(0, ...steps.map((s) => s.good + s.scrap + s.rework + s.at_partner));
        const left = order.quantity - begun;
        if (quantity >= order.quantity || quantity > left)
          throw operationsError(
            'operations.alreadyBegun',
            { order: order.number, left: fromMillionths(Math.max(0, left)) },
            { status: 409 },
          );
        const split = await copyOf(context, tx, rows, {
          number: await childNumber(tx, order, ''),
          ...{ quantity, origin: 'split', status: order.status === 'planned' ? 'planned' : 'released' },
          due_us: input.due === undefined ? order.due_us : input.due,
        });
        await patchOrder(tx, order, { quantity: order.quantity - quantity });
        for (const step of steps) await patchStep(tx, step, { planned: order.quantity });
        await settleOrder(context, tx, rows, doer, context.now());
        const data = { into: split.order.number, quantity: input.quantity };
        await emitOrder(tx, order, 'workOrder.split', doer, data);
        return { order: orderOf(rows), split: orderOf(split) };
      },
      { kind: 'order.split', timeUs: context.now() },
    ),
  );
  context.tell(answer.order.steps.map((s) => s.machine));
  return answer;
}

/** Merges orders of one item and revision, none begun, into the first. */
export async function mergeOrders(
  context: Context,
  input: { orders: readonly string[]; entryId?: string },
  doer: Doer,
): Promise<WorkOrder> {
  const answer = await context.act((tx) =>
    once(
      tx,
      input.entryId,
      async () => {
        // Locked in one order everywhere, so that two merges cannot wait for each other.
        const locked = new Map<string, OrderRows>();
        for (const id of [...new Set(input.orders)].sort()) locked.set(id, await lockOrder(tx, id));
        const into = locked.get(input.orders[0]!)!;
        expectStatus(into.order, ['planned', 'released']);
        for (const { order } of locked.values()) notRework(order);
        for (const from of locked.values()) {
          if (from === into) continue;
          const same =
            from.order.item === into.order.item &&
            from.order.revision === into.order.revision &&
            from.order.variant === into.order.variant;
          const begun = from.steps.some((s) => s.status !== 'waiting' && s.status !== 'skipped');
          if (!same || begun || from.order.status !== into.order.status)
            throw operationsError('operations.cannotMerge', { order: from.order.number }, { status: 409 });
          const quantity = into.order.quantity + from.order.quantity;
          const dues = [into.order.due_us, from.order.due_us].filter((d) => d !== null);
          await patchOrder(tx, into.order, {
            quantity,
            due_us: dues.length > 0 ? Math.min(...dues) : null,
            priority: Math.min(into.order.priority, from.order.priority),
          });
          for (const step of into.steps) await patchStep(tx, step, { planned: quantity });
          const merged = { status: 'cancelled', origin: 'merge', parent: into.order.id, finished_us: context.now() };
          await patchOrder(tx, from.order, merged);
          await emitOrder(tx, from.order, 'workOrder.merged', doer, { into: into.order.number });
        }
        return orderOf(into);
      },
      { kind: 'order.merge', timeUs: context.now() },
    ),
  );
  context.tell(answer.steps.map((s) => s.machine));
  return answer;
}

/**
 * Rework back to an earlier operation: an order of its own with the operations from there up to where the fault was
 * found. When it is finished its good pieces count at that operation again.
 */
export async function reworkOrder(
  context: Context,
  id: string,
  input: { fromOperation: number; toOperation: number; quantity: number; reason: string; entryId?: string },
  doer: Doer,
): Promise<{ order: WorkOrder; rework: WorkOrder }> {
  const quantity = checkedQuantity(input.quantity);
  const answer = await context.act((tx) =>
    once(
      tx,
      input.entryId,
      async () => {
        const rows = await lockOrder(tx, id);
        const { order, steps } = rows;
        expectStatus(order, ['released', 'running', 'finished']);
        const from = stepAt(rows, input.fromOperation);
        const to = stepAt(rows, input.toOperation);
        if (to.number > from.number)
          throw operationsError('operations.wrongSequence', { step: label(to), before: label(from) }, { status: 400 });
        const waiting = from.rework - (await reworkAway(tx, from.id));
        if (quantity > waiting)
          throw operationsError('operations.nothingToRework', { left: fromMillionths(waiting) }, { status: 409 });
        const rework = await copyOf(
          context,
          tx,
          rows,
          {
            number: await childNumber(tx, order, 'R'),
            ...{
              quantity,
              origin: 'rework',
              status: 'released',
              returns_to: from.id,
              bom: '{"quantity":1,"lines":[]}',
            },
            ...{ note: input.reason, released_us: context.now(), sales_order: null },
          },
          (s) => s.number >= to.number && s.number <= from.number && steps.includes(s),
        );
        const data = { into: rework.order.number, quantity: input.quantity, from: from.number, to: to.number };
        await emitOrder(tx, order, 'workOrder.reworkOrdered', doer, { ...data, reason: input.reason });
        return { order: orderOf(rows), rework: orderOf(rework) };
      },
      { kind: 'order.rework', timeUs: context.now() },
    ),
  );
  context.tell(answer.rework.steps.map((s) => s.machine));
  return answer;
}

export function stepAt({ order, steps }: OrderRows, operation: number): StepRow {
  const step = steps.find((s) => s.number === operation);
  if (!step) throw operationsError('operations.unknownStep', { order: order.number, operation }, { status: 404 });
  return step;
}

export function stepById({ order, steps }: OrderRows, id: string): StepRow {
  const step = steps.find((s) => s.id === id);
  if (!step) throw operationsError('operations.unknownStep', { order: order.number, operation: id }, { status: 404 });
  return step;
}

/** Chooses machine, place in the machine's sequence, mode or outsourcer of a step. */
export async function planStep(
  context: Context,
  id: string,
  stepId: string,
  plan: {
    machine?: string | null;
    before?: string | null;
    mode?: 'inHouse' | 'outsourced' | 'either';
    partner?: string | null;
  },
  doer: Doer,
): Promise<WorkOrder> {
  let former: string | null = null;
  const answer = await context.act(async (tx) => {
    const rows = await lockOrder(tx, id);
    expectStatus(rows.order, ['planned', 'released', 'running', 'held']);
    const step = stepById(rows, stepId);
    former = step.machine;
    const patch: Partial<StepRow> = {};
    if (plan.machine !== undefined) {
      const machines = JSON.parse(step.machines) as string[];
      if (plan.machine !== null) {
        context.machine(plan.machine);
        if (machines.length > 0 && !machines.includes(plan.machine))
          throw operationsError(
            'operations.wrongMachine',
            {
              step: label(step),
              machine: context.machineName(plan.machine),
              machines: machines.map((m) => context.machineName(m)).join(', '),
            },
            { status: 409 },
          );
      }
      patch.machine = plan.machine;
    }
    if (plan.before !== undefined)
      patch.sequence = await placeBefore(context, tx, patch.machine ?? step.machine, plan.before, step.id);
    if (plan.mode !== undefined) {
      if (step.at_partner > 0 || step.status === 'running')
        throw operationsError('operations.stepBegun', { step: label(step) }, { status: 409 });
      patch.mode = plan.mode;
    }
    if (plan.partner !== undefined) {
      if (plan.partner !== null) checkPartner(step, plan.partner);
      patch.partner = plan.partner;
    }
    await patchStep(tx, step, patch);
    await emitOrder(tx, rows.order, 'workOrder.stepPlanned', doer, { operation: step.number, ...plan });
    return orderOf(rows);
  });
  context.tell([former, ...answer.steps.map((s) => s.machine)]);
  return answer;
}

export function checkPartner(step: StepRow, partner: string): void {
  const partners = JSON.parse(step.partners) as string[];
  if (partners.length > 0 && !partners.includes(partner))
    throw operationsError(
      'operations.wrongPartner',
      { partner, step: label(step), partners: partners.join(', ') },
      { status: 409 },
    );
}

/**
 * A number between the two neighbours, so that moving one step changes one row; where no number is left between them the
 * whole list is numbered anew.
 */
async function placeBefore(
  context: Context,
  tx: Tx,
  machine: string | null,
  before: string | null,
  self: string,
): Promise<number> {
  const now = context.now() / 1000;
  if (!machine) return now;
  const queue = await tx.db
    .selectFrom('ops_steps')
    .select(['id', 'sequence'])
    .where('machine', '=', machine)
    .where('status', 'not in', ['finished', 'skipped'])
    .where('id', '!=', self)
    .orderBy('sequence')
    .orderBy('id')
    .limit(1000)
    .execute();
  const at = queue.findIndex((s) => s.id === before);
  if (at < 0) return Math.max(now, (queue.at(-1)?.sequence ?? 0) + 1);
  const next = queue[at]!.sequence ?? now;
  const previous = at > 0 ? (queue[at - 1]!.sequence ?? next - 2) : next - 2;
  const middle = (previous + next) / 2;
  if (middle > previous && middle < next) return middle;
  for (const [i, step] of queue.entries()) {
    const sequence = now + (i < at ? i : i + 1);
    await tx.db.updateTable('ops_steps').set({ sequence }).where('id', '=', step.id).execute();
  }
  return now + at;
}

/** Good pieces of the order if a step were skipped: pieces that no step would put into stock. */
function goodWithout({ order, steps }: OrderRows, step: StepRow): Millionths {
  const left = steps.filter((s) => s.id !== step.id && s.status !== 'skipped');
  if (left.length === 0) return 0;
  return order.step_order === 'free' ? Math.min(...left.map((s) => s.good)) : left.at(-1)!.good;
}

/** Leaves out a step that may be, before it was begun. */
export async function skipStep(
  context: Context,
  id: string,
  stepId: string,
  reason: string,
  doer: Doer,
): Promise<WorkOrder> {
  const answer = await context.act(async (tx) => {
    const rows = await lockOrder(tx, id);
    expectStatus(rows.order, ['released', 'running']);
    const step = stepById(rows, stepId);
    if (step.optional === 0)
      throw operationsError('operations.stepNotOptional', { step: label(step) }, { status: 409 });
    if (!['waiting', 'ready'].includes(step.status) || step.good + step.scrap + step.rework > 0)
      throw operationsError('operations.stepBegun', { step: label(step) }, { status: 409 });
    const made = goodWithout(rows, step);
    if (made !== rows.order.good)
      throw operationsError(
        'operations.lastStepNeeded',
        { step: label(step), quantity: fromMillionths(made) },
        { status: 409 },
      );
    await patchStep(tx, step, { status: 'skipped' });
    await emitOrder(tx, rows.order, 'workOrder.stepSkipped', doer, { operation: step.number, reason });
    return orderOf(rows);
  });
  context.tell(answer.steps.map((s) => s.machine));
  return answer;
}
