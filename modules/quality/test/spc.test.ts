import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { AlarmNotice } from '@deungdae/alarms/module.ts';
import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import { ChartSettings } from '@deungdae/contracts/quality.ts';
import { batchOf, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { kim, minute, t0, works } from './fixtures.ts';

const engineer: Caller = { userId: 'e', name: 'lee', role: 'engineer', language: 'ko', via: 'session' };
const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends) await end();
});

const path = 'hanbit/gimcheon/molding/imm-03/cushion';
/** What a signal said: the last value of each interval, as the history's buckets give it. */
class FakeLive {
  readonly samples: { time: number; value: number }[] = [];
  readonly raised: (AlarmNotice & { time: number })[] = [];
  readonly cleared: string[] = [];
  #listener: (batch: SampleBatch) => void = () => {};
  readonly signal = {
    id: 7,
    path,
    label: '쿠션',
    equipment: 'hanbit/gimcheon/molding/imm-03',
    unit: 'mm',
    limits: null,
    staleAfterMs: 60_000,
  };
  readonly live = {
    stream: {
      subscribe: (_name: string, on: (batch: SampleBatch) => void) => {
        this.#listener = on;
        return () => {};
      },
    },
    plant: () => ({
      signalByPath: new Map([[path, this.signal]]),
      equipment: new Map(),
      nodes: [{ path: 'hanbit/gimcheon', level: 'site' }],
    }),
    alarms: {
      raiseNotice: (notice: AlarmNotice, time: number) => void this.raised.push({ ...notice, time }),
      clearNotice: (key: string) => void this.cleared.push(key),
    },
    history: {
      latest: () => this.samples.slice(-1).map((s) => ({ signal: 7, ...s, quality: Quality.good })),
      buckets: async (q: { from: number; to: number; width: number }) => {
        const size = (q.to - q.from) / q.width;
        const found = new Map<number, { time: number; count: number; last: number }>();
        for (const s of this.samples) {
          if (s.time < q.from || s.time >= q.to) continue;
          const time = q.from + Math.floor((s.time - q.from) / size) * size;
          found.set(time, { time, count: 1, last: s.value });
        }
        return [...found.values()];
      },
    },
  };
  give(time: number, value: number | null): void {
    if (value !== null) this.samples.push({ time, value });
    this.#listener(batchOf([{ signal: 7, time, value, quality: value === null ? Quality.gap : Quality.good }]));
  }
}

async function plant() {
  const machine = new FakeLive();
  const w = await works({ live: machine.live as never });
  ends.push(async () => {
    await w.quality.close();
    await w.test.end();
  });
  const call = <Id extends keyof Handlers>(id: Id, input: object) =>
    (w.quality.handlers[id] as (input: object, caller: Caller) => Promise<never>)(input, engineer);
  return { ...w, machine, call: call as (id: keyof Handlers, input: object) => Promise<Any> };
}
// biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
type Any = any;
const code = (error: unknown) => (error instanceof CodedError ? error.code : String(error));
const settings = (more: object) => ChartSettings.parse({ kind: 'individuals', ...more });

/** Repeats 10, 10.1, 9.9 …: in control by every rule for a short while. */
const calm = [10, 10.05, 9.95, 10.02, 9.97, 10.04, 9.96, 10.03, 9.98, 10.01, 9.99, 10.05];

