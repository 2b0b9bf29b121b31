import { AsyncLocalStorage } from 'node:async_hooks';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Kysely, Transaction } from 'kysely';
import { ledgerError } from './errors.ts';
import {
  ChainAppender,
  type ChainTables,
  chainMigrations,
  followEvents,
  HeadMemory,
  noHash,
  queryEvents,
  verifyChain,
} from './event-chain.ts';
import type { Turn } from './group-commit.ts';
import type { ModuleMigrations } from './ledger.ts';
import { migrate } from './migrate.ts';
import type { DatabaseLedger, LedgerLimits, LedgerOptions, LedgerSettings } from './options.ts';

export type { DatabaseLedger, LedgerLimits, LedgerOptions, LedgerPlace } from './options.ts';

import { SqliteStore } from './sqlite-store.ts';
import type { Store, Work } from './store.ts';

const defaults: LedgerLimits = { queue: 10_000, group: 128, rows: 100_000, statementMs: 30_000, transactionMs: 60_000 };
/** Times a transaction runs that another program's locks stand against, and the first wait between two of them, ms. */
const attempts = 5;
const firstWaitMs = 20;

/**
 * Opens the ledger of one database and brings its tables up to date. Throws `ledger.cannotOpen`, `ledger.busy`,
 * `ledger.corrupt`, `ledger.migrationEdited`, `ledger.migrationOrder` or `ledger.fromNewer`; on PostgreSQL also
 * `ledger.badAddress`, `ledger.unreachable`, `ledger.login`, `ledger.noDatabase`, `ledger.noRights`,
 * `ledger.serverTooOld` and `ledger.encoding`.
 */
export async function openLedger(options: LedgerOptions): Promise<DatabaseLedger> {
  const limits = { ...defaults, ...options.limits };
  const { clock, log } = options;
  const store: Store =
    'url' in options
      ? new (await import('./postgres-store.ts')).PostgresStore(
          { url: options.url, clock, log },
          limits,
          async (file) => {
            const { backupPostgres } = await import('./copy-ledger.ts');
            await backupPostgres(openLedger, { ...options, from: { url: options.url }, to: { file } });
          },
        )
      : new SqliteStore({ file: options.file, clock }, limits);
  const ledger = new LedgerEngine(options, limits, store);
  try {
    await store.open();
    const done = await store.alone(() => ledger.migrate([chainMigrations, ...options.modules]));
    if (done.length > 0) log.info({ migrations: done }, 'ledger tables brought up to date');
  } catch (error) {
    await ledger.close();
    throw error;
  }
  return ledger;
}

class LedgerEngine implements DatabaseLedger {
  readonly #options: LedgerSettings;
  readonly #limits: LedgerLimits;
  readonly #store: Store;
  readonly #heads: HeadMemory;
  readonly #inside = new AsyncLocalStorage<{ open: boolean }>();

  constructor(options: LedgerSettings, limits: LedgerLimits, store: Store) {
    this.#options = options;
    this.#limits = limits;
    this.#store = store;
    this.#heads = new HeadMemory(() => store.group.undone);
  }

  async transaction<Tables, T>(work: Work<Tables, T>): Promise<T> {
    if (this.#inside.getStore()?.open) throw ledgerError('ledger.nested');
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== 'ledger.conflict' || attempt === attempts) throw error;
        this.#options.log.warn({ attempt, error: error.message }, 'transaction runs again');
        // By chance half to one and a half times as long, so that two who met do not meet again.
        await this.#options.clock.sleep(firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  async #once<Tables, T>(work: Work<Tables, T>): Promise<T> {
    const { clock, headKey } = this.#options;
    const { group } = this.#store;
    const state = { open: true };
    const expired = Promise.withResolvers<never>();
    expired.promise.catch(() => undefined);
    let cancelTimer = () => {};
    const onTurn = (turn: Turn) => {
      cancelTimer = clock.after(this.#limits.transactionMs, () => {
        const error = ledgerError('ledger.transactionTimeout', { limitMs: this.#limits.transactionMs });
        turn.reason = error;
        expired.reject(error);
        group.finish(turn, false).catch(() => undefined);
      });
    };
    const done = this.#inside.run(state, () =>
      this.#store.transact(onTurn, async (db) => {
        const chain = new ChainAppender(
          db as Transaction<ChainTables>,
          () => clock.nowUs(),
          headKey ?? null,
          this.#heads,
        );
        const result = await work(db as Transaction<Tables>, (event) => chain.append(event));
        await chain.finish();
        cancelTimer();
        state.open = false;
        return result;
      }),
    );
    done.catch(() => undefined);
    try {
      return await Promise.race([done, expired.promise]);
    } finally {
      cancelTimer();
      state.open = false;
    }
  }

  read<Tables>(): Kysely<Tables> {
    return this.#store.reading as Kysely<Tables>;
  }

  events(query: { limit: number; before?: string; subject?: string; type?: string }) {
    return queryEvents(this.#store.reading, { ...query, limit: Math.min(query.limit, this.#limits.rows) });
  }

  eventsAfter(after: string | null, limit: number) {
    return followEvents(this.#store.reading, after, Math.min(limit, this.#limits.rows));
  }

  verify(progress?: (share: number) => void) {
    return verifyChain(this.#store.reading, this.#options.headKey ?? null, progress);
  }

  async head(): Promise<{ events: number; hash: string }> {
    const head = await this.read<ChainTables>().selectFrom('event_head').selectAll().executeTakeFirst();
    return { events: head?.count ?? 0, hash: head?.hash ?? noHash };
  }

  stats() {
    return { commits: this.#store.group.commits, waiting: this.#store.group.waiting };
  }

  backup(file: string): Promise<void> {
    return this.#store.backup(file);
  }

  migrate(modules: readonly ModuleMigrations[]): Promise<string[]> {
    return migrate(
      (work) => this.transaction(work),
      this.#store.reading,
      modules,
      () => this.#options.clock.nowUs(),
    );
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
