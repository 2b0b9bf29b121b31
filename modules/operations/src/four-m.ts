import type { ChangeNotice } from '@deungdae/contracts/work-order.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import {
  type Context,
  type Doer,
  dayDigits,
  keepContext,
  lockMachine,
  type MachineContext,
  type MachineContexts,
  nextNumber,
  type Tx,
} from './context.ts';
import { operationsError } from './errors.ts';
import type { OrderRow, StepRow } from './order-store.ts';
import type { RunRow } from './run-store.ts';
import type { OperationsTables } from './schema.ts';

type ChangeRow = OperationsTables['ops_changes'];
type Kind = ChangeNotice['kind'];

export interface NewChange {
  kind: Kind;
  machine: string;
  run: string | null;
  order: string | null;
  item: string | null;
  before: string;
  after: string;
  text: string;
  status: 'draft' | 'submitted';
  lotBefore: string | null;
}

/** What changed between the last run of an item at a machine and this one. Pure. */
function changesOf(
  before: MachineContext | undefined,
  after: MachineContext,
): { kind: Kind; before: string; after: string }[] {
  if (!before) return [];
  const out: { kind: Kind; before: string; after: string }[] = [];
  const put = (kind: Kind, from: string | undefined, to: string | undefined) => {
    if (from !== undefined && to !== undefined && from !== to) out.push({ kind, before: from, after: to });
  };
  if (before.person !== after.person) put('man', before.personName, after.personName);
  put('machine', before.tool, after.tool);
  put('method', before.method, after.method);
  for (const [item, lot] of Object.entries(after.lots ?? {})) {
    const former = before.lots?.[item];
    if (former && former !== lot) out.push({ kind: 'material', before: `${item} ${former}`, after: `${item} ${lot}` });
  }
  return out;
}

/** Items remembered per machine; the oldest goes. */
const mostItems = 50;

/** Drafts a notice for what is other than at the last run of the item here, and remembers what stands now. */
export async function noticeStart(
  context: Context,
  tx: Tx,
  { run, order, step, stood }: { run: RunRow; order: OrderRow; step: StepRow; stood: MachineContexts },
  doer: Doer,
  time: number,
): Promise<void> {
  const items = stood;
  const now: MachineContext = {
    ...(doer.person ? { person: doer.person.id, personName: doer.person.name } : {}),
    ...(run.tool ? { tool: run.tool } : {}),
    method: [`rev ${order.revision || '-'}`, ...(JSON.parse(step.documents) as string[])].join(' '),
  };
  const former = items[order.item];
  await draft(context, tx, changesOf(former, now), { run, order, lotBefore: former?.lastLot ?? null }, doer, time);
  await remember(tx, run.machine, items, order.item, { ...former, ...now });
}

/** A lot of material goes into a run: another lot than last time is a change. */
export async function noticeLot(
  context: Context,
  tx: Tx,
  { run, order, item, lot }: { run: RunRow; order: OrderRow; item: string; lot: string },
  doer: Doer,
  time: number,
): Promise<void> {
  const items = await lockMachine(tx, run.machine);
  const former = items[order.item];
  if (former?.lots?.[item] === lot) return;
  const now = { ...former, lots: { [item]: lot } };
  const found = changesOf(former, now).filter((c) => c.kind === 'material');
  await draft(context, tx, found, { run, order, lotBefore: former?.lastLot ?? null }, doer, time);
  await remember(tx, run.machine, items, order.item, { ...former, lots: { ...former?.lots, [item]: lot } });
}

/** The lot that a run makes: notices of the run learn what was made after the change. */
export async function noticeOutput(tx: Tx, run: RunRow, item: string, lotNumber: string): Promise<void> {
  const items = await lockMachine(tx, run.machine);
  await remember(tx, run.machine, items, item, { ...items[item], lastLot: lotNumber });
  await putOff(
    tx.db,
    tx.db
      .updateTable('ops_changes')
      .set({ lot_after: lotNumber })
      .where('run_id', '=', run.id)
      .where('lot_after', 'is', null),
  );
}

