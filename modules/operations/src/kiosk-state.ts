import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { KioskState } from '@deungdae/contracts/kiosk.ts';
import type { MasterRecord } from '@deungdae/contracts/master.ts';
import { callOf, handoverOf } from './calls.ts';
import type { Context } from './context.ts';
import { dispatchList } from './dispatch.ts';
import { operationsError } from './errors.ts';
import { changeOf } from './four-m.ts';
import { findOrder, orderOf, withSteps } from './order-store.ts';
import { countBetween } from './results.ts';
import { openRuns, type RunRow, showRuns } from './run-store.ts';

const dayUs = 86_400_000_000;
/** Steps shown in the queue. */
const queueLength = 20;

/** Everything the operator at one machine needs. Throws `operations.unknownMachine`. */
export async function kioskState(context: Context, path: string): Promise<KioskState> {
  const machine = context.machine(path);
  const { equipment, quality } = context.deps;
  const now = context.now();
  const card = equipment.card(machine.path);
  if (!card) throw operationsError('operations.unknownMachine', { machine: path }, { status: 404 });
  const row = (await openRuns(context.read(), machine.path))[0];
  const run = row ? (await showRuns(context, context.read(), [row]))[0]! : null;
  const orderRow = row ? await findOrder(context.read(), row.order_id) : null;
  const order = orderRow ? orderOf((await withSteps(context.read(), [orderRow]))[0]!) : null;
  const step = order?.steps.find((s) => s.id === row?.step_id);
  const [inspections, queue, proposed, documents, stop, reasons, notes] = await Promise.all([
    row ? quality.inspectionsOf({ run: row.id }) : [],
    dispatchList(context, machine.path, queueLength),
    row ? countBetween(context, machine.path, row.counted_to, now) : null,
    documentsOf(context, order, step?.documents ?? [], row?.started_us ?? now),
    openStop(context, machine.path, now),
    reasonsOf(context, order?.item ?? null, now),
    notesOf(context, machine.path, row ?? null),
  ]);
  return {
    ...{ at: now, machine: card, run, order, queue, proposed },
    ...{ produced: card.produced, target: card.target, documents },
    inspections: inspections.filter((i) => i.status === 'due' || i.status === 'open').slice(0, 20),
    ...{ openStop: stop, ...reasons, ...notes },
  };
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
  const item = await context.deps.masterdata.find('item', order.item, at);
  const drawings = item?.data.documents ?? [];
  const of = `${order.item} ${order.revision}`.trim();
  return [
    ...instructions.map((id) => ({ id, kind: 'instruction' as const, of })),
    ...drawings.map((id) => ({ id, kind: 'drawing' as const, of })),
  ].slice(0, 50);
}

type Choices = Pick<KioskState, 'downtimeReasons' | 'defectReasons' | 'correctionReasons' | 'languages'>;

/** Reasons to choose from: stops from the plant file, defects and corrections from the master data. */
async function reasonsOf(context: Context, item: string | null, now: number): Promise<Choices> {
  const downtimeReasons = context.deps.plant().plant.downtimeReasons.flatMap((group) => [
    { code: group.id, name: group.name ?? group.id, parent: null, picture: null },
    ...group.reasons.map((r) => ({
      ...{ code: `${group.id}/${r.id}`, name: r.name ?? r.id, parent: group.id, picture: null },
    })),
  ]);
  const all = (await context.deps.masterdata.list('reason', now, 5000)).filter((r) => r.active);
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

type Notes = Pick<KioskState, 'calls' | 'changes' | 'handover' | 'rejected'>;

async function notesOf(context: Context, machine: string, run: RunRow | null): Promise<Notes> {
  const db = context.read();
  const calls = await db
    .selectFrom('ops_calls')
    .selectAll()
    .where('machine', '=', machine)
    .where('status', '!=', 'closed')
    .orderBy('raised_us', 'desc')
    .limit(20)
    .execute();
  const changes = run
    ? await db
        .selectFrom('ops_changes')
        .selectAll()
        .where('machine', '=', machine)
        .where('run_id', '=', run.id)
        .where('status', 'in', ['draft', 'submitted'])
        .orderBy('created_us', 'desc')
        .limit(20)
        .execute()
    : [];
  const handover = await db
    .selectFrom('ops_handovers')
    .selectAll()
    .where('machine', '=', machine)
    .orderBy('at_us', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rejected = await db
    .selectFrom('ops_rejected')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('machine', '=', machine)
    .where('status', '=', 'open')
    .executeTakeFirstOrThrow();
  return {
    calls: calls.map(callOf),
    changes: changes.map(changeOf),
    handover: handover ? handoverOf(handover) : null,
    rejected: Number(rejected.n),
  };
}
