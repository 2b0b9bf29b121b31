import type { ApiCaller } from './api-caller.ts';

/** Hanbit's posts in a compressed shift, and what the office prepares for them. */

const site = 'hanbit/gimcheon';
export interface Post {
  machine: string;
  /** Step of the order that is done here. */
  operation: number;
  /** Who stands here, and in which language. */
  badge: string;
  language: 'ko' | 'en' | 'vi' | 'uz';
}

const post = (machine: string, operation: number, badge: string, language: Post['language']): Post => ({
  ...{ machine: `${site}/${machine}`, operation, badge, language },
});

/** Posts by the tablet that serves them. */
export const posts = {
  moulding: [1, 2, 3].map((n) => post(`moulding/imm-0${n}`, 10, 'HB-101', 'ko')),
  moulding2: [4, 5, 6].map((n) => post(`moulding/imm-0${n}`, 10, 'HB-102', 'vi')),
  press: [
    post('press/press-01', 10, 'HB-201', 'ko'),
    post('press/press-02', 10, 'HB-202', 'en'),
    post('press/press-03', 10, 'HB-202', 'en'),
  ],
  heat: [post('heat/cnc-01', 10, 'HB-302', 'uz'), post('heat/furnace-01', 20, 'HB-302', 'uz')],
  assembly: [1, 2].map((n) => post(`assembly/line-1/asm-0${n}`, 10, 'HB-401', 'ko')),
  packing: [post('assembly/line-1/pack-01', 20, 'HB-402', 'ko')],
} satisfies Record<string, Post[]>;
export type Area = keyof typeof posts;

/**
 * Machines `speed` times as fast make their pieces in so much less time: OEE compares with that; and a press that stands
 * for ten seconds has stood for longer than a minor stop.
 */
export function hurriedPlant(text: string, speed: number): string {
  return text
    .replace(/^( +)(cycleTimes: \[\{ product: "\*", seconds: 1\.5 \}\])$/m, '$1$2\n$1minorStopBelow: 10s')
    .replace(/seconds: (\d+(?:\.\d+)?)/g, (_, s: string) => `seconds: ${Number((Number(s) / speed).toFixed(4))}`);
}

const clock = (ms: number) =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Seoul',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(ms);

/** The plant's calendar with a day shift of [from, to) of today, ms; the night is the rest. */
export function withShift(text: string, from: number, to: number): string {
  const days = 'days: [mon, tue, wed, thu, fri, sat, sun]';
  const shifts = `    shifts:
      - { id: day, name: { ko: 주간, en: Day }, start: "${clock(from)}", end: "${clock(to)}", ${days} }
      - { id: night, name: { ko: 야간, en: Night }, start: "${clock(to)}", end: "${clock(from)}", ${days} }
`;
  const calendars = `calendars:
  - id: two-shift
    name: { ko: 2교대, en: Two shifts }
${shifts}  - id: continuous
    name: { ko: 연속 운전, en: Continuous }
${shifts}
`;
  return text.replace(/^calendars:\n[\s\S]*?(?=^downtimeReasons:)/m, calendars);
}

/** Puts documents on a record of the master data. */
async function putDocuments(call: ApiCaller, code: string, documents: readonly string[]): Promise<void> {
  const { revisions } = await call('masterRecord', { params: { kind: 'item', code } });
  const { revision, data, version } = revisions.at(-1)!;
  await call('saveMasterRecord', {
    params: { kind: 'item', code },
    body: { revision, version, data: { ...data, documents: [...documents] } },
  });
}

/**
 * Drawings on the fork in two revisions: the order of press 1 is planned with A, then the engineering change comes, and
 * the order of press 3 is planned with B. `upload` keeps a picture with these words on it and gives its id.
 */
export async function planOrders(
  call: ApiCaller,
  upload: (name: string) => Promise<string>,
): Promise<Map<string, string>> {
  const orders = new Map<string, string>();
  const plan = async (machine: string, item: string, quantity: number, salesOrder: string | null = null) => {
    const made = await call('createWorkOrder', {
      body: { item, quantity, due: null, priority: 5, salesOrder, release: true, note: '' },
    });
    orders.set(`${site}/${machine}`, made.number);
    return made;
  };
  await putDocuments(call, 'FORK-75', [await upload('FORK-75-A.png')]);
  const routing = (await call('masterRecord', { params: { kind: 'routing', code: 'FORK-75' } })).revisions.at(-1)!;
  const [pressing, ...rest] = routing.data.operations as Record<string, unknown>[];
  const sheet = await upload('FORK-75-10.png');
  await call('saveMasterRecord', {
    params: { kind: 'routing', code: 'FORK-75' },
    body: {
      ...{ revision: routing.revision, version: routing.version },
      data: { ...routing.data, operations: [{ ...pressing, documents: [sheet] }, ...rest] },
    },
  });
  await plan('press/press-01', 'FORK-75', 300_000);
  const fork = (await call('masterRecord', { params: { kind: 'item', code: 'FORK-75' } })).revisions.at(-1)!;
  await call('reviseMasterRecord', {
    params: { kind: 'item', code: 'FORK-75' },
    body: {
      revision: 'B',
      validFrom: Date.now() * 1000,
      data: { ...fork.data, documents: [await upload('FORK-75-B.png')] },
    },
  });
  await plan('press/press-02', 'PLATE-75', 300_000);
  await plan('press/press-03', 'FORK-75', 300_000);
  const axle = await plan('heat/cnc-01', 'AXLE-75', 400);
  orders.set(`${site}/heat/furnace-01`, axle.number);
  // What the moulding machines and the assembly cells have on is what they are given orders for.
  const wheels = ['COVER-75-POM', 'WHEEL-75-PA', 'WHEEL-75-PA', 'WHEEL-75-PA', 'COVER-75-POM', 'WHEEL-50-PP'];
  for (const [i, item] of wheels.entries()) await plan(`moulding/imm-0${i + 1}`, item, 20_000);
  const sales = (await call('salesOrders', { query: { limit: 50 } })).find((o) => o.item === 'CASTER-75-SWIVEL');
  const casters = await plan('assembly/line-1/asm-01', 'CASTER-75-SWIVEL', 6_000, sales?.id ?? null);
  orders.set(`${site}/assembly/line-1/pack-01`, casters.number);
  await plan('assembly/line-1/asm-02', 'CASTER-75-SWIVEL', 6_000);
  return orders;
}
