import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { batchOf, Quality } from '@deungdae/contracts/sample.ts';
import { bench, plantOf, plantText, us } from './bench.ts';

const minUs = 60_000_000;
const machine = 'f/s/a/m1';
const caller: Caller = {
  userId: 'u',
  name: 'kim',
  displayName: '김기사',
  role: 'operator',
  language: 'ko',
  via: 'session',
};

const day = '2026-03-02T';
const at = (clockTime: string) => `${day}${clockTime}+09:00`;
const shown = (list: readonly { from: number; to: number | null; state: string }[]) =>
  list.map((i) => `${new Date(i.from / 1000 + 9 * 3_600_000).toISOString().slice(11, 16)} ${i.state}`);

test('states follow execution and mode; a gap is noData and not downtime; the card says so at once', async (t) => {
  const b = await bench(t);
  const told: string[] = [];
  b.equipment().onState((_path, state) => told.push(state));
  let changed = 0;
  b.equipment().subscribe(() => changed++);
  b.send('exec', at('08:00'), 'ACTIVE');
  b.send('mode', at('08:00'), 'AUTOMATIC');
  b.send('exec', at('08:30'), 'READY');
  b.send('mode', at('08:40'), 'MANUAL');
  b.send('exec', at('08:50'), 'FEED_HOLD');
  b.send('exec', at('09:00'), null, Quality.gap);
  b.send('exec', at('09:10'), 'active');
  const list = await b.equipment().intervals(machine, us(at('00:00')), us(at('23:00')));
  assert.deepEqual(shown(list), [
    '08:00 running',
    '08:30 idle',
    '08:40 setup',
    '08:50 unplannedStop',
    '09:00 noData',
    '09:10 running',
  ]);
  assert.deepEqual(told, ['running', 'idle', 'setup', 'unplannedStop', 'noData', 'running']);
  assert.equal(list[3]!.cause, 'FEED_HOLD');
  assert.ok(changed > 0);
  const card = b.equipment().card(machine)!;
  assert.deepEqual([card.state, card.since, card.cause], ['running', us(at('09:10')), 'ACTIVE']);
  assert.equal(b.equipment().card('f/s/a/m2')!.state, 'noData');
});

test('a counter that stopped: the stop begins when it fell due, however late the timer fires', async (t) => {
  const b = await bench(t);
  const m2 = 'f/s/a/m2';
  b.send('parts', at('08:00'), 1, Quality.good, m2);
  b.send('parts', at('08:03'), 2, Quality.good, m2);
  assert.equal(b.equipment().stateOf(m2), 'running');
  await b.goTo(at('08:20'));
  assert.equal(b.equipment().stateOf(m2), 'unplannedStop');
  b.send('parts', at('08:21'), 3, Quality.good, m2);
  const list = await b.equipment().intervals(m2, us(at('00:00')), us(at('23:00')));
  assert.deepEqual(shown(list), ['08:00 running', '08:08 unplannedStop', '08:21 running']);
  b.send('parts', at('08:07'), 2.5, Quality.good, m2);
  const late = await b.equipment().intervals(m2, us(at('00:00')), us(at('23:00')));
  assert.deepEqual(
    shown(late),
    ['08:00 running', '08:12 unplannedStop', '08:21 running'],
    'a late step moves the stop',
  );
});

