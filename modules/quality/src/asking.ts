import type { Actor } from '@deungdae/contracts/event.ts';
import type { Inspection, InspectionStage } from '@deungdae/contracts/inspection.ts';
import type { MasterRecord } from '@deungdae/contracts/master.ts';
import { fromMillionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { requirements, sampleFor } from './domain/verdict.ts';
import { qualityError } from './errors.ts';
import { dayCode, dbOf, publicInspection, type QualityParts } from './parts.ts';
import { severityOf } from './severity.ts';
import { insertInspection, listInspections, nextNumber, type StoredInspection, updateInspection } from './store.ts';

export interface AskInput {
  stage: InspectionStage;
  item: string;
  operation?: number;
  lot?: string;
  run?: string;
  workOrder?: string;
  machine?: string;
  supplier?: string;
  lotSize?: number;
  /** A new one although one was done: a tool, material, person or setting has changed (4M). */
  again?: boolean;
  time: number;
  actor: Actor;
}

/** Stages that a lot waits for: it is held until they are accepted. */
const gating: readonly InspectionStage[] = ['incoming', 'final', 'shipping'];
/** Stages that come again while the run goes on. */
const recurring: readonly InspectionStage[] = ['patrol', 'self', 'inProcess'];
const minute = 60_000_000;

/**
 * Asks for what the control plans want at a stage. One that is due or open is given again; a stage that was done is not
 * asked twice, unless it recurs and its time has come, or `again` says that something has changed.
 */
export async function ask(parts: QualityParts, tx: LedgerTx, input: AskInput): Promise<Inspection[]> {
  const which = { stage: input.stage, ...(input.operation === undefined ? {} : { operation: input.operation }) };
  const plans = await parts.masterdata.plansOf(input.item, input.time, which);
  const found: Inspection[] = [];
  for (const plan of plans) found.push(publicInspection(await askOne(parts, tx, plan, input)));
  return found;
}

async function askOne(
  parts: QualityParts,
  tx: LedgerTx,
  plan: MasterRecord<'inspectionPlan'>,
  input: AskInput,
): Promise<StoredInspection> {
  const db = dbOf(parts, tx);
  const subject = input.run
    ? { run: input.run }
    : input.lot
      ? { lot: input.lot }
      : { workOrder: input.workOrder ?? '' };
  const earlier = await listInspections(db, { plan: plan.code, stage: [input.stage], ...subject, limit: 1000 });
  const newest = earlier[0];
  if (newest && (newest.status === 'due' || newest.status === 'open')) return newest;
  if (newest && !input.again && !hasComeRound(newest, plan.data.everyMinutes, input.time)) return newest;
  return create(parts, tx, plan, input, earlier.length);
}

function hasComeRound(newest: Inspection, everyMinutes: number | undefined, time: number): boolean {
  if (!recurring.includes(newest.stage)) return false;
  return everyMinutes === undefined || time - newest.askedAt >= everyMinutes * minute;
}

async function create(
  parts: QualityParts,
  tx: LedgerTx,
  plan: MasterRecord<'inspectionPlan'>,
  input: AskInput,
  before: number,
): Promise<StoredInspection> {
  const db = dbOf(parts, tx);
  const lot = input.lot ? await parts.inventory.lot(input.lot, tx) : null;
  if (input.lot && !lot) throw qualityError('quality.unknownLot', { lot: input.lot }, { status: 404 });
  const supplier = input.supplier ?? lot?.supplier ?? null;
  const sampled = plan.data.sampling.type === 'aql';
  const state = sampled ? await severityOf(db, plan.code, supplier) : null;
  if (state?.discontinued)
    throw qualityError('quality.discontinued', { item: input.item, supplier: supplier ?? '-' }, { status: 409 });
  const lotSize = input.lotSize ?? lot?.onHand ?? null;
  const sample = sampleFor(plan.data, lotSize, state?.severity ?? 'normal');
  const gated = lot !== null && gating.includes(input.stage);
  const id = uuidv7(Math.floor(input.time / 1000));
  const subject = input.run ?? lot?.id ?? input.workOrder ?? '';
  const held = gated
    ? await parts.inventory.hold(tx, {
        lot: lot.id,
        reason: `inspection:${input.stage}`,
        reference: `inspection/${id}`,
        time: input.time,
        actor: input.actor,
      })
    : null;
  const inspection: StoredInspection = {
    id,
    number: await nextNumber(db, `QI-${dayCode(input.time, parts.timeZone())}`),
    askKey: `${plan.code}|${input.stage}|${subject}|${before}`,
    stage: input.stage,
    plan: plan.code,
    planName: plan.data.name,
    planRevision: plan.revision,
    item: input.item,
    operation: input.operation ?? null,
    lot: lot?.id ?? null,
    lotNumber: lot?.number ?? null,
    run: input.run ?? null,
    workOrder: input.workOrder ?? lot?.workOrder ?? null,
    machine: input.machine ?? null,
    supplier,
    status: 'due',
    verdict: null,
    lotSize: lotSize === null ? null : fromMillionths(toMillionths(lotSize)),
    sampleSize: sample.sampleSize,
    acceptance: sample.acceptance,
    severity: state?.severity ?? null,
    codeLetter: sample.aql?.letter ?? null,
    askedAt: input.time,
    dueAt: input.time,
    doneAt: null,
    inspector: null,
    note: '',
    nonconformity: null,
    characteristics: requirements(plan.data, sample.sampleSize),
    results: [],
    hold: held?.hold ?? null,
  };
  await insertInspection(db, inspection);
  await tx.emit({
    type: 'inspection.asked',
    subject: `inspection/${id}`,
    actor: input.actor,
    time: input.time,
    data: {
      ...{ number: inspection.number, stage: input.stage, plan: plan.code, item: input.item, lot: inspection.lot },
      ...{
        run: inspection.run,
        sampleSize: sample.sampleSize,
        acceptance: sample.acceptance,
        severity: inspection.severity,
      },
    },
  });
  return inspection;
}

/** A repeat of one that was rejected, or the next round of a check with an interval. Due at `dueAt`. */
export async function askAgain(
  parts: QualityParts,
  tx: LedgerTx,
  done: StoredInspection,
  time: number,
  dueAt: number,
  actor: Actor,
): Promise<StoredInspection> {
  const db = dbOf(parts, tx);
  const id = uuidv7(Math.floor(time / 1000));
  const earlier = await listInspections(db, {
    plan: done.plan,
    stage: [done.stage],
    ...(done.run ? { run: done.run } : done.lot ? { lot: done.lot } : {}),
    limit: 1000,
  });
  const waiting = earlier.find((i) => i.status === 'due' || i.status === 'open');
  if (waiting) return waiting;
  const repeat: StoredInspection = {
    ...done,
    id,
    number: await nextNumber(db, `QI-${dayCode(time, parts.timeZone())}`),
    askKey: `${done.plan}|${done.stage}|${done.run ?? done.lot ?? done.workOrder ?? ''}|${earlier.length}`,
    ...{ status: 'due', verdict: null, askedAt: time, dueAt, doneAt: null, inspector: null, note: '' },
    ...{ nonconformity: null, results: [], hold: null },
  };
  await insertInspection(db, repeat);
  await tx.emit({
    type: 'inspection.asked',
    subject: `inspection/${id}`,
    actor,
    time,
    data: {
      number: repeat.number,
      stage: repeat.stage,
      plan: repeat.plan,
      run: repeat.run,
      repeats: done.number,
      dueAt,
    },
  });
  return repeat;
}

/** What is due on a run that has ended is skipped; what was begun stays open. */
export async function skipDue(
  parts: QualityParts,
  tx: LedgerTx,
  run: string,
  time: number,
  actor: Actor,
): Promise<void> {
  const db = dbOf(parts, tx);
  const due = await listInspections(db, { run, status: ['due'], limit: 1000 });
  for (const inspection of due) {
    if (!recurring.includes(inspection.stage) && inspection.stage !== 'middle') continue;
    await updateInspection(db, { ...inspection, status: 'skipped', doneAt: time });
    await tx.emit({
      type: 'inspection.skipped',
      subject: `inspection/${inspection.id}`,
      actor,
      time,
      data: { number: inspection.number, run },
    });
  }
}
