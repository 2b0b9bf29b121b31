import type { MasterKind, masterKinds } from '@deungdae/contracts/master.ts';
import type { z } from 'zod';

/** What Hanbit knows before it makes something: casters of moulded wheels, pressed forks, turned and hardened axles. */
type Given<K extends MasterKind> = z.input<(typeof masterKinds)[K]>;
export interface DemoRecord<K extends MasterKind = MasterKind> {
  kind: K;
  code: string;
  revision?: string;
  data: Given<K>;
}
const record = <K extends MasterKind>(kind: K, code: string, data: Given<K>, revision?: string): DemoRecord<K> => ({
  ...{ kind, code, data },
  ...(revision === undefined ? {} : { revision }),
});

const site = 'hanbit/gimcheon';
export const machinesOf = {
  moulding: [1, 2, 3, 4, 5, 6].map((n) => `${site}/moulding/imm-0${n}`),
  press: [1, 2, 3].map((n) => `${site}/press/press-0${n}`),
  cnc: [`${site}/heat/cnc-01`],
  furnace: [`${site}/heat/furnace-01`],
  assembly: [1, 2].map((n) => `${site}/assembly/line-1/asm-0${n}`),
  packing: [`${site}/assembly/line-1/pack-01`],
} as const;

/** Each moulding machine and press has a tool of its own for each item: `M-W75-3` hangs on imm-03. */
const toolKinds = {
  moulding: { 'WHEEL-75-PA': 'M-W75', 'WHEEL-50-PP': 'M-W50', 'COVER-75-POM': 'M-C75' },
  press: { 'FORK-75': 'D-F75', 'PLATE-75': 'D-P75' },
} as const;
export function toolsOf(machine: string): Record<string, string> {
  const kind = machine.includes('/press/') ? 'press' : 'moulding';
  const n = machine.at(-1)!;
  return Object.fromEntries(Object.entries(toolKinds[kind]).map(([item, tool]) => [item, `${tool}-${n}`]));
}
const toolCodes = (item: string, machines: readonly string[]) => machines.map((machine) => toolsOf(machine)[item]!);

const item = (code: string, data: Given<'item'>) => record('item', code, data, 'A');
const made = (name: string, en: string, cost: number, extra: Partial<Given<'item'>> = {}) => ({
  ...{ name, names: { en }, kind: 'semiFinished' as const, standardCost: cost },
  ...extra,
});

