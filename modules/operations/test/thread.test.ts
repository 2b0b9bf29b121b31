import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capOrder, hour, imm1, imm2, minute, morning, openFloor, tablet, trim } from './fixtures.ts';

test('one order from release to boxes: start by scan, count, confirm, lot with genealogy, pack, finished', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, kiosk } = floor;
  const resin = await floor.receive('RESIN', 50);
  const insert = await floor.receive('INSERT', 500);
  const order = await capOrder(floor);
  assert.equal(order.status, 'released');
  assert.deepEqual(
    order.steps.map((s) => s.number),
    [10, 20, 30],
  );

  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  floor.equipment.count(
    imm1,
    [...Array(52)].map((_, i) => clock.nowUs() + (10 + i) * minute),
  );
  await clock.advance(70 * 60_000);
  const state = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(state.order?.number, order.number);
  assert.equal(state.proposed?.total, 52);
  assert.deepEqual(
    state.documents.map((d) => [d.id, d.kind]),
    [
      ['ins-1', 'instruction'],
      ['drw-1', 'drawing'],
    ],
  );
  await kiosk(imm1, 'confirm', {
    ...{ good: 50, defects: [{ reason: 'burr', quantity: 2 }], counted: state.proposed, countedTo: state.at },
  });
  const first = (await api.runs({ query: { machine: imm1 } }))[0]!;
  assert.equal(first.good, 50);
  assert.equal(first.scrap, 2);
  assert.equal(first.productionStartedAt, morning + 10 * minute);
  assert.deepEqual(first.counted, { good: 52, scrap: 0, total: 52 });
  assert.deepEqual(first.inputLots, [resin.id]);

  await kiosk(trim, 'start', { order: order.number });
  await kiosk(trim, 'useLot', { lot: insert.number });
  await kiosk(trim, 'confirm', { good: 49, scrap: 1 });
  await kiosk(imm1, 'confirm', { good: 48, reason: 'miscount' });
  await kiosk(imm1, 'finish');
  await kiosk(trim, 'confirm', { good: 48 });
  await kiosk(trim, 'finish');
  const washing = await api.workOrder({ params: { id: order.number } });
  assert.deepEqual(
    washing.steps.map((s) => s.status),
    ['finished', 'finished', 'waiting'],
  );
  await kiosk(trim, 'start', { order: order.number, operation: 30 });
  const made = await kiosk(trim, 'confirm', { good: 97 });
  assert.ok(made.lot);
  const box = await kiosk(trim, 'pack', { quantity: 60 });
  await kiosk(trim, 'finish');
  const done = await api.workOrder({ params: { id: order.id } });
  assert.equal(done.status, 'finished');
  assert.equal(done.good, 97);
  assert.equal(done.scrap, 3);

  const lot = await floor.inventory.lot(made.lot!);
  assert.equal(lot?.onHand, 97);
  const up = await floor.inventory.links([box.container!], 'up');
  const roots = new Set(up.map((l) => l.parent));
  assert.ok(roots.has(resin.id) && roots.has(insert.id), 'the box leads back to resin and inserts');
  // 100 pieces of 0.01 kg, and one insert for each of 98 pieces trimmed
  assert.equal((await floor.inventory.lot(resin.id))?.onHand, 49);
  assert.equal((await floor.inventory.lot(insert.id))?.onHand, 402);
  assert.equal((await floor.ledger.verify()).ok, true);
});

