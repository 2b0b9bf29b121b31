import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { FloorCall } from '@deungdae/contracts/work-order.ts';
import { type Bench, code, hourUs, morning, moulder, openBench, press, technician } from './fixtures.ts';

const stop = (id: string, from: number, to: number | null, change: Partial<Downtime> = {}): Downtime => ({
  ...{ id, equipment: press, from, to, state: 'unplannedStop', cause: 'ALARM', reason: null, loss: null, note: '' },
  ...{ by: null, history: [] },
  ...change,
});
const request = (change: object = {}) => ({
  ...{ subject: { kind: 'machine', id: press }, type: 'corrective', text: '유압 누유', priority: 'high' },
  ...{ machineStopped: true, documents: [] },
  ...change,
});
const report = (change: object = {}) => ({
  ...{ cause: '패킹 마모', action: '패킹 교체', labour: [], parts: [], documents: [] },
  ...change,
});

describe('maintenance orders', () => {
  let b: Bench;
  before(async () => {
    b = await openBench();
    await b.receive('BEARING', 5);
  });
  after(() => b.end());

  test('from the request to the leader who agrees, or sends it back', async () => {
    const { call } = b;
    const order = await call('requestMaintenance', { body: request() });
    assert.equal(order.number, 'MT-2026-00001');
    const params = { id: order.id };
    await call('changeMaintenance', { params, body: { status: 'accepted', assignee: 'p-1' } });
    await assert.rejects(
      call('verifyMaintenance', { params, body: { accepted: true, note: '' } }),
      code('maintenance.wrongStatus'),
    );
    await call('changeMaintenance', { params, body: { status: 'inProgress' } });
    assert.equal((await call('finishMaintenance', { params, body: report() })).status, 'done');
    await assert.rejects(call('finishMaintenance', { params, body: report() }), code('maintenance.wrongStatus'));
    const back = await call('verifyMaintenance', { params, body: { accepted: false, note: '아직 샘' } });
    assert.deepEqual([back.status, back.doneAt], ['inProgress', null]);
    await call('finishMaintenance', { params, body: report() });
    const agreed = await call('verifyMaintenance', { params, body: { accepted: true, note: '' } });
    assert.deepEqual([agreed.status, agreed.verifiedBy], ['verified', technician.displayName]);
    await assert.rejects(
      call('requestMaintenance', { body: request({ subject: { kind: 'machine', id: 'hanbit/x' } }) }),
      code('maintenance.subjectUnknown'),
    );
    await assert.rejects(
      call('changeMaintenance', { params: { id: 'none' }, body: {} }),
      code('maintenance.orderNotFound'),
    );
  });

  test('parts leave the stock once, with their lot; when they are short nothing of the report is kept', async () => {
    const { call, inventory } = b;
    const order = await call('requestMaintenance', { body: request({ entryId: 'r-1' }) });
    assert.equal((await call('requestMaintenance', { body: request({ entryId: 'r-1' }) })).id, order.id);
    const params = { id: order.id };
    const tooMany = report({ entryId: 'f-1', parts: [{ item: 'BEARING', lot: null, quantity: 6 }] });
    await assert.rejects(call('finishMaintenance', { params, body: tooMany }), /CodedError/);
    const { order: still } = await call('maintenanceOrder', { params });
    assert.deepEqual([still.status, still.parts], ['requested', []]);
    assert.equal(await inventory.onHand('BEARING'), 5_000_000);
    const body = report({ entryId: 'f-2', parts: [{ item: 'BEARING', lot: null, quantity: 2 }] });
    const done = await call('finishMaintenance', { params, body });
    assert.deepEqual(await call('finishMaintenance', { params, body }), done, 'the same report again');
    assert.equal(await inventory.onHand('BEARING'), 3_000_000);
    assert.deepEqual([done.parts[0]!.quantity, typeof done.parts[0]!.lot], [2, 'string']);
    const moved = await inventory.movements({ reference: `maintenance/${order.number}`, limit: 10 });
    assert.equal(moved.length, 1);
    const parts = await call('spareParts');
    assert.deepEqual(
      parts.map((p) => [p.item, p.onHand, p.safetyStock, p.short, p.usedInYear]),
      [
        ['BEARING', 3, 4, true, 2],
        ['HEATER', 0, 1, true, 0],
      ],
    );
    assert.deepEqual(
      (await call('maintenanceToday')).shortParts.map((p) => p.item),
      ['BEARING', 'HEATER'],
    );
    assert.deepEqual(await call('spareParts', { query: { short: 'false' } }), []);
  });

  test('shows the stops of its machine: elapsed time, not labour, and none that is planned or of another story', async () => {
    const { call, floor, clock } = b;
    floor.stops.push(
      stop('old', morning - 5 * hourUs, morning - 4 * hourUs),
      stop('own', morning - hourUs, morning + hourUs, { loss: 'breakdown' }),
      stop('setup', morning - hourUs, null, { loss: 'setup' }),
      stop('planned', morning - hourUs, null, { state: 'plannedStop' }),
      stop('other', morning - hourUs, null, { equipment: moulder }),
    );
    const order = await call('requestMaintenance', { body: request() });
    const params = { id: order.id };
    clock.jump((2 * hourUs) / 1000);
    const two = [
      { person: 'p-1', minutes: 120 },
      { person: 'p-2', minutes: 120 },
    ];
    await call('finishMaintenance', { params, body: report({ labour: two }) });
    const shown = await call('maintenanceOrder', { params });
    assert.deepEqual(
      shown.stops.map((s) => s.id),
      ['own'],
    );
    assert.equal(shown.downMs, 2 * 3_600_000, 'two technicians of two hours each: two hours down');
    assert.equal((await call('maintenanceOrder', { params: { id: order.number } })).order.id, order.id);
    floor.stops.length = 0;
  });

  test('kpi.md §7: neither two technicians nor preventive orders change MTBF and MTTR', async () => {
    const { call, floor } = b;
    const hourMs = 3_600_000;
    floor.kpis = { operatingMs: 670 * hourMs, failures: 3, failureMs: 10 * hourMs };
    const window = { from: morning - 720 * hourUs, to: morning };
    const figures = async () => {
      const [f] = await call('reliability', { query: { ...window, machine: press } });
      return [f!.mtbfMs! / hourMs, f!.mttrMs! / hourMs].map((n) => n.toFixed(4));
    };
    assert.deepEqual(await figures(), ['223.3333', '3.3333']);
    for (const type of ['preventive', 'preventive', 'corrective']) {
      const order = await call('requestMaintenance', { body: request({ type }) });
      const labour = [1, 2].map((n) => ({ person: `p-${n}`, minutes: 600 }));
      await call('finishMaintenance', { params: { id: order.id }, body: report({ labour }) });
    }
    assert.deepEqual(await figures(), ['223.3333', '3.3333'], 'not 20 h, not 20/5 = 4 h');
    floor.kpis = { operatingMs: 670 * hourMs, failures: 0, failureMs: 0 };
    const [none] = await call('reliability', { query: { ...window, machine: press } });
    assert.deepEqual([none!.mtbfMs, none!.mttrMs], [null, null], 'not known, and not 0');
    assert.equal((none!.mtbfLowerMs! / hourMs).toFixed(3), '290.977');
  });

  test('a call from the kiosk is a request at once, and only once; the kiosk sees who comes and what was done', async () => {
    const { call, floor, maintenance } = b;
    const raised: FloorCall = {
      ...{ id: 'call-1', kind: 'maintenance', machine: press, run: null, text: '이상 소음', status: 'open' },
      ...{ raisedAt: b.clock.nowUs(), raisedBy: '이영희', acknowledgedAt: null, acknowledgedBy: null },
      ...{ closedAt: null, closedBy: null, answer: '' },
    };
    floor.stops.push(stop('now', b.clock.nowUs() - 60_000_000, null));
    floor.calls.push(
      raised,
      { ...raised, id: 'call-2', kind: 'material' },
      { ...raised, id: 'call-3', status: 'closed' },
    );
    floor.tell(press);
    floor.tell(press);
    await maintenance.tick();
    const orders = (await call('maintenanceOrders', { query: { limit: 50 } })).filter((o) => o.call !== null);
    assert.deepEqual(
      orders.map((o) => [o.call, o.text, o.requestedBy, o.priority, o.machineStopped]),
      [['call-1', '이상 소음', '이영희', 'stopped', true]],
    );
    const params = { id: orders[0]!.id };
    await call('changeMaintenance', { params, body: { status: 'accepted' } });
    await call('finishMaintenance', { params, body: report({ action: '베어링 교체' }) });
    assert.deepEqual(floor.answers, [
      { id: 'call-1', act: 'acknowledge', text: '' },
      { id: 'call-1', act: 'close', text: '베어링 교체' },
    ]);
    await maintenance.tick();
    const again = (await call('maintenanceOrders', { query: { limit: 50 } })).filter((o) => o.call !== null);
    assert.equal(again.length, 1, 'a call that is done does not come back');
    assert.equal((await b.ledger.verify()).ok, true);
  });
});
