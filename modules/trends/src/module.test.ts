import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { batchOf, Quality, type Sample } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { PlantModel, SignalModel } from '@deungdae/kernel/plant-model.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { openTrends, type Trends } from './module.ts';

const caller: Caller = { userId: 'u', name: 'u', role: 'operator', language: 'ko', via: 'session' };
const second = 1_000_000;
const start = Date.UTC(2026, 0, 1) * 1000;
const at = (s: number) => start + s * second;
const code = (expected: string) => (error: unknown) => error instanceof CodedError && error.code === expected;

const signal = (id: number, name: string, kind: SignalModel['kind'], more: Partial<SignalModel> = {}) =>
  ({
    id,
    path: `p/m/${name}`,
    equipment: 'p/m',
    name,
    label: { ko: `${name} 값`, en: name },
    kind,
    unit: null,
    limits: null,
    enumeration: null,
    connection: null,
    staleAfterMs: null,
    alarms: [],
    ...more,
  }) as unknown as SignalModel;

describe('trends', () => {
  let folder: string;
  let history: History;
  let trends: Trends;
  const clock = new FakeClock(at(100_000));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trends-'));
    ({ history } = await openHistory({ directory: folder, clock, log: silentLogger }));
    const signals = [
      signal(1, 'temp', 'number', { staleAfterMs: 5_000 }),
      signal(2, 'running', 'boolean'),
      signal(3, 'program', 'text'),
      signal(4, 'flaky', 'number'),
      signal(5, 'old', 'number'),
    ];
    const plant = { signals: new Map(signals.map((s) => [s.id, s])) } as unknown as PlantModel;
    trends = openTrends({ history, clock, plant });
  });
  after(async () => {
    await history.close();
    await rm(folder, { recursive: true });
  });

  const store = (samples: Sample[]) => history.append(batchOf(samples));
  const good = (id: number, s: number, value: number | string): Sample => ({
    signal: id,
    time: at(s),
    value,
    quality: Quality.good,
  });
  const gap = (id: number, s: number): Sample => ({ signal: id, time: at(s), value: null, quality: Quality.gap });
  const trend = async (ids: string, from: number, to: number, width = 100) =>
    (
      await trends.handlers.trend!(
        { params: undefined, query: { ids, from: at(from), to: at(to), width }, body: undefined },
        caller,
      )
    ).series;

  test('few samples come as they are, with their gaps; many as buckets that keep the extremes', async () => {
    await store([good(1, 1, 10), gap(1, 2), good(1, 3, 12)]);
    const [few] = await trend('1', 0, 10);
    assert.deepEqual(few!.last, [10, null, 12]);
    assert.deepEqual(few!.time, [at(1), at(2), at(3)]);
    await store(Array.from({ length: 5_000 }, (_, i) => good(1, 1_000 + i, i === 2_345 ? 999 : i % 10)));
    const [many] = await trend('1', 1_000, 6_000);
    assert.ok(many!.time.length <= 200 && many!.time.length >= 90);
    assert.equal(Math.max(...many!.max.map((v) => v ?? 0)), 999);
    for (const column of [many!.min, many!.max, many!.mean, many!.last]) assert.equal(column.length, many!.time.length);
  });

  test('a switch that was thrown before the window is seen in it; a measured number is not invented', async () => {
    await store([good(2, 10, 1), good(2, 5_000, 0), good(4, 10, 7)]);
    const [running] = await trend('2', 100, 6_000);
    assert.deepEqual(
      [running!.time, running!.last],
      [
        [at(100), at(5_000)],
        [1, 0],
      ],
    );
    assert.deepEqual((await trend('2', 100, 200))[0]!.last, [1]);
    assert.deepEqual((await trend('2', 1, 5))[0]!.last, []);
    await store([gap(2, 7_000)]);
    assert.deepEqual((await trend('2', 8_000, 9_000))[0]!.last, [null]);
    assert.deepEqual((await trend('4', 100, 200))[0]!.last, []);
  });

  test('texts: the one that held, then every change; a gap is empty', async () => {
    await store([good(3, 10, 'A'), good(3, 20, 'A'), good(3, 30, 'B'), gap(3, 40), good(3, 50, 'B')]);
    const [program] = await trend('3', 15, 60);
    assert.deepEqual(program!.text, ['A', 'B', '', 'B']);
    assert.deepEqual(program!.time, [at(15), at(30), at(40), at(50)]);
  });

  test('a connection that comes and goes hides no value behind its gaps', async () => {
    await store([...Array.from({ length: 500 }, (_, i) => gap(4, 20_000 + i)), good(4, 20_600, 42)]);
    const [flaky] = await trend('4', 20_000, 21_000);
    assert.ok(flaky!.max.includes(42));
  });

  test('expired samples are still seen by the minute', async () => {
    await store(Array.from({ length: 50 }, (_, i) => good(5, 30_000 + i * 60, i)));
    await history.seal({ olderThan: at(90_000) });
    await history.retain({ before: at(86_400 * 2), signals: [5] });
    const [old] = await trend('5', 30_000, 33_000, 50);
    assert.ok(old!.max.filter((v) => v !== null).length > 0, 'not an empty picture');
    assert.equal(Math.max(...old!.max.map((v) => v ?? 0)), 49);
  });

  test('latest values, and when they are stale', () => {
    const [temp] = trends.values([1, 77]);
    assert.deepEqual([temp!.id, temp!.quality, temp!.stale], [1, 'good', true]);
    assert.equal(trends.values([2])[0]!.stale, false, 'nothing says how often it should come');
  });

  test('the catalogue is searched by every word, in both languages, within its limit', () => {
    const search = (query: object) =>
      (
        trends.handlers.signals!({ params: undefined, query: { limit: 500, ...query }, body: undefined }, caller) as {
          path: string;
        }[]
      ).map((s) => s.path);
    assert.deepEqual(search({ search: 'TEMP 값' }), ['p/m/temp']);
    assert.deepEqual(search({ search: 'temp running' }), []);
    assert.equal(search({ limit: 2 }).length, 2);
    assert.deepEqual(search({ equipment: 'p/x' }), []);
  });

  test('what cannot be answered is refused', async () => {
    await assert.rejects(trend('99', 0, 1), code('trends.unknownSignal'));
    await assert.rejects(trend('1', 1, 1), code('trends.windowWrong'));
    await assert.rejects(trend(Array(51).fill(1).join(','), 0, 1), code('trends.tooManySignals'));
  });
});
