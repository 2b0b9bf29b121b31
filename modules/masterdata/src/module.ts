import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger, LedgerTx } from '@deungdae/ledger/ledger.ts';
import { RecordCache } from './cache.ts';
import { Documents, documentHandlers } from './documents/documents.ts';
import { masterHandlers } from './handlers.ts';
import { ImportDesk } from './import/desk.ts';
import { exportHandlers } from './import/export.ts';
import { importHandlers } from './import/handlers.ts';
import { kindTables } from './import/targets/kinds.ts';
import { recordTarget } from './import/targets/record-target.ts';
import { toolItemsTarget } from './import/targets/tool-items.ts';
import type { ImportTarget } from './import-target.ts';
import { type PutRecord, putRecords } from './put.ts';
import { MasterReader } from './reader.ts';
import { masterMigrations } from './schema.ts';

export type {
  ImportColumn,
  ImportContext,
  ImportCounts,
  ImportProblem,
  ImportRow,
  ImportRun,
  ImportTarget,
  ImportValue,
} from './import-target.ts';
export { masterMigrations };

export interface MasterDataOptions {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  /** Uploaded files and documents lie below it. */
  dataDir: string;
  /** IANA zone of the plant: dates in files are its dates. */
  timeZone(): string;
}

/** Master data of the plant. Reads take the moment they ask about, so that an engineering change takes effect on its day. */
export interface MasterDataModule {
  handlers: Handlers;
  /** The revision in force at `at` (µs UTC); null when there is none. `tx` when inside a transaction. */
  find<K extends MasterKind>(kind: K, code: string, at: number, tx?: LedgerTx): Promise<MasterRecord<K> | null>;
  /** A revision by its name, in force or not: what an order was planned with. */
  revision<K extends MasterKind>(kind: K, code: string, revision: string): Promise<MasterRecord<K> | null>;
  /** As `find`, and a coded error naming kind, code and the nearest known code when there is none. */
  need<K extends MasterKind>(kind: K, code: string, at: number, tx?: LedgerTx): Promise<MasterRecord<K>>;
  /** Records in force at `at`, ordered by code; at most `limit` (default 10 000). */
  list<K extends MasterKind>(kind: K, at: number, limit?: number): Promise<MasterRecord<K>[]>;
  /** Bill of materials and routing in force of an item's variant ('' is the usual one). */
  bomOf(item: string, at: number, variant?: string, tx?: LedgerTx): Promise<MasterRecord<'bom'> | null>;
  routingOf(item: string, at: number, variant?: string, tx?: LedgerTx): Promise<MasterRecord<'routing'> | null>;
  plansOf(
    item: string,
    at: number,
    which?: { stage?: string; operation?: number },
    tx?: LedgerTx,
  ): Promise<MasterRecord<'inspectionPlan'>[]>;
  /** A reason's own and its ancestors' codes, the root first. */
  reasonPath(code: string, at: number): Promise<string[]>;
  /** Of many codes at once those in force at `at`, by code: for imports and reports. */
  findMany<K extends MasterKind>(
    kind: K,
    codes: readonly string[],
    at: number,
    tx?: LedgerTx,
  ): Promise<Map<string, MasterRecord<K>>>;
  /** The known code most like a wrong one; null when none is near. */
  nearestCode(kind: MasterKind, code: string): Promise<string | null>;
  /** Adds or changes records in one transaction; idempotent for equal data. */
  put(
    records: readonly PutRecord[],
    actor: Actor,
    tx?: LedgerTx,
  ): Promise<{ added: number; changed: number; same: number }>;
  /** Pictures, drawings, instructions; records refer to them by id. */
  documents: Pick<Documents, 'add' | 'find' | 'open'>;
  /** Makes rows of spreadsheets importable as something of another module. Call before the doors open. */
  registerImport(target: ImportTarget): void;
  close(): Promise<void>;
}

/** Opens the master data. */
export async function openMasterData(options: MasterDataOptions): Promise<MasterDataModule> {
  const { ledger, clock } = options;
  const cache = new RecordCache(() => clock.monotonicMs());
  const reader = new MasterReader(ledger, cache);
  const documents = new Documents(ledger, clock, options.dataDir);
  const desk = new ImportDesk(options);
  for (const table of kindTables) desk.register(recordTarget(table, { ledger, cache }));
  desk.register(toolItemsTarget({ ledger, cache }));
  const put: MasterDataModule['put'] = async (records, actor, tx) => {
    const context = { actor, nowUs: clock.nowUs(), cache };
    if (tx) {
      const { done: _open, ...counts } = await putRecords(tx, records, context);
      return counts;
    }
    let over = () => {};
    try {
      return await ledger.transaction(async (db, emit) => {
        const { done, ...counts } = await putRecords({ db, emit }, records, context);
        over = done;
        return counts;
      });
    } finally {
      over();
    }
  };
  return {
    handlers: {
      ...masterHandlers({ ledger, clock, cache, reader }),
      ...documentHandlers(documents),
      ...importHandlers(desk),
      ...exportHandlers(ledger, options.timeZone),
    },
    documents,
    find: (kind, code, at, tx) => reader.find(kind, code, at, tx),
    revision: (kind, code, revision) => reader.revision(kind, code, revision),
    need: (kind, code, at, tx) => reader.need(kind, code, at, tx),
    list: (kind, at, limit) => reader.list(kind, at, limit),
    bomOf: (item, at, variant, tx) => reader.ofItem('bom', item, at, variant, tx),
    routingOf: (item, at, variant, tx) => reader.ofItem('routing', item, at, variant, tx),
    plansOf: (item, at, which, tx) => reader.plansOf(item, at, which, tx),
    reasonPath: (code, at) => reader.reasonPath(code, at),
    findMany: (kind, codes, at, tx) => reader.findMany(kind, codes, at, tx),
    nearestCode: (kind, code) => reader.nearest(kind, code),
    put,
    registerImport: (target) => desk.register(target),
    close: () => desk.close(),
  };
}
