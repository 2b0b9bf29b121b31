import type { Kysely } from '@deungdae/ledger/ledger.ts';
import type { InventoryTables, LotRow, MovementRow } from '../../modules/inventory/src/schema.ts';
import type { BomLine, OrderBom } from '../../modules/operations/src/order-store.ts';
import type { OperationsTables } from '../../modules/operations/src/schema.ts';
import { materialAccount, unnamed } from './material-invariants.ts';

export type Tables = InventoryTables & OperationsTables & { ledger_once: { entry_id: string } };

/** All rows that the invariants speak of. */
export interface Snapshot {
  lots: Map<number, LotRow>;
  holds: InventoryTables['inv_holds'][];
  stock: InventoryTables['inv_stock'][];
  movements: MovementRow[];
  daily: InventoryTables['inv_daily'][];
  links: (InventoryTables['inv_links'] & { runName: string | null })[];
  contents: InventoryTables['inv_contents'][];
  closings: InventoryTables['inv_closings'][];
  shipments: InventoryTables['inv_shipments'][];
  shipmentLines: InventoryTables['inv_shipment_lines'][];
  orders: OperationsTables['ops_orders'][];
  steps: OperationsTables['ops_steps'][];
  runs: OperationsTables['ops_runs'][];
  results: OperationsTables['ops_results'][];
  inputs: OperationsTables['ops_inputs'][];
  outputs: OperationsTables['ops_outputs'][];
  shortages: OperationsTables['ops_shortages'][];
  rejected: OperationsTables['ops_rejected'][];
  /** Entries that were done. */
  done: Set<string>;
}

export async function snapshot(db: Kysely<Tables>): Promise<Snapshot> {
  const all = <T extends keyof Tables>(table: T) =>
    (db.selectFrom(table) as unknown as { selectAll(): { execute(): Promise<Tables[T][]> } }).selectAll().execute();
  const runNames = new Map((await all('inv_runs')).map((r) => [r.key, r.run]));
  return {
    lots: new Map((await all('inv_lots')).map((l) => [l.key, l])),
    holds: await all('inv_holds'),
    stock: await all('inv_stock'),
    movements: (await all('inv_movements')).sort((a, b) => a.key - b.key),
    daily: await all('inv_daily'),
    links: (await all('inv_links')).map((l) => ({ ...l, runName: runNames.get(l.run) ?? null })),
    contents: await all('inv_contents'),
    closings: await all('inv_closings'),
    shipments: await all('inv_shipments'),
    shipmentLines: await all('inv_shipment_lines'),
    orders: await all('ops_orders'),
    steps: await all('ops_steps'),
    runs: await all('ops_runs'),
    results: await all('ops_results'),
    inputs: await all('ops_inputs'),
    outputs: await all('ops_outputs'),
    shortages: await all('ops_shortages'),
    rejected: await all('ops_rejected'),
    done: new Set((await all('ledger_once')).map((o) => o.entry_id)),
  };
}

/** What is wrong with the records, as sentences; empty when all invariants hold. Pure. */
export function broken(s: Snapshot): string[] {
  return [
    ...stockBalances(s),
    ...boxes(s),
    ...genealogy(s),
    ...completeLots(s),
    ...materialAccount(s),
    ...counts(s),
    ...closedDays(s),
    ...shipped(s),
    ...held(s),
    ...entries(s),
  ];
}

export const isOutside = (place: string) => place.startsWith('@');
const sumInto = <K>(sums: Map<K, number>, key: K, value: number) => sums.set(key, (sums.get(key) ?? 0) + value);

