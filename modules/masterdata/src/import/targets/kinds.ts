import type { MasterKind } from '@deungdae/contracts/master.ts';
import type { ImportColumn, ImportValue, LocalName } from '../../import-target.ts';
import { choice, column, itemNames, many, must, refersItem, revisionColumns, spellings } from './columns.ts';

export type Values = Readonly<Record<string, ImportValue>>;

/** How rows of a list become records of a kind, one row each, or several rows that share a code. */
export interface KindTable {
  kind: MasterKind;
  title: LocalName;
  help: LocalName;
  columns: readonly ImportColumn[];
  code(values: Values): string;
  /** Data of the record before its schema is applied, from the rows of one code. */
  data(rows: readonly Values[]): Record<string, unknown>;
  /** Several rows make one record. */
  grouped?: boolean;
  /** The column that a part of the data comes from, where the names differ. */
  columnOf?: Record<string, string>;
}

const text = (value: ImportValue | undefined) => (value === undefined ? '' : String(value));
/** The values without those that say when and which, and without the code. */
function own(values: Values, ...without: string[]): Record<string, unknown> {
  const left = new Set(['code', 'revision', 'validFrom', 'active', ...without]);
  return Object.fromEntries(Object.entries(values).filter(([key]) => !left.has(key)));
}
const simple = (kind: MasterKind, ko: string, en: string, columns: readonly ImportColumn[]): KindTable => ({
  ...{ kind, title: { ko, en }, help: { ko: `한 행이 ${ko} 하나입니다.`, en: `Each row is one ${en}.` } },
  columns: [...columns, ...revisionColumns],
  code: (values) => text(values.code),
  data: ([values]) => own(values!),
});

const itemKinds = [
  choice('product', '완제품', 'product', '제품 finished fg 상품'),
  choice('semiFinished', '반제품', 'semi-finished', '재공품 semi sf'),
  choice('rawMaterial', '원자재', 'raw material', '원재료 원료 자재 raw rm'),
  choice('subMaterial', '부자재', 'sub-material', '부재료 sub'),
  choice('packaging', '포장재', 'packaging', '포장 포장자재'),
  choice('consumable', '소모품', 'consumable', '저장품'),
  choice('sparePart', '예비품', 'spare part', '부품 spare'),
];

const item = simple('item', '품목', 'item', [
  column('code', 'code', '품번', 'part number', `${itemNames} 품목코드 코드 code resincode`, must),
  column('name', 'text', '품명', 'item name', `${spellings.name} itemname resinname`, must),
  column('kind', 'choice', '품목구분', 'kind of item', '품목유형 자재구분 계정구분 구분 유형 itemkind', {
    ...must,
    choices: itemKinds,
  }),
  column('unit', 'text', '단위', 'unit', spellings.unit),
  column('spec', 'text', '규격', 'specification', '사양 스펙 spec colortype'),
  column('group', 'code', '품목군', 'item group', '분류 대분류 group category itemtype resintype'),
  column('tracking', 'choice', '추적단위', 'tracking', '로트관리 lot관리', {
    choices: [
      choice('lot', 'LOT', 'lot', '로트 y'),
      choice('serial', '시리얼', 'serial'),
      choice('none', '안 함', 'none', 'n 미관리'),
    ],
  }),
  column('gtin', 'code', '바코드(GTIN)', 'GTIN', 'gtin ean 바코드 표준바코드'),
  column('customerCode', 'code', '고객품번', "customer's part number", '고객사품번 customerpart'),
  column('shelfLifeDays', 'integer', '유효기간(일)', 'shelf life, days', '유통기한 보관기간'),
  column('standardCost', 'number', '표준단가', 'standard cost', '단가 원가 cost 재고단가'),
  column('salesPrice', 'number', '판매단가', 'sales price', '판가 price'),
  column('safetyStock', 'number', '안전재고', 'safety stock', '안전재고량'),
  column('packQuantity', 'number', '포장수량', 'pack quantity', '입수 포장단위 박스입수'),
  column('weightKg', 'number', '중량(kg)', 'weight, kg', '중량 단중 무게 weight'),
  column('issueRule', 'choice', '출고규칙', 'issue rule', '', {
    choices: [choice('fifo', '선입선출', 'FIFO'), choice('fefo', '유효기간순', 'FEFO'), choice('any', '무관', 'any')],
  }),
]);

