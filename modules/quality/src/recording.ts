import type { Actor } from '@deungdae/contracts/event.ts';
import type { Inspection, InspectionResult } from '@deungdae/contracts/inspection.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { askAgain } from './asking.ts';
import { missing, type PlanCharacteristic, verdictOf, withinLimits } from './domain/verdict.ts';
import { qualityError } from './errors.ts';
import { openNonconformity } from './nonconformity.ts';
import { dbOf, publicInspection, type QualityParts } from './parts.ts';
import { countLot } from './severity.ts';
import { deleteResults, findInspection, type StoredInspection, updateInspection, upsertResults } from './store.ts';

export interface EnteredResult {
  characteristic: string;
  /** 1 … required. */
  sample: number;
  value?: number | undefined;
  pass?: boolean | undefined;
  count?: number | undefined;
  gauge?: string | undefined;
  source?: InspectionResult['source'] | undefined;
  time?: number | undefined;
}

export interface RecordInput {
  inspection: string;
  results: readonly EnteredResult[];
  /** Gives the verdict; refused while values are missing. */
  finish: boolean;
  inspector?: string | undefined;
  note?: string | undefined;
  /** The person has looked at a value far off and says that it is right. */
  confirmed?: boolean | undefined;
  time: number;
  actor: Actor;
}

const minute = 60_000_000;
/** How many tolerance widths beyond a limit a value may lie before it is asked about: a lost decimal point is tenfold. */
const likelyWidths = 5;

/** The inspection that is there, by id or number. Throws `quality.unknownInspection`. */
export async function needInspection(parts: QualityParts, id: string, tx?: LedgerTx): Promise<StoredInspection> {
  const found = await findInspection(dbOf(parts, tx), id);
  if (!found) throw qualityError('quality.unknownInspection', { id }, { status: 404 });
  return found;
}

/**
 * Writes values, and gives the verdict when asked. Sending the same values again changes nothing, also after the
 * verdict; other values after it are refused. Throws `quality.alreadyDone`, `quality.incomplete`, `quality.valueMissing`,
 * `quality.unknownCharacteristic`, `quality.unlikelyValue`.
 */
export async function record(parts: QualityParts, tx: LedgerTx, input: RecordInput): Promise<Inspection> {
  const db = dbOf(parts, tx);
  const inspection = await needInspection(parts, input.inspection, tx);
  const entered = input.results.map((r) => judged(inspection, r, input));
  if (inspection.status === 'done' || inspection.status === 'skipped') {
    if (entered.every((r) => isThere(inspection, r))) return publicInspection(inspection);
    const verdict = inspection.verdict ?? '-';
    throw qualityError('quality.alreadyDone', { number: inspection.number, verdict }, { status: 409 });
  }
  const changed = entered.filter((r) => !isThere(inspection, r));
  const dropped = droppedBy(inspection, entered);
  const replaced = [...changed.flatMap((r) => inspection.results.filter((old) => sameCell(old, r))), ...dropped];
  await deleteResults(db, inspection.id, dropped);
  await upsertResults(db, inspection, changed, input.time);
  const kept = inspection.results.filter((old) => !changed.some((r) => sameCell(old, r)) && !dropped.includes(old));
  const next: StoredInspection = {
    ...inspection,
    status: 'open',
    inspector: input.inspector ?? inspection.inspector ?? input.actor.id,
    note: input.note ?? inspection.note,
    results: [...kept, ...changed].sort((a, b) =>
      a.characteristic < b.characteristic ? -1 : a.characteristic > b.characteristic ? 1 : a.sample - b.sample,
    ),
  };
  if (replaced.length > 0)
    await tx.emit({
      type: 'inspection.resultsCorrected',
      subject: `inspection/${inspection.id}`,
      actor: input.actor,
      time: input.time,
      data: { number: inspection.number, before: replaced, after: changed },
    });
  if (input.finish) return publicInspection(await finish(parts, tx, next, input));
  await updateInspection(db, next);
  return publicInspection(next);
}

/** Judged pieces are entered as counts: a new entry of a characteristic takes the place of all its earlier rows. */
function droppedBy(inspection: Inspection, entered: readonly InspectionResult[]): InspectionResult[] {
  const judgedNow = new Set(inspection.characteristics.filter((c) => c.kind === 'attribute').map((c) => c.id));
  const named = new Set(entered.map((r) => r.characteristic));
  return inspection.results.filter(
    (old) =>
      judgedNow.has(old.characteristic) && named.has(old.characteristic) && !entered.some((r) => sameCell(r, old)),
  );
}

function sameCell(a: InspectionResult, b: InspectionResult): boolean {
  return a.characteristic === b.characteristic && a.sample === b.sample;
}

function isThere(inspection: Inspection, r: InspectionResult): boolean {
  return inspection.results.some(
    (old) => sameCell(old, r) && old.value === r.value && old.pass === r.pass && (old.count ?? 1) === (r.count ?? 1),
  );
}

