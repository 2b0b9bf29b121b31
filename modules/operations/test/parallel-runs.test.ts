import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capOrder, imm1, imm2, openFloor, trim } from './fixtures.ts';

test('one operation at two machines: whoever ends first ends only its own run, the last one the order', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const insert = await floor.receive('INSERT', 200);
  const order = await capOrder(floor, 100);
  const step = async (i: number) => (await api.workOrder({ params: { id: order.id } })).steps[i]!;
  await api.skipStep({ params: { id: order.id, step: order.steps[2]!.id }, body: { reason: '세척 불필요' } });
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm2, 'start', { order: order.number, tool: 'M-2' }, 'B-PARK');
  await kiosk(imm1, 'confirm', { good: 60 });
  await kiosk(imm1, 'pause');
  assert.equal((await step(0)).status, 'running', 'the other machine goes on');
  await kiosk(imm1, 'resume');
  await kiosk(imm1, 'finish');
  assert.equal((await step(0)).status, 'running');
  await kiosk(imm2, 'confirm', { good: 40 });
  assert.equal((await step(0)).status, 'running');
  await kiosk(imm2, 'finish');
  assert.equal((await step(0)).status, 'finished');
  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'useLot', { lot: insert.number });
  await kiosk(trim, 'confirm', { good: 100 });
  await kiosk(trim, 'finish');
  assert.equal((await api.workOrder({ params: { id: order.id } })).status, 'finished');
});

test('an order of one operation at two machines ends with the second run, and no entry is refused on the way', async (t) => {
  const routing = {
    ...{ kind: 'routing', code: 'COVER' },
    data: { item: 'COVER', operations: [{ number: 10, name: '사출', workCentre: 'MOLD' }] },
  };
  const floor = await openFloor({ plans: [routing] });
  t.after(floor.end);
  const { api, kiosk } = floor;
  const order = await api.createWorkOrder({ body: { item: 'COVER', quantity: 10, release: true } });
  await kiosk(imm1, 'start', { order: order.number });
  await kiosk(imm2, 'start', { order: order.number }, 'B-PARK');
  await kiosk(imm1, 'confirm', { good: 4 });
  await kiosk(imm1, 'finish');
  await kiosk(imm2, 'confirm', { good: 6 });
  await kiosk(imm2, 'finish');
  const done = await api.workOrder({ params: { id: order.id } });
  assert.deepEqual([done.good, done.status], [10, 'finished']);

  const next = await api.createWorkOrder({ body: { item: 'COVER', quantity: 10, release: true } });
  await kiosk(imm1, 'start', { order: next.number });
  await kiosk(imm2, 'start', { order: next.number }, 'B-PARK');
  await kiosk(imm1, 'confirm', { good: 4 });
  await kiosk(imm2, 'confirm', { good: 6 });
  // All is made while both still stand there.
  await kiosk(imm1, 'finish');
  assert.equal((await api.workOrder({ params: { id: next.id } })).status, 'running');
  await kiosk(imm2, 'finish');
  assert.equal((await api.workOrder({ params: { id: next.id } })).status, 'finished');
});
