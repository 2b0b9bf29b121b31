import type { Location } from '@deungdae/contracts/master.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import type { z } from 'zod';
import type { Context, Doer, Tx, When } from './context.ts';
import { operationsError } from './errors.ts';
import { noticeLot, noticeOutput } from './four-m.ts';
import type { BomLine, OrderBom, OrderRow, OrderRows, StepRow } from './order-store.ts';
import { mayBeShort, readRules } from './rules.ts';
import { patchRun, type RunRow } from './run-store.ts';
import type { OperationsTables } from './schema.ts';
import { keepShortage, shortOf } from './shortage-rows.ts';

type InputRow = OperationsTables['ops_inputs'];

export function bomOf(order: OrderRow): OrderBom {
  return JSON.parse(order.bom) as OrderBom;
}

/** Lines that a step uses: those of its operation; lines without one belong to the first step. */
export function linesOf({ order, steps }: OrderRows, step: StepRow): BomLine[] {
  const first = steps.find((s) => s.status !== 'skipped') ?? steps[0];
  return (bomOf(order).lines ?? []).filter((l) =>
    l.operation === undefined ? step.id === first?.id : l.operation === step.number,
  );
}

/** What `pieces` need of a line, its scrap share included. */
export function neededOf(bom: OrderBom, line: BomLine, pieces: Millionths): Millionths {
  return Math.round((pieces * line.quantity * (1 + line.scrapShare)) / bom.quantity);
}

/**
 * Takes the material of `pieces` out of stock, less what was scanned with its quantity and is taken already: lines to be
 * scanned from the lots that were put into the run, in the order they were scanned; the others by the item's issue rule. What is missing is refused (`operations.materialMissing`,
 * or the stock's own error), or kept as an open shortage where `short` and the plant's rules allow it.
 */
export async function consumeFor(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  { run, step, inputs }: { run: RunRow; step: StepRow; inputs: InputRow[] },
  pieces: Millionths,
  doer: Doer,
  when: When,
  short: boolean,
): Promise<void> {
  const bom = bomOf(rows.order);
  const allowed = mayBeShort(await readRules(context, tx), short, doer.leads);
  for (const line of linesOf(rows, step)) {
    if (line.issue === 'supplied') continue;
    let need = neededOf(bom, line, pieces);
    need -= Math.min(need, await leftOfScanned(tx, bom, line, run, inputs));
    need = await fromLoaded(context, tx, { run, inputs, line, need, doer, when });
    if (need <= 0) continue;
    if (line.issue === 'scan') {
      if (allowed) {
        await keepShortage(context, tx, run, { item: line.component, quantity: need, scanned: true }, doer, when.time);
        continue;
      }
      const names = await itemNames(context, [line.component, ...line.alternates], when.time);
      throw operationsError('operations.materialMissing', { materials: names }, { status: 409 });
    }
    const act = { time: when.time, actor: doer.actor, reference: `run/${run.id}` };
    const taken = await context.deps.inventory.consume(tx, {
      ...{ ...act, item: line.component, quantity: need, run: run.id, atMost: allowed },
    });
    for (const t of taken) await keepInput(context, tx, run, line.component, t.lot, t.quantity, 'backflush', when);
    const missing = need - taken.reduce((sum, t) => sum + t.quantity, 0);
    const about = { item: line.component, quantity: missing, scanned: false };
    if (missing > 0) await keepShortage(context, tx, run, about, doer, when.time);
  }
}

/** What of material that was scanned with its quantity the pieces of the run so far have not used. */
async function leftOfScanned(
  tx: Tx,
  bom: OrderBom,
  line: BomLine,
  run: RunRow,
  inputs: readonly InputRow[],
): Promise<Millionths> {
  let [scanned, others] = [0, 0];
  for (const row of inputs.filter((i) => i.item === line.component || line.alternates.includes(i.item)))
    if (row.how === 'scan') scanned += row.quantity;
    else others += row.quantity;
  if (scanned === 0) return 0;
  others += await shortOf(tx, run.id, line.component);
  const used = neededOf(bom, line, run.good + run.scrap + run.rework) - others;
  return Math.max(0, scanned - Math.max(0, used));
}

