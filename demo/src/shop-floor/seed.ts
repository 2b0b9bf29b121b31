import type { Call } from './call.ts';
import { demoMaster, machinesOf, toolsOf } from './master.ts';

/** People of the floor: badge, name, language, team, skills with their level. */
export const demoPeople: readonly [badge: string, name: string, language: string, team: string, skills: string[]][] = [
  ['HB-101', '김철수', 'ko', '사출 주간', ['INJ']],
  ['HB-102', 'Nguyễn Văn An', 'vi', '사출 주간', ['INJ']],
  ['HB-103', '이영희', 'ko', '사출 야간', ['INJ']],
  ['HB-104', 'Trần Thị Hoa', 'vi', '사출 야간', ['INJ']],
  ['HB-201', '박기장', 'ko', '프레스', ['PRS']],
  ['HB-202', 'Bishnu Thapa', 'en', '프레스', ['PRS']],
  ['HB-301', '최정밀', 'ko', '열처리·가공', ['CNC', 'HT']],
  ['HB-401', '한조립', 'ko', '조립·포장', ['ASM']],
  ['HB-402', '윤포장', 'ko', '조립·포장', ['ASM']],
  ['HB-501', '정품질', 'ko', '품질', ['QA', 'INJ']],
];

/** Stock that is there before the first day: what, how much, where, from whom. */
const opening: readonly [item: string, quantity: number, location: string, supplier: string | null][] = [
  ['PA66-GF15', 9_000, 'RAW-01', 'GS-POLY'],
  ['PP-H', 6_000, 'RAW-01', 'GS-POLY'],
  ['POM-C', 5_000, 'RAW-01', 'GS-POLY'],
  ['SPCC-2.3', 60_000, 'RAW-01', 'POHANG-ST'],
  ['S45C-10', 6_000, 'RAW-01', 'POHANG-ST'],
  ['BEARING-608', 60_000, 'RAW-01', 'SB-PARTS'],
  ['RIVET-6', 90_000, 'RAW-01', 'SB-PARTS'],
  ['BRAKE-75', 12_000, 'RAW-01', 'SB-PARTS'],
  ['BOX-M', 4_000, 'RAW-01', 'SB-PARTS'],
  ['WHEEL-75-PA', 24_000, 'WIP-01', null],
  ['WHEEL-50-PP', 18_000, 'WIP-01', null],
  ['COVER-75-POM', 9_000, 'WIP-01', null],
  ['FORK-75', 24_000, 'WIP-01', null],
  ['PLATE-75', 36_000, 'WIP-01', null],
  ['AXLE-75', 24_000, 'WIP-01', null],
  ['AXLE-50', 18_000, 'WIP-01', null],
  ['HB-60', 6, 'SP-01', null],
  ['GRIP-PAD', 8, 'SP-01', null],
  ['OILSEAL-40', 9, 'SP-01', null],
];

const customersOrders: readonly [number: string, customer: string, item: string, quantity: number, days: number][] = [
  ['SO-2611-018', 'DAEHA', 'CASTER-75-SWIVEL', 6_000, 2],
  ['SO-2611-021', 'DAEHA', 'CASTER-75-BRAKE', 3_000, 4],
  ['SO-2611-022', 'HANSOL', 'CASTER-50-FIXED', 8_000, 5],
  ['SO-2611-025', 'DAEHA', 'CASTER-75-SWIVEL', 9_000, 9],
];

const dayUs = 86_400_000_000;

