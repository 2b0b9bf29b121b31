import type { SparePart } from '@deungdae/contracts/maintenance.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { MaintenanceDeps } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';

const yearUs = 365 * 86_400_000_000;

/** Items of the kind `sparePart` with what is there, what should be, and what a year took. */
export async function spareParts(deps: MaintenanceDeps): Promise<SparePart[]> {
  const now = deps.clock.nowUs();
  const items = (await deps.masterdata.list('item', now)).filter((item) => item.data.kind === 'sparePart');
  const used = await deps.ledger
    .read<MaintenanceTables>()
    .selectFrom('mt_parts_used')
    .select(['item', (q) => q.fn.sum<number>('quantity').as('quantity')])
    .where('time', '>=', now - yearUs)
    .groupBy('item')
    .execute();
  const usedOf = new Map(used.map((row) => [row.item, Number(row.quantity)]));
  const parts: SparePart[] = [];
  for (const { code, data } of items) {
    const onHand = fromMillionths(await deps.inventory.onHand(code));
    const safetyStock = data.safetyStock ?? null;
    parts.push({
      ...{ item: code, name: data.name, unit: data.unit, onHand, safetyStock },
      short: safetyStock !== null && onHand < safetyStock,
      usedInYear: fromMillionths(usedOf.get(code) ?? 0),
    });
  }
  return parts.sort((a, b) => Number(b.short) - Number(a.short) || (a.item < b.item ? -1 : 1));
}
