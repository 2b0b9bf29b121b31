import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';

/** Bytes a sample once sealed and merged, rollups included: a day of a mixed plant, then ten days. */

const dayS = 86_400;
const start = Date.UTC(2026, 0, 5) * 1000;
const line = (figure: string, value: number, extra: object = {}) =>
  console.log(JSON.stringify({ bench: 'history-size', figure, value: Math.round(value * 1000) / 1000, ...extra }));

type Make = (second: number, signal: number) => number | string | null;
const kinds: Record<string, Make> = {
  temperature: (t, s) => Math.round((200 + 3 * Math.sin(t / 900 + s) + Math.random() * 0.4) * 10) / 10,
  power: (t, s) => Math.round((12 + 6 * Math.abs(Math.sin(t / 45 + s)) + Math.random()) * 10) / 10,
  counter: (t) => Math.floor(t / 38),
  running: (t, s) => ((t + s * 977) % 3600 < 3000 ? 1 : 0),
  state: (t, s) => (t % 60 === 0 ? ['READY', 'ACTIVE', 'STOPPED'][(Math.floor(t / 600) + s) % 3]! : null),
};

async function bytesFor(days: number, only?: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-size-'));
  const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger, limits: { upkeepMs: 0 } });
  const makers = Object.entries(kinds).filter(([name]) => !only || name === only);
  let samples = 0;
  for (let day = 0; day < days; day++) {
    for (let from = 0; from < dayS; from += 3600) {
      const builder = new BatchBuilder(4096);
      for (let t = from; t < from + 3600; t++) {
        makers.forEach(([, make], k) => {
          for (let copy = 0; copy < 2; copy++) {
            const value = make(t, copy);
            const jitter = Math.floor(Math.random() * 2000);
            if (value !== null) builder.add(1 + k * 2 + copy, start + (day * dayS + t) * 1e6 + jitter, value);
          }
        });
      }
      samples += builder.length;
      await history.append(builder.take());
      if (from % (6 * 3600) === 0) await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
    }
  }
  await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
  await history.compact();
  await history.close();
  let bytes = 0;
  for (const entry of readdirSync(join(directory, 'sealed'), { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  rmSync(directory, { recursive: true });
  return bytes / samples;
}

for (const name of Object.keys(kinds)) line(`${name}BytesPerSample`, await bytesFor(1, name));
const day = await bytesFor(1);
line('bytesPerSample', day, {
  unit: 'B',
  floor: 3,
  rawBound: 29,
  note: 'raw bound: the columns as the writer gets them',
});
const tenfold = await bytesFor(10);
line('growth10x', tenfold / day, { bytesPerSample: Math.round(tenfold * 1000) / 1000 });
