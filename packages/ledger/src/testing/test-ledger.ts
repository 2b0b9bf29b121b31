import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { ModuleMigrations } from '../ledger.ts';
import { type DatabaseLedger, type LedgerLimits, openLedger } from '../open.ts';

export interface TestLedgerOptions {
  modules: readonly ModuleMigrations[];
  clock?: Clock;
  log?: Logger;
  headKey?: string;
  limits?: Partial<LedgerLimits>;
}

/** A ledger of its own for one test. `reopen` is the server started again on the same records; `end` leaves nothing behind. */
export interface TestLedger {
  readonly ledger: DatabaseLedger;
  /** Closes the ledger and opens it again, with other modules if given; `ledger` is the new one afterwards. */
  reopen(modules?: readonly ModuleMigrations[]): Promise<DatabaseLedger>;
  end(): Promise<void>;
}

/**
 * Opens an empty ledger for a test.
 *
 * const test = await openTestLedger({ modules: [{ module: 'people', migrations: peopleMigrations }] });
 * after(() => test.end());
 */
export async function openTestLedger(options: TestLedgerOptions): Promise<TestLedger> {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-ledger-'));
  const open = (modules: readonly ModuleMigrations[]) =>
    openLedger({
      file: join(folder, 'ledger.sqlite'),
      clock: options.clock ?? systemClock,
      log: options.log ?? silentLogger,
      ...options,
      modules,
    });
  let ledger = await open(options.modules);
  return {
    get ledger() {
      return ledger;
    },
    async reopen(modules = options.modules) {
      await ledger.close();
      ledger = await open(modules);
      return ledger;
    },
    async end() {
      await ledger.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
