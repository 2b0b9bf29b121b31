import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { batchOf, Quality, type Sample } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { errorCatalogue } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { tempFolder } from './contract-suite.ts';
import type { HistoryLimits } from './limits.ts';
import { openHistory } from './open.ts';
import { sealedFiles } from './segment-files.ts';
import { verifyHistory } from './verify.ts';

const T0 = Date.UTC(2026, 0, 5) * 1000;

async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const { folder, remove } = await tempFolder();
  try {
    await work(join(folder, 'history'));
  } finally {
    await remove();
  }
}

function open(directory: string, limits: Partial<HistoryLimits> = { upkeepMs: 0 }) {
  return openHistory({ directory, clock: systemClock, log: silentLogger, limits: { memoryMb: 128, ...limits } });
}

function ramp(signal: number, from: number, count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    signal,
    time: T0 + (from + i) * 1_000_000,
    value: from + i,
    quality: Quality.good,
  }));
}

test('a second opener is refused by code: in this process and from another one', () =>
  inFolder(async (directory) => {
    const { history } = await open(directory);
    await assert.rejects(open(directory), { code: 'history.locked' });
    const script = `
      import { openHistory } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)};
      import { systemClock } from '@deungdae/kernel/clock.ts';
      import { silentLogger } from '@deungdae/kernel/log.ts';
      try { await openHistory({ directory: ${JSON.stringify(directory)}, clock: systemClock, log: silentLogger }); }
      catch (error) { console.log(error.code); }`;
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: new URL('.', import.meta.url),
      encoding: 'utf8',
    });
    assert.equal(other.stdout.trim(), 'history.locked', other.stderr);
    await history.close();
    const again = await open(directory);
    await again.history.close();
    await assert.rejects(again.history.append(batchOf(ramp(1, 0, 1))), { code: 'history.closed' });
  }));

test('a folder that is no history is refused with its reason', () =>
  inFolder(async (directory) => {
    const { history } = await open(directory);
    await history.close();
    await writeFile(
      join(directory, 'history.duckdb'),
      'not a database, but long enough to look like a header'.repeat(99),
    );
    await assert.rejects(open(directory), { code: 'history.cannotOpen' });
  }));

test('ids of signals are given once, kept, and written beside the samples', () =>
  inFolder(async (directory) => {
    const first = await open(directory);
    const [a, b] = await Promise.all([
      first.catalogue.idsOf(['p/a', 'p/b']),
      first.catalogue.idsOf(['p/b', 'p/c', "p/it's"]),
    ]);
    assert.equal(a.get('p/b'), b.get('p/b'));
    assert.equal(new Set([...a.values(), ...b.values()]).size, 4);
    await first.history.close();
    assert.ok((await readdir(directory)).includes('signals.parquet'));
    const second = await open(directory);
    assert.deepEqual(await second.catalogue.idsOf(['p/a', 'p/b']), a);
    assert.equal(second.catalogue.pathOf(b.get("p/it's")!), "p/it's");
    const fresh = (await second.catalogue.idsOf(['p/d'])).get('p/d')!;
    assert.ok(![...a.values(), ...b.values()].includes(fresh));
    assert.equal(second.catalogue.all().length, 5);
    await second.history.close();
  }));

test('verify finds a missing, a damaged, a shortened and a foreign file', () =>
  inFolder(async (directory) => {
    const { history } = await open(directory);
    for (let day = 0; day < 4; day++) await history.append(batchOf(ramp(1, day * 86_400, 100)));
    await history.seal({ olderThan: T0 * 2 });
    await history.close();
    assert.deepEqual((await verifyHistory(directory)).problems, []);
    const files = (await sealedFiles(directory)).filter((f) => f.startsWith('raw/')).sort();
    const path = (i: number) => join(directory, 'sealed', files[i]!);
    await rm(path(0));
    await truncate(path(1), 100);
    const { open: openFile } = await import('node:fs/promises');
    const handle = await openFile(path(2), 'r+');
    await handle.write(Buffer.from([255, 254, 253]), 0, 3, 40);
    await handle.close();
    await appendFile(join(directory, 'sealed', 'raw', 'foreign.parquet'), 'x');
    const { problems } = await verifyHistory(directory);
    assert.equal(problems.length, 4, problems.join('\n'));
    assert.match(problems[0]!, /missing/);
    assert.match(problems[1]!, /bytes instead/);
    assert.match(problems[2]!, /checksum/);
    assert.match(problems[3]!, /foreign.*manifest/);
  }));

