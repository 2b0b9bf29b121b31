import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';

/** Master data of the plant. Reads take the moment they ask about, so that an engineering change takes effect on its day. */
export interface MasterDataModule {
  handlers: Handlers;
  /** The revision in force at `at` (µs UTC); null when there is none. `tx` when inside a transaction. */
  find<K extends MasterKind>(kind: K, code: string, at: number, tx?: LedgerTx): Promise<MasterRecord<K> | null>;
  /** As `find`, and a coded error naming kind, code and the nearest known code when there is none. */
  need<K extends MasterKind>(kind: K, code: string, at: number, tx?: LedgerTx): Promise<MasterRecord<K>>;
  /** Records in force at `at`, ordered by code; at most `limit` (default 10 000). */
  list<K extends MasterKind>(kind: K, at: number, limit?: number): Promise<MasterRecord<K>[]>;
  /** Bill of materials and routing in force of an item's variant ('' is the usual one). */
  bomOf(item: string, at: number, variant?: string): Promise<MasterRecord<'bom'> | null>;
  routingOf(item: string, at: number, variant?: string): Promise<MasterRecord<'routing'> | null>;
  plansOf(
    item: string,
    at: number,
    which?: { stage?: string; operation?: number },
  ): Promise<MasterRecord<'inspectionPlan'>[]>;
  /** A reason's own and its ancestors' codes, the root first. */
  reasonPath(code: string, at: number): Promise<string[]>;
  /** Adds or changes records in one transaction; idempotent for equal data. */
  put(
    records: readonly { kind: MasterKind; code: string; revision?: string; validFrom?: number | null; data: unknown }[],
    actor: Actor,
    tx?: LedgerTx,
  ): Promise<{ added: number; changed: number; same: number }>;
}
