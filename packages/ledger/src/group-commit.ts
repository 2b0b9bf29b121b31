import { CodedError } from '@deungdae/kernel/errors.ts';
import { ledgerError } from './errors.ts';
import type { OnReply, Queued, Reply, Statement, WriteChannel } from './write-channel.ts';

/** Statements put off at once; one more goes over with them. */
const mostQueued = 64;

export interface GroupLimits {
  /** Transactions that may wait for their turn. */
  queue: number;
  /** Transactions that share one commit at most. */
  group: number;
  /** Rows that one statement may give. */
  rows: number;
}

/** Transactions that are done but share a commit still to come. */
interface Group {
  members: number;
  durable: PromiseWithResolvers<void>;
}

function newGroup(): Group {
  const durable = Promise.withResolvers<void>();
  durable.promise.catch(() => undefined);
  return { members: 0, durable };
}

/**
 * Many transactions, one fsync. Transactions run one after the other, each in a savepoint of one database transaction,
 * and the commit comes when none waits for its turn (or the group is full). Each resolves only after that commit; one
 * that fails is rolled back to its savepoint and takes nobody with it. A slow transaction holds up those before it in
 * its group, which is why transactions have a time limit.
 */
export class GroupCommit {
  readonly #connection: WriteChannel;
  readonly #limits: GroupLimits;
  readonly #waiting: { resolve(turn: Turn): void; reject(error: unknown): void }[] = [];
  #current: Turn | null = null;
  /** Null while no database transaction is open. */
  #group: Group | null = null;
  #closed = false;
  commits = 0;
  /** Grows when something that ran was taken back, or others may write now: what was remembered is worth nothing then. */
  undone = 0;

  constructor(connection: WriteChannel, limits: GroupLimits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  acquire(): Promise<Turn> {
    if (this.#closed) return Promise.reject(ledgerError('ledger.closed'));
    if (this.#waiting.length >= this.#limits.queue)
      return Promise.reject(ledgerError('ledger.queueFull', { limit: this.#limits.queue }, { status: 503 }));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#next();
    });
  }

  /** One statement of the transaction whose turn it is, after those put off. */
  async run(turn: Turn, sql: string, parameters: unknown[]): Promise<Reply> {
    this.#check(turn);
    const queued = turn.queued.splice(0);
    const before: string[] = [];
    if (!turn.began) {
      before.push(...this.#connection.beginTurn(!this.#group));
      this.#group ??= newGroup();
      turn.began = true;
    }
    return await this.#request(turn, { queued, before, sql, parameters });
  }

  /** A statement that may go with the next one; its reply says nothing. */
  async putOff(turn: Turn, sql: string, parameters: unknown[]): Promise<Reply> {
    if (!this.#connection.queues || !turn.began || turn.queued.length >= mostQueued)
      return await this.run(turn, sql, parameters);
    this.#check(turn);
    turn.queued.push({ sql, parameters });
    return { rows: [], changes: null, insertId: null };
  }

  #check(turn: Turn): void {
    if (turn.failure) throw turn.failure;
    if (turn.over) throw turn.reason ?? ledgerError('ledger.closed');
    if (turn.spoilt) throw turn.spoilt;
  }

  /** Ends the turn. Resolves when what it did is on disk, or thrown away. */
  async finish(turn: Turn, keep: boolean): Promise<void> {
    if (turn.over) return;
    turn.over = true;
    if (!keep && turn.began) this.undone++;
    const group = this.#group;
    try {
      if (turn.failure && keep) throw turn.failure;
      if (turn.spoilt && keep) {
        this.undone++;
        if (group) await this.#end(turn, group, false);
        throw turn.spoilt;
      }
      if (group) await this.#end(turn, group, keep);
    } finally {
      this.#current = null;
      turn.ended.resolve();
      this.#next();
    }
    if (keep && turn.began && group) await group.durable.promise;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const one of this.#waiting.splice(0)) one.reject(ledgerError('ledger.closed'));
    if (this.#current) await this.#current.ended.promise;
  }

  async #end(turn: Turn, group: Group, keep: boolean): Promise<void> {
    const before: string[] = [];
    if (turn.began && !turn.failure) before.push(...(keep ? ['RELEASE one'] : ['ROLLBACK TO one', 'RELEASE one']));
    const queued = keep ? turn.queued.splice(0) : [];
    if (turn.began && keep) group.members++;
    // The other program waits for what this group has locked: the next transaction would meet it again.
    const commits = turn.conflict || this.#waiting.length === 0 || group.members >= this.#limits.group;
    if (commits) {
      before.push(group.members > 0 ? 'COMMIT' : 'ROLLBACK');
      this.#group = null;
      if (this.#connection.shared) this.undone++;
    }
    if (before.length === 0) return;
    let spoilt = false;
    const onReply: OnReply = (open, queuedFailed) => {
      spoilt = open && queuedFailed;
    };
    try {
      await this.#connection.request({ queued, before, sql: null, parameters: [], maxRows: 0 }, { onReply });
      if (commits) {
        this.commits++;
        group.durable.resolve();
      }
    } catch (error) {
      if (spoilt) {
        // Only this transaction failed, before it ended: the others of its group are kept.
        this.undone++;
        group.members--;
        this.#group = group;
        await this.#end(turn, group, false);
        throw error;
      }
      // A failed COMMIT may leave the transaction open; what none was told to be stored must not be stored later.
      this.#group = null;
      this.undone++;
      group.durable.reject(error);
      await this.#connection
        .request({ before: ['ROLLBACK'], sql: null, parameters: [], maxRows: 0 })
        .catch(() => undefined);
      throw error;
    }
  }

  async #request(turn: Turn, work: Omit<Statement, 'maxRows'>): Promise<Reply> {
    let open = false;
    let spoilt = false;
    const onReply: OnReply = (inTransaction, queuedFailed) => {
      open = inTransaction;
      spoilt = queuedFailed;
    };
    try {
      return await this.#connection.request({ ...work, maxRows: this.#limits.rows }, { onReply });
    } catch (error) {
      // The caller may handle the failure of its own statement, but not of one that went before, nor that another program's
      // lock stood against it: then all of it runs again.
      turn.conflict ||= open && error instanceof CodedError && error.code === 'ledger.conflict';
      if (spoilt || turn.conflict) turn.spoilt = error;
      // A full disk, an I/O error a lost thread or connection ends the whole transaction: nobody of the group is stored.
      if (!open) {
        turn.failure = error;
        this.undone++;
        this.#group?.durable.reject(error);
        this.#group = null;
      }
      throw error;
    }
  }

  #next(): void {
    if (this.#current) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#current = new Turn();
    next.resolve(this.#current);
  }
}

/** The right to use the connection until `finish`. */
export class Turn {
  began = false;
  over = false;
  /** Statements put off until the next, in order. */
  readonly queued: Queued[] = [];
  /** One of those put off failed, or it must run again: the transaction is undone, the others of its group are not. */
  spoilt: unknown = null;
  /** Another program's lock stood against it. */
  conflict = false;
  /** Why nothing of this transaction can be kept. */
  failure: unknown = null;
  /** Why the turn was taken away before its time. */
  reason: unknown = null;
  readonly ended = Promise.withResolvers<void>();
}
