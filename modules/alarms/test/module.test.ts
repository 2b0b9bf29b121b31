import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import type { MachineState } from '@deungdae/contracts/equipment.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { emptyPlace, testEngine } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { alarmMigrations, openAlarms } from '../src/module.ts';
import type { AlarmTables } from '../src/store.ts';
import { MemoryHistory, MemoryStream, minute, plantOf, type SignalInput, second, t0 } from './fixtures.ts';

const opened: Ledger[] = [];
// A failed test leaves its ledger open, whose threads would keep the process alive.
after(async () => {
  await Promise.all(opened.map((ledger) => ledger.close()));
});

const kim: Caller = {
  userId: 'u1',
  name: 'kim',
  displayName: '김반장',
  role: 'supervisor',
  language: 'en',
  via: 'session',
};
const mill = 'works/site/hall/mill';
const signals: SignalInput[] = [
  { id: 1, name: 'temp', rules: [{ id: 'hot', type: 'high', limit: 100, priority: 'high' }] },
  { id: 2, name: 'logic', kind: 'condition', rules: [{ id: 'c', type: 'condition', priority: 'high' }] },
  {
    id: 3,
    name: 'flow',
    rules: [{ id: 'low', type: 'low', limit: 5, suppressedIn: ['off', 'plannedStop'], onDelay: '10s' }],
  },
  { id: 4, name: 'quiet', rules: [] },
];

async function works(given: SignalInput[] = signals) {
  const clock = new FakeClock(t0);
  const history = new MemoryHistory();
  const stream = new MemoryStream(history);
  const place = await emptyPlace(testEngine());
  const open = (ledger: Ledger, plant = plantOf(given), stateOf?: (e: string) => MachineState | undefined) =>
    openAlarms({
      ledger,
      history: history.asHistory(),
      stream: stream.asStream(),
      clock,
      log: silentLogger,
      plant,
      ...(stateOf ? { stateOf } : {}),
    });
  // The ledger's time limits are for real work, which does not follow the clock of the test.
  const openFile = async () => {
    const modules = [{ module: 'alarms', migrations: alarmMigrations }];
    const ledger = await openLedger({ ...place, clock: systemClock, log: silentLogger, modules });
    opened.push(ledger);
    return ledger;
  };
  return { clock, history, stream, open, openFile };
}
type Module = Awaited<ReturnType<typeof openAlarms>>;
const journal = async (alarms: Module, more: object = {}) =>
  await alarms.handlers.alarmJournal!(
    { params: undefined, body: undefined, query: { from: 0, to: 9e15, limit: 1000, ...more } },
    kim,
  );
const lines = async (alarms: Module) =>
  (await journal(alarms)).reverse().map((e) => [e.event, (e.time - t0) / second, e.to]);
const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof CodedError, String(error));
  assert.equal(error.code, expected);
  return true;
};
const acknowledge = (alarms: Module, ids: string[]) =>
  alarms.handlers.acknowledgeAlarms!({ params: undefined, query: undefined, body: { ids, note: 'seen' } }, kim);
const shelve = (alarms: Module, id: string, minutes: number) =>
  alarms.handlers.shelveAlarm!({ params: { id }, query: undefined, body: { minutes, reason: 'sensor works on' } }, kim);

