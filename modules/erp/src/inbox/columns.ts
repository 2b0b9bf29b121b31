import type { ErpFileKind } from '@deungdae/contracts/api-erp.ts';
import { plainName } from '@deungdae/tabular/header.ts';

type CellType = 'text' | 'number' | 'integer' | 'boolean' | 'time' | 'unit' | 'itemKind';

/** A column that a table of a kind may have; `also` are further headings, separated by blanks. */
export interface Column {
  id: string;
  ko: string;
  en: string;
  type: CellType;
  required: boolean;
  names: ReadonlySet<string>;
}

const column = (id: string, type: CellType, ko: string, en: string, also = '', required = false): Column => ({
  ...{ id, ko, en, type, required },
  names: new Set([id, ko, en, ...also.split(' ')].filter(Boolean).map(plainName)),
});

const itemCode = (id: string) =>
  column(id, 'text', '품번', 'part number', '품목코드 품목 품목번호 자재코드 제품코드 itemcode itemno partno', true);
const unit = column('unit', 'unit', '단위', 'unit', 'uom 재고단위');
const due = column('due', 'time', '납기', 'due date', '납기일 납품예정일 완료예정일 dueDate deliveryDate eta');
const priority = column('priority', 'integer', '우선순위', 'priority', '긴급도');
const note = column('note', 'text', '비고', 'note', '메모 remark remarks comment');

/** Headings that ERP files use; what is not among them is passed over. */
const columnsOf: Record<ErpFileKind, readonly Column[]> = {
  item: [
    { ...itemCode('code'), names: new Set([...itemCode('code').names, 'code', '코드', 'item']) },
    column('name', 'text', '품명', 'item name', '품목명 명칭 자재명 제품명 description itemname'),
    column('kind', 'itemKind', '품목구분', 'kind of item', '구분 품목유형 자재구분 계정구분 itemkind itemtype'),
    unit,
    column('revision', 'text', '차수', 'revision', '리비전 개정 rev'),
    column('spec', 'text', '규격', 'specification', '사양 스펙 spec'),
    column('group', 'text', '품목군', 'item group', '분류 category group'),
    column('gtin', 'text', '바코드', 'GTIN', '바코드(GTIN) ean 표준바코드'),
    column('customerCode', 'text', '고객품번', "customer's part number", '고객사품번 customerpart'),
    column('shelfLifeDays', 'integer', '유효기간', 'shelf life, days', '유통기한 보관기간'),
    column('standardCost', 'number', '표준단가', 'standard cost', '단가 원가 cost'),
    column('salesPrice', 'number', '판매단가', 'sales price', '판가 price'),
    column('safetyStock', 'number', '안전재고', 'safety stock', '안전재고량'),
    column('packQuantity', 'number', '포장수량', 'pack quantity', '입수 포장단위'),
  ],
  workOrder: [
    column('number', 'text', '작업지시번호', 'work order', '지시번호 번호 number no wo woNo workOrderNo orderNo', true),
    itemCode('item'),
    column('quantity', 'number', '수량', 'quantity', '지시수량 계획수량 생산수량 qty', true),
    ...[unit, due, priority, note],
    column('release', 'boolean', '발행', 'release', '발행여부 released'),
  ],
  salesOrder: [
    column(
      'number',
      'text',
      '수주번호',
      'sales order',
      '주문번호 발주번호 번호 number no so soNo po poNo orderNo',
      true,
    ),
    column('line', 'integer', '순번', 'line', '줄 항번 행번 lineNo seq'),
    column('customer', 'text', '고객', 'customer', '고객코드 거래처 거래처코드 customerCode'),
    itemCode('item'),
    column('quantity', 'number', '수량', 'quantity', '주문수량 수주수량 발주수량 qty', true),
    unit,
    column('receivedAt', 'time', '접수일', 'received', '수주일 주문일 발주일 orderDate'),
    ...[due, priority, note],
    column('cancel', 'boolean', '취소', 'cancel', '취소여부 cancelled'),
  ],
};

/** Headings that only one kind has. */
const signs: Record<ErpFileKind, readonly string[]> = {
  item: ['품목구분', '규격', '품목군', '표준단가', '안전재고', '자재구분', '계정구분', 'kind of item', 'item name'],
  workOrder: ['작업지시번호', '지시번호', '지시수량', 'work order', 'wo', 'woNo', 'workOrderNo', '발행'],
  salesOrder: [
    ...['수주번호', '주문번호', '발주번호', '수주수량', '주문수량', '고객', '거래처', 'customer', 'sales order'],
    ...['so', 'soNo', 'po', 'poNo'],
  ],
};

const nameSigns: readonly [ErpFileKind, RegExp][] = [
  ['salesOrder', /수주|주문|sales|^so[-_. ]?\d/i],
  ['workOrder', /작업지시|지시|work.?order|^orders?|^wo[-_. ]?\d/i],
  ['item', /품목|자재|items?|material/i],
];

/** What a file holds: by its name, else by its headings; null when neither says. Pure. */
export function kindOfFile(name: string, headings: readonly string[]): ErpFileKind | null {
  const named = nameSigns.find(([, pattern]) => pattern.test(name.normalize('NFC')))?.[0];
  if (named) return named;
  const has = new Set(headings.map(plainName));
  const scores = (Object.keys(signs) as ErpFileKind[])
    .map((kind) => ({ kind, score: signs[kind].filter((s) => has.has(plainName(s))).length }))
    .sort((a, b) => b.score - a.score);
  return scores[0]!.score > scores[1]!.score ? scores[0]!.kind : null;
}

/** Where each column stands; the first heading of a name counts. Pure. */
export function placesOf(
  kind: ErpFileKind,
  headings: readonly { index: number; name: string }[],
): { places: Map<Column, number>; missing: Column[] } {
  const places = new Map<Column, number>();
  for (const wanted of columnsOf[kind]) {
    const found = headings.find((h) => wanted.names.has(plainName(h.name)));
    if (found && ![...places.values()].includes(found.index)) places.set(wanted, found.index);
  }
  return { places, missing: columnsOf[kind].filter((c) => c.required && !places.has(c)) };
}

const itemKinds: Record<string, readonly string[]> = {
  product: ['제품', '완제품', '상품', 'product', 'finished', 'fg'],
  semiFinished: ['반제품', '재공품', 'semi-finished', 'semiFinished', 'semi'],
  rawMaterial: ['원자재', '원재료', '원료', 'raw material', 'rawMaterial', 'raw'],
  subMaterial: ['부자재', '부재료', 'sub-material', 'subMaterial', 'sub'],
  packaging: ['포장재', '포장자재', '포장', 'packaging'],
  consumable: ['소모품', '저장품', 'consumable'],
  sparePart: ['예비품', '부품', 'spare part', 'sparePart', 'spare'],
};

export function itemKindOf(text: string): string | null {
  const plain = plainName(text);
  return Object.entries(itemKinds).find(([, names]) => names.some((n) => plainName(n) === plain))?.[0] ?? null;
}

const units: Record<string, string> = { ...{ ea: '{pcs}', pc: '{pcs}', pcs: '{pcs}', 개: '{pcs}', '{ea}': '{pcs}' } };
const metric = ['kg', 'g', 't', 'm', 'mm', 'cm', 'm2', 'm3'];

/** ERP systems write units in capitals, and pieces in many ways; what is not known stays as it is. */
export function unitOf(text: string): string {
  const lower = text.trim().toLowerCase();
  if (units[lower]) return units[lower];
  if (lower === 'l' || lower === 'ml') return lower === 'l' ? 'L' : 'mL';
  return metric.includes(lower) ? lower : text.trim();
}