describe('charts on inspections', () => {
  async function charted(more: object = {}) {
    const p = await plant();
    p.masterdata.plan({ code: 'FP', stage: 'first' });
    let n = 0;
    const measure = async (value: number) => {
      const time = t0 + ++n * minute;
      p.clock.jump(60_000);
      const [i] = await p.inTx((tx) =>
        p.quality.ask(tx, { stage: 'first', item: 'cap', run: `r${n}`, time, actor: kim }),
      );
      const results = [{ characteristic: 'd', sample: 1, value }];
      return (await p.call('recordInspection', { params: { id: i!.id }, body: { results, finish: true } })) as Any;
    };
    const body = { plan: 'FP', characteristic: 'd', settings: settings({ rules: ['n1', 'n2'], ...more }) };
    const chart = (await p.call('createChart', { body })) as Any;
    const data = () => p.call('chartData', { params: chart, query: { limit: 100 } }) as Promise<Any>;
    const freeze = (from = 0, to = t0 + 1e6 * minute) =>
      p.call('freezeBaseline', { params: chart, body: { from, to } }) as Promise<Any>;
    return { ...p, measure, chart, data, freeze };
  }

  test('limits are frozen from a window, later points do not move them; a hit raises an alarm with its window', async () => {
    const p = await charted();
    for (const v of calm.slice(0, 9)) await p.measure(v);
    assert.equal(await p.freeze().catch(code), 'quality.tooFewPoints');
    for (const v of calm.slice(9)) await p.measure(v);
    const { baseline } = await p.freeze();
    assert.equal(baseline.points, 12);
    assert.equal(p.machine.raised.length, 0);
    await p.measure(10.4);
    const { points, capability } = await p.data();
    assert.deepEqual(points.at(-1).hits, ['n1']);
    assert.equal(points.at(-1).main.centre, baseline.centre);
    assert.deepEqual([capability.gate, capability.within], ['tooFew', null]);
    const [alarm] = p.machine.raised;
    assert.match(alarm!.key, new RegExp(p.chart.id));
    assert.equal(alarm!.equipment, 'hanbit/gimcheon');
    assert.match(alarm!.message, /10.4 mm · 관리한계를 벗어남 · beyond a limit/);
    const [event] = await p.ledger.events({ limit: 1, type: 'chart.ruleHit' });
    assert.equal((event!.data.window as Any[]).at(-1).value, 10.4);
    assert.equal((event!.data.window as Any[]).length, 13);
    await p.measure(10);
    assert.equal(p.machine.cleared.length, 0, 'the range back to the centre is out as well');
    await p.measure(10.01);
    assert.equal(p.machine.cleared.length, 1, 'the next point in control ends the alarm');
  });

  test('a point is left out only with a cause, stays visible, and can come back', async () => {
    const p = await charted();
    for (const v of [...calm, 10.4]) await p.measure(v);
    const before = await p.freeze();
    const { points } = await p.data();
    const point = points.at(-1).key;
    await p.call('changeChart', { params: p.chart, body: { exclude: { point, cause: '측정 실수' } } });
    const after = await p.freeze();
    assert.ok(after.baseline.sigma < before.baseline.sigma);
    const shown = (await p.data()).points.at(-1);
    assert.deepEqual([shown.main.value, shown.excluded, shown.hits], [10.4, '측정 실수', []]);
    await p.call('changeChart', { params: p.chart, body: { include: point } });
    assert.deepEqual((await p.data()).points.at(-1).hits, ['n1']);
    const again = p.call('changeChart', { params: p.chart, body: { include: point } });
    assert.equal(await again.catch(code), 'quality.unknownPoint');
  });

  test('a stage breaks every run and may have limits of its own', async () => {
    const p = await charted();
    for (const v of calm) await p.measure(v);
    await p.freeze();
    const from = t0 + 12.5 * minute;
    await p.call('changeChart', { params: p.chart, body: { addStage: { from, name: '새 금형' } } });
    for (const v of calm) await p.measure(v + 1);
    assert.ok(
      (await p.data()).points.slice(12).every((q: Any) => q.hits.includes('n1')),
      'old limits still',
    );
    await p.freeze(from);
    const { points, chart } = await p.data();
    assert.ok(points.every((q: Any) => q.hits.length === 0));
    assert.ok(Math.abs(chart.baseline.centre - 11) < 0.01);
    assert.ok(Math.abs(points[0].main.centre - 10) < 0.01, 'the first stage keeps its own');
  });

  test('capability only of a stable process: 25 points, frozen limits, no hit', async () => {
    const p = await charted();
    for (const v of [...calm, ...calm, calm[0]!]) await p.measure(v);
    assert.equal((await p.data()).capability.gate, 'noChart');
    await p.freeze();
    const { capability } = await p.data();
    assert.equal(capability.gate, null);
    assert.ok(capability.within.worst > 0.3);
    assert.equal(
      capability.histogram.reduce((n: number, b: Any) => n + b.count, 0),
      25,
    );
    await p.measure(10.4);
    const unstable = (await p.data()).capability;
    assert.deepEqual([unstable.gate, unstable.within], ['unstable', null]);
    assert.ok(unstable.overall.worst !== null);
  });
});

describe('charts on signals', () => {
  test('subgroups of whole intervals, judged live as they are drawn later; a gap makes no point', async () => {
    const p = await plant();
    const block = 5 * 10_000_000;
    const body = { signal: path, settings: settings({ kind: 'xbarR', subgroup: 5, everySeconds: 10, rules: ['n1'] }) };
    const chart = (await p.call('createChart', { body })) as Any;
    let time = Math.ceil(t0 / block) * block;
    const give = (value: number | null) => {
      p.machine.give(time, value);
      time += 10_000_000;
      p.clock.jump((time - p.clock.nowUs()) / 1000);
    };
    for (let i = 0; i < 60; i++) give(5 + ((i * 7) % 5) * 0.1);
    await p.call('freezeBaseline', { params: chart, body: { from: 0, to: time } });
    for (const v of [5, 5.1, 5.2, 5.3, 5.4]) give(v);
    for (const v of [7, 7.1, 7.2, 7.3, 7.4]) give(v);
    give(5);
    await p.quality.settled();
    assert.equal(p.machine.raised.length, 1);
    assert.equal(p.machine.raised[0]!.equipment, p.machine.signal.equipment);
    give(null);
    for (const v of [5.1, 5.2, 5.3]) give(v);
    give(5.2);
    await p.quality.settled();
    const { points } = (await p.call('chartData', { params: chart, query: { limit: 100 } })) as Any;
    assert.equal(points.length, 14, 'the subgroup with a gap is no point');
    assert.deepEqual(
      points.map((q: Any) => q.hits.length),
      [...Array(13).fill(0), 1],
    );
    assert.equal(points.at(-1).main.value.toFixed(1), '7.2');
    assert.equal((await p.ledger.events({ limit: 9, type: 'chart.ruleHit' })).length, 1);
  });
});

describe('measuring by signal', () => {
  test('takes the newest good value, refuses a stale one', async () => {
    const p = await plant();
    const c = {
      id: 'cushion',
      name: '쿠션',
      kind: 'variable' as const,
      critical: false,
      samples: 1,
      rules: [],
      signal: path,
    };
    p.masterdata.plan({ code: 'FP', stage: 'first', characteristics: [c] });
    const [i] = await p.inTx((tx) =>
      p.quality.ask(tx, { stage: 'first', item: 'cap', run: 'r1', time: t0, actor: kim }),
    );
    const take = () => p.call('measureBySignal', { params: { id: i!.id }, body: { sample: 1 } }) as Promise<Any>;
    assert.equal(await take().catch(code), 'quality.noSignal');
    p.machine.give(t0, 5.25);
    p.clock.jump(30_000);
    const measured = await take();
    assert.deepEqual(
      [measured.results[0].value, measured.results[0].source, measured.status],
      [5.25, 'signal', 'open'],
    );
    p.clock.jump(120_000);
    assert.equal(await take().catch(code), 'quality.noSignal');
  });
});
