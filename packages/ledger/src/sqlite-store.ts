import type { Clock } from '@deungdae/kernel/clock.ts';
import { backupLedger } from './backup.ts';
import { GroupCommit, type GroupLimits } from './group-commit.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import type { Store } from './store.ts';
import { readingKysely, sqliteWording, transactions } from './store-kysely.ts';
import type { OnReply, Statement, WriteChannel } from './write-channel.ts';

class SqliteWriteChannel implements WriteChannel {
  readonly shared = false;
  readonly queues = true;
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }
  beginTurn(opens: boolean): string[] {
    return opens ? ['BEGIN IMMEDIATE', 'SAVEPOINT one'] : ['SAVEPOINT one'];
  }
  request(work: Statement, options?: { onReply?: OnReply }) {
    return this.#connection.request(work, options);
  }
}

/** One file, one thread that writes and one that reads. */
export class SqliteStore implements Store {
  readonly group: GroupCommit;
  readonly reading: Store['reading'];
  readonly transact: Store['transact'];
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #options: { file: string; clock: Clock };

  constructor(options: { file: string; clock: Clock }, limits: GroupLimits & { statementMs: number }) {
    const { file, clock } = options;
    this.#options = options;
    this.#writer = new SqliteConnection({ file, role: 'write' }, clock, limits.statementMs);
    this.#reader = new SqliteConnection({ file, role: 'read' }, clock, limits.statementMs);
    this.group = new GroupCommit(new SqliteWriteChannel(this.#writer), limits);
    this.transact = transactions(sqliteWording, this.group);
    this.reading = readingKysely(sqliteWording, (sql, parameters) =>
      this.#reader.request({ before: [], sql, parameters, maxRows: limits.rows }),
    );
  }

  async open(): Promise<void> {
    await this.#writer.open();
    await this.#reader.open();
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  backup(file: string): Promise<void> {
    return backupLedger(this.#options.file, file, this.#options.clock);
  }

  async close(): Promise<void> {
    await this.group.close();
    await this.#writer.close();
    await this.#reader.close();
  }
}
