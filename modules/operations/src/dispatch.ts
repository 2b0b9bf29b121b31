import type { MasterData } from '@deungdae/contracts/master.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { DispatchEntry, WorkOrder } from '@deungdae/contracts/work-order.ts';
import { type Context, list } from './context.ts';
import { available, mayRunAt, type StepOrder } from './domain/steps.ts';
import { bomOf, linesOf, neededOf } from './material.ts';
import { figuresOf, type OrderRow, type OrderRows, type StepRow, stepOf, withSteps } from './order-store.ts';
import { openRuns, showRuns } from './run-store.ts';
import { toolBlock } from './runs.ts';

/** Open orders looked at for lists; a plant with more closes some. */
const mostOrders = 2000;

async function openOrders(context: Context): Promise<OrderRows[]> {
  const orders = await context
    .read()
    .selectFrom('ops_orders')
    .selectAll()
    .where('status', 'in', ['released', 'running'])
    .orderBy('due_us')
    .limit(mostOrders)
    .execute();
  return withSteps(context.read(), orders);
}

/** Steps looked at for one machine: those placed there, and those that nobody placed. */
const mostSteps = 500;

/** Open orders with a step placed at the machine, or placed nowhere. */
async function ordersAt(context: Context, machine: string): Promise<OrderRows[]> {
  const steps = await context
    .read()
    .selectFrom('ops_steps')
    .innerJoin('ops_orders', 'ops_orders.id', 'ops_steps.order_id')
    .selectAll('ops_orders')
    .distinct()
    .where('ops_orders.status', 'in', ['released', 'running'])
    .where('ops_steps.status', 'in', [...waiting])
    .where((e) =>
      e.or([
        e('ops_steps.machine', '=', machine),
        e.and([e('ops_steps.machine', 'is', null), e('ops_steps.mode', '!=', 'outsourced')]),
      ]),
    )
    .limit(mostSteps)
    .execute();
  return withSteps(context.read(), steps);
}

const waiting: ReadonlySet<string> = new Set(['waiting', 'ready', 'paused', 'running']);

interface Place {
  rows: OrderRows;
  step: StepRow;
}

/** Steps still to do in house, in the order of a list: as placed by the dispatcher; then priority and due date. */
function queueOf(orders: readonly OrderRows[], fits: (step: StepRow) => boolean): Place[] {
  const places = orders.flatMap((rows) =>
    rows.steps
      .filter((s) => waiting.has(s.status) && s.mode !== 'outsourced' && fits(s))
      .map((step) => ({ rows, step })),
  );
  return places.sort(
    (a, b) =>
      Number(b.step.status === 'running') - Number(a.step.status === 'running') ||
      a.rows.order.priority - b.rows.order.priority ||
      (a.step.sequence ?? 0) - (b.step.sequence ?? 0) ||
      (a.rows.order.due_us ?? Number.MAX_SAFE_INTEGER) - (b.rows.order.due_us ?? Number.MAX_SAFE_INTEGER) ||
      a.step.number - b.step.number,
  );
}

/** What a machine does next: steps placed there, then steps without a machine that may run there. */
export async function dispatchList(context: Context, machine: string, limit: number): Promise<DispatchEntry[]> {
  context.machine(machine);
  const orders = await ordersAt(context, machine);
  const placed = queueOf(orders, (s) => s.machine === machine);
  const free = queueOf(orders, (s) => s.machine === null && mayRunAt(figuresOf(s), machine));
  const chosen = [...placed, ...free].filter(({ rows, step }) => comesNext(rows, step)).slice(0, limit);
  return entriesOf(context, chosen, machine);
}

/** A step that has something to work on, or whose turn comes with the step before it under way. */
function comesNext(rows: OrderRows, step: StepRow): boolean {
  if (step.status === 'running' || step.status === 'paused') return true;
  const figures = rows.steps.map(figuresOf);
  const own = figures.find((f) => f.id === step.id)!;
  if (available(figures, own, rows.order.step_order as StepOrder) > 0) return true;
  const before = figures.filter((f) => f.number < own.number && f.status !== 'skipped').at(-1);
  return before?.status === 'running' || before?.status === 'outsourced';
}

async function entriesOf(context: Context, places: readonly Place[], machine: string | null): Promise<DispatchEntry[]> {
  const entries: DispatchEntry[] = [];
  const onHand = await stockOf(context, places);
  let before: StepRow | null = null;
  let fromNow = 0;
  for (const { rows, step } of places) {
    const entry = await entryOf(context, rows, step, machine, onHand, before);
    fromNow += entry.setupMinutes + (entry.workMinutes ?? 0);
    const due = entry.order.due;
    entries.push({ ...entry, late: due !== null && context.now() + fromNow * 60_000_000 > due });
    before = step;
  }
  return entries;
}

/** What is on hand of the material that the steps use, by item. */
async function stockOf(context: Context, places: readonly Place[]): Promise<Map<string, number>> {
  const lines = places.flatMap(({ rows, step }) => linesOf(rows, step)).filter((l) => l.issue !== 'supplied');
  const items = [...new Set(lines.map((l) => l.component))];
  const onHand = await Promise.all(items.map(async (i) => [i, await context.deps.inventory.onHand(i)] as const));
  return new Map(onHand);
}

