import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { Quality, type Sample, type SampleBatch, type SampleValue, samplesOf } from '@deungdae/contracts/sample.ts';
import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { until } from '@deungdae/testing/until.ts';
import type { Connector, Reading } from './connector.ts';
import type { LoopState } from './health.ts';
import { createIntake, type Intake } from './intake.ts';
import { defaultLimits, type KitLimits } from './limits.ts';
import { type AnyDefinition, type RunningConnection, runConnection } from './loop.ts';

export interface RigSubject {
  definition: AnyDefinition;
  config: Record<string, unknown>;
  signals: { path: string; kind: SignalKind; address: Record<string, unknown> }[];
}

export interface RigOptions {
  clock?: Clock;
  limits?: Partial<KitLimits>;
  random?: () => number;
}

/** The disk of the contract tests: it works, fails, or stands still, as told. */
class Sink {
  mode: 'ok' | 'fail' | 'stall' = 'ok';
  failures = 0;
  gaps = 0;
  durable = 0;
  readonly #latest = new Map<number, Sample>();
  #seen = new Set<string>();
  readonly #poll = 5;
  #life = 0;

  async ingest(batch: SampleBatch): Promise<void> {
    const life = this.#life;
    while (this.mode === 'stall' && life === this.#life)
      await new Promise((resolve) => setTimeout(resolve, this.#poll));
    if (life !== this.#life) throw new Error('the process was killed');
    if (this.mode === 'fail') {
      this.failures++;
      throw new Error('no space left on device');
    }
    for (const sample of samplesOf(batch)) {
      this.durable++;
      if (sample.quality === Quality.gap) this.gaps++;
      const before = this.#latest.get(sample.signal);
      if (!before || sample.time >= before.time) this.#latest.set(sample.signal, sample);
      if (this.#seen.size < 200_000) this.#seen.add(`${sample.signal} ${keyOf(sample.value)}`);
    }
  }

  latest(signal: number): Sample | undefined {
    return this.#latest.get(signal);
  }

  saw(signal: number, value: SampleValue): boolean {
    return this.#seen.has(`${signal} ${keyOf(value)}`);
  }

  /** What was not written yet never will be. */
  forget(): void {
    this.#life++;
    this.mode = 'ok';
    this.#latest.clear();
    this.#seen = new Set();
  }
}

/** 32-bit floats come back with their own rounding. */
function keyOf(value: SampleValue): string {
  if (typeof value === 'boolean') return String(Number(value));
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

export type ContractRig = ReturnType<typeof createRig>;

/** One connector under the real loop and intake, with a disk that obeys the test. */
export function createRig(subject: RigSubject, options: RigOptions = {}) {
  const { definition, signals } = subject;
  const clock = options.clock ?? systemClock;
  const limits: KitLimits = { ...defaultLimits, backoffMinMs: 100, graceMs: 3_000, drainMs: 300, ...options.limits };
  const config = definition.config.parse(subject.config) as object;
  const stateDir = mkdtempSync(join(tmpdir(), 'deungdae-contract-'));
  const bound = signals.map((s, i) => ({
    id: i + 1,
    path: s.path,
    kind: s.kind,
    address: definition.address.parse(s.address) as object,
  }));
  const idOf = new Map(bound.map((s) => [s.path, s.id]));
  const sink = new Sink();
  let running: RunningConnection | null = null;
  let intake: Intake | null = null;
  let attempts = 0;
  let falseAcks = 0;
  let largestBatch = 0;
  let delivered = 0;

  /** Watches the calls that pass between kit and connector. */
  const watched: AnyDefinition = {
    ...definition,
    create: (o) => watch(definition.create(o)),
  };
  const watch = (inner: Connector): Connector => {
    const connector = Object.create(inner) as Connector;
    connector.connect = (abort) => {
      attempts++;
      return inner.connect(abort);
    };
    connector.read = async (abort) => {
      const reading = await inner.read(abort);
      largestBatch = Math.max(largestBatch, reading.batch.length);
      return reading.ack ? withAckCheck(reading) : reading;
    };
    connector.probe = (abort) => inner.probe(abort);
    connector.close = () => inner.close();
    return connector;
  };
  const withAckCheck = (reading: Reading): Reading => {
    const last = reading.batch.length === 0 ? null : delivered + reading.batch.length;
    return {
      batch: reading.batch,
      ack: () => {
        if (last !== null && sink.durable < last) falseAcks++;
        return reading.ack?.();
      },
    };
  };
  const context = {
    connectionId: 'contract',
    clock,
    log: silentLogger,
    stateDir,
    notice: () => {},
  };

  const rig = {
    sink,
    open() {
      intake = createIntake({ ingest: (batch) => sink.ingest(batch), clock, limits });
      const own = intake;
      delivered = sink.durable;
      running = runConnection({
        connectionId: 'contract',
        definition: watched,
        config,
        signals: bound,
        stateDir,
        clock,
        log: silentLogger,
        limits,
        ...(options.random ? { random: options.random } : {}),
        deliver: (batch) => {
          delivered += batch.length;
          return own.deliver(batch);
        },
      });
    },
    async close() {
      await running?.close();
      intake?.close();
      running = null;
    },
    async dispose() {
      sink.mode = 'ok';
      await rig.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
    create: (): Connector => definition.create({ config, signals: bound, context }),
    live: () => running!.live(),
    state: (): LoopState => running!.state,
    waiting: () => running!.waiting(),
    attempts: () => attempts,
    falseAcks: () => falseAcks,
    largestBatch: () => largestBatch,
    underWay: () => intake?.pendingSamples() ?? 0,
    degraded: () => intake?.trouble() !== null,
    connected: (ms: number) =>
      until(
        () => running!.state.status === 'connected',
        'the connection',
        ms,
        () => rig.describe(),
      ),
    /** The newest sample of each signal is the given value, and trusted. */
    holds: (values: Record<string, SampleValue>) =>
      Object.entries(values).every(([path, value]) => {
        const sample = sink.latest(idOf.get(path)!);
        return sample !== undefined && sample.quality <= Quality.uncertain && keyOf(sample.value) === keyOf(value);
      }),
    everHeld: (values: Record<string, SampleValue>) =>
      Object.entries(values).every(([path, value]) => sink.saw(idOf.get(path)!, value)),
    describe: () => ({
      status: running?.state.status,
      error: running?.state.lastError?.en.message,
      notices: running?.state.notices.map((n) => n.en.message),
      latest: bound.map((s) => [s.path, sink.latest(s.id)?.value, sink.latest(s.id)?.quality]),
    }),
  };
  return rig;
}
