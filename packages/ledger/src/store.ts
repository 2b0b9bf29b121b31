import type { BusinessEvent, NewEvent } from '@deungdae/contracts/event.ts';
import type { Kysely, Transaction } from 'kysely';
import type { GroupCommit, Turn } from './group-commit.ts';

/**
 * Runs `work` in a transaction of its own: kept and on disk when it ends, undone when it throws. `onTurn` is called when its
 * turn has come.
 */
export type Transact = <T>(
  onTurn: (turn: Turn) => void,
  // biome-ignore lint/suspicious/noExplicitAny: each caller names the tables it uses
  work: (db: Transaction<any>) => Promise<T>,
) => Promise<T>;

/** A database engine behind `Ledger`. */
export interface Store {
  readonly group: GroupCommit;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly reading: Kysely<any>;
  readonly transact: Transact;
  open(): Promise<void>;
  /** Runs while no other process migrates the same database. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export type Work<Tables, T> = (
  db: Transaction<Tables>,
  emit: (event: NewEvent) => Promise<BusinessEvent>,
) => Promise<T>;
