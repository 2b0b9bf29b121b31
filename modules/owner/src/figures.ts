/**
 * Figures of the owner's page from rows that are known. Pure. Money is won; what is not known is null, never 0.
 *
 * - output value = Σ good pieces of each order's last operation × standard cost; plan = pieces of work orders due that
 *   day × standard cost
 * - defects in won = Σ scrap of all operations × standard cost of the order's item (a piece scrapped early has cost less;
 *   the standard cost is what its replacement costs)
 * - downtime in won = Σ lost minutes ÷ 60 × hourly cost of the machine's work centre; lost are stops inside shifts that
 *   are neither planned, nor for want of an order, nor set-up
 * - stock turns = cost of goods shipped in 28 days × 365 ÷ 28 ÷ mean of opening and closing stock value (all items that
 *   have a standard cost: material, work in progress, finished goods)
 * - on time = lines of customers' orders due that day whose last work order was finished by then ÷ lines due that day
 */
export interface Piece {
  item: string;
  last: boolean;
  good: number;
  scrap: number;
}
export interface Stop {
  id: string;
  machine: string;
  reason: string | null;
  loss: string | null;
  state: string;
  /** µs; `to` is the end, or now while it lasts. */
  from: number;
  to: number;
}
export interface Due {
  due: number;
  finished: number | null;
}
export type Prices = ReadonlyMap<string, number>;

/** A sum in won with what could not be priced; null when rows are there but none has a price, or nothing was recorded. */
export interface Won {
  won: number | null;
  unpriced: string[];
}

/** Σ quantity × price. Null without any row, and when a quantity is there that nothing prices. */
export function priced(rows: readonly { key: string; quantity: number }[], prices: Prices): Won {
  const unpriced = new Set<string>();
  let [won, known] = [0, 0];
  for (const { key, quantity } of rows) {
    const price = prices.get(key);
    if (price === undefined) {
      if (quantity !== 0) unpriced.add(key);
      continue;
    }
    known++;
    won += quantity * price;
  }
  const nothing = known === 0 && (rows.length === 0 || unpriced.size > 0);
  return { won: nothing ? null : won, unpriced: [...unpriced].sort() };
}

export const outputValue = (pieces: readonly Piece[], prices: Prices): Won =>
  priced(
    pieces.filter((p) => p.last).map((p) => ({ key: p.item, quantity: p.good })),
    prices,
  );

export const defectCost = (pieces: readonly Piece[], prices: Prices): Won =>
  priced(
    pieces.map((p) => ({ key: p.item, quantity: p.scrap })),
    prices,
  );

/** Scrap ÷ (good + scrap) over all operations; null without pieces. */
export function defectShare(pieces: readonly Piece[]): { numerator: number; denominator: number } | null {
  const scrap = pieces.reduce((s, p) => s + p.scrap, 0);
  const all = pieces.reduce((s, p) => s + p.good + p.scrap, 0);
  return all > 0 ? { numerator: scrap, denominator: all } : null;
}

const notLost = new Set(['planned', 'noOrder', 'setup']);

/** Whether a stop is a loss of the machine: neither planned, nor without an order, nor set-up. */
export function isLost(stop: Pick<Stop, 'loss' | 'state'>): boolean {
  if (stop.loss !== null) return !notLost.has(stop.loss);
  return stop.state === 'unplannedStop';
}

const isSetup = (stop: Pick<Stop, 'loss' | 'state'>): boolean =>
  stop.loss === 'setup' || (stop.loss === null && stop.state === 'setup');

/** Minutes of a stop inside [from, to), µs. */
export function minutesIn(stop: Pick<Stop, 'from' | 'to'>, from: number, to: number): number {
  return Math.max(0, Math.min(stop.to, to) - Math.max(stop.from, from)) / 60_000_000;
}

/** Minutes lost by machine. */
export function lostMinutes(stops: readonly Stop[], from: number, to: number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const stop of stops.filter(isLost))
    sums.set(stop.machine, (sums.get(stop.machine) ?? 0) + minutesIn(stop, from, to));
  return sums;
}

/** `hourly`: won an hour by machine. `watched`: machines whose states are known; without any the figure is not known. */
export function downtimeCost(minutes: ReadonlyMap<string, number>, hourly: Prices, watched: readonly string[]): Won {
  if (watched.length === 0) return { won: null, unpriced: [] };
  return priced(
    watched.map((machine) => ({ key: machine, quantity: (minutes.get(machine) ?? 0) / 60 })),
    hourly,
  );
}

