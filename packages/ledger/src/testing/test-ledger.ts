import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { ModuleMigrations } from '../ledger.ts';
import { type DatabaseLedger, type LedgerLimits, type LedgerPlace, openLedger } from '../open.ts';
import { dropDatabase, privatePostgresql } from './private-postgresql.ts';

export type TestEngine = 'sqlite' | 'postgresql';

/** The engine that tests of modules use: DEUNGDAE_TEST_LEDGER, `sqlite` when it is not set. */
export function testEngine(): TestEngine {
  const wanted = process.env.DEUNGDAE_TEST_LEDGER ?? 'sqlite';
  if (wanted !== 'sqlite' && wanted !== 'postgresql')
    throw new Error(`DEUNGDAE_TEST_LEDGER is sqlite or postgresql, not ${wanted}`);
  return wanted;
}

export interface TestLedgerOptions {
  /** Instead of the one of `testEngine`. */
  engine?: TestEngine;
  modules: readonly ModuleMigrations[];
  clock?: Clock;
  log?: Logger;
  headKey?: string;
  limits?: Partial<LedgerLimits>;
}

/** A ledger of its own for one test. `reopen` is the server started again on the same records; `end` leaves nothing behind. */
export interface TestLedger {
  readonly ledger: DatabaseLedger;
  /** For a second ledger on the same records, or for reaching around the ledger. */
  readonly place: LedgerPlace;
  /** Closes the ledger and opens it again, with other modules if given; `ledger` is the new one afterwards. */
  reopen(modules?: readonly ModuleMigrations[]): Promise<DatabaseLedger>;
  end(): Promise<void>;
}

/**
 * Opens an empty ledger for a test, on PostgreSQL in a database of its own in a server of this process.
 *
 * const test = await openTestLedger({ modules: [{ module: 'people', migrations: peopleMigrations }] });
 * after(() => test.end());
 */
export async function openTestLedger(options: TestLedgerOptions): Promise<TestLedger> {
  const place = await emptyPlace(options.engine ?? testEngine());
  const open = (modules: readonly ModuleMigrations[]) =>
    openLedger({ clock: systemClock, log: silentLogger, ...options, ...place, modules });
  let ledger = await open(options.modules);
  return {
    get ledger() {
      return ledger;
    },
    place,
    async reopen(modules = options.modules) {
      await ledger.close();
      ledger = await open(modules);
      return ledger;
    },
    async end() {
      await ledger.close();
      if ('file' in place) await rm(dirname(place.file), { recursive: true, force: true });
      else await dropDatabase(place.url);
    },
  };
}

const folders = new Set<string>();

/** Where an empty ledger can be opened; a file goes with the process at the latest. */
export async function emptyPlace(engine: TestEngine): Promise<LedgerPlace> {
  if (engine === 'postgresql') return { url: await (await privatePostgresql()).createDatabase() };
  if (folders.size === 0)
    process.once('exit', () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-ledger-'));
  folders.add(folder);
  return { file: join(folder, 'ledger.sqlite') };
}
