import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { capOrder, hour, imm1, imm2, morning, openFloor, trim } from './fixtures.ts';

const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, wanted);
  return true;
};

test('sales order to work order: planned, in work, done; the same line twice is refused', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api } = floor;
  const body = { number: 'SO-1', customer: 'HMC', item: 'COVER', quantity: 10, due: morning + 24 * hour };
  const sales = await api.createSalesOrder({ body });
  await assert.rejects(api.createSalesOrder({ body }), code('operations.salesOrderExists'));
  assert.equal(sales.status, 'open');
  const order = await api.createWorkOrder({ body: { item: 'COVER', quantity: 10, salesOrder: sales.id } });
  assert.deepEqual([order.due, order.customer, order.status], [body.due, 'HMC', 'planned']);
  const [planned] = await api.salesOrders({ query: {} });
  assert.deepEqual([planned?.status, planned?.ordered, planned?.good], ['planned', 10, 0]);
  await assert.rejects(
    api.updateSalesOrder({ params: { id: sales.id }, body: { cancel: true } }),
    code('operations.salesOrderInWork'),
  );
});

test('outsourcing: several outsourcers, supplied material moves to theirs and is used when pieces come back', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk, inventory } = floor;
  const insert = await floor.receive('INSERT', 100);
  const order = await api.createWorkOrder({ body: { item: 'COVER', quantity: 20, release: true } });
  const plating = order.steps[1]!;
  const send = (partner: string, quantity: number) =>
    api.sendStep({ params: { id: order.id, step: plating.id }, body: { partner, quantity } });
  await assert.rejects(send('PLATE', 5), code('operations.wrongSequence'));
  await kiosk(imm1, 'start', { order: order.number });
  await kiosk(imm1, 'confirm', { good: 20 });
  await kiosk(imm1, 'finish');
  await assert.rejects(send('HMC', 5), code('operations.wrongPartner'));
  await assert.rejects(send('PLATE', 21), code('operations.tooManySent'));
  const sent = await send('PLATE', 20);
  assert.deepEqual([sent.steps[1]!.status, sent.steps[1]!.atPartner], ['outsourced', 20]);
  assert.equal((await inventory.onHand('INSERT', 'OUT-PLATE')) / 1e6, 40);
  assert.equal((await inventory.onHand('INSERT', 'RAW')) / 1e6, 60);
  const receive = (good: number, scrap: number) =>
    api.receiveStep({ params: { id: order.id, step: plating.id }, body: { good, scrap } });
  await assert.rejects(receive(21, 0), code('operations.tooManyReceived'));
  const half = await receive(8, 2);
  assert.deepEqual([half.good, half.steps[1]!.atPartner, half.status], [8, 10, 'running']);
  assert.equal((await inventory.onHand('INSERT', 'OUT-PLATE')) / 1e6, 20);
  const all = await receive(10, 0);
  assert.deepEqual([all.status, all.good, all.scrap], ['finished', 18, 2]);
  assert.equal((await inventory.onHand('COVER')) / 1e6, 18);
  assert.equal((await inventory.onHand('INSERT', 'OUT-PLATE')) / 1e6, 0);
  const down = await inventory.links([insert.id], 'down');
  assert.ok(down.length > 0, 'the supplied material leads to what came back');
});

test('free order of steps: either first; the order is as good as its least step', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk, sync, entry } = floor;
  const order = await api.createWorkOrder({ body: { item: 'KIT', quantity: 10, release: true } });
  const [choose] = await sync(trim, [entry('start', { order: order.number })]);
  assert.equal(choose?.error?.code, 'operations.chooseOperation');
  await kiosk(trim, 'start', { order: order.number, operation: 20 });
  await kiosk(trim, 'confirm', { good: 10 });
  await kiosk(trim, 'finish');
  assert.equal((await api.workOrder({ params: { id: order.id } })).good, 0);
  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'confirm', { good: 10 });
  await kiosk(trim, 'finish');
  const done = await api.workOrder({ params: { id: order.id } });
  assert.deepEqual([done.good, done.status], [10, 'finished']);
});