describe('what the process does', () => {
  test('an alarm comes, is told, counted and journaled at the time of its sample', async () => {
    const { stream, open, openFile } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    const told: Alarm[] = [];
    alarms.subscribe((changed) => told.push(...changed));
    stream.give([1, t0, 90], [4, t0, 1], [1, t0 + second, 105.25], [99, t0, 3]);
    assert.equal(told.length, 1);
    assert.equal(told[0]!.state, 'unacknowledged');
    assert.equal(told[0]!.raisedAt, t0 + second);
    assert.equal(told[0]!.rule, `${mill}/temp#hot`);
    assert.equal(told[0]!.message, '105.25 > 100');
    assert.deepEqual(alarms.counts(mill), { critical: 0, high: 1, medium: 0, low: 0, unacknowledged: 1 });
    stream.give([1, t0 + 4 * second, 90]);
    assert.equal(told.at(-1)!.state, 'returnedUnacknowledged');
    await alarms.settled();
    assert.deepEqual(await lines(alarms), [
      ['raised', 1, 'unacknowledged'],
      ['cleared', 4, 'returnedUnacknowledged'],
    ]);
    assert.equal((await ledger.events({ limit: 10 })).length, 0, 'what the process does is no audit event');
    await alarms.close();
    await ledger.close();
  });

  test('WARNING has the next lower priority, and a rise to FAULT is the same alarm', async () => {
    const { stream, open, openFile } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    stream.give([2, t0, 'WARNING|26|||servo lag']);
    assert.equal(alarms.current()[0]!.priority, 'medium');
    stream.give([2, t0 + second, 'FAULT|26|||servo lag']);
    assert.equal(alarms.current().length, 1);
    assert.equal(alarms.current()[0]!.priority, 'high');
    assert.equal(alarms.current()[0]!.message, '26 servo lag');
    await alarms.close();
    await ledger.close();
  });

  test('suppressed by design while the machine is off: journaled, not told as an alarm; back when it runs', async () => {
    const { stream, open, openFile, clock } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    alarms.onMachineState(mill, 'off', t0);
    stream.give([3, t0, 0]);
    await clock.advance(15_000);
    assert.equal(alarms.current()[0]!.state, 'suppressedByDesign');
    assert.equal(alarms.counts(mill).unacknowledged, 0);
    alarms.onMachineState(mill, 'running', t0 + 20 * second);
    assert.equal(alarms.current()[0]!.state, 'unacknowledged');
    assert.equal(alarms.current()[0]!.raisedAt, t0 + 10 * second);
    alarms.onMachineState(mill, 'plannedStop', t0 + 30 * second);
    stream.give([3, t0 + 40 * second, 9]);
    alarms.onMachineState(mill, 'running', t0 + 50 * second);
    assert.deepEqual(alarms.current(), []);
    await alarms.close();
    await ledger.close();
  });

  test('the machine’s own state raises an alarm through its signal `state`', async () => {
    const { open, openFile } = await works([
      {
        id: 1,
        name: 'state',
        kind: 'enum',
        connection: null,
        rules: [{ id: 'stop', type: 'equals', values: ['unplannedStop'], priority: 'critical' }],
      },
    ]);
    const ledger = await openFile();
    const alarms = await open(ledger);
    alarms.onMachineState(mill, 'running', t0);
    alarms.onMachineState(mill, 'unplannedStop', t0 + second);
    assert.equal(alarms.current()[0]!.priority, 'critical');
    alarms.onMachineState(mill, 'noData', t0 + 2 * second);
    assert.equal(alarms.current()[0]!.active, true);
    alarms.onMachineState(mill, 'running', t0 + 3 * second);
    assert.equal(alarms.current()[0]!.clearedAt, t0 + 2 * second, 'ended when nothing more was known');
    await alarms.close();
    await ledger.close();
  });
});

