import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { Context } from './context.ts';

/** Groups that one answer may hold. */
const mostGroups = 20_000;

/** Confirmed pieces of one order's operation at one machine on one stretch of time. */
export interface OutputRow {
  order: string;
  orderNumber: string;
  item: string;
  itemName: string;
  machine: string;
  operation: number;
  /** Its good pieces are the order's. */
  last: boolean;
  good: number;
  scrap: number;
}

export interface DefectRow {
  item: string;
  machine: string;
  reason: string;
  quantity: number;
}

/** Results in [from, to), µs, corrections included, by order, operation and machine. */
export async function outputOf(context: Context, from: number, to: number): Promise<OutputRow[]> {
  const rows = await context
    .read()
    .selectFrom('ops_results')
    .innerJoin('ops_runs', 'ops_runs.id', 'ops_results.run_id')
    .innerJoin('ops_steps', 'ops_steps.id', 'ops_runs.step_id')
    .innerJoin('ops_orders', 'ops_orders.id', 'ops_results.order_id')
    .select((e) => [
      ...(['ops_results.order_id', 'ops_orders.number', 'ops_orders.item', 'ops_orders.item_name'] as const),
      ...(['ops_results.machine', 'ops_steps.number as operation'] as const),
      e.fn.sum<number>('ops_results.good').as('good'),
      e.fn.sum<number>('ops_results.scrap').as('scrap'),
    ])
    .where('ops_results.time_us', '>=', from)
    .where('ops_results.time_us', '<', to)
    .groupBy([
      ...(['ops_results.order_id', 'ops_orders.number', 'ops_orders.item', 'ops_orders.item_name'] as const),
      ...(['ops_results.machine', 'ops_steps.number'] as const),
    ])
    .limit(mostGroups)
    .execute();
  const last = await lastOperations(context, [...new Set(rows.map((r) => r.order_id))]);
  return rows.map((r) => ({
    ...{ order: r.order_id, orderNumber: r.number, item: r.item, itemName: r.item_name, machine: r.machine },
    ...{ operation: r.operation, last: last.get(r.order_id) === r.operation },
    ...{ good: fromMillionths(Number(r.good)), scrap: fromMillionths(Number(r.scrap)) },
  }));
}

async function lastOperations(context: Context, orders: readonly string[]): Promise<Map<string, number>> {
  const last = new Map<string, number>();
  for (let i = 0; i < orders.length; i += 500) {
    const rows = await context
      .read()
      .selectFrom('ops_steps')
      .select((e) => ['order_id', e.fn.max('number').as('number')])
      .where('order_id', 'in', orders.slice(i, i + 500))
      .where('status', '!=', 'skipped')
      .groupBy('order_id')
      .execute();
    for (const r of rows) last.set(r.order_id, Number(r.number));
  }
  return last;
}

/** Defects in [from, to), µs, by item, machine and reason, corrections included. */
export async function defectsOf(context: Context, from: number, to: number): Promise<DefectRow[]> {
  const rows = await context
    .read()
    .selectFrom('ops_defects')
    .innerJoin('ops_results', 'ops_results.id', 'ops_defects.result_id')
    .innerJoin('ops_orders', 'ops_orders.id', 'ops_results.order_id')
    .select((e) => [
      ...(['ops_orders.item', 'ops_results.machine', 'ops_defects.reason'] as const),
      e.fn.sum<number>('ops_defects.quantity').as('quantity'),
    ])
    .where('ops_results.time_us', '>=', from)
    .where('ops_results.time_us', '<', to)
    .groupBy(['ops_orders.item', 'ops_results.machine', 'ops_defects.reason'])
    .limit(mostGroups)
    .execute();
  return rows.map((r) => ({ ...r, quantity: fromMillionths(Number(r.quantity)) })).filter((r) => r.quantity !== 0);
}
