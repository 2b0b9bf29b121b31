import type { Millionths } from '@deungdae/contracts/quantity.ts';
import type { Context, Doer, Tx } from './context.ts';
import type { OrderRows } from './order-store.ts';
import type { RunRow } from './run-store.ts';

/** Output lots of one order that are looked at. */
const mostLots = 2000;

/**
 * Material that was named after the pieces were made goes into the genealogy of what was made of it: the run's own lot, or
 * the lots of the later operations by their size. Answers how much is thereby in lots; the rest goes into the next ones.
 */
export async function linkToProducts(
  context: Context,
  tx: Tx,
  { order, steps }: OrderRows,
  run: RunRow,
  material: { lot: string; quantity: Millionths },
  doer: Doer,
): Promise<Millionths> {
  const outputs = await tx.db
    .selectFrom('ops_outputs')
    .selectAll()
    .where('kind', '=', 'output')
    .where('quantity', '>', 0)
    .where((e) =>
      e.or([
        e('run_id', 'in', (q) => q.selectFrom('ops_runs').select('ops_runs.id').where('order_id', '=', order.id)),
        e(
          'run_id',
          'in',
          steps.map((s) => `step/${s.id}`),
        ),
      ]),
    )
    .orderBy('run_id')
    .limit(mostLots)
    .execute();
  const own = outputs.filter((o) => o.run_id === run.id);
  const step = steps.find((s) => s.id === run.step_id)!;
  const share = own.length > 0 ? 1 : Math.min(1, order.good / Math.max(1, step.good));
  const into = own.length > 0 ? own : outputs;
  const parts = shares(
    Math.round(material.quantity * share),
    into.map((o) => o.quantity),
  );
  let made = 0;
  for (const [i, output] of into.entries()) {
    if (parts[i]! <= 0) continue;
    made += parts[i]!;
    await context.deps.inventory.addOrigins(tx, {
      ...{ time: context.now(), actor: doer.actor, reference: `run/${run.id}`, lot: output.lot, run: output.run_id },
      from: [{ lot: material.lot, quantity: parts[i]! }],
    });
  }
  return made;
}

/** Splits a quantity by weights, so that the parts sum to it and each has at least one part while there are enough. Pure. */
export function shares(quantity: Millionths, weights: readonly Millionths[]): Millionths[] {
  let rest = weights.reduce((sum, w) => sum + w, 0);
  let left = quantity;
  return weights.map((weight, i) => {
    const others = weights.length - 1 - i;
    const fair = rest === 0 ? 0 : Math.round((left * weight) / rest);
    const part = left > others ? Math.min(Math.max(1, fair), left - others) : Math.min(1, left);
    rest -= weight;
    left -= part;
    return part;
  });
}
