import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '@deungdae/contracts/plant.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { capOrder, hour, imm1, minute, openFloor, smallPlant } from './fixtures.ts';

/** A shop that works by day only. */
const calendar = Calendar.parse({
  id: 'one',
  shifts: [{ id: 'day', name: { ko: '주간', en: 'Day' }, start: '08:00', end: '17:00' }],
});
const plant: PlantModel = {
  ...smallPlant,
  equipment: new Map([...smallPlant.equipment].map(([path, m]) => [path, { ...m, calendar }])),
};
const monday = { machine: imm1, day: '2026-11-23', shift: 'day' };

test('what is made and told after the end of a shift stands in its report, not in none', async (t) => {
  const floor = await openFloor({ plant });
  t.after(floor.end);
  const { api, clock, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 30 });
  // 17:20: the last box of the day is told when the machine stands already.
  await clock.advance((8 * hour + 20 * minute) / 1000);
  await kiosk(imm1, 'confirm', { good: 10, defects: [{ reason: 'burr', quantity: 1 }] });
  await kiosk(imm1, 'finish');
  // Overtime on an order of its own, half past six to eight.
  await clock.advance((70 * minute) / 1000);
  const evening = await capOrder(floor, 10);
  await kiosk(imm1, 'start', { order: evening.number, tool: 'M-1' });
  await clock.advance((90 * minute) / 1000);
  await kiosk(imm1, 'confirm', { good: 10 });
  await kiosk(imm1, 'finish');
  const report = await api.dailyReport({ query: monday });
  assert.deepEqual([report.good, report.scrap, report.lines.length], [50, 1, 2]);
  // Nine to twenty past five, and the hour and a half of the evening.
  assert.equal(report.directHours.toFixed(2), (8 + 1 / 3 + 1.5).toFixed(2));
  await api.signDailyReport({ body: { ...monday, step: 'written' } });
  await api.signDailyReport({ body: { ...monday, step: 'reviewed' } });
  const closed = await api.signDailyReport({ body: { ...monday, step: 'approved' } });
  assert.deepEqual([closed.good, closed.scrap, closed.status], [50, 1, 'closed']);

  // The next morning is the next report's.
  await clock.advance((13 * hour) / 1000);
  const next = await capOrder(floor, 10);
  await kiosk(imm1, 'start', { order: next.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 7 });
  const tuesday = await api.dailyReport({ query: { ...monday, day: '2026-11-24' } });
  assert.deepEqual([tuesday.good, tuesday.lines.map((l) => l.workOrderNumber)], [7, [next.number]]);
  // Who forgot to leave is counted to the end of the shift, not through the night.
  await clock.advance((23 * hour) / 1000);
  await kiosk(imm1, 'finish');
  const late = await api.dailyReport({ query: { ...monday, day: '2026-11-24' } });
  assert.equal(late.directHours.toFixed(2), '8.00');
});

test('a machine on which work was only done after the shift is on the list of the day', async (t) => {
  const floor = await openFloor({ plant });
  t.after(floor.end);
  const { api, clock, kiosk } = floor;
  await floor.receive('RESIN', 50);
  const order = await capOrder(floor, 10);
  await clock.advance((9 * hour) / 1000);
  await kiosk(imm1, 'start', { order: order.number, tool: 'M-1' });
  await kiosk(imm1, 'confirm', { good: 10 });
  await kiosk(imm1, 'finish');
  const reports = await api.dailyReports({ query: { day: monday.day } });
  assert.deepEqual(
    reports.map((r) => [r.machine, r.good]),
    [[imm1, 10]],
  );
  assert.deepEqual(await api.dailyReports({ query: { day: '2026-11-24' } }), []);
});

test('planned hours of a summary are those of its days, however long ago the run began', async (t) => {
  const routing = {
    ...{ kind: 'routing', code: 'COVER' },
    data: { item: 'COVER', operations: [{ number: 10, name: '사출', workCentre: 'MOLD', cycleSeconds: 36 }] },
  };
  const floor = await openFloor({ plant, plans: [routing] });
  t.after(floor.end);
  const { api, clock, kiosk, operations } = floor;
  const order = await api.createWorkOrder({ body: { item: 'COVER', quantity: 1000, release: true } });
  await kiosk(imm1, 'start', { order: order.number });
  await clock.advance((48 * hour) / 1000);
  await kiosk(imm1, 'confirm', { good: 450 });
  const midnight = Date.UTC(2026, 10, 24, 15, 0) * 1000;
  const wednesday = async () => (await operations.summary(midnight, midnight + 24 * hour)).machines[0]!;
  const soFar = await wednesday();
  assert.ok(soFar.plannedHours < 9, `of a day that is not over, what is over: ${soFar.plannedHours}`);
  await clock.advance((16 * hour) / 1000);
  const machine = await wednesday();
  // 450 pieces of 36 s are 4.5 of the nine hours of one shift.
  assert.deepEqual([machine.plannedHours, machine.goodHours, machine.oee], [9, 4.5, 0.5]);
});
