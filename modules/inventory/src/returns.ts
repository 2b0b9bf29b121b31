import type { LotCard } from '@deungdae/contracts/api-inventory.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { z } from 'zod';
import { amount, checkQuantity, lotSubject, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import type { Reader } from './lot-store.ts';
import { placeWith } from './moves.ts';
import { isOutside } from './posting.ts';
import type { LotRow, MovementRow } from './schema.ts';

/**
 * Loose goods go back to who supplied them, whatever their state: a lot is mostly sent back because it may not be used.
 * Throws `inventory.noSupplier`, `inventory.short`, `inventory.packed`.
 */
export async function supplierReturn(
  work: Work,
  input: { lot: string; location?: string; quantity: Millionths; supplier?: string },
): Promise<MovementRow> {
  checkQuantity(input.quantity);
  const row = await work.lot(input.lot);
  if (row.kind === 'container')
    throw inventoryError('inventory.packedWhole', { container: row.number }, { status: 409 });
  const partner = input.supplier ?? row.supplier;
  if (partner === null) throw inventoryError('inventory.noSupplier', { lot: row.number }, { status: 400 });
  const { quantity } = input;
  await work.parts.masterdata.need('partner', partner, work.act.time, work.tx);
  const from = input.location ?? (await placeWith(work, row, quantity));
  await work.place(from);
  const [moved] = await work.post([
    { kind: 'supplierReturn', item: row.item, lot: row.key, from, to: '@supplier', quantity, partner },
  ]);
  const data = { number: row.number, item: row.item, location: from, quantity: amount(quantity), supplier: partner };
  await work.emit('lot.supplierReturned', lotSubject(row), data);
  return moved!;
}

/** What of a lot is at customers, and what runs took of it and have not given back. */
export async function returnable(db: Reader, row: LotRow): Promise<z.output<typeof LotCard>['returnable']> {
  const rows = await db
    .selectFrom('inv_movements')
    .select(['kind', 'partner', 'reference', 'from_place'])
    .select((eb) => eb.fn.sum('quantity').as('quantity'))
    .where('lot', '=', row.key)
    .where('kind', 'in', ['ship', 'customerReturn', 'consume', 'issue', 'return'])
    .groupBy(['kind', 'partner', 'reference', 'from_place'])
    .execute();
  const customers = new Map<string, Millionths>();
  const runs = new Map<string | null, Millionths>();
  const add = <K>(sums: Map<K, Millionths>, key: K, quantity: Millionths) =>
    sums.set(key, (sums.get(key) ?? 0) + quantity);
  for (const m of rows) {
    const quantity = Number(m.quantity);
    if (m.kind === 'ship' || m.kind === 'customerReturn')
      add(customers, m.partner ?? '', m.kind === 'ship' ? quantity : -quantity);
    else if (!m.reference?.startsWith('workOrder/'))
      add(
        runs,
        m.reference?.startsWith('run/') ? m.reference.slice(4) : null,
        m.from_place === '@production' ? -quantity : quantity,
      );
  }
  const left = <K>(sums: Map<K, Millionths>) => [...sums].filter(([, quantity]) => quantity > 0);
  return {
    customers: left(customers).map(([customer, quantity]) => ({ customer, quantity: fromMillionths(quantity) })),
    runs: left(runs).map(([run, quantity]) => ({ run, quantity: fromMillionths(quantity) })),
  };
}

/** What of a lot lies in no container, by place. */
export async function looseByPlace(db: Reader, row: LotRow): Promise<z.output<typeof LotCard>['loose']> {
  const rows = await db
    .selectFrom('inv_stock')
    .select(['place', 'quantity', 'packed'])
    .where('lot', '=', row.key)
    .where('quantity', '>', 0)
    .orderBy('quantity', 'desc')
    .execute();
  return rows
    .filter((r) => !isOutside(r.place) && r.quantity > r.packed)
    .map((r) => ({ location: r.place, quantity: fromMillionths(r.quantity - r.packed) }));
}