describe('what people do', () => {
  test('acknowledge, twice: once in the journal, in the audit chain and on disk', async () => {
    const { stream, open, openFile } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    stream.give([1, t0, 105]);
    const id = alarms.current()[0]!.id;
    const [done] = await acknowledge(alarms, [id]);
    assert.equal(done!.state, 'acknowledged');
    assert.equal(done!.acknowledgedBy, '김반장');
    await acknowledge(alarms, [id]);
    const events = await ledger.events({ limit: 10 });
    assert.deepEqual(
      events.map((e) => [e.type, e.subject, e.actor.id, e.data.note]),
      [['alarm.acknowledged', `${mill}/temp#hot`, 'u1', 'seen']],
    );
    assert.equal((await journal(alarms)).filter((e) => e.event === 'acknowledged').length, 1);
    await assert.rejects(async () => acknowledge(alarms, ['nope']), code('alarm.unknown'));
    await alarms.close();
    const again = await open(ledger);
    assert.equal(again.current()[0]!.state, 'acknowledged');
    await again.close();
    await ledger.close();
  });

  test('shelving ends by itself at its time, also when the server was away then', async () => {
    for (const away of [false, true]) {
      const { stream, open, openFile, clock } = await works();
      const ledger = await openFile();
      let alarms = await open(ledger);
      stream.give([1, t0, 105]);
      const id = alarms.current()[0]!.id;
      assert.equal((await shelve(alarms, id, 30)).state, 'shelved');
      stream.give([1, t0 + minute, 90], [1, t0 + 2 * minute, 110]);
      assert.equal(alarms.current()[0]!.state, 'shelved', 'watched, not told');
      if (away) await alarms.close();
      await clock.advance(31 * 60_000);
      if (away) alarms = await open(ledger);
      assert.equal(alarms.current()[0]!.state, 'unacknowledged');
      await alarms.settled();
      const unshelved = (await journal(alarms)).filter((e) => e.event === 'unshelved');
      assert.deepEqual(
        unshelved.map((e) => (e.time - t0) / minute),
        [30],
      );
      await alarms.close();
      await ledger.close();
    }
  });

  test('out of service and back, and what is not possible is refused', async () => {
    const { stream, open, openFile } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    stream.give([1, t0, 105]);
    const id = alarms.current()[0]!.id;
    const service = (inService: boolean) =>
      alarms.handlers.outOfService!(
        { params: { id }, query: undefined, body: { inService, reason: 'repair' } },
        kim,
      ) as Promise<Alarm>;
    await assert.rejects(service(true), code('alarm.notPossible'));
    assert.equal((await service(false)).state, 'outOfService');
    assert.equal(alarms.counts(mill).high, 0);
    assert.equal((await service(true)).state, 'unacknowledged');
    assert.deepEqual(
      (await ledger.events({ limit: 5 })).map((e) => e.type),
      ['alarm.returnedToService', 'alarm.removedFromService'],
    );
    await assert.rejects(
      async () => alarms.handlers.unshelveAlarm!({ params: { id }, query: undefined, body: undefined }, kim),
      code('alarm.notPossible'),
    );
    await alarms.close();
    await ledger.close();
  });
});

/** Fails or hangs as told, in front of a real ledger. */
function breakable(ledger: Ledger) {
  const state = { broken: false };
  const transaction: Ledger['transaction'] = (work) =>
    state.broken ? Promise.reject(new Error('no ledger today')) : ledger.transaction(work);
  return { state, ledger: { ...bound(ledger), transaction } as Ledger };
}
const bound = (l: Ledger) => ({
  read: l.read.bind(l),
  events: l.events.bind(l),
  verify: l.verify.bind(l),
  backup: l.backup.bind(l),
  close: l.close.bind(l),
});

