import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { ledgerError } from './errors.ts';
import type { GroupCommit, Turn } from './group-commit.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { WorkerReply } from './sqlite-worker.ts';

/** SQLite has no booleans; kysely hands values on as they were given. */
function toSqlite(parameters: readonly unknown[]): unknown[] {
  return parameters.map((p) => (typeof p === 'boolean' ? Number(p) : p));
}

function toResult<R>(reply: WorkerReply): QueryResult<R> {
  if (reply.changes === null) return { rows: reply.rows as R[] };
  return { rows: [], numAffectedRows: BigInt(reply.changes), insertId: BigInt(reply.insertId ?? 0) };
}

/** Everything that only SQLite needs; the PostgreSQL engine has its own of this file. */
function dialect(driver: () => Driver): Dialect {
  return {
    createDriver: driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

async function* noStream(): AsyncIterableIterator<never> {
  yield* [];
  throw ledgerError('ledger.statement', { detail: 'streaming is not offered; read page by page' });
}

class WriteConnection implements DatabaseConnection {
  readonly turn: Turn;
  readonly #group: GroupCommit;

  constructor(group: GroupCommit, turn: Turn) {
    this.#group = group;
    this.turn = turn;
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return toResult(await this.#group.run(this.turn, query.sql, toSqlite(query.parameters)));
  }
  streamQuery = noStream;
}

/** Kysely for transactions: the savepoints and the shared commit are in `GroupCommit`. */
// biome-ignore lint/suspicious/noExplicitAny: each caller names the tables it uses
export function writingKysely(group: GroupCommit, onTurn: (turn: Turn) => void): Kysely<any> {
  const finish = (connection: DatabaseConnection, keep: boolean) =>
    group.finish((connection as WriteConnection).turn, keep);
  return new Kysely({
    dialect: dialect(() => ({
      init: async () => {},
      acquireConnection: async () => {
        const turn = await group.acquire();
        onTurn(turn);
        return new WriteConnection(group, turn);
      },
      beginTransaction: async () => {},
      commitTransaction: (connection) => finish(connection, true),
      rollbackTransaction: (connection) => finish(connection, false),
      releaseConnection: (connection) => finish(connection, false),
      destroy: async () => {},
    })),
  });
}

/** Kysely for reading: every statement sees what is committed when it starts. */
// biome-ignore lint/suspicious/noExplicitAny: each caller names the tables it uses
export function readingKysely(connection: SqliteConnection, maxRows: number): Kysely<any> {
  const reader: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const parameters = toSqlite(query.parameters);
      return toResult(await connection.request({ before: [], sql: query.sql, parameters, maxRows }));
    },
    streamQuery: noStream,
  };
  return new Kysely({
    dialect: dialect(() => ({
      init: async () => {},
      acquireConnection: async () => reader,
      beginTransaction: async () => {
        throw ledgerError('ledger.readOnly');
      },
      commitTransaction: async () => {},
      rollbackTransaction: async () => {},
      releaseConnection: async () => {},
      destroy: async () => {},
    })),
  });
}

/** Kysely that only writes down the statements given to it, for the checksum of a migration. */
// biome-ignore lint/suspicious/noExplicitAny: a migration works on whatever tables there are
export function recordingKysely(onStatement: (sql: string) => void): Kysely<any> {
  const recorder: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      onStatement(query.sql);
      return { rows: [] };
    },
    streamQuery: noStream,
  };
  return new Kysely({
    dialect: dialect(() => ({
      init: async () => {},
      acquireConnection: async () => recorder,
      beginTransaction: async () => {},
      commitTransaction: async () => {},
      rollbackTransaction: async () => {},
      releaseConnection: async () => {},
      destroy: async () => {},
    })),
  });
}