/** Balances are the sums of the movements, inside and outside together nothing, and nothing inside is negative. */
function stockBalances(s: Snapshot): string[] {
  const problems: string[] = [];
  const sums = new Map<string, number>();
  const items = new Map<string, number>();
  const daily = new Map<string, number>();
  for (const m of s.movements) {
    sumInto(sums, `${m.item} ${isOutside(m.from_place) ? 0 : m.lot} ${m.from_place}`, -m.quantity);
    sumInto(sums, `${m.item} ${isOutside(m.to_place) ? 0 : (m.to_lot ?? m.lot)} ${m.to_place}`, m.quantity);
    if (m.from_place === m.to_place) continue;
    sumInto(daily, `${m.item} ${m.from_place} ${m.day} ${m.kind} out`, m.quantity);
    sumInto(daily, `${m.item} ${m.to_place} ${m.day} ${m.kind} in`, m.quantity);
  }
  for (const row of s.stock) {
    const key = `${row.item} ${row.lot} ${row.place}`;
    if ((sums.get(key) ?? 0) !== row.quantity)
      problems.push(`stock of ${key} is ${row.quantity}, movements say ${sums.get(key) ?? 0}`);
    sums.delete(key);
    sumInto(items, row.item, row.quantity);
    if (!isOutside(row.place) && row.quantity < 0) problems.push(`negative stock: ${key} ${row.quantity}`);
    if (row.packed < 0 || (!isOutside(row.place) && row.packed > row.quantity))
      problems.push(`packed ${row.packed} of ${row.quantity}: ${key}`);
  }
  for (const [key, sum] of sums) if (sum !== 0) problems.push(`no stock row for ${key}, movements say ${sum}`);
  for (const [item, sum] of items) if (sum !== 0) problems.push(`${item}: inside and outside sum to ${sum}`);
  for (const d of s.daily)
    for (const [way, value] of [
      ['in', d.qty_in],
      ['out', d.qty_out],
    ] as const) {
      const key = `${d.item} ${d.place} ${d.day} ${d.kind} ${way}`;
      if ((daily.get(key) ?? 0) !== value) problems.push(`daily ${key} is ${value}, movements ${daily.get(key) ?? 0}`);
      daily.delete(key);
    }
  for (const [key, sum] of daily) if (sum !== 0) problems.push(`no daily row for ${key}: ${sum}`);
  return problems;
}

/** What boxes hold is what stock says is packed, and what the genealogy says went into them. */
function boxes(s: Snapshot): string[] {
  const problems: string[] = [];
  const packed = new Map<string, number>();
  const links = new Map(s.links.filter((l) => l.kind === 'packed').map((l) => [`${l.parent} ${l.child}`, l.quantity]));
  const name = (key: number) => s.lots.get(key)?.number ?? String(key);
  for (const c of s.contents) {
    const box = s.lots.get(c.container)!;
    if (c.quantity <= 0) problems.push(`box ${box.number} holds ${c.quantity} of ${name(c.lot)}`);
    sumInto(packed, `${c.lot} ${box.place}`, c.quantity);
    const key = `${c.lot} ${c.container}`;
    if (s.lots.get(c.lot)?.untracked === 0 && links.get(key) !== c.quantity)
      problems.push(`box ${box.number} holds ${c.quantity} of ${name(c.lot)}, its link says ${links.get(key)}`);
    links.delete(key);
  }
  for (const row of s.stock) {
    if (isOutside(row.place)) continue;
    const key = `${row.lot} ${row.place}`;
    if ((packed.get(key) ?? 0) !== row.packed)
      problems.push(`${name(row.lot)} at ${row.place}: packed ${row.packed}, boxes hold ${packed.get(key) ?? 0}`);
    packed.delete(key);
  }
  for (const [key, quantity] of packed)
    if (quantity !== 0 && !isOutside(key.split(' ')[1]!)) problems.push(`boxes hold ${quantity} of ${key}, no stock`);
  for (const lot of s.lots.values())
    if (lot.inside !== null) {
      if (s.lots.get(lot.inside)!.place !== lot.place)
        problems.push(`box ${lot.number} stands at ${lot.place}, the one around it elsewhere`);
      if (!links.delete(`${lot.key} ${lot.inside}`))
        problems.push(`no link from box ${lot.number} to the one around it`);
    }
  for (const key of links.keys()) {
    const [parent, child] = key.split(' ').map(Number);
    problems.push(`link says ${name(parent!)} is in ${name(child!)}, which does not hold it`);
  }
  return problems;
}

