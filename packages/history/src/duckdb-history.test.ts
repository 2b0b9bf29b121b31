import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { restoreHistory } from './backup.ts';
import { historyContract, tempFolder } from './contract-suite.ts';
import type { History } from './history.ts';
import { openHistory } from './open.ts';

const clock: Clock = { ...systemClock, nowUs: () => Date.UTC(2026, 2, 3) * 1000 };
const limits = { upkeepMs: 0, memoryMb: 128 };

historyContract('DuckDB', async () => {
  const { folder, remove } = await tempFolder();
  const opened: History[] = [];
  const open = async (directory: string) => {
    const made = await openHistory({ directory, clock, log: silentLogger, limits });
    opened.push(made.history);
    return made;
  };
  const first = await open(join(folder, 'history'));
  const ids = await first.catalogue.idsOf(['hanbit/a', 'hanbit/b', 'hanbit/c']);
  const paths = new Map([...ids].map(([path, id]) => [id, path]));
  await mkdir(join(folder, 'out'));
  return {
    history: first.history,
    folder: join(folder, 'out'),
    pathOf: (signal) => paths.get(signal)!,
    reopen: async () => {
      await opened.at(-1)!.close();
      return (await open(join(folder, 'history'))).history;
    },
    restore: async (name) => {
      await restoreHistory(join(folder, 'out', name), join(folder, 'restored'));
      return (await open(join(folder, 'restored'))).history;
    },
    end: async () => {
      for (const history of opened) await history.close();
      await remove();
    },
  };
});
