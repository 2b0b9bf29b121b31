import { createHash } from 'node:crypto';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import pg from 'pg';
import { ledgerError } from './errors.ts';
import { fromPostgres, type PostgresFailure } from './postgres-errors.ts';
import { sharedTypes } from './postgres-values.ts';
import type { Reply } from './write-channel.ts';

export interface PostgresSettings {
  url: string;
  role: 'write' | 'read' | 'snapshot';
  statementMs: number;
  /** A process that hangs inside a transaction loses its connection after this, so that others can go on. */
  idleMs: number;
}

export const oldestServer = 13;
const connectMs = 10_000;
/** How much longer than the server's own limit we wait for an answer before the connection counts as dead. */
const deadAfterMs = 5_000;
/** Prepared statements kept on a connection; others are parsed each time. */
const preparedLimit = 300;
/** How long the outcome of an interrupted commit is asked for. */
const outcomeMs = 10_000;

/** The database of an address without its password, for messages. Throws `ledger.badAddress`. */
export function whereOf(url: string): string {
  try {
    const parsed = new URL(url);
    if (!/^postgres(ql)?:$/.test(parsed.protocol)) throw new Error(`not postgresql:// but ${parsed.protocol}`);
    const host = decodeURIComponent(parsed.hostname) || parsed.searchParams.get('host') || 'localhost';
    return `${host}:${parsed.port || 5432}${parsed.pathname}`;
  } catch (error) {
    throw ledgerError('ledger.badAddress', { detail: (error as Error).message.replaceAll(url, '…') }, { status: 400 });
  }
}

/** One connection to PostgreSQL; it connects again by itself after it was lost. */
export class PostgresConnection {
  readonly where: string;
  pending = 0;
  readonly #settings: PostgresSettings;
  readonly #clock: Clock;
  #client: Promise<pg.Client> | null = null;
  #closed = false;
  #sessions = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #prepared = new Set<string>();

  constructor(settings: PostgresSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.where = whereOf(settings.url);
  }

  async open(): Promise<{ version: number; fsync: boolean }> {
    const client = await this.#connected();
    const { rows } = await client.query(
      "SELECT current_setting('server_version_num')::int AS v, current_setting('fsync') AS fsync",
    );
    return { version: rows[0].v, fsync: rows[0].fsync === 'on' };
  }

  /** Grows with every new connection: what was begun on an earlier one is gone. */
  get session(): number {
    return this.#sessions;
  }

