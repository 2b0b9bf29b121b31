import { resolve } from 'node:path';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { Catalogue } from './catalogue.ts';
import { openCore } from './core.ts';
import { DuckDbHistory } from './engine.ts';
import type { History, SignalCatalogue } from './history.ts';
import { defaultLimits, type HistoryLimits } from './limits.ts';

/**
 * Opens (or makes) the history in `directory`; one process at a time. Closing the history closes the catalogue too.
 * Throws `history.locked` when another process has it, `history.cannotOpen` when the file cannot be used.
 */
export async function openHistory(options: {
  directory: string;
  clock: Clock;
  log: Logger;
  limits?: Partial<HistoryLimits>;
}): Promise<{ history: History; catalogue: SignalCatalogue }> {
  const limits = { ...defaultLimits, ...options.limits };
  const directory = resolve(options.directory);
  const log = options.log.child({ part: 'history' });
  const core = await openCore(directory, limits, options.clock, log);
  const catalogue = new Catalogue(() => history.core.database, log);
  const history = new DuckDbHistory(core, directory, limits, options.clock, log, () => catalogue.close());
  await catalogue.load();
  return { history, catalogue };
}