/** What went into a run, in the order of scanning. */
export function inputsInto(tx: Tx, run: RunRow): Promise<InputRow[]> {
  return tx.db
    .selectFrom('ops_inputs')
    .selectAll()
    .where('run_id', '=', run.id)
    .orderBy('time_us')
    .orderBy('id')
    .limit(5000)
    .execute();
}

/** Takes what it can from lots that stand at the machine and fit the line; returns what is still needed. */
async function fromLoaded(
  context: Context,
  tx: Tx,
  input: { run: RunRow; inputs: InputRow[]; line: BomLine; need: Millionths; doer: Doer; when: When },
): Promise<Millionths> {
  const { run, line, doer, when } = input;
  let { need } = input;
  const fitting = (row: InputRow) => row.item === line.component || line.alternates.includes(row.item);
  for (const row of input.inputs.filter((i) => i.how === 'loaded' && fitting(i))) {
    if (need <= 0) break;
    const lot = await context.deps.inventory.lot(row.lot, tx);
    if (!lot || lot.onHand <= 0) continue;
    const taken = await context.deps.inventory.consume(tx, {
      ...{ time: when.time, actor: doer.actor, reference: `run/${run.id}`, item: row.item, quantity: need },
      ...{ lot: row.lot, run: run.id, atMost: true },
    });
    const take = taken.reduce((sum, part) => sum + part.quantity, 0);
    if (take <= 0) continue;
    row.quantity += take;
    await putOff(tx.db, tx.db.updateTable('ops_inputs').set({ quantity: row.quantity }).where('id', '=', row.id));
    need -= take;
  }
  return need;
}

/** `used` of it is in lots already. */
export async function keepInput(
  context: Context,
  tx: Tx,
  run: RunRow,
  item: string,
  lot: string,
  quantity: Millionths,
  how: 'backflush' | 'scan' | 'loaded' | 'supplied' | 'settled',
  when: When,
  used: Millionths = 0,
): Promise<void> {
  const row: InputRow = {
    ...{ id: context.newId(), run_id: run.id, order_id: run.order_id, lot, item, quantity: 0, used: 0, how },
    time_us: when.time,
  };
  const same = tx.db
    .selectFrom('ops_inputs')
    .select('id')
    .where('run_id', '=', run.id)
    .where('lot', '=', lot)
    .where('how', '=', how);
  const columns = Object.keys(row) as (keyof InputRow)[];
  const addFirst = tx.db
    .insertInto('ops_inputs')
    .columns(columns)
    .expression(
      tx.db.selectNoFrom((e) => columns.map((name) => e.val(row[name]).as(name))).where((e) => e.not(e.exists(same))),
    );
  const raise = tx.db
    .updateTable('ops_inputs')
    .set((e) => ({ quantity: e('quantity', '+', quantity), used: e('used', '+', used) }))
    .where('run_id', '=', run.id)
    .where('lot', '=', lot)
    .where('how', '=', how);
  await putOff(tx.db, addFirst);
  await putOff(tx.db, raise);
}

/**
 * A scanned lot goes into a run. With a quantity that much is used up at once; without, the lot stands at the machine and
 * confirmed pieces take from it. Throws for an unknown, wrong, held or empty lot.
 */
export async function useLot(
  context: Context,
  tx: Tx,
  at: { run: RunRow; rows: OrderRows; step: StepRow },
  input: { lot: string; quantity?: Millionths },
  doer: Doer,
  when: When,
): Promise<void> {
  const { run, rows, step } = at;
  const lot = await context.deps.inventory.lot(input.lot, tx);
  if (!lot) throw operationsError('operations.unknownLot', { lot: input.lot.slice(0, 60) }, { status: 404 });
  if (lot.kind === 'container') throw operationsError('operations.boxScanned', { box: lot.number }, { status: 409 });
  const lines = linesOf(rows, step);
  if (!lines.some((l) => l.component === lot.item || l.alternates.includes(lot.item))) {
    const materials = await itemNames(
      context,
      lines.map((l) => l.component),
      when.time,
    );
    const item = await itemNames(context, [lot.item], when.time);
    throw operationsError('operations.wrongMaterial', { lot: lot.number, item, materials }, { status: 409 });
  }
  const usable = await context.deps.inventory.available(lot.item, null, tx);
  if (!usable.some((l) => l.id === lot.id)) await refuseLot(context, tx, lot.id, lot.item, doer, when);
  const act = { time: when.time, actor: doer.actor, reference: `run/${run.id}` };
  if (input.quantity === undefined) await keepInput(context, tx, run, lot.item, lot.id, 0, 'loaded', when);
  else {
    await context.deps.inventory.consume(tx, {
      ...{ ...act, item: lot.item, quantity: input.quantity, lot: lot.id, run: run.id },
    });
    await keepInput(context, tx, run, lot.item, lot.id, input.quantity, 'scan', when);
  }
  await noticeLot(context, tx, { run, order: rows.order, item: lot.item, lot: lot.number }, doer, when.time);
}

