import {
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  Transaction,
} from 'kysely';
import { ledgerError } from './errors.ts';
import type { GroupCommit, Turn } from './group-commit.ts';
import { isPutOff } from './put-off.ts';
import type { Transact } from './store.ts';
import type { Reply } from './write-channel.ts';

/** How an engine words its statements. */
export type Wording = Omit<Dialect, 'createDriver'>;

export const sqliteWording: Wording = {
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
};

/** Neither engine has booleans here; kysely hands values on as they were given. */
function toParameters(parameters: readonly unknown[]): unknown[] {
  return parameters.map((p) => (typeof p === 'boolean' ? Number(p) : p));
}

function toResult<R>(reply: Reply): QueryResult<R> {
  if (reply.changes === null) return { rows: reply.rows as R[] };
  return { rows: [], numAffectedRows: BigInt(reply.changes), insertId: BigInt(reply.insertId ?? 0) };
}

async function* noStream(): AsyncIterableIterator<never> {
  yield* [];
  throw ledgerError('ledger.statement', { detail: 'streaming is not offered; read page by page' });
}

class WriteConnection implements DatabaseConnection {
  readonly #turn: Turn;
  readonly #group: GroupCommit;

  constructor(group: GroupCommit, turn: Turn) {
    this.#group = group;
    this.#turn = turn;
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = toParameters(query.parameters);
    const reply = await (isPutOff(query)
      ? this.#group.putOff(this.#turn, query.sql, parameters)
      : this.#group.run(this.#turn, query.sql, parameters));
    return toResult(reply);
  }
  streamQuery = noStream;
}

function driver(parts: Partial<Driver> & Pick<Driver, 'acquireConnection'>): Driver {
  const nothing = async () => {};
  return {
    init: nothing,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
    ...parts,
  };
}

/**
 * Kysely for transactions: the savepoints and the shared commit are in `GroupCommit`. Not Kysely's own transactions, which
 * send one statement after the other: what is asked together goes over together here, in the order of asking.
 */
export function transactions(wording: Wording, group: GroupCommit): Transact {
  const dialect: Dialect = { ...wording, createDriver: () => driver({ acquireConnection: noConnection }) };
  const compiler = wording.createQueryCompiler();
  const adapter = wording.createAdapter();
  const props = { config: { dialect }, dialect, driver: dialect.createDriver() };
  return async (onTurn, work) => {
    const turn = await group.acquire();
    onTurn(turn);
    const connection = new WriteConnection(group, turn);
    const provider: ConnectionProvider = { provideConnection: (consumer) => consumer(connection) };
    const executor = new DefaultQueryExecutor(compiler, adapter, provider);
    try {
      const result = await work(new Transaction({ ...props, executor }));
      await group.finish(turn, true);
      return result;
    } catch (error) {
      await group.finish(turn, false);
      throw error;
    }
  };
}

async function noConnection(): Promise<never> {
  throw ledgerError('ledger.statement', { detail: 'a transaction inside a transaction' });
}

/** Kysely for reading: every statement sees what is committed when it starts. */
export function readingKysely(
  wording: Wording,
  read: (sql: string, parameters: unknown[]) => Promise<Reply>,
  // biome-ignore lint/suspicious/noExplicitAny: each caller names the tables it uses
): Kysely<any> {
  const reader: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery) => toResult<R>(await read(query.sql, toParameters(query.parameters))),
    streamQuery: noStream,
  };
  const createDriver = () =>
    driver({
      acquireConnection: async () => reader,
      beginTransaction: async () => {
        throw ledgerError('ledger.readOnly');
      },
    });
  return new Kysely({ dialect: { ...wording, createDriver } });
}

/**
 * Kysely that only writes down the statements given to it, for the checksum of a migration. SQLite's wording on either
 * engine, so that a ledger that moves keeps its checksums.
 */
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
    dialect: { ...sqliteWording, createDriver: () => driver({ acquireConnection: async () => recorder }) },
  });
}
