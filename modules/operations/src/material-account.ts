import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { MaterialAccount } from '@deungdae/inventory/module.ts';
import type { Tx } from './context.ts';
import { operationsError } from './errors.ts';
import type { OperationsTables } from './schema.ts';

type InputRow = OperationsTables['ops_inputs'];

/** Pieces were never made: what of their material is in no lot any more is free for the next pieces of the order. */
export async function freeInputs(
  tx: Tx,
  order: string,
  off: readonly { lot: string; quantity: number }[],
): Promise<void> {
  for (const { lot, quantity } of off) {
    let left = quantity;
    for (const row of await inputsOf(tx, order, lot)) {
      const back = Math.min(left, row.used);
      if (back <= 0) continue;
      left -= back;
      await patchInput(tx, row, { used: row.used - back });
    }
  }
}

/**
 * Keeps account of returned material: only what is in no lot yet can come back, so nothing leaves the genealogy. Throws
 * `operations.materialInLots` for more.
 */
export const returnedMaterial: MaterialAccount = async (ledgerTx, { lot, run, quantity }) => {
  const tx = ledgerTx as unknown as Tx;
  const found = await tx.db.selectFrom('ops_runs').select('order_id').where('id', '=', run).executeTakeFirst();
  if (!found) return { runs: [run], quantity };
  const rows = (await inputsOf(tx, found.order_id, lot)).filter((r) => r.run_id === run);
  let left = quantity;
  for (const row of rows) {
    const back = Math.min(left, row.quantity - row.used);
    if (back <= 0) continue;
    left -= back;
    await patchInput(tx, row, { quantity: row.quantity - back });
  }
  if (left > 0)
    throw operationsError(
      'operations.materialInLots',
      { free: fromMillionths(quantity - left), asked: fromMillionths(quantity) },
      { status: 409 },
    );
  return { runs: [run], quantity: 0 };
};

async function inputsOf(tx: Tx, order: string, lot: string): Promise<InputRow[]> {
  return tx.db
    .selectFrom('ops_inputs')
    .selectAll()
    .where('order_id', '=', order)
    .where('lot', '=', lot)
    .orderBy('time_us', 'desc')
    .orderBy('id', 'desc')
    .limit(5000)
    .execute();
}

async function patchInput(tx: Tx, row: InputRow, patch: Partial<InputRow>): Promise<void> {
  await tx.db.updateTable('ops_inputs').set(patch).where('id', '=', row.id).execute();
}