test('files of an interrupted seal are removed at the next start', () =>
  inFolder(async (directory) => {
    const { history } = await open(directory);
    await history.append(batchOf(ramp(1, 0, 10)));
    await history.seal({ olderThan: T0 * 2 });
    await history.close();
    await writeFile(join(directory, 'sealed', 'raw', '2026-01-05', '99.parquet'), 'left over');
    await writeFile(join(directory, 'tmp', 'raw-100.parquet'), 'left over');
    const again = await open(directory);
    assert.equal((await again.history.range({ signal: 1, from: T0, to: T0 * 2 })).length, 10);
    await again.history.close();
    assert.equal((await sealedFiles(directory)).length, 4);
    assert.deepEqual(await readdir(join(directory, 'tmp')), []);
  }));

test('queries stay right while sealing and merging go on by themselves', () =>
  inFolder(async (directory) => {
    const limits = { upkeepMs: 2, hotRows: 2000, mergeFiles: 3, groupMs: 1 };
    const { history } = await open(directory, limits);
    const total = 30_000;
    let written = 0;
    const writer = (async () => {
      for (; written < total; written += 500) await history.append(batchOf(ramp(1, written, 500)));
    })();
    let checks = 0;
    while (written < total) {
      const floor = written;
      const range = { signal: 1, from: T0, to: T0 + total * 1_000_000 };
      const rows = await history.range(range);
      assert.ok(rows.length >= floor);
      assert.deepEqual(rows.at(-1)?.value ?? -1, rows.length - 1);
      const buckets = await history.buckets({ ...range, width: 10 });
      assert.ok(buckets.reduce((sum, b) => sum + b.count, 0) >= rows.length);
      await history.before(1, range.to);
      checks++;
    }
    await writer;
    assert.ok(checks > 3);
    await history.seal({ olderThan: T0 * 2 });
    const stats = await history.stats();
    assert.equal(stats.sealedSamples, total);
    let files = stats.sealedFiles;
    for (let tries = 0; files > 5 && tries < 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      files = (await history.stats()).sealedFiles;
    }
    assert.ok(files <= 5, `${files} files: merging does its part`);
    await history.close();
    assert.deepEqual((await verifyHistory(directory)).problems, []);
  }));

test('appends wait for sealing when there are too many hot tables, and upkeep beside does not lock them out', () =>
  inFolder(async (directory) => {
    const limits = { upkeepMs: 1, hotRows: 50, hotAgeMs: 1, hotTables: 3, groupMs: 0 };
    const { history } = await open(directory, limits);
    await Promise.all(Array.from({ length: 60 }, (_, i) => history.append(batchOf(ramp(1, i * 100, 100)))));
    for (let i = 60; i < 80; i++) await history.append(batchOf(ramp(1, i * 100, 100)));
    await history.close();
    const again = await open(directory, limits);
    for (let i = 80; i < 100; i++) await again.history.append(batchOf(ramp(1, i * 100, 100)));
    assert.equal((await again.history.range({ signal: 1, from: T0, to: T0 * 2 })).length, 10_000);
    await again.history.close();
  }));

test('what is not sealed goes from memory into the database file, while samples come and are read', () =>
  inFolder(async (directory) => {
    const { history } = await open(directory, { upkeepMs: 5, checkpointMs: 40 });
    const file = join(directory, 'history.duckdb');
    const sizes = new Set<number>();
    for (let i = 0; i < 150; i++) {
      await Promise.all([
        history.append(batchOf(ramp(1, i * 1000, 1000))),
        history.range({ signal: 1, from: T0, to: T0 + 1_000_000_000 }),
      ]);
      sizes.add((await stat(file)).size);
      await systemClock.sleep(4);
    }
    assert.ok(sizes.size > 3, `the file grew ${sizes.size} times`);
    assert.equal((await history.stats()).sealedSamples, 0);
    assert.deepEqual(await history.counts(), [{ signal: 1, samples: 150_000 }]);
    await history.close();
  }));

test('every error text names the same parameters in both languages', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const [code, text] of errorCatalogue()) {
    if (!code.startsWith('history.')) continue;
    assert.deepEqual(holes(text.ko), holes(text.en), code);
    assert.ok(text.doKo && text.doEn);
  }
});