/** No lot is its own ancestor; splits and merges are linked with what was moved; links have a quantity. */
function genealogy(s: Snapshot): string[] {
  const problems: string[] = [];
  const children = new Map<number, number[]>();
  const moved = new Map<string, number>();
  for (const m of s.movements)
    if (m.kind === 'split' || m.kind === 'merge') sumInto(moved, `${m.lot} ${m.to_lot} ${m.kind}`, m.quantity);
  for (const l of s.links) {
    if (l.quantity <= 0) problems.push(`link ${l.parent} → ${l.child} has quantity ${l.quantity}`);
    children.set(l.parent, [...(children.get(l.parent) ?? []), l.child]);
    const kind = l.kind === 'merged' ? 'merge' : l.kind;
    if (kind !== 'split' && kind !== 'merge') continue;
    const key = `${l.parent} ${l.child} ${kind}`;
    if (moved.get(key) !== l.quantity) problems.push(`link ${key} says ${l.quantity}, moved ${moved.get(key)}`);
    moved.delete(key);
  }
  for (const [key, quantity] of moved) problems.push(`no link for ${key} of ${quantity}`);
  const state = new Map<number, 'open' | 'done'>();
  const visit = (lot: number): void => {
    state.set(lot, 'open');
    for (const child of children.get(lot) ?? []) {
      if (state.get(child) === 'open') problems.push(`genealogy goes in a circle at ${s.lots.get(child)?.number}`);
      else if (!state.has(child)) visit(child);
    }
    state.set(lot, 'done');
  };
  for (const lot of children.keys()) if (!state.has(lot)) visit(lot);
  return problems;
}

const lotKeyOf = (id: string) => Number.parseInt(id.slice(4), 36);
const inMaking = new Set(['consume', 'return']);

/**
 * A produced lot leads back to each material that its order uses; of a lot no more is linked into products than was
 * consumed; what a run's inputs say is what the stock's movements say.
 */
function completeLots(s: Snapshot): string[] {
  const problems: string[] = [];
  const consumed = new Map<string, number>();
  const net = new Map<number, number>();
  for (const m of s.movements) {
    const sign = m.to_place === '@production' ? 1 : m.from_place === '@production' ? -1 : 0;
    if (sign === 0 || !inMaking.has(m.kind)) continue;
    sumInto(net, m.lot, sign * m.quantity);
    if (m.reference?.startsWith('run/')) sumInto(consumed, `${m.reference.slice(4)} ${m.lot}`, sign * m.quantity);
  }
  for (const [lot, quantity] of net)
    if (quantity < 0)
      problems.push(`${s.lots.get(lot)?.number}: ${-quantity} came back that never went into production`);
  const inputs = new Map<string, number>();
  const used = new Map<string, number>();
  const orderOf = new Map([
    ...s.runs.map((r) => [r.id, r.order_id] as const),
    ...s.steps.map((x) => [`step/${x.id}`, x.order_id] as const),
  ]);
  for (const i of s.inputs) {
    sumInto(inputs, `${i.run_id} ${lotKeyOf(i.lot)}`, i.quantity);
    if (i.used > i.quantity) problems.push(`input ${i.lot} of run ${i.run_id}: ${i.used} in lots, ${i.quantity} taken`);
    if (s.lots.get(lotKeyOf(i.lot))?.untracked === 0) sumInto(used, `${i.order_id} ${lotKeyOf(i.lot)}`, i.used);
  }
  // Supplied material is used up at the outsourcer, by the order.
  for (const key of new Set([...inputs.keys(), ...consumed.keys()]))
    if (!key.startsWith('step/') && (inputs.get(key) ?? 0) !== (consumed.get(key) ?? 0))
      problems.push(`run and lot ${key}: inputs ${inputs.get(key) ?? 0}, movements ${consumed.get(key) ?? 0}`);
  const linked = new Map<string, number>();
  for (const l of s.links)
    if (l.kind === 'consumed' && l.runName !== null)
      sumInto(linked, `${orderOf.get(l.runName)} ${l.parent}`, l.quantity);
  for (const key of new Set([...linked.keys(), ...used.keys()]))
    if ((linked.get(key) ?? 0) !== (used.get(key) ?? 0))
      problems.push(`order and lot ${key}: links ${linked.get(key) ?? 0}, inputs used ${used.get(key) ?? 0}`);
  return [...problems, ...materialOfLots(s)];
}

/** Items without lots have no genealogy. */
const untracked = new Set(['SCREW']);

function materialOfLots(s: Snapshot): string[] {
  const problems: string[] = [];
  const orders = new Map(s.orders.map((o) => [o.number, o]));
  const parents = new Map<number, Set<string>>();
  for (const l of s.links)
    parents.set(l.child, (parents.get(l.child) ?? new Set()).add(s.lots.get(l.parent)?.item ?? ''));
  const open = unnamed(s);
  const made = new Map<number, number>();
  for (const m of s.movements) {
    if (m.kind === 'produce') sumInto(made, m.lot, m.from_place === '@production' ? m.quantity : -m.quantity);
    if (m.kind === 'adjust' && m.reason === 'correction') sumInto(made, m.lot, -m.quantity);
  }
  for (const lot of s.lots.values()) {
    if (lot.origin !== 'production' || lot.kind === 'container' || (made.get(lot.key) ?? 0) <= 0) continue;
    const order = orders.get(lot.work_order ?? '');
    if (!order) {
      problems.push(`lot ${lot.number} of an unknown order ${lot.work_order}`);
      continue;
    }
    for (const line of usedLines(order, s)) {
      if (open.has(`${order.id} ${line.component}`)) continue;
      const wanted = [line.component, ...line.alternates];
      if (!wanted.some((item) => untracked.has(item) || parents.get(lot.key)?.has(item)))
        problems.push(`lot ${lot.number} (order ${order.number}) leads to no ${line.component}`);
    }
  }
  return problems;
}

