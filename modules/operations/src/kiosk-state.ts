import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { KioskState } from '@deungdae/contracts/kiosk.ts';
import type { MasterRecord } from '@deungdae/contracts/master.ts';
import { callOf, handoverOf } from './calls.ts';
import type { Context } from './context.ts';
import { countBetween } from './counting.ts';
import { dispatchList } from './dispatch.ts';
import { operationsError } from './errors.ts';
import { changeOf } from './four-m.ts';
import { orderOf, ordersOf } from './order-store.ts';
import { openRuns, type RunRow, showRuns } from './run-store.ts';

type Reading = ReturnType<Context['read']>;

const dayUs = 86_400_000_000;
/** Steps shown in the queue. */
const queueLength = 20;

/** Everything the operator at one machine needs. Throws `operations.unknownMachine`. */
export async function kioskState(context: Context, path: string): Promise<KioskState> {
  const machine = context.machine(path);
  const { equipment } = context.deps;
  const now = context.now();
  const card = equipment.card(machine.path);
  if (!card) throw operationsError('operations.unknownMachine', { machine: path }, { status: 404 });
  // Asked for together wherever one does not need the other: a statement is quick, its way to the database is not.
  const [runs, queue, stop, reasons, notes] = await Promise.all([
    openRuns(context.read(), machine.path),
    dispatchList(context, machine.path, queueLength),
    openStop(context, machine.path, now),
    reasonsInForce(context, now),
    notesOf(context.read(), machine.path),
  ]);
  const row = runs[0];
  const none = { run: null, order: null, inspections: [], changes: [], proposed: null, documents: [] };
  const atRun = row ? await atRunOf(context, row, now) : none;
  const choices = choicesOf(context, reasons, atRun.order?.item ?? null);
  const shown = queue.map(({ order, step }) => ({ ...order, steps: [step] }));
  const names = await namesOf(context, atRun.order ? [atRun.order, ...shown] : shown, now);
  return {
    ...{ at: now, timeZone: machine.timeZone, machine: card, queue, produced: card.produced, target: card.target },
    ...{ openStop: stop, ...atRun, ...choices, ...notes, names },
  };
}

type AtRun = Pick<KioskState, 'run' | 'order' | 'inspections' | 'changes' | 'proposed' | 'documents'>;

async function atRunOf(context: Context, row: RunRow, now: number): Promise<AtRun> {
  const db = context.read();
  const [shown, orderRows, inspections, changes, proposed] = await Promise.all([
    showRuns(context, db, [row]),
    ordersOf(db, [row.order_id]),
    context.deps.quality.inspectionsOf({ run: row.id }),
    changesOf(db, row),
    countBetween(context, row.machine, row.counted_to, now),
  ]);
  const order = orderRows[0] ? orderOf(orderRows[0]) : null;
  const step = order?.steps.find((s) => s.id === row.step_id);
  return {
    ...{ run: shown[0]!, order, changes, proposed },
    inspections: inspections.filter((i) => i.status === 'due' || i.status === 'open').slice(0, 20),
    documents: await documentsOf(context, order, step?.documents ?? [], row.started_us),
  };
}

type Named = { item: string; itemName: string; steps: readonly { id: string; number: number; name: string }[] };

/** Names of items and operations for those who read no Korean: an order itself keeps the one it was planned with. */
async function namesOf(context: Context, orders: readonly Named[], now: number): Promise<KioskState['names']> {
  const { masterdata } = context.deps;
  const names: NonNullable<KioskState['names']> = {};
  const keep = (key: string, ko: string, others: Record<string, string> | undefined) => {
    if (others && Object.keys(others).length > 0) names[key] = { ko, en: others.en ?? ko, ...others };
  };
  for (const { item, itemName, steps } of orders) {
    keep(item, itemName, (await masterdata.find('item', item, now))?.data.names);
    const operations = (await masterdata.routingOf(item, now))?.data.operations ?? [];
    for (const { id, number, name } of steps) keep(id, name, operations.find((o) => o.number === number)?.names);
  }
  return names;
}