test('an optional step may be left out, another may not', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 5);
  const insert = await floor.receive('INSERT', 20);
  const order = await capOrder(floor, 10);
  const skip = (i: number) =>
    api.skipStep({ params: { id: order.id, step: order.steps[i]!.id }, body: { reason: '세척 불필요' } });
  await assert.rejects(skip(1), code('operations.stepNotOptional'));
  await skip(2);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 10 });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'useLot', { lot: insert.number });
  await kiosk(trim, 'confirm', { good: 10 });
  await kiosk(trim, 'finish');
  const done = await api.workOrder({ params: { id: order.id } });
  assert.deepEqual([done.status, done.good], ['finished', 10]);

  // Once pieces are through the step before it, the last one brings them into stock.
  const late = await capOrder(floor, 10);
  await kiosk(imm1, 'start', { order: late.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 10 });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'start', { order: late.number });
  await kiosk(trim, 'useLot', { lot: insert.number });
  await kiosk(trim, 'confirm', { good: 4 });
  await assert.rejects(
    api.skipStep({ params: { id: late.id, step: late.steps[2]!.id }, body: { reason: '세척 불필요' } }),
    code('operations.lastStepNeeded'),
  );
});

test('split, merge, change of quantity, and two who change one order', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor, 100);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 40 });
  const split = (quantity: number) => api.splitWorkOrder({ params: { id: order.id }, body: { quantity } });
  await assert.rejects(split(61), code('operations.alreadyBegun'));
  const parts = await split(50);
  assert.deepEqual([parts.order.quantity, parts.split.quantity, parts.split.origin], [50, 50, 'split']);
  assert.equal(parts.split.number, `${order.number}-1`);
  const other = await capOrder(floor, 30);
  const merged = await api.mergeWorkOrders({ body: { orders: [parts.split.id, other.id] } });
  assert.deepEqual([merged.quantity, merged.steps[0]!.planned], [80, 80]);
  assert.equal((await api.workOrder({ params: { id: other.id } })).status, 'cancelled');
  await assert.rejects(
    api.mergeWorkOrders({ body: { orders: [order.id, merged.id] } }),
    code('operations.wrongStatus'),
  );
  const seen = await api.workOrder({ params: { id: merged.id } });
  await api.updateWorkOrder({ params: { id: merged.id }, body: { version: seen.version, priority: 1 } });
  await assert.rejects(
    api.updateWorkOrder({ params: { id: merged.id }, body: { version: seen.version, priority: 9 } }),
    code('operations.changedMeanwhile'),
  );
  await assert.rejects(
    api.updateWorkOrder({ params: { id: order.id }, body: { quantity: 39 } }),
    code('operations.alreadyBegun'),
  );
});

test('rework back to an earlier operation is an order of its own whose good pieces come back', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const insert = await floor.receive('INSERT', 100);
  const order = await capOrder(floor, 20);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 20 });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'useLot', { lot: insert.number });
  await kiosk(trim, 'confirm', { good: 15, rework: 5 });
  await kiosk(trim, 'finish');
  const send = (quantity: number) =>
    api.reworkWorkOrder({
      params: { id: order.id },
      body: { fromOperation: 20, toOperation: 10, quantity, reason: '게이트 재가공' },
    });
  await assert.rejects(send(6), code('operations.nothingToRework'));
  const { rework } = await send(5);
  await assert.rejects(send(1), code('operations.nothingToRework'));
  assert.deepEqual(
    rework.steps.map((s) => s.number),
    [10, 20],
  );
  await kiosk(imm2, 'start', { order: rework.number, tool: 'M-1' });
  await kiosk(imm2, 'confirm', { good: 5 });
  await kiosk(imm2, 'finish');
  await kiosk(trim, 'start', { order: rework.number });
  await kiosk(trim, 'confirm', { good: 4, scrap: 1 });
  await kiosk(trim, 'finish');
  const back = await api.workOrder({ params: { id: order.id } });
  const trimming = back.steps[1]!;
  assert.deepEqual([trimming.good, trimming.scrap, trimming.rework], [19, 1, 0]);
  assert.equal((await api.workOrder({ params: { id: rework.id } })).status, 'finished');
});

