import type { Handlers } from '@deungdae/contracts/api.ts';
import type { MaintenanceOrder, Reliability } from '@deungdae/contracts/maintenance.ts';
import { checkHandlers } from './checks.ts';
import { reliabilityOf } from './domain/reliability.ts';
import { fileHandlers } from './files.ts';
import { answerCall, takeCalls } from './floor-calls.ts';
import { listOrders, orderHandlers } from './orders.ts';
import type { MaintenanceDeps } from './parts.ts';
import { Plans } from './plans.ts';
import { type MaintenanceTables, maintenanceMigrations } from './schema.ts';
import { spareParts } from './spare-parts.ts';
import { todayHandlers } from './today.ts';
import { countShots, toolHandlers } from './tools.ts';

export type { MaintenanceDeps };
export { maintenanceMigrations };

export interface MaintenanceModule {
  handlers: Handlers;
  /** Takes calls, counts shots and opens orders of plans that have come near; runs by itself every minute. */
  tick(): Promise<void>;
  /** MTBF, MTTR and availabilities of a machine in [from, to), µs. */
  reliability(machine: string, from: number, to: number): Promise<Reliability>;
  orders(query: { open?: boolean; limit: number }): Promise<MaintenanceOrder[]>;
  close(): Promise<void>;
}

const tickMs = 60_000;
/** Runs of one machine looked at in one tick. */
const mostRuns = 20;

export async function openMaintenance(deps: MaintenanceDeps): Promise<MaintenanceModule> {
  const { ledger, clock, log, operations } = deps;
  const plans = new Plans(deps);
  const touched = new Set<string>();
  const unsubscribe = operations.subscribe((machines) => {
    for (const machine of machines) touched.add(machine);
    calls();
  });
  const orders: MaintenanceModule['orders'] = (query) => listOrders(ledger.read<MaintenanceTables>(), query);
  const ordersOf = (tool: string) =>
    listOrders(ledger.read<MaintenanceTables>(), { subject: { kind: 'tool', id: tool }, limit: 200 });
  const reliability = async (machine: string, from: number, to: number): Promise<Reliability> => {
    const { mtbfMs, mttrMs } = (await deps.equipment.oee(machine, from, to, 'total')).total.kpis;
    const times = {
      windowMs: Math.round((to - from) / 1000),
      operatingMs: mtbfMs?.numerator ?? 0,
      failures: mtbfMs?.denominator ?? 0,
      failureMs: mttrMs?.numerator ?? 0,
    };
    return { machine, ...reliabilityOf(times) };
  };

  let running: Promise<void> = Promise.resolve();
  let callsAsked = false;
  const work = async () => {
    const machines = [...touched];
    touched.clear();
    for (const machine of machines) await countShots(deps, await operations.runs({ machine, limit: mostRuns }));
    await takeCalls(deps);
    await plans.ask();
  };
  /** One at a time; a failure is told and the next minute tries again. */
  const tick = () => {
    running = running.then(work).catch((error: unknown) => log.warn({ error }, 'maintenance plans not judged'));
    return running;
  };
  /** A call becomes a request at once; changes that come together are looked at once. */
  function calls() {
    if (callsAsked) return;
    callsAsked = true;
    running = running
      .then(() => {
        callsAsked = false;
        return takeCalls(deps);
      })
      .then(
        () => {},
        (error: unknown) => log.warn({ error }, 'calls of the floor not taken'),
      );
  }
  // What ran while the server was away is counted at the start.
  for (const path of deps.plant().equipment.keys()) touched.add(path);
  let cancel = clock.after(tickMs, function again() {
    cancel = clock.after(tickMs, again);
    void tick();
  });

  return {
    handlers: {
      ...orderHandlers(deps, {
        done: (tx, order) => plans.done(tx, order),
        changed: (order, caller) => answerCall(deps, order, caller),
      }),
      ...todayHandlers(deps, plans),
      ...fileHandlers(deps),
      async spareParts({ query }) {
        const parts = await spareParts(deps);
        return query.short === undefined ? parts : parts.filter((part) => part.short === (query.short === 'true'));
      },
      ...checkHandlers(deps),
      ...toolHandlers(deps, ordersOf),
      ...plans.handlers(),
      async reliability({ query }) {
        const machines = query.machine === undefined ? [...deps.plant().equipment.keys()] : [query.machine];
        const figures: Reliability[] = [];
        for (const machine of machines.slice(0, 200))
          if (deps.plant().equipment.get(machine)?.state)
            figures.push(await reliability(machine, query.from, Math.min(query.to, clock.nowUs())));
        return figures;
      },
    },
    tick,
    reliability,
    orders,
    async close() {
      cancel();
      unsubscribe();
      await running;
    },
  };
}
