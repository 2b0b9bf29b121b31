import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { SqliteFailure } from './errors.ts';
import type { Reply, Statement } from './write-channel.ts';

/** One SQLite connection in a thread of its own. Requests are answered in the order of arrival. */
export interface WorkerSettings {
  file: string;
  role: 'write' | 'read' | 'backup';
}
export interface WorkerRequest extends Statement {
  id: number;
}
export interface WorkerReply extends Reply {
  id: number;
  failure: SqliteFailure | null;
  tooManyRows: boolean;
  /** Whether one of the statements put off failed. */
  queuedFailed: boolean;
  /** Whether a transaction is still open afterwards. */
  inTransaction: boolean;
}

const statementCacheSize = 300;
/** Answers of one batch are sent after this time at the latest, the statement then running aside. */
const holdMs = 1;
const settings = workerData as WorkerSettings;
const port = parentPort!;
/** Prepared statements, and whether each gives rows. */
const statements = new Map<string, { statement: StatementSync; givesRows: boolean }>();

function open(): DatabaseSync {
  const db = new DatabaseSync(settings.file, { enableForeignKeyConstraints: true });
  db.exec('PRAGMA busy_timeout = 5000');
  if (settings.role === 'write') {
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA journal_size_limit = 67108864');
    db.exec('PRAGMA temp_store = MEMORY');
  }
  if (settings.role === 'read') db.exec('PRAGMA query_only = ON');
  return db;
}

function prepared(db: DatabaseSync, sql: string) {
  const known = statements.get(sql);
  if (known) return known;
  if (statements.size >= statementCacheSize) statements.delete(statements.keys().next().value!);
  const statement = db.prepare(sql);
  const found = { statement, givesRows: statement.columns().length > 0 };
  statements.set(sql, found);
  return found;
}

function run(db: DatabaseSync, request: WorkerRequest, reply: WorkerReply): void {
  reply.queuedFailed = true;
  for (const { sql, parameters } of request.queued ?? [])
    prepared(db, sql).statement.run(...(parameters as SQLInputValue[]));
  reply.queuedFailed = false;
  for (const sql of request.before) prepared(db, sql).statement.run();
  if (request.sql === null) return;
  const { statement, givesRows } = prepared(db, request.sql);
  const parameters = request.parameters as SQLInputValue[];
  if (!givesRows) {
    const result = statement.run(...parameters);
    reply.changes = Number(result.changes);
    reply.insertId = Number(result.lastInsertRowid);
    return;
  }
  for (const row of statement.iterate(...parameters)) {
    if (reply.rows.length === request.maxRows) {
      reply.rows = [];
      reply.tooManyRows = true;
      return;
    }
    reply.rows.push(row as Record<string, unknown>);
  }
}

function failureOf(error: unknown): SqliteFailure {
  const { message, errcode } = error as { message: string; errcode?: number };
  return { message, errcode: errcode ?? 0 };
}

function answer(db: DatabaseSync, request: WorkerRequest): WorkerReply {
  const reply: WorkerReply = {
    id: request.id,
    rows: [],
    changes: null,
    insertId: null,
    failure: null,
    tooManyRows: false,
    queuedFailed: false,
    inTransaction: false,
  };
  try {
    run(db, request, reply);
  } catch (error) {
    reply.failure = failureOf(error);
  }
  reply.inTransaction = db.isTransaction;
  return reply;
}

function serve(db: DatabaseSync): void {
  port.on('message', (requests: WorkerRequest[]) => {
    let replies: WorkerReply[] = [];
    let since = performance.now();
    for (const request of requests) {
      replies.push(answer(db, request));
      // Quick answers do not wait for a slow statement behind them longer than this.
      if (performance.now() - since < holdMs) continue;
      port.postMessage(replies);
      replies = [];
      since = performance.now();
    }
    if (replies.length > 0) port.postMessage(replies);
  });
}

try {
  serve(open());
  port.postMessage({ ready: true, failure: null });
} catch (error) {
  port.postMessage({ ready: false, failure: failureOf(error) });
  port.close();
}
