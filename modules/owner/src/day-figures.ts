import type { OwnerFigure } from '@deungdae/contracts/owner.ts';
import type { DayFacts, PriceList } from './collect.ts';
import { defectCost, defectShare, downtimeCost, lostMinutes, meanOf, onTime, outputValue, priced } from './figures.ts';

export interface StockFigures {
  value: number | null;
  shippedCost: number | null;
  turns: { value: number; mean: number } | null;
  unpriced: string[];
}

interface Known {
  value: number | null;
  plan?: number | null;
  numerator?: number;
  denominator?: number;
  unpriced?: string[];
}

type Id = OwnerFigure['id'];
const about: Readonly<Record<Id, Pick<OwnerFigure, 'group' | 'unit' | 'better'>>> = {
  outputValue: { group: 'P', unit: 'won', better: 'more' },
  outputQuantity: { group: 'P', unit: 'pieces', better: 'more' },
  oee: { group: 'P', unit: 'share', better: 'more' },
  defectCost: { group: 'Q', unit: 'won', better: 'less' },
  defectShare: { group: 'Q', unit: 'share', better: 'less' },
  downtimeCost: { group: 'C', unit: 'won', better: 'less' },
  downtimeMinutes: { group: 'C', unit: 'minutes', better: 'less' },
  stockTurns: { group: 'C', unit: 'turns', better: 'more' },
  stockValue: { group: 'C', unit: 'won', better: 'less' },
  onTime: { group: 'D', unit: 'share', better: 'more' },
};

/** Figures of the last of `facts`, each with the same weekday a week before and the mean of the four weeks before it. */
export function figuresOfDays(
  facts: readonly DayFacts[],
  prices: PriceList,
  stock: StockFigures,
  watched: readonly string[],
  now: number,
): OwnerFigure[] {
  const days = facts.map((f) => dayFigures(f, prices, watched, now));
  const own = days.at(-1)!;
  const before = days.slice(0, -1);
  const of = (id: Id): OwnerFigure => {
    const known: Known = own[id] ?? stockFigure(id, stock);
    const values = before.map((d) => d[id]?.value ?? null);
    const { mean, days: meanDays } = meanOf(values);
    return {
      ...{ id, ...about[id], value: known.value, plan: known.plan ?? null },
      ...{ numerator: known.numerator ?? null, denominator: known.denominator ?? null },
      ...{ weekBefore: values.at(-7) ?? null, mean, meanDays, unpriced: known.unpriced ?? [] },
    };
  };
  return (Object.keys(about) as Id[]).map(of);
}

function stockFigure(id: Id, stock: StockFigures): Known {
  if (id === 'stockValue') return { value: stock.value, unpriced: stock.unpriced };
  const { turns, shippedCost } = stock;
  return turns === null
    ? { value: null, unpriced: stock.unpriced }
    : { value: turns.value, numerator: shippedCost!, denominator: turns.mean, unpriced: stock.unpriced };
}

function dayFigures(
  f: DayFacts,
  prices: PriceList,
  watched: readonly string[],
  now: number,
): Partial<Record<Id, Known>> {
  const output = outputValue(f.output, prices.items);
  const plan = priced(
    f.planned.map((p) => ({ key: p.item, quantity: p.quantity })),
    prices.items,
  );
  const made = f.output.filter((o) => o.last);
  const share = defectShare(f.output);
  // A machine that nobody has data of on this day did not stand: it is not known.
  const seen = f.stops.length > 0 || f.output.length > 0 ? watched : [];
  const minutes = lostMinutes(f.stops, f.from, f.to);
  const cost = downtimeCost(minutes, prices.hourly, seen);
  const time = onTime(
    f.sales.flatMap((s) => (s.due === null ? [] : [{ due: s.due, finished: s.finishedAt }])),
    now,
  );
  const defects = defectCost(f.output, prices.items);
  return {
    outputValue: { value: output.won, plan: plan.won, unpriced: output.unpriced },
    outputQuantity: {
      value: made.length > 0 ? made.reduce((s, o) => s + o.good, 0) : null,
      plan: f.planned.length > 0 ? f.planned.reduce((s, p) => s + p.quantity, 0) : null,
    },
    oee: { value: f.oee },
    defectCost: { value: defects.won, unpriced: defects.unpriced },
    defectShare: { value: share ? share.numerator / share.denominator : null, ...(share ?? {}) },
    downtimeCost: { value: cost.won, unpriced: cost.unpriced },
    downtimeMinutes: { value: seen.length > 0 ? [...minutes.values()].reduce((a, b) => a + b, 0) : null },
    onTime: { value: time ? time.numerator / time.denominator : null, ...(time ?? {}) },
  };
}
