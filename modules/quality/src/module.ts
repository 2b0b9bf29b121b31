import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { Inspection, InspectionStage } from '@deungdae/contracts/inspection.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';

export interface QualityModule {
  handlers: Handlers;
  /** Asks for the inspections that the control plan wants at this stage; none when there is no plan. Idempotent. */
  ask(
    tx: LedgerTx,
    input: {
      stage: InspectionStage;
      item: string;
      operation?: number;
      lot?: string;
      run?: string;
      workOrder?: string;
      machine?: string;
      lotSize?: number;
      time: number;
      actor: Actor;
    },
  ): Promise<Inspection[]>;
  /** Of a run or a lot, the newest first. */
  inspectionsOf(subject: { run?: string; lot?: string }, tx?: LedgerTx): Promise<Inspection[]>;
  /**
   * Whether counting may go on: null, or why not (`quality.firstPieceDue`, `quality.firstPieceRejected` …) in words
   * of both languages.
   */
  runBlock(run: string, tx?: LedgerTx): Promise<{ code: string; ko: string; en: string } | null>;
  /** Opens a nonconformity on lots: they are held in the same transaction. */
  openNonconformity(
    tx: LedgerTx,
    input: {
      source: 'inspection' | 'production' | 'customer' | 'supplier' | 'audit';
      item: string;
      lots: readonly string[];
      defect: string | null;
      quantity: number;
      text: string;
      run?: string;
      time: number;
      actor: Actor;
    },
  ): Promise<{ id: string; number: string }>;
}
