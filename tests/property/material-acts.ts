import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { type Act, entry } from './client.ts';
import type { Input } from './shop-floor.ts';

/** A leader records pieces whose material is not in the book. */
export const confirmAnyway: Act = async (c) => {
  const run = c.pick(await c.db.selectFrom('ops_runs').selectAll().where('status', '!=', 'finished').execute());
  if (!run) return;
  const scrap = c.chance(0.3) ? c.random.int(1, 3) : 0;
  const defects = scrap > 0 ? [{ reason: 'burr', quantity: scrap }] : [];
  const body = { ...entry(), good: c.random.int(0, 25), defects, short: true };
  const row = await c.call('confirmRun', { params: { id: run.id }, body } as Input<'confirmRun'>);
  if (!row) return;
  c.beliefs.note('good', body.entryId, run.id, body.good);
  c.beliefs.note('scrap', body.entryId, run.id, scrap);
};

/** Somebody says which lot was really used, all or some of it, or that nothing was. */
export const settle: Act = async (c) => {
  const short = c.pick(await c.db.selectFrom('ops_shortages').selectAll().where('status', '=', 'open').execute());
  if (!short) return;
  const open = fromMillionths(short.quantity - short.settled - short.closed);
  const items = short.item === 'INSERT' ? ['INSERT', 'INSERT-B'] : [c.chance(0.95) ? short.item : 'CAP'];
  const lots = await c.db.selectFrom('inv_lots').selectAll().where('item', 'in', items).execute();
  const lot = c.chance(0.5) ? c.pick(lots) : null;
  const quantity = c.chance(0.4) ? { quantity: Math.max(0.000001, Math.round(open * 500_000) / 1_000_000) } : {};
  const body = { ...entry(), ...quantity, ...(lot ? { lot: lot.number } : {}), close: c.chance(0.2) };
  await c.call('settleShortage', { params: { id: short.id }, body } as Input<'settleShortage'>);
};
