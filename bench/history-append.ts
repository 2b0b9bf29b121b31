import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { appendRaw } from '@deungdae/history/raw-bound.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';

/** Samples a second through `append` to durable, beside the bound: the same columns straight into a DuckDB appender. */

const batchRows = 10_000;
const inFlight = 8;
const now = Date.UTC(2026, 0, 5) * 1000;

/** Values of 1,000 signals at 1 s with some jitter, 0.1 resolution. */
function batchOf(number: number): SampleBatch {
  const signals = new Uint32Array(batchRows);
  const times = new Float64Array(batchRows);
  const numbers = new Float64Array(batchRows);
  for (let i = 0; i < batchRows; i++) {
    const row = number * batchRows + i;
    signals[i] = 1 + (row % 1000);
    times[i] = now + Math.floor(row / 1000) * 1_000_000 + ((row * 7919) % 2000);
    numbers[i] = Math.round((20 + 5 * Math.sin(row / 1e5) + ((row * 31) % 7) / 10) * 10) / 10;
  }
  return { length: batchRows, signals, times, numbers, texts: null, quality: new Uint8Array(batchRows) };
}

async function appended(batches: number): Promise<{ durable: number; sealed: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-bench-'));
  const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger });
  const start = performance.now();
  let next = 0;
  const run = async () => {
    while (next < batches) await history.append(batchOf(next++));
  };
  await Promise.all(Array.from({ length: inFlight }, run));
  const durable = (performance.now() - start) / 1000;
  await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
  const sealed = (performance.now() - start) / 1000;
  await history.close();
  rmSync(directory, { recursive: true });
  return { durable: (batches * batchRows) / durable, sealed: (batches * batchRows) / sealed };
}

async function raw(batches: number, perCommit: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-bench-'));
  const rate = await appendRaw(join(directory, 'raw.duckdb'), batches, perCommit, batchOf);
  rmSync(directory, { recursive: true });
  return rate;
}

const batches = Number(process.env.DEUNGDAE_BENCH_BATCHES ?? 200);
await appended(20);
const smallBound = await raw(batches, 1);
const bound = await raw(batches, 7);
const once = await appended(batches);
const tenfold = await appended(batches * 10);
const line = (figure: string, value: number, extra: object) =>
  console.log(JSON.stringify({ bench: 'history-append', figure, value: Math.round(value * 1000) / 1000, ...extra }));
line('samplesPerSecond', once.durable, { unit: '1/s', floor: 1_000_000, samples: batches * batchRows });
line('rawBoundSamplesPerSecond', bound, { unit: '1/s', rowsPerCommit: batchRows * 7 });
line('rawBoundSmallCommitsSamplesPerSecond', smallBound, { unit: '1/s', rowsPerCommit: batchRows });
line('ratioToRawBound', once.durable / bound, {});
line('sustainedSamplesPerSecond', tenfold.durable, {
  unit: '1/s',
  samples: batches * batchRows * 10,
  note: 'sealing goes on beside',
});
line('sealedSamplesPerSecond', tenfold.sealed, { unit: '1/s', note: 'from the first append until all is sealed' });
line('growth10x', once.durable / tenfold.durable, { note: 'cost a sample at 10 times the samples; 1 is linear' });
line('rssMb', process.memoryUsage().rss / 1e6, { unit: 'MB' });
