import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { type Context, type Doer, list, lockMachine, type Tx, type When } from './context.ts';
import { assertOpen } from './day-lock.ts';
import { available, candidates, isDone, label, mayRunAt, type StepOrder, startBlock } from './domain/steps.ts';
import { operationsError } from './errors.ts';
import { noticeStart } from './four-m.ts';
import { allLeave, joinRun, leaveRun } from './labour.ts';
import { stepAt } from './order-changes.ts';
import {
  figuresOf,
  findOrder,
  lockOrder,
  lockOrderById,
  type OrderRows,
  patchOrder,
  patchStep,
  type StepRow,
} from './order-store.ts';
import { expectStatus, settleOrder } from './orders.ts';
import { openRuns, patchRun, type RunRow, runMeant } from './run-store.ts';

export interface StartInput {
  machine: string;
  /** Number of the order as typed or scanned. */
  order: string;
  operation?: number | undefined;
  tool?: string | undefined;
  parallel?: boolean | undefined;
}

/** Starts a step at a machine after the gates: order, sequence, machine, people, tool, locked day. */
export async function startRun(context: Context, tx: Tx, input: StartInput, doer: Doer, when: When): Promise<RunRow> {
  const machine = context.machine(input.machine).path;
  const { time } = when;
  const stood = await lockMachine(tx, machine);
  await assertOpen(context, tx, machine, time);
  if (!(await findOrder(tx.db, input.order))) await refuseScan(context, tx, input.order);
  const rows = await lockOrder(tx, input.order);
  expectStatus(rows.order, ['released', 'running']);
  const step = chooseStep(context, rows, machine, input.operation);
  const open = await openRuns(tx.db, machine);
  const same = open.find((r) => r.step_id === step.id);
  if (same?.status === 'paused') return resumeRun(context, tx, same, doer, when);
  if (same) throw operationsError('operations.alreadyRunning', { order: rows.order.number }, { status: 409 });
  await machineFree(context, tx, machine, step, open, input.parallel === true);
  await skilled(context, tx, step, doer, time);
  const tool = await toolFor(context, tx, step, input.tool, machine, time);
  const run: RunRow = {
    ...{ id: context.newId(), order_id: rows.order.id, step_id: step.id, machine, tool, status: 'setup' },
    ...{ started_us: time, production_us: null, ended_us: null, ended_by: null, counted_to: time },
    ...{ counted_good: 0, counted_scrap: 0, counted_total: 0, has_count: 0, good: 0, scrap: 0, rework: 0 },
    ...{ output_lot: null, note: '' },
  };
  await tx.db.insertInto('ops_runs').values(run).execute();
  await patchStep(tx, step, { status: 'running', machine });
  if (rows.order.status === 'released')
    await patchOrder(tx, rows.order, { status: 'running', started_us: rows.order.started_us ?? time });
  if (doer.person) await joinRun(context, tx, run, doer.person, time);
  await tx.emit({
    type: 'run.started',
    subject: `run/${run.id}`,
    actor: doer.actor,
    data: {
      order: rows.order.number,
      operation: step.number,
      machine,
      tool,
      by: doer.name,
      clientTime: when.clientTime,
    },
    time,
  });
  await noticeStart(context, tx, { run, order: rows.order, step, stood }, doer, time);
  await context.deps.quality.ask(tx, {
    ...{ stage: 'first', item: rows.order.item, operation: step.number, run: run.id, workOrder: rows.order.number },
    ...{ machine, lotSize: fromMillionths(step.planned), time, actor: doer.actor },
  });
  return run;
}

/** Says what a scan is that is no order. */
async function refuseScan(context: Context, tx: Tx, scan: string): Promise<never> {
  const lot = await context.deps.inventory.lot(scan, tx);
  if (lot)
    throw operationsError(
      'operations.notAnOrder',
      { scan: scan.slice(0, 60), what: `LOT ${lot.number} (${lot.item})` },
      { status: 409 },
    );
  throw operationsError('operations.unknownOrder', { order: scan.slice(0, 60) }, { status: 404 });
}

