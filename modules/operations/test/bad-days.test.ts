import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { serverTime } from '../src/domain/client-time.ts';
import type { OperationsTables } from '../src/schema.ts';
import { capOrder, hour, imm1, imm2, leader, minute, morning, openFloor, tablet } from './fixtures.ts';

const code = (wanted: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, wanted);
  return true;
};

test('a tablet whose clock is an hour off: entries get the server’s time, what the tablet said is kept', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, sync, entry } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  const start = clock.nowUs();
  // Typed while offline by a clock that is an hour ahead; sent forty minutes later.
  const ahead = 1 * hour;
  const typed = [
    entry('start', { order: order.number, tool: 'M-1' }, { clientTime: start + ahead }),
    entry('confirm', { good: 10 }, { clientTime: start + 30 * minute + ahead }),
  ];
  await clock.advance(40 * 60_000);
  const answers = await sync(imm1, typed, clock.nowUs() + ahead);
  assert.deepEqual(
    answers.map((a) => [a.status, a.time]),
    [
      ['applied', start],
      ['applied', start + 30 * minute],
    ],
  );
  const [result] = await api.runResults({ query: { machine: imm1 } });
  assert.equal(result?.time, start + 30 * minute);
  assert.equal(result?.clientTime, start + 30 * minute + ahead);
  const [run] = await api.runs({ query: { machine: imm1 } });
  assert.equal(run?.startedAt, start);
});

test('time of an entry: its own measured offset wins, the future is cut, weeks ago is refused', () => {
  const now = morning;
  assert.equal(serverTime({ clientTime: now - hour }, { now: now - hour }, now), now);
  assert.equal(serverTime({ clientTime: 5, clientOffset: now - 10 }, { now: 0 }, now), now - 5);
  assert.equal(serverTime({ clientTime: now + hour }, { now }, now), now);
  assert.equal(serverTime({ clientTime: now - 15 * 24 * hour }, { now }, now), null);
});

test('network gone mid-entry: the same batch again changes nothing, and what follows a refused entry still counts', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  const batch = [
    entry('start', { order: order.number, tool: 'M-1' }),
    entry('confirm', { good: 500 }),
    entry('confirm', { good: 20 }),
    entry('bogus', { x: 1 }),
    entry('confirm', { good: 'many' }),
    entry('call', { kind: 'material', text: '수지 부족' }),
  ];
  const wanted = ['applied', 'rejected', 'applied', 'rejected', 'rejected', 'applied'];
  assert.deepEqual(
    (await sync(imm1, batch)).map((a) => a.status),
    wanted,
  );
  const again = await sync(imm1, batch);
  assert.deepEqual(
    again.map((a) => a.status),
    wanted.map((s) => (s === 'applied' ? 'repeated' : s)),
  );
  assert.deepEqual(
    again.map((a) => a.error?.code ?? null),
    [null, 'operations.overLimit', null, 'operations.unknownEntry', 'operations.badEntry', null],
  );
  const after = await api.workOrder({ params: { id: order.id } });
  assert.equal(after.steps[0]?.good, 20);
  assert.equal((await api.calls({ query: {} })).length, 1);
  // The supervisor raises the order and applies what was refused.
  const open = await api.rejectedEntries({ query: { status: 'open', machine: imm1 } });
  assert.equal(open.length, 3);
  const refused = open.find((r) => r.error.code === 'operations.overLimit')!;
  assert.equal(refused.person, '김작업');
  const apply = (data?: Record<string, unknown>) =>
    api.resolveRejected({
      params: { id: refused.entryId },
      body: { act: 'apply', note: '현장 확인', ...(data ? { data } : {}) },
    });
  await assert.rejects(apply(), code('operations.overLimit'));
  const resolved = await apply({ good: 50, reason: 'miscount' });
  assert.equal(resolved.status, 'applied');
  assert.equal((await api.workOrder({ params: { id: order.id } })).steps[0]?.good, 70);
  await assert.rejects(apply(), code('operations.rejectedDone'));
  const [answer] = await sync(imm1, [batch[1]!]);
  assert.equal(answer?.status, 'repeated');
});