/** Lines whose step was not left out. */
function usedLines(order: OperationsTables['ops_orders'], s: Snapshot): BomLine[] {
  const steps = s.steps.filter((x) => x.order_id === order.id && x.status !== 'skipped').map((x) => x.number);
  const bom = JSON.parse(order.bom) as OrderBom;
  return bom.lines.filter((l) => l.operation === undefined || steps.includes(l.operation));
}

/** Results, runs, steps, orders and produced stock say the same. */
function counts(s: Snapshot): string[] {
  const problems: string[] = [];
  const results = new Map<string, { good: number; scrap: number; rework: number }>();
  for (const r of s.results) {
    const sum = results.get(r.run_id) ?? { good: 0, scrap: 0, rework: 0 };
    results.set(r.run_id, { good: sum.good + r.good, scrap: sum.scrap + r.scrap, rework: sum.rework + r.rework });
  }
  for (const run of s.runs)
    for (const key of ['good', 'scrap', 'rework'] as const) {
      const sum = results.get(run.id)?.[key] ?? 0;
      if (sum !== run[key]) problems.push(`run ${run.id}: ${key} ${run[key]}, results ${sum}`);
      // A run may turn pieces good that another run of the step set aside.
      if (key !== 'rework' && run[key] < 0) problems.push(`run ${run.id}: ${key} is ${run[key]}`);
    }
  const made = new Map<string, number>();
  for (const m of s.movements) {
    const order = s.lots.get(m.lot)?.work_order;
    if (!order) continue;
    if (m.kind === 'produce') sumInto(made, order, m.from_place === '@production' ? m.quantity : -m.quantity);
    if (m.kind === 'adjust' && m.reason === 'correction')
      sumInto(made, order, m.to_place === '@adjustment' ? -m.quantity : m.quantity);
  }
  for (const order of s.orders) {
    const steps = s.steps.filter((x) => x.order_id === order.id).sort((a, b) => a.number - b.number);
    problems.push(...stepFigures(order, steps, s));
    if (order.origin !== 'rework' && order.good !== (made.get(order.number) ?? 0))
      problems.push(`order ${order.number}: good ${order.good}, produced ${made.get(order.number) ?? 0}`);
  }
  return problems;
}

function stepFigures(
  order: OperationsTables['ops_orders'],
  steps: OperationsTables['ops_steps'][],
  s: Snapshot,
): string[] {
  const problems: string[] = [];
  const counted = steps.filter((x) => x.status !== 'skipped');
  const good =
    counted.length === 0
      ? 0
      : order.step_order === 'free'
        ? Math.min(...counted.map((x) => x.good))
        : counted.at(-1)!.good;
  if (good !== order.good) problems.push(`order ${order.number}: good ${order.good}, its steps say ${good}`);
  let feeder: OperationsTables['ops_steps'] | null = null;
  for (const step of steps) {
    for (const key of ['good', 'scrap', 'rework', 'at_partner'] as const)
      if (step[key] < 0) problems.push(`order ${order.number} step ${step.number}: ${key} is ${step[key]}`);
    const runs = s.runs.filter((r) => r.step_id === step.id);
    const back = s.orders
      .filter((o) => o.returns_to === step.id)
      .reduce((sum, o) => sum + (o.status === 'finished' || o.status === 'closed' ? o.good : 0), 0);
    const ofRuns = runs.reduce((sum, r) => sum + r.good, 0);
    if (step.mode !== 'outsourced' && step.good !== ofRuns + back)
      problems.push(`order ${order.number} step ${step.number}: good ${step.good}, runs ${ofRuns}, reworked ${back}`);
    const taken = step.good + step.scrap + step.rework + step.at_partner;
    if (order.step_order === 'fixed' && feeder && step.status !== 'skipped' && taken > feeder.good)
      problems.push(`order ${order.number} step ${step.number}: ${taken} went through, ${feeder.good} came to it`);
    if (step.status !== 'skipped') feeder = step;
  }
  return problems;
}

