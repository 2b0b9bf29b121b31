import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Floor } from './fixtures.ts';
import { openFloor, trim } from './fixtures.ts';

const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, wanted);
  return true;
};

const finalPlan = {
  ...{ kind: 'inspectionPlan', code: 'KIT-FINAL' },
  data: {
    ...{ name: '최종검사', stage: 'final', item: 'KIT', sampling: { type: 'fixed', size: 1 } },
    characteristics: [{ id: 'look', name: '외관', kind: 'attribute' }],
  },
};

/** Ten kits of which `good` are good at the last operation and the rest waits for rework there, sent back as an order. */
async function reworked(floor: Floor, good: number) {
  const { api, kiosk } = floor;
  const order = await api.createWorkOrder({ body: { item: 'KIT', quantity: 10, release: true } });
  for (const [operation, made] of [
    [10, { good: 10 }],
    [20, { good, rework: 10 - good }],
  ] as const) {
    await kiosk(trim, 'start', { order: order.number, operation });
    await kiosk(trim, 'confirm', made);
    await kiosk(trim, 'finish');
  }
  const { rework } = await api.reworkWorkOrder({
    params: { id: order.id },
    body: { fromOperation: 20, toOperation: 20, quantity: 10 - good, reason: '재포장' },
  });
  return { order, rework };
}

async function doRework(floor: Floor, number: string, good: number) {
  await floor.kiosk(trim, 'start', { order: number });
  await floor.kiosk(trim, 'confirm', { good });
  await floor.kiosk(trim, 'finish');
}

test('the order is over when the last of its pieces comes back from rework', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { order, rework } = await reworked(floor, 7);
  await doRework(floor, rework.number, 3);
  const back = await floor.api.workOrder({ params: { id: order.id } });
  assert.deepEqual([back.good, back.status], [10, 'finished']);
});

test('what comes back from rework is inspected: a new lot does not wait for ever, an accepted one is held again', async (t) => {
  const floor = await openFloor({ plans: [finalPlan] });
  t.after(floor.end);
  const { inventory, quality, ledger, clock } = floor;
  const all = await reworked(floor, 0);
  await doRework(floor, all.rework.number, 10);
  const finals = async () => (await quality.inspections({ stage: ['final'], limit: 10 })).map((i) => i.status);
  assert.deepEqual(await finals(), ['due'], 'the lot that rework made');

  const some = await reworked(floor, 7);
  const due = (await quality.inspections({ stage: ['final'], workOrder: some.order.number, limit: 10 }))[0]!;
  const deed = { time: clock.nowUs(), actor: { kind: 'system', id: 'test' } } as const;
  await ledger.transaction((db, emit) =>
    quality.record({ db, emit } as never, {
      ...{ inspection: due.id, finish: true, ...deed },
      results: [{ characteristic: 'look', sample: 1, pass: true }],
    }),
  );
  assert.equal((await inventory.lot(due.lot!))!.status, 'available');
  await doRework(floor, some.rework.number, 3);
  const lot = (await inventory.lot(due.lot!))!;
  assert.deepEqual([lot.onHand, lot.status], [10, 'hold']);
});

test('an order for rework is neither split nor merged: its pieces belong to the order that they came from', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api } = floor;
  const { rework } = await reworked(floor, 6);
  const other = await api.createWorkOrder({ body: { item: 'KIT', quantity: 5, release: true } });
  await assert.rejects(
    api.splitWorkOrder({ params: { id: rework.id }, body: { quantity: 2 } }),
    code('operations.reworkWhole'),
  );
  for (const orders of [
    [other.id, rework.id],
    [rework.id, other.id],
  ])
    await assert.rejects(api.mergeWorkOrders({ body: { orders } }), code('operations.reworkWhole'));
});

test('a result of rework is not corrected once its pieces are back: the lot is the other order’s', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api } = floor;
  const { order, rework } = await reworked(floor, 7);
  await floor.kiosk(trim, 'start', { order: rework.number });
  await floor.kiosk(trim, 'confirm', { good: 2 });
  const [result] = await api.runResults({ query: { workOrder: rework.id } });
  const correct = (good: number, scrap = 0) =>
    api.correctResult({ params: { id: result!.id }, body: { good, scrap, reason: 'miscount' } });
  await correct(3);
  await floor.kiosk(trim, 'finish');
  await assert.rejects(correct(2, 1), code('operations.reworkBack'));
  assert.equal((await api.workOrder({ params: { id: order.id } })).good, 10);
  assert.equal((await floor.inventory.onHand('KIT')) / 1e6, 10);
});

test('a result in which pieces were turned good is corrected without setting them aside again', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  const order = await api.createWorkOrder({ body: { item: 'KIT', quantity: 10, release: true } });
  await kiosk(trim, 'start', { order: order.number, operation: 10 });
  await kiosk(trim, 'confirm', { good: 4, rework: 5 });
  await kiosk(trim, 'confirm', { good: 0, reworked: 4 });
  const figures = async () => {
    const step = (await api.workOrder({ params: { id: order.id } })).steps[0]!;
    return [step.good, step.scrap, step.rework];
  };
  assert.deepEqual(await figures(), [8, 0, 1]);
  const turned = (await api.runResults({ query: { workOrder: order.id } })).find((r) => r.rework < 0)!;
  assert.deepEqual([turned.good, turned.rework], [4, -4]);
  const correct = (body: Record<string, unknown>) =>
    api.correctResult({ params: { id: turned.id }, body: { reason: 'miscount', ...body } as never });
  // One of the four was no good after all.
  await correct({ good: 3, scrap: 1, rework: -4 });
  assert.deepEqual(await figures(), [7, 1, 1]);
  // Three were turned good, not four: one still waits.
  await correct({ good: 3, scrap: 0, rework: -3 });
  assert.deepEqual(await figures(), [7, 0, 2]);
  await assert.rejects(correct({ good: 3, rework: -5 }), code('operations.badQuantity'));
});

test('pieces in a rework order are its own: no correction and no larger order has them too', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api } = floor;
  const { order, rework } = await reworked(floor, 7);
  const [, packing] = (await api.workOrder({ params: { id: order.id } })).steps;
  const aside = (await api.runResults({ query: { workOrder: order.id } })).find((r) => r.rework > 0)!;
  const correct = () =>
    api.correctResult({
      params: { id: aside.id },
      body: { good: 7, scrap: 1, rework: 2, reason: 'miscount' } as never,
    });
  await assert.rejects(correct(), code('operations.nothingToRework'));
  const larger = api.updateWorkOrder({ params: { id: rework.id }, body: { quantity: 4 } });
  await assert.rejects(larger, code('operations.nothingToRework'));
  assert.equal(packing!.rework, 3);
  await api.updateWorkOrder({ params: { id: rework.id }, body: { quantity: 2 } });
  await correct();
  await doRework(floor, rework.number, 2);
  const after = await api.workOrder({ params: { id: order.id } });
  assert.deepEqual([after.steps[1]!.good, after.steps[1]!.scrap, after.steps[1]!.rework], [9, 1, 0]);
  assert.equal((await floor.inventory.onHand('KIT')) / 1e6, 9);
});
