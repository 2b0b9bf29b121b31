import type { ContainerRow } from '@deungdae/contracts/api-inventory.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { z } from 'zod';
import { contentsOf, lotRows, type Reader, toLots } from './lot-store.ts';
import { namesOf } from './queries.ts';

export interface ContainerQuery {
  search?: string;
  location?: string;
  shipped?: 'without' | 'only';
  limit: number;
}

/** Boxes and pallets with what is in them, the newest first. */
export async function containers(
  db: Reader,
  names: Pick<MasterDataModule, 'list'>,
  query: ContainerQuery,
  now: number,
): Promise<z.output<typeof ContainerRow>[]> {
  let select = db.selectFrom('inv_lots').selectAll().where('kind', '=', 'container');
  if (query.location !== undefined) select = select.where('place', '=', query.location);
  if (query.shipped === 'only') select = select.where('place', '=', '@customer');
  if (query.shipped === 'without')
    select = select.where((eb) => eb.or([eb('place', 'is', null), eb('place', '<>', '@customer')]));
  if (query.search !== undefined) {
    const like = `%${query.search.replace(/[%_]/g, '')}%`;
    select = select.where((eb) => eb.or([eb('number', 'like', like), eb('item', 'like', like)]));
  }
  const rows = await select.orderBy('key', 'desc').limit(query.limit).execute();
  const keys = rows.map((r) => r.key);
  const contents = await contentsOf(db, keys);
  const inside = rows.map((r) => r.inside).filter((k): k is number => k !== null);
  const things = await lotRows(db, [...inside, ...[...contents.values()].flatMap((list) => list.map((c) => c.lot))]);
  const items = await namesOf(names, 'item', now);
  const lots = await toLots(db, rows);
  return rows.map((row, i) => {
    const list = contents.get(row.key) ?? [];
    const sums = new Map<string, { unit: string; quantity: Millionths }>();
    for (const { lot, quantity } of list) {
      const { item, unit } = things.get(lot)!;
      const sum = sums.get(item) ?? { unit, quantity: 0 };
      sums.set(item, { unit, quantity: sum.quantity + quantity });
    }
    return {
      lot: lots[i]!,
      place: row.place,
      inside: row.inside === null ? null : (things.get(row.inside)?.number ?? null),
      items: [...sums].map(([item, { unit, quantity }]) => ({
        ...{ item, unit, name: items.get(item) ?? item },
        quantity: fromMillionths(quantity),
      })),
      lots: new Set(list.map((c) => c.lot)).size,
      boxes: new Set(list.filter((c) => c.box !== row.key).map((c) => c.box)).size,
    };
  });
}
