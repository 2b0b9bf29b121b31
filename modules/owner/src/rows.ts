import type { OwnerFigureId, OwnerRow } from '@deungdae/contracts/owner.ts';
import type { Collector, DayFacts, OwnerDeps, PriceList } from './collect.ts';
import { ownerError } from './errors.ts';
import { isLost, minutesIn, scrapParts } from './figures.ts';
import { machineName, reasonName } from './names.ts';

/** Plant days that one answer may span. */
const mostDays = 92;

const empty: OwnerRow = {
  ...{ key: '', machine: null, machineName: null, item: null, itemName: null, order: null, customer: null },
  ...{ reason: null, reasonName: null, time: null, finished: null, quantity: null, plan: null, price: null },
  ...{ won: null, onTime: null },
};

type Query = { figure: OwnerFigureId; from: string; to: string };

/** Rows behind a figure over whole plant days, the largest or newest first. Throws `owner.badDays`. */
export async function rowsOf(collector: Collector, deps: OwnerDeps, query: Query): Promise<OwnerRow[]> {
  const days = Math.round((Date.parse(query.to) - Date.parse(query.from)) / 86_400_000) + 1;
  if (!(days >= 1 && days <= mostDays)) throw ownerError('owner.badDays', { most: mostDays }, { status: 400 });
  const prices = await collector.prices();
  const name = (code: string) => prices.itemNames.get(code) ?? code;
  if (query.figure === 'stockValue' || query.figure === 'stockTurns') return stockRows(collector, query, prices, name);
  const facts = await collector.days(query.to, days);
  switch (query.figure) {
    case 'onTime':
      return facts.flatMap((f) => saleRows(f, deps.clock.nowUs()));
    case 'downtimeCost':
    case 'downtimeMinutes':
      return facts.flatMap((f) => stopRows(f, prices, deps)).sort(largest);
    case 'defectCost':
    case 'defectShare':
      return facts.flatMap((f) => defectRows(f, prices, deps, name)).sort(largest);
    default:
      return facts.flatMap((f) => outputRows(f, prices, deps, name)).sort(largest);
  }
}

const largest = (a: OwnerRow, b: OwnerRow) => (b.won ?? 0) - (a.won ?? 0) || (b.quantity ?? 0) - (a.quantity ?? 0);
const times = (quantity: number, price: number | undefined) => (price === undefined ? null : quantity * price);

function outputRows(f: DayFacts, prices: PriceList, deps: OwnerDeps, name: (code: string) => string): OwnerRow[] {
  return f.output
    .filter((o) => o.last)
    .map((o) => ({
      ...empty,
      ...{ key: `${f.day} ${o.order} ${o.machine}`, machine: o.machine, item: o.item, itemName: name(o.item) },
      ...{ machineName: machineName(deps.plant(), o.machine), order: o.orderNumber, quantity: o.good, time: f.from },
      ...{ price: prices.items.get(o.item) ?? null, won: times(o.good, prices.items.get(o.item)) },
    }));
}

/** Scrap by item and machine, by reason where one was given. */
function defectRows(f: DayFacts, prices: PriceList, deps: OwnerDeps, name: (code: string) => string): OwnerRow[] {
  return scrapParts(f.output, f.defects).map(({ item, machine, reason, quantity }) => ({
    ...empty,
    ...{ key: `${f.day} ${item} ${machine} ${reason ?? ''}`, machine, item, itemName: name(item), quantity },
    ...{ machineName: machineName(deps.plant(), machine), reason, time: f.from },
    reasonName: reason === null ? null : reasonName(reason, prices, deps.plant()),
    ...{ price: prices.items.get(item) ?? null, won: times(quantity, prices.items.get(item)) },
  }));
}

function stopRows(f: DayFacts, prices: PriceList, deps: OwnerDeps): OwnerRow[] {
  return f.stops.filter(isLost).map((s) => {
    const minutes = minutesIn(s, f.from, f.to);
    const hourly = prices.hourly.get(s.machine);
    return {
      ...empty,
      ...{ key: `${f.day} ${s.id}`, machine: s.machine, machineName: machineName(deps.plant(), s.machine) },
      ...{ reason: s.reason, reasonName: s.reason === null ? null : reasonName(s.reason, prices, deps.plant()) },
      ...{ time: s.from, finished: s.to, quantity: minutes, price: hourly ?? null },
      won: times(minutes / 60, hourly),
    };
  });
}

function saleRows(f: DayFacts, now: number): OwnerRow[] {
  return f.sales.map((s) => ({
    ...empty,
    ...{ key: s.id, item: s.item, itemName: s.itemName, order: `${s.number}-${s.line}`, customer: s.customer },
    ...{ time: s.due, finished: s.finishedAt, quantity: s.good, plan: s.quantity },
    onTime: s.finishedAt !== null ? s.finishedAt <= s.due! : s.due! <= now ? false : null,
  }));
}

async function stockRows(
  collector: Collector,
  query: Query,
  prices: PriceList,
  name: (code: string) => string,
): Promise<OwnerRow[]> {
  const balances = await collector.balances(query.from, query.to);
  return balances
    .map((b) => ({
      ...empty,
      ...{ key: b.item, item: b.item, itemName: name(b.item), quantity: b.closing, plan: b.opening },
      ...{ price: prices.items.get(b.item) ?? null, won: times(b.closing, prices.items.get(b.item)) },
    }))
    .sort(largest);
}
