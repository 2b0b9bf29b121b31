import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { capOrder, type Floor, imm1, openFloor, trim } from './fixtures.ts';

const actor = { kind: 'system', id: 'test' } as const;
const outGold = {
  ...{ kind: 'location', code: 'OUT-GOLD' },
  data: { name: '금성 외주', kind: 'outsourcer', partner: 'GOLD' },
};

function move(floor: Floor, lot: string, from: string, to: string, quantity: number) {
  const act = { time: floor.clock.nowUs(), actor, reference: null };
  return floor.ledger.transaction((db, emit) =>
    floor.inventory.move({ db, emit } as LedgerTx, { ...act, lot, from, to, quantity: toMillionths(quantity) }),
  );
}

async function moulded(floor: Floor, quantity: number) {
  const order = await floor.api.createWorkOrder({ body: { item: 'COVER', quantity, release: true } });
  await floor.kiosk(imm1, 'start', { order: order.number });
  await floor.kiosk(imm1, 'confirm', { good: quantity });
  await floor.kiosk(imm1, 'finish');
  return order;
}

test('material for one outsourcer is taken from the store, not from another’s place or from quarantine', async (t) => {
  const floor = await openFloor({ plans: [outGold] });
  t.after(floor.end);
  const { api, inventory } = floor;
  const lot = await floor.receive('INSERT', 100);
  await move(floor, lot.id, 'RAW', 'OUT-GOLD', 30);
  await move(floor, lot.id, 'RAW', 'QUA', 20);
  const order = await moulded(floor, 20);
  await api.sendStep({
    params: { id: order.id, step: order.steps[1]!.id },
    body: { partner: 'PLATE', quantity: 20 },
  });
  const at = async (place: string) => (await inventory.onHand('INSERT', place)) / 1e6;
  assert.deepEqual([await at('OUT-GOLD'), await at('QUA'), await at('OUT-PLATE'), await at('RAW')], [30, 20, 40, 10]);
});

test('pieces sent to two outsourcers come back from both, and their material is used up', async (t) => {
  const floor = await openFloor({ plans: [outGold] });
  t.after(floor.end);
  const { api, inventory } = floor;
  await floor.receive('INSERT', 40);
  const order = await moulded(floor, 20);
  const params = { id: order.id, step: order.steps[1]!.id };
  for (const partner of ['PLATE', 'GOLD']) await api.sendStep({ params, body: { partner, quantity: 10 } });
  await api.receiveStep({ params, body: { good: 10 } });
  const back = await api.receiveStep({ params, body: { good: 10 } });
  assert.deepEqual([back.good, back.status], [20, 'finished']);
  assert.equal(await inventory.onHand('INSERT'), 0);
});

test('a lot at the machine that is partly in a box gives what is loose, the next one the rest', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk, inventory } = floor;
  await floor.receive('RESIN', 5);
  const first = await floor.receive('INSERT', 60);
  const second = await floor.receive('INSERT', 60);
  await floor.ledger.transaction((db, emit) =>
    inventory.pack({ db, emit } as LedgerTx, {
      ...{ time: floor.clock.nowUs(), actor, reference: null, location: 'RAW' },
      lots: [{ lot: first.id, quantity: toMillionths(40) }],
    }),
  );
  const order = await capOrder(floor, 50);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 50 });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'useLot', { lot: first.number });
  await kiosk(trim, 'useLot', { lot: second.number });
  await kiosk(trim, 'confirm', { good: 50 });
  const left = async (lot: string) => (await inventory.lot(lot))!.onHand;
  assert.deepEqual([await left(first.id), await left(second.id)], [40, 30]);
  assert.equal((await api.workOrder({ params: { id: order.id } })).steps[1]!.good, 50);
});

test('material that was scanned with its quantity is what the pieces are made of: nothing is taken a second time', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk, inventory } = floor;
  await floor.receive('RESIN', 5);
  const bag = await floor.receive('INSERT', 100);
  const order = await capOrder(floor, 50);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 50 });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'useLot', { lot: bag.number, quantity: 40 });
  await kiosk(trim, 'confirm', { good: 30 });
  assert.equal((await inventory.lot(bag.id))!.onHand, 60);
  // Ten are left of what was scanned; the other ten are not there.
  await assert.rejects(kiosk(trim, 'confirm', { good: 20 }), /materialMissing/);
  await kiosk(trim, 'useLot', { lot: bag.number, quantity: 10 });
  await kiosk(trim, 'confirm', { good: 20 });
  assert.equal((await inventory.lot(bag.id))!.onHand, 50);
  assert.equal((await api.workOrder({ params: { id: order.id } })).steps[1]!.good, 50);
});

test('a box scanned into a run is told to be unpacked, not called unknown', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { kiosk, inventory } = floor;
  await floor.receive('RESIN', 5);
  const lot = await floor.receive('INSERT', 60);
  const box = await floor.ledger.transaction((db, emit) =>
    inventory.pack({ db, emit } as LedgerTx, {
      ...{ time: floor.clock.nowUs(), actor, reference: null, location: 'RAW' },
      lots: [{ lot: lot.id, quantity: toMillionths(60) }],
    }),
  );
  const order = await capOrder(floor, 50);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 50 });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'start', { order: order.number });
  await assert.rejects(kiosk(trim, 'useLot', { lot: box.number }), /operations.boxScanned.*박스/);
});
