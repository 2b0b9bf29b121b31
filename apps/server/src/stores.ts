import { join, resolve } from 'node:path';
import { alarmMigrations } from '@deungdae/alarms/module.ts';
import { equipmentMigrations } from '@deungdae/equipment/module.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { identityMigrations } from '@deungdae/identity/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import type { ModuleMigrations } from '@deungdae/ledger/ledger.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { ledgerPlace, rememberPlace, requireData } from './ledger-place.ts';
import { shopFloorMigrations } from './shop-floor.ts';

export const ledgerModules: readonly ModuleMigrations[] = [
  { module: 'identity', migrations: identityMigrations },
  { module: 'equipment', migrations: equipmentMigrations },
  { module: 'alarms', migrations: alarmMigrations },
  ...shopFloorMigrations,
];

/** The two stores of a plant, with every module's tables. `ledger` is the setting of `ledgerPlace`. */
export async function openStores(options: { dataDir: string; ledger?: string; clock: Clock; log: Logger }) {
  const { clock, log } = options;
  const place = ledgerPlace(options.dataDir, options.ledger);
  const { history, catalogue } = await openHistory({
    directory: join(options.dataDir, 'history'),
    clock,
    log: log.child({ part: 'history' }),
  });
  try {
    const ledger = await openLedger({
      ...place,
      clock,
      log: log.child({ part: 'ledger' }),
      modules: ledgerModules,
    });
    rememberPlace(options.dataDir, place);
    return { history, catalogue, ledger };
  } catch (error) {
    await history.close();
    throw error;
  }
}

/** For commands on a plant that does not run now. */
export async function withStores<T>(
  dataDir: string,
  work: (stores: Awaited<ReturnType<typeof openStores>>) => Promise<T>,
  ledger?: string,
): Promise<T> {
  requireData(dataDir, ledgerPlace(dataDir, ledger));
  const stores = await openStores({
    dataDir: resolve(dataDir),
    ...(ledger ? { ledger } : {}),
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
