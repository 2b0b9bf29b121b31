import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller, RouteOutput } from '@deungdae/contracts/api.ts';
import { Calendar } from '@deungdae/contracts/plant.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { type OwnerDeps, openOwner } from '../src/module.ts';

const hour = 3_600_000_000;
/** Tuesday 2026-11-24, 09:00 in Seoul. */
const now = Date.UTC(2026, 10, 24, 0, 0) * 1000;
const monday = Date.UTC(2026, 10, 22, 23, 0) * 1000;
const machine = 'han/gim/imm-01';
const calendar = Calendar.parse({
  id: 'two',
  shifts: [
    { id: 'day', name: '주간', start: '08:00', end: '20:00' },
    { id: 'night', name: '야간', start: '20:00', end: '08:00' },
  ],
});
const plant = {
  plant: { sites: [{ timeZone: 'Asia/Seoul' }], downtimeReasons: [] },
  equipment: new Map([
    [machine, { path: machine, name: { ko: '사출 1', en: 'Moulding 1' }, timeZone: 'Asia/Seoul', calendar }],
  ]),
};
const output = (good: number, scrap: number, time: number) => ({
  ...{
    order: 'o1',
    orderNumber: 'WO-1',
    item: 'CAP',
    itemName: '캡',
    machine,
    operation: 10,
    last: true,
    good,
    scrap,
    time,
  },
});

/** Results and stops at moments, answered by window as the doors do. */
function fakes(rows: ReturnType<typeof output>[], stops: { from: number; to: number | null; loss: string | null }[]) {
  const inside = <T extends { time: number }>(all: T[], from: number, to: number) =>
    all.filter((r) => r.time >= from && r.time < to);
  const master = {
    item: [{ code: 'CAP', data: { name: '캡', standardCost: 1000 } }],
    workCentre: [{ code: 'MOLD', data: { machines: [machine], hourlyCost: 30_000 } }],
    reason: [{ code: 'burr', data: { name: '버' } }],
  } as Record<string, unknown[]>;
  return {
    clock: new FakeClock(now),
    plant: () => plant,
    masterdata: { list: async (kind: string) => master[kind] },
    operations: {
      output: async (from: number, to: number) => inside(rows, from, to),
      defects: async (from: number, to: number) =>
        inside(rows, from, to).map((r) => ({ item: r.item, machine: r.machine, reason: 'burr', quantity: r.scrap })),
      salesDue: async (from: number, to: number) =>
        inside(
          [{ id: 's1', time: monday + 9 * hour, due: monday + 9 * hour, finishedAt: monday + 8 * hour }],
          from,
          to,
        ).map((s) => ({
          ...s,
          item: 'CAP',
          itemName: '캡',
          number: 'SO-1',
          line: 1,
          customer: 'HMC',
          good: 50,
          quantity: 50,
        })),
      orders: async ({ from, to }: { from: number; to: number }) =>
        inside([{ time: monday + 5 * hour, due: monday + 5 * hour }], from, to).map((o) => ({
          ...{ ...o, item: 'CAP', quantity: 60, status: 'finished', origin: 'plan' },
        })),
      summary: async () => ({ oee: null }),
    },
    inventory: {
      balances: async () => [{ item: 'CAP', opening: 100, closing: 300 }],
      shipped: async () => [{ item: 'CAP', quantity: 140 }],
    },
    equipment: {
      card: () => ({ hasState: true }),
      stops: async (equipment: string, from: number, to: number) =>
        stops
          .filter((s) => s.from < to && (s.to ?? to) > from)
          .map((s) => ({ ...s, id: String(s.from), equipment, reason: null, state: 'unplannedStop' })),
    },
  } as unknown as OwnerDeps;
}

const caller = {} as Caller;
type Rows = RouteOutput<'ownerRows'>;

describe('the owner’s day', () => {
  const rows = [
    output(50, 2, monday + 2 * hour),
    // The night shift's small hours belong to Monday.
    output(10, 1, monday + 23 * hour),
    output(30, 0, monday - 7 * 24 * hour + 2 * hour),
    output(999, 0, now),
  ];
  const stops = [{ from: monday + 3 * hour, to: monday + 4 * hour, loss: 'breakdown' }];

  it('is yesterday by the plant’s days, with plan, the weekday before and the mean', async () => {
    const day = await openOwner(fakes(rows, stops)).day();
    assert.deepEqual([day.day, day.from, day.to - day.from, day.over], ['2026-11-23', monday, 24 * hour, true]);
    const of = (id: string) => day.figures.find((f) => f.id === id)!;
    const value = of('outputValue');
    assert.deepEqual(
      [value.value, value.plan, value.weekBefore, value.mean, value.meanDays],
      [60_000, 60_000, 30_000, 30_000, 1],
    );
    assert.equal(of('defectCost').value, 3000);
    assert.equal(of('downtimeCost').value, 30_000);
    assert.equal(of('downtimeMinutes').value, 60);
    assert.deepEqual([of('onTime').value, of('onTime').denominator], [1, 1]);
    // 140 × 1 000 × 365 ÷ 28 ÷ ((100 000 + 300 000) ÷ 2)
    assert.equal(of('stockTurns').value, 9.125);
    assert.equal(of('oee').value, null);
    assert.deepEqual(
      day.losses.map((l) => [l.kind, l.won, l.daysBefore]),
      [
        ['downtime', 30_000, 0],
        ['defect', 3000, 0],
      ],
    );
    assert.equal(day.lossesWon, 33_000);
  });

  it('a day without anything is not known: null, never 0', async () => {
    const day = await openOwner(fakes([], [])).day('2026-11-20');
    for (const f of day.figures.filter((f) => f.group !== 'C')) assert.equal(f.value, null, f.id);
    assert.equal(day.figures.find((f) => f.id === 'downtimeCost')!.value, null);
    assert.deepEqual(day.losses, []);
  });

  it('rows add up to the figure', async () => {
    const { handlers } = openOwner(fakes(rows, stops));
    const ask = async (figure: string) =>
      (await handlers.ownerRows!(
        { query: { figure, from: '2026-11-23', to: '2026-11-23', limit: 500 } } as never,
        caller,
      )) as Rows;
    const sum = (found: Rows) => found.rows.reduce((s, r) => s + (r.won ?? 0), 0);
    assert.equal(sum(await ask('outputValue')), 60_000);
    assert.equal(sum(await ask('defectCost')), 3000);
    assert.equal(sum(await ask('downtimeCost')), 30_000);
    assert.deepEqual(
      (await ask('onTime')).rows.map((r) => [r.order, r.onTime]),
      [['SO-1-1', true]],
    );
    await assert.rejects(
      async () =>
        handlers.ownerRows!(
          { query: { figure: 'oee', from: '2026-11-24', to: '2026-11-01', limit: 1 } } as never,
          caller,
        ),
      (error: { code?: string }) => error.code === 'owner.badDays',
    );
  });
});