function chooseStep(context: Context, rows: OrderRows, machine: string, operation: number | undefined): StepRow {
  const { order, steps } = rows;
  const figures = steps.map(figuresOf);
  const how = order.step_order as StepOrder;
  if (operation !== undefined) {
    const step = stepAt(rows, operation);
    const own = figures.find((f) => f.id === step.id)!;
    if (own.status === 'finished' || own.status === 'skipped')
      throw operationsError('operations.nothingToDo', { order: order.number }, { status: 409 });
    const block = startBlock(figures, own, how);
    if (block) throw operationsError(block.code, block.params, { status: 409 });
    if (!mayRunAt(own, machine)) throw wrongMachine(context, step, machine);
    return step;
  }
  const found = candidates(figures, machine, how);
  if (found.length > 1 && how === 'free')
    throw operationsError(
      'operations.chooseOperation',
      { order: order.number, operations: found.map(label).join(', ') },
      { status: 409 },
    );
  const chosen = found[0];
  if (chosen) return steps.find((s) => s.id === chosen.id)!;
  const open = figures.filter((f) => f.status !== 'finished' && f.status !== 'skipped');
  const here = open.filter((f) => mayRunAt(f, machine));
  const block = here.map((f) => startBlock(figures, f, how)).find((b) => b !== null);
  if (block) throw operationsError(block.code, block.params, { status: 409 });
  const next = open.find((f) => available(figures, f, how) > 0);
  if (here.length === 0 && next) throw wrongMachine(context, steps.find((s) => s.id === next.id)!, machine);
  throw operationsError('operations.nothingToDo', { order: order.number }, { status: 409 });
}

function wrongMachine(context: Context, step: StepRow, machine: string) {
  const machines = step.machines === '[]' && step.machine ? [step.machine] : list(step.machines);
  const names = machines.map((m) => context.machineName(m));
  return operationsError(
    'operations.wrongMachine',
    { step: label(step), machine: context.machineName(machine), machines: names.join(', ') },
    { status: 409 },
  );
}

/** One order runs at a machine, unless its work centre allows more and the operator asks for it. */
async function machineFree(
  context: Context,
  tx: Tx,
  machine: string,
  step: StepRow,
  open: readonly RunRow[],
  parallel: boolean,
): Promise<void> {
  const busy = open.find((r) => r.status !== 'paused');
  if (!busy) return;
  if (parallel) {
    const centre = await context.deps.masterdata.find('workCentre', step.work_centre, context.now(), tx);
    if (centre?.data.parallelOrders) return;
  }
  const order = await findOrder(tx.db, busy.order_id);
  throw operationsError(
    'operations.machineBusy',
    { machine: context.machineName(machine), order: order?.number ?? '' },
    { status: 409 },
  );
}

/** Throws `operations.badgeNeeded` or `operations.skillMissing`, with the names of the skills. */
async function skilled(context: Context, tx: Tx, step: StepRow, doer: Doer, time: number): Promise<void> {
  const skills = list(step.skills);
  if (skills.length === 0) return;
  if (!doer.person) throw operationsError('operations.badgeNeeded', {}, { status: 409 });
  const missing = await context.deps.people.missingSkills(doer.person.id, skills, time, tx);
  if (missing.length === 0) return;
  const names: string[] = [];
  for (const code of missing)
    names.push((await context.deps.masterdata.find('skill', code, time, tx))?.data.name ?? code);
  throw operationsError(
    'operations.skillMissing',
    { person: doer.person.name, skills: names.join(', ') },
    { status: 403 },
  );
}

/** The tool of a run: scanned, or the only one there is. Throws when it is missing, wrong, blocked or in use elsewhere. */
async function toolFor(
  context: Context,
  tx: Tx,
  step: StepRow,
  scanned: string | undefined,
  machine: string,
  time: number,
): Promise<string | null> {
  const tools = list(step.tools);
  const code = scanned?.trim().replace(/^TOOL[:|]/, '') || (tools.length === 1 ? tools[0] : undefined);
  if (!code) {
    if (tools.length === 0) return null;
    throw operationsError('operations.toolNeeded', { step: label(step), tools: tools.join(', ') }, { status: 409 });
  }
  if (tools.length > 0 && !tools.includes(code))
    throw operationsError(
      'operations.wrongTool',
      { tool: code.slice(0, 60), tools: tools.join(', ') },
      { status: 409 },
    );
  const tool = await context.deps.masterdata.need('tool', code, time, tx);
  const why = await toolBlock(context, tx, tool, machine);
  if (why)
    throw operationsError('operations.toolBlocked', { tool: `${tool.data.name} (${code})`, why }, { status: 409 });
  return code;
}

