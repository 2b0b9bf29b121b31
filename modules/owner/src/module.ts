import type { Handlers } from '@deungdae/contracts/api.ts';
import type { OwnerDay, OwnerLoss } from '@deungdae/contracts/owner.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { Collector, type DayFacts, type OwnerDeps, type PriceList, stockDays } from './collect.ts';
import { figuresOfDays, type StockFigures } from './day-figures.ts';
import { addDays, today } from './days.ts';
import { type Loss, lossesOf, lossKey, priced, scrapParts, stockTurns } from './figures.ts';
import { machineName, reasonName } from './names.ts';
import { rowsOf } from './rows.ts';

export type { OwnerDeps } from './collect.ts';

export interface OwnerModule {
  handlers: Handlers;
  /** The page of a plant day; yesterday when left out. */
  day(day?: string): Promise<OwnerDay>;
}

/** Losses that the page names. */
const shownLosses = 3;

/** Opens the owner's page. It keeps no records of its own: everything is made from the other modules' doors. */
export function openOwner(deps: OwnerDeps): OwnerModule {
  const collector = new Collector(deps);
  const day: OwnerModule['day'] = async (wanted) => {
    const now = deps.clock.nowUs();
    const name = wanted ?? addDays(today(deps.plant(), now).day, -1);
    const [facts, prices] = await Promise.all([collector.days(name, stockDays + 1), collector.prices()]);
    const own = facts.at(-1)!;
    const stock = await stockFigures(collector, own, prices);
    const losses = lossesOfDay(own, prices);
    const total = losses.reduce((sum, l) => sum + l.won, 0);
    const watched = collector.watched();
    const figures = figuresOfDays(facts, prices, stock, watched, now);
    const before = facts.slice(0, -1);
    const known = own.output.length > 0 || own.stops.length > 0;
    return {
      ...{ day: own.day, from: own.from, to: own.to, over: own.to <= now, weekBeforeDay: addDays(own.day, -7) },
      figures,
      losses: losses.slice(0, shownLosses).map((l) => named(l, total, before, prices, deps.plant())),
      lossesWon: known ? total : null,
      begun: facts.some((f) => f.output.length > 0 || f.stops.length > 0 || f.sales.length > 0),
    };
  };
  return {
    day,
    handlers: {
      ownerDay: ({ query }) => day(query.day),
      async ownerRows({ query }) {
        const rows = await rowsOf(collector, deps, query);
        return { rows: rows.slice(0, query.limit), more: rows.length > query.limit };
      },
    },
  };
}

/** Stock over the 28 days that end with the day. */
async function stockFigures(collector: Collector, own: DayFacts, prices: PriceList): Promise<StockFigures> {
  const first = addDays(own.day, 1 - stockDays);
  const [balances, shipped] = await Promise.all([
    collector.balances(first, own.day),
    collector.shipped(own.to - stockDays * 86_400_000_000, own.to),
  ]);
  const worth = (key: 'opening' | 'closing') =>
    priced(
      balances.map((b) => ({ key: b.item, quantity: b[key] })),
      prices.items,
    );
  const cost = priced(
    shipped.map((m) => ({ key: m.item, quantity: m.quantity })),
    prices.items,
  );
  const [opening, closing] = [worth('opening'), worth('closing')];
  // Nothing shipped is known to be nothing, as long as there is stock to turn.
  const shippedCost = shipped.length === 0 && balances.length > 0 ? 0 : cost.won;
  return {
    value: closing.won,
    unpriced: [...new Set([...closing.unpriced, ...cost.unpriced])],
    shippedCost,
    turns: stockTurns(shippedCost, stockDays, opening.won, closing.won),
  };
}

const lossesOfDay = (day: DayFacts, prices: PriceList): Loss[] =>
  lossesOf(scrapParts(day.output, day.defects), day.stops, prices.items, prices.hourly, day);

function named(
  loss: Loss,
  total: number,
  before: readonly DayFacts[],
  prices: PriceList,
  plant: PlantModel,
): OwnerLoss {
  const key = lossKey(loss);
  const same = before.map((d) => lossesOfDay(d, prices).find((l) => lossKey(l) === key)?.won ?? 0);
  return {
    ...loss,
    share: total > 0 ? loss.won / total : 0,
    machineName: loss.machine ? machineName(plant, loss.machine) : null,
    itemName: loss.item ? (prices.itemNames.get(loss.item) ?? loss.item) : null,
    reasonName: loss.reason === null ? null : reasonName(loss.reason, prices, plant),
    daysBefore: same.filter((won) => won > 0).length,
    wonBefore: same.reduce((a, b) => a + b, 0),
  };
}
