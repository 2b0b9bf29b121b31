import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';

/** The history's part of a plant of 100,000 signals at 1 Hz, in real time: share of a core, memory, append latency. */

const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 60);
const perBatch = 1000;

function batchAt(first: number, timeUs: number): SampleBatch {
  const signals = new Uint32Array(perBatch);
  const times = new Float64Array(perBatch);
  const numbers = new Float64Array(perBatch);
  for (let i = 0; i < perBatch; i++) {
    signals[i] = first + i;
    times[i] = timeUs + ((i * 7919) % 2000);
    numbers[i] = Math.round(200 + 50 * Math.sin(timeUs / 3e8 + first + i) + Math.random() * 4) / 10;
  }
  return { length: perBatch, signals, times, numbers, texts: null, quality: new Uint8Array(perBatch) };
}

async function plant(count: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-plant-'));
  const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger });
  const latencies: number[] = [];
  const pending = new Set<Promise<void>>();
  const before = process.cpuUsage();
  const begin = performance.now();
  let rss = 0;
  for (let second = 0; second < seconds; second++) {
    for (let first = 0; first < count; first += perBatch) {
      const due = begin + second * 1000 + (first / count) * 1000;
      const wait = due - performance.now();
      if (wait > 1) await sleep(wait);
      const at = performance.now();
      const done = history.append(batchAt(1 + first, systemClock.nowUs())).then(() => {
        latencies.push(performance.now() - at);
        pending.delete(done);
      });
      pending.add(done);
    }
    rss = Math.max(rss, process.memoryUsage().rss);
  }
  await Promise.all(pending);
  const took = (performance.now() - begin) / 1000;
  const cpu = process.cpuUsage(before);
  const cores = (cpu.user + cpu.system) / 1e6 / took;
  const stats = await history.stats();
  latencies.sort((a, b) => a - b);
  const line = (figure: string, value: number, extra: object = {}) =>
    console.log(
      JSON.stringify({
        bench: 'history-plant',
        figure,
        value: Math.round(value * 1000) / 1000,
        signals: count,
        ...extra,
      }),
    );
  line('samplesPerSecond', (count * seconds) / took, { unit: '1/s' });
  line('cores', cores, { floor: 1, note: 'the history only, sealing and merging included' });
  line('rssMbMax', rss / 1e6, { unit: 'MB', floor: 1000 });
  line('appendP95Ms', latencies[Math.floor(latencies.length * 0.95)]!, { unit: 'ms' });
  line('sealedFiles', stats.sealedFiles, { hotSamples: stats.hotSamples });
  const files = readdirSync(directory).filter((name) => name.startsWith('history.duckdb'));
  line('databaseMb', files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 1e6, { unit: 'MB' });
  await history.close();
  rmSync(directory, { recursive: true });
  return cores / count;
}

const large = await plant(100_000);
const small = await plant(10_000);
console.log(
  JSON.stringify({
    bench: 'history-plant',
    figure: 'growth10x',
    value: Math.round((large / small) * 1000) / 1000,
    note: 'CPU a signal at 100,000 signals to that at 10,000; 1 is linear',
  }),
);