test('dispatch: the list of a machine with tool and material, moved by the dispatcher', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api } = floor;
  await floor.receive('RESIN', 1.2);
  const orders = [await capOrder(floor, 100), await capOrder(floor, 100), await capOrder(floor, 100)];
  for (const o of orders)
    await api.planStep({ params: { id: o.id, step: o.steps[0]!.id }, body: { machine: imm1, before: null } });
  const numbers = async () => (await api.dispatchList({ query: { machine: imm1 } })).map((e) => e.order.number);
  assert.deepEqual(
    await numbers(),
    orders.map((o) => o.number),
  );
  const last = orders[2]!;
  await api.planStep({
    params: { id: last.id, step: last.steps[0]!.id },
    body: { machine: imm1, before: orders[0]!.steps[0]!.id },
  });
  assert.deepEqual(await numbers(), [orders[2]!.number, orders[0]!.number, orders[1]!.number]);
  const list = await api.dispatchList({ query: { machine: imm1 } });
  // 1.2 kg is enough for the first 100 (1 kg), not for the two of them.
  assert.deepEqual(
    list.map((e) => e.material[0]!.enough),
    [true, false, false],
  );
  assert.ok(Math.abs(list[0]!.workMinutes! - 25 / 3) < 1e-9);
  await assert.rejects(
    api.planStep({ params: { id: last.id, step: last.steps[0]!.id }, body: { machine: trim } }),
    code('operations.wrongMachine'),
  );
  const board = await api.dispatchBoard({ query: {} });
  assert.equal(board.lanes.find((l) => l.machine === imm1)?.entries.length, 3);
});

test('rework of the last operation ends in a lot of the parent order', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  const order = await api.createWorkOrder({ body: { item: 'KIT', quantity: 10, release: true } });
  await kiosk(trim, 'start', { order: order.number, operation: 10 });
  await kiosk(trim, 'confirm', { good: 10 });
  await kiosk(trim, 'finish');
  await kiosk(trim, 'start', { order: order.number, operation: 20 });
  await kiosk(trim, 'confirm', { good: 7, rework: 3 });
  await kiosk(trim, 'finish');
  const { rework } = await api.reworkWorkOrder({
    params: { id: order.id },
    body: { fromOperation: 20, toOperation: 20, quantity: 3, reason: '재포장' },
  });
  await kiosk(trim, 'start', { order: rework.number });
  await kiosk(trim, 'confirm', { good: 3 });
  await kiosk(trim, 'finish');
  const back = await api.workOrder({ params: { id: order.id } });
  assert.deepEqual([back.good, back.steps[1]!.rework], [10, 0]);
  assert.equal((await floor.inventory.onHand('KIT')) / 1e6, 10);
});

test('an operation that was over is open again when a correction or a larger order gives it something to do', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor, 20);
  const make = async (good: number) => {
    await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
    await kiosk(imm1, 'confirm', { good });
    await kiosk(imm1, 'finish');
    return (await api.workOrder({ params: { id: order.id } })).steps[0]!.status;
  };
  assert.equal(await make(20), 'finished');
  const [result] = await api.runResults({ query: { workOrder: order.id } });
  await api.correctResult({ params: { id: result!.id }, body: { good: 15, reason: 'miscount' } });
  assert.equal(await make(5), 'finished');
  await api.updateWorkOrder({ params: { id: order.id }, body: { quantity: 30 } });
  assert.equal(await make(10), 'finished');
  // Fewer than planned are enough after all: what was made is all there is to make.
  await api.updateWorkOrder({ params: { id: order.id }, body: { quantity: 40 } });
  const smaller = await api.updateWorkOrder({ params: { id: order.id }, body: { quantity: 30 } });
  assert.equal(smaller.steps[0]!.status, 'finished');
});