const lineGroups = ['', '2', '3', '4'];
const bom: KindTable = {
  kind: 'bom',
  title: { ko: 'BOM', en: 'bills of materials' },
  help: {
    ko: '한 행이 자품목 하나이거나, 한 행에 자품목이 네 개까지 옆으로 이어진 표입니다. 같은 모품목의 행이 BOM 하나가 됩니다.',
    en: 'Each row is one component, or holds up to four side by side. Rows of the same parent are one bill of materials.',
  },
  columns: [
    column('item', 'code', '모품목', 'parent item', `모품번 상위품목 상위품번 제품 parent ${itemNames} 품목코드`, {
      ...must,
      ...refersItem,
    }),
    column('variant', 'code', '대안', 'variant', 'bom구분 variant alternative'),
    column('base', 'number', '기준수량', 'base quantity', '기준량 모품목수량 basequantity'),
    ...lineGroups.flatMap((n) => [
      column(
        `component${n}`,
        'code',
        `자품목${n}`,
        `component${n}`,
        [
          '자품번 하위품목 하위품번 자재 원재료코드 component child plasticresincode',
          'colormasterbatchcode',
          'additivemasterbatchcode',
          '',
        ][lineGroups.indexOf(n)],
        refersItem,
      ),
      column(
        `quantity${n}`,
        'number',
        `소요량${n}`,
        `quantity${n}`,
        [
          '정미수량 원단위 수량 qty quantity plasticresinquantity',
          'colormasterbatchquantity',
          'additivemasterbatchquantity',
          '',
        ][lineGroups.indexOf(n)],
      ),
    ]),
    column('scrapShare', 'number', '로스율', 'scrap share', '손실율 불량율 loss scrap'),
    column('operation', 'integer', '투입공정', 'operation number', '공정순번 공정번호 operation'),
    column('alternates', 'code', '대체품', 'alternates', '대체자재 대체품목 alternative', { ...many, ...refersItem }),
    column('issue', 'choice', '불출방법', 'issue', '', {
      choices: [
        choice('backflush', '자동차감', 'backflush'),
        choice('scan', '스캔투입', 'scan'),
        choice('supplied', '사급', 'supplied'),
      ],
    }),
    ...revisionColumns,
  ],
  code: (v) => [v.item, v.variant].filter(Boolean).map(String).join('/'),
  grouped: true,
  data: (rows) => ({
    item: rows[0]!.item,
    ...(rows[0]!.variant ? { variant: rows[0]!.variant } : {}),
    ...(rows[0]!.base ? { quantity: rows[0]!.base } : {}),
    lines: rows.flatMap((v) =>
      lineGroups
        .filter((n) => v[`component${n}`] !== undefined)
        .map((n) => ({
          component: v[`component${n}`],
          quantity: v[`quantity${n}`],
          ...(['scrapShare', 'operation', 'alternates', 'issue'] as const).reduce(
            (more, key) => (v[key] === undefined ? more : Object.assign(more, { [key]: v[key] })),
            {} as Record<string, unknown>,
          ),
        })),
    ),
  }),
};

