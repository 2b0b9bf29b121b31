import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { capOrder, imm1, imm2, openFloor, tablet } from './fixtures.ts';

test('a count typed without a network asks no reason afterwards, however soon it came; with one it does', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { clock, sync, entry, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  floor.equipment.count(
    imm1,
    [...Array(20)].map((_, i) => clock.nowUs() + i * 1_000_000),
  );
  await clock.advance(60_000);
  const typed = clock.nowUs();
  await clock.advance(20_000);
  const [asked] = await sync(imm1, [entry('confirm', { good: 15 }, { clientTime: typed })]);
  assert.equal(asked?.error?.code, 'operations.reasonNeeded');
  const [taken] = await sync(imm1, [entry('confirm', { good: 15 }, { clientTime: typed, offline: true })]);
  assert.equal(taken?.status, 'applied', taken?.error?.message);
  // What the screen had shown was answered for: another figure still needs its reason.
  const counted = { good: 5, scrap: 0, total: 5 };
  const [known] = await sync(imm1, [entry('confirm', { good: 3, counted }, { offline: true })]);
  assert.equal(known?.error?.code, 'operations.reasonNeeded');
});

test('the kiosk is told the zone of its machine; a paired tablet is called by its own name, and nobody without a badge', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, entry } = floor;
  assert.equal((await api.kioskState({ query: { machine: imm1 } }, tablet)).timeZone, 'Asia/Seoul');
  const device: Caller = {
    ...({ userId: 'device/d-1', name: '1호기 태블릿', role: 'operator', language: 'ko', via: 'device' } as const),
    machines: [imm1],
  };
  const now = clock.nowUs();
  const entries = [entry('handover', { text: '금형 온도 확인' }, { badge: null })];
  const { answers } = await api.kioskSync({ body: { device: 'any', machine: imm1, now, entries } }, device);
  assert.equal(answers[0]?.error?.code, 'operations.badgeNeeded');
  const [kept] = await api.rejectedEntries({ query: { status: 'open' } });
  assert.equal(kept?.device, '1호기 태블릿');
});

test('items and operations have their names in the languages of the floor, and the order its own', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const order = await capOrder(floor);
  const { names = {}, queue } = await floor.api.kioskState({ query: { machine: imm1 } }, tablet);
  const step = queue.find((e) => e.order.number === order.number)!.step;
  assert.deepEqual(names.CAP, { ko: '캡', en: 'Cap', vi: 'Nắp' });
  assert.deepEqual(names[step.id], { ko: step.name, en: 'Moulding' });
  await floor.kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const running = await floor.api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.deepEqual(running.names?.[running.run!.step], { ko: step.name, en: 'Moulding' });
});

test('a piece that reaches the server after its screen was drawn is proposed the next time', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, kiosk, equipment } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const began = clock.nowUs();
  const every3s = (from: number, to: number) => [...Array(to - from)].map((_, i) => began + (from + i) * 3_000_000 + 1);
  equipment.count(imm1, every3s(0, 20));
  await clock.advance(60_000);
  const seen = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(seen.proposed?.total, 20);
  // Both were made before the screen was drawn, and were still on their way.
  equipment.count(imm1, [seen.at - 1_500_000, seen.at - 100_000]);
  await clock.advance(5_000);
  await kiosk(imm1, 'confirm', { good: 20, counted: seen.proposed, countedTo: seen.at });
  const after = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(after.proposed?.total, 2, 'nothing is lost');
  assert.equal(after.run?.counted?.total, 20, 'and nothing is agreed to that was not seen');
});

test('what is typed at one machine changes nothing at another, whatever ids it names', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, kiosk, sync, entry, equipment } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  const { run } = await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const { call } = await kiosk(imm1, 'call', { kind: 'material' });
  const { handover } = await kiosk(imm1, 'handover', { text: '금형 온도 확인' });
  equipment.stopped.push({
    ...{ id: 'stop-1', equipment: imm1, from: clock.nowUs() - 600_000_000, to: clock.nowUs(), state: 'unplannedStop' },
    ...{ cause: '', reason: null, loss: 'breakdown', note: '', by: null, history: [] },
  });
  const tries: [string, Record<string, unknown>][] = [
    ...(['productionStart', 'pause', 'resume', 'finish', 'join', 'leave'] as const).map(
      (kind): [string, Record<string, unknown>] => [kind, { run }],
    ),
    ['confirm', { run, good: 5 }],
    ['useLot', { run, lot: 'L-1' }],
    ['pack', { run, quantity: 1 }],
    ['acknowledgeCall', { call }],
    ['closeCall', { call }],
    ['readHandover', { id: handover }],
    ['downtimeReason', { stop: 'stop-1', reason: 'breakdown/mould' }],
  ];
  for (const [kind, data] of tries) {
    const [answer] = await sync(imm2, [entry(kind as never, data)]);
    assert.equal(answer?.status, 'rejected', kind);
    assert.match(answer?.error?.code ?? '', /runElsewhere|unknownCall|unknownHandover|noOpenStop/, kind);
  }
  const state = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.deepEqual(
    [state.run?.status, state.run?.good, state.calls[0]?.status, state.handover?.readAt, equipment.given.length],
    ['setup', 0, 'open', null, 0],
  );
  assert.ok((await kiosk(imm1, 'closeCall', { call })).call, 'at its own machine it goes on as before');
});

test('a counter that was set back proposes nothing below nothing, and what it took back is not forgotten', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, kiosk, equipment } = floor;
  await floor.receive('RESIN', 50);
  const steps: { time: number; pieces: number }[] = [];
  equipment.pieces = async (_path, from, to) => {
    const produced = steps.filter((s) => s.time >= from && s.time < to).reduce((sum, s) => sum + s.pieces, 0);
    return { produced, good: produced, scrap: 0, rework: 0, firstGoodAt: null };
  };
  const counted = async (pieces: number) => {
    steps.push({ time: clock.nowUs(), pieces });
    await clock.advance(60_000);
    return api.kioskState({ query: { machine: imm1 } }, tablet);
  };
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const agree = (seen: Awaited<ReturnType<typeof counted>>, good: number) =>
    kiosk(imm1, 'confirm', { good, counted: seen.proposed, countedTo: seen.at });
  await agree(await counted(40), 40);
  const back = await counted(-3);
  assert.deepEqual(back.proposed, { good: 0, scrap: 0, total: 0 });
  await agree(back, 0);
  const on = await counted(10);
  assert.equal(on.proposed?.total, 7, 'three of them were counted before');
  await agree(on, 7);
  assert.equal((await counted(0)).run?.counted?.total, 47);
});