const items: readonly DemoRecord[] = [
  item('CASTER-75-SWIVEL', {
    ...made('75 회전 캐스터', '75 swivel caster', 2_150),
    ...{ kind: 'product', salesPrice: 3_200, packQuantity: 50, gtin: '08801234500017', customerCode: 'DH-C75S' },
  }),
  item('CASTER-75-BRAKE', {
    ...made('75 브레이크 캐스터', '75 brake caster', 2_680),
    ...{ kind: 'product', salesPrice: 3_900, packQuantity: 50, gtin: '08801234500024', customerCode: 'DH-C75B' },
  }),
  item('CASTER-50-FIXED', {
    ...made('50 고정 캐스터', '50 fixed caster', 1_120),
    ...{ kind: 'product', salesPrice: 1_700, packQuantity: 100, gtin: '08801234500031', customerCode: 'HS-5001' },
  }),
  item('WHEEL-75-PA', made('75 휠 (PA66)', '75 wheel (PA66)', 420, { safetyStock: 4000 })),
  item('WHEEL-50-PP', made('50 휠 (PP)', '50 wheel (PP)', 130, { safetyStock: 6000 })),
  item('COVER-75-POM', made('75 커버 (POM)', '75 cover (POM)', 180, { safetyStock: 3000 })),
  item('FORK-75', made('75 포크', '75 fork', 610, { safetyStock: 3000 })),
  item('PLATE-75', made('75 플레이트', '75 plate', 240, { safetyStock: 3000 })),
  item('AXLE-75', made('75 액슬', '75 axle', 350, { safetyStock: 3000 })),
  item('AXLE-50', made('50 액슬', '50 axle', 290, { safetyStock: 2000 })),
  ...[
    ['PA66-GF15', 'PA66 (유리섬유 15 %)', 'PA66, 15 % glass fibre', 3_900, 730],
    ['PP-H', 'PP 호모', 'PP homopolymer', 1_650, 730],
    ['POM-C', 'POM 코폴리머', 'POM copolymer', 2_950, 730],
  ].map(([code, name, en, cost, days]) =>
    item(code as string, {
      ...{ name: name as string, names: { en: en as string }, kind: 'rawMaterial', unit: 'kg', issueRule: 'fefo' },
      ...{ standardCost: cost as number, shelfLifeDays: days as number, safetyStock: 500 },
    }),
  ),
  ...[
    ['SPCC-2.3', '냉연 코일 2.3t', 'Cold-rolled coil 2.3 mm', 1_180],
    ['S45C-10', 'S45C 환봉 Ø10', 'S45C bar Ø10', 1_420],
  ].map(([code, name, en, cost]) =>
    item(code as string, {
      ...{ name: name as string, names: { en: en as string }, kind: 'rawMaterial', unit: 'kg' },
      ...{ standardCost: cost as number, safetyStock: 800 },
    }),
  ),
  item('BEARING-608', {
    ...{ name: '볼베어링 608ZZ', names: { en: 'Ball bearing 608ZZ' }, kind: 'subMaterial' },
    ...{ standardCost: 310, safetyStock: 4000 },
  }),
  item('RIVET-6', {
    ...{ name: '리벳 Ø6', names: { en: 'Rivet Ø6' }, kind: 'subMaterial', standardCost: 22, safetyStock: 10_000 },
  }),
  item('BRAKE-75', {
    ...{ name: '브레이크 패드 75', names: { en: 'Brake pad 75' }, kind: 'subMaterial', standardCost: 480 },
    safetyStock: 1000,
  }),
  item('BOX-M', {
    ...{ name: '상자 M', names: { en: 'Box M' }, kind: 'packaging', tracking: 'none', standardCost: 650 },
  }),
  ...[
    ['HB-60', '히터밴드 Ø60', 'Heater band Ø60', 48_000, 4],
    ['GRIP-PAD', '취출로봇 흡착패드', 'Take-out robot pad', 9_500, 10],
    ['OILSEAL-40', '오일씰 Ø40', 'Oil seal Ø40', 12_000, 6],
  ].map(([code, name, en, cost, least]) =>
    item(code as string, {
      ...{ name: name as string, names: { en: en as string }, kind: 'sparePart', tracking: 'none' },
      ...{ standardCost: cost as number, safetyStock: least as number },
    }),
  ),
];

const bom = (code: string, lines: [component: string, quantity: number, scrap?: number, operation?: number][]) =>
  record(
    'bom',
    code,
    {
      ...{ item: code, quantity: 1 },
      lines: lines.map(([component, quantity, scrapShare = 0, operation]) => ({
        ...{ component, quantity, scrapShare },
        ...(operation === undefined ? {} : { operation }),
      })),
    },
    'A',
  );
const boms: readonly DemoRecord[] = [
  bom('WHEEL-75-PA', [['PA66-GF15', 0.0625, 0.02]]),
  bom('WHEEL-50-PP', [['PP-H', 0.021, 0.02]]),
  bom('COVER-75-POM', [['POM-C', 0.034, 0.02]]),
  bom('FORK-75', [['SPCC-2.3', 0.168, 0.06]]),
  bom('PLATE-75', [['SPCC-2.3', 0.112, 0.08]]),
  bom('AXLE-75', [['S45C-10', 0.071, 0.05]]),
  bom('AXLE-50', [['S45C-10', 0.052, 0.05]]),
  bom('CASTER-75-SWIVEL', [
    ...([
      ['WHEEL-75-PA', 1],
      ['FORK-75', 1],
      ['PLATE-75', 1],
      ['AXLE-75', 1],
      ['BEARING-608', 2],
      ['RIVET-6', 2],
    ] as [string, number][]),
    ['BOX-M', 0.02, 0, 20],
  ]),
  bom('CASTER-75-BRAKE', [
    ...([
      ['WHEEL-75-PA', 1],
      ['FORK-75', 1],
      ['PLATE-75', 1],
      ['AXLE-75', 1],
      ['BEARING-608', 2],
      ['COVER-75-POM', 1],
      ['BRAKE-75', 1],
    ] as [string, number][]),
    ['BOX-M', 0.02, 0, 20],
  ]),
  bom('CASTER-50-FIXED', [
    ...([
      ['WHEEL-50-PP', 1],
      ['PLATE-75', 1],
      ['AXLE-50', 1],
      ['RIVET-6', 2],
    ] as [string, number][]),
    ['BOX-M', 0.01, 0, 20],
  ]),
];

