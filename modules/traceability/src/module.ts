import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { RecallReport, TraceGraph, TraceReport } from '@deungdae/contracts/api-trace.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { EpcisService } from './epcis/service.ts';
import { traceMigrations } from './epcis/store.ts';
import { subscriptionHandlers } from './epcis/subscription-handlers.ts';
import { type Deliveries, Subscriptions } from './epcis/subscriptions.ts';
import { traceError } from './errors.ts';
import { cutGraph, levelsOf, runsOf } from './graph.ts';
import type { TraceabilityOptions } from './options.ts';
import { runContext } from './run-context.ts';

export type { Deliveries, TraceabilityOptions };
export { traceMigrations };

export interface TraceabilityModule {
  handlers: Handlers;
  /** Genealogy of a lot by id, number or scanned label, the nearest `limit` lots. Throws `trace.unknownLot`. */
  graph(lot: string, direction: 'both' | 'up' | 'down', limit: number): Promise<TraceGraph>;
  /** Genealogy with all that is known of the runs behind it, the nearest `runs`. */
  report(lot: string, runs: number, caller: Caller): Promise<TraceReport>;
  recall(lots: readonly string[]): Promise<RecallReport>;
  /** Standing queries report through these; nothing is reported before. */
  useDeliveries(deliveries: Deliveries): void;
  /** Reports what standing queries found; the module does it by itself every two seconds. */
  work(): Promise<void>;
  close(): Promise<void>;
}

/** Links that one drawing reads; a recall has no such limit, it is computed where the links are. */
const mostLinks = 100_000;

export function openTraceability(options: TraceabilityOptions): TraceabilityModule {
  const { inventory, clock, masterdata } = options;
  const epcis = new EpcisService(options);
  const need = async (text: string): Promise<Lot> => {
    const lot = await inventory.lot(text);
    if (!lot) throw traceError('trace.unknownLot', { code: text.slice(0, 80) }, { status: 404 });
    return lot;
  };
  const names = async (kind: 'item' | 'partner') =>
    new Map((await masterdata.list(kind, clock.nowUs())).map((r) => [r.code, r.data.name]));

  const graph: TraceabilityModule['graph'] = async (text, direction, limit) => {
    const root = await need(text);
    const [up, down] = await Promise.all([
      direction === 'down' ? [] : inventory.links([root.id], 'up', mostLinks),
      direction === 'up' ? [] : inventory.links([root.id], 'down', mostLinks),
    ]);
    const levels = levelsOf(root.id, up, down);
    const cut = cutGraph(root.id, levels, [...up, ...down], limit);
    const items = await names('item');
    const machines = new Map<string, string | null>();
    const lots = await inventory.lots(cut.lots);
    for (const lot of lots)
      if (lot.run !== null && !machines.has(lot.run) && machines.size < 200)
        machines.set(lot.run, (await options.operations.run(lot.run))?.machine ?? null);
    return {
      root: root.id,
      more: cut.more,
      links: cut.links,
      nodes: lots.map((lot) => ({
        lot,
        itemName: items.get(lot.item) ?? lot.item,
        level: levels.get(lot.id) ?? 0,
        machine: lot.run === null ? null : (machines.get(lot.run) ?? null),
      })),
    };
  };

  const report: TraceabilityModule['report'] = async (text, most, caller) => {
    const lot = await need(text);
    const found = await graph(lot.id, 'both', 400);
    const runs: TraceReport['runs'] = [];
    for (const id of runsOf(found).slice(0, most)) {
      const run = await options.operations.run(id);
      if (run) runs.push(await runContext(options, run, caller));
    }
    const inspections = await options.quality.inspectionsOf({ lot: lot.id });
    return { lot, itemName: (await names('item')).get(lot.item) ?? lot.item, graph: found, runs, inspections };
  };

  const recall: TraceabilityModule['recall'] = async (lots) => {
    const start = clock.monotonicMs();
    const suspects: Lot[] = [];
    for (const text of lots) suspects.push(await need(text));
    const found = await inventory.recall(suspects.map((l) => l.id));
    const partners = await names('partner');
    return { suspects, ...found, customers: byCustomer(found.shipped, partners), tookMs: clock.monotonicMs() - start };
  };

  const subscriptions = new Subscriptions(options, epcis);
  const standing = subscriptionHandlers({ ...options, service: epcis, subscriptions });
  return {
    ...{ graph, report, recall },
    handlers: { ...handlersOf({ graph, report, recall, need, epcis }), ...standing },
    useDeliveries: (deliveries) => subscriptions.useDeliveries(deliveries),
    work: () => subscriptions.work(),
    close: () => subscriptions.close(),
  };
}

function byCustomer(shipped: RecallReport['shipped'], names: ReadonlyMap<string, string>): RecallReport['customers'] {
  const customers = new Map<string, { shipments: Set<string>; boxes: Set<string>; quantity: number }>();
  for (const line of shipped) {
    const sum = customers.get(line.customer) ?? { shipments: new Set(), boxes: new Set(), quantity: 0 };
    sum.shipments.add(line.shipment);
    if (line.box !== null) sum.boxes.add(line.box);
    sum.quantity += line.quantity;
    customers.set(line.customer, sum);
  }
  return [...customers].map(([customer, sum]) => ({
    customer,
    name: names.get(customer) ?? customer,
    shipments: sum.shipments.size,
    boxes: sum.boxes.size,
    quantity: Math.round(sum.quantity * 1e6) / 1e6,
  }));
}

function handlersOf(
  doors: Pick<TraceabilityModule, 'graph' | 'report' | 'recall'> & {
    need(text: string): Promise<Lot>;
    epcis: EpcisService;
  },
): Handlers {
  const { epcis } = doors;
  return {
    trace: ({ params, query }) => doors.graph(params.id, query.direction, query.limit),
    traceReport: ({ params, query }, caller) => doors.report(params.id, query.runs, caller),
    recall: ({ body }) => doors.recall(body.lots),
    resolveLink: async ({ query }) => ({ lot: await doors.need(query.link) }),
    epcisEvents: async ({ query }) => epcis.answer(await epcis.query(query)),
    epcisCaptureEvent: ({ body }, caller) => epcis.captureEvent(body, actorOf(caller)),
    epcisCapture: ({ body, query }, caller) => epcis.capture(body, query.errorBehaviour, actorOf(caller)),
    epcisCaptureJob: ({ params }) => epcis.job(params.id),
  };
}