test('samples out of order land in place: near ones from memory, old ones from the history; repeated ones change nothing', async (t) => {
  const b = await bench(t);
  b.send('exec', at('08:00'), 'ACTIVE');
  b.send('exec', at('08:30'), 'READY');
  b.send('exec', at('08:10'), 'INTERRUPTED');
  b.send('exec', at('08:20'), 'ACTIVE');
  b.send('exec', at('08:20'), 'ACTIVE');
  const expected = ['08:00 running', '08:10 unplannedStop', '08:20 running', '08:30 idle'];
  const window = [us(at('00:00')), us(at('23:00'))] as const;
  assert.deepEqual(shown(await b.equipment().intervals(machine, ...window)), expected);
  // More state changes than the journal keeps, then one from before them all.
  for (let i = 0; i < 2000; i++) b.send('exec', us(at('09:00')) + i * 1_000_000, i % 2 ? 'READY' : 'ACTIVE');
  b.send('exec', at('08:05'), 'STOPPED');
  await b.goTo(at('10:00'));
  await b.equipment().settled();
  const list = await b.equipment().intervals(machine, ...window);
  assert.deepEqual(shown(list.slice(0, 4)), ['08:00 running', '08:05 unplannedStop', '08:20 running', '08:30 idle']);
  assert.equal(list.length, 4 + 2000);
  const before = JSON.stringify(list);
  b.send('exec', at('08:05'), 'STOPPED');
  await b.goTo(at('10:01'));
  await b.equipment().settled();
  assert.equal(JSON.stringify(await b.equipment().intervals(machine, ...window)), before);
});

test('a dead clock battery: an uncertain sample of 2002 makes no interval of years', async (t) => {
  const b = await bench(t);
  b.send('exec', '2002-01-01T04:11:02Z', 'FEED_HOLD', Quality.uncertain);
  b.send('exec', at('08:00'), 'ACTIVE');
  b.send('exec', '2002-01-01T04:11:02Z', 'FEED_HOLD', Quality.uncertain);
  b.send('exec', at('08:30'), 'READY');
  b.send('exec', '2080-01-01T00:00:00Z', 'STOPPED');
  await b.equipment().settled();
  const expected = ['08:00 running', '08:30 idle'];
  assert.deepEqual(shown(await b.equipment().intervals(machine, 0, us('2100-01-01T00:00Z'))), expected);
  await b.crash();
  assert.deepEqual(shown(await b.equipment().intervals(machine, 0, us('2100-01-01T00:00Z'))), expected);
});

test('after a crash the states go on from the ledger and the history, the same as without it', async (t) => {
  const b = await bench(t);
  const values = ['ACTIVE', 'READY', 'INTERRUPTED', 'ACTIVE', 'STOPPED'];
  for (let i = 0; i < 30; i++) {
    b.send('exec', us(at('08:00')) + i * minUs, values[(i * 3) % 5]!);
    await b.goTo(new Date((us(at('08:00')) + i * minUs) / 1000).toISOString());
    if (i % 7 === 6) {
      // Arrives durable, but the module never sees it before the crash.
      b.history.append(
        batchOf([{ signal: b.id('exec'), time: us(at('08:00')) + i * minUs + 1_000_000, value: 'READY', quality: 0 }]),
      );
      await b.crash();
    }
  }
  const window = [us(at('00:00')), us(at('23:00'))] as const;
  const crashed = await b.equipment().intervals(machine, ...window);
  const fresh = await bench(t);
  for (const sample of b.history.bySignal.get(b.id('exec'))!) fresh.send('exec', sample.time, sample.value);
  const expected = await fresh.equipment().intervals(machine, ...window);
  assert.deepEqual(crashed, expected);
  await b.equipment().settled();
  await b.crash();
  assert.deepEqual(await b.equipment().intervals(machine, ...window), expected);
});

/** A shift with known figures: 8 h, 30 min break, runs of 300 min, a stop of 60, idle 90 with the break in it, set-up 30. */
async function workedShift(t: TestContext) {
  const b = await bench(t);
  b.send('mode', at('08:00'), 'AUTOMATIC');
  b.send('product', at('08:00'), 'slow');
  b.send('parts', at('08:00'), 1000);
  b.send('bad', at('08:00'), 5);
  b.send('exec', at('08:00'), 'ACTIVE');
  b.send('parts', at('09:59'), 1100);
  b.send('exec', at('10:00'), 'STOPPED');
  b.send('exec', at('11:00'), 'ACTIVE');
  b.send('product', at('11:00'), 'quick');
  b.send('parts', at('11:59'), 1200);
  b.send('bad', at('11:59'), 15);
  b.send('exec', at('12:00'), 'READY');
  b.send('mode', at('13:30'), 'MANUAL');
  b.send('mode', at('14:00'), 'AUTOMATIC');
  b.send('exec', at('14:00'), 'ACTIVE');
  b.send('parts', at('15:59'), 1300);
  b.send('exec', at('16:00'), 'READY');
  b.send('parts', at('16:30'), 1301);
  await b.goTo(at('17:00'));
  return b;
}

