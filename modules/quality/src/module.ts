import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { type AskInput, ask, skipDue } from './asking.ts';
import { type RunBlock, runBlockOf } from './domain/run-block.ts';
import { type OpenNonconformity, openNonconformity } from './nonconformity.ts';
import { dbOf, publicInspection, type QualityParts } from './parts.ts';
import { type RecordInput, record } from './recording.ts';
import { qualityMigrations } from './schema.ts';
import { listInspections } from './store.ts';

export { qualityMigrations };
export type QualityOptions = QualityParts;

export interface QualityModule {
  handlers: Handlers;
  /**
   * Asks for the inspections that the control plan wants at this stage; none when there is no plan. Idempotent. A lot
   * that waits for an incoming, final or shipping inspection is held until it is accepted. Throws `quality.unknownLot`,
   * `quality.discontinued`.
   */
  ask(tx: LedgerTx, input: AskInput): Promise<Inspection[]>;
  /** Of a run or a lot, the newest first. */
  inspectionsOf(subject: { run?: string; lot?: string }, tx?: LedgerTx): Promise<Inspection[]>;
  /** Values and verdict of an inspection; what the route does, for other modules. */
  record(tx: LedgerTx, input: RecordInput): Promise<Inspection>;
  /**
   * Whether counting may go on: null, or why not (`quality.firstPieceDue`, `quality.firstPieceRejected`,
   * `quality.inProcessRejected`) in words of both languages.
   */
  runBlock(run: string, tx?: LedgerTx): Promise<RunBlock | null>;
  /** The run has ended: middle, self and patrol checks that were still due are marked as skipped. */
  runEnded(tx: LedgerTx, input: { run: string; time: number; actor: Actor }): Promise<void>;
  /** Opens a nonconformity on lots: they are held in the same transaction. */
  openNonconformity(tx: LedgerTx, input: OpenNonconformity): Promise<{ id: string; number: string }>;
}

/** Inspections of one run or lot that the door gives at most. */
const maxOfSubject = 1000;

export function openQuality(parts: QualityOptions): QualityModule {
  const inspectionsOf: QualityModule['inspectionsOf'] = async (subject, tx) =>
    (await listInspections(dbOf(parts, tx), { ...subject, limit: maxOfSubject })).map(publicInspection);
  return {
    handlers: {},
    ask: (tx, input) => ask(parts, tx, input),
    inspectionsOf,
    record: (tx, input) => record(parts, tx, input),
    runBlock: async (run, tx) => runBlockOf(await inspectionsOf({ run }, tx)),
    runEnded: (tx, { run, time, actor }) => skipDue(parts, tx, run, time, actor),
    openNonconformity: (tx, input) => openNonconformity(parts, tx, input),
  };
}
