import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { PostgresConnection } from './postgres-connection.ts';

/** A row's values in the order of its table's columns: numbers, text, bytes, null. */
export interface TablePage {
  columns: string[];
  rows: unknown[][];
}

/** All tables of a ledger as they are at one moment. */
export interface RowSource {
  tables(): Promise<string[]>;
  pages(table: string): AsyncIterable<TablePage>;
  close(): Promise<void>;
}

/** Takes rows in one transaction, in any order of the tables: what they refer to is checked at the end. */
export interface RowSink {
  begin(): Promise<void>;
  insert(table: string, page: TablePage): Promise<void>;
  commit(): Promise<void>;
  close(): Promise<void>;
}

const pageRows = 1000;
/** PostgreSQL takes 65,535 parameters in a statement. */
const parametersLimit = 60_000;
const longMs = 6 * 3_600_000;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

export class SqliteRows implements RowSource, RowSink {
  readonly #db: DatabaseSync;

  constructor(file: string, use: 'read' | 'write') {
    this.#db = new DatabaseSync(file, { readOnly: use === 'read', enableForeignKeyConstraints: false });
    if (use === 'read') this.#db.exec('BEGIN');
    else this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  }

  async tables(): Promise<string[]> {
    const sql =
      "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";
    return this.#db
      .prepare(sql)
      .all()
      .map((r) => String(r.name));
  }

  async *pages(table: string): AsyncIterable<TablePage> {
    const statement = this.#db.prepare(`SELECT * FROM ${quoted(table)}`);
    const columns = statement.columns().map((c) => c.name!);
    let rows: unknown[][] = [];
    for (const row of statement.iterate()) {
      rows.push(columns.map((c) => row[c]));
      if (rows.length < pageRows) continue;
      yield { columns, rows };
      rows = [];
    }
    if (rows.length > 0) yield { columns, rows };
  }

  async begin(): Promise<void> {
    this.#db.exec('BEGIN IMMEDIATE');
    for (const table of await this.tables()) this.#db.exec(`DELETE FROM ${quoted(table)}`);
  }

  async insert(table: string, { columns, rows }: TablePage): Promise<void> {
    const holes = columns.map(() => '?').join(',');
    const statement = this.#db.prepare(
      `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(',')}) VALUES (${holes})`,
    );
    for (const row of rows) statement.run(...(row as SQLInputValue[]));
  }

  async commit(): Promise<void> {
    const orphans = this.#db.prepare('PRAGMA foreign_key_check').all();
    if (orphans.length > 0) throw new Error(`${orphans[0]!.table} refers to a missing ${orphans[0]!.parent}`);
    this.#db.exec('COMMIT');
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}

export class PostgresRows implements RowSource, RowSink {
  readonly #connection: PostgresConnection;
  #foreignKeys: { table: string; name: string; rule: string }[] = [];
  #session = -1;

  constructor(url: string, use: 'read' | 'write', clock: Clock) {
    const role = use === 'read' ? 'snapshot' : 'write';
    this.#connection = new PostgresConnection({ url, role, statementMs: longMs, idleMs: longMs }, clock);
  }

  async open(): Promise<this> {
    await this.#connection.open();
    await this.#connection.script(['BEGIN ISOLATION LEVEL REPEATABLE READ']);
    this.#session = this.#connection.session;
    return this;
  }

  async tables(): Promise<string[]> {
    const sql = 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1';
    return (await this.#rows(sql)).map((r) => String(r.tablename));
  }

  async *pages(table: string): AsyncIterable<TablePage> {
    const columns = (
      await this.#rows(
        'SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position',
        [table],
      )
    ).map((r) => String(r.column_name));
    await this.#script(`DECLARE page NO SCROLL CURSOR FOR SELECT * FROM ${quoted(table)}`);
    try {
      for (;;) {
        const found = await this.#rows(`FETCH ${pageRows} FROM page`);
        if (found.length > 0) yield { columns, rows: found.map((row) => columns.map((c) => row[c])) };
        if (found.length < pageRows) break;
      }
    } finally {
      await this.#script('CLOSE page').catch(() => undefined);
    }
  }

  async begin(): Promise<void> {
    const found = await this.#rows(`SELECT c.conrelid::regclass::text AS t, quote_ident(c.conname) AS name,
      pg_get_constraintdef(c.oid) AS rule FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
      WHERE c.contype = 'f' AND n.nspname = current_schema()`);
    this.#foreignKeys = found.map((r) => ({ table: String(r.t), name: String(r.name), rule: String(r.rule) }));
    for (const { table, name } of this.#foreignKeys) await this.#script(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    for (const table of await this.tables()) await this.#script(`DELETE FROM ${quoted(table)}`);
  }

  async insert(table: string, { columns, rows }: TablePage): Promise<void> {
    const atOnce = Math.max(1, Math.floor(parametersLimit / columns.length));
    for (let from = 0; from < rows.length; from += atOnce) {
      const part = rows.slice(from, from + atOnce);
      const holes = part
        .map((row, i) => `(${row.map((_, j) => `$${i * columns.length + j + 1}`).join(',')})`)
        .join(',');
      const sql = `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(',')}) VALUES ${holes}`;
      await this.#rows(sql, part.flat());
    }
  }

  async commit(): Promise<void> {
    for (const { table, name, rule } of this.#foreignKeys)
      await this.#script(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${rule}`);
    await this.#script('COMMIT');
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #rows(sql: string, parameters: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#connection.query(sql, parameters, 1_000_000, this.#session)).rows;
  }

  async #script(sql: string): Promise<void> {
    await this.#connection.script([sql], this.#session);
  }
}
