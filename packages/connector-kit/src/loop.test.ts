import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, Quality, type Sample, type SampleBatch, samplesOf } from '@deungdae/contracts/sample.ts';
import { CodedError, defineErrors, errorCatalogue } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { FakeClock, turn } from '@deungdae/testing/clock.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { until } from '@deungdae/testing/until.ts';
import { z } from 'zod';
import { backoffMs } from './backoff.ts';
import type { Connector, Reading } from './connector.ts';
import './errors.ts';
import { createIntake } from './intake.ts';
import { defaultLimits, type KitLimits } from './limits.ts';
import { type RunningConnection, runConnection } from './loop.ts';
import { createRedactor, secretValues } from './secrets.ts';

const testError = defineErrors({
  'test.lost': { ko: '끊김', en: 'lost', doKo: '기다리십시오.', doEn: 'Wait.' },
});

/** The loop gives the event loop its turn now and then, by real time: one turn here is not always enough. */
async function settle(): Promise<void> {
  for (let i = 0; i < 6; i++) await turn();
}

/** A connector whose every step the test decides. */
class Puppet implements Connector {
  connects = 0;
  closes = 0;
  reads = 0;
  acks: number[] = [];
  onConnect: (abort: AbortSignal) => Promise<void> = async () => {};
  onClose: () => Promise<void> = async () => {};
  #give: ((r: Reading) => void) | null = null;
  #lose: ((e: Error) => void) | null = null;

