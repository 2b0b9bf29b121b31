import type { BusinessEvent, NewEvent } from '@deungdae/contracts/event.ts';
import type { Kysely, Transaction } from 'kysely';

/** Modules name these types from here, so that only the ledger depends on Kysely. */
export type { Kysely, Transaction };

/**
 * The transactional store of business records. Every business change is rows plus events in one transaction; events
 * are chained by hash. Modules bring their tables as migrations and use Kysely only, so that SQLite and PostgreSQL
 * serve alike. Resolved means on disk.
 */
export interface Ledger {
  /** Runs `work` in one transaction; `emit` appends business events to it. Thrown errors roll everything back. */
  transaction<Tables, T>(
    work: (db: Transaction<Tables>, emit: (event: NewEvent) => Promise<BusinessEvent>) => Promise<T>,
  ): Promise<T>;
  /** For reading. */
  read<Tables>(): Kysely<Tables>;
  events(query: { limit: number; before?: string; subject?: string; type?: string }): Promise<BusinessEvent[]>;
  /** Oldest first: those that follow the event `after` (from the first when null), for whoever keeps up with the chain. */
  eventsAfter(after: string | null, limit: number): Promise<BusinessEvent[]>;
  /** Walks the whole chain and recomputes every hash. */
  verify(progress?: (share: number) => void): Promise<{ ok: boolean; events: number; firstBroken: string | null }>;
  /** A consistent copy while writing goes on. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * A transaction that several modules write in: one business act, such as a confirmed result, changes orders, stock and
 * quality together or not at all. A module's door takes it as its first argument and uses its own tables only.
 */
export interface LedgerTx {
  // biome-ignore lint/suspicious/noExplicitAny: each module narrows it to its own tables
  db: Transaction<any>;
  emit(event: NewEvent): Promise<BusinessEvent>;
}

/** Forward-only; `id` such as `0001-users`. Never edited once landed. */
export interface Migration {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a migration works on whatever tables there are
  up(db: Kysely<any>): Promise<void>;
}

export interface ModuleMigrations {
  module: string;
  migrations: readonly Migration[];
}
