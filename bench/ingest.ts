import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@deungdae/connector-kit/supervisor.ts';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { appendRaw } from '@deungdae/history/raw-bound.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { createStream } from '@deungdae/stream/in-process.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { connectionOf, figure } from './support/plant.ts';

/**
 * The whole path in one process: connector in its worker → conditioning → main thread → stream → history on disk → modules.
 * First at full rate, beside the raw DuckDB appender with the same rows; then a plant of 100,000 signals at 1 Hz.
 */

const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 10);
const plantSeconds = Number(process.env.DEUNGDAE_BENCH_PLANT_SECONDS ?? 30);
const sources = [{ type: 'source', module: new URL('./support/source-connector.ts', import.meta.url).href }];

/** What stands behind the history. Each is given the stream and returns how to take it away again. */
type Modules = (stream: Stream) => () => void;

/** The cheapest module there can be: proves that what is told durable is also shown. */
let shown = 0;
const counting: Modules = (stream) => {
  shown = 0;
  return stream.subscribe('count', (batch) => {
    shown += batch.length;
  });
};

interface Path {
  stream: Stream;
  supervisor: ReturnType<typeof createSupervisor>;
  close(): Promise<void>;
}

async function openPath(modules: Modules, workers?: number): Promise<Path> {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-bench-'));
  const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger });
  const stream = createStream({ history, log: silentLogger });
  const stop = modules(stream);
  const supervisor = createSupervisor({
    stream,
    connectors: sources,
    stateDir: join(directory, 'connections'),
    clock: systemClock,
    log: silentLogger,
    ...(workers === undefined ? {} : { workers }),
  });
  return {
    stream,
    supervisor,
    async close() {
      await supervisor.close();
      await stream.drain();
      const { ingested } = stream.stats();
      if (modules === counting && shown !== ingested) throw new Error(`${ingested} durable, ${shown} shown`);
      stop();
      await history.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Samples a second that became durable in the middle of the run. */
async function fullRate(signals: number, forSeconds: number): Promise<number> {
  const path = await openPath(counting, 1);
  await path.supervisor.apply([connectionOf('full', 'source', { intervalMs: 0, batch: 16_384 }, signals, 1)]);
  await systemClock.sleep(1_500);
  const from = path.stream.stats().ingested;
  const started = performance.now();
  await systemClock.sleep(forSeconds * 1_000);
  const rate = (path.stream.stats().ingested - from) / ((performance.now() - started) / 1_000);
  await path.close();
  return rate;
}

function rawBatch(number: number): SampleBatch {
  const n = 65_536;
  const signals = new Uint32Array(n);
  const times = new Float64Array(n);
  const numbers = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = number * n + i;
    signals[i] = 1 + (row % 1000);
    times[i] = 1.7e15 + Math.floor(row / 1000) * 1_000;
    numbers[i] = Math.round(200 + 50 * Math.sin(row / 1e5) + ((row * 31) % 7)) / 10;
  }
  return { length: n, signals, times, numbers, texts: null, quality: new Uint8Array(n) };
}

/** The same rows through nothing but DuckDB's appender. */
async function rawBound(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-bench-'));
  const rate = await appendRaw(join(directory, 'raw.duckdb'), 120, 1, rawBatch);
  rmSync(directory, { recursive: true });
  return rate;
}

/** A plant at 1 Hz: share of one core (1 is one core busy), memory, and whether every sample arrived. */
async function plant(signals: number, connections: number, forSeconds: number, modules: Modules) {
  const path = await openPath(modules);
  const each = signals / connections;
  await path.supervisor.apply(
    Array.from({ length: connections }, (_, i) =>
      connectionOf(`plc-${i}`, 'source', { intervalMs: 1_000 }, each, 1 + i * each),
    ),
  );
  await systemClock.sleep(5_000);
  const from = path.stream.stats().ingested;
  const cpu = process.cpuUsage();
  const started = performance.now();
  let rssMb = 0;
  for (let i = 0; i < forSeconds; i++) {
    await systemClock.sleep(1_000);
    rssMb = Math.max(rssMb, process.memoryUsage.rss() / 1e6);
  }
  const wallS = (performance.now() - started) / 1_000;
  const used = process.cpuUsage(cpu);
  const perSecond = (path.stream.stats().ingested - from) / wallS;
  await path.close();
  return { cores: (used.user + used.system) / 1e6 / wallS, rssMb, perSecond };
}

await fullRate(1_000, 1);
const raw = await rawBound();
const rate = await fullRate(1_000, seconds);
const wide = await fullRate(10_000, seconds);
figure('ingest', 'samplesPerSecond', rate, { unit: '1/s', floor: 1_000_000, signals: 1_000, seconds });
figure('ingest', 'rawBoundSamplesPerSecond', raw, { unit: '1/s' });
figure('ingest', 'ratioToRawBound', rate / raw);
figure('ingest', 'samplesPerSecondTenfoldSignals', wide, { unit: '1/s', signals: 10_000 });
figure('ingest', 'growth10x', rate / wide, { note: 'cost a sample with 10 times the signals; 1 is linear' });

const small = await plant(10_000, 100, Math.min(10, plantSeconds), counting);
const large = await plant(100_000, 100, plantSeconds, counting);
const note = 'connections, stream and history; without modules';
figure('plant', 'samplesPerSecond', large.perSecond, { unit: '1/s', signals: 100_000 });
figure('plant', 'cores', large.cores, { unit: 'cores', floor: 1, note });
figure('plant', 'rssMb', large.rssMb, { unit: 'MB', floor: 1_000, note });
figure('plant', 'cores10k', small.cores, { unit: 'cores', signals: 10_000 });
figure('plant', 'growth10x', large.cores / (10 * small.cores), { note: 'cost a sample at 10 times the plant' });