/** Lets the stock say why the lot cannot be issued, in its own words. */
async function refuseLot(context: Context, tx: Tx, lot: string, item: string, doer: Doer, when: When): Promise<void> {
  const act = { time: when.time, actor: doer.actor, reference: null };
  await context.deps.inventory.consume(tx, { ...act, item, quantity: 1, lot, run: null });
  throw operationsError('operations.unknownLot', { lot }, { status: 409 });
}

async function itemNames(context: Context, codes: readonly string[], time: number): Promise<string> {
  const names: string[] = [];
  for (const code of codes.slice(0, 20)) {
    const item = await context.deps.masterdata.find('item', code, time);
    names.push(item && item.data.name !== code ? `${item.data.name} (${code})` : code);
  }
  return names.join(', ');
}

/** First place of a kind, by code; one that belongs to the machine before the others. Throws `operations.noPlace`. */
export async function placeFor(
  context: Context,
  kinds: readonly z.output<typeof Location>['kind'][],
  time: number,
  which: { machine?: string; partner?: string } = {},
): Promise<string> {
  const all = await context.deps.masterdata.list('location', time, 10_000);
  const fitting = all.filter((l) => l.active && kinds.includes(l.data.kind));
  const own = fitting.find((l) => which.machine !== undefined && l.data.machine === which.machine);
  const partners = fitting.find((l) => l.data.partner === which.partner);
  const found = own ?? (which.partner === undefined ? fitting.find((l) => !l.data.machine) : partners) ?? null;
  if (found) return found.code;
  const what = which.partner ? `${kinds.join('/')} ${which.partner}` : kinds.join('/');
  throw operationsError('operations.noPlace', { what }, { status: 409 });
}

/**
 * Good pieces of the order become a lot: one a run, which grows. Quarantined while a final inspection is to come; that of a
 * run that is over is asked for here, and once more for pieces that were `reworked`.
 */
export async function produceLot(
  context: Context,
  tx: Tx,
  { rows, run }: { rows: OrderRows; run: RunRow },
  quantity: Millionths,
  before: Millionths,
  doer: Doer,
  when: When,
  reworked = false,
): Promise<{ id: string; number: string }> {
  const { order, steps } = rows;
  const { masterdata, inventory, quality } = context.deps;
  const item = await masterdata.find('item', order.item, when.time, tx);
  const kinds = item?.data.kind === 'product' ? (['finished', 'wip'] as const) : (['wip', 'finished'] as const);
  const location = await placeFor(context, kinds, when.time, { machine: run.machine });
  const finals = await masterdata.plansOf(order.item, when.time, { stage: 'final' });
  const from = await shareOfInputs(tx, { order, steps }, run.id, quantity, before);
  const lot = await inventory.produce(tx, {
    ...{ time: when.time, actor: doer.actor, reference: `run/${run.id}`, item: order.item, revision: order.revision },
    ...{ quantity, location, workOrder: order.number, run: run.id, quarantine: finals.length > 0, from },
    ...(run.output_lot ? { lot: run.output_lot } : {}),
  });
  if (run.output_lot !== lot.id) {
    await patchRun(tx, run, { output_lot: lot.id });
    await noticeOutput(tx, run, order.item, lot.number);
  }
  await putOff(
    tx.db,
    tx.db
      .insertInto('ops_outputs')
      .values({ run_id: run.id, lot: lot.id, kind: 'output', quantity })
      .onConflict((c) =>
        c.columns(['run_id', 'lot']).doUpdateSet((e) => ({ quantity: e('ops_outputs.quantity', '+', quantity) })),
      ),
  );
  if (finals.length > 0 && run.status === 'finished')
    await quality.ask(tx, {
      ...{ stage: 'final', item: order.item, run: run.id, lot: lot.id, workOrder: order.number, machine: run.machine },
      ...{ lotSize: fromMillionths(quantity), again: reworked, time: when.time, actor: doer.actor },
    });
  return { id: lot.id, number: lot.number };
}