const routing: KindTable = {
  kind: 'routing',
  title: { ko: '공정순서', en: 'routings' },
  help: {
    ko: '한 행이 공정 하나입니다. 같은 품목의 행이 모여 공정순서가 됩니다.',
    en: 'Each row is one operation; rows of one item are its routing.',
  },
  columns: [
    column('item', 'code', '품번', 'item', `${itemNames} 품목코드`, { ...must, ...refersItem }),
    column('variant', 'code', '대안', 'variant', 'variant'),
    column('number', 'integer', '공정순번', 'operation number', '순번 공정번호 공정순서 seq no operation', must),
    column('name', 'text', '공정명', 'operation name', '공정 process operationname', must),
    column('workCentre', 'code', '작업장', 'work centre', '작업장코드 공정코드 workcenter 설비그룹', {
      ...must,
      refers: 'workCentre',
    }),
    column('machines', 'text', '설비', 'machines', '설비코드 machine 호기', many),
    column(
      'cycleSeconds',
      'number',
      '사이클타임(초)',
      'cycle time, s',
      'ct c/t 사이클타임 표준시간 cycletime moldsettingcycle',
    ),
    column('setupMinutes', 'number', '준비시간(분)', 'set-up, min', '준비시간 셋업 setup'),
    column('crew', 'number', '투입인원', 'crew', '인원 crew'),
    column('mode', 'choice', '내외주', 'in-house or outsourced', '외주여부 생산구분', {
      choices: [
        choice('inHouse', '사내', 'in-house', '자가 내작 n'),
        choice('outsourced', '외주', 'outsourced', 'y'),
        choice('either', '겸용', 'either'),
      ],
    }),
    column('tools', 'code', '금형·치공구', 'tools', '금형 금형번호 치공구 mold tool', { ...many, refers: 'tool' }),
    column('skills', 'code', '필요자격', 'skills', '자격 skill', { ...many, refers: 'skill' }),
    ...revisionColumns,
  ],
  code: (v) => [v.item, v.variant].filter(Boolean).map(String).join('/'),
  grouped: true,
  data: (rows) => ({
    item: rows[0]!.item,
    ...(rows[0]!.variant ? { variant: rows[0]!.variant } : {}),
    operations: rows.map((v) => own(v, 'item', 'variant')).sort((a, b) => Number(a.number) - Number(b.number)),
  }),
};

const inspectionPlan: KindTable = {
  kind: 'inspectionPlan',
  title: { ko: '관리계획서', en: 'control plans' },
  help: {
    ko: '한 행이 검사 항목 하나입니다. 같은 품목·단계의 행이 관리계획서 하나가 됩니다.',
    en: 'Each row is one characteristic; rows of one item and stage are one control plan.',
  },
  columns: [
    column('code', 'code', '관리번호', 'plan code', '계획서번호 plan'),
    column('item', 'code', '품번', 'item', `${itemNames} 품목코드`, { ...must, ...refersItem }),
    column('operation', 'integer', '공정순번', 'operation number', '공정번호'),
    column('stage', 'choice', '검사단계', 'stage', '검사구분 검사종류 stage', {
      ...must,
      choices: [
        choice('incoming', '수입검사', 'incoming', '입고검사 iqc'),
        choice('first', '초물', 'first piece', '초품 초물검사'),
        choice('middle', '중물', 'middle piece', '중품 중물검사'),
        choice('last', '종물', 'last piece', '종품 종물검사'),
        choice('self', '자주검사', 'self'),
        choice('patrol', '순회검사', 'patrol'),
        choice('inProcess', '공정검사', 'in process', 'ipqc'),
        choice('final', '최종검사', 'final', '완제품검사 oqc'),
        choice('shipping', '출하검사', 'shipping'),
      ],
    }),
    column('everyMinutes', 'integer', '검사주기(분)', 'every, minutes', '검사주기 순회주기 주기 interval'),
    column('id', 'code', '항목번호', 'characteristic number', '특성번호 no 순번'),
    column('name', 'text', '검사항목', 'characteristic', '항목 특성 관리항목 characteristic', must),
    column('kind', 'choice', '계량·계수', 'variable or attribute', '데이터구분', {
      choices: [
        choice('variable', '계량', 'variable', '계량형'),
        choice('attribute', '계수', 'attribute', '계수형 외관'),
      ],
    }),
    column('unit', 'text', '단위', 'unit', spellings.unit),
    column('nominal', 'number', '기준값', 'nominal', '규격 기준치 nominal 중심값'),
    column('lower', 'number', '하한', 'lower limit', 'lsl 규격하한 하한값 min'),
    column('upper', 'number', '상한', 'upper limit', 'usl 규격상한 상한값 max'),
    column('critical', 'boolean', '중요특성', 'special characteristic', '특별특성 cc sc'),
    column('samples', 'integer', '시료수', 'samples', '시료크기 n 샘플수'),
    column('method', 'text', '측정방법', 'method', '검사방법 측정기기'),
    column('gauge', 'code', '계측기', 'gauge', '측정기 게이지', { refers: 'tool' }),
    ...revisionColumns,
  ],
  code: (v) =>
    text(v.code) ||
    [v.item, v.operation, v.stage]
      .filter((part) => part !== undefined)
      .join('-')
      .slice(0, 60),
  grouped: true,
  data: (rows) => {
    const [first] = rows;
    const plan = ['item', 'operation', 'stage', 'everyMinutes'];
    return {
      ...Object.fromEntries(plan.filter((key) => first![key] !== undefined).map((key) => [key, first![key]])),
      name: [first!.item, first!.stage].join(' '),
      characteristics: rows.map((v, i) => ({ id: String(i + 1), ...own(v, ...plan) })),
    };
  },
};