/** An entered value with its own verdict. */
function judged(inspection: Inspection, entered: EnteredResult, { time, confirmed }: RecordInput): InspectionResult {
  const c = inspection.characteristics.find((one) => one.id === entered.characteristic);
  if (!c) {
    const known = inspection.characteristics.map((one) => one.name).join(', ');
    const { characteristic } = entered;
    throw qualityError('quality.unknownCharacteristic', { characteristic, known }, { status: 400 });
  }
  const { value, count = 1, gauge = c.gauge ?? null, source = 'form' } = entered;
  const lacking = c.kind === 'variable' ? value === undefined : entered.pass === undefined;
  if (lacking || (value !== undefined && !Number.isFinite(value)))
    throw qualityError('quality.valueMissing', { characteristic: c.name, sample: entered.sample }, { status: 400 });
  if (c.kind === 'variable' && !confirmed && source !== 'import') checkLikely(c, value!);
  return {
    characteristic: c.id,
    sample: entered.sample,
    value: c.kind === 'variable' ? value! : null,
    pass: c.kind === 'variable' ? withinLimits(c, value!) : entered.pass!,
    gauge,
    source,
    count: c.kind === 'variable' ? 1 : count,
    time: entered.time ?? time,
  };
}

function checkLikely(c: PlanCharacteristic, value: number): void {
  if (c.lower === undefined || c.upper === undefined) return;
  const width = c.upper - c.lower;
  if (width <= 0 || (value >= c.lower - likelyWidths * width && value <= c.upper + likelyWidths * width)) return;
  throw qualityError(
    'quality.unlikelyValue',
    { characteristic: c.name, value, lower: c.lower, upper: c.upper },
    { status: 422 },
  );
}

async function finish(
  parts: QualityParts,
  tx: LedgerTx,
  open: StoredInspection,
  input: RecordInput,
): Promise<StoredInspection> {
  const lacking = missing(open.characteristics, open.results);
  if (lacking.length > 0) {
    const names = lacking.map((m) => `${m.name} ${m.missing}`).join(', ');
    throw qualityError('quality.incomplete', { number: open.number, missing: names }, { status: 409 });
  }
  const { time, actor } = input;
  const db = dbOf(parts, tx);
  let done: StoredInspection = {
    ...open,
    status: 'done',
    verdict: verdictOf(open.acceptance, open.results),
    doneAt: time,
  };
  await updateInspection(db, done);
  await tx.emit({
    type: 'inspection.finished',
    subject: `inspection/${done.id}`,
    actor,
    time,
    data: {
      ...{ number: done.number, stage: done.stage, plan: done.plan, item: done.item, lot: done.lot, run: done.run },
      ...{ verdict: done.verdict, inspector: done.inspector, machine: done.machine, workOrder: done.workOrder },
    },
  });
  await countLot(parts, tx, done, time, actor);
  if (done.verdict === 'accepted') await afterAcceptance(parts, tx, done, time, actor);
  else done = await afterRejection(parts, tx, done, time, actor);
  return done;
}

async function afterAcceptance(
  parts: QualityParts,
  tx: LedgerTx,
  done: StoredInspection,
  time: number,
  actor: Actor,
): Promise<void> {
  await freeLot(parts, tx, done, time, actor);
  if (done.run && done.stage !== 'first') await askNextRound(parts, tx, done, time, actor);
}

/** Ends the hold that waited for the inspection. Accepted, the lot leaves quarantine too. */
async function freeLot(
  parts: QualityParts,
  tx: LedgerTx,
  done: StoredInspection,
  time: number,
  actor: Actor,
): Promise<void> {
  if (!done.lot || !done.hold) return;
  const act = { lot: done.lot, reference: `inspection/${done.id}`, time, actor };
  await parts.inventory.release(tx, done.verdict === 'rejected' ? { ...act, hold: done.hold } : act);
}

/** A check with an interval is due again after it. */
async function askNextRound(
  parts: QualityParts,
  tx: LedgerTx,
  done: StoredInspection,
  time: number,
  actor: Actor,
): Promise<void> {
  if (done.stage !== 'patrol' && done.stage !== 'self') return;
  const plan = await parts.masterdata.find('inspectionPlan', done.plan, time, tx);
  const every = plan?.data.everyMinutes;
  if (every !== undefined) await askAgain(parts, tx, done, time, time + every * minute, actor);
}

/**
 * A first piece is corrected and repeated. Everything else becomes a nonconformity that holds the lot; a check of the
 * running process is repeated besides.
 */
async function afterRejection(
  parts: QualityParts,
  tx: LedgerTx,
  done: StoredInspection,
  time: number,
  actor: Actor,
): Promise<StoredInspection> {
  const ofRun = done.run !== null && ['first', 'middle', 'self', 'patrol', 'inProcess'].includes(done.stage);
  if (ofRun) await askAgain(parts, tx, done, time, time, actor);
  if (done.stage === 'first') return done;
  const failed = [...new Set(done.results.filter((r) => !r.pass).map((r) => r.characteristic))];
  const names = failed.map((id) => done.characteristics.find((c) => c.id === id)?.name ?? id);
  const opened = await openNonconformity(parts, tx, {
    source: 'inspection',
    item: done.item,
    lots: done.lot ? [done.lot] : [],
    defect: null,
    quantity: done.lotSize ?? done.sampleSize,
    text: `${done.number} ${done.planName}: ${names.join(', ')}`,
    ...(done.run ? { run: done.run } : {}),
    ...(done.supplier ? { partner: done.supplier } : {}),
    inspection: done.id,
    time,
    actor,
  });
  // The nonconformity's own hold keeps the lot from here on.
  await freeLot(parts, tx, done, time, actor);
  const linked = { ...done, nonconformity: opened.id, hold: null };
  await updateInspection(dbOf(parts, tx), linked);
  return linked;
}
