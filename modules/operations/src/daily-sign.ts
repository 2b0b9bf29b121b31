import type { DailyReport, SignStep } from '@deungdae/contracts/daily-report.ts';
import { localText } from '@deungdae/contracts/text.ts';
import { once } from '@deungdae/ledger/once.ts';
import { type Context, type Doer, lockMachine, type Tx } from './context.ts';
import { dailyReport, type ShiftKey } from './daily-report.ts';
import { operationsError } from './errors.ts';
import type { OperationsTables } from './schema.ts';
import { belongsUntil, type ShiftOf, shiftNamed } from './shifts.ts';

type ReportRow = OperationsTables['ops_reports'];

const order: readonly SignStep[] = ['written', 'reviewed', 'approved'];
const statusAfter = { written: 'written', reviewed: 'reviewed', approved: 'closed' } as const;

/** The step that may be signed next; null when all are. Pure. */
function nextStep(status: DailyReport['status']): SignStep | null {
  return { open: order[0]!, written: order[1]!, reviewed: order[2]!, closed: null }[status];
}

async function rowFor(tx: Tx, key: ShiftKey, shift: ShiftOf): Promise<ReportRow> {
  await tx.db
    .insertInto('ops_reports')
    .values({ ...key, from_us: shift.from, to_us: shift.to, status: 'open', snapshot: null })
    .onConflict((c) => c.columns(['machine', 'day', 'shift']).doNothing())
    .execute();
  return tx.db
    .selectFrom('ops_reports')
    .selectAll()
    .where('machine', '=', key.machine)
    .where('day', '=', key.day)
    .where('shift', '=', key.shift)
    .executeTakeFirstOrThrow();
}

async function setStatus(tx: Tx, key: ShiftKey, patch: Partial<ReportRow>): Promise<void> {
  await tx.db
    .updateTable('ops_reports')
    .set(patch)
    .where('machine', '=', key.machine)
    .where('day', '=', key.day)
    .where('shift', '=', key.shift)
    .execute();
}

/** Signs the next step. Approval needs the shift to be over, keeps the report as it is, and locks the day (마감). */
export async function signReport(
  context: Context,
  key: ShiftKey,
  step: SignStep,
  doer: Doer,
  entryId?: string,
): Promise<DailyReport> {
  const { shift, texts } = named(context, key);
  if (step !== 'written' && !doer.leads) throw operationsError('operations.signRights', {}, { status: 403 });
  if (step === 'approved' && context.now() < shift.to)
    throw operationsError('operations.shiftRuns', texts, { status: 409 });
  // Filled before: what it shows is committed, and the machine's lock keeps later entries out of the shift.
  const snapshot = step === 'approved' ? await dailyReport(context, key) : null;
  await context.act((tx) =>
    once(
      tx,
      entryId,
      async () => {
        await lockMachine(tx, key.machine);
        const row = await rowFor(tx, key, shift);
        const next = nextStep(row.status as DailyReport['status']);
        if (next === null) throw operationsError('operations.dayClosed', texts, { status: 409 });
        if (next !== step) throw operationsError('operations.signOrder', { next }, { status: 409 });
        await addSignature(context, tx, key, step, doer, '');
        const kept = snapshot ? { snapshot: JSON.stringify(await freshest(context, tx, key, shift, snapshot)) } : {};
        await setStatus(tx, key, { status: statusAfter[step], ...kept });
        await tx.emit({
          type: step === 'approved' ? 'dailyReport.closed' : `dailyReport.${step}`,
          subject: `dailyReport/${key.machine}/${key.day}/${key.shift}`,
          actor: doer.actor,
          data: { ...key, by: doer.name, ...(snapshot ? { good: snapshot.good, scrap: snapshot.scrap } : {}) },
        });
        return null;
      },
      { kind: `report.${step}`, timeUs: context.now() },
    ),
  );
  return dailyReport(context, key);
}

/** A result that was committed between filling and locking would be missing: then the figures are taken again. */
async function freshest(
  context: Context,
  tx: Tx,
  key: ShiftKey,
  shift: ShiftOf,
  snapshot: DailyReport,
): Promise<DailyReport> {
  const latest = await tx.db
    .selectFrom('ops_results')
    .select((e) => [e.fn.sum<number>('good').as('good'), e.fn.sum<number>('scrap').as('scrap')])
    .where('machine', '=', key.machine)
    .where('time_us', '>=', shift.from)
    .where('time_us', '<', belongsUntil(context.machine(key.machine), shift))
    .executeTakeFirstOrThrow();
  const same =
    Math.abs(Number(latest.good ?? 0) / 1e6 - snapshot.good) < 1e-6 &&
    Math.abs(Number(latest.scrap ?? 0) / 1e6 - snapshot.scrap) < 1e-6;
  return same ? snapshot : dailyReport(context, key);
}

async function addSignature(
  context: Context,
  tx: Tx,
  key: ShiftKey,
  step: string,
  doer: Doer,
  reason: string,
): Promise<void> {
  await tx.db
    .insertInto('ops_signatures')
    .values({
      ...{ id: context.newId(), ...key, step, person: doer.actor.id, name: doer.name, at_us: context.now() },
      ...{ undone: 0, reason },
    })
    .execute();
}

/** Opens a locked day again: the reason and the signatures that no longer hold stay readable. */
export async function reopenReport(context: Context, key: ShiftKey, reason: string, doer: Doer): Promise<DailyReport> {
  const { shift, texts } = named(context, key);
  await context.act(async (tx) => {
    await lockMachine(tx, key.machine);
    const row = await rowFor(tx, key, shift);
    if (row.status !== 'closed') throw operationsError('operations.dayOpen', texts, { status: 409 });
    await tx.db
      .updateTable('ops_signatures')
      .set({ undone: 1 })
      .where('machine', '=', key.machine)
      .where('day', '=', key.day)
      .where('shift', '=', key.shift)
      .execute();
    await addSignature(context, tx, key, 'reopened', doer, reason);
    await setStatus(tx, key, { status: 'open' });
    await tx.emit({
      type: 'dailyReport.reopened',
      subject: `dailyReport/${key.machine}/${key.day}/${key.shift}`,
      actor: doer.actor,
      data: { ...key, reason, by: doer.name },
    });
  });
  return dailyReport(context, key);
}

function named(context: Context, key: ShiftKey) {
  const machine = context.machine(key.machine);
  const shift = shiftNamed(machine, key.day, key.shift);
  const words = { machine: context.machineName(machine.path), day: key.day };
  if (!shift) throw operationsError('operations.unknownShift', { ...words, shift: key.shift }, { status: 404 });
  return { shift, texts: { ...words, shift: localText(shift.name, 'ko') } };
}
