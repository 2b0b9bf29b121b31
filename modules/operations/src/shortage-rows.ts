import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { Context, Doer, Tx } from './context.ts';
import type { RunRow } from './run-store.ts';
import type { OperationsTables } from './schema.ts';

export type ShortageRow = OperationsTables['ops_shortages'];

/**
 * Pieces were made, so their material was there; the book did not have it, or nobody scanned it. The stock is left as it
 * is: what is missing is kept open here until somebody says which lot was really used. One open row a run and material.
 */
export async function keepShortage(
  context: Context,
  tx: Tx,
  run: RunRow,
  short: { item: string; quantity: Millionths; scanned: boolean },
  doer: Doer,
  time: number,
): Promise<void> {
  const open = await openOf(tx, run.id, short.item);
  if (open)
    await tx.db
      .updateTable('ops_shortages')
      .set({ quantity: open.quantity + short.quantity })
      .where('id', '=', open.id)
      .execute();
  else
    await tx.db
      .insertInto('ops_shortages')
      .values({
        ...{ id: context.newId(), run_id: run.id, order_id: run.order_id, machine: run.machine, item: short.item },
        ...{ quantity: short.quantity, settled: 0, closed: 0, why: short.scanned ? 'notScanned' : 'stock' },
        ...{ status: 'open', time_us: time, by_whom: doer.name, settled_us: null, settled_by: null, note: '' },
      })
      .execute();
  await tx.emit({
    ...{ type: 'material.shortageRecorded', subject: `run/${run.id}`, actor: doer.actor, time },
    data: { item: short.item, quantity: fromMillionths(short.quantity), machine: run.machine, by: doer.name },
  });
}

function openOf(tx: Tx, run: string, item: string): Promise<ShortageRow | undefined> {
  return tx.db
    .selectFrom('ops_shortages')
    .selectAll()
    .where('run_id', '=', run)
    .where('item', '=', item)
    .where('status', '=', 'open')
    .executeTakeFirst();
}

/** A correction downwards needs less: what is open of it first. Answers how much of `quantity` that was. */
export async function lessenShortage(tx: Tx, run: string, item: string, quantity: Millionths): Promise<Millionths> {
  const open = await openOf(tx, run, item);
  if (!open) return 0;
  const left = open.quantity - open.settled - open.closed;
  const off = Math.min(left, quantity);
  const gone = off === open.quantity;
  if (gone) await tx.db.deleteFrom('ops_shortages').where('id', '=', open.id).execute();
  else
    await tx.db
      .updateTable('ops_shortages')
      .set({ quantity: open.quantity - off, status: off === left ? 'settled' : 'open' })
      .where('id', '=', open.id)
      .execute();
  return off;
}

/** And last what was ended because nothing was used: the pieces it was short for were never made. */
export async function lessenClosed(tx: Tx, run: string, item: string, quantity: Millionths): Promise<void> {
  let left = quantity;
  const rows = await tx.db
    .selectFrom('ops_shortages')
    .selectAll()
    .where('run_id', '=', run)
    .where('item', '=', item)
    .where('closed', '>', 0)
    .limit(1000)
    .execute();
  for (const row of rows) {
    const off = Math.min(left, row.closed);
    if (off <= 0) break;
    left -= off;
    await tx.db
      .updateTable('ops_shortages')
      .set({ quantity: row.quantity - off, closed: row.closed - off })
      .where('id', '=', row.id)
      .execute();
  }
}

/** What of a material was never taken out of stock for a run: open, or closed because nothing was used. */
export async function shortOf(tx: Tx, run: string, item: string): Promise<Millionths> {
  const rows = await tx.db
    .selectFrom('ops_shortages')
    .selectAll()
    .where('run_id', '=', run)
    .where('item', '=', item)
    .limit(1000)
    .execute();
  return rows.reduce((sum, r) => sum + r.quantity - r.settled, 0);
}