test('an entry sent again while the first is being refused, and what it lacked arrives between: never both', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, ledger, sync, entry } = floor;
  const order = await capOrder(floor);
  await sync(imm1, [entry('start', { order: order.number, tool: 'M-1' })]);
  const transaction = ledger.transaction.bind(ledger);
  /** The `nth` transaction from now on waits until `open` is called. */
  const holdBack = (nth: number) => {
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let seen = 0;
    ledger.transaction = async (work) => {
      if (++seen === nth) {
        reached.resolve();
        await gate.promise;
      }
      return transaction(work);
    };
    return { reached: reached.promise, open: gate.resolve };
  };
  const open = () => api.rejectedEntries({ query: { status: 'open', limit: 10 } });

  // Refused, but not yet kept for the supervisor, when the second is applied.
  const late = entry('confirm', { good: 10 });
  const keeping = holdBack(2);
  const refused = sync(imm1, [late]);
  await keeping.reached;
  await floor.receive('RESIN', 5);
  assert.equal((await sync(imm1, [late]))[0]?.status, 'applied');
  keeping.open();
  assert.equal((await refused)[0]?.status, 'repeated');
  assert.equal((await open()).length, 0);

  // On its way to be applied when the other is refused and kept.
  const early = entry('confirm', { good: 200 });
  const applying = holdBack(1);
  const second = sync(imm1, [early]);
  await applying.reached;
  assert.equal((await sync(imm1, [early]))[0]?.status, 'rejected');
  await floor.receive('RESIN', 50);
  applying.open();
  assert.equal((await second)[0]?.status, 'rejected');
  assert.equal((await open()).length, 1);
  const [run] = await api.runs({ query: { machine: imm1 } });
  assert.equal(run?.good, 10);
});

test('two supervisors take up one refused entry at once: it is applied or dismissed, never both', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry } = floor;
  const order = await capOrder(floor);
  await sync(imm1, [entry('start', { order: order.number, tool: 'M-1' })]);
  const refused = Array.from({ length: 6 }, () => entry('confirm', { good: 10 }));
  for (const answer of await sync(imm1, refused)) assert.equal(answer.status, 'rejected');
  await floor.receive('RESIN', 50);
  let applied = 0;
  for (const { entryId } of refused) {
    const resolve = (act: 'apply' | 'dismiss') =>
      api.resolveRejected({ params: { id: entryId }, body: { act, note: '확인' } }).then(
        ({ status }) => status,
        (error) => code('operations.rejectedDone')(error) && 'refused',
      );
    const told = await Promise.all([resolve('apply'), resolve('dismiss'), resolve('apply')]);
    assert.equal(told.filter((w) => w !== 'refused').length, 1, told.join(' '));
    if (told.includes('applied')) applied++;
  }
  const [run] = await api.runs({ query: { machine: imm1 } });
  assert.equal(run?.good, applied * 10);
});

test('order closed meanwhile: the tablet’s entry is told so and kept', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry } = floor;
  const order = await capOrder(floor);
  await api.actOnWorkOrder({ params: { id: order.id }, body: { act: 'cancel', reason: '고객 취소' } });
  const [answer] = await sync(imm1, [entry('start', { order: order.number, tool: 'M-1' })]);
  assert.equal(answer?.error?.code, 'operations.orderOver');
  assert.equal((await api.rejectedEntries({ query: {} })).length, 1);
});

test('an order that has good pieces is not cancelled, also on hold, and that is no fault of the server', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, ledger } = floor;
  const order = await capOrder(floor);
  await ledger.transaction<OperationsTables, unknown>((db) =>
    db.updateTable('ops_orders').set({ good: 5_000_000 }).where('id', '=', order.id).execute(),
  );
  const act = (what: 'hold' | 'cancel') =>
    api.actOnWorkOrder({ params: { id: order.id }, body: { act: what, reason: '고객 취소' } });
  await act('hold');
  await assert.rejects(act('cancel'), (error: CodedError) => {
    assert.equal(error.status, 409);
    return code('operations.wrongStatus')(error);
  });
});

test('server in trouble: the entry is not refused but sent again', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, entry } = floor;
  floor.equipment.pieces = async () => {
    throw new Error('history is away');
  };
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await floor.kiosk(imm1, 'start', { order: order.number, tool: 'M-1' }).catch(() => undefined);
  await floor.clock.advance(60_000);
  const batch = [entry('confirm', { good: 5 })];
  const body = { device: 'tablet-1', machine: imm1, now: floor.clock.nowUs(), entries: batch };
  await assert.rejects(api.kioskSync({ body }, tablet), /history is away/);
  assert.equal((await api.rejectedEntries({ query: {} })).length, 0);
});

test('stock going negative is refused in the stock’s words and nothing of the result stays', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, sync, entry, kiosk } = floor;
  await floor.receive('RESIN', 0.1);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const [answer] = await sync(imm1, [entry('confirm', { good: 50 })]);
  assert.equal(answer?.error?.code, 'inventory.shortItem');
  const after = await api.workOrder({ params: { id: order.id } });
  assert.equal(after.steps[0]?.good, 0);
  assert.equal((await floor.inventory.onHand('RESIN')) / 1e6, 0.1);
});