test('OEE of a shift from states, counters and products; parts add up to the total', async (t) => {
  const b = await workedShift(t);
  const [from, to] = [us(at('00:00')), us('2026-03-03T00:00+09:00')];
  const { total, parts, target } = await b.equipment().oee('f/s', from, to, 'shift');
  const time = total.time;
  const minutes = [
    time.potMs,
    time.plannedDownMs,
    time.pbtMs,
    time.aptMs,
    time.adetMs,
    time.asutMs,
    time.adotMs,
    time.noDataMs,
  ].map((x) => x / 60_000);
  assert.deepEqual(minutes, [480, 30, 450, 300, 60, 30, 60, 0]);
  assert.deepEqual(
    total.counts,
    { produced: 300, good: 290, scrap: 10, rework: null },
    'the piece after the shift is not in it',
  );
  assert.equal(total.plannedRunMs, (100 * 60 + 200 * 30) * 1000);
  assert.equal(total.oee.numerator, (100 * 60 + 190 * 30) * 1000);
  assert.equal(total.oee.denominator, 450 * 60_000);
  assert.equal(target, 0.8);
  assert.equal(parts.length, 1);
  assert.deepEqual([parts[0]!.shift, parts[0]!.oee.value], ['day', total.oee.value]);
  const byProduct = (await b.equipment().oee(machine, from, to, 'product')).parts;
  const ofProduct = Object.fromEntries(byProduct.map((p) => [p.product, [p.counts.produced, p.time.aptMs / 60_000]]));
  assert.deepEqual(ofProduct, { slow: [100, 120], quick: [200, 180], '*': [0, 0] });
  const byDay = (await b.equipment().oee(machine, from, to, 'day')).parts;
  assert.deepEqual(
    byDay.map((p) => p.oee.value),
    [total.oee.value],
  );
});

