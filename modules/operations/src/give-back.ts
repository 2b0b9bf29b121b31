import type { Millionths } from '@deungdae/contracts/quantity.ts';
import type { Context, Doer, Tx, When } from './context.ts';
import { bomOf, linesOf, neededOf } from './material.ts';
import type { OrderRows, StepRow } from './order-store.ts';
import type { RunRow } from './run-store.ts';
import type { OperationsTables } from './schema.ts';
import { shares } from './shortage-links.ts';
import { lessenClosed, lessenShortage, shortOf } from './shortage-rows.ts';

type InputRow = OperationsTables['ops_inputs'];

/**
 * A correction takes pieces away that were never made: their material goes back to where it was taken from. First what is
 * open as a shortage, then what is in no lot, the newest first; last what the account had put into lots already (of pieces
 * that were scrap, say), of each input its share, which leaves their genealogy by shares too: one taken back whole could
 * be the only origin of a lot that stands. What was scanned with a quantity stays: a person
 * said it was used.
 */
export async function giveMaterialBack(
  context: Context,
  tx: Tx,
  rows: OrderRows,
  { run, step }: { run: RunRow; step: StepRow },
  pieces: Millionths,
  doer: Doer,
  when: When,
): Promise<void> {
  const bom = bomOf(rows.order);
  const stands = run.good + run.scrap + run.rework;
  for (const line of linesOf(rows, step)) {
    if (line.issue === 'supplied') continue;
    const inputs = await inputsOf(tx, run.id, [line.component, ...line.alternates]);
    const have = inputs.reduce((sum, i) => sum + i.quantity, 0) + (await shortOf(tx, run.id, line.component));
    // Never below what the pieces that stand need: material that was brought back by hand is not given back twice.
    let back = Math.min(neededOf(bom, line, pieces), Math.max(0, have - neededOf(bom, line, stands)));
    if (back > 0) back -= await lessenShortage(tx, run.id, line.component, back);
    for (const row of inputs)
      back -= await putBack(context, tx, rows, row, Math.min(back, row.quantity - row.used), 0, { doer, when });
    const inLots = inputs.filter((row) => row.used > 0);
    const parts = shares(
      back,
      inLots.map((row) => row.used),
    );
    for (const [i, row] of inLots.entries()) {
      const part = Math.min(parts[i]!, row.used);
      back -= await putBack(context, tx, rows, row, part, part, { doer, when });
    }
    if (back > 0) await lessenClosed(tx, run.id, line.component, back);
  }
}

function inputsOf(tx: Tx, run: string, items: readonly string[]): Promise<InputRow[]> {
  return tx.db
    .selectFrom('ops_inputs')
    .selectAll()
    .where('run_id', '=', run)
    .where('item', 'in', items)
    .where('how', 'in', ['backflush', 'loaded', 'settled'])
    .orderBy('time_us', 'desc')
    .orderBy('id', 'desc')
    .limit(5000)
    .execute();
}

/** `made` of the quantity was in lots. Answers the quantity. */
async function putBack(
  context: Context,
  tx: Tx,
  { order, steps }: OrderRows,
  row: InputRow,
  quantity: Millionths,
  made: Millionths,
  { doer, when }: { doer: Doer; when: When },
): Promise<Millionths> {
  if (quantity <= 0) return 0;
  const runs = await tx.db.selectFrom('ops_runs').select('id').where('order_id', '=', order.id).limit(5000).execute();
  await context.deps.inventory.takeBack(tx, {
    ...{ time: when.time, actor: doer.actor, reference: `run/${row.run_id}`, reason: 'correction' },
    ...{ lot: row.lot, run: row.run_id, quantity },
    made: { runs: [...runs.map((r) => r.id), ...steps.map((s) => `step/${s.id}`)], quantity: made },
  });
  row.quantity -= quantity;
  row.used -= made;
  await tx.db
    .updateTable('ops_inputs')
    .set({ quantity: row.quantity, used: row.used })
    .where('id', '=', row.id)
    .execute();
  return quantity;
}
