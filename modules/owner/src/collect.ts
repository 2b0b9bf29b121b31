import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import type { InventoryModule } from '@deungdae/inventory/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { DefectRow, OperationsModule, OutputRow } from '@deungdae/operations/module.ts';
import { addDays, type PlantDay, plantDay } from './days.ts';
import type { Prices, Stop } from './figures.ts';

export interface OwnerDeps {
  clock: Clock;
  plant(): PlantModel;
  masterdata: Pick<MasterDataModule, 'list'>;
  operations: Pick<OperationsModule, 'output' | 'defects' | 'salesDue' | 'orders' | 'summary'>;
  inventory: Pick<InventoryModule, 'balances' | 'shipped'>;
  equipment: Pick<EquipmentModule, 'stops' | 'card'>;
}

/** What was recorded of one plant day. */
export interface DayFacts extends PlantDay {
  output: OutputRow[];
  defects: DefectRow[];
  sales: SalesOrder[];
  /** Pieces planned: of work orders due that day, by item. */
  planned: { item: string; quantity: number }[];
  oee: number | null;
  stops: Stop[];
}

export interface PriceList {
  /** Won a unit by item; won an hour by machine. */
  items: Prices;
  hourly: Prices;
  itemNames: ReadonlyMap<string, string>;
  reasonNames: ReadonlyMap<string, { ko: string; en: string }>;
}

export const stockDays = 28;
const mostOrders = 1000;
/** Past days change seldom (a late correction); the running one always. µs of age allowed. */
const pastAgeMs = 60_000;
const runningAgeMs = 10_000;
const mostKept = 120;

/** Reads what the figures need from the other modules' doors, and keeps days for a minute. */
export class Collector {
  readonly #deps: OwnerDeps;
  readonly #kept = new Map<string, { facts: Promise<DayFacts>; madeMs: number }>();

  constructor(deps: OwnerDeps) {
    this.#deps = deps;
  }

  async prices(): Promise<PriceList> {
    const { masterdata, clock } = this.#deps;
    const now = clock.nowUs();
    const [items, centres, reasons] = await Promise.all([
      masterdata.list('item', now),
      masterdata.list('workCentre', now),
      masterdata.list('reason', now),
    ]);
    const hourly = new Map<string, number>();
    for (const { data } of centres)
      if (data.hourlyCost !== undefined) for (const machine of data.machines) hourly.set(machine, data.hourlyCost);
    return {
      items: new Map(items.flatMap((i) => (i.data.standardCost === undefined ? [] : [[i.code, i.data.standardCost]]))),
      hourly,
      itemNames: new Map(items.map((i) => [i.code, i.data.name])),
      reasonNames: new Map(reasons.map((r) => [r.code, { ko: r.data.name, en: r.data.names?.en ?? r.data.name }])),
    };
  }

  /** Machines whose states are known: only they can be said to have stood. */
  watched(): string[] {
    const { plant, equipment } = this.#deps;
    return [...plant().equipment.keys()].filter((path) => equipment.card(path)?.hasState ?? false);
  }

  /** `days` plant days up to and with `last`, oldest first. */
  async days(last: string, days: number): Promise<DayFacts[]> {
    const wanted = Array.from({ length: days }, (_, i) => plantDay(this.#deps.plant(), addDays(last, i + 1 - days)));
    const now = this.#deps.clock.nowUs();
    const missing = wanted.filter((d) => !this.#fresh(d, now));
    if (missing.length > 0) {
      const stops = this.#stops(missing[0]!.from, missing.at(-1)!.to);
      for (const d of missing)
        this.#kept.set(d.day, { facts: this.#facts(d, stops), madeMs: this.#deps.clock.monotonicMs() });
    }
    const found = await Promise.all(wanted.map((d) => this.#kept.get(d.day)!.facts)).catch((error) => {
      this.#kept.clear();
      throw error;
    });
    while (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    return found;
  }

  #fresh(day: PlantDay, now: number): boolean {
    const kept = this.#kept.get(day.day);
    const most = day.to > now ? runningAgeMs : pastAgeMs;
    return kept !== undefined && this.#deps.clock.monotonicMs() - kept.madeMs < most;
  }

  async #facts(day: PlantDay, allStops: Promise<Stop[]>): Promise<DayFacts> {
    const { operations, clock } = this.#deps;
    const { from, to } = day;
    if (from > clock.nowUs()) return { ...day, output: [], defects: [], sales: [], planned: [], oee: null, stops: [] };
    const [output, defects, sales, orders, summary, stops] = await Promise.all([
      operations.output(from, to),
      operations.defects(from, to),
      operations.salesDue(from, to),
      operations.orders({ from, to, limit: mostOrders }),
      operations.summary(from, to),
      allStops,
    ]);
    const due = orders.filter((o) => o.due !== null && o.due >= from && o.due < to && o.status !== 'cancelled');
    return {
      ...{ ...day, output, defects, sales, oee: summary.oee },
      planned: due.filter((o) => o.origin !== 'rework').map((o) => ({ item: o.item, quantity: o.quantity })),
      stops: stops.filter((s) => s.from < to && s.to > from),
    };
  }

  async #stops(from: number, to: number): Promise<Stop[]> {
    const now = this.#deps.clock.nowUs();
    const until = Math.min(to, now);
    if (until <= from) return [];
    const all: Stop[] = [];
    for (const machine of this.watched())
      for (const stop of await this.#deps.equipment.stops(machine, from, until)) all.push(stopOf(stop, now));
    return all;
  }

  shipped(from: number, to: number) {
    return this.#deps.inventory.shipped(from, to);
  }

  balances(from: string, to: string) {
    return this.#deps.inventory.balances(from, to);
  }
}

function stopOf(d: Downtime, now: number): Stop {
  const { id, equipment: machine, reason, loss, state, from } = d;
  return { id, machine, reason, loss, state, from, to: d.to ?? now };
}
