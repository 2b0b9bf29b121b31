import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { Nonconformity } from '@deungdae/contracts/quality.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { type AskInput, ask, skipDue } from './asking.ts';
import { type RunBlock, runBlockOf } from './domain/run-block.ts';
import { type GaugeUse, gaugeFailed, gaugeUse } from './gauges.ts';
import { qualityHandlers, recordAndJudge } from './handlers.ts';
import { type OpenNonconformity, openNonconformity } from './nonconformity.ts';
import { listNonconformities, type NonconformityFilter } from './nonconformity-store.ts';
import { dbOf, publicInspection, type QualityParts } from './parts.ts';
import type { RecordInput } from './recording.ts';
import { qualityMigrations } from './schema.ts';
import { ChartWatch } from './spc/watch.ts';
import { type InspectionFilter, listInspections } from './store.ts';

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
  /**
   * A gauge failed its calibration: what it measured in [from, to) since the last good one becomes a nonconformity for
   * each item, and the lots still in the plant are held.
   */
  gaugeFailed(
    tx: LedgerTx,
    input: { gauge: string; from: number; to: number; text: string; time: number; actor: Actor },
  ): Promise<{ lots: number; nonconformities: { id: string; number: string }[] }>;
  /** Inspections that a gauge measured in [from, to), oldest first; at most `limit`. */
  gaugeUse(query: { gauge: string; from: number; to: number; limit: number }): Promise<GaugeUse[]>;
  nonconformities(query: NonconformityFilter): Promise<Nonconformity[]>;
  /** Inspections by any of the filters, the newest first. */
  inspections(query: InspectionFilter): Promise<Inspection[]>;
  /** The plant file has changed: charts find their signals again. */
  replacePlant(): Promise<void>;
  /** Resolves when the charts are read and everything judged so far is recorded. */
  settled(): Promise<void>;
  close(): Promise<void>;
  /** Opens a nonconformity on lots: they are held in the same transaction. */
  openNonconformity(tx: LedgerTx, input: OpenNonconformity): Promise<{ id: string; number: string }>;
}

/** Inspections of one run or lot that the door gives at most. */
const maxOfSubject = 1000;

/** A transaction of another module is through by then. */
const refreshMs = 1000;

export function openQuality(parts: QualityOptions): QualityModule {
  const watch = new ChartWatch(parts);
  const opened = watch.reload().catch((error) => parts.log.error({ err: error }, 'charts not read'));
  const sources = { parts, watch };
  const inspectionsOf: QualityModule['inspectionsOf'] = async (subject, tx) =>
    (await listInspections(dbOf(parts, tx), { ...subject, limit: maxOfSubject })).map(publicInspection);
  return {
    handlers: qualityHandlers(sources),
    ask: (tx, input) => ask(parts, tx, input),
    inspectionsOf,
    record: async (tx, input) => {
      const { inspection, charts } = await recordAndJudge(sources, tx, input);
      if (charts.length > 0)
        parts.clock.after(refreshMs, () => {
          watch.refresh(charts).catch((error) => parts.log.error({ err: error }, 'chart alarms not refreshed'));
        });
      return inspection;
    },
    runBlock: async (run, tx) => runBlockOf(await inspectionsOf({ run }, tx)),
    runEnded: (tx, { run, time, actor }) => skipDue(parts, tx, run, time, actor),
    gaugeFailed: (tx, input) => gaugeFailed(parts, tx, input),
    gaugeUse: (query) => gaugeUse(parts, query),
    nonconformities: (query) => listNonconformities(dbOf(parts), query),
    inspections: async (query) => (await listInspections(dbOf(parts), query)).map(publicInspection),
    replacePlant: () => watch.reload(),
    settled: async () => {
      await opened;
      await watch.settled();
    },
    close: async () => {
      await opened;
      await watch.close();
    },
    openNonconformity: (tx, input) => openNonconformity(parts, tx, input),
  };
}
