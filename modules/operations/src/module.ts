import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Run, SalesOrder, WorkOrder } from '@deungdae/contracts/work-order.ts';
import { forgetEntries } from '@deungdae/ledger/once.ts';
import { Context, type OperationsDeps } from './context.ts';
import { floorHandlers } from './floor-handlers.ts';
import { operationsHandlers } from './handlers.ts';
import { shiftResultTarget } from './import-results.ts';
import { salesOrderTarget, workOrderTarget } from './imports.ts';
import { returnedMaterial } from './material-account.ts';
import { readOrder } from './order-store.ts';
import { type DefectRow, defectsOf, type OutputRow, outputOf } from './output.ts';
import { listOrders, listRuns, listSales, salesLine } from './queries.ts';
import { openRuns, orderLoaded, showRuns } from './run-store.ts';
import { type ProductionSummary, productionSummary } from './summary.ts';

export type { EquipmentDoor, ExtraEntry, OperationsDeps, OperationsSettings } from './context.ts';
export type { DefectRow, OutputRow } from './output.ts';
export { operationsMigrations } from './schema.ts';

/** Orders, their steps and what was done on them. */
export interface OperationsModule {
  handlers: Handlers;
  order(idOrNumber: string): Promise<WorkOrder | null>;
  run(id: string): Promise<Run | null>;
  /** What runs on a machine now; null when no order is loaded. */
  currentRun(machine: string): Promise<Run | null>;
  runs(query: {
    machine?: string;
    workOrder?: string;
    item?: string;
    from?: number;
    to?: number;
    limit: number;
  }): Promise<Run[]>;
  orders(query: { status?: readonly string[]; from?: number; to?: number; limit: number }): Promise<WorkOrder[]>;
  /**
   * Stretches of [from, to) in which an order was loaded at a machine, µs; null when none was ever started there before
   * `to`. A run that is paused still counts as loaded: its material and tool stand there.
   */
  orderLoaded(machine: string, from: number, to: number): Promise<{ from: number; to: number }[] | null>;
  /** Output, OEE, scrap and due dates of [from, to), µs, from confirmed results. */
  summary(from: number, to: number): Promise<ProductionSummary>;
  /** Confirmed pieces, and defects, of [from, to), µs, grouped: what reports in money are made of. */
  output(from: number, to: number): Promise<OutputRow[]>;
  defects(from: number, to: number): Promise<DefectRow[]>;
  /** Lines of customers' orders due in [from, to), µs, the cancelled ones left out; at most 1000. */
  salesDue(from: number, to: number): Promise<SalesOrder[]>;
  /** A line of a customer's order by its number and line; null when it is unknown. */
  salesLine(number: string, line: number): Promise<SalesOrder | null>;
  /** Called at each change, after the commit, with the machines concerned. */
  subscribe(listener: (machines: string[]) => void): () => void;
  close(): Promise<void>;
}

/** Ids of entries are remembered longer than a tablet keeps them (14 days). */
const rememberedUs = 40 * 86_400_000_000;
const forgetEveryMs = 3_600_000;

/** Opens the module on the doors of those below it. */
export function openOperations(deps: OperationsDeps): OperationsModule {
  const context = new Context(deps);
  deps.inventory.useMaterialAccount(returnedMaterial);
  for (const target of [salesOrderTarget, workOrderTarget, shiftResultTarget])
    deps.masterdata.registerImport(target(context));
  const listeners: (() => void)[] = [];
  let stopForgetting = () => {};
  const forget = () => {
    stopForgetting = deps.clock.after(forgetEveryMs, () => {
      void context
        .act((tx) => forgetEntries(tx, context.now() - rememberedUs))
        .catch(() => undefined)
        .finally(forget);
    });
  };
  forget();
  return {
    handlers: { ...operationsHandlers(context), ...floorHandlers(context) },
    order: (idOrNumber) => readOrder(context, idOrNumber),
    async run(id) {
      const row = await context.read().selectFrom('ops_runs').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? (await showRuns(context, context.read(), [row]))[0]! : null;
    },
    async currentRun(machine) {
      const row = (await openRuns(context.read(), machine)).find((r) => r.status !== 'paused');
      return row ? (await showRuns(context, context.read(), [row]))[0]! : null;
    },
    runs: (query) => listRuns(context, query),
    orders: (query) => listOrders(context, query),
    orderLoaded: (machine, from, to) => orderLoaded(context, machine, from, to),
    summary: (from, to) => productionSummary(context, from, to),
    output: (from, to) => outputOf(context, from, to),
    defects: (from, to) => defectsOf(context, from, to),
    salesDue: async (from, to) =>
      (await listSales(context, { from, to, limit: 1000 })).filter((s) => s.status !== 'cancelled'),
    salesLine: (number, line) => salesLine(context, number, line),
    subscribe(listener) {
      const stop = context.onChanged(listener);
      listeners.push(stop);
      return stop;
    },
    async close() {
      stopForgetting();
      for (const stop of listeners) stop();
    },
  };
}
