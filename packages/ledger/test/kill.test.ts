import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { until } from '@deungdae/testing/until.ts';
import { type DatabaseLedger, openLedger } from '../src/open.ts';
import { postgresqlAbsence } from '../src/testing/private-postgresql.ts';
import { emptyPlace, type TestEngine } from '../src/testing/test-ledger.ts';
import { killMigrations } from './kill-tables.ts';

const kills = Number(process.env.DEUNGDAE_KILLS ?? 4);

for (const engine of ['sqlite', 'postgresql'] as const) {
  const skip = (engine === 'postgresql' && postgresqlAbsence()) || false;
  if (skip) console.log(`# skipped on PostgreSQL: ${skip}`);
  const name = `${engine}, killed ${kills} times (kill -9): what was acknowledged is there, once, whole, and chained`;
  test(name, { skip }, () => killed(engine));
}

async function killed(engine: TestEngine): Promise<void> {
  const place = await emptyPlace(engine);
  const random = seededRandom(7);
  const told: string[] = [];
  let ledger: DatabaseLedger | null = null;
  try {
    for (let run = 0; run < kills; run++) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'kill-child.ts'), JSON.stringify(place), String(run)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
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
      const before = told.length;
      await until(() => told.length >= before + 8, 'a few acknowledged', 30_000);
      await wait(random.int(0, 200));
      const gone = once(lines, 'close');
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      await gone;
    }
    ledger = await openLedger({ ...place, clock: systemClock, log: silentLogger, modules: [killMigrations] });
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
    console.log(`# ${engine}: ${kills} kills, ${told.length} acknowledged, ${parts.size} stored, lost 0, halves 0`);
  } finally {
    await ledger?.close();
    if ('file' in place) await rm(dirname(place.file), { recursive: true, force: true });
  }
}
