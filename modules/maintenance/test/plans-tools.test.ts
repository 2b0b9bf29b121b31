import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Run } from '@deungdae/contracts/work-order.ts';
import { type Bench, code, dayUs, hourUs, moulder, openBench, press } from './fixtures.ts';

const machine = { kind: 'machine', id: press };
const mould = { kind: 'tool', id: 'M-101' };
const plan = (subject: object, triggers: object[], change: object = {}) => ({
  ...{ name: '정기 점검', subject, triggers, text: '', parts: [], minutes: 60, warnAt: 0.9, active: true },
  ...change,
});
const report = { cause: '', action: '함', labour: [], parts: [], documents: [] };
const run = (id: string, pieces: number) =>
  ({ id, machine: moulder, tool: 'M-101', counted: { good: pieces, scrap: 0, total: pieces } }) as unknown as Run;

describe('preventive plans', () => {
  let b: Bench;
  before(async () => {
    b = await openBench();
  });
  after(() => b.end());
  const shareOf = async (codeOfPlan: string) =>
    (await b.call('maintenancePlans', { query: {} })).find((p) => p.code === codeOfPlan)?.share;
  /** Numbers of the open orders of a plan. */
  const asked = async (codeOfPlan: string) => {
    await b.maintenance.tick();
    return (await b.call('maintenanceOrders', { query: { open: 'true', limit: 100 } })).filter(
      (o) => o.plan === codeOfPlan && o.status !== 'done',
    );
  };
  const finish = (id: string) => b.call('finishMaintenance', { params: { id }, body: report });

  test('by the calendar: asks once when it is near, and counts anew from the day it was done', async () => {
    const { call, clock } = b;
    await call('putMaintenancePlan', {
      params: { code: 'CAL' },
      body: plan(machine, [{ type: 'calendar', days: 10 }]),
    });
    clock.jump((8 * dayUs) / 1000);
    assert.deepEqual(await asked('CAL'), []);
    clock.jump((1.5 * dayUs) / 1000);
    const [order] = await asked('CAL');
    assert.deepEqual([order?.kind, order?.text], ['preventive', '정기 점검']);
    assert.equal((await asked('CAL')).length, 1, 'one open order at most');
    assert.deepEqual(
      (await call('maintenanceToday')).plans.map((p) => p.code),
      ['CAL'],
    );
    await finish(order!.id);
    assert.equal(await shareOf('CAL'), 0);
    assert.deepEqual(await asked('CAL'), []);
    clock.jump((9.5 * dayUs) / 1000);
    assert.equal((await asked('CAL')).length, 1);
  });

  test('by running hours and by condition; what is not known asks for nothing', async () => {
    const { call, floor } = b;
    await call('putMaintenancePlan', { params: { code: 'HRS' }, body: plan(machine, [{ type: 'hours', hours: 500 }]) });
    const hot = { type: 'condition', signal: `${press}/oil-temp`, above: 60, below: null };
    await call('putMaintenancePlan', { params: { code: 'HOT' }, body: plan(machine, [hot]) });
    floor.runningUs = 400 * hourUs;
    assert.deepEqual([await asked('HRS'), await asked('HOT'), await shareOf('HOT')], [[], [], null]);
    floor.runningUs = 460 * hourUs;
    floor.readings.set(`${press}/oil-temp`, 59.9);
    assert.deepEqual([(await asked('HRS')).length, (await asked('HOT')).length], [1, 0]);
    floor.readings.set(`${press}/oil-temp`, 60.1);
    const [order] = await asked('HOT');
    assert.equal(order?.plan, 'HOT');
    await finish(order!.id);
    floor.readings.set(`${press}/oil-temp`, 45);
    assert.deepEqual(await asked('HOT'), []);
    await call('putMaintenancePlan', {
      params: { code: 'HRS' },
      body: plan(machine, [{ type: 'hours', hours: 500 }], { active: false }),
    });
  });

  test('by shots of the mould: pieces become shots by the open cavities and are counted once', async () => {
    const { call, floor, maintenance } = b;
    await call('putMaintenancePlan', { params: { code: 'SHOT' }, body: plan(mould, [{ type: 'shots', shots: 1000 }]) });
    const shots = async () => (await call('toolHistory', { params: { code: 'M-101' } })).card.shots;
    floor.runs.push(run('r1', 3200));
    floor.tell(moulder);
    await maintenance.tick();
    assert.equal(await shots(), 800, '4 cavities');
    floor.tell(moulder);
    await maintenance.tick();
    assert.equal(await shots(), 800, 'the same run again adds nothing');
    floor.runs.splice(0, 1, run('r1', 3600));
    floor.tell(moulder);
    const [order] = await asked('SHOT');
    assert.ok(order, '900 of 1000');
    await finish(order!.id);
    assert.equal(await shareOf('SHOT'), 0);
    floor.runs.push(run('r2', 400));
    floor.tell(moulder);
    assert.deepEqual(await asked('SHOT'), []);
    assert.equal(await shareOf('SHOT'), 0.1);
  });
});

