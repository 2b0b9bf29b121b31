import type { Clock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { ledgerError } from './errors.ts';
import { GroupCommit, type GroupLimits } from './group-commit.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { postgresWording } from './postgres-wording.ts';
import type { Store } from './store.ts';
import { readingKysely, transactions } from './store-kysely.ts';
import type { OnReply, Reply, Statement, WriteChannel } from './write-channel.ts';

/** Keys of PostgreSQL's advisory locks, one number space for each database: "deung" and "deunh" in ASCII. */
const writerLock = 0x6465756e67;
const migrationLock = 0x6465756e68;
const readers = 4;

/**
 * Transactions of all servers on one database run one after the other, as on SQLite: each group holds an advisory lock
 * until its commit. So a transaction that reads and then writes needs no locks of its own, the event chain has one
 * order, and nobody is chosen as a deadlock's victim. PostgreSQL gives the lock in the order of asking.
 */
class PostgresWriteChannel implements WriteChannel {
  readonly shared = true;
  /** Each statement has a savepoint of its own. */
  readonly queues = false;
  readonly #connection: PostgresConnection;
  /** Whether something was written since the last savepoint `step`. */
  #dirty = false;
  #xid = '';
  /** The connection that the open transaction is on. */
  #session = -1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
  }

  beginTurn(opens: boolean): string[] {
    const begin = ['BEGIN', `SELECT pg_advisory_xact_lock(${writerLock})`, 'SELECT pg_current_xact_id()::text AS xid'];
    return [...(opens ? begin : []), 'SAVEPOINT one', 'SAVEPOINT step'];
  }

  /** One after the other: a rollback of a transaction whose time is over must not come between the parts of a request. */
  request(work: Statement, options: { onReply?: OnReply } = {}): Promise<Reply> {
    const done = this.#last.then(() => this.#one(work, options));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #one(work: Statement, options: { onReply?: OnReply }): Promise<Reply> {
    let open = false;
    try {
      const reply = await this.#request(work);
      open = true;
      return reply;
    } catch (error) {
      open = await this.#recovered(error);
      throw error;
    } finally {
      options.onReply?.(open, false);
    }
  }

  async #request(work: Statement): Promise<Reply> {
    const before = [...work.before];
    // A failed statement ends PostgreSQL's transaction up to a savepoint; this one lets the caller go on, as on SQLite.
    if (work.sql !== null && this.#dirty && before.length === 0) before.push('RELEASE step', 'SAVEPOINT step');
    if (before.length > 0) {
      await this.#script(before);
      this.#dirty = false;
    }
    if (work.sql === null) return { rows: [], changes: null, insertId: null };
    const reply = await this.#connection.query(work.sql, work.parameters, work.maxRows, this.#session);
    if (!/^\s*select\b/i.test(work.sql)) this.#dirty = true;
    return reply;
  }

  async #script(statements: string[]): Promise<void> {
    const commits = statements.includes('COMMIT');
    try {
      const begins = statements[0] === 'BEGIN';
      const results = begins ? await this.#begin(statements) : await this.#connection.script(statements, this.#session);
      if (begins) this.#session = this.#connection.session;
      for (const result of results) this.#xid = result.rows[0]?.xid ?? this.#xid;
      if (commits && results.at(-1)?.command !== 'COMMIT')
        throw ledgerError('ledger.connectionLost', {}, { status: 503 });
    } catch (error) {
      if (!commits || (error as CodedError).code !== 'ledger.connectionLost') throw error;
      const outcome = await this.#connection.outcome(this.#xid);
      if (outcome === 'unknown') throw ledgerError('ledger.outcomeUnknown', {}, { status: 503, cause: error });
      if (outcome === 'aborted') throw error;
    }
  }

  /** A connection that died in its sleep shows only now, when there is nothing to lose yet. */
  async #begin(statements: string[]) {
    try {
      return await this.#connection.script(statements);
    } catch (error) {
      if ((error as CodedError).code !== 'ledger.connectionLost') throw error;
      return await this.#connection.script(statements);
    }
  }

  /** Back to where the failed statement began. Whether the transaction still stands. */
  async #recovered(error: unknown): Promise<boolean> {
    const code = error instanceof CodedError ? error.code : '';
    if (code === 'ledger.connectionLost' || code === 'ledger.outcomeUnknown') return false;
    const status = await this.#connection.status();
    if (status !== 'E') return status === 'T';
    for (const way of ['ROLLBACK TO step', 'ROLLBACK']) {
      try {
        await this.#connection.script([way], this.#session);
        this.#dirty = false;
        return way !== 'ROLLBACK';
      } catch {
        // No such savepoint yet: the whole transaction is undone then.
      }
    }
    return false;
  }
}

export class PostgresStore implements Store {
  readonly group: GroupCommit;
  readonly reading: Store['reading'];
  readonly transact: Store['transact'];
  readonly backup: Store['backup'];
  readonly #writer: PostgresConnection;
  readonly #readers: PostgresConnection[];
  readonly #options: { url: string; clock: Clock; log: Logger };

  constructor(
    options: { url: string; clock: Clock; log: Logger },
    limits: GroupLimits & { statementMs: number; transactionMs: number },
    backup: (file: string) => Promise<void>,
  ) {
    this.backup = backup;
    this.#options = options;
    const { statementMs } = limits;
    const idleMs = limits.transactionMs + 30_000;
    const connection = (role: 'write' | 'read') =>
      new PostgresConnection({ url: options.url, role, statementMs, idleMs }, options.clock);
    this.#writer = connection('write');
    this.#readers = Array.from({ length: readers }, () => connection('read'));
    this.group = new GroupCommit(new PostgresWriteChannel(this.#writer), limits);
    this.transact = transactions(postgresWording, this.group);
    this.reading = readingKysely(postgresWording, (sql, parameters) => this.#read(sql, parameters, limits.rows));
  }

  async open(): Promise<void> {
    const { fsync } = await this.#writer.open();
    if (!fsync)
      this.#options.log.warn(
        { database: this.#writer.where },
        'PostgreSQL runs with fsync off: what is acknowledged may be lost',
      );
    await this.#readers[0]!.open();
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    const { url, clock } = this.#options;
    const holder = new PostgresConnection({ url, role: 'snapshot', statementMs: 600_000, idleMs: 0 }, clock);
    try {
      await holder.script([`SELECT pg_advisory_lock(${migrationLock})`]);
      return await work();
    } finally {
      await holder.close();
    }
  }

  async close(): Promise<void> {
    await this.group.close();
    await Promise.all([this.#writer, ...this.#readers].map((c) => c.close()));
  }

  /** The reader with the least to do. A read that lost its connection is asked once more on a new one. */
  async #read(sql: string, parameters: unknown[], maxRows: number): Promise<Reply> {
    const least = () => this.#readers.reduce((a, b) => (b.pending < a.pending ? b : a));
    try {
      return await least().query(sql, parameters, maxRows);
    } catch (error) {
      if ((error as CodedError).code !== 'ledger.connectionLost') throw error;
      return await least().query(sql, parameters, maxRows);
    }
  }
}
