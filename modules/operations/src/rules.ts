import { ProductionRules } from '@deungdae/contracts/work-order.ts';
import type { Context, Doer, Tx } from './context.ts';
import type { OperationsTables } from './schema.ts';

const key = 'rules';

/** How the plant works, as the office chose it; the defaults until it chose. Read once, then known: one server writes. */
export async function readRules(context: Context, tx?: Tx): Promise<ProductionRules> {
  if (context.rules) return context.rules;
  const db = tx?.db ?? context.read();
  const row = await db.selectFrom('ops_settings').select('value').where('key', '=', key).executeTakeFirst();
  const rules = ProductionRules.parse(row ? JSON.parse(row.value) : {});
  context.rules = rules;
  return rules;
}

export async function saveRules(context: Context, rules: ProductionRules, doer: Doer): Promise<ProductionRules> {
  await context.act(async (tx) => {
    const before = await readRules(context, tx);
    const row: OperationsTables['ops_settings'] = { key, value: JSON.stringify(rules) };
    await tx.db
      .insertInto('ops_settings')
      .values(row)
      .onConflict((c) => c.column('key').doUpdateSet({ value: row.value }))
      .execute();
    const data = { before, after: rules };
    await tx.emit({ type: 'production.rulesChanged', subject: 'production/rules', actor: doer.actor, data });
  });
  context.rules = rules;
  return rules;
}

/** Whether a result may be recorded though its material is not in the book. Pure. */
export function mayBeShort(rules: ProductionRules, asked: boolean, leads: boolean): boolean {
  if (rules.shortage === 'always') return true;
  return rules.shortage === 'office' && asked && leads;
}