  /**
   * Several statements without parameters, in one message. The results in their order. With `session`, only on that
   * connection: the rest of a lost transaction must not run by itself on the next one.
   */
  script(statements: readonly string[], session?: number): Promise<pg.QueryResult[]> {
    return this.#inTurn(session, async (client) => {
      const results = (await client.query(statements.join(';'))) as unknown as pg.QueryResult | pg.QueryResult[];
      return Array.isArray(results) ? results : [results];
    });
  }

  query(sql: string, parameters: unknown[], maxRows: number, session?: number): Promise<Reply> {
    return this.#inTurn(session, (client) => this.#query(client, sql, parameters, maxRows));
  }

  /** 'I' outside of a transaction, 'T' in one, 'E' in a failed one; null without a connection. */
  async status(): Promise<'I' | 'T' | 'E' | null> {
    if (!this.#client) return null;
    // An error is told before the server says in which state it left the transaction; an empty query waits for that.
    await this.#inTurn(this.#sessions, (client) => client.query('')).catch(() => undefined);
    const client = await this.#client?.catch(() => null);
    return (client as { getTransactionStatus?(): 'I' | 'T' | 'E' | null } | null)?.getTransactionStatus?.() ?? null;
  }

  /** Whether a transaction whose commit was interrupted is stored; the server knows it by its id. */
  async outcome(xid: string): Promise<'committed' | 'aborted' | 'unknown'> {
    const until = this.#clock.monotonicMs() + outcomeMs;
    for (;;) {
      try {
        const { rows } = await this.query('SELECT pg_xact_status($1::xid8) AS status', [xid], 1);
        const status = rows[0]?.status;
        if (status === 'committed' || status === 'aborted') return status;
      } catch {
        // The server is still away; it is asked again until the time is over.
      }
      if (this.#closed || this.#clock.monotonicMs() > until) return 'unknown';
      await this.#clock.sleep(200);
    }
  }

  /** Cuts the connection; whatever waits for an answer fails. */
  async cut(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    const open = await client?.catch(() => null);
    (open as unknown as { connection: { stream: { destroy(): void } } } | null)?.connection.stream.destroy();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  #query(client: pg.Client, sql: string, parameters: unknown[], maxRows: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const name = this.#nameOf(sql);
      const query = new pg.Query({ text: sql, values: parameters, ...(name ? { name } : {}) } as pg.QueryConfig);
      let rows: Record<string, unknown>[] = [];
      let tooMany = false;
      query.on('row', (row) => {
        if (rows.length < maxRows && !tooMany) rows.push(row as Record<string, unknown>);
        else {
          tooMany = true;
          rows = [];
        }
      });
      query.on('error', reject);
      query.on('end', (result) => {
        if (tooMany) return reject(ledgerError('ledger.tooManyRows', { limit: maxRows }, { status: 413 }));
        const gaveRows = result.fields.length > 0;
        resolve({ rows, changes: gaveRows ? null : (result.rowCount ?? 0), insertId: null });
      });
      client.query(query);
    });
  }

  #nameOf(sql: string): string | null {
    const name = createHash('sha1').update(sql).digest('base64').slice(0, 20);
    if (this.#prepared.has(name)) return name;
    if (this.#prepared.size >= preparedLimit) return null;
    this.#prepared.add(name);
    return name;
  }

  #inTurn<T>(session: number | undefined, work: (client: pg.Client) => Promise<T>): Promise<T> {
    this.pending++;
    const done = this.#last
      .then(() => this.#connected(session))
      .then((client) => this.#watched(client, work))
      .finally(() => this.pending--);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #watched<T>(client: pg.Client, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const { statementMs } = this.#settings;
    let silent = false;
    const cancel = this.#clock.after(statementMs + deadAfterMs, () => {
      silent = true;
      void this.cut();
    });
    try {
      return await work(client);
    } catch (error) {
      if (silent) throw ledgerError('ledger.connectionLost', {}, { status: 503, cause: error });
      if (error instanceof CodedError) throw error;
      const coded = fromPostgres(error as PostgresFailure, this.where, statementMs);
      if (coded.code === 'ledger.connectionLost') this.#forget(client);
      throw coded;
    } finally {
      cancel();
    }
  }

  #connected(session?: number): Promise<pg.Client> {
    if (this.#closed) return Promise.reject(ledgerError('ledger.closed'));
    if (session !== undefined && (!this.#client || session !== this.#sessions))
      return Promise.reject(ledgerError('ledger.connectionLost', {}, { status: 503 }));
    if (!this.#client) {
      this.#sessions++;
      const client = this.#connect();
      this.#client = client;
      client.catch(() => {
        if (this.#client === client) this.#client = null;
      });
    }
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    this.#prepared.clear();
    const { url, statementMs } = this.#settings;
    let client: pg.Client;
    try {
      client = new pg.Client({
        connectionString: url,
        types: sharedTypes,
        connectionTimeoutMillis: connectMs,
        keepAlive: true,
        application_name: 'deungdae',
      });
    } catch (error) {
      throw ledgerError('ledger.badAddress', { detail: (error as Error).message }, { status: 400 });
    }
    client.on('error', () => this.#forget(client));
    client.on('end', () => this.#forget(client));
    try {
      await client.connect();
      await this.#prepareSession(client);
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error instanceof CodedError ? error : fromPostgres(firstOf(error), this.where, statementMs);
    }
  }

  async #prepareSession(client: pg.Client): Promise<void> {
    const { rows } = await client.query(
      "SELECT current_setting('server_version_num')::int AS v, current_setting('server_encoding') AS encoding",
    );
    const { v, encoding } = rows[0] as { v: number; encoding: string };
    if (v < oldestServer * 10_000)
      throw ledgerError('ledger.serverTooOld', {
        version: Math.floor(v / 10_000),
        needed: oldestServer,
        where: this.where,
      });
    if (encoding !== 'UTF8') throw ledgerError('ledger.encoding', { encoding, where: this.where });
    const { role, statementMs, idleMs } = this.#settings;
    await client.query(
      [
        `SET statement_timeout = ${Math.round(statementMs)}`,
        `SET idle_in_transaction_session_timeout = ${Math.round(idleMs)}`,
        'SET synchronous_commit = on',
        // Whatever the database's own default is: who had to wait for his turn must see what was done before it.
        "SET default_transaction_isolation = 'read committed'",
        'SET default_transaction_deferrable = off',
        'SET lock_timeout = 0',
        'SET jit = off',
        "SET client_min_messages = 'error'",
        `SET default_transaction_read_only = ${role === 'write' ? 'off' : 'on'}`,
      ].join(';'),
    );
  }

  #forget(client: pg.Client): void {
    void this.#client?.then(
      (current) => {
        if (current === client) this.#client = null;
      },
      () => undefined,
    );
  }
}

/** Node tries every address of a host and wraps what went wrong. */
function firstOf(error: unknown): PostgresFailure {
  const failures = (error as AggregateError).errors as PostgresFailure[] | undefined;
  return failures?.[0] ?? (error as PostgresFailure);
}