const tool = simple('tool', '금형·치공구', 'tool', [
  column('code', 'code', '금형번호', 'tool number', '금형코드 치공구번호 계측기번호 관리번호 moldno toolno 코드', must),
  column('name', 'text', '금형명', 'tool name', '치공구명 계측기명 명칭 moldname toolname 이름', must),
  column('kind', 'choice', '종류', 'kind of tool', '구분 유형 toolkind', {
    ...must,
    choices: [
      choice('mould', '금형(사출)', 'mould', '사출금형 금형 mold'),
      choice('die', '프레스금형', 'die', '프레스'),
      choice('fixture', '고정구', 'fixture'),
      choice('gauge', '계측기', 'gauge', '게이지'),
      choice('jig', '치구', 'jig', '지그'),
      choice('container', '용기', 'container', '박스 대차'),
    ],
  }),
  column('items', 'code', '생산품목', 'items', `${itemNames} 품목코드`, { ...many, ...refersItem }),
  column('cavities', 'integer', '캐비티수', 'cavities', '캐비티 캐비티수 cavity cav moldcavitystandard'),
  column('cycleSeconds', 'number', '사이클타임(초)', 'cycle time, s', '사이클타임 cycletime ct moldsettingcycle'),
  column('serviceShots', 'integer', '점검타수', 'shots between services', '점검주기타수 세척주기'),
  column('lifeShots', 'integer', '보증타수', 'life in shots', '수명타수 한계타수 보증쇼트'),
  column('machines', 'text', '사용설비', 'machines', '설비 호기', many),
  column('owner', 'code', '소유처', 'owner', '소유자 고객사', { refers: 'partner' }),
  column('location', 'code', '보관위치', 'location', '위치 보관장소', { refers: 'location' }),
  column('calibrationMonths', 'integer', '교정주기(월)', 'calibration, months', '교정주기 검교정주기'),
]);

const workCentre = simple('workCentre', '작업장', 'work centre', [
  column(
    'code',
    'code',
    '작업장코드',
    'work centre code',
    '작업장 설비코드 설비번호 호기 machineno workcenter 코드',
    must,
  ),
  column('name', 'text', '작업장명', 'work centre name', '설비명 machinename 명칭 이름', must),
  column('machines', 'text', '설비', 'machines', '설비경로 machinecode machines', many),
  column('hourlyCost', 'number', '임율(시간당)', 'cost per hour', '임율 시간당비용'),
]);

const partner = simple('partner', '거래처', 'business partner', [
  column('code', 'code', '거래처코드', 'partner code', '업체코드 코드 code', must),
  column('name', 'text', '거래처명', 'partner name', '업체명 상호 회사명 name', must),
  column('roles', 'choice', '거래구분', 'roles', '구분 거래처구분 거래유형', {
    ...must,
    ...many,
    choices: [
      choice('customer', '고객', 'customer', '고객사 매출처 판매처'),
      choice('supplier', '공급', 'supplier', '공급사 매입처 구매처 협력사'),
      choice('outsourcer', '외주', 'outsourcer', '외주처 임가공'),
    ],
  }),
  column('registration', 'text', '사업자등록번호', 'registration number', '사업자번호'),
  column('gln', 'code', 'GLN', 'GLN', ''),
  column('contact', 'text', '담당자', 'contact', '연락처 전화번호'),
  column('address', 'text', '주소', 'address', '소재지'),
]);