async function entryOf(
  context: Context,
  rows: OrderRows,
  step: StepRow,
  machine: string | null,
  onHand: Map<string, number>,
  before: StepRow | null,
): Promise<DispatchEntry> {
  const figures = rows.steps.map(figuresOf);
  const own = figures.find((f) => f.id === step.id)!;
  const left = Math.max(0, step.planned - step.good - step.scrap);
  const material = await materialOf(context, rows, step, left, onHand);
  const tools = await toolsOf(context, step, machine);
  const cavities = await cavitiesOf(context, step);
  const cycles = fromMillionths(left) / cavities;
  const now = available(figures, own, rows.order.step_order as StepOrder);
  return {
    ...{ step: stepOf(step), order: headOf(rows.order), available: fromMillionths(now) },
    setupMinutes: await setupBetween(context, before, step),
    workMinutes: step.cycle_seconds === null ? null : (cycles * step.cycle_seconds) / 60,
    ...{ late: false, material, tools },
    ready: now > 0 && material.every((m) => m.enough) && tools.every((t) => t.ready),
  };
}

function headOf(o: OrderRow): DispatchEntry['order'] {
  return {
    ...{ id: o.id, number: o.number, item: o.item, itemName: o.item_name, revision: o.revision },
    ...{ quantity: fromMillionths(o.quantity), unit: o.unit, due: o.due_us, priority: o.priority },
    ...{ status: o.status as WorkOrder['status'], customer: o.customer },
  };
}

async function materialOf(
  context: Context,
  rows: OrderRows,
  step: StepRow,
  left: number,
  onHand: Map<string, number>,
): Promise<DispatchEntry['material']> {
  const bom = bomOf(rows.order);
  const out: DispatchEntry['material'] = [];
  for (const line of linesOf(rows, step)) {
    if (line.issue === 'supplied') continue;
    const there = onHand.get(line.component) ?? 0;
    const needed = neededOf(bom, line, left);
    const item = await context.deps.masterdata.find('item', line.component, context.now());
    out.push({
      ...{ item: line.component, name: item?.data.name ?? line.component, needed: fromMillionths(needed) },
      ...{ onHand: fromMillionths(there), enough: there >= needed },
    });
    // What the steps before in the list take is gone for the later ones.
    onHand.set(line.component, Math.max(0, there - needed));
  }
  return out;
}

async function toolsOf(context: Context, step: StepRow, machine: string | null): Promise<DispatchEntry['tools']> {
  const codes = list(step.tools);
  const out: DispatchEntry['tools'] = [];
  for (const code of codes.slice(0, 20)) {
    const tool = await context.deps.masterdata.find('tool', code, context.now());
    const why = tool ? await toolBlock(context, { db: context.read() } as never, tool, machine ?? '') : '✕';
    out.push({ tool: code, name: tool?.data.name ?? code, ready: why === null, why });
  }
  // One ready tool of several is enough.
  return out.length > 1 && out.some((t) => t.ready) ? out.filter((t) => t.ready) : out;
}

/** Pieces a cycle: the open cavities of the step's tool. */
async function cavitiesOf(context: Context, step: StepRow): Promise<number> {
  const code = list(step.tools)[0];
  const tool = code ? await context.deps.masterdata.find('tool', code, context.now()) : null;
  return Math.max(1, tool ? tool.data.cavities - tool.data.blockedCavities.length : 1);
}

/** Minutes from one step to the next: by the work centre's matrix over tools or items, else the step's own set-up. */
async function setupBetween(context: Context, before: StepRow | null, step: StepRow): Promise<number> {
  if (!before || before.order_id === step.order_id) return before ? 0 : step.setup_minutes;
  const from = list(before.tools)[0];
  const to = list(step.tools)[0];
  if (from && from === to) return 0;
  const centre = await context.deps.masterdata.find('workCentre', step.work_centre, context.now());
  const matrix: MasterData<'workCentre'>['setupMatrix'] = centre?.data.setupMatrix ?? [];
  return matrix.find((m) => m.from === from && m.to === to)?.minutes ?? step.setup_minutes;
}

/** All machines of a part of the plant with their lists, and steps that nobody has placed. */
export async function dispatchBoard(context: Context, path: string | undefined) {
  const orders = await openOrders(context);
  const machines = [...context.deps.plant().equipment.values()].filter(
    (m) => m.state !== null && (!path || m.path === path || m.path.startsWith(`${path}/`)),
  );
  const lanes = [];
  for (const m of machines.slice(0, 200)) {
    const run = (await openRuns(context.read(), m.path))[0];
    const placed = queueOf(orders, (s) => s.machine === m.path).slice(0, 30);
    lanes.push({
      ...{ machine: m.path, name: m.name as unknown, state: context.deps.equipment.card(m.path)?.state ?? 'noData' },
      run: run ? (await showRuns(context, context.read(), [run]))[0]! : null,
      entries: await entriesOf(context, placed, m.path),
    });
  }
  const paths = new Set(machines.map((m) => m.path));
  const fits = (s: StepRow) =>
    s.machine === null && (list(s.machines).length === 0 || list(s.machines).some((m) => paths.has(m)));
  const unassigned = await entriesOf(context, queueOf(orders, fits).slice(0, 100), null);
  return { lanes, unassigned };
}