async function remember(
  tx: Tx,
  machine: string,
  items: MachineContexts,
  item: string,
  now: MachineContext,
): Promise<void> {
  delete items[item];
  items[item] = now;
  for (const old of Object.keys(items).slice(0, Math.max(0, Object.keys(items).length - mostItems))) delete items[old];
  await keepContext(tx, machine, items);
}

async function draft(
  context: Context,
  tx: Tx,
  found: readonly { kind: Kind; before: string; after: string }[],
  about: { run: RunRow; order: OrderRow; lotBefore: string | null },
  doer: Doer,
  time: number,
): Promise<void> {
  for (const change of found)
    await addChange(
      context,
      tx,
      {
        ...change,
        ...{ machine: about.run.machine, run: about.run.id, order: about.order.id, item: about.order.item },
        ...{ text: '', status: 'draft', lotBefore: about.lotBefore },
      },
      { ...doer, actor: { kind: 'system', id: 'operations' }, name: '' },
      time,
    );
}

export async function addChange(
  context: Context,
  tx: Tx,
  input: NewChange,
  doer: Doer,
  time: number,
): Promise<ChangeRow> {
  const number = await nextNumber(tx, `4M-${dayDigits(context, time)}-`);
  const row: ChangeRow = {
    ...{ id: context.newId(), number, kind: input.kind, machine: input.machine, run_id: input.run },
    ...{ order_id: input.order, item: input.item, before_text: input.before.slice(0, 200) },
    ...{ after_text: input.after.slice(0, 200), text: input.text, status: input.status, customer: 'internal' },
    ...{ lot_before: input.lotBefore, lot_after: null, created_us: time, created_by: doer.name },
    ...{ decided_us: null, decided_by: null, note: '' },
  };
  await tx.db.insertInto('ops_changes').values(row).execute();
  await tx.emit({
    type: input.status === 'draft' ? 'change.drafted' : 'change.submitted',
    subject: `change/${number}`,
    actor: doer.actor,
    data: { kind: input.kind, machine: input.machine, before: row.before_text, after: row.after_text, text: row.text },
    time,
  });
  return row;
}

export async function decideChange(
  context: Context,
  id: string,
  input: {
    status: 'submitted' | 'approved' | 'rejected';
    customer?: ChangeNotice['customer'] | undefined;
    note: string;
  },
  doer: Doer,
): Promise<ChangeNotice> {
  return context.act(async (tx) => {
    // Counts as the lock: of two who decide at once the second finds it decided.
    const row = await tx.db
      .updateTable('ops_changes')
      .set({ note: input.note })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw operationsError('operations.unknownChange', {}, { status: 404 });
    if (row.status === 'approved' || row.status === 'rejected')
      throw operationsError(
        'operations.changeDecided',
        { number: row.number, status: `@changeStatus.${row.status}` },
        { status: 409 },
      );
    const decided = input.status === 'submitted' ? {} : { decided_us: context.now(), decided_by: doer.name };
    const patch = { status: input.status, customer: input.customer ?? row.customer, ...decided };
    await tx.db.updateTable('ops_changes').set(patch).where('id', '=', id).execute();
    await tx.emit({
      type: `change.${input.status}`,
      subject: `change/${row.number}`,
      actor: doer.actor,
      data: { note: input.note, customer: patch.customer },
    });
    return changeOf({ ...row, ...patch, note: input.note });
  });
}

export function changeOf(r: ChangeRow): ChangeNotice {
  return {
    ...{ id: r.id, number: r.number, kind: r.kind as Kind, machine: r.machine, run: r.run_id, workOrder: r.order_id },
    ...{ item: r.item, before: r.before_text, after: r.after_text, text: r.text },
    ...{ status: r.status as ChangeNotice['status'], customer: r.customer as ChangeNotice['customer'] },
    ...{ lotBefore: r.lot_before, lotAfter: r.lot_after, createdAt: r.created_us, createdBy: r.created_by },
    ...{ decidedAt: r.decided_us, decidedBy: r.decided_by, note: r.note },
  };
}
