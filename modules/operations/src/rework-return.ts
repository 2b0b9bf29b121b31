import type { Millionths } from '@deungdae/contracts/quantity.ts';
import type { Context, Doer, Tx } from './context.ts';
import { produceLot } from './material.ts';
import { lockOrder, type OrderRows, patchStep, sumOrder } from './order-store.ts';

/**
 * A rework order is over: its good pieces count at the operation of the parent that they came from, the rest is scrap
 * there. What the parent is better off goes into the lot of the run that found them wanting. Answers the parent.
 */
export async function returnRework(
  context: Context,
  tx: Tx,
  { order }: OrderRows,
  doer: Doer,
  time: number,
): Promise<OrderRows | null> {
  if (!order.parent || !order.returns_to) return null;
  const parent = await lockOrder(tx, order.parent);
  const step = parent.steps.find((s) => s.id === order.returns_to);
  if (!step) return null;
  const back = Math.min(step.rework, order.quantity);
  const good = Math.min(order.good, back);
  await patchStep(tx, step, {
    ...{ rework: step.rework - back, good: step.good + good, scrap: step.scrap + (back - good) },
  });
  const before = parent.order.good;
  await sumOrder(tx, parent);
  const more = parent.order.good - before;
  const run = await newestRun(tx, step.id);
  if (more > 0 && run && parent.order.origin !== 'rework')
    await produceLot(context, tx, { rows: parent, run }, more, before, doer, { time, clientTime: null }, true);
  await tx.emit({
    type: 'workOrder.reworkReturned',
    subject: `workOrder/${parent.order.number}`,
    actor: doer.actor,
    data: { from: order.number, good: good / 1e6, scrap: (back - good) / 1e6 },
    time,
  });
  return parent;
}

async function newestRun(tx: Tx, step: string) {
  return tx.db
    .selectFrom('ops_runs')
    .selectAll()
    .where('step_id', '=', step)
    .orderBy('started_us', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Pieces of a step that open rework orders hold already. */
export async function reworkAway(tx: Tx, step: string): Promise<Millionths> {
  const open = await tx.db
    .selectFrom('ops_orders')
    .select('quantity')
    .where('returns_to', '=', step)
    .where('status', 'in', ['planned', 'released', 'running', 'held'])
    .limit(1000)
    .execute();
  return open.reduce((sum, o) => sum + o.quantity, 0);
}