/** Why a tool cannot be used at a machine now; null when it can. */
export async function toolBlock(
  context: Context,
  db: Pick<Tx, 'db'>,
  tool: { code: string; data: { cavities: number; blockedCavities: number[]; machines: string[] } },
  machine: string,
): Promise<string | null> {
  const { cavities, blockedCavities, machines } = tool.data;
  if (blockedCavities.length >= cavities) return `cavity ${blockedCavities.length}/${cavities} ✕`;
  if (machines.length > 0 && !machines.includes(machine))
    return `→ ${machines.map((m) => context.machineName(m)).join(', ')}`;
  const elsewhere = await db.db
    .selectFrom('ops_runs')
    .select('machine')
    .where('tool', '=', tool.code)
    .where('status', 'in', ['setup', 'running'])
    .where('machine', '!=', machine)
    .limit(1)
    .executeTakeFirst();
  return elsewhere ? `@ ${context.machineName(elsewhere.machine)}` : null;
}

/** Locks machine, order and run of an act on a run. Throws `operations.runFinished` when it is over. */
export async function lockRun(
  context: Context,
  tx: Tx,
  machine: string,
  runId: string | undefined,
): Promise<{ run: RunRow; rows: OrderRows; step: StepRow }> {
  return lockOrderOf(tx, await lockMeant(context, tx, machine, runId));
}

/**
 * The first half of `lockRun`: the machine, and the run meant there. Nobody else's transaction writes while this one does,
 * on either engine, so the run stays as it is read here.
 */
export async function lockMeant(context: Context, tx: Tx, machine: string, runId: string | undefined): Promise<RunRow> {
  const locking = lockMachine(tx, machine);
  const [run] = await Promise.all([runMeant(context, tx.db, machine, runId), locking]);
  return run;
}

/** The second half of `lockRun`. */
export async function lockOrderOf(tx: Tx, run: RunRow): Promise<{ run: RunRow; rows: OrderRows; step: StepRow }> {
  const rows = await lockOrderById(tx, run.order_id);
  if (run.status === 'finished')
    throw operationsError(
      'operations.runFinished',
      { order: rows.order.number, by: run.ended_by ?? '' },
      { status: 409 },
    );
  return { run, rows, step: rows.steps.find((s) => s.id === run.step_id)! };
}

export async function pauseRun(
  context: Context,
  tx: Tx,
  input: { machine: string; run?: string | undefined; note: string },
  doer: Doer,
  when: When,
): Promise<RunRow> {
  const { run, rows, step } = await lockRun(context, tx, input.machine, input.run);
  await assertOpen(context, tx, run.machine, when.time);
  await patchRun(tx, run, { status: 'paused' });
  await allLeave(tx, run, when.time);
  await patchStep(tx, step, { status: (await statusOfOthers(tx, run)) ?? 'paused' });
  await emitRun(tx, run, 'run.paused', doer, { order: rows.order.number, note: input.note }, when);
  return run;
}

/** Goes on with a paused run. Throws when another order has taken the machine, or the order is held. */
export async function resumeRun(context: Context, tx: Tx, given: RunRow, doer: Doer, when: When): Promise<RunRow> {
  const { run, rows, step } = await lockRun(context, tx, given.machine, given.id);
  await assertOpen(context, tx, run.machine, when.time);
  expectStatus(rows.order, ['released', 'running']);
  const others = (await openRuns(tx.db, run.machine)).filter((r) => r.id !== run.id);
  await machineFree(context, tx, run.machine, step, others, true);
  await skilled(context, tx, step, doer, when.time);
  await patchRun(tx, run, { status: run.production_us === null ? 'setup' : 'running' });
  if (doer.person) await joinRun(context, tx, run, doer.person, when.time);
  await patchStep(tx, step, { status: 'running' });
  await emitRun(tx, run, 'run.resumed', doer, { order: rows.order.number }, when);
  return run;
}