  connect(abort: AbortSignal) {
    this.connects++;
    return this.onConnect(abort);
  }
  read(abort: AbortSignal) {
    this.reads++;
    return new Promise<Reading>((resolve, reject) => {
      this.#give = resolve;
      this.#lose = reject;
      abort.addEventListener('abort', () => reject(abort.reason), { once: true });
    });
  }
  async probe() {
    return { device: 'puppet', roundTripMs: 0, signals: [] };
  }
  close() {
    this.closes++;
    return this.onClose();
  }
  async give(value: number, time: number): Promise<void> {
    await until(() => this.#give !== null, 'a read', 1000);
    const give = this.#give!;
    this.#give = null;
    this.#lose = null;
    give({
      batch: batchOf([{ signal: 1, time, value, quality: Quality.good }]),
      ack: () => void this.acks.push(value),
    });
    await settle();
  }
  async lose(): Promise<void> {
    await until(() => this.#lose !== null, 'a read', 1000);
    this.#lose!(testError('test.lost'));
    this.#give = null;
    this.#lose = null;
    await settle();
  }
}

function start(options: { limits?: Partial<KitLimits>; deliver?: (b: SampleBatch) => Promise<void> } = {}) {
  const clock = new FakeClock();
  const puppet = new Puppet();
  const stored: Sample[] = [];
  let stuck = 0;
  const running: RunningConnection = runConnection({
    connectionId: 'c',
    definition: { type: 'puppet', config: z.object({}), address: z.object({}), create: () => puppet },
    config: {},
    signals: [
      { id: 1, path: 'a', kind: 'number', address: {} },
      { id: 2, path: 'b', kind: 'number', address: {} },
    ],
    stateDir: '/nowhere',
    clock,
    log: silentLogger,
    limits: { graceMs: 30, drainMs: 30, ...options.limits },
    random: () => 1,
    deliver: async (batch) => {
      await options.deliver?.(batch);
      stored.push(...samplesOf(batch));
    },
    onStuck: () => stuck++,
  });
  const gaps = () => stored.filter((s) => s.quality === Quality.gap);
  return { clock, puppet, running, stored, gaps, stuck: () => stuck };
}

test('an outage writes one gap for every signal, at the time it was noticed, however many attempts it takes', async () => {
  const { clock, puppet, running, gaps } = start();
  await puppet.give(1, clock.nowUs());
  assert.equal(running.state.status, 'connected');
  puppet.onConnect = () => Promise.reject(testError('test.lost'));
  await clock.advance(5_000);
  const lostAt = clock.nowUs();
  await puppet.lose();
  assert.equal(running.state.status, 'lost');
  await clock.advance(600_000);
  assert.ok(puppet.connects > 8, `${puppet.connects} attempts in ten minutes`);
  assert.ok(puppet.connects < 30, `${puppet.connects} attempts in ten minutes`);
  assert.deepEqual(
    gaps().map((g) => [g.signal, g.time]),
    [
      [1, lostAt],
      [2, lostAt],
    ],
  );
  puppet.onConnect = async () => {};
  await clock.advance(60_000);
  await puppet.give(2, clock.nowUs());
  assert.equal(running.state.status, 'connected');
  assert.equal(running.state.reconnects, 1);
  await puppet.lose();
  assert.equal(gaps().length, 4, 'a second outage has its own gaps');
  await running.close();
});

test('a wall clock that jumps back or forth neither stops the loop nor puts a gap before its samples', async () => {
  const { clock, puppet, running, stored, gaps } = start();
  const first = clock.nowUs();
  await puppet.give(1, first);
  clock.jump(-3_600_000);
  await puppet.lose();
  assert.deepEqual(
    gaps().map((g) => g.time),
    [first + 1, clock.nowUs()],
  );
  await clock.advance(2_000);
  clock.jump(30 * 86_400_000);
  await puppet.give(2, clock.nowUs());
  assert.equal(stored.at(-1)?.quality, Quality.good);
  clock.jump(-30 * 86_400_000);
  await puppet.give(3, clock.nowUs());
  assert.equal(stored.at(-1)?.value, 3, 'an earlier time is a late sample, and kept');
  assert.equal(running.state.status, 'connected');
  await running.close();
});

test('acks come in order, each after its samples are durable, and never for a session that was closed', async () => {
  const waiting: (() => void)[] = [];
  const { clock, puppet, running } = start({ deliver: () => new Promise((resolve) => waiting.push(resolve)) });
  for (const value of [1, 2, 3]) await puppet.give(value, clock.nowUs());
  waiting[1]!();
  waiting[2]!();
  await settle();
  assert.deepEqual(puppet.acks, [], 'the first is not durable yet');
  waiting[0]!();
  await settle();
  assert.deepEqual(puppet.acks, [1, 2, 3]);
  await puppet.give(4, clock.nowUs());
  await puppet.lose();
  await until(() => puppet.closes === 1, 'the close', 1000);
  for (const done of waiting) done();
  await settle();
  assert.deepEqual(puppet.acks, [1, 2, 3]);
  const closing = running.close();
  for (let i = 0; i < 5; i++) {
    for (const done of waiting) done();
    await settle();
  }
  await closing;
});

test('nothing is read while too much is under way', async () => {
  const waiting: (() => void)[] = [];
  const { clock, puppet, running } = start({
    limits: { connectionSamples: 2 },
    deliver: () => new Promise((resolve) => waiting.push(resolve)),
  });
  await puppet.give(1, clock.nowUs());
  await puppet.give(2, clock.nowUs());
  await settle();
  assert.equal(puppet.reads, 2);
  waiting.shift()!();
  await settle();
  assert.equal(puppet.reads, 3);
  const closing = running.close();
  for (const done of waiting) done();
  await closing;
});

test('a connect that overruns is aborted, and its end is waited for before the next', async () => {
  const { clock, puppet, running, stuck } = start({ limits: { connectTimeoutMs: 1_000 } });
  let alive = 0;
  puppet.onConnect = (abort) => {
    alive++;
    return new Promise((_, reject) =>
      abort.addEventListener('abort', () => {
        alive--;
        reject(abort.reason);
      }),
    );
  };
  await puppet.lose();
  for (let i = 0; i < 20; i++) {
    await clock.advance(1_000);
    await new Promise((r) => setTimeout(r, 2));
    assert.ok(alive <= 1, `${alive} attempts alive`);
  }
  assert.equal(running.state.lastError?.code, 'kit.connectTimeout');
  assert.equal(stuck(), 0);
  await running.close();
  assert.equal(clock.pending, 0, 'no timer is left');
});

test('a connector that obeys neither abort nor close is reported as stuck', async () => {
  const { clock, puppet, running, stuck } = start({ limits: { connectTimeoutMs: 1_000 } });
  puppet.onConnect = () => new Promise(() => {});
  await puppet.lose();
  await clock.advance(2_000);
  await clock.advance(2_000);
  await until(() => stuck() > 0, 'the report', 2000);
  await running.close();
});

test('after a session that answered and gave nothing, connected is said only when a read succeeds', async () => {
  const { clock, puppet, running } = start();
  await puppet.lose();
  await clock.advance(2_000);
  await until(() => puppet.connects === 2, 'the second attempt', 1000);
  await settle();
  assert.equal(running.state.status, 'lost');
  await puppet.give(1, clock.nowUs());
  assert.equal(running.state.status, 'connected');
  await running.close();
});

test('back-off grows to its limit, with full jitter', () => {
  const random = seededRandom(6);
  const at = (attempt: number, r: number) => backoffMs(attempt, defaultLimits, () => r);
  assert.deepEqual(
    [1, 2, 3, 7, 50].map((n) => at(n, 1)),
    [1_000, 2_000, 4_000, 60_000, 60_000],
  );
  assert.equal(at(50, 0), 250);
  const waits = Array.from({ length: 1_000 }, () => backoffMs(10, defaultLimits, random.next));
  const mean = waits.reduce((a, b) => a + b) / waits.length;
  assert.ok(mean > 27_000 && mean < 33_000, `mean ${mean}`);
});

test('intake: one write at a time, merged while it waits, repeated until it succeeds, in order', async () => {
  const clock = new FakeClock();
  const writes: number[][] = [];
  let fail = 3;
  let open = 0;
  const intake = createIntake({
    clock,
    limits: { ...defaultLimits, mergeSamples: 5 },
    ingest: async (batch) => {
      assert.equal(++open, 1, 'one at a time');
      await turn();
      open--;
      if (fail-- > 0) throw new Error('disk full');
      writes.push([...batch.numbers.subarray(0, batch.length)]);
    },
  });
  const one = (value: number) => intake.deliver(batchOf([{ signal: 1, time: value, value, quality: Quality.good }]));
  const done = Array.from({ length: 12 }, (_, i) => one(i));
  await settle();
  await settle();
  assert.equal(intake.trouble()?.code, 'kit.notStored');
  assert.equal(intake.pendingSamples(), 12);
  for (let i = 0; i < 10; i++) await clock.advance(10_000);
  await Promise.all(done);
  assert.deepEqual(writes, [[0], [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11]]);
  assert.equal(intake.trouble(), null);
  assert.equal(intake.pendingSamples(), 0);
  fail = Number.POSITIVE_INFINITY;
  const never = one(99);
  await settle();
  intake.close();
  await assert.rejects(never, { code: 'kit.closed' });
});

test('secrets are found wherever the schema marks them, and blacked out in every text', () => {
  const secret = (s: z.ZodType) => s.meta({ secret: true });
  const schema = z.strictObject({
    user: z.string(),
    password: secret(z.string()).optional(),
    tls: z.strictObject({ key: z.string().default('').meta({ secret: true }), ca: z.string() }).optional(),
    brokers: z.array(z.union([z.strictObject({ token: secret(z.string()) }), z.string()])).default([]),
    headers: z.record(z.string(), secret(z.string())).default({}),
  });
  const config = {
    user: 'admin',
    password: 'hunter2',
    tls: { key: 'PRIVATE', ca: 'public' },
    brokers: [{ token: 'tok-1' }, 'plain'],
    headers: { authorization: 'Bearer x' },
  };
  const values = secretValues(schema, config);
  assert.deepEqual(new Set(values), new Set(['hunter2', 'PRIVATE', 'tok-1', 'Bearer x']));
  const redactor = createRedactor(values);
  assert.equal(
    redactor.text('admin:hunter2 at mqtt://me:pw@host/ with tok-1'),
    'admin:*** at mqtt://***@host/ with ***',
  );
  const error = redactor.error(new CodedError('test.lost', { detail: 'hunter2', n: 3 }));
  assert.deepEqual(error.params, { detail: '***', n: 3 });
  assert.doesNotMatch(error.message, /hunter2/);
});

test('every code of the kit has both languages with the same parameters', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  const codes = [...errorCatalogue()].filter(([code]) => code.startsWith('kit.'));
  assert.ok(codes.length > 15);
  for (const [code, t] of codes) {
    assert.deepEqual(holes(t.ko), holes(t.en), code);
    assert.deepEqual(holes(t.doKo), holes(t.doEn), code);
    assert.ok(/[가-힣]/.test(t.ko) && /[가-힣]/.test(t.doKo), code);
  }
});
