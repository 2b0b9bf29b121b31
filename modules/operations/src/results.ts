import { fromMillionths, type Millionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import type { Defect } from '@deungdae/contracts/work-order.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import { type Context, type Doer, lockMachine, type Tx, type When } from './context.ts';
import { type Count, type Counted, settledCount } from './counting.ts';
import { assertOpen } from './day-lock.ts';
import { feederOf, label, roomLeft, type StepOrder, taken } from './domain/steps.ts';
import { operationsError } from './errors.ts';
import { giveMaterialBack } from './give-back.ts';
import { consumeFor, inputsInto, produceLot } from './material.ts';
import { freeInputs } from './material-account.ts';
import {
  figuresOf,
  findOrder,
  lockOrder,
  type OrderRow,
  type OrderRows,
  patchStep,
  type StepRow,
  sumOrder,
} from './order-store.ts';
import { settleOrder } from './orders.ts';
import { reworkAway } from './rework-return.ts';
import { findRun, patchRun, type ResultRow, type RunRow } from './run-store.ts';
import { emitRun, lockMeant, lockOrderOf } from './runs.ts';

export interface ConfirmInput {
  machine: string;
  run?: string | undefined;
  good: number;
  scrap?: number | undefined;
  rework: number;
  reworked: number;
  defects: readonly Defect[];
  reason?: string | undefined;
  note: string;
  /** What the person saw proposed, and until when it was counted. */
  counted?: Count | null | undefined;
  countedTo?: number | undefined;
  /** The pieces count although material is missing in the book: what is missing stays open as a shortage. */
  short?: boolean | undefined;
  /** Typed while the network was gone: the machine's count could not be shown. */
  offline: boolean;
}

/** Pieces of a result in millionths. */
interface Pieces {
  good: Millionths;
  scrap: Millionths;
  rework: Millionths;
  reworked: Millionths;
}

/** Confirms pieces since the last confirmation. Everything hangs on it: steps, material, lots, inspections. */
export async function confirmRun(
  context: Context,
  tx: Tx,
  input: ConfirmInput,
  doer: Doer,
  when: When,
  counted: Counted | null,
): Promise<ResultRow> {
  const run = await lockMeant(context, tx, input.machine, input.run);
  // Asked together: the way to the database costs more than the answers.
  const [at, blocked, inputs] = await Promise.all([
    lockOrderOf(tx, run),
    context.deps.quality.runBlock(run.id, tx),
    inputsInto(tx, run),
    assertOpen(context, tx, run.machine, when.time),
  ]);
  const { rows, step } = at;
  const pieces = await checkedPieces(context, input, when.time, (input.counted?.scrap ?? 0) === input.scrap);
  await checkRoom(context, tx, rows, step, pieces);
  const asked = Math.max(run.counted_to, Math.min(input.countedTo ?? when.time, context.now()));
  const { to, count } = await settledCount(context, run, counted, asked, input);
  needReason(pieces, input.counted ?? count, input);
  if (blocked && pieces.good + pieces.reworked > 0)
    throw operationsError('operations.runBlocked', { ko: blocked.ko, en: blocked.en }, { status: 409 });
  const all = pieces.good + pieces.scrap + pieces.rework;
  if (all > 0) await consumeFor(context, tx, rows, { ...at, inputs }, all, doer, when, input.short === true);
  const lot = await addPieces(context, tx, at, pieces, doer, when, {
    counted_to: to,
    ...(count
      ? {
          ...{ has_count: 1, counted_good: run.counted_good + count.good },
          ...{ counted_scrap: run.counted_scrap + count.scrap, counted_total: run.counted_total + count.total },
        }
      : {}),
    ...(run.production_us === null && pieces.good > 0
      ? {
          production_us: Math.max(run.started_us, counted?.firstGood ?? when.time),
          status: run.status === 'setup' ? 'running' : run.status,
        }
      : {}),
  });
  const row = await keepResult(context, tx, at, pieces, input, { count, lot, corrects: null }, doer, when);
  await askAlongTheWay(context, tx, at, pieces, doer, when);
  await settleOrder(context, tx, rows, doer, when.time);
  return row;
}

/** Quantities as given, checked against one another and against the reasons of the master data. */
async function checkedPieces(
  context: Context,
  input: Pick<ConfirmInput, 'good' | 'scrap' | 'rework' | 'defects'> & { reworked?: number },
  time: number,
  /** Whether scrap may have no name: the machine threw out more than a person saw. */
  mayBeUnnamed: boolean,
  /** Below nothing where pieces that waited for rework were turned good. */
  leastRework: Millionths = 0,
): Promise<Pieces> {
  const sum = input.defects.reduce((s, d) => s + toMillionths(d.quantity), 0);
  const scrap = input.scrap === undefined ? sum : toMillionths(input.scrap);
  const pieces = {
    ...{ good: toMillionths(input.good), scrap, rework: toMillionths(input.rework) },
    reworked: toMillionths(input.reworked ?? 0),
  };
  if (Math.min(pieces.good, scrap, pieces.reworked, pieces.rework - leastRework) < 0)
    throw operationsError('operations.badQuantity', { most: 999_999_999 }, { status: 400 });
  const fits =
    sum === 0 || sum === scrap || sum === scrap + Math.max(0, pieces.rework) || (mayBeUnnamed && sum < scrap);
  if (!fits)
    throw operationsError(
      'operations.scrapMismatch',
      { scrap: fromMillionths(scrap), sum: fromMillionths(sum) },
      { status: 400 },
    );
  for (const code of new Set(input.defects.map((d) => d.reason)))
    if (!(await context.deps.masterdata.find('reason', code, time)))
      throw operationsError('operations.unknownReason', { reason: code }, { status: 400 });
  return pieces;
}

async function checkRoom(context: Context, tx: Tx, rows: OrderRows, step: StepRow, pieces: Pieces): Promise<void> {
  const how = rows.order.step_order as StepOrder;
  const figures = rows.steps.map(figuresOf);
  const own = figures.find((f) => f.id === step.id)!;
  const left = roomLeft(figures, own, how, context.settings.overShare);
  const given = pieces.good + pieces.scrap + pieces.rework;
  if (given > left)
    throw operationsError(
      'operations.overLimit',
      {
        ...{ order: rows.order.number, step: label(own) },
        ...{ left: fromMillionths(left), given: fromMillionths(given) },
      },
      { status: 409 },
    );
  if (pieces.reworked === 0) return;
  const waiting = step.rework - (await reworkAway(tx, step.id));
  if (pieces.reworked > waiting)
    throw operationsError('operations.nothingToRework', { left: fromMillionths(waiting) }, { status: 409 });
}

/** A correction may not leave less than the next operation took already. */
function checkNextStep(rows: OrderRows, step: StepRow): void {
  const figures = rows.steps.map(figuresOf);
  const how = rows.order.step_order as StepOrder;
  const next = figures.find((f) => f.status !== 'skipped' && feederOf(figures, f, how)?.id === step.id);
  if (!next || taken(next) <= step.good) return;
  throw operationsError(
    'operations.nextStepTook',
    { step: label(next), taken: fromMillionths(taken(next)), good: fromMillionths(step.good) },
    { status: 409 },
  );
}

/** Another figure than the machine's needs a reason; offline nobody could see it, so the difference is only kept. */
function needReason(pieces: Pieces, count: Count | null, input: ConfirmInput): void {
  if (!count || input.reason || (input.offline && !input.counted)) return;
  const given = fromMillionths(pieces.good + pieces.scrap + pieces.rework);
  if (Math.abs(given - count.total) >= 0.5)
    throw operationsError('operations.reasonNeeded', { counted: count.total, given }, { status: 409 });
}

/** Adds to step, run (with what else becomes of it) and order, and makes a lot of what the order is better off. */
async function addPieces(
  context: Context,
  tx: Tx,
  { run, rows, step }: { run: RunRow; rows: OrderRows; step: StepRow },
  pieces: Pieces,
  doer: Doer,
  when: When,
  become: Partial<RunRow> = {},
): Promise<{ id: string; number: string } | null> {
  await patchStep(tx, step, {
    good: step.good + pieces.good + pieces.reworked,
    scrap: step.scrap + pieces.scrap,
    rework: step.rework + pieces.rework - pieces.reworked,
  });
  await patchRun(tx, run, {
    good: run.good + pieces.good + pieces.reworked,
    scrap: run.scrap + pieces.scrap,
    rework: run.rework + pieces.rework - pieces.reworked,
    ...become,
  });
  const before = rows.order.good;
  await sumOrder(tx, rows);
  const more = rows.order.good - before;
  // A rework order gives its pieces back to the order they came from, which makes the lot.
  if (rows.order.origin === 'rework' || more === 0) return null;
  if (more > 0) return produceLot(context, tx, { rows, run }, more, before, doer, when);
  return takeBack(context, tx, rows, run, -more, doer, when);
}

/** A correction downwards: pieces that were never made leave the run's lot. */
async function takeBack(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  run: RunRow,
  quantity: Millionths,
  doer: Doer,
  when: When,
): Promise<{ id: string; number: string } | null> {
  const lot = run.output_lot ? await context.deps.inventory.lot(run.output_lot, tx) : null;
  const stock = lot?.stock.find((s) => toMillionths(s.quantity) >= quantity);
  if (!lot || !stock) throw operationsError('operations.noOutput', { left: lot?.onHand ?? 0 }, { status: 409 });
  const off = await context.deps.inventory.unmake(tx, {
    ...{ time: when.time, actor: doer.actor, reference: `run/${run.id}`, reason: 'correction' },
    ...{ lot: lot.id, run: run.id, location: stock.location, quantity },
  });
  await freeInputs(tx, rows.order.id, off);
  await tx.db
    .updateTable('ops_outputs')
    .set((e) => ({ quantity: e('quantity', '-', quantity) }))
    .where('run_id', '=', run.id)
    .where('lot', '=', lot.id)
    .execute();
  return { id: lot.id, number: lot.number };
}

async function keepResult(
  context: Context,
  tx: Tx,
  { run, rows, step }: { run: RunRow; rows: OrderRows; step: StepRow },
  pieces: Pieces,
  input: { defects: readonly Defect[]; reason?: string | undefined; note: string },
  made: { count: Count | null; lot: { id: string; number: string } | null; corrects: string | null },
  doer: Doer,
  when: When,
): Promise<ResultRow> {
  const row: ResultRow = {
    ...{ id: context.newId(), run_id: run.id, order_id: rows.order.id, machine: run.machine, time_us: when.time },
    ...{ recorded_us: context.now(), client_us: when.clientTime, good: pieces.good + pieces.reworked },
    ...{ scrap: pieces.scrap, rework: pieces.rework - pieces.reworked },
    ...{ counted: made.count ? JSON.stringify(made.count) : null, corrects: made.corrects, corrected_by: null },
    ...{ reason: input.reason ?? null, note: input.note, by_whom: doer.name },
    ...{ lot: made.lot?.id ?? null, lot_number: made.lot?.number ?? null },
  };
  await putOff(tx.db, tx.db.insertInto('ops_results').values(row));
  const defects = input.defects.map((d, position) => ({
    ...{ result_id: row.id, position, run_id: run.id, reason: d.reason, quantity: toMillionths(d.quantity) },
    ...{ cavity: d.cavity ?? null, picture: d.picture ?? null },
  }));
  if (defects.length > 0) await putOff(tx.db, tx.db.insertInto('ops_defects').values(defects));
  const data = {
    ...{ order: rows.order.number, operation: step.number, good: fromMillionths(row.good) },
    ...{ scrap: fromMillionths(row.scrap), rework: fromMillionths(row.rework), counted: made.count },
    ...{ defects: input.defects, reason: row.reason, lot: row.lot_number, corrects: made.corrects },
  };
  await emitRun(tx, run, made.corrects ? 'run.resultCorrected' : 'run.resultConfirmed', doer, data, when);
  return row;
}

/** The middle piece when half of the step is through, the last when all is. */
async function askAlongTheWay(
  context: Context,
  tx: Tx,
  { run, rows, step }: { run: RunRow; rows: OrderRows; step: StepRow },
  pieces: Pieces,
  doer: Doer,
  when: When,
): Promise<void> {
  const through = step.good + step.scrap;
  const before = through - pieces.good - pieces.reworked - pieces.scrap;
  const passed = (mark: number) => before < mark && through >= mark;
  const about = { item: rows.order.item, operation: step.number, run: run.id, workOrder: rows.order.number };
  const common = { ...about, machine: run.machine, time: when.time, actor: doer.actor };
  const lotSize = fromMillionths(step.planned);
  if (passed(step.planned / 2)) await context.deps.quality.ask(tx, { stage: 'middle', ...common, lotSize });
  if (passed(step.planned)) await context.deps.quality.ask(tx, { stage: 'last', ...common, lotSize });
}

/** Corrects a confirmed result: the difference is a result of its own, with the reason; what was said first stays. */
export async function correctResult(
  context: Context,
  tx: Tx,
  id: string,
  input: {
    good: number;
    scrap?: number | undefined;
    rework: number;
    defects: readonly Defect[];
    reason: string;
    note: string;
    short?: boolean | undefined;
  },
  doer: Doer,
): Promise<ResultRow> {
  const named = await tx.db.selectFrom('ops_results').selectAll().where('id', '=', id).executeTakeFirst();
  if (!named) throw operationsError('operations.unknownResult', {}, { status: 404 });
  const first = named.corrects ?? named.id;
  const found = await findRun(tx.db, named.run_id);
  await lockMachine(tx, found.machine);
  const rows = await lockOrder(tx, found.order_id);
  const run = await findRun(tx.db, found.id);
  const step = rows.steps.find((s) => s.id === run.step_id)!;
  await assertOpen(context, tx, run.machine, named.time_us);
  await notReturned(tx, rows.order);
  if (!(await context.deps.masterdata.find('reason', input.reason, context.now(), tx)))
    throw operationsError('operations.unknownReason', { reason: input.reason }, { status: 400 });
  const stands = await standing(tx, first);
  const wanted = await checkedPieces(context, input, named.time_us, true, Math.min(0, stands.firstRework));
  const defects = differences(input.defects, stands.defects);
  const pieces: Pieces = {
    ...{ good: wanted.good - stands.good, scrap: wanted.scrap - stands.scrap },
    ...{ rework: wanted.rework - stands.rework, reworked: 0 },
  };
  const more = pieces.good + pieces.scrap + pieces.rework;
  if (more > 0) await checkRoom(context, tx, rows, step, pieces);
  const at = { run, rows, step };
  const when = { time: named.time_us, clientTime: null };
  if (more > 0) {
    const inputs = await inputsInto(tx, run);
    await consumeFor(context, tx, rows, { ...at, inputs }, more, doer, when, input.short === true);
  }
  const lot = await addPieces(context, tx, at, pieces, doer, when);
  if (more < 0) await giveMaterialBack(context, tx, rows, at, -more, doer, when);
  checkNextStep(rows, step);
  // What was set aside has been turned good since, or is in a rework order: that one must be corrected or cancelled first.
  const waiting = step.rework - (pieces.rework < 0 ? await reworkAway(tx, step.id) : 0);
  if (waiting < 0)
    throw operationsError(
      'operations.nothingToRework',
      { left: fromMillionths(waiting - pieces.rework) },
      { status: 409 },
    );
  const said = { defects, reason: input.reason, note: input.note };
  const row = await keepResult(context, tx, at, pieces, said, { count: null, lot, corrects: first }, doer, when);
  await settleOrder(context, tx, rows, doer, context.now());
  return row;
}

/** Pieces of a rework order that is over count at the order that they came from, and are corrected there. */
async function notReturned(tx: Tx, order: OrderRow): Promise<void> {
  if (order.origin !== 'rework' || !['finished', 'closed'].includes(order.status)) return;
  const parent = await findOrder(tx.db, order.parent ?? '');
  throw operationsError(
    'operations.reworkBack',
    { order: order.number, parent: parent?.number ?? '' },
    { status: 409 },
  );
}

/** A result with all its corrections. */
async function standing(tx: Tx, first: string) {
  const rows = await tx.db
    .selectFrom('ops_results')
    .selectAll()
    .where((e) => e.or([e('id', '=', first), e('corrects', '=', first)]))
    .limit(500)
    .execute();
  const defects = await tx.db
    .selectFrom('ops_defects')
    .selectAll()
    .where(
      'result_id',
      'in',
      rows.map((r) => r.id),
    )
    .execute();
  const sum = (key: 'good' | 'scrap' | 'rework') => rows.reduce((total, r) => total + r[key], 0);
  const firstRework = rows.find((r) => r.id === first)?.rework ?? 0;
  return { good: sum('good'), scrap: sum('scrap'), rework: sum('rework'), firstRework, defects };
}

/** Defects as wanted less as they stand; a negative quantity takes back. Pure. */
function differences(
  wanted: readonly Defect[],
  stands: readonly { reason: string; quantity: Millionths; cavity: number | null }[],
): Defect[] {
  const sums = new Map<string, Defect>();
  const put = (reason: string, cavity: number | null | undefined, quantity: number) => {
    const key = `${reason} ${cavity ?? ''}`;
    const known = sums.get(key) ?? { reason, quantity: 0, ...(cavity == null ? {} : { cavity }) };
    known.quantity = fromMillionths(toMillionths(known.quantity) + toMillionths(quantity));
    sums.set(key, known);
  };
  for (const d of wanted) put(d.reason, d.cavity, d.quantity);
  for (const d of stands) put(d.reason, d.cavity, -fromMillionths(d.quantity));
  return [...sums.values()].filter((d) => d.quantity !== 0);
}
