import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { shares } from '../src/shortage-links.ts';
import { capOrder, imm1, leader, openFloor, tablet, trim } from './fixtures.ts';

const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, wanted);
  return true;
};

type Floor = Awaited<ReturnType<typeof openFloor>>;
const resin = async (floor: Floor) => fromMillionths(await floor.inventory.onHand('RESIN'));
/** What of each material is in a lot, by item. */
async function madeOf(floor: Floor, lot: string): Promise<Record<string, number>> {
  const links = (await floor.inventory.links([lot], 'up')).filter((l) => l.child === lot);
  const lots = await floor.inventory.lots(links.map((l) => l.parent));
  const item = new Map(lots.map((l) => [l.id, l.item]));
  const sums: Record<string, number> = {};
  for (const l of links) sums[item.get(l.parent)!] = (sums[item.get(l.parent)!] ?? 0) + l.quantity;
  return sums;
}

/** Three hundred caps, moulded and trimmed only. */
async function shortOrder(floor: Floor) {
  const order = await capOrder(floor, 300);
  const washing = order.steps.find((s) => s.number === 30)!;
  return floor.api.skipStep({ params: { id: order.id, step: washing.id }, body: { reason: '필요 없음' } });
}

test('the store’s book is late: the operator’s entry is kept, a leader records it anyway, and the lot really used is named later', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk } = floor;
  await floor.receive('RESIN', 1);
  await floor.receive('INSERT', 500);
  const order = await shortOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const [refused] = await sync(imm1, [entry('confirm', { good: 300, short: true })]);
  assert.equal(refused?.error?.code, 'inventory.shortItem', 'an operator cannot wave it through');
  assert.equal((await api.shortages({})).length, 0);
  const [kept] = await api.rejectedEntries({ query: { status: 'open' } });
  await api.resolveRejected({
    params: { id: kept!.entryId },
    body: { act: 'apply', data: { ...kept!.data, short: true }, note: '입고 전표가 늦음' },
  });
  assert.equal(await resin(floor), 0, 'what was there is used up, and not more');
  const [open] = await api.shortages({ query: { status: 'open' } });
  assert.deepEqual(
    [open?.item, open?.quantity, open?.open, open?.why, open?.machine, open?.workOrderNumber],
    ['RESIN', 2, 2, 'stock', imm1, order.number],
  );

  // Pieces go on to the second operation, whose inserts nobody scanned.
  await kiosk(trim, 'start', { order: order.number, operation: 20 });
  const run = (await api.runs({ query: { machine: trim } }))[0]!;
  await assert.rejects(
    api.confirmRun({ params: { id: run.id }, body: { good: 200 } }),
    code('operations.materialMissing'),
  );
  const made = await api.confirmRun({ params: { id: run.id }, body: { good: 200, short: true } });
  assert.deepEqual(
    await madeOf(floor, made.lot!),
    { RESIN: 0.666667 },
    'the share of 200 in 300 of the kilogram that was in the book',
  );
  const inserts = (await api.shortages({ query: { status: 'open', machine: trim } }))[0]!;
  assert.deepEqual([inserts.item, inserts.open, inserts.why], ['INSERT', 200, 'notScanned']);

  // Settled: by a scanned lot, in two parts; more than is open is refused, and so is another material.
  const late = await floor.receive('RESIN', 25);
  const settle = (id: string, body: Record<string, unknown>) =>
    api.settleShortage({ params: { id }, body: { note: '', ...body } as never });
  await assert.rejects(settle(open!.id, { lot: late.number, quantity: 3 }), code('operations.shortageLess'));
  await assert.rejects(settle(inserts.id, { lot: late.number }), code('operations.wrongMaterial'));
  assert.equal((await settle(open!.id, { lot: late.number, quantity: 1.5 })).open, 0.5);
  const done = await settle(open!.id, { lot: late.number, quantity: 0.25, close: true, note: '덜 썼음' });
  assert.deepEqual([done.status, done.settled, done.closed, done.open], ['settled', 1.75, 0.25, 0]);
  await assert.rejects(settle(open!.id, {}), code('operations.shortageDone'));
  assert.equal(await resin(floor), 23.25);
  assert.equal((await settle(inserts.id, {})).status, 'settled');
  const origins = await madeOf(floor, made.lot!);
  assert.equal(origins.INSERT, 200);
  assert.ok(Math.abs(origins.RESIN! - 1.833333) < 0.00001, `two thirds of what the 300 took: ${origins.RESIN}`);
  assert.equal((await floor.ledger.verify()).ok, true);
});