type Operation = Given<'routing'>['operations'][number];
const routing = (code: string, operations: Operation[]) => record('routing', code, { item: code, operations }, 'A');
const moulding = (of: string, cycleSeconds: number): Operation => ({
  ...{ number: 10, name: '사출', names: { en: 'Moulding', vi: 'Ép phun' }, workCentre: 'INJ' },
  tools: toolCodes(of, machinesOf.moulding),
  ...{ cycleSeconds, setupMinutes: 32, skills: ['INJ'], crew: 0.5 },
});
const pressing = (of: string): Operation => ({
  ...{ number: 10, name: '프레스', names: { en: 'Pressing', vi: 'Dập' }, workCentre: 'PRS' },
  tools: toolCodes(of, machinesOf.press),
  ...{ cycleSeconds: 1.5, setupMinutes: 25, skills: ['PRS'] },
});
const plating: Operation = {
  ...{ number: 20, name: '아연도금 (외주)', names: { en: 'Zinc plating (outside)' }, workCentre: 'OUT' },
  ...{ mode: 'outsourced', partners: ['DK-PLATING'] },
};
const axle: Operation[] = [
  {
    ...{ number: 10, name: '가공', names: { en: 'Turning', vi: 'Tiện' }, workCentre: 'CNC', cycleSeconds: 184 },
    ...{ setupMinutes: 28, skills: ['CNC'] },
  },
  {
    ...{ number: 20, name: '침탄 열처리', names: { en: 'Carburising', vi: 'Thấm carbon' }, workCentre: 'HT' },
    ...{ skills: ['HT'], crew: 0.3 },
  },
];
const assembling: Operation[] = [
  {
    ...{ number: 10, name: '조립', names: { en: 'Assembly', vi: 'Lắp ráp' }, workCentre: 'ASM', cycleSeconds: 11 },
    ...{ setupMinutes: 12, skills: ['ASM'] },
  },
  {
    ...{ number: 20, name: '포장', names: { en: 'Packing', vi: 'Đóng gói' }, workCentre: 'PCK', cycleSeconds: 11 },
    ...{ setupMinutes: 6, skills: [] },
  },
];
const routings: readonly DemoRecord[] = [
  routing('WHEEL-75-PA', [moulding('WHEEL-75-PA', 32)]),
  routing('WHEEL-50-PP', [moulding('WHEEL-50-PP', 24)]),
  routing('COVER-75-POM', [moulding('COVER-75-POM', 28)]),
  routing('FORK-75', [pressing('FORK-75'), plating]),
  routing('PLATE-75', [pressing('PLATE-75'), plating]),
  routing('AXLE-75', axle),
  routing('AXLE-50', axle),
  ...['CASTER-75-SWIVEL', 'CASTER-75-BRAKE', 'CASTER-50-FIXED'].map((code) => routing(code, assembling)),
];

const centre = (code: string, name: string, en: string, machines: readonly string[], hourlyCost: number) =>
  record('workCentre', code, {
    ...{ name, names: { en }, machines: [...machines], hourlyCost },
    // Moulds of one item hang on several machines at once in the simulation.
  });
const centres: readonly DemoRecord[] = [
  centre('INJ', '사출', 'Moulding', machinesOf.moulding, 38_000),
  centre('PRS', '프레스', 'Press', machinesOf.press, 42_000),
  centre('CNC', '가공', 'Machining', machinesOf.cnc, 45_000),
  centre('HT', '열처리', 'Heat treatment', machinesOf.furnace, 55_000),
  centre('ASM', '조립', 'Assembly', machinesOf.assembly, 31_000),
  centre('PCK', '포장', 'Packing', machinesOf.packing, 27_000),
  centre('OUT', '외주', 'Outside work', [], 0),
];

const toolRecords = (
  machines: readonly string[],
  of: string,
  name: string,
  data: Omit<Given<'tool'>, 'name' | 'items' | 'machines'>,
) =>
  machines.map((machine) =>
    record('tool', toolsOf(machine)[of]!, {
      ...{ ...data, name: `${name} ${machine.at(-1)}`, items: [of], machines: [machine] },
    }),
  );