test('a closed day refuses results, corrections and hours until a leader opens it with a reason', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, kiosk, sync, entry } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 30, defects: [{ reason: 'short', quantity: 2 }] });
  await kiosk(imm1, 'handover', { text: '2번 캐비티 확인' });
  const key = { machine: imm1, day: '2026-11-23', shift: 'day' };
  await api.signDailyReport({ body: { ...key, step: 'written', badge: 'B-KIM' } }, tablet);
  await assert.rejects(api.signDailyReport({ body: { ...key, step: 'approved' } }), code('operations.shiftRuns'));
  await assert.rejects(
    api.signDailyReport({ body: { ...key, step: 'reviewed', badge: 'B-KIM' } }, tablet),
    code('operations.signRights'),
  );
  await clock.advance(12 * 3_600_000);
  await assert.rejects(api.signDailyReport({ body: { ...key, step: 'approved' } }), code('operations.signOrder'));
  await api.signDailyReport({ body: { ...key, step: 'reviewed' } });
  const closed = await api.signDailyReport({ body: { ...key, step: 'approved' } });
  assert.equal(closed.status, 'closed');
  assert.equal(closed.good, 30);
  assert.deepEqual(closed.defects, [{ reason: 'short', name: '미성형', quantity: 2 }]);
  assert.equal(closed.handover, '2번 캐비티 확인');
  assert.deepEqual(
    closed.signatures.map((s) => [s.step, s.name]),
    [
      ['written', '김작업'],
      ['reviewed', 'lee'],
      ['approved', 'lee'],
    ],
  );

  const during = morning + 2 * hour;
  const [late] = await sync(imm1, [entry('confirm', { good: 5 }, { clientTime: during })]);
  assert.equal(late?.error?.code, 'operations.dayClosed');
  assert.match(late!.error!.message, /사출 1호기.*2026-11-23 주간/);
  const cleaning = { activity: '청소', end: false };
  const [swept] = await sync(imm1, [entry('indirect', cleaning, { clientTime: during })]);
  assert.equal(swept?.error?.code, 'operations.dayClosed');
  const [result] = await api.runResults({ query: { machine: imm1 } });
  const correction = { good: 29, defects: [{ reason: 'short', quantity: 2 }], reason: 'miscount' };
  await assert.rejects(
    api.correctResult({ params: { id: result!.id }, body: correction }),
    code('operations.dayClosed'),
  );
  const hours = { badge: 'B-PARK', kind: 'direct' as const, machine: imm1, from: during, to: during + hour };
  await assert.rejects(api.addLabour({ body: hours }), code('operations.dayClosed'));

  const opened = await api.reopenDailyReport({ body: { ...key, reason: '수량 오기' } });
  assert.equal(opened.status, 'open');
  assert.deepEqual(opened.reopenings, [{ at: clock.nowUs(), by: 'lee', reason: '수량 오기' }]);
  assert.ok(opened.signatures.every((s) => s.undone));
  await api.correctResult({ params: { id: result!.id }, body: correction });
  await api.addLabour({ body: hours });
  const fresh = await api.dailyReport({ query: key });
  assert.equal(fresh.good, 29);
  // Until then the report shows what is recorded; printed it carries names, figures and signatures of its language.
  const page = (await api.printDailyReport({ query: key })) as { bytes: Uint8Array; type: string };
  const html = new TextDecoder().decode(page.bytes);
  assert.match(page.type, /^text\/html/);
  for (const word of ['작업일보', '사출 1호기', '미성형', '2번 캐비티 확인', order.number])
    assert.ok(html.includes(word), word);
  assert.equal((await floor.ledger.verify()).ok, true);
});

test('hours: somebody at two machines at once gives each its share, and leaving is by badge', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, clock, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const a = await capOrder(floor);
  const b = await capOrder(floor);
  await kiosk(imm1, 'start', { order: a.number, tool: 'M-1' });
  await clock.advance(3_600_000);
  await kiosk(imm2, 'start', { order: b.number, tool: 'M-2' });
  await kiosk(imm2, 'join', {}, 'B-PARK');
  await clock.advance(3_600_000);
  await kiosk(imm1, 'leave');
  await assert.rejects(kiosk(imm1, 'leave'), /notAtRun/);
  await kiosk(imm2, 'leave');
  const day = await api.dailyReport({ query: { machine: imm1, day: '2026-11-23', shift: 'day' } });
  assert.ok(Math.abs(day.directHours - 1.5) < 1e-6, String(day.directHours));
  const other = await api.dailyReport({ query: { machine: imm2, day: '2026-11-23', shift: 'day' } });
  assert.ok(Math.abs(other.directHours - 1.5) < 1e-6, String(other.directHours));
  await kiosk(imm1, 'indirect', { activity: '청소' });
  await clock.advance(1_800_000);
  await kiosk(imm1, 'indirect', { activity: '청소', end: true });
  const later = await api.dailyReport({ query: { machine: imm1, day: '2026-11-23', shift: 'day' } });
  assert.ok(Math.abs(later.indirectHours - 0.5) < 1e-6);
});

