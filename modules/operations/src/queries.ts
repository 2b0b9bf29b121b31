import type { RouteInput } from '@deungdae/contracts/api.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { LabourEntry, Run, RunResult, SalesOrder, WorkOrder } from '@deungdae/contracts/work-order.ts';
import type { Context } from './context.ts';
import { labourOf } from './labour.ts';
import { orderOf, withSteps } from './order-store.ts';
import { showResults, showRuns } from './run-store.ts';
import type { OperationsTables } from './schema.ts';

const mostRows = 1000;
const page = (limit: number) => Math.min(limit, mostRows);
const escaped = (search: string) => `%${search.trim().replace(/[\\%_]/g, '')}%`;

export async function listOrders(
  context: Context,
  query: {
    status?: readonly string[];
    item?: string | undefined;
    machine?: string | undefined;
    salesOrder?: string | undefined;
    search?: string | undefined;
    from?: number | undefined;
    to?: number | undefined;
    limit: number;
  },
): Promise<WorkOrder[]> {
  const { status, item, machine, salesOrder, search, from, to, limit } = query;
  let rows = context.read().selectFrom('ops_orders').selectAll('ops_orders');
  if (status && status.length > 0) rows = rows.where('status', 'in', status.slice(0, 10));
  if (item) rows = rows.where('item', '=', item);
  if (salesOrder) rows = rows.where('sales_order', '=', salesOrder);
  if (search?.trim())
    rows = rows.where((e) =>
      e.or([
        e('number', 'like', escaped(search)),
        e('item', 'like', escaped(search)),
        e('item_name', 'like', escaped(search)),
      ]),
    );
  if (from !== undefined) rows = rows.where('due_us', '>=', from);
  if (to !== undefined) rows = rows.where('due_us', '<', to);
  if (machine)
    rows = rows.where('id', 'in', (e) => e.selectFrom('ops_steps').select('order_id').where('machine', '=', machine));
  const found = await rows.orderBy('due_us').orderBy('priority').orderBy('number').limit(page(limit)).execute();
  return (await withSteps(context.read(), found)).map(orderOf);
}

export async function listRuns(
  context: Context,
  query: {
    machine?: string | undefined;
    workOrder?: string | undefined;
    item?: string | undefined;
    from?: number | undefined;
    to?: number | undefined;
    limit: number;
  },
): Promise<Run[]> {
  let rows = context.read().selectFrom('ops_runs').selectAll('ops_runs');
  if (query.machine) rows = rows.where('machine', '=', query.machine);
  if (query.workOrder || query.item) {
    const { workOrder, item } = query;
    rows = rows.where('order_id', 'in', (e) => {
      let orders = e.selectFrom('ops_orders').select('ops_orders.id');
      if (workOrder) orders = orders.where((o) => o.or([o('id', '=', workOrder), o('number', '=', workOrder)]));
      return item ? orders.where('item', '=', item) : orders;
    });
  }
  const { from, to } = query;
  if (from !== undefined) rows = rows.where((e) => e.or([e('ended_us', 'is', null), e('ended_us', '>', from)]));
  if (to !== undefined) rows = rows.where('started_us', '<', to);
  const found = await rows.orderBy('started_us', 'desc').limit(page(query.limit)).execute();
  return showRuns(context, context.read(), found);
}