const mould = { kind: 'mould', lifeShots: 800_000 } as const;
const die = { kind: 'die', serviceShots: 60_000, lifeShots: 3_000_000 } as const;
const tools: readonly DemoRecord[] = [
  ...toolRecords(machinesOf.moulding, 'WHEEL-75-PA', '75 휠 금형', {
    ...{ ...mould, cavities: 4, cycleSeconds: 32, serviceShots: 12_000 },
  }),
  ...toolRecords(machinesOf.moulding, 'WHEEL-50-PP', '50 휠 금형', {
    ...{ ...mould, cavities: 8, cycleSeconds: 24, serviceShots: 15_000 },
  }),
  ...toolRecords(machinesOf.moulding, 'COVER-75-POM', '75 커버 금형', {
    ...{ ...mould, cavities: 4, cycleSeconds: 28, serviceShots: 12_000 },
  }),
  ...toolRecords(machinesOf.press, 'FORK-75', '75 포크 프로그레시브', die),
  ...toolRecords(machinesOf.press, 'PLATE-75', '75 플레이트 프로그레시브', die),
  ...[
    ['G-CAL-01', '버니어캘리퍼스 150'],
    ['G-MIC-01', '마이크로미터 0-25'],
    ['G-HRC-01', '로크웰 경도계'],
  ].map(([code, name]) => record('tool', code!, { name: name!, kind: 'gauge', calibrationMonths: 12 })),
];

const partners: readonly DemoRecord[] = [
  record('partner', 'DAEHA', { name: '대하가구', roles: ['customer'], gln: '8801111000014' }),
  record('partner', 'HANSOL', { name: '한솔메디칼베드', roles: ['customer'], gln: '8802222000013' }),
  record('partner', 'GS-POLY', { name: '구미폴리머', roles: ['supplier'] }),
  record('partner', 'POHANG-ST', { name: '포항철강상사', roles: ['supplier'] }),
  record('partner', 'SB-PARTS', { name: '성보부품', roles: ['supplier'] }),
  record('partner', 'DK-PLATING', { name: '대경도금', roles: ['outsourcer'] }),
];

const locations: readonly DemoRecord[] = [
  record('location', 'RAW-01', { name: '원자재 창고', kind: 'raw' }),
  record('location', 'WIP-01', { name: '재공 창고', kind: 'wip' }),
  record('location', 'FG-01', { name: '완제품 창고', kind: 'finished' }),
  record('location', 'QA-01', { name: '격리 구역', kind: 'quarantine' }),
  record('location', 'SHIP-01', { name: '출하장', kind: 'shipping' }),
  record('location', 'SP-01', { name: '예비품 선반', kind: 'raw' }),
  record('location', 'OUT-DK', { name: '대경도금 보관', kind: 'outsourcer', partner: 'DK-PLATING' }),
];

const reason = (tree: Given<'reason'>['tree'], code: string, ko: string, en: string, vi: string, parent?: string) =>
  record('reason', code, { ...{ tree, name: ko, names: { en, vi } }, ...(parent === undefined ? {} : { parent }) });
const reasons: readonly DemoRecord[] = [
  reason('defect', 'SHORT', '미성형', 'Short shot', 'Thiếu nhựa'),
  reason('defect', 'BURR', '버', 'Flash', 'Ba via'),
  reason('defect', 'SINK', '수축', 'Sink mark', 'Lõm'),
  reason('defect', 'SILVER', '은조', 'Silver streak', 'Vệt bạc'),
  reason('defect', 'WELD', '웰드', 'Weld line', 'Đường hàn'),
  reason('defect', 'GAS', '가스', 'Gas mark', 'Vết khí'),
  reason('defect', 'SCRATCH', '긁힘', 'Scratch', 'Trầy xước'),
  reason('defect', 'DENT', '찍힘', 'Dent', 'Móp'),
  reason('defect', 'CRACK', '크랙', 'Crack', 'Nứt'),
  reason('defect', 'DIM', '치수 불량', 'Out of size', 'Sai kích thước'),
  reason('defect', 'HARD', '경도 불량', 'Wrong hardness', 'Sai độ cứng'),
  reason('defect', 'RIVET', '리벳 불량', 'Bad rivet', 'Lỗi đinh tán'),
  reason('defect', 'OTHER', '기타', 'Other', 'Khác'),
  reason('correction', 'SENSOR', '센서 오감지', 'Sensor miscount', 'Cảm biến đếm sai'),
  reason('correction', 'SAMPLE', '시료로 뺌', 'Taken as sample', 'Lấy mẫu'),
  reason('correction', 'MISTYPED', '입력 실수', 'Typing error', 'Nhập sai'),
  reason('adjustment', 'COUNTED', '실사 차이', 'Count difference', 'Chênh lệch kiểm kê'),
  reason('adjustment', 'DAMAGED', '파손', 'Damaged', 'Hư hỏng'),
  reason('hold', 'SUSPECT', '품질 의심', 'Suspect quality', 'Nghi ngờ chất lượng'),
  reason('hold', 'CLAIM', '고객 불만', 'Customer claim', 'Khiếu nại'),
  reason('rework', 'DEBURR', '버 제거', 'Deburr', 'Gọt ba via'),
];