test('stops: a reason is given and corrected, split, added by hand; what was said before stays', async (t) => {
  const b = await workedShift(t);
  const h = b.equipment().handlers;
  const query = { path: 'f', from: us(at('08:00')), to: us(at('16:00')) };
  const list = async () => await h.downtimes!({ params: undefined, query, body: undefined }, caller);
  const pareto = async () => await h.downtimePareto!({ params: undefined, query, body: undefined }, caller);
  const stops = await list();
  assert.deepEqual(
    stops.map((s) => [s.state, s.reason]),
    [
      ['setup', null],
      ['idle', null],
      ['unplannedStop', null],
    ],
  );
  const stop = stops[2]!;
  const set = (id: string, reason: string, who = caller) =>
    h.setDowntimeReason!({ params: { id }, query: undefined, body: { reason, note: '' } }, who);
  await assert.rejects(async () => set(stop.id, 'machine/moter'), { code: 'equipment.unknownReason' });
  await assert.rejects(async () => set('0123456789ab-zz', 'material'), { code: 'equipment.unknownDowntime' });
  await b.equipment().closePeriods();
  const atAnother = b.equipment().giveReason(stop.id, 'material', '', caller, 'f/another');
  await assert.rejects(atAnother, { code: 'equipment.unknownDowntime' });
  await set(stop.id, 'material');
  const corrected = await set(stop.id, 'machine/motor', { ...caller, name: 'lee', displayName: '' });
  assert.deepEqual([corrected.reason, corrected.loss, corrected.by], ['machine/motor', 'breakdown', 'lee']);
  assert.deepEqual(
    corrected.history.map((x) => [x.by, x.reason]),
    [['김기사', 'material']],
  );
  const [first, second] = await h.splitDowntime!(
    { params: { id: stop.id }, query: undefined, body: { at: us(at('10:20')) } },
    caller,
  );
  assert.deepEqual([first!.reason, second!.reason], ['machine/motor', 'machine/motor']);
  await set(second!.id, 'machine/clean');
  const after = await list();
  assert.deepEqual(
    after.slice(2).map((s) => [shown([s])[0], s.reason, s.loss]),
    [
      ['10:20 unplannedStop', 'machine/clean', 'planned'],
      ['10:00 unplannedStop', 'machine/motor', 'breakdown'],
    ],
  );
  assert.ok(after[2]!.history.length >= 1);
  const rows = await pareto();
  assert.equal(rows.reduce((sum, r) => sum + r.ms, 0) / 60_000, 150, 'lost time without the break');
  assert.equal(rows.find((r) => r.reason === 'machine/clean')!.ms / 60_000, 40);
  const { total } = await b.equipment().oee(machine, query.from, query.to, 'total');
  assert.deepEqual([total.time.plannedDownMs / 60_000, total.time.adetMs / 60_000], [70, 20]);

  await h.addDowntime!(
    {
      params: undefined,
      query: undefined,
      body: {
        equipment: machine,
        from: us(at('14:00')),
        to: us(at('14:30')),
        state: 'setup',
        reason: null,
        note: 'tool',
      },
    },
    caller,
  );
  const added = await b.equipment().oee(machine, query.from, query.to, 'total');
  assert.deepEqual([added.total.time.asutMs / 60_000, added.total.time.aptMs / 60_000], [60, 270]);
  assert.equal(
    (await b.equipment().intervals(machine, us(at('14:00')), us(at('15:00'))))[0]!.state,
    'running',
    'the original is kept',
  );
  await b.equipment().settled();
  const versions = await b.equipment().kpiVersions(machine, query.from, query.to);
  assert.deepEqual(
    versions.map((v) => v.why),
    ['closed', 'reason corrected', 'reason corrected', 'reason corrected', 'stop added'],
  );
  assert.ok(added.total.flags.includes('recomputed'));
  const events = await b.ledger().events({ limit: 50, subject: machine });
  for (const type of [
    'downtime.reasonGiven',
    'downtime.reasonCorrected',
    'downtime.split',
    'downtime.added',
    'kpi.recomputed',
  ])
    assert.ok(
      events.some((e) => e.type === type),
      type,
    );
  await b.crash();
  // The time alone, read without the counters, is the same time.
  const alone = await b.equipment().times(machine, query.from, query.to);
  for (const key of ['calendarMs', 'plannedDownMs', 'adotMs', 'adetMs', 'asutMs', 'aptMs', 'noDataMs'] as const)
    assert.equal(alone[key], added.total.time[key], key);
  assert.ok(alone.aptMs > 0 && alone.adetMs > 0);
  assert.deepEqual((await b.equipment().oee(machine, query.from, query.to, 'total')).total.time, added.total.time);
});

test('late data changes a closed shift: the former figures stay, with the reason', async (t) => {
  const b = await workedShift(t);
  await b.equipment().closePeriods();
  await b.equipment().closePeriods();
  const window = [us(at('08:00')), us(at('16:00'))] as const;
  assert.equal((await b.equipment().kpiVersions(machine, ...window)).length, 1, 'closed once');
  b.send('bad', at('15:00'), 45);
  await b.equipment().settled();
  const versions = await b.equipment().kpiVersions(machine, ...window);
  assert.deepEqual(
    versions.map((v) => [v.version, v.why, v.figures.scrap]),
    [
      [1, 'closed', 10],
      [2, 'late data', 40],
    ],
  );
});

