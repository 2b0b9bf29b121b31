import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Bench, check, code, dayUs, moulder, openBench, press, result, sheet } from './fixtures.ts';

describe('check sheets', () => {
  let b: Bench;
  before(async () => {
    b = await openBench();
    await b.call('putCheckSheet', { params: { code: 'DAILY' }, body: sheet() });
  });
  after(() => b.end());

  test('every item is checked, a value has its limits whatever was ticked, and a failed item asks for work', async () => {
    const { call } = b;
    await assert.rejects(
      call('doCheck', { body: check({ results: [result('oil')] }) }),
      code('maintenance.itemMissing'),
    );
    await assert.rejects(
      call('doCheck', { body: check({ results: [result('oil'), result('pressure')] }) }),
      code('maintenance.valueMissing'),
    );
    await assert.rejects(
      call('doCheck', { body: check({ subject: { kind: 'machine', id: moulder } }) }),
      code('maintenance.notOfSheet'),
    );
    assert.deepEqual(
      await call('maintenanceOrders', { query: { limit: 10 } }),
      [],
      'nothing of a refused check is kept',
    );
    const done = await call('doCheck', {
      body: check({ results: [result('oil'), result('pressure', { value: 149.9, note: '떨림' })] }),
    });
    assert.equal(done.failed, 1);
    const [order] = await call('maintenanceOrders', { query: { limit: 10 } });
    assert.deepEqual(done.orders, [order!.number]);
    assert.equal(order!.text, '프레스 일상점검: 유압 149.9 bar – 떨림');
    assert.deepEqual([order!.kind, order!.status, order!.subject.id], ['corrective', 'requested', press]);
  });

  test('sent twice from a tablet that lost the network it is one check and one request', async () => {
    const { call } = b;
    const body = check({
      entryId: '0197-check-1',
      results: [result('oil', { ok: false }), result('pressure', { value: 160 })],
    });
    const [one, two] = await Promise.all([call('doCheck', { body }), call('doCheck', { body })]);
    assert.equal(one.id, two.id);
    const orders = await call('maintenanceOrders', { query: { limit: 50 } });
    assert.equal(orders.filter((order) => order.text.includes('유압유 높이')).length, 1);
    assert.equal((await call('checksDone', { query: { limit: 50 } })).filter((c) => c.id === one.id).length, 1);
  });

  test('a changed sheet is a new version; checks keep the version they were done with', async () => {
    const { call } = b;
    const items = [...sheet().items, { id: 'belt', text: '벨트 장력', kind: 'ok', picture: true }];
    const next = await call('putCheckSheet', { params: { code: 'DAILY' }, body: sheet({ items }) });
    assert.equal(next.version, 2);
    assert.equal((await call('checkSheets')).filter((s) => s.code === 'DAILY').length, 1);
    await assert.rejects(call('doCheck', { body: check() }), code('maintenance.itemMissing'));
    const results = [...check().results, result('belt')];
    await assert.rejects(call('doCheck', { body: check({ results }) }), code('maintenance.pictureMissing'));
    await assert.rejects(
      call('doCheck', { body: check({ results: [...results, result('gone')] }) }),
      code('maintenance.itemUnknown'),
    );
    results[2] = result('belt', { document: 'doc-1' });
    const done = await call('doCheck', { body: check({ results }) });
    const versions = (await call('checksDone', { query: { limit: 50 } })).map((c) => c.sheetVersion);
    assert.equal(done.sheetVersion, 2);
    assert.ok(versions.includes(1) && versions.includes(2));
  });

  test('is due once a day, and overdue when a whole day was missed', async () => {
    const { call, clock } = b;
    const due = async () =>
      (await call('checksDue', { query: { subject: press } })).map((d) => [d.sheet.code, d.overdue]);
    assert.deepEqual(await due(), [], 'done today');
    clock.jump(dayUs / 1000);
    assert.deepEqual(await due(), [['DAILY', false]]);
    clock.jump(dayUs / 1000);
    assert.deepEqual(await due(), [['DAILY', true]]);
    const today = await call('maintenanceToday');
    assert.deepEqual(
      today.checks.map((c) => c.subject.id),
      [press],
    );
    const found = await call('maintenanceSubject', { query: { code: `DD1:hanbit/gimcheon:${press}` } });
    assert.deepEqual([found.name, found.due.length, found.sheets.length], ['프레스 1호기', 1, 0]);
    assert.ok(found.orders.length > 0);
    assert.equal((await call('maintenanceSubject', { query: { code: 'PR-01' } })).subject.id, press);
    const link = `https://mes.example/maintenance/scan?code=${encodeURIComponent('M-101')}`;
    assert.equal((await call('maintenanceSubject', { query: { code: link } })).tool?.tool, 'M-101');
    await assert.rejects(call('maintenanceSubject', { query: { code: 'nobody' } }), code('maintenance.subjectUnknown'));
  });

  test('a request says the unit as people write it', async () => {
    const { call } = b;
    const items = [{ id: 'oil', text: '작동유 온도', kind: 'value', unit: 'Cel', upper: 55, picture: false }];
    await call('putCheckSheet', { params: { code: 'HEAT' }, body: sheet({ name: '온도', items }) });
    const done = await call('doCheck', { body: check({ sheet: 'HEAT', results: [result('oil', { value: 58 })] }) });
    const { order } = await call('maintenanceOrder', { params: { id: done.orders[0]! } });
    assert.equal(order.text, '온도: 작동유 온도 58 °C');
  });

  test('who checked is the badge, not the tablet', async () => {
    const { call } = b;
    const person = await call('createPerson', {
      body: { badge: 'E-010', name: '이영희', language: 'ko', team: null, userId: null },
    });
    const results = [...check().results, result('belt', { document: 'doc-1' })];
    const done = await call('doCheck', { body: check({ results, badge: 'E-010' }) });
    assert.equal(done.person, person.id);
    await assert.rejects(
      call('doCheck', { body: check({ results, badge: 'E-999' }) }),
      code('maintenance.badgeUnknown'),
    );
    assert.equal((await b.ledger.verify()).ok, true);
  });
});