/** Nothing was recorded on a closed day while it was closed. */
function closedDays(s: Snapshot): string[] {
  return s.movements.flatMap((m) =>
    s.closings
      .filter(
        (c) => m.day <= c.day && m.recorded_at > c.at && (c.reopened_at === null || m.recorded_at < c.reopened_at),
      )
      .map(() => `movement ${m.key} of ${m.day} was recorded while the day was closed`),
  );
}

/** A shipment's lines are what its movements took out; what came back was out before. */
function shipped(s: Snapshot): string[] {
  const problems: string[] = [];
  const out = new Map<string, number>();
  const net = new Map<number, number>();
  for (const m of s.movements) {
    if (m.kind === 'ship') sumInto(out, `${m.reference} ${m.lot}`, m.quantity);
    if (m.kind === 'ship') sumInto(net, m.lot, m.quantity);
    if (m.kind === 'customerReturn') sumInto(net, m.lot, -m.quantity);
  }
  const numbers = new Map(s.shipments.map((x) => [x.key, x]));
  for (const line of s.shipmentLines) {
    const shipment = numbers.get(line.shipment)!;
    if (shipment.status === 'shipped') sumInto(out, `shipment/${shipment.number} ${line.lot}`, -line.quantity);
    if (shipment.status === 'cancelled') problems.push(`shipment ${shipment.number} was given up and has lines`);
  }
  for (const [key, quantity] of out)
    if (quantity !== 0) problems.push(`${key}: lines and movements differ by ${quantity}`);
  for (const [lot, quantity] of net)
    if (quantity < 0) problems.push(`${s.lots.get(lot)?.number}: ${-quantity} came back that never left`);
  return problems;
}

/**
 * Nothing left while a hold on it, or on its box, was open. Keys rise with the order of the transactions, so that a hold
 * and a shipment of one moment are told apart; for the end of a hold there is only the time.
 */
function held(s: Snapshot): string[] {
  const problems: string[] = [];
  const holds = new Map<number, Snapshot['holds']>();
  for (const h of s.holds) holds.set(h.lot, [...(holds.get(h.lot) ?? []), h]);
  for (const lot of s.lots.values()) {
    const open = (holds.get(lot.key) ?? []).filter((h) => h.ended_at === null).length;
    if (open !== lot.holds) problems.push(`${lot.number} counts ${lot.holds} holds, ${open} are open`);
  }
  for (const m of s.movements)
    if (m.kind === 'ship')
      for (const lot of m.container === null ? [m.lot] : [m.lot, m.container])
        for (const h of holds.get(lot) ?? [])
          if (h.key < m.key && (h.ended_at === null || h.ended_at > m.recorded_at))
            problems.push(`${s.lots.get(lot)?.number} shipped under its hold ${h.key} (${h.reason})`);
  return problems;
}

/** An entry that waits for a supervisor was not done as well. */
function entries(s: Snapshot): string[] {
  return s.rejected
    .filter((r) => r.status === 'open' && s.done.has(r.entry_id))
    .map((r) => `kiosk entry ${r.entry_id} (${r.kind}) was refused and done`);
}

/** Of lots that were blocked before and after a round, with nothing that freed them between, none may have shipped. */
export function shippedWhileBlocked(
  before: Pick<Snapshot, 'lots' | 'holds' | 'contents'>,
  after: Snapshot,
  freed: ReadonlySet<number>,
  since: number,
): string[] {
  const open = (holds: Snapshot['holds']) =>
    new Map(holds.filter((h) => h.ended_at === null).map((h) => [h.key, h.lot]));
  const still = open(after.holds);
  const blocked = new Set([...open(before.holds)].filter(([key]) => still.has(key)).map(([, lot]) => lot));
  for (const [key, lot] of before.lots)
    if (lot.status !== 'available' && after.lots.get(key)?.status === lot.status && !freed.has(key)) blocked.add(key);
  return after.movements
    .filter((m) => m.kind === 'ship' && m.key > since)
    .flatMap((m) => [m.lot, ...(m.container === null ? [] : [m.container])])
    .filter((lot) => blocked.has(lot))
    .map((lot) => `${after.lots.get(lot)?.number} shipped while it was blocked`);
}
