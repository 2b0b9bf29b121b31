import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { formatCondition } from '@deungdae/contracts/condition.ts';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { emptyPlace, testEngine } from '@deungdae/ledger/testing/test-ledger.ts';
import { alarmMigrations, openAlarms } from '../src/module.ts';
import { MemoryHistory, MemoryStream, plantOf } from './fixtures.ts';

const root = process.env.DEUNGDAE_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const folder = join(root, 'nist-sms/GFAgie01');
const absent = existsSync(folder) ? false : `no shared data at ${folder}`;
const tags = ['system', 'logic', 'motion', 'servo', 'comms', 'pneumatic', 'hydraulic', 'cnc_temp'];
const caller: Caller = { userId: 'u', name: 'u', role: 'engineer', language: 'en', via: 'session' };

/** Microseconds of the log's time, from its digits. */
function timeOf(text: string): number {
  const [, whole, fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(text)!;
  return Date.parse(`${whole}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

interface Line {
  tag: string;
  time: number;
  level: string;
  code: string;
  text: string;
}

function readLines(): Line[] {
  const lines: Line[] = [];
  for (const file of readdirSync(folder).sort())
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const [at, tag, level, code, , , text] = line.split('|');
      if (text === undefined || !tags.includes(tag!)) continue;
      lines.push({ tag: tag!, time: timeOf(at!), level: level!.toUpperCase(), code: code!, text });
    }
  return lines;
}

/** Straight from the text: for each tag in time order, how long each code is known to stand; µs. */
function byHand(lines: readonly Line[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const tag of tags) {
    const mine = lines.filter((l) => l.tag === tag).sort((a, b) => a.time - b.time);
    const since = new Map<string, number>();
    const end = (code: string, time: number) => {
      if (!since.has(code)) return;
      const key = `${tag}/${code}`;
      sums.set(key, (sums.get(key) ?? 0) + time - since.get(code)!);
      since.delete(code);
    };
    for (const l of mine) {
      if (l.level === 'FAULT' || l.level === 'WARNING') {
        if (!since.has(l.code)) since.set(l.code, l.time);
      } else if (l.level === 'NORMAL' && l.code !== '') end(l.code, l.time);
      else for (const code of [...since.keys()]) end(code, l.time);
    }
    assert.equal(since.size, 0, 'nothing stands at the end of the log');
  }
  return sums;
}

test('conditions of a real machine become alarms with the right durations (shared data: nist-sms)', {
  skip: absent,
}, async () => {
  const lines = readLines();
  const dir = await mkdtemp(join(tmpdir(), 'deungdae-alarms-'));
  const ledger = await openLedger({
    ...(await emptyPlace(testEngine())),
    clock: systemClock,
    log: silentLogger,
    modules: [{ module: 'alarms', migrations: alarmMigrations }],
  });
  const history = new MemoryHistory();
  const stream = new MemoryStream(history);
  const alarms = await openAlarms({
    ledger,
    history: history.asHistory(),
    stream: stream.asStream(),
    clock: systemClock,
    log: silentLogger,
    plant: plantOf(
      tags.map((name, id) => ({
        id,
        name,
        kind: 'condition' as const,
        rules: [{ id: 'c', type: 'condition' as const }],
      })),
    ),
  });
  const play = async () => {
    for (let i = 0; i < lines.length; i += 500) {
      const batch = new BatchBuilder();
      for (const l of lines.slice(i, i + 500)) {
        const text = formatCondition({
          level: l.level as 'NORMAL',
          nativeCode: l.code,
          nativeSeverity: '',
          qualifier: '',
          text: l.text,
        });
        batch.addText(tags.indexOf(l.tag), l.time, text, l.level === 'UNAVAILABLE' ? 3 : 0);
      }
      stream.push(batch.take());
    }
    await alarms.settled();
  };
  const report = () =>
    alarms.handlers.alarmKpis!(
      {
        params: undefined,
        body: undefined,
        query: { from: lines[0]!.time, to: lines[0]!.time + 300 * 86_400_000_000 },
      },
      caller,
    );
  try {
    await play();
    const kpis = await report();
    const expected = byHand(lines);
    const found = new Map(
      kpis.pareto.map((p) => [p.rule.replace(/^.*\/(\w+)#c\//, '$1/'), Math.round(p.activeMs * 1000)] as const),
    );
    const inWindow = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(
      [...found].sort(([a], [b]) => (a < b ? -1 : 1)),
      inWindow,
    );
    assert.ok(kpis.total > 300, `${kpis.total} alarms`);
    console.log(
      `# ${lines.length} condition lines, ${kpis.total} alarms, ${kpis.pareto.length} codes, ${alarms.stats().lateSamples} late`,
    );
    await play();
    assert.deepEqual(await report(), kpis, 'replayed a second time, nothing changes');
  } finally {
    await alarms.close();
    await ledger.close();
    await rm(dir, { recursive: true, force: true });
  }
});