test('the gates at the start: sequence, machine, people, tool, another order, a lot instead of an order, hold', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk } = floor;
  const resin = await floor.receive('RESIN', 50);
  const a = await capOrder(floor);
  const b = await capOrder(floor);
  const refused = async (machine: string, data: Record<string, unknown>, badge: string | null = 'B-KIM') => {
    const [answer] = await sync(machine, [entry('start', data, { badge })]);
    assert.equal(answer?.status, 'rejected', JSON.stringify(answer));
    return answer.error!;
  };
  assert.equal((await refused(trim, { order: a.number })).code, 'operations.wrongSequence');
  assert.equal((await refused(imm1, { order: a.number, operation: 20 })).code, 'operations.wrongSequence');
  assert.equal((await refused(imm1, { order: a.number })).code, 'operations.toolNeeded');
  assert.equal((await refused(imm1, { order: a.number, tool: 'M-9' })).code, 'operations.wrongTool');
  const skill = await refused(imm1, { order: a.number, tool: 'M-1' }, 'B-NEW');
  assert.equal(skill.code, 'operations.skillMissing');
  assert.match(skill.message, /신입님.*사출 조작/);
  assert.equal((await refused(imm1, { order: a.number, tool: 'M-1' }, null)).code, 'operations.badgeNeeded');
  assert.equal((await refused(imm1, { order: a.number, tool: 'M-1' }, 'B-XXX')).code, 'operations.unknownBadge');
  const lot = await refused(imm1, { order: resin.number });
  assert.equal(lot.code, 'operations.notAnOrder');
  assert.match(lot.message, /RESIN/);
  assert.equal((await refused(imm1, { order: 'OTHER-PLANT-1' })).code, 'operations.unknownOrder');
  await api.actOnWorkOrder({ params: { id: b.id }, body: { act: 'hold', reason: '도면 변경' } });
  const held = await refused(imm1, { order: b.number, tool: 'M-1' });
  assert.equal(held.code, 'operations.orderHeld');
  assert.match(held.message, /도면 변경/);
  await api.actOnWorkOrder({ params: { id: b.id }, body: { act: 'resume' } });

  await kiosk(imm1, 'start', { order: a.number, tool: 'M-1' });
  assert.equal((await refused(imm1, { order: a.number, tool: 'M-1' })).code, 'operations.alreadyRunning');
  assert.equal((await refused(imm1, { order: b.number, tool: 'M-2' })).code, 'operations.machineBusy');
  assert.equal((await refused(imm2, { order: b.number, tool: 'M-1' })).code, 'operations.toolBlocked');
  await kiosk(imm1, 'pause');
  await kiosk(imm1, 'start', { order: b.number, tool: 'M-2' });
  assert.equal((await api.rejectedEntries({ query: { status: 'open' } })).length, 13);
});

test('scrap that the machine threw out and nobody named: one result for one count, named later by a correction', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk, clock } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const shot = clock.nowUs() + minute;
  floor.equipment.count(imm1, [shot, shot, shot, shot, shot + minute, shot + minute, shot + minute, shot + minute]);
  await clock.advance(3 * 60_000);
  const { proposed, at } = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(proposed?.total, 8);
  const seen = { counted: { good: 5, scrap: 3, total: 8 }, countedTo: at };
  const defects = [{ reason: 'burr', quantity: 1 }];
  const more = await sync(imm1, [entry('confirm', { good: 4, scrap: 4, defects, ...seen })]);
  assert.equal(more[0]?.error?.code, 'operations.scrapMismatch', 'more than the machine threw out wants its names');
  await kiosk(imm1, 'confirm', { good: 5, scrap: 3, defects, ...seen });
  const [result, ...others] = await api.runResults({ query: { machine: imm1 } });
  assert.equal(others.length, 0);
  assert.deepEqual([result!.good, result!.scrap, result!.counted?.total], [5, 3, 8]);
  assert.deepEqual(result!.defects, defects);
  const after = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(after.proposed?.total ?? 0, 0, 'no shot is proposed twice');
  const day = { machine: imm1, day: '2026-11-23', shift: 'day' };
  const paper = (await api.printDailyReport({ query: day })) as { bytes: Uint8Array };
  assert.match(Buffer.from(paper.bytes).toString(), /유형 없음 2/);
  const named = [...defects, { reason: 'short', quantity: 1 }];
  await api.correctResult({
    params: { id: result!.id },
    body: { good: 5, scrap: 3, defects: named, reason: 'miscount' },
  });
  const [correction] = await api.runResults({ query: { machine: imm1 } });
  assert.deepEqual([correction!.scrap, correction!.defects], [0, [{ reason: 'short', quantity: 1 }]]);
});