test('the card of the running shift counts live, in memory, and agrees with the report', async (t) => {
  const b = await bench(t);
  b.send('exec', at('08:00'), 'ACTIVE');
  b.send('product', at('08:00'), 'quick');
  b.send('parts', at('07:50'), 100);
  await b.equipment().recompute(machine, us(at('07:00')), us(at('08:00')));
  b.send('parts', at('08:10'), 110);
  b.send('bad', at('08:10'), 0);
  b.send('bad', at('08:20'), 2);
  b.send('parts', at('08:30'), 130);
  await b.goTo(at('08:40'));
  b.send('parts', at('08:25'), 120);
  await b.goTo(at('08:45'));
  const card = b.equipment().card(machine)!;
  const { total } = await b.equipment().oee(machine, us(at('08:00')), b.clock.nowUs(), 'total');
  assert.deepEqual([card.produced, card.scrap, card.good, card.product], [30, 2, 28, 'quick']);
  assert.deepEqual([total.counts.produced, total.counts.scrap], [30, 2]);
  assert.equal(card.oee, total.oee.value);
  assert.equal(card.target, 90);
  assert.equal(card.shift!.id, 'day');
  assert.equal(b.equipment().cards().length, 2);
  await b.goTo(at('18:00'));
  assert.deepEqual([b.equipment().card(machine)!.shift, b.equipment().card(machine)!.produced], [null, null]);
});

test('a new plant: equal machines go on, changed rules hold from now on, gone ones are gone', async (t) => {
  const b = await bench(t);
  b.send('exec', at('08:00'), 'READY');
  await b.goTo(at('09:00'));
  const rules = `{ rules: [{ when: [{ signal: exec, is: [READY] }], state: plannedStop }], otherwise: running }`;
  const text = plantText.replace('{ preset: mtconnect, execution: exec, mode: mode }', rules);
  await b.equipment().replacePlant(await plantOf(text));
  const list = await b.equipment().intervals(machine, 0, us(at('20:00')));
  assert.deepEqual(shown(list), ['08:00 idle', '09:00 plannedStop']);
  b.send('exec', at('09:10'), 'ACTIVE');
  assert.equal(b.equipment().stateOf(machine), 'running');
});

test('a product named before the shift began is the one it begins with, although it comes late', async (t) => {
  const b = await bench(t);
  b.send('exec', at('08:00'), 'ACTIVE');
  b.send('parts', at('08:00'), 10);
  await b.goTo(at('09:00'));
  assert.equal(b.equipment().card(machine)!.product, null);
  b.send('product', '2026-03-01T15:00:00+09:00', 'quick');
  await b.goTo(at('09:05'));
  await b.equipment().settled();
  assert.equal(b.equipment().card(machine)!.product, 'quick');
});

test('counts of the shift stay right while the past comes in, however it is cut', async (t) => {
  const b = await bench(t);
  await b.goTo(at('12:00'));
  b.send('exec', '2026-03-01T20:00:00+09:00', 'ACTIVE');
  b.send('parts', '2026-03-01T20:00:00+09:00', 1000);
  await b.goTo(at('12:01'));
  b.send('parts', '2026-03-01T23:00:00+09:00', 1400);
  b.send('parts', at('07:59'), 1500);
  b.send('parts', at('08:01'), 1501);
  b.send('parts', at('11:00'), 1600);
  await b.goTo(at('12:02'));
  await b.equipment().settled();
  assert.equal(b.equipment().card(machine)!.produced, 100);
});

test('an idle machine in its break is in a planned stop, and owes no reason for it', async (t) => {
  const b = await bench(t);
  b.send('exec', at('11:00'), 'ACTIVE');
  b.send('exec', at('11:59'), 'READY');
  await b.goTo(at('12:10'));
  const card = b.equipment().card(machine)!;
  assert.deepEqual([card.state, card.cause], ['plannedStop', 'break']);
  b.send('exec', at('12:30:30'), 'ACTIVE');
  b.send('exec', at('13:00'), 'READY');
  await b.goTo(at('14:00'));
  assert.equal(b.equipment().card(machine)!.state, 'idle');
  await b.equipment().settled();
  const input = {
    params: undefined,
    query: { path: machine, from: us(at('08:00')), to: us(at('14:00')) },
    body: undefined,
  };
  const stops = await b.equipment().handlers.downtimes!(input, {} as Caller);
  assert.deepEqual(
    stops.map((s) => s.from),
    [us(at('13:00'))],
  );
});