/** Fills an empty plant with Hanbit's master data, people, stock and customers' orders, as of `at` (µs UTC). */
export async function seedShopFloor(call: Call, at: number): Promise<void> {
  const kinds = await call('masterKinds', {});
  if (kinds.some(({ count }) => count > 0)) return;
  for (const { kind, code, revision = '', data } of demoMaster)
    await call('saveMasterRecord', { params: { kind, code }, body: { revision, data: data as never, version: null } });
  for (const [badge, name, language, team, skills] of demoPeople) {
    const person = await call('createPerson', { body: { badge, name, language, team } });
    for (const skill of skills)
      await call('grantSkill', { params: { id: person.id }, body: { skill, level: badge.endsWith('1') ? 4 : 3 } });
  }
  for (const [item, quantity, location, supplier] of opening)
    await call('receiveStock', {
      body: {
        ...{ item, quantity, location, time: at, reference: 'opening' },
        ...(supplier === null ? {} : { supplier, supplierLot: `${supplier}-${item}-1` }),
      },
    });
  for (const [number, customer, item, quantity, days] of customersOrders)
    await call('createSalesOrder', {
      body: { number, customer, item, quantity, receivedAt: at, due: at + days * dayUs },
    });
  await seedMaintenance(call);
  await seedKnowHow(call);
}

async function seedMaintenance(call: Call): Promise<void> {
  const machines = machinesOf.moulding.map((id) => ({ kind: 'machine' as const, id }));
  await call('putCheckSheet', {
    params: { code: 'DAILY-INJ' },
    body: {
      ...{ name: '사출기 일상점검', subjects: machines, every: { unit: 'day', count: 1 } },
      items: [
        { id: 'guard', text: '안전문 인터록 동작', names: { en: 'Safety gate interlock', vi: 'Khóa cửa an toàn' } },
        { id: 'oil', text: '작동유 유량', names: { en: 'Oil level', vi: 'Mức dầu' } },
        {
          ...{ id: 'temp', text: '작동유 온도', names: { en: 'Oil temperature', vi: 'Nhiệt độ dầu' } },
          ...{ kind: 'value', unit: 'Cel', lower: 25, upper: 55 },
        },
        { id: 'leak', text: '누유·누수', names: { en: 'No leaks', vi: 'Không rò rỉ' } },
        { id: 'clean', text: '주변 청소', names: { en: 'Surroundings clean', vi: 'Vệ sinh xung quanh' } },
      ],
    },
  });
  for (const { id } of machines)
    for (const tool of Object.values(toolsOf(id)))
      await call('putMaintenancePlan', {
        params: { code: `PM-${tool}` },
        body: {
          ...{ name: '금형 세척', subject: { kind: 'tool', id: tool }, triggers: [{ type: 'shots', shots: 12_000 }] },
          ...{ text: '파팅면·벤트 세척, 이젝터 핀 확인', minutes: 40 },
        },
      });
  for (const { id } of machines)
    await call('putMaintenancePlan', {
      params: { code: `PM-${id.split('/').at(-1)!.toUpperCase()}` },
      body: {
        ...{ name: '작동유 필터 교체', subject: { kind: 'machine', id } },
        triggers: [
          { type: 'hours', hours: 1500 },
          { type: 'calendar', days: 180 },
        ],
        minutes: 60,
      },
    });
}

const cards: readonly [symptom: string, cause: string, action: string, defect: string][] = [
  ['75 휠 파팅라인에 버', '형체력이 부족하거나 보압이 높음', '형체력을 5톤 올리고 보압을 5 bar 낮춘다', 'BURR'],
  ['휠 살 끝이 덜 찬다', '3존 온도가 낮거나 체크링 마모', '3존을 10 °C 올린다. 쿠션이 0이면 체크링을 본다', 'SHORT'],
  ['표면에 은조', '원료 건조가 부족함', '80 °C에서 4시간 다시 건조하고 배압을 올린다', 'SILVER'],
  ['포크 전단면 버 0.1 초과', '펀치 날 마모', '펀치를 재연마하고 클리어런스를 확인한다', 'BURR'],
];

async function seedKnowHow(call: Call): Promise<void> {
  for (const [i, [symptom, cause, action, defect]] of cards.entries()) {
    const machines = i < 3 ? machinesOf.moulding : machinesOf.press;
    const card = await call('addKnowHow', {
      body: { symptom, cause, action, links: { defects: [defect], machines: [...machines] }, badge: 'HB-201' },
    });
    await call('judgeKnowHow', { params: { id: card.id }, body: { status: 'approved' } });
  }
}
