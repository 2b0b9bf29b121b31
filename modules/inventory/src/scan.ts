import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import { type Element, toGtin14, valueAt } from './codes/gs1.ts';
import { lotNumberOf, otherSpellings, type PlantMarks, readCode } from './codes/resolve.ts';
import { findLot, type Reader } from './lot-store.ts';
import type { LotRow } from './schema.ts';

export interface ScanParts {
  masterdata: Pick<MasterDataModule, 'list'>;
  marks(): PlantMarks;
}

/** The item with a GTIN, whatever its length; null when there is none. */
export async function itemOfGtin(parts: ScanParts, gtin: string, at: number): Promise<string | null> {
  const items = await parts.masterdata.list('item', at);
  const wanted = toGtin14(gtin);
  return items.find((i) => i.data.gtin !== undefined && toGtin14(i.data.gtin) === wanted)?.code ?? null;
}

/**
 * The lot that an id, a printed number or a scanned label means; null when it is none of this plant. A supplier's GS1
 * label finds the lot it was received as. Throws `inventory.otherPlant`, `inventory.badCode`.
 */
export async function findScanned(
  db: Reader,
  parts: ScanParts,
  text: string,
  at: number,
  _tx?: LedgerTx,
): Promise<LotRow | null> {
  const exact = await findLot(db, text.trim());
  if (exact) return exact;
  const code = readCode(text, parts.marks());
  if (code.plain !== null)
    for (const spelling of [code.plain, ...otherSpellings(code.plain)]) {
      const lot = await findLot(db, spelling);
      if (lot) return lot;
    }
  for (const reading of code.readings) {
    const lot = await lotOfReading(db, parts, reading, at);
    if (lot) return lot;
  }
  return null;
}

async function lotOfReading(
  db: Reader,
  parts: ScanParts,
  reading: readonly Element[],
  at: number,
): Promise<LotRow | null> {
  const number = lotNumberOf(reading);
  if (number === null) return null;
  const gtin = valueAt(reading, '01') ?? valueAt(reading, '02');
  const item = gtin === null ? null : await itemOfGtin(parts, gtin, at);
  const lot = await findLot(db, number);
  if (lot && (gtin === null || lot.item === item)) return lot;
  if (item === null) return null;
  const received = await db
    .selectFrom('inv_lots')
    .selectAll()
    .where('supplier_lot', '=', number)
    .where('item', '=', item)
    .orderBy('key', 'desc')
    .limit(1)
    .executeTakeFirst();
  return received ?? null;
}