export async function listResults(context: Context, query: RouteInput<'runResults'>['query']): Promise<RunResult[]> {
  let rows = context.read().selectFrom('ops_results').selectAll();
  if (query.run) rows = rows.where('run_id', '=', query.run);
  if (query.machine) rows = rows.where('machine', '=', query.machine);
  if (query.workOrder) {
    const wanted = query.workOrder;
    rows = rows.where('order_id', 'in', (e) =>
      e
        .selectFrom('ops_orders')
        .select('ops_orders.id')
        .where((o) => o.or([o('id', '=', wanted), o('number', '=', wanted)])),
    );
  }
  if (query.from !== undefined) rows = rows.where('time_us', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('time_us', '<', query.to);
  const found = await rows.orderBy('time_us', 'desc').orderBy('id', 'desc').limit(page(query.limit)).execute();
  return showResults(context.read(), found);
}

export async function listLabour(context: Context, query: RouteInput<'labour'>['query']): Promise<LabourEntry[]> {
  let rows = context
    .read()
    .selectFrom('ops_labour')
    .leftJoin('ops_runs', 'ops_runs.id', 'ops_labour.run_id')
    .leftJoin('ops_orders', 'ops_orders.id', 'ops_runs.order_id')
    .selectAll('ops_labour')
    .select('ops_orders.number as order_number')
    .where('ops_labour.from_us', '<', query.to)
    .where((e) => e.or([e('ops_labour.to_us', 'is', null), e('ops_labour.to_us', '>', query.from)]));
  if (query.machine) rows = rows.where('ops_labour.machine', '=', query.machine);
  if (query.person) rows = rows.where('ops_labour.person', '=', query.person);
  const found = await rows.orderBy('ops_labour.from_us', 'desc').limit(page(query.limit)).execute();
  return found.map((r) => labourOf(r, r.order_number));
}

type SalesRow = OperationsTables['ops_sales_orders'];

/** Lines with what is planned and made for them: their status follows from their work orders. */
export async function showSales(context: Context, rows: readonly SalesRow[]): Promise<SalesOrder[]> {
  const db = context.read();
  const sums = new Map<string, { ordered: number; good: number; open: number; finished: number | null }>();
  const ids = rows.map((r) => r.id);
  for (let i = 0; i < ids.length; i += 500) {
    const orders = await db
      .selectFrom('ops_orders')
      .select(['sales_order', 'quantity', 'good', 'status', 'finished_us'])
      .where('sales_order', 'in', ids.slice(i, i + 500))
      .where('status', '!=', 'cancelled')
      .execute();
    for (const o of orders) {
      const sum = sums.get(o.sales_order!) ?? { ordered: 0, good: 0, open: 0, finished: null };
      sum.ordered += o.quantity;
      sum.good += o.good;
      if (o.status !== 'finished' && o.status !== 'closed') sum.open++;
      sum.finished = Math.max(sum.finished ?? 0, o.finished_us ?? 0) || null;
      sums.set(o.sales_order!, sum);
    }
  }
  return rows.map((r) => {
    const sum = sums.get(r.id);
    const done = sum !== undefined && sum.open === 0 && sum.good > 0;
    const status = r.status === 'cancelled' ? 'cancelled' : done ? 'done' : sum ? 'planned' : 'open';
    return {
      ...{ id: r.id, number: r.number, line: r.line, customer: r.customer, item: r.item, itemName: r.item_name },
      ...{ quantity: fromMillionths(r.quantity), unit: r.unit, receivedAt: r.received_us, due: r.due_us },
      ...{ priority: r.priority, status, note: r.note, ordered: fromMillionths(sum?.ordered ?? 0) },
      ...{ good: fromMillionths(sum?.good ?? 0), finishedAt: done ? (sum?.finished ?? null) : null },
    };
  });
}

export async function listSales(context: Context, query: RouteInput<'salesOrders'>['query']): Promise<SalesOrder[]> {
  let rows = context.read().selectFrom('ops_sales_orders').selectAll();
  if (query.search?.trim()) {
    const like = escaped(query.search);
    rows = rows.where((e) => e.or([e('number', 'like', like), e('item', 'like', like), e('item_name', 'like', like)]));
  }
  if (query.from !== undefined) rows = rows.where('due_us', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('due_us', '<', query.to);
  if (query.status === 'cancelled') rows = rows.where('status', '=', 'cancelled');
  else if (query.status) rows = rows.where('status', '!=', 'cancelled');
  const found = await rows.orderBy('due_us').orderBy('number').orderBy('line').limit(page(query.limit)).execute();
  const shown = await showSales(context, found);
  return query.status ? shown.filter((s) => s.status === query.status) : shown;
}

export async function salesLine(context: Context, number: string, line: number): Promise<SalesOrder | null> {
  const row = await context
    .read()
    .selectFrom('ops_sales_orders')
    .selectAll()
    .where('number', '=', number)
    .where('line', '=', line)
    .executeTakeFirst();
  return row ? (await showSales(context, [row]))[0]! : null;
}