/** Lines finished by their due date of those due; null without any. */
export function onTime(lines: readonly Due[], now: number): { numerator: number; denominator: number } | null {
  const judged = lines.filter((l) => l.finished !== null || l.due <= now);
  if (judged.length === 0) return null;
  return {
    numerator: judged.filter((l) => l.finished !== null && l.finished <= l.due).length,
    denominator: judged.length,
  };
}

/** Turns a year; null when nothing lies in stock or nothing is priced. */
export function stockTurns(
  shippedCost: number | null,
  days: number,
  openingValue: number | null,
  closingValue: number | null,
): { value: number; mean: number } | null {
  if (shippedCost === null || openingValue === null || closingValue === null) return null;
  const mean = (openingValue + closingValue) / 2;
  return mean > 0 ? { value: (shippedCost * (365 / days)) / mean, mean } : null;
}

/** Mean of what is known. */
export function meanOf(values: readonly (number | null)[]): { mean: number | null; days: number } {
  const known = values.filter((v): v is number => v !== null);
  return { mean: known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null, days: known.length };
}

/** Scrap by item, machine and reason; null where nobody named the defect. */
export interface ScrapPart {
  item: string;
  machine: string;
  reason: string | null;
  quantity: number;
}

/** The scrap of a day by its defects. Those may also name pieces that go to rework: the parts add up to the scrap. Pure. */
export function scrapParts(
  output: readonly { item: string; machine: string; scrap: number }[],
  defects: readonly { item: string; machine: string; reason: string; quantity: number }[],
): ScrapPart[] {
  const parts: ScrapPart[] = [];
  const key = (o: { item: string; machine: string }) => `${o.item}\n${o.machine}`;
  const left = new Map<string, ScrapPart>();
  for (const { item, machine, scrap } of output) {
    const part = left.get(key({ item, machine }));
    if (part) part.quantity += scrap;
    else left.set(key({ item, machine }), { item, machine, reason: null, quantity: scrap });
  }
  for (const defect of defects) {
    const unnamed = left.get(key(defect));
    const take = Math.min(defect.quantity, unnamed?.quantity ?? 0);
    if (!unnamed || take === 0) continue;
    unnamed.quantity -= take;
    parts.push({ ...defect, quantity: take });
  }
  return [...parts, ...[...left.values()].filter((part) => part.quantity !== 0)];
}

export interface Loss {
  kind: 'defect' | 'downtime' | 'setup';
  machine: string | null;
  item: string | null;
  reason: string | null;
  quantity: number;
  won: number;
}

/** Losses of a stretch with a price, by what somebody can go and see: defect at item and machine, stop reason at machine. */
export function lossesOf(
  scrap: readonly ScrapPart[],
  stops: readonly Stop[],
  prices: Prices,
  hourly: Prices,
  span: { from: number; to: number },
): Loss[] {
  const sums = new Map<string, Loss>();
  const add = (loss: Omit<Loss, 'won'>, price: number | undefined) => {
    if (price === undefined || loss.quantity <= 0) return;
    const key = lossKey(loss);
    const sum = sums.get(key) ?? { ...loss, quantity: 0, won: 0 };
    sum.quantity += loss.quantity;
    sum.won += loss.quantity * price;
    sums.set(key, sum);
  };
  for (const part of scrap) add({ ...part, kind: 'defect' }, prices.get(part.item));
  for (const stop of stops) {
    const kind = isLost(stop) ? 'downtime' : isSetup(stop) ? 'setup' : null;
    const cost = hourly.get(stop.machine);
    if (kind === null || cost === undefined) continue;
    const quantity = minutesIn(stop, span.from, span.to);
    const reason = kind === 'setup' ? null : stop.reason;
    add({ kind, machine: stop.machine, item: null, reason, quantity }, cost / 60);
  }
  return [...sums.values()].sort((a, b) => b.won - a.won || (lossKey(a) < lossKey(b) ? -1 : 1));
}

export const lossKey = (loss: Omit<Loss, 'won' | 'quantity'>) =>
  `${loss.kind} ${loss.machine ?? ''} ${loss.item ?? ''} ${loss.reason ?? ''}`;
