import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BatchBuilder, Quality, type SampleValue } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openHistory } from '../src/open.ts';
import { verifyHistory } from '../src/verify.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const shared = process.env.DEUNGDAE_SHARED_DATA ?? join(repository, '../shared/data');
const folder = join(shared, 'nist-sms/Hurco01');

/** Seven digits of a second occur: rounded to µs. */
function microseconds(iso: string): number {
  const [, whole, fraction] = /^(.*?)(?:\.(\d+))?Z$/.exec(iso)!;
  return Date.parse(`${whole}Z`) * 1000 + Math.round(Number(`0.${fraction ?? 0}`) * 1e6);
}

const skip = existsSync(folder) ? false : `no ${folder}`;

test('a log with a dead clock battery and two clocks keeps every line (shared data: nist-sms)', { skip }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'deungdae-hurco-'));
  try {
    const limits = { upkeepMs: 0, memoryMb: 128 };
    const { history, catalogue } = await openHistory({ directory, clock: systemClock, log: silentLogger, limits });
    const expected = new Map<string, Set<string>>();
    let lines = 0;
    for (const name of readdirSync(folder).sort()) {
      const builder = new BatchBuilder();
      for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
        const [iso, tag, ...rest] = line.split('|');
        if (!iso || !tag) continue;
        lines++;
        const raw = rest.join('|');
        const time = microseconds(iso);
        const gap = raw === 'UNAVAILABLE';
        const value: SampleValue = gap ? null : raw.trim() !== '' && Number.isFinite(Number(raw)) ? Number(raw) : raw;
        const quality = gap ? Quality.gap : Quality.good;
        builder.add((await catalogue.idsOf([`hurco/${tag}`])).get(`hurco/${tag}`)!, time, value, quality);
        if (!expected.has(tag)) expected.set(tag, new Set());
        expected.get(tag)!.add(`${time}|${value}|${quality}`);
      }
      await history.append(builder.take());
      if (lines % 3 === 0) await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
    }
    assert.ok(lines > 30_000, `${lines} lines`);
    await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
    await history.compact();
    const all = { from: 0, to: Date.UTC(2030, 0, 1) * 1000 };
    for (const [tag, keys] of expected) {
      const signal = (await catalogue.idsOf([`hurco/${tag}`])).get(`hurco/${tag}`)!;
      const found = await history.range({ signal, ...all, limit: 1_000_000 });
      assert.deepEqual(new Set(found.map((s) => `${s.time}|${s.value}|${s.quality}`)), keys, tag);
      assert.equal(found.length, keys.size, tag);
    }
    await history.close();
    assert.deepEqual((await verifyHistory(directory)).problems, []);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
