import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger, ModuleMigrations } from './ledger.ts';

/** The SQLite file, whose folder must exist, or a `postgresql://` address. */
export type LedgerPlace = { file: string } | { url: string };

export type LedgerOptions = LedgerPlace & LedgerSettings;

export interface LedgerSettings {
  clock: Clock;
  log: Logger;
  modules: readonly ModuleMigrations[];
  /** Signs the head of the event chain, so that nobody without it can rewrite the tail unseen. */
  headKey?: string;
  limits?: Partial<LedgerLimits>;
}

export interface LedgerLimits {
  /** Transactions waiting for their turn; one more is refused (`ledger.queueFull`). */
  queue: number;
  /** Transactions that share a commit. */
  group: number;
  /** Rows of one result (`ledger.tooManyRows`). */
  rows: number;
  /** One statement (`ledger.statementTimeout`), ms. */
  statementMs: number;
  /** One transaction (`ledger.transactionTimeout`), ms. */
  transactionMs: number;
}
/** The ledger on its database. `head` names the state of the chain, to be kept outside the machine. */
export interface DatabaseLedger extends Ledger {
  head(): Promise<{ events: number; hash: string }>;
  stats(): { commits: number; waiting: number };
}
