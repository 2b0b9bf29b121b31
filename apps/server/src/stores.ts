import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alarmMigrations } from '@deungdae/alarms/module.ts';
import { equipmentMigrations } from '@deungdae/equipment/module.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { identityMigrations } from '@deungdae/identity/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { serverError } from './errors.ts';
import { shopFloorMigrations } from './shop-floor.ts';

/** The two stores of a plant, with every module's tables. */
export async function openStores(options: { dataDir: string; clock: Clock; log: Logger }) {
  const { clock, log } = options;
  const { history, catalogue } = await openHistory({
    directory: join(options.dataDir, 'history'),
    clock,
    log: log.child({ part: 'history' }),
  });
  try {
    const ledger = await openLedger({
      file: join(options.dataDir, 'ledger.sqlite'),
      clock,
      log: log.child({ part: 'ledger' }),
      modules: [
        { module: 'identity', migrations: identityMigrations },
        { module: 'equipment', migrations: equipmentMigrations },
        { module: 'alarms', migrations: alarmMigrations },
        ...shopFloorMigrations,
      ],
    });
    return { history, catalogue, ledger };
  } catch (error) {
    await history.close();
    throw error;
  }
}

/** A misspelt folder must not be answered with a new, empty plant. Throws `server.noData`. */
export function requireData(dataDir: string): void {
  if (!existsSync(join(dataDir, 'ledger.sqlite')) || !existsSync(join(dataDir, 'history')))
    throw serverError('server.noData', { directory: resolve(dataDir) });
}

/** For commands on a plant that does not run now. */
export async function withStores<T>(
  dataDir: string,
  work: (stores: Awaited<ReturnType<typeof openStores>>) => Promise<T>,
): Promise<T> {
  requireData(dataDir);
  const stores = await openStores({
    dataDir: resolve(dataDir),
    clock: systemClock,
    log: createLogger({ level: 'warn' }),
  });
  try {
    return await work(stores);
  } finally {
    await stores.ledger.close();
    await stores.history.close();
  }
}
