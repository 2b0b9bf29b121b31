import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { openLedger } from '../src/open.ts';
import { killMigrations } from './kill-tables.ts';

const kills = Number(process.env.DEUNGDAE_KILLS ?? 4);

test(`killed ${kills} times (kill -9): what was acknowledged is there, once, whole, and chained`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-kill-'));
  const file = join(folder, 'ledger.db');
  const random = seededRandom(7);
  const told: string[] = [];
  try {
    for (let run = 0; run < kills; run++) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-child.ts'), file, String(run)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout });
      let ready = () => {};
      const started = new Promise<void>((resolve) => {
        ready = resolve;
      });
      lines.on('line', (line) => {
        if (line === 'ready') ready();
        else told.push(line);
      });
      const ended = once(child, 'exit').then(([code]) => assert.fail(`child ended by itself: ${code}`));
      await Promise.race([started, ended]);
      await wait(random.int(5, 250));
      const gone = once(lines, 'close');
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      await gone;
    }
    const ledger = await openLedger({ file, clock: systemClock, log: silentLogger, modules: [killMigrations] });
    const rows: { id: string; part: number }[] = [];
    const db = ledger.read<{ kept: { id: string; part: number } }>();
    for (let offset = 0; ; offset += 50_000) {
      const page = await db
        .selectFrom('kept')
        .selectAll()
        .orderBy('id')
        .orderBy('part')
        .limit(50_000)
        .offset(offset)
        .execute();
      rows.push(...page);
      if (page.length < 50_000) break;
    }
    const parts = new Map<string, number>();
    for (const row of rows) parts.set(row.id, (parts.get(row.id) ?? 0) + row.part);
    const lost = told.filter((id) => !parts.has(id));
    const halves = [...parts].filter(([, sum]) => sum !== 3);
    const verdict = await ledger.verify();
    assert.deepEqual({ lost: lost.length, halves: halves.length }, { lost: 0, halves: 0 });
    assert.equal(new Set(told).size, told.length);
    assert.deepEqual(verdict, { ok: true, events: parts.size, firstBroken: null });
    assert.ok(told.length > kills * 5, `only ${told.length} acknowledged`);
    console.log(`# ${kills} kills, ${told.length} acknowledged, ${parts.size} stored, lost 0, halves 0`);
    await ledger.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
