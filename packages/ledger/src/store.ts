import type { BusinessEvent, NewEvent } from '@deungdae/contracts/event.ts';
import type { Kysely, Transaction } from 'kysely';
import type { GroupCommit, Turn } from './group-commit.ts';

/** A database engine behind `Ledger`. */
export interface Store {
  readonly group: GroupCommit;
  // biome-ignore lint/suspicious/noExplicitAny: each caller names the tables it uses
  readonly reading: Kysely<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  writing(onTurn: (turn: Turn) => void): Kysely<any>;
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
