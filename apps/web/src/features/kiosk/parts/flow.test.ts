import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { askKey, askNow, beforeFinish } from './flow.ts';
import type { OutboxItem } from './outbox-store.ts';
import { entryOfScan, project } from './projection.ts';
import { dispatchEntry, inspection, kioskState, person, run } from './test-plant.ts';

const now = 10 * 3_600_000;
const item = (kind: string, data: Record<string, unknown>): OutboxItem => ({
  ...{ seq: 1, entryId: `e-${kind}`, machine: 'a/b/c', kind, via: 'sync', data, clientTime: now * 1000 },
  ...{ clientOffset: 0, badge: 'B1', person: 'Kim', status: 'waiting', refusal: null, files: [] },
});
const asking = (state: Parameters<typeof kioskState>[0], more: object = {}) => ({
  ...{ machine: 'a/b/c', view: project(kioskState(state), []), person, now, putOff: new Map<string, number>() },
  ...more,
});

describe('what is asked now', () => {
  test('machine, badge, order, work: one after the other', () => {
    assert.equal(askNow(asking({}, { machine: null })).step, 'machine');
    assert.equal(askNow(asking({}, { view: null })).step, 'loading');
    assert.equal(askNow(asking({}, { person: null })).step, 'badge');
    assert.equal(askNow(asking({ run: null })).step, 'order');
    assert.equal(askNow(asking({ run: run() })).step, 'work');
  });

  test('the note of the shift before comes first, once, and not to who wrote it', () => {
    const handover = {
      ...{ id: 'h1', machine: 'a/b/c', day: '2026-01-01', shift: 'day', text: 'mind the hopper', by: 'Park' },
      ...{ at: (now - 3_600_000) * 1000, readBy: null, readAt: null },
    };
    assert.equal(askNow(asking({ handover })).step, 'handover');
    assert.equal(askNow(asking({ handover: { ...handover, by: person.name } })).step, 'order');
    assert.equal(askNow(asking({ handover: { ...handover, at: (now - 25 * 3_600_000) * 1000 } })).step, 'order');
    const read = project(kioskState({ handover }), [item('readHandover', { id: 'h1' })]);
    assert.equal(askNow(asking({}, { view: read })).step, 'order', 'read offline');
  });

  test('the first piece is asked when set-up is over or the machine has made one, and it cannot be overlooked', () => {
    const inspections = [inspection({ id: 'm', stage: 'middle', dueAt: (now + 1) * 1000 }), inspection({ id: 'f' })];
    assert.equal(askNow(asking({ run: run({ status: 'setup' }), inspections })).step, 'work');
    const ask = askNow(asking({ run: run({ status: 'running' }), inspections }));
    assert.deepEqual(ask.step === 'inspection' && [ask.inspection.id, ask.blocking], ['f', true]);
    const proposed = { good: 1, scrap: 0, total: 1 };
    assert.equal(askNow(asking({ run: run({ status: 'setup' }), inspections, proposed })).step, 'inspection');
  });

  test('a middle piece is asked at its time, and comes again after it was put off', () => {
    const inspections = [inspection({ id: 'm', stage: 'middle', dueAt: now * 1000 })];
    const ask = askNow(asking({ run: run(), inspections }));
    assert.equal(ask.step, 'inspection');
    const putOff = new Map([[askKey(ask), now + 600_000]]);
    assert.equal(askNow(asking({ run: run(), inspections }, { putOff })).step, 'work');
    assert.equal(askNow(asking({ run: run(), inspections }, { putOff, now: now + 600_000 })).step, 'inspection');
  });

  test('the last piece is asked at the end, not before', () => {
    const inspections = [inspection({ id: 'l', stage: 'last', dueAt: null })];
    const given = asking({ run: run(), inspections });
    assert.equal(askNow(given).step, 'work');
    assert.deepEqual(
      beforeFinish(given.view).map((i) => i.id),
      ['l'],
    );
  });

  test('a stop is asked about after a minute, whether it lasts or is over', () => {
    const stop = (from: number, to: number | null) => ({
      ...{ id: 's', equipment: 'a/b/c', from: from * 1000, to: to === null ? null : to * 1000, state: 'unplannedStop' },
      ...{ cause: '', reason: null, loss: null, note: '', by: null, history: [] },
    });
    const step = (openStop: unknown) => askNow(asking({ run: run(), openStop } as never)).step;
    assert.equal(step(stop(now - 59_000, null)), 'work');
    assert.equal(step(stop(now - 60_000, null)), 'stop');
    assert.equal(step(stop(now - 600_000, now - 500_000)), 'stop');
    assert.equal(step(stop(now - 600_000, now - 590_000)), 'work');
    assert.equal(step(stop(now - 3_600_000, now - 31 * 60_000)), 'work', 'too long ago');
  });
});

describe('what waits to be sent is laid over the last state', () => {
  test('an order scanned offline runs, its pieces add up, and it ends', () => {
    const state = kioskState({ queue: [dispatchEntry('WO-1'), dispatchEntry('WO-2')] });
    const start = item('start', { order: 'WO-2' });
    const running = project(state, [start]);
    assert.deepEqual([running.run?.workOrderNumber, running.run?.status, running.queue.length], ['WO-2', 'setup', 1]);
    assert.equal(running.order?.itemName, 'Cap');
    const confirm = item('confirm', { good: 120, defects: [{ reason: 'burr', quantity: 3 }] });
    const after = project(state, [start, confirm, item('confirm', { good: 80, scrap: 1 })]);
    assert.deepEqual([after.run?.good, after.run?.scrap, after.run?.status], [200, 4, 'running']);
    assert.deepEqual(after.pending, ['start', 'confirm', 'confirm']);
    assert.equal(project(state, [start, confirm, item('finish', {})]).run, null);
  });

  test('an order that the tablet has never seen starts under the scanned text', () => {
    assert.equal(project(kioskState({}), [item('start', { order: 'WO-9' })]).run?.workOrderNumber, 'WO-9');
  });

  test('a confirmed count is not proposed again, a reason given is not asked again', () => {
    const state = kioskState({ run: run(), proposed: { good: 40, scrap: 2, total: 42 } });
    assert.deepEqual(project(state, [item('confirm', { good: 40 })]).proposed, { good: 0, scrap: 0, total: 0 });
    assert.equal(project(state, [item('downtimeReason', { reason: 'x' })]).openStop, null);
    assert.equal(project(state, [item('call', { kind: 'material' })]).calls[0]?.kind, 'material');
  });

  test('entries of another machine, and refused ones, change nothing', () => {
    const state = kioskState({ run: run({ good: 5 }) });
    const other = { ...item('confirm', { good: 1 }), machine: 'x/y/z' };
    const refused = { ...item('confirm', { good: 1 }), status: 'refused' as const };
    assert.equal(project(state, [other, refused]).run?.good, 5);
  });

  test('a scan names an order by its number, its id, or inside a longer code', () => {
    const queue = [dispatchEntry('WO-1'), dispatchEntry('WO-12')];
    assert.equal(entryOfScan(queue, 'wo-12 ')?.order.number, 'WO-12');
    assert.equal(entryOfScan(queue, 'https://x.kr/wo/WO-1')?.order.number, 'WO-1');
    assert.equal(entryOfScan(queue, 'WO-3'), null);
  });
});
