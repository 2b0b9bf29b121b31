import { writeSync } from 'node:fs';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { batchOf, crashLimits } from './history-batches.ts';

/**
 * Child of the crash test: appends batches from the given number on until it is killed, and says which are durable.
 * Sealing and merging run beside by themselves.
 */
const [directory, first] = [process.argv[2]!, Number(process.argv[3])];
const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger, limits: crashLimits });
writeSync(1, 'ready\n');
let next = first;
const run = async () => {
  for (;;) {
    const number = next++;
    await history.append(batchOf(number));
    // A synchronous write: what the parent reads was durable before it.
    writeSync(1, `${number}\n`);
  }
};
await Promise.all([run(), run(), run(), run()]);
