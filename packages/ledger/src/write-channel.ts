/** A statement that nobody waits for by itself. */
export interface Queued {
  sql: string;
  parameters: unknown[];
}

/** One request to a database connection. */
export interface Statement {
  /** Put off until now, run first of all; the first that fails ends the request. */
  queued?: readonly Queued[];
  /** Run next, in order; the first that fails ends the request. */
  before: string[];
  sql: string | null;
  parameters: unknown[];
  /** More rows than this fail the request. */
  maxRows: number;
}

export interface Reply {
  rows: Record<string, unknown>[];
  /** Changed rows; null for a statement that gives rows. */
  changes: number | null;
  insertId: number | null;
}

export type OnReply = (inTransaction: boolean, queuedFailed: boolean) => void;

/** The connection that writes. What group commit needs of a database, and nothing else of it. */
export interface WriteChannel {
  /** Other processes may write to the same database: nothing is remembered from one group to the next. */
  readonly shared: boolean;
  /** Whether statements may be put off and go over with the next one; without it each goes by itself. */
  readonly queues: boolean;
  /** Statements that give a transaction its savepoint `one`, inside a database transaction that is open or `opens` here. */
  beginTurn(opens: boolean): string[];
  /**
   * `onReply` tells, also after a failed statement, whether the database transaction is still open, and whether it was one of
   * those put off that failed.
   */
  request(work: Statement, options?: { onReply?: OnReply }): Promise<Reply>;
}
