import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openHistory } from '../src/open.ts';

/**
 * Child of the full-disk test: appends until its files may not grow, says so, tries the same batch again until it
 * works, appends some more, and prints what it finds in the end.
 */
const { history } = await openHistory({
  directory: process.argv[2]!,
  clock: systemClock,
  log: silentLogger,
  limits: { upkeepMs: 0 },
});
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
const rows = 20_000;

function batch(n: number) {
  const builder = new BatchBuilder(rows);
  for (let i = 0; i < rows; i++) builder.addNumber(1, (n * rows + i) * 1_000_000, Math.random());
  return builder.take();
}

let failures = 0;
let acknowledged = 0;
let after = 0;
for (let n = 0; after < 5; ) {
  try {
    await history.append(batch(n));
    acknowledged++;
    n++;
    if (failures > 0) after++;
  } catch (error) {
    failures++;
    if (failures === 1) {
      say({
        code: error instanceof CodedError ? error.code : String(error),
        acknowledged,
        latest: history.latest().length,
      });
      // Reading goes on while the disk is full.
      say({ readable: (await history.range({ signal: 1, from: 0, to: 10_000_000 })).length });
    }
    if (failures > 200) throw error;
    // Random values differ at each try: a failed try must leave nothing behind, else samples double.
    await sleep(20);
  }
}
const [bucket] = await history.buckets({ signal: 1, from: 0, to: 1e13, width: 1 });
await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
say({ expected: acknowledged * rows, hot: bucket?.count, sealed: (await history.stats()).samples });
await history.close();