/** Ends the set-up by hand, where no counter tells of the first good piece. */
export async function startProduction(
  context: Context,
  tx: Tx,
  input: { machine: string; run?: string | undefined },
  doer: Doer,
  when: When,
): Promise<RunRow> {
  const { run, rows } = await lockRun(context, tx, input.machine, input.run);
  await assertOpen(context, tx, run.machine, when.time);
  if (run.production_us === null) {
    await patchRun(tx, run, { status: 'running', production_us: Math.max(when.time, run.started_us) });
    await emitRun(tx, run, 'run.productionStarted', doer, { order: rows.order.number }, when);
  }
  return run;
}

/** What the operation's runs at other machines make of it; null when there are none. */
async function statusOfOthers(tx: Tx, run: RunRow): Promise<'running' | 'paused' | null> {
  const others = await tx.db
    .selectFrom('ops_runs')
    .select('status')
    .where('step_id', '=', run.step_id)
    .where('status', '!=', 'finished')
    .where('id', '!=', run.id)
    .limit(100)
    .execute();
  if (others.length === 0) return null;
  return others.some((r) => r.status !== 'paused') ? 'running' : 'paused';
}

/** Ends a run: asks for the last and final inspections, and finishes step and order when nothing is left to do. */
export async function finishRun(
  context: Context,
  tx: Tx,
  input: { machine: string; run?: string | undefined; note: string },
  doer: Doer,
  when: When,
): Promise<RunRow> {
  const { run, rows, step } = await lockRun(context, tx, input.machine, input.run);
  const { quality } = context.deps;
  const { order, steps } = rows;
  await assertOpen(context, tx, run.machine, when.time);
  const ended_us = Math.max(when.time, run.started_us);
  await patchRun(tx, run, { status: 'finished', ended_us, ended_by: doer.name, note: input.note });
  await allLeave(tx, run, ended_us);
  const about = { item: order.item, run: run.id, workOrder: order.number, machine: run.machine };
  const common = { ...about, time: when.time, actor: doer.actor, lotSize: fromMillionths(run.good) };
  await quality.runEnded(tx, { run: run.id, time: when.time, actor: doer.actor });
  if (run.good > 0) await quality.ask(tx, { stage: 'last', ...common, operation: step.number });
  if (run.output_lot) await quality.ask(tx, { stage: 'final', ...common, lot: run.output_lot });
  const done = isDone(steps.map(figuresOf), figuresOf(step), order.step_order as StepOrder);
  await patchStep(tx, step, { status: (await statusOfOthers(tx, run)) ?? (done ? 'finished' : 'ready') });
  await emitRun(
    tx,
    run,
    'run.finished',
    doer,
    { order: order.number, good: fromMillionths(run.good), scrap: fromMillionths(run.scrap), note: input.note },
    when,
  );
  await settleOrder(context, tx, rows, doer, when.time);
  return run;
}

export async function joinOrLeave(
  context: Context,
  tx: Tx,
  input: { machine: string; run?: string | undefined; act: 'join' | 'leave' },
  doer: Doer,
  when: When,
): Promise<RunRow> {
  const { run, rows, step } = await lockRun(context, tx, input.machine, input.run);
  await assertOpen(context, tx, run.machine, when.time);
  if (!doer.person) throw operationsError('operations.badgeNeeded', {}, { status: 409 });
  if (input.act === 'join') {
    await skilled(context, tx, step, doer, when.time);
    await joinRun(context, tx, run, doer.person, when.time);
  } else await leaveRun(tx, run, doer.person, when.time);
  const type = input.act === 'join' ? 'run.joined' : 'run.left';
  await emitRun(tx, run, type, doer, { order: rows.order.number, person: doer.name }, when);
  return run;
}

export async function emitRun(
  tx: Tx,
  run: RunRow,
  type: string,
  doer: Doer,
  data: Record<string, unknown>,
  when: When,
): Promise<void> {
  await tx.emit({
    ...{ type, subject: `run/${run.id}`, actor: doer.actor, time: when.time },
    data: { machine: run.machine, by: doer.name, clientTime: when.clientTime, ...data },
  });
}