const location = simple('location', '창고·위치', 'location', [
  column('code', 'code', '위치코드', 'location code', '창고코드 코드 로케이션', must),
  column('name', 'text', '위치명', 'location name', '창고명 명칭 이름', must),
  column('kind', 'choice', '위치구분', 'kind of location', '창고구분 구분', {
    ...must,
    choices: [
      choice('raw', '원자재', 'raw', '자재창고 원자재창고'),
      choice('wip', '재공', 'work in process', '공정 재공창고'),
      choice('finished', '완제품', 'finished', '제품창고 완제품창고'),
      choice('quarantine', '대기', 'quarantine', '검사대기 보류'),
      choice('scrap', '불량', 'scrap', '불량창고 폐기'),
      choice('shipping', '출하', 'shipping', '출하장'),
      choice('outsourcer', '외주', 'outsourcer', '외주창고'),
      choice('line', '라인', 'line', '현장 라인사이드'),
      choice('tool', '금형', 'tool', '금형보관 치공구'),
    ],
  }),
  column('parent', 'code', '상위위치', 'parent location', '상위코드 상위창고', { refers: 'location' }),
  column('partner', 'code', '거래처', 'partner', '외주처', { refers: 'partner' }),
]);

const reason = simple('reason', '사유', 'reason', [
  column('code', 'code', '사유코드', 'reason code', '불량코드 비가동코드 코드', must),
  column('name', 'text', '사유명', 'reason name', '불량명 불량유형 비가동명 명칭 이름', must),
  column('tree', 'choice', '구분', 'kind of reason', '사유구분 유형', {
    ...must,
    choices: [
      choice('defect', '불량', 'defect', '불량유형'),
      choice('downtime', '비가동', 'downtime', '정지'),
      choice('adjustment', '재고조정', 'adjustment', '조정'),
      choice('hold', '보류', 'hold'),
      choice('correction', '실적정정', 'correction', '정정'),
      choice('rework', '재작업', 'rework'),
    ],
  }),
  column('parent', 'code', '상위사유', 'parent reason', '상위코드 대분류', { refers: 'reason' }),
  column('lossClass', 'text', '손실분류', 'loss class', '로스구분'),
]);

const skill = simple('skill', '자격', 'skill', [
  column('code', 'code', '자격코드', 'skill code', '코드', must),
  column('name', 'text', '자격명', 'skill name', '명칭 이름', must),
  column('validMonths', 'integer', '유효기간(월)', 'valid, months', '갱신주기'),
]);

const unit = simple('unit', '단위', 'unit', [
  column('code', 'code', '단위코드', 'unit code', '단위 코드', must),
  column('name', 'text', '단위명', 'unit name', '명칭 이름', must),
  column('ucum', 'text', 'UCUM', 'UCUM', '', must),
  column('base', 'text', '기준단위', 'base unit', ''),
  column('factor', 'number', '환산값', 'factor', '환산계수'),
]);

const holiday: KindTable = {
  ...simple('holiday', '휴일', 'holiday', []),
  columns: [
    column('day', 'day', '날짜', 'date', '일자 휴일일자 date day', must),
    column('name', 'text', '휴일명', 'holiday', '명칭 이름 name holiday 요일 dayofweek', must),
    column('note', 'text', '비고', 'note', '근무구분 note 특근'),
  ],
  code: (v) => text(v.day),
  // 특근 days are worked although they are Sundays or holidays.
  data: ([v]) => ({ day: v!.day, name: v!.name, working: /특근|근무|출근|overtime|work/i.test(text(v!.note)) }),
};

export const kindTables: readonly KindTable[] = [
  ...[item, bom, routing, workCentre, tool, partner, location, reason, inspectionPlan, skill, unit, holiday],
];