describe('tool cards', () => {
  let b: Bench;
  before(async () => {
    b = await openBench();
  });
  after(() => b.end());
  const event = (tool: string, change: object) =>
    b.call('recordToolEvent', {
      params: { code: tool },
      body: { ...{ machine: null, cavity: null, text: '', passed: null, document: null }, ...change },
    });

  test('a blocked cavity goes into the master data, is counted with, and opens again', async () => {
    const { masterdata, clock, floor, maintenance } = b;
    await assert.rejects(event('M-101', { kind: 'cavityBlocked', cavity: 5 }), code('maintenance.noCavity'));
    const body = { kind: 'cavityBlocked', cavity: 2, text: '게이트 파손', entryId: 'cav-1' };
    await event('M-101', body);
    const card = await event('M-101', body);
    assert.deepEqual(card.blockedCavities, [2]);
    assert.deepEqual((await masterdata.need('tool', 'M-101', clock.nowUs())).data.blockedCavities, [2]);
    const { events } = await b.call('toolHistory', { params: { code: 'M-101' } });
    assert.equal(events.length, 1, 'scanned twice, kept once');
    floor.runs.push(run('r9', 300));
    floor.tell(moulder);
    await maintenance.tick();
    assert.equal((await b.call('toolCards', { query: {} })).find((c) => c.tool === 'M-101')?.shots, 100, '3 cavities');
    await event('M-101', { kind: 'cavityOpened', cavity: 2 });
    assert.deepEqual((await masterdata.need('tool', 'M-101', clock.nowUs())).data.blockedCavities, []);
  });

  test('hangs on one machine at a time, and service starts its count anew', async () => {
    await event('M-101', { kind: 'mounted', machine: moulder });
    await assert.rejects(event('M-101', { kind: 'mounted', machine: press }), code('maintenance.mountedElsewhere'));
    assert.equal((await event('M-101', { kind: 'dismounted' })).machine, null);
    const served = await event('M-101', { kind: 'serviced', text: '분해 세척' });
    assert.deepEqual([served.shots, served.shotsSinceService, served.share], [100, 0, 0]);
    await assert.rejects(event('M-999', { kind: 'cleaned' }), code('maintenance.subjectUnknown'));
  });

  test('a gauge is due when it was never calibrated, near its day, or when it failed', async () => {
    const { call, clock } = b;
    const due = async () => (await call('maintenanceToday')).calibrations.map((c) => c.tool);
    assert.deepEqual(await due(), ['VC-07']);
    await assert.rejects(event('M-101', { kind: 'calibrated', passed: true }), code('maintenance.notAGauge'));
    await assert.rejects(event('VC-07', { kind: 'calibrated' }), code('maintenance.calibrationResult'));
    const card = await event('VC-07', { kind: 'calibrated', passed: true, document: 'cert-1' });
    assert.ok(card.calibrationDue! > clock.nowUs() + 364 * dayUs);
    assert.deepEqual(await due(), []);
    clock.jump((340 * dayUs) / 1000);
    assert.deepEqual(await due(), ['VC-07']);
    const failed = await event('VC-07', { kind: 'calibrated', passed: false });
    assert.equal(failed.calibrationPassed, false);
    assert.deepEqual(await due(), ['VC-07'], 'a failed gauge stays on the list');
    assert.equal((await b.ledger.verify()).ok, true);
  });

  test('what a failed gauge measured since it last passed is in doubt: those lots are held', async () => {
    const { clock, quality, ledger, inventory, receive } = b;
    const actor = { kind: 'person', id: 'kim' } as const;
    /** A lot is received and measured with the gauge. */
    const measured = async () => {
      const lot = await receive('CAP', 100);
      await ledger.transaction<never, void>(async (db, emit) => {
        const tx = { db, emit };
        const time = clock.nowUs();
        const [inspection] = await quality.ask(tx, { stage: 'incoming', item: 'CAP', lot: lot.id, time, actor });
        const results = [{ characteristic: 'd', sample: 1, value: 10 }];
        await quality.record(tx, { inspection: inspection!.id, results, finish: true, time, actor });
      });
      clock.jump(60_000);
      return lot.id;
    };
    const statuses = (lots: readonly string[]) =>
      Promise.all(lots.map(async (lot) => (await inventory.lot(lot))?.status));
    const early = await measured();
    await event('VC-07', { kind: 'calibrated', passed: true });
    clock.jump(60_000);
    const late = [await measured(), await measured()];
    assert.deepEqual(await statuses([early, ...late]), ['available', 'available', 'available']);
    await event('VC-07', { kind: 'calibrated', passed: false, text: '0.05 mm 벗어남' });
    assert.deepEqual(await statuses([early, ...late]), ['available', 'hold', 'hold']);
    const [failed] = (await b.call('toolHistory', { params: { code: 'VC-07' } })).events;
    assert.equal(failed!.nonconformities.length, 1, 'one for the item');
    const [nonconformity] = await quality.nonconformities({ limit: 5 });
    assert.equal(nonconformity!.number, failed!.nonconformities[0]);
    assert.match(nonconformity!.text, /VC-07.*0\.05 mm/);
  });
});
