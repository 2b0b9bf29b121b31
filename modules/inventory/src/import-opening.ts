import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type {
  ImportColumn,
  ImportContext,
  ImportCounts,
  ImportRow,
  ImportTarget,
} from '@deungdae/masterdata/module.ts';
import { type CoreParts, checkQuantity, Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { receive } from './incoming.ts';
import { findLot, type Reader, untrackedNumber } from './lot-store.ts';
import { numberPattern } from './numbering.ts';
import type { LotRow } from './schema.ts';

function column(
  id: string,
  ko: string,
  en: string,
  type: ImportColumn['type'],
  aliases: string[],
  more: Partial<ImportColumn> = {},
): ImportColumn {
  return { id, name: { ko, en }, type, aliases, ...more };
}

const columns: ImportColumn[] = [
  column('item', '품목', 'Item', 'code', ['품번', '품목코드', 'itemCode'], { required: true, refers: 'item' }),
  column('quantity', '수량', 'Quantity', 'number', ['재고', '재고수량', '현재고', '기초', 'qty', 'stock'], {
    required: true,
  }),
  column('location', '위치', 'Place', 'code', ['창고', '창고코드', '보관장소', 'warehouse'], {
    required: true,
    refers: 'location',
  }),
  column('lot', '로트번호', 'Lot number', 'text', ['로트', 'LOT', 'lotNo', 'serial', '시리얼']),
  column('supplier', '공급처', 'Supplier', 'code', ['거래처', '매입처'], { refers: 'partner' }),
  column('supplierLot', '공급 LOT', "Supplier's lot", 'text', ['공급사 LOT', '업체로트']),
  column('expires', '유효기간', 'Expires', 'day', ['유통기한', '사용기한', 'expiry', 'bestBefore']),
];

/** Opening stock (기초재고) from Excel. The same file twice changes nothing; another quantity corrects the first. */
export function openingStockTarget(parts: CoreParts, reader: () => Reader): ImportTarget {
  return {
    id: 'openingStock',
    title: { ko: '기초재고', en: 'Opening stock' },
    help: { ko: '품목과 위치마다 지금 있는 수량 한 줄', en: 'What is there now, a row for each item, lot and place' },
    columns,
    begin: (about) => {
      const counts: ImportCounts = { added: 0, changed: 0, same: 0 };
      const seen = new Set<string>();
      return {
        async rows(rows) {
          for (const row of rows) await judged(about, row, () => openingRow(parts, about, row, counts, seen, reader));
        },
        end: async () => counts,
      };
    },
  };
}

async function judged(about: ImportContext, row: ImportRow, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CodedError) || error.status >= 500) throw error;
    about.report({ row: row.row, column: null, code: error.code, params: error.params, severity: 'error' });
  }
}

async function openingRow(
  parts: CoreParts,
  about: ImportContext,
  row: ImportRow,
  counts: ImportCounts,
  seen: Set<string>,
  reader: () => Reader,
): Promise<void> {
  const text = (name: string) => (row.values[name] === undefined ? undefined : String(row.values[name]));
  const code = text('item')!;
  const location = text('location')!;
  const quantity = toMillionths(Number(row.values.quantity));
  const tx = about.tx ?? undefined;
  const item = await parts.masterdata.need('item', code, about.nowUs, tx);
  await parts.masterdata.need('location', location, about.nowUs, tx);
  checkQuantity(quantity, item.data.tracking === 'serial' ? 'serial' : 'lot');
  // A lot without a number gets one that the same row gives again.
  const number = text('lot') ?? `OPEN-${code}-${location}`.replace(/[^\p{L}\p{N}._/-]/gu, '-');
  const tracked = item.data.tracking !== 'none';
  if (tracked && (!numberPattern.test(number) || number.startsWith('lot-')))
    throw inventoryError('inventory.badNumber', { number }, { status: 400 });
  if (seen.has(`${number}\n${code}\n${location}`))
    throw inventoryError('inventory.numberTaken', { number }, { status: 409 });
  seen.add(`${number}\n${code}\n${location}`);
  const db = about.tx ? (about.tx.db as unknown as Reader) : reader();
  const lot = await findLot(db, tracked ? number : untrackedNumber(code));
  const before = lot ? await openedBefore(db, lot, location) : 0;
  const work = about.tx
    ? new Work(parts, about.tx, { time: about.nowUs, actor: about.actor, reference: about.source })
    : null;
  if (lot && before === quantity) counts.same++;
  else if (lot && (before > 0 || !tracked)) {
    if (work) await correct(work, lot, location, quantity - before);
    counts[before > 0 ? 'changed' : 'added']++;
  } else if (lot) throw inventoryError('inventory.numberTaken', { number }, { status: 409 });
  else {
    const supplier = text('supplier');
    const supplierLot = text('supplierLot');
    const expires = text('expires');
    if (work)
      await receive(
        work,
        {
          ...{ item: code, quantity, location },
          ...(tracked ? { number } : {}),
          ...(supplier === undefined ? {} : { supplier }),
          ...(supplierLot === undefined ? {} : { supplierLot }),
          ...(expires === undefined ? {} : { expiresAt: Date.parse(`${expires}T00:00:00Z`) * 1000 }),
        },
        'import',
      );
    counts.added++;
  }
}

/** What imports put of a lot at a place so far. */
async function openedBefore(db: Reader, lot: LotRow, place: string): Promise<number> {
  const rows = await db
    .selectFrom('inv_movements')
    .select(['to_place', 'quantity'])
    .where('lot', '=', lot.key)
    .where('kind', '=', 'opening')
    .where((eb) => eb.or([eb('to_place', '=', place), eb('from_place', '=', place)]))
    .execute();
  return rows.reduce((sum, r) => sum + (r.to_place === place ? r.quantity : -r.quantity), 0);
}

async function correct(work: Work, lot: LotRow, place: string, difference: number): Promise<void> {
  const [from, to] = difference > 0 ? ['@opening', place] : [place, '@opening'];
  const quantity = Math.abs(difference);
  await work.post([{ kind: 'opening', item: lot.item, lot: lot.key, from: from!, to: to!, quantity }]);
  await work.emit('lot.openingCorrected', `item/${lot.item}`, {
    number: lot.number,
    place,
    difference: difference / 1e6,
  });
}