/** The newest stop of the last day without a reason that is long enough to ask for one; null when there is none. */
export async function openStop(context: Context, machine: string, at: number): Promise<Downtime | null> {
  const stops = await context.deps.equipment.stops(machine, at - dayUs, at + 1);
  return (
    stops.findLast((s) => s.reason === null && s.loss !== 'minorStop' && s.state !== 'plannedStop' && s.from <= at) ??
    null
  );
}

async function documentsOf(
  context: Context,
  order: KioskState['order'],
  instructions: readonly string[],
  at: number,
): Promise<KioskState['documents']> {
  if (!order) return [];
  // The order was planned with its revision; a newer one in force is for newer orders.
  const { masterdata } = context.deps;
  const item =
    (await masterdata.revision('item', order.item, order.revision)) ?? (await masterdata.find('item', order.item, at));
  const drawings = item?.data.documents ?? [];
  const of = `${order.item} ${order.revision}`.trim();
  return [
    ...instructions.map((id) => ({ id, kind: 'instruction' as const, of })),
    ...drawings.map((id) => ({ id, kind: 'drawing' as const, of })),
  ].slice(0, 50);
}

type Choices = Pick<KioskState, 'downtimeReasons' | 'defectReasons' | 'correctionReasons' | 'languages'>;

async function reasonsInForce(context: Context, now: number): Promise<MasterRecord<'reason'>[]> {
  return (await context.deps.masterdata.list('reason', now, 5000)).filter((r) => r.active);
}

/** Reasons to choose from: stops from the plant file, defects and corrections from the master data. */
function choicesOf(context: Context, all: readonly MasterRecord<'reason'>[], item: string | null): Choices {
  const downtimeReasons = context.deps.plant().plant.downtimeReasons.flatMap((group) => [
    { code: group.id, name: group.name ?? group.id, parent: null, picture: null },
    ...group.reasons.map((r) => ({
      ...{ code: `${group.id}/${r.id}`, name: r.name ?? r.id, parent: group.id, picture: null },
    })),
  ]);
  const fits = (r: MasterRecord<'reason'>) =>
    r.data.items.length === 0 || (item !== null && r.data.items.includes(item));
  const of = (tree: string) =>
    all
      .filter((r) => r.data.tree === tree && fits(r))
      .slice(0, 500)
      .map((r) => ({
        ...{ code: r.code, name: nameOf(r), parent: r.data.parent ?? null, picture: r.data.picture ?? null },
      }));
  const languages = new Set(['ko', 'en']);
  for (const r of all) for (const tag of Object.keys(r.data.names ?? {})) languages.add(tag);
  return {
    ...{ downtimeReasons, defectReasons: of('defect'), correctionReasons: of('correction') },
    languages: [...languages],
  };
}

function nameOf({ data }: MasterRecord<'reason'>) {
  return { ko: data.name, en: data.names?.en ?? data.name, ...data.names };
}

function changesOf(db: Reading, run: RunRow): Promise<KioskState['changes']> {
  return db
    .selectFrom('ops_changes')
    .selectAll()
    .where('machine', '=', run.machine)
    .where('run_id', '=', run.id)
    .where('status', 'in', ['draft', 'submitted'])
    .orderBy('created_us', 'desc')
    .limit(20)
    .execute()
    .then((rows) => rows.map(changeOf));
}

type Notes = Pick<KioskState, 'calls' | 'handover' | 'rejected'>;

async function notesOf(db: Reading, machine: string): Promise<Notes> {
  const calls = db
    .selectFrom('ops_calls')
    .selectAll()
    .where('machine', '=', machine)
    .where('status', '!=', 'closed')
    .orderBy('raised_us', 'desc')
    .limit(20)
    .execute();
  const handover = db
    .selectFrom('ops_handovers')
    .selectAll()
    .where('machine', '=', machine)
    .orderBy('at_us', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rejected = db
    .selectFrom('ops_rejected')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('machine', '=', machine)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow();
  const [open, newest, count] = await Promise.all([calls, handover, rejected]);
  return { calls: open.map(callOf), handover: newest ? handoverOf(newest) : null, rejected: Number(count.n) };
}