test('results: over the limit, another figure than the machine’s, rework in the same operation, a correction kept', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk, clock } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const refused = async (data: Record<string, unknown>) => {
    const [answer] = await sync(imm1, [entry('confirm', data)]);
    return answer?.error?.code;
  };
  assert.equal(await refused({ good: 106 }), 'operations.overLimit');
  assert.equal(await refused({ good: 1, defects: [{ reason: 'nope', quantity: 1 }] }), 'operations.unknownReason');
  assert.equal(
    await refused({ good: 1, scrap: 3, defects: [{ reason: 'burr', quantity: 1 }] }),
    'operations.scrapMismatch',
  );
  floor.equipment.count(
    imm1,
    [...Array(40)].map((_, i) => clock.nowUs() + i * 1_000_000),
  );
  await clock.advance(3_600_000);
  assert.equal(await refused({ good: 38 }), 'operations.reasonNeeded');
  await kiosk(imm1, 'confirm', { good: 38, reason: 'miscount' });
  await kiosk(imm1, 'confirm', { good: 10, rework: 4 });
  assert.equal(await refused({ good: 0, reworked: 5 }), 'operations.nothingToRework');
  await kiosk(imm1, 'confirm', { good: 0, reworked: 3 });
  let step = (await api.workOrder({ params: { id: order.id } })).steps[0]!;
  assert.deepEqual([step.good, step.scrap, step.rework], [51, 0, 1]);

  const results = await api.runResults({ query: { machine: imm1 } });
  const wrong = results.find((r) => r.good === 38)!;
  const before = (await floor.inventory.onHand('RESIN')) / 1e6;
  await api.correctResult({
    params: { id: wrong.id },
    body: { good: 30, defects: [{ reason: 'burr', quantity: 6 }], reason: 'miscount' },
  });
  step = (await api.workOrder({ params: { id: order.id } })).steps[0]!;
  assert.deepEqual([step.good, step.scrap], [43, 6]);
  const again = await api.runResults({ query: { machine: imm1 } });
  assert.equal(again.length, results.length + 1);
  const correction = again.find((r) => r.corrects === wrong.id)!;
  assert.deepEqual([correction.good, correction.scrap, correction.reason], [-8, 6, 'miscount']);
  // Corrected once more, on top of the first correction.
  await api.correctResult({ params: { id: correction.id }, body: { good: 38, reason: 'miscount' } });
  step = (await api.workOrder({ params: { id: order.id } })).steps[0]!;
  assert.deepEqual([step.good, step.scrap], [51, 0]);
  assert.ok(before > 0);
});

test('an entry sent twice counts once; two people finishing one order: the second is told and kept', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  const started = await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const confirm = entry('confirm', { good: 20 });
  const [one] = await sync(imm1, [confirm]);
  const [two] = await sync(imm1, [confirm]);
  assert.equal(one?.status, 'applied');
  assert.equal(two?.status, 'repeated');
  assert.deepEqual(two?.result, one?.result);
  assert.equal((await api.workOrder({ params: { id: order.id } })).steps[0]!.good, 20);

  const both = await Promise.all([
    sync(imm1, [entry('finish', { run: started.run }, { badge: 'B-KIM' })]),
    sync(imm1, [entry('finish', { run: started.run }, { badge: 'B-PARK' })]),
  ]);
  const answers = both.flat();
  assert.equal(answers.filter((a) => a.status === 'applied').length, 1);
  const late = answers.find((a) => a.status === 'rejected')!;
  assert.equal(late.error?.code, 'operations.runFinished');
  assert.match(late.error!.message, /(김작업|박작업)님이 이미 끝냈습니다/);
  const kept = await api.rejectedEntries({ query: { status: 'open' } });
  assert.equal(kept.length, 1);
  const dismissed = await api.resolveRejected({
    params: { id: kept[0]!.entryId },
    body: { act: 'dismiss', note: '중복' },
  });
  assert.equal(dismissed.status, 'dismissed');
  assert.ok(hour > minute);
});