const skills: readonly DemoRecord[] = [
  ['INJ', '사출 운전', 'Moulding', 24],
  ['PRS', '프레스 운전', 'Press work', 12],
  ['CNC', '가공기 운전', 'Machining', 24],
  ['HT', '열처리 운전', 'Heat treatment', 12],
  ['ASM', '조립', 'Assembly', 24],
  ['QA', '검사', 'Inspection', 24],
].map(([code, name, en, months]) =>
  record('skill', code as string, { name: name as string, names: { en: en as string }, validMonths: months as number }),
);

const size = (id: string, name: string, en: string, nominal: number, tolerance: number, gauge: string) => ({
  ...{ id, name, names: { en }, kind: 'variable' as const, unit: 'mm', nominal, gauge },
  ...{ lower: nominal - tolerance, upper: nominal + tolerance, samples: 5, subgroup: 5, chart: 'xbarR' as const },
});
const looks = (id: string, name: string, en: string) => ({
  ...{ id, name, names: { en }, kind: 'attribute' as const, samples: 5 },
});
type Stage = Given<'inspectionPlan'>['stage'];
const stageNames: Partial<Record<Stage, string>> = { first: '초물', middle: '중물', last: '종물' };
const plan = (
  of: string,
  operation: number,
  stage: Stage,
  characteristics: Given<'inspectionPlan'>['characteristics'],
) =>
  record(
    'inspectionPlan',
    `${of}-${operation}-${stage}`,
    { ...{ name: `${of} ${stageNames[stage] ?? stage} 검사`, item: of, operation, stage, characteristics } },
    'A',
  );
const wheel = (diameter: number) => [
  size('OD', '외경', 'Outer diameter', diameter, 0.15, 'G-CAL-01'),
  size('BORE', '베어링 자리', 'Bearing seat', 22, 0.04, 'G-MIC-01'),
  looks('LOOK', '외관', 'Appearance'),
];
const forked = [size('HOLE', '홀 위치', 'Hole position', 31.5, 0.1, 'G-CAL-01'), looks('BURR', '버', 'Burr')];
const turned = [size('DIA', '축경', 'Shaft diameter', 8, 0.012, 'G-MIC-01')];
const plans: readonly DemoRecord[] = [
  ...(['first', 'middle', 'last'] as const).flatMap((stage) => [
    plan('WHEEL-75-PA', 10, stage, wheel(75)),
    plan('WHEEL-50-PP', 10, stage, wheel(50)),
    plan('COVER-75-POM', 10, stage, [looks('LOOK', '외관', 'Appearance')]),
    plan('FORK-75', 10, stage, forked),
    plan('PLATE-75', 10, stage, forked),
    plan('AXLE-75', 10, stage, turned),
  ]),
  ...['CASTER-75-SWIVEL', 'CASTER-75-BRAKE', 'CASTER-50-FIXED'].map((of) =>
    record(
      'inspectionPlan',
      `${of}-final`,
      {
        ...{ name: `${of} 최종검사`, item: of, stage: 'final', sampling: { type: 'aql', level: 'II', aql: 1.0 } },
        characteristics: [looks('LOOK', '외관', 'Appearance'), looks('TURN', '회전', 'Turns freely')],
      },
      'A',
    ),
  ),
];

const holidays: readonly DemoRecord[] = [
  record('holiday', '2026-12-25', { day: '2026-12-25', name: '성탄절' }),
  record('holiday', '2027-01-01', { day: '2027-01-01', name: '신정' }),
];

/** In the order of their dependence. */
export const demoMaster: readonly DemoRecord[] = [
  ...skills,
  ...partners,
  ...locations,
  ...reasons,
  ...items,
  ...centres,
  ...tools,
  ...boms,
  ...plans,
  ...routings,
  ...holidays,
];
