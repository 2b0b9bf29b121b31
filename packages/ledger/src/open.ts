import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Kysely, Transaction } from 'kysely';
import { backupLedger } from './backup.ts';
import { ledgerError } from './errors.ts';
import {
  ChainAppender,
  type ChainTables,
  chainMigrations,
  HeadMemory,
  noHash,
  queryEvents,
  verifyChain,
} from './event-chain.ts';
import { GroupCommit, type Turn } from './group-commit.ts';
import type { Ledger, ModuleMigrations } from './ledger.ts';
import { migrate } from './migrate.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { readingKysely, writingKysely } from './sqlite-dialect.ts';

export interface LedgerOptions {
  /** The database file; its folder must exist. */
  file: string;
  clock: Clock;
  log: Logger;
  modules: readonly ModuleMigrations[];
  /** Signs the head of the event chain, so that nobody without it can rewrite the tail unseen. */
  headKey?: string;
  limits?: Partial<LedgerLimits>;
}

export interface LedgerLimits {
  /** Transactions waiting for their turn; one more is refused (`ledger.queueFull`). */
  queue: number;
  /** Transactions that share a commit. */
  group: number;
  /** Rows of one result (`ledger.tooManyRows`). */
  rows: number;
  /** One statement (`ledger.statementTimeout`), ms. */
  statementMs: number;
  /** One transaction (`ledger.transactionTimeout`), ms. */
  transactionMs: number;
}
const defaults: LedgerLimits = { queue: 10_000, group: 128, rows: 100_000, statementMs: 30_000, transactionMs: 60_000 };

/** The ledger on its database. `head` names the state of the chain, to be kept outside the machine. */
export interface DatabaseLedger extends Ledger {
  head(): Promise<{ events: number; hash: string }>;
  stats(): { commits: number; waiting: number };
}

/**
 * Opens the ledger of one SQLite file and brings its tables up to date. Throws `ledger.cannotOpen`, `ledger.busy`,
 * `ledger.corrupt`, `ledger.migrationEdited`, `ledger.migrationOrder` or `ledger.fromNewer`.
 */
export async function openLedger(options: LedgerOptions): Promise<DatabaseLedger> {
  const limits = { ...defaults, ...options.limits };
  const { file, clock } = options;
  const writer = new SqliteConnection({ file, role: 'write' }, clock, limits.statementMs);
  const reader = new SqliteConnection({ file, role: 'read' }, clock, limits.statementMs);
  const ledger = new SqliteEngine(options, limits, writer, reader);
  try {
    await writer.open();
    await reader.open();
    const done = await ledger.migrate([chainMigrations, ...options.modules]);
    if (done.length > 0) options.log.info({ migrations: done }, 'ledger tables brought up to date');
  } catch (error) {
    await ledger.close();
    throw error;
  }
  return ledger;
}

class SqliteEngine implements DatabaseLedger {
  readonly #options: LedgerOptions;
  readonly #limits: LedgerLimits;
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #group: GroupCommit;
  readonly #heads: HeadMemory;
  // biome-ignore lint/suspicious/noExplicitAny: each caller names the tables it uses
  readonly #reading: Kysely<any>;
  readonly #inside = new AsyncLocalStorage<{ open: boolean }>();

  constructor(options: LedgerOptions, limits: LedgerLimits, writer: SqliteConnection, reader: SqliteConnection) {
    this.#options = options;
    this.#limits = limits;
    this.#writer = writer;
    this.#reader = reader;
    this.#group = new GroupCommit(writer, limits);
    this.#heads = new HeadMemory(() => this.#group.undone);
    this.#reading = readingKysely(reader, limits.rows);
  }

  async transaction<Tables, T>(
    work: (
      db: Transaction<Tables>,
      emit: (event: Parameters<ChainAppender['append']>[0]) => ReturnType<ChainAppender['append']>,
    ) => Promise<T>,
  ): Promise<T> {
    if (this.#inside.getStore()?.open) throw ledgerError('ledger.nested');
    const { clock, headKey } = this.#options;
    const state = { open: true };
    const expired = Promise.withResolvers<never>();
    expired.promise.catch(() => undefined);
    let cancelTimer = () => {};
    const onTurn = (turn: Turn) => {
      cancelTimer = clock.after(this.#limits.transactionMs, () => {
        const error = ledgerError('ledger.transactionTimeout', { limitMs: this.#limits.transactionMs });
        turn.reason = error;
        expired.reject(error);
        this.#group.finish(turn, false).catch(() => undefined);
      });
    };
    const done = this.#inside.run(state, () =>
      writingKysely(this.#group, onTurn)
        .transaction()
        .execute(async (db) => {
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
    return this.#reading as Kysely<Tables>;
  }

  events(query: { limit: number; before?: string; subject?: string; type?: string }) {
    return queryEvents(this.#reading, { ...query, limit: Math.min(query.limit, this.#limits.rows) });
  }

  verify(progress?: (share: number) => void) {
    return verifyChain(this.#reading, this.#options.headKey ?? null, progress);
  }

  async head(): Promise<{ events: number; hash: string }> {
    const head = await this.read<ChainTables>().selectFrom('event_head').selectAll().executeTakeFirst();
    return { events: head?.count ?? 0, hash: head?.hash ?? noHash };
  }

  stats() {
    return { commits: this.#group.commits, waiting: this.#group.waiting };
  }

  backup(file: string): Promise<void> {
    return backupLedger(this.#options.file, file, this.#options.clock);
  }

  migrate(modules: readonly ModuleMigrations[]): Promise<string[]> {
    return migrate(
      (work) => this.transaction(work),
      this.#reading,
      modules,
      () => this.#options.clock.nowUs(),
    );
  }

  async close(): Promise<void> {
    await this.#group.close();
    await this.#writer.close();
    await this.#reader.close();
  }
}