/**
 * Input lots of the order's runs that these pieces are made from, so that genealogy is complete: all of what this run
 * took and is in no lot yet, and of the other operations' material the share of these pieces in what is left to make. Where
 * operations come in any order, pieces of this run may still wait for another operation: they keep their share, too.
 */
export async function shareOfInputs(
  tx: Tx,
  { order, steps }: OrderRows,
  run: string,
  quantity: Millionths,
  before: Millionths,
): Promise<{ lot: string; quantity: Millionths }[]> {
  const inputs = await tx.db
    .selectFrom('ops_inputs')
    .selectAll()
    .where('order_id', '=', order.id)
    .orderBy('time_us')
    .orderBy('id')
    .limit(5000)
    .execute();
  // More than planned may be on its way from the first operation.
  const left = Math.max(quantity, Math.max(order.quantity, ...steps.map((s) => s.good)) - before);
  const madeBy = order.step_order === 'free' ? await goodByRun(tx, order.id, steps) : null;
  const among = ({ run_id, how }: InputRow): Millionths => {
    if (how === 'scan') return left;
    const good = madeBy?.get(run_id);
    if (good !== undefined) return Math.max(quantity, good - before);
    return run_id === run ? quantity : left;
  };
  const sums = new Map<string, Millionths>();
  for (const row of inputs) {
    const part = shareOf(row, quantity, among(row));
    if (part <= 0) continue;
    sums.set(row.lot, (sums.get(row.lot) ?? 0) + part);
    const used = row.used + part;
    await putOff(tx.db, tx.db.updateTable('ops_inputs').set({ used }).where('id', '=', row.id));
  }
  return [...sums].map(([lot, part]) => ({ lot, quantity: part }));
}

/** Good pieces of the operation that a run is at, by run. */
async function goodByRun(tx: Tx, order: string, steps: readonly StepRow[]): Promise<Map<string, Millionths>> {
  const runs = await tx.db.selectFrom('ops_runs').select(['id', 'step_id']).where('order_id', '=', order).execute();
  return new Map(runs.map((r) => [r.id, steps.find((step) => step.id === r.step_id)?.good ?? 0]));
}

function shareOf(row: InputRow, quantity: Millionths, left: Millionths): Millionths {
  const free = row.quantity - row.used;
  if (free <= 0) return 0;
  if (quantity >= left) return free;
  return Math.min(free, Math.max(1, Math.round((free * quantity) / left)));
}

/** Packs pieces of a run's lot into a box. */
export async function packRun(
  context: Context,
  tx: Tx,
  run: RunRow,
  input: { lot?: string | undefined; quantity: Millionths; container?: string | undefined },
  doer: Doer,
  when: When,
): Promise<{ container: string; number: string; quantity: number }> {
  const { inventory } = context.deps;
  const lot = input.lot
    ? await inventory.lot(input.lot, tx)
    : run.output_lot
      ? await inventory.lot(run.output_lot, tx)
      : null;
  if (input.lot && !lot)
    throw operationsError('operations.unknownLot', { lot: input.lot.slice(0, 60) }, { status: 404 });
  const stock = lot?.stock.find((s) => s.quantity * 1_000_000 >= input.quantity - 0.5);
  if (!lot || !stock) throw operationsError('operations.noOutput', { left: lot?.onHand ?? 0 }, { status: 409 });
  const into = input.container ? await inventory.lot(input.container, tx) : null;
  const box = await inventory.pack(tx, {
    ...{ time: when.time, actor: doer.actor, reference: `run/${run.id}`, location: stock.location },
    lots: [{ lot: lot.id, quantity: input.quantity }],
    ...(into ? { container: into.id } : {}),
  });
  await putOff(
    tx.db,
    tx.db
      .insertInto('ops_outputs')
      .values({ run_id: run.id, lot: box.id, kind: 'box', quantity: input.quantity })
      .onConflict((c) =>
        c.columns(['run_id', 'lot']).doUpdateSet((e) => ({ quantity: e('ops_outputs.quantity', '+', input.quantity) })),
      ),
  );
  return { container: box.id, number: box.number, quantity: fromMillionths(input.quantity) };
}
