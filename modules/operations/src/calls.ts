import type { FloorCall, Handover } from '@deungdae/contracts/work-order.ts';
import type { Context, Doer, Tx } from './context.ts';
import { operationsError } from './errors.ts';
import { openRuns } from './run-store.ts';
import type { OperationsTables } from './schema.ts';
import { shiftAt } from './shifts.ts';

type CallRow = OperationsTables['ops_calls'];
type HandoverRow = OperationsTables['ops_handovers'];

export async function raiseCall(
  context: Context,
  tx: Tx,
  input: { kind: FloorCall['kind']; machine: string; text: string },
  doer: Doer,
  time: number,
): Promise<CallRow> {
  const machine = context.machine(input.machine).path;
  const run = (await openRuns(tx.db, machine))[0];
  const row: CallRow = {
    ...{ id: context.newId(), kind: input.kind, machine, run_id: run?.id ?? null, text: input.text, status: 'open' },
    ...{ raised_us: time, raised_by: doer.name, acknowledged_us: null, acknowledged_by: null },
    ...{ closed_us: null, closed_by: null, answer: '' },
  };
  await tx.db.insertInto('ops_calls').values(row).execute();
  const data = { kind: row.kind, machine, text: row.text, run: row.run_id, by: doer.name };
  await tx.emit({ type: 'call.raised', subject: `call/${row.id}`, actor: doer.actor, data, time });
  return row;
}

/**
 * Acknowledges or closes; closing one that nobody acknowledged does both. With `machine`, only a call of that machine.
 * Throws `operations.unknownCall`, `operations.callClosed`.
 */
export async function answerCall(
  tx: Tx,
  id: string,
  input: { act: 'acknowledge' | 'close'; text: string; machine?: string },
  doer: Doer,
  time: number,
): Promise<CallRow> {
  const { machine } = input;
  const row = await tx.db
    .updateTable('ops_calls')
    .set((e) => ({ acknowledged_us: e.fn.coalesce('acknowledged_us', e.val(time)) }))
    .where('id', '=', id)
    .$if(machine !== undefined, (q) => q.where('machine', '=', machine!))
    .returningAll()
    .executeTakeFirst();
  if (!row) throw operationsError('operations.unknownCall', {}, { status: 404 });
  if (row.status === 'closed')
    throw operationsError('operations.callClosed', { by: row.closed_by ?? '' }, { status: 409 });
  const patch: Partial<CallRow> = { acknowledged_by: row.acknowledged_by ?? doer.name };
  if (input.text) patch.answer = input.text;
  if (input.act === 'close') Object.assign(patch, { status: 'closed', closed_us: time, closed_by: doer.name });
  else patch.status = 'acknowledged';
  await tx.db.updateTable('ops_calls').set(patch).where('id', '=', id).execute();
  const type = input.act === 'close' ? 'call.closed' : 'call.acknowledged';
  const data = { machine: row.machine, kind: row.kind, text: input.text, by: doer.name };
  await tx.emit({ type, subject: `call/${id}`, actor: doer.actor, data, time });
  return { ...row, ...patch };
}

export function callOf(r: CallRow): FloorCall {
  return {
    ...{ id: r.id, kind: r.kind as FloorCall['kind'], machine: r.machine, run: r.run_id, text: r.text },
    ...{ status: r.status as FloorCall['status'], raisedAt: r.raised_us, raisedBy: r.raised_by },
    ...{ acknowledgedAt: r.acknowledged_us, acknowledgedBy: r.acknowledged_by },
    ...{ closedAt: r.closed_us, closedBy: r.closed_by, answer: r.answer },
  };
}

/** A note to the next shift, kept with the shift it was written in. */
export async function addHandover(
  context: Context,
  tx: Tx,
  input: { machine: string; text: string },
  doer: Doer,
  time: number,
): Promise<HandoverRow> {
  const model = context.machine(input.machine);
  const shift = shiftAt(model, time);
  const row: HandoverRow = {
    ...{ id: context.newId(), machine: model.path, day: shift?.day ?? '', shift: shift?.id ?? '', text: input.text },
    ...{ by_whom: doer.name, at_us: time, read_by: null, read_us: null },
  };
  await tx.db.insertInto('ops_handovers').values(row).execute();
  const data = { machine: row.machine, text: row.text, by: doer.name };
  await tx.emit({ type: 'handover.written', subject: `handover/${row.id}`, actor: doer.actor, data, time });
  return row;
}

/** With `machine`, only a note of that machine. Throws `operations.unknownHandover`. */
export async function readHandover(
  tx: Tx,
  id: string,
  doer: Doer,
  time: number,
  machine?: string,
): Promise<HandoverRow> {
  const row = await tx.db.selectFrom('ops_handovers').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || (machine !== undefined && row.machine !== machine))
    throw operationsError('operations.unknownHandover', {}, { status: 404 });
  if (row.read_us !== null) return row;
  const patch = { read_by: doer.name, read_us: time };
  await tx.db.updateTable('ops_handovers').set(patch).where('id', '=', id).execute();
  const data = { machine: row.machine, by: doer.name };
  await tx.emit({ type: 'handover.read', subject: `handover/${id}`, actor: doer.actor, data, time });
  return { ...row, ...patch };
}

export function handoverOf(r: HandoverRow): Handover {
  return {
    ...{ id: r.id, machine: r.machine, day: r.day, shift: r.shift, text: r.text, by: r.by_whom, at: r.at_us },
    ...{ readBy: r.read_by, readAt: r.read_us },
  };
}
