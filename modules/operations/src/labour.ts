import type { LabourEntry } from '@deungdae/contracts/work-order.ts';
import type { Person } from '@deungdae/people/module.ts';
import type { Context, Doer, Tx } from './context.ts';
import { assertOpen } from './day-lock.ts';
import { operationsError } from './errors.ts';
import type { LabourRow, RunRow } from './run-store.ts';

/** A person works on a run from now on. A second scan of the same badge changes nothing. */
export async function joinRun(context: Context, tx: Tx, run: RunRow, person: Person, time: number): Promise<void> {
  const open = await openOf(tx, person.id);
  if (open.some((l) => l.run_id === run.id)) return;
  for (const l of open.filter((l) => l.kind === 'indirect')) await endLabour(tx, l, time);
  await tx.db
    .insertInto('ops_labour')
    .values({
      ...{ id: context.newId(), person: person.id, name: person.name, kind: 'direct', machine: run.machine },
      ...{ run_id: run.id, activity: '', from_us: time, to_us: null },
    })
    .execute();
}

/** Throws `operations.notAtRun` for somebody who is not there. */
export async function leaveRun(tx: Tx, run: RunRow, person: Person, time: number): Promise<void> {
  const mine = (await openOf(tx, person.id)).filter((l) => l.run_id === run.id);
  if (mine.length === 0) throw operationsError('operations.notAtRun', { person: person.name }, { status: 409 });
  for (const l of mine) await endLabour(tx, l, time);
}

export async function allLeave(tx: Tx, run: RunRow, time: number): Promise<void> {
  const open = await tx.db
    .selectFrom('ops_labour')
    .selectAll()
    .where('run_id', '=', run.id)
    .where('to_us', 'is', null)
    .limit(100)
    .execute();
  for (const l of open) await endLabour(tx, l, time);
}

/** Work that belongs to no run: cleaning, meeting, waiting. Starting ends what the person did before. */
export async function indirectWork(
  context: Context,
  tx: Tx,
  machine: string,
  person: Person,
  input: { activity: string; end: boolean },
  time: number,
): Promise<void> {
  for (const l of await openOf(tx, person.id))
    if (!input.end || (l.kind === 'indirect' && l.activity === input.activity)) await endLabour(tx, l, time);
  if (input.end) return;
  await tx.db
    .insertInto('ops_labour')
    .values({
      ...{ id: context.newId(), person: person.id, name: person.name, kind: 'indirect', machine },
      ...{ run_id: null, activity: input.activity, from_us: time, to_us: null },
    })
    .execute();
}

async function openOf(tx: Tx, person: string): Promise<LabourRow[]> {
  return tx.db
    .selectFrom('ops_labour')
    .selectAll()
    .where('person', '=', person)
    .where('to_us', 'is', null)
    .limit(100)
    .execute();
}

async function endLabour(tx: Tx, row: LabourRow, time: number): Promise<void> {
  const to_us = Math.max(time, row.from_us);
  await tx.db.updateTable('ops_labour').set({ to_us }).where('id', '=', row.id).execute();
}

/** Hours that nobody scanned, by a leader. */
export async function addLabour(
  context: Context,
  tx: Tx,
  input: {
    person: Person;
    kind: 'direct' | 'indirect';
    run: RunRow | null;
    machine: string | null;
    activity: string;
    from: number;
    to: number;
  },
  doer: Doer,
): Promise<LabourRow> {
  if (!(input.to > input.from) || input.to - input.from > 2 * 86_400_000_000)
    throw operationsError('operations.badWindow', { days: 2 }, { status: 400 });
  if (input.to > context.now()) throw operationsError('operations.badTime', {}, { status: 400 });
  const machine = input.run?.machine ?? input.machine;
  if (machine) await assertOpen(context, tx, machine, input.from);
  const row: LabourRow = {
    ...{ id: context.newId(), person: input.person.id, name: input.person.name, kind: input.kind, machine },
    ...{ run_id: input.run?.id ?? null, activity: input.activity, from_us: input.from, to_us: input.to },
  };
  await tx.db.insertInto('ops_labour').values(row).execute();
  const data = { person: row.person, from: row.from_us, to: row.to_us, machine, activity: row.activity };
  await tx.emit({ type: 'labour.added', subject: `person/${row.person}`, actor: doer.actor, data });
  return row;
}

export function labourOf(row: LabourRow, number: string | null): LabourEntry {
  return {
    ...{ id: row.id, person: row.person, name: row.name, kind: row.kind as LabourEntry['kind'] },
    ...{ machine: row.machine, run: row.run_id, workOrderNumber: number, activity: row.activity },
    ...{ from: row.from_us, to: row.to_us },
  };
}