describe('crashes and repeats', () => {
  const story = (i: number): [number, number, number | string | null][] => [
    [1, t0 + i * 4 * second, i % 3 === 0 ? 105 : 90],
    [3, t0 + i * 4 * second, i % 7 < 4 ? 0 : 9],
    [2, t0 + i * 4 * second, i % 5 === 0 ? `FAULT|${i % 2}|||x` : i % 5 === 3 ? 'NORMAL||||' : 'NORMAL|1|||'],
  ];

  async function truth(): Promise<unknown[]> {
    const w = await works();
    const ledger = await w.openFile();
    const alarms = await w.open(ledger);
    for (let i = 0; i < 100; i++) {
      w.stream.give(...story(i));
      await w.clock.advance(4000);
    }
    await alarms.settled();
    const all = await lines(alarms);
    await alarms.close();
    await ledger.close();
    return all;
  }

  test('killed at any moment between sample and journal: the same journal, nothing lost, nothing twice', async () => {
    const expected = await truth();
    assert.ok(expected.length > 60, `${expected.length} entries`);
    const w = await works();
    const real = await w.openFile();
    let gate = breakable(real);
    let alarms = await w.open(gate.ledger);
    for (let i = 0; i < 100; i++) {
      if (i % 10 === 6) gate.state.broken = true;
      w.stream.give(...story(i));
      await w.clock.advance(4000);
      if (i % 10 === 9) {
        // The process ends here: what the ledger did not take is gone, and so is all that was in memory.
        const dead = alarms;
        await dead.close().catch(() => undefined);
        gate = breakable(real);
        alarms = await w.open(gate.ledger);
      }
    }
    await alarms.settled();
    assert.deepEqual(await lines(alarms), expected);
    await alarms.close();
    await real.close();
  });

  test('a log replayed twice, and its batches given again after a restart, change nothing', async () => {
    const w = await works();
    const ledger = await w.openFile();
    let alarms = await w.open(ledger);
    const play = () => {
      for (let i = 0; i < 60; i++) w.stream.give(...story(i));
    };
    play();
    await alarms.settled();
    const once = await lines(alarms);
    const now = alarms.current();
    play();
    await alarms.settled();
    assert.deepEqual(await lines(alarms), once);
    assert.deepEqual(alarms.current(), now);
    await alarms.close();
    alarms = await w.open(ledger);
    play();
    await alarms.settled();
    assert.deepEqual(await lines(alarms), once);
    assert.deepEqual(
      alarms.current().map((a) => [a.id, a.state, a.raisedAt]),
      now.map((a) => [a.id, a.state, a.raisedAt]),
    );
    await alarms.close();
    await ledger.close();
  });

  test('samples out of order end in the same journal as in order', async () => {
    const w = await works();
    const ledger = await w.openFile();
    const alarms = await w.open(ledger);
    const order = Array.from({ length: 100 }, (_, i) => i);
    for (let i = 0; i + 7 < 100; i += 9) [order[i], order[i + 7]] = [order[i + 7]!, order[i]!];
    // The last sample comes last, so that both end alike.
    for (const i of order) w.stream.give(...story(i));
    await alarms.settled();
    const simple = (all: unknown[][]) => all.map(([event, time]) => `${time} ${event}`).sort();
    assert.deepEqual(simple(await lines(alarms)), simple((await truth()) as unknown[][]));
    await alarms.close();
    await ledger.close();
  });

  test('what an alarm said when it came is said still after a restart, through a gap and when judged again', async () => {
    const w = await works();
    const ledger = await w.openFile();
    const said = async (alarms: Module) => (await journal(alarms)).map((e) => [e.event, e.message, e.priority]);
    let alarms = await w.open(ledger);
    const at = (s: number) => t0 + s * second;
    w.stream.give([2, at(0), 'WARNING|7|||door open']);
    await alarms.settled();
    await alarms.close();
    alarms = await w.open(ledger);
    w.stream.give([2, at(10), 'UNAVAILABLE||||', 3]);
    assert.match((alarms.current()[0]!.message as string) ?? '', /^7 door open \(/);
    w.stream.give([2, at(20), 'WARNING|7|||door open'], [2, at(30), 'NORMAL||||']);
    await alarms.settled();
    const once = [
      ['cleared', '7 door open', 'medium'],
      ['raised', '7 door open', 'medium'],
    ];
    assert.deepEqual(await said(alarms), once);
    await ledger.transaction<AlarmTables, unknown>((tx) =>
      tx.deleteFrom('alarm_journal').where('event', '=', 'cleared').execute(),
    );
    assert.deepEqual(await alarms.recompute(at(5), at(60), [2]), { added: 1, removed: 0 });
    assert.deepEqual(await said(alarms), once);
    await alarms.close();
    await ledger.close();
  });

  test('a ledger that fails for a while loses no entry', async () => {
    const w = await works();
    const real = await w.openFile();
    const gate = breakable(real);
    const alarms = await w.open(gate.ledger);
    gate.state.broken = true;
    w.stream.give([1, t0, 105], [1, t0 + second, 90]);
    await w.clock.advance(3000);
    await assert.rejects(async () => acknowledge(alarms, [alarms.current()[0]!.id]), /no ledger today/);
    assert.equal(alarms.current()[0]!.state, 'returnedUnacknowledged', 'not acknowledged when not on disk');
    gate.state.broken = false;
    await w.clock.advance(10_000);
    await alarms.settled();
    assert.deepEqual(
      (await lines(alarms)).map((l) => l[0]),
      ['raised', 'cleared'],
    );
    await alarms.close();
    await real.close();
  });
});

describe('another plant file', () => {
  test('unchanged rules keep their alarms, a changed limit is judged at once, a removed rule ends its alarm', async () => {
    const { stream, open, openFile } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    stream.give([1, t0, 95], [2, t0, 'FAULT|26|||x'], [3, t0, 9]);
    const changed = structuredClone(signals);
    changed[0]!.rules[0]!.limit = 90;
    await alarms.replacePlant(plantOf(changed));
    assert.deepEqual(
      alarms
        .current()
        .map((a) => a.name)
        .sort(),
      ['logic', 'temp'],
    );
    stream.give([2, t0 + second, 'NORMAL||||']);
    assert.equal(alarms.current().find((a) => a.name === 'logic')!.state, 'returnedUnacknowledged');
    await alarms.replacePlant(plantOf(changed.slice(1)));
    assert.deepEqual(
      alarms.current().map((a) => a.name),
      ['logic'],
    );
    await alarms.settled();
    assert.equal((await journal(alarms)).filter((e) => e.rule.includes('temp')).length, 2);
    await alarms.close();
    await ledger.close();
  });
});

describe('reports', () => {
  test('the journal in pages, by place', async () => {
    const { stream, open, openFile } = await works([
      ...signals,
      { id: 7, name: 'temp', equipment: 'works/site/hall/mill-2', rules: [{ id: 'hot', type: 'high', limit: 100 }] },
    ]);
    const ledger = await openFile();
    const alarms = await open(ledger);
    for (let i = 0; i < 10; i++)
      stream.give([1, t0 + i * second, i % 2 ? 90 : 105], [7, t0 + i * second, i % 2 ? 90 : 105]);
    await alarms.settled();
    const all = await journal(alarms);
    assert.equal(all.length, 20);
    const pages: unknown[] = [];
    for (let before: string | undefined; ; ) {
      const page = await journal(alarms, { limit: 7, ...(before ? { before } : {}) });
      pages.push(...page);
      if (page.length < 7) break;
      before = page.at(-1)!.id;
    }
    assert.deepEqual(pages, all);
    assert.equal((await journal(alarms, { equipment: mill })).length, 10);
    assert.equal((await journal(alarms, { equipment: 'works/site/hall' })).length, 20);
    await assert.rejects(journal(alarms, { before: 'none' }), code('alarm.cursor'));
    await alarms.close();
    await ledger.close();
  });

  test('AL1 through samples, journal and report', async () => {
    const minutes = [0, 1, 2, 3, 3.5, 4, 5, 6, 7, 8, 9, 9.5, 25, 41, 42, 300];
    const { stream, open, openFile } = await works();
    const ledger = await openFile();
    const alarms = await open(ledger);
    for (const m of minutes) stream.give([1, t0 + m * minute, 105], [1, t0 + m * minute + 6 * second, 90]);
    await alarms.settled();
    const kpis = await alarms.handlers.alarmKpis!(
      { params: undefined, body: undefined, query: { from: t0, to: t0 + 310 * minute } },
      kim,
    );
    assert.equal(kpis.total, 16);
    assert.equal(kpis.perTenMinutes.toFixed(3), '0.516');
    assert.equal(kpis.largestTenMinuteWindow, 12);
    assert.equal(kpis.floods.length, 1);
    assert.deepEqual(
      kpis.bins.map((b) => b.count),
      [12, 1, 2, 1],
    );
    assert.deepEqual(kpis.pareto, [{ rule: `${mill}/temp#hot`, name: 'temp', count: 16, activeMs: 16 * 6000 }]);
    await alarms.close();
    await ledger.close();
  });
});

describe('alarms of other modules', () => {
  test('come, stand through a restart and a new plant file, are journaled once, and go', async () => {
    const w = await works();
    const ledger = await w.openFile();
    const alarms = await w.open(ledger);
    const notice = {
      ...{ key: 'quality/chart/c1', equipment: mill, signal: '', priority: 'medium' as const, value: 10.2 },
      ...{ name: { ko: '외경 관리도', en: 'Chart of the diameter' }, message: 'n1', action: null },
    };
    alarms.raiseNotice(notice, t0 + second);
    alarms.raiseNotice({ ...notice, message: 'n1 n5' }, t0 + 2 * second);
    assert.deepEqual(
      alarms.current().map((a) => [a.rule, a.state, a.message, a.raisedAt, a.occurrences]),
      [['@quality/chart/c1', 'unacknowledged', 'n1 n5', t0 + second, 1]],
    );
    await alarms.settled();
    await alarms.close();
    const again = await w.open(ledger);
    await again.replacePlant(plantOf(signals.slice(0, 1)));
    assert.equal(again.current()[0]?.message, 'n1 n5');
    again.clearNotice(notice.key, t0 + minute);
    again.clearNotice(notice.key, t0 + 2 * minute);
    assert.equal(again.current()[0]?.state, 'returnedUnacknowledged');
    await again.settled();
    assert.deepEqual(
      (await journal(again)).map((e) => e.event),
      ['cleared', 'raised'],
    );
    await again.close();
  });
});
