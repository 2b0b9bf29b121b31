import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { batchOf, type Sample } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { createStream } from '@deungdae/stream/in-process.ts';
import { alarmMigrations, openAlarms } from '../src/module.ts';
import { plantOf, second, t0 } from './fixtures.ts';

/** Gives samples from batch `from` on to the real stream, history and ledger, and tells each batch it was told is durable. */
const [, , directory = '', from = '0', upTo = '0', delay = '0'] = process.argv;
const plant = plantOf([
  { id: 1, name: 'temp', rules: [{ id: 'hot', type: 'high', limit: 100 }] },
  { id: 2, name: 'logic', kind: 'condition', rules: [{ id: 'c', type: 'condition' }] },
  { id: 3, name: 'flow', rules: [{ id: 'low', type: 'low', limit: 5, onDelay: '30s' }] },
]);

function story(i: number): Sample[] {
  const time = t0 + i * 10 * second;
  const level = i % 5 === 0 ? `FAULT|${i % 3}|||x` : i % 5 === 3 ? 'NORMAL||||' : 'NORMAL|1|||';
  return [
    { signal: 1, time, value: i % 3 === 0 ? 105 : 90, quality: 0 },
    { signal: 3, time, value: i % 9 < 5 ? 0 : 9, quality: 0 },
    { signal: 2, time, value: i % 17 === 7 ? 'UNAVAILABLE||||' : level, quality: i % 17 === 7 ? 3 : 0 },
  ];
}

await mkdir(directory, { recursive: true });
const { history } = await openHistory({ directory: join(directory, 'history'), clock: systemClock, log: silentLogger });
const ledger = await openLedger({
  file: join(directory, 'ledger.db'),
  clock: systemClock,
  log: silentLogger,
  modules: [{ module: 'alarms', migrations: alarmMigrations }],
});
const stream = createStream({ history, log: silentLogger });
const alarms = await openAlarms({ ledger, history, stream, clock: systemClock, log: silentLogger, plant });
process.stdout.write('ready\n');
for (let i = Number(from); i < Number(upTo); i++) {
  await stream.ingest(batchOf(story(i)));
  process.stdout.write(`${i}\n`);
  if (delay !== '0') await new Promise((resolve) => setTimeout(resolve, Number(delay)));
}
await stream.drain();
await alarms.settled();
const entries = await alarms.handlers.alarmJournal!(
  { params: undefined, body: undefined, query: { from: 0, to: 9e15, limit: 1000 } },
  { userId: 'u', name: 'u', role: 'engineer', language: 'en', via: 'cli' },
);
process.stdout.write(`journal ${JSON.stringify(entries.map((e) => [e.id, e.from, e.to, e.message]))}\n`);
await alarms.close();
await ledger.close();
await history.close();
