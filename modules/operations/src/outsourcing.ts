import { fromMillionths, type Millionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import type { Defect, WorkOrder } from '@deungdae/contracts/work-order.ts';
import { once } from '@deungdae/ledger/once.ts';
import type { Context, Doer, Tx } from './context.ts';
import { available, label, type StepOrder, startBlock } from './domain/steps.ts';
import { operationsError } from './errors.ts';
import { bomOf, neededOf, placeFor, shareOfInputs } from './material.ts';
import { checkPartner, stepById } from './order-changes.ts';
import {
  figuresOf,
  lockOrder,
  type OrderRows,
  orderOf,
  patchOrder,
  patchStep,
  type StepRow,
  sumOrder,
} from './order-store.ts';
import { checkedQuantity, emitOrder, expectStatus, settleOrder } from './orders.ts';

/**
 * Sends pieces to an outsourcer (외주). Material supplied to it (사급) moves to its place in stock, where it stays the
 * plant's until pieces come back.
 */
export async function sendStep(
  context: Context,
  id: string,
  stepId: string,
  input: { partner: string; quantity: number; time?: number; note: string; entryId?: string },
  doer: Doer,
): Promise<WorkOrder> {
  const quantity = checkedQuantity(input.quantity);
  const answer = await context.act((tx) =>
    once(
      tx,
      input.entryId,
      async () => {
        const time = input.time ?? context.now();
        const rows = await lockOrder(tx, id);
        expectStatus(rows.order, ['released', 'running']);
        const step = stepById(rows, stepId);
        if (step.mode === 'inHouse')
          throw operationsError('operations.inHouseStep', { step: label(step) }, { status: 409 });
        checkPartner(step, input.partner);
        const figures = rows.steps.map(figuresOf);
        const own = { ...figures.find((f) => f.id === step.id)!, mode: 'either' as const };
        const how = rows.order.step_order as StepOrder;
        const block = startBlock(figures, own, how);
        if (block) throw operationsError(block.code, block.params, { status: 409 });
        const left = available(figures, own, how);
        if (quantity > left)
          throw operationsError('operations.tooManySent', { left: fromMillionths(left) }, { status: 409 });
        await supply(context, tx, rows, step, input.partner, quantity, doer, time);
        await patchStep(tx, step, {
          ...{ status: 'outsourced', partner: input.partner, at_partner: step.at_partner + quantity },
        });
        if (rows.order.status === 'released')
          await patchOrder(tx, rows.order, { status: 'running', started_us: rows.order.started_us ?? time });
        const data = { operation: step.number, partner: input.partner, quantity: input.quantity, note: input.note };
        await emitOrder(tx, rows.order, 'workOrder.sentOut', doer, data, time);
        return orderOf(rows);
      },
      { kind: 'step.send', timeUs: context.now() },
    ),
  );
  context.tell(answer.steps.map((s) => s.machine));
  return answer;
}

function suppliedLines(rows: OrderRows, step: StepRow) {
  const bom = bomOf(rows.order);
  const lines = (bom.lines ?? []).filter((l) => l.issue === 'supplied' && (l.operation ?? step.number) === step.number);
  return { bom, lines };
}

/** Moves what the pieces need from stock to the outsourcer's place, by the item's issue rule. */
async function supply(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  step: StepRow,
  partner: string,
  quantity: Millionths,
  doer: Doer,
  time: number,
): Promise<void> {
  const { bom, lines } = suppliedLines(rows, step);
  if (lines.length === 0) return;
  const { inventory } = context.deps;
  const to = await placeFor(context, ['outsourcer'], time, { partner });
  const act = { time, actor: doer.actor, reference: `workOrder/${rows.order.number}` };
  for (const line of lines) {
    let need = neededOf(bom, line, quantity);
    for (const stock of await inventory.loose(line.component, tx)) {
      if (need <= 0) break;
      const take = Math.min(need, stock.quantity);
      await inventory.move(tx, { ...act, lot: stock.lot, from: stock.location, to, quantity: take });
      need -= take;
    }
    if (need > 0) await refuseShort(context, tx, line.component, need, act);
  }
}

/** Lets the stock say in its own words what is missing. */
async function refuseShort(
  context: Context,
  tx: Tx,
  item: string,
  need: Millionths,
  act: { time: number; actor: Doer['actor']; reference: string },
): Promise<void> {
  await context.deps.inventory.consume(tx, { ...act, item, quantity: need, run: null });
  throw operationsError('operations.materialMissing', { materials: item }, { status: 409 });
}

/** Pieces come back: supplied material at the outsourcer is used up, good pieces go on, incoming inspection is asked for. */
export async function receiveStep(
  context: Context,
  id: string,
  stepId: string,
  input: {
    good: number;
    scrap: number;
    defects: readonly Defect[];
    supplierLot?: string;
    time?: number;
    note: string;
    entryId?: string;
  },
  doer: Doer,
): Promise<WorkOrder> {
  const answer = await context.act((tx) =>
    once(
      tx,
      input.entryId,
      async () => {
        const time = input.time ?? context.now();
        const rows = await lockOrder(tx, id);
        const step = stepById(rows, stepId);
        const good = toMillionths(input.good);
        const scrap = toMillionths(input.scrap);
        if (good < 0 || scrap < 0 || good + scrap === 0)
          throw operationsError('operations.badQuantity', { most: fromMillionths(step.at_partner) }, { status: 400 });
        if (good + scrap > step.at_partner)
          throw operationsError(
            'operations.tooManyReceived',
            { left: fromMillionths(step.at_partner) },
            { status: 409 },
          );
        await useSupplied(context, tx, rows, step, good + scrap, doer, time);
        const left = step.at_partner - good - scrap;
        await patchStep(tx, step, {
          ...{ good: step.good + good, scrap: step.scrap + scrap, at_partner: left },
          status: left > 0 ? 'outsourced' : 'ready',
        });
        const before = rows.order.good;
        await sumOrder(tx, rows);
        const more = rows.order.good - before;
        const lot =
          more > 0 ? await receivedLot(context, tx, rows, step, more, before, input.supplierLot, doer, time) : null;
        const about = { item: rows.order.item, operation: step.number, workOrder: rows.order.number };
        await context.deps.quality.ask(tx, {
          ...{ stage: 'incoming', ...about, lotSize: input.good, time, actor: doer.actor },
          ...(lot ? { lot } : {}),
        });
        const data = { operation: step.number, partner: step.partner, good: input.good, scrap: input.scrap };
        const more2 = { defects: input.defects, supplierLot: input.supplierLot ?? null, note: input.note };
        await emitOrder(tx, rows.order, 'workOrder.receivedBack', doer, { ...data, ...more2 }, time);
        await settleOrder(context, tx, rows, doer, time);
        return orderOf(rows);
      },
      { kind: 'step.receive', timeUs: context.now() },
    ),
  );
  context.tell(answer.steps.map((s) => s.machine));
  return answer;
}

async function useSupplied(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  step: StepRow,
  pieces: Millionths,
  doer: Doer,
  time: number,
): Promise<void> {
  const { bom, lines } = suppliedLines(rows, step);
  if (lines.length === 0 || !step.partner) return;
  const places = await partnerPlaces(context, step, time);
  const act = { time, actor: doer.actor, reference: `workOrder/${rows.order.number}` };
  for (const line of lines) {
    let need = neededOf(bom, line, pieces);
    const taken: { lot: string; quantity: Millionths }[] = [];
    for (const [i, location] of places.entries()) {
      if (need <= 0) break;
      const atMost = i < places.length - 1;
      const input = { ...act, item: line.component, quantity: need, location, run: null, atMost };
      const part = await context.deps.inventory.consume(tx, input);
      need -= part.reduce((sum, p) => sum + p.quantity, 0);
      taken.push(...part);
    }
    for (const t of taken)
      await tx.db
        .insertInto('ops_inputs')
        .values({
          ...{ id: context.newId(), run_id: `step/${step.id}`, order_id: rows.order.id, lot: t.lot },
          ...{ item: line.component, quantity: t.quantity, used: 0, how: 'supplied', time_us: time },
        })
        .execute();
  }
}

/** Places of the outsourcers that may have the step's material: that of the last one sent to first. */
async function partnerPlaces(context: Context, step: StepRow, time: number): Promise<string[]> {
  const own = await placeFor(context, ['outsourcer'], time, { partner: step.partner! });
  const others = new Set((JSON.parse(step.partners) as string[]).filter((p) => p !== step.partner));
  const all = await context.deps.masterdata.list('location', time, 10_000);
  const theirs = all.filter((l) => l.data.kind === 'outsourcer' && others.has(l.data.partner ?? ''));
  return [own, ...theirs.map((l) => l.code)];
}

/** The last operation was the outsourcer's: what comes back is the order's output. */
async function receivedLot(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  step: StepRow,
  quantity: Millionths,
  before: Millionths,
  supplierLot: string | undefined,
  doer: Doer,
  time: number,
): Promise<string> {
  const { order, steps } = rows;
  const from = await shareOfInputs(tx, rows, `step/${step.id}`, quantity, before);
  const location = await placeFor(context, ['finished', 'wip'], time);
  const lot = await context.deps.inventory.produce(tx, {
    ...{ time, actor: doer.actor, reference: `workOrder/${order.number}`, item: order.item, revision: order.revision },
    ...{ quantity, location, workOrder: order.number, run: `step/${step.id}`, from },
    ...(supplierLot ? { reason: `${steps.length > 0 ? label(step) : ''} ${supplierLot}`.trim() } : {}),
  });
  await tx.db
    .insertInto('ops_outputs')
    .values({ run_id: `step/${step.id}`, lot: lot.id, kind: 'output', quantity })
    .onConflict((c) =>
      c.columns(['run_id', 'lot']).doUpdateSet((e) => ({ quantity: e('ops_outputs.quantity', '+', quantity) })),
    )
    .execute();
  return lot.id;
}
