import type { Item } from '@deungdae/contracts/master.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { z } from 'zod';
import { digitalLink } from '../codes/digital-link.ts';
import { type Element, humanReadable, toGtin14, wrongWith } from '../codes/gs1.ts';
import { ownCode, type PlantMarks } from '../codes/resolve.ts';
import { plantDay } from '../numbering.ts';
import { showUnit } from '../posting.ts';
import type { LotRow } from '../schema.ts';

/** What a label (현품표) of a lot or box says; the same for paper, picture and printer. */
export interface LabelContent {
  title: string;
  itemName: string;
  item: string;
  number: string;
  quantity: string;
  /** Pairs below: date, supplier's lot, order, expiry. */
  lines: readonly (readonly [string, string])[];
  /** 합격, 보류 …: in words, so that it is told without colour. */
  status: string;
  /** For the GS1 DataMatrix; null where the item has no GTIN or the number is not of its characters. */
  elements: readonly Element[] | null;
  /** With brackets. */
  elementText: string | null;
  /** For the QR code: a Digital Link, the plant's address, or its own mark. */
  link: string;
}

const statusWords = {
  available: '합격',
  hold: '보류',
  quarantine: '검사대기',
  rejected: '불합격',
  closed: '소진',
} as const;

export function labelContent(
  lot: LotRow,
  item: z.output<typeof Item> | null,
  quantity: Millionths,
  status: keyof typeof statusWords,
  marks: PlantMarks & { timeZone: string },
): LabelContent {
  const elements = elementsOf(lot, item?.gtin ?? null, quantity, marks.timeZone);
  const day = (time: number) => plantDay(time, marks.timeZone);
  const lines: [string, string][] = [[lot.origin === 'production' ? '생산일' : '입고일', day(lot.produced_at)]];
  if (lot.expires_at !== null) lines.push(['유효기간', day(lot.expires_at)]);
  if (lot.work_order !== null) lines.push(['작업지시', lot.work_order]);
  if (lot.supplier !== null) lines.push(['공급처', lot.supplier]);
  if (lot.supplier_lot !== null) lines.push(['공급 LOT', lot.supplier_lot]);
  return {
    title: lot.kind === 'container' ? '용기 현품표' : '현품표',
    itemName: item?.name ?? lot.item,
    item: lot.revision ? `${lot.item} (${lot.revision})` : lot.item,
    number: lot.number,
    quantity: `${fromMillionths(quantity).toLocaleString('ko-KR', { maximumFractionDigits: 6 })} ${lot.unit === '{pcs}' ? 'EA' : showUnit(lot.unit)}`,
    lines,
    status: statusWords[status],
    elements,
    elementText: elements === null ? null : humanReadable(elements),
    link:
      elements !== null && marks.linkBase !== null ? digitalLink(marks.linkBase, elements) : ownCode(marks, lot.number),
  };
}

/** (01) item, (10) or (21) number, (17) expiry, (37) count: a box says (02) content instead of (01). */
function elementsOf(
  lot: Pick<LotRow, 'kind' | 'number' | 'expires_at'>,
  gtin: string | null,
  quantity: Millionths,
  timeZone: string,
): Element[] | null {
  if (gtin === null) return null;
  const elements: Element[] = [{ ai: '01', value: toGtin14(gtin) }];
  if (lot.expires_at !== null)
    elements.push({ ai: '17', value: plantDay(lot.expires_at, timeZone).replaceAll('-', '').slice(2) });
  elements.push({ ai: lot.kind === 'serial' ? '21' : '10', value: lot.number });
  const count = fromMillionths(quantity);
  if (lot.kind !== 'serial' && Number.isInteger(count) && count > 0 && count < 100_000_000)
    elements.push({ ai: '37', value: String(count) });
  return elements.every((e) => wrongWith(e.ai, e.value) === null) ? elements : null;
}
