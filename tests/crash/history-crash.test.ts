import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { History } from '@deungdae/history/history.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { verifyHistory } from '@deungdae/history/verify.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { batchUs, batchValue, crashLimits, dayUs, rowsPerBatch, signals, start, timeOf } from './history-batches.ts';

const kills = Number(process.env.DEUNGDAE_KILLS ?? 12);
const writer = fileURLToPath(new URL('./history-writer.ts', import.meta.url));
const inFlight = 4;
const perSignal = rowsPerBatch / signals;
const everything = { from: start - 86_400_000_000, to: start + 400 * 86_400_000_000 };

test(`kill -9 of the history's process, ${kills} times: nothing acknowledged is lost, nothing is there twice`, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'deungdae-crash-'));
  const acked = new Set<number>();
  const present = new Set<number>();
  const figures = { lost: 0, repeated: 0, unacknowledgedKept: 0, reopenMsMax: 0 };
  let next = 0;
  try {
    for (let kill = 0; kill < kills; kill++) {
      const fresh = await runAndKill(directory, next, 20 + Math.random() * 400);
      for (const number of fresh) acked.add(number);
      const before = performance.now();
      const history = await open(directory);
      figures.reopenMsMax = Math.max(figures.reopenMsMax, performance.now() - before);
      // Batches in flight at the kill may be there whole or not at all; they are sent again, as a connector would.
      const top = Math.max(next, ...acked) + inFlight + 1;
      const found = await presentIn(history, next, top);
      for (const number of found) {
        if (!acked.has(number) && !present.has(number)) figures.unacknowledgedKept++;
        present.add(number);
      }
      for (const number of fresh) if (!found.has(number)) figures.lost++;
      figures.repeated += (await countByRollups(history)) - present.size * rowsPerBatch;
      await history.close();
      if (kill % 20 === 19) t.diagnostic(`${kill + 1} kills, ${acked.size} batches acknowledged`);
      next = firstMissing(acked);
    }
    const history = await open(directory);
    await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
    await history.compact();
    await checkAll(history, present);
    const stats = await history.stats();
    assert.equal(stats.samples, present.size * rowsPerBatch);
    await history.close();
    const report = await verifyHistory(directory);
    assert.deepEqual(report.problems, []);
    t.diagnostic(JSON.stringify({ kills, acknowledged: acked.size * rowsPerBatch, ...figures, files: report.files }));
    assert.equal(figures.lost, 0);
    assert.equal(figures.repeated, 0);
    assert.ok(acked.size > kills, 'the writer got somewhere between kills');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

async function open(directory: string): Promise<History> {
  const limits = { ...crashLimits, upkeepMs: 0 };
  return (await openHistory({ directory, clock: systemClock, log: silentLogger, limits })).history;
}

function firstMissing(acked: ReadonlySet<number>): number {
  let n = 0;
  while (acked.has(n)) n++;
  return n;
}

/** Numbers that the writer acknowledged before it was killed `ms` after it began to append. */
async function runAndKill(directory: string, first: number, ms: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, directory, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (part: string) => {
    out += part;
    if (out.startsWith('ready\n')) timer ??= setTimeout(() => child.kill('SIGKILL'), ms);
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (code, by) => resolve([code, by])),
  );
  clearTimeout(timer);
  assert.equal(signal, 'SIGKILL', `the writer ended by itself: ${out.slice(0, 500)}`);
  return out.split('\n').slice(1, -1).map(Number);
}

/** The batches of [from, to) that are there; one that is there by half fails the test. */
async function presentIn(history: History, from: number, to: number): Promise<Set<number>> {
  const times: Set<number>[] = [new Set()];
  for (let signal = 1; signal <= signals; signal++) {
    const held = new Set<number>();
    for (const late of [dayUs - 1, 0]) {
      const span = { from: start + dayUs + from * batchUs - late, to: start + dayUs + to * batchUs - late };
      for (const row of await history.range({ signal, ...span, limit: 1_000_000 })) held.add(row.time);
    }
    times.push(held);
  }
  const present = new Set<number>();
  for (let batch = from; batch < to; batch++) {
    let found = 0;
    for (let row = 0; row < rowsPerBatch; row++) if (times[1 + (row % signals)]!.has(timeOf(batch, row))) found++;
    assert.ok(found === 0 || found === rowsPerBatch, `batch ${batch} is there by half: ${found}`);
    if (found > 0) present.add(batch);
  }
  return present;
}

/** Counts add up over files without looking for repeats: a sample sealed twice would count twice. */
async function countByRollups(history: History): Promise<number> {
  let count = 0;
  for (let signal = 1; signal <= signals; signal++)
    for (const bucket of await history.buckets({ signal, ...everything, width: 1 })) count += bucket.count;
  return count;
}

async function checkAll(history: History, present: ReadonlySet<number>): Promise<void> {
  for (let signal = 1; signal <= signals; signal++) {
    const expected = new Map<number, number>();
    for (const batch of present)
      for (let row = signal - 1; row < rowsPerBatch; row += signals)
        expected.set(timeOf(batch, row), batchValue(batch, row));
    assert.equal(expected.size, present.size * perSignal);
    const rows = await history.range({ signal, ...everything, limit: 1_000_000 });
    assert.equal(rows.length, expected.size);
    for (const row of rows) assert.equal(row.value, expected.get(row.time));
  }
}