test('4M: another person, mould or material lot than last time drafts a notice; approval closes it', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const a = await capOrder(floor);
  await kiosk(imm1, 'start', { order: a.number, tool: 'M-1' });
  assert.equal((await api.changes({ query: {} })).length, 0, 'the first run has nothing to compare with');
  await kiosk(imm1, 'finish');
  const b = await capOrder(floor);
  await kiosk(imm1, 'start', { order: b.number, tool: 'M-2' }, 'B-PARK');
  const drafts = await api.changes({ query: { status: 'draft' } });
  assert.deepEqual(drafts.map((d) => [d.kind, d.before, d.after]).sort(), [
    ['machine', 'M-1', 'M-2'],
    ['man', '김작업', '박작업'],
  ]);
  const state = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(state.changes.length, 2);
  const approved = await api.decideChange({
    params: { id: drafts[0]!.id },
    body: { status: 'approved', customer: 'approved', note: '초물 합격' },
  });
  assert.equal(approved.decidedBy, leader.name);
  await assert.rejects(
    api.decideChange({ params: { id: drafts[0]!.id }, body: { status: 'rejected' } }),
    code('operations.changeDecided'),
  );
});

test('calls, hand-over and the reason of a stop from the kiosk', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, kiosk, clock } = floor;
  const called = await kiosk(imm1, 'call', { kind: 'maintenance', text: '노즐 누유' });
  await kiosk(imm1, 'acknowledgeCall', { call: called.call }, 'B-PARK');
  await kiosk(imm1, 'closeCall', { call: called.call, text: '패킹 교체' }, 'B-PARK');
  await assert.rejects(kiosk(imm1, 'closeCall', { call: called.call }), /callClosed/);
  const [call] = await api.calls({ query: { status: 'closed' } });
  assert.deepEqual([call?.raisedBy, call?.closedBy, call?.answer], ['김작업', '박작업', '패킹 교체']);

  await assert.rejects(kiosk(imm1, 'downtimeReason', { reason: 'breakdown/mould' }), /noOpenStop/);
  floor.equipment.stopped.push({
    ...{ id: 'stop-1', equipment: imm1, from: clock.nowUs() - 10 * minute, to: null, state: 'unplannedStop' },
    ...{ cause: 'alarm', reason: null, loss: null, note: '', by: null, history: [] },
  } as Downtime);
  const state = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(state.openStop?.id, 'stop-1');
  assert.deepEqual(
    state.downtimeReasons.map((r) => r.code),
    ['breakdown', 'breakdown/mould'],
  );
  await kiosk(imm1, 'downtimeReason', { reason: 'breakdown/mould' });
  assert.deepEqual(floor.equipment.given, [{ stop: 'stop-1', reason: 'breakdown/mould', by: '김작업' }]);

  const note = await kiosk(imm1, 'handover', { text: '금형 온도 5도 올림' });
  await kiosk(imm1, 'readHandover', { id: note.handover }, 'B-PARK');
  const [read] = await api.handovers({ query: { machine: imm1 } });
  assert.deepEqual([read?.by, read?.readBy, read?.shift], ['김작업', '박작업', 'day']);
});

test('first piece: counting waits for it, scrap may be told before', async (t) => {
  const plan = {
    ...{ kind: 'inspectionPlan', code: 'CAP-FIRST' },
    data: {
      ...{ name: '초물', item: 'CAP', operation: 10, stage: 'first' },
      characteristics: [{ id: 'dia', name: '외경', nominal: 30, lower: 29.9, upper: 30.1 }],
    },
  };
  const floor = await openFloor({ plans: [plan] });
  t.after(floor.end);
  const { api, kiosk, quality, ledger, clock } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  const started = await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  const state = await api.kioskState({ query: { machine: imm1 } }, tablet);
  assert.equal(state.inspections[0]?.stage, 'first');
  assert.equal(state.run?.blocked.length, 1);
  await assert.rejects(kiosk(imm1, 'confirm', { good: 3 }), /runBlocked/);
  await kiosk(imm1, 'confirm', { good: 0, defects: [{ reason: 'short', quantity: 2 }] });
  await ledger.transaction((db, emit) =>
    quality.record({ db, emit } as never, {
      ...{ inspection: state.inspections[0]!.id, results: [{ characteristic: 'dia', sample: 1, value: 30.02 }] },
      ...{ finish: true, time: clock.nowUs(), actor: { kind: 'person', id: 'kim' } },
    }),
  );
  await kiosk(imm1, 'confirm', { good: 3 });
  const run = await floor.operations.run(started.run!);
  assert.deepEqual([run?.good, run?.scrap, run?.status], [3, 2, 'running']);
});