test('the plant’s rule decides: never, by a leader, or always also from the kiosk', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk } = floor;
  const order = await shortOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const run = (await api.runs({ query: { machine: imm1 } }))[0]!;
  const byLeader = () => api.confirmRun({ params: { id: run.id }, body: { good: 10, short: true } });
  assert.equal((await api.productionRules({})).shortage, 'office');
  await api.saveProductionRules({ body: { shortage: 'never' } });
  await assert.rejects(byLeader(), code('inventory.shortItem'));
  await api.saveProductionRules({ body: { shortage: 'always' } });
  assert.equal((await sync(imm1, [entry('confirm', { good: 10 })]))[0]?.status, 'applied');
  await api.saveProductionRules({ body: { shortage: 'office' } });
  assert.equal((await sync(imm1, [entry('confirm', { good: 10 })]))[0]?.status, 'rejected');
  await assert.rejects(
    api.confirmRun({ params: { id: run.id }, body: { good: 10, short: true } }, tablet),
    code('inventory.shortItem'),
  );
  await byLeader();
  const [open, ...more] = await api.shortages({ query: { status: 'open' } });
  assert.deepEqual([open?.quantity, more.length], [0.2, 0], 'one open line a run and material');
  assert.equal(leader.role, 'supervisor');
});

test('a correction downwards gives material back to where it was taken from, and takes it out of the genealogy', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 1.5);
  await floor.receive('RESIN', 10, 'FG');
  await floor.receive('INSERT', 500);
  const order = await shortOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const moulded = await kiosk(imm1, 'confirm', { good: 200, defects: [{ reason: 'burr', quantity: 100 }] });
  assert.equal(await resin(floor), 8.5);
  const correct = (id: string, body: Record<string, unknown>) =>
    api.correctResult({ params: { id }, body: { reason: 'miscount', ...body } as never });
  await correct(moulded.result!, { good: 200, defects: [{ reason: 'burr', quantity: 40 }] });
  assert.equal(await resin(floor), 9.1, 'sixty pieces of scrap were never moulded');
  const places = async () => ({
    RAW: fromMillionths(await floor.inventory.onHand('RESIN', 'RAW')),
    FG: fromMillionths(await floor.inventory.onHand('RESIN', 'FG')),
  });
  assert.deepEqual(await places(), { RAW: 0, FG: 9.1 }, 'the lot taken from last gets it back');

  const [lot] = await floor.inventory.available('INSERT', null);
  await kiosk(trim, 'start', { order: order.number, operation: 20 });
  await kiosk(trim, 'useLot', { lot: lot!.number });
  const done = await kiosk(trim, 'confirm', { good: 150, defects: [{ reason: 'burr', quantity: 50 }] });
  const output = (await api.runResults({ query: { machine: trim } }))[0]!.lot!;
  assert.equal((await madeOf(floor, output)).INSERT, 200);
  // Ten fewer good ones, and thirty pieces of scrap that nobody made: of the scrap the lot held the material.
  await correct(done.result!, { good: 140, defects: [{ reason: 'burr', quantity: 20 }] });
  assert.equal(fromMillionths(await floor.inventory.onHand('INSERT')), 340);
  assert.equal((await madeOf(floor, output)).INSERT, 160);
  assert.equal(fromMillionths(await floor.inventory.onHand('CAP')), 140);
  await correct(done.result!, { good: 0 });
  assert.equal(fromMillionths(await floor.inventory.onHand('INSERT')), 500);
  assert.deepEqual(await madeOf(floor, output), {});
  const before = await resin(floor);
  await correct(moulded.result!, { good: 0 });
  assert.deepEqual([before, await resin(floor)], [9.1, 11.5]);
  assert.equal((await floor.ledger.verify()).ok, true);
});

test('a correction first lessens what is open as a shortage', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 1);
  const order = await shortOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const run = (await api.runs({ query: { machine: imm1 } }))[0]!;
  const result = await api.confirmRun({ params: { id: run.id }, body: { good: 150, short: true } });
  const correct = (good: number) =>
    api.correctResult({ params: { id: result.id }, body: { good, reason: 'miscount' } as never });
  await correct(120);
  assert.equal((await api.shortages({ query: { status: 'open' } }))[0]?.open, 0.2);
  assert.equal(await resin(floor), 0);
  await correct(90);
  assert.equal((await api.shortages({})).length, 0, 'nothing was short after all');
  assert.equal(await resin(floor), 0.1);
});

test('shares sum to the whole, and nobody goes without while there is enough', () => {
  assert.deepEqual(shares(10, [1, 1, 1]), [3, 4, 3]);
  assert.deepEqual(shares(3, [1, 1_000_000, 1]), [1, 1, 1]);
  assert.deepEqual(shares(2, [5, 5, 5]), [1, 1, 0]);
  assert.deepEqual(shares(7, []), []);
});
