import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, Handlers, RouteCall, RouteId, RouteOutput } from '@deungdae/contracts/api.ts';
import { routes } from '@deungdae/contracts/api.ts';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { KioskEntry } from '@deungdae/contracts/kiosk.ts';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { Calendar } from '@deungdae/contracts/plant.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { LedgerTx, ModuleMigrations } from '@deungdae/ledger/ledger.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { masterMigrations, openMasterData } from '@deungdae/masterdata/module.ts';
import { openPeople, peopleMigrations } from '@deungdae/people/module.ts';
import { openQuality, type QualityOptions, qualityMigrations } from '@deungdae/quality/module.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { operationsError } from '../src/errors.ts';
import { type EquipmentDoor, type OperationsSettings, openOperations, operationsMigrations } from '../src/module.ts';

export const minute = 60_000_000;
export const hour = 60 * minute;
/** Monday 2026-11-23, 09:00 in Seoul. */
export const morning = Date.UTC(2026, 10, 23, 0, 0) * 1000;
export const imm1 = 'hanbit/gimcheon/molding/imm-01';
export const imm2 = 'hanbit/gimcheon/molding/imm-02';
export const trim = 'hanbit/gimcheon/finishing/trim-01';

const calendar = Calendar.parse({
  id: 'two',
  shifts: [
    {
      id: 'day',
      name: { ko: '주간', en: 'Day' },
      start: '08:00',
      end: '20:00',
      breaks: [{ start: '12:00', end: '13:00' }],
    },
    { id: 'night', name: { ko: '야간', en: 'Night' }, start: '20:00', end: '08:00' },
  ],
});

function machine(path: string, name: string): EquipmentModel {
  return {
    ...{ path, name, area: path.split('/').slice(0, 3).join('/'), line: null, site: 'hanbit/gimcheon' },
    ...{ timeZone: 'Asia/Seoul', oeeTarget: null, calendar, signals: [], counters: [], cycleTimes: new Map() },
    ...{ state: { rules: [], otherwise: 'idle', decisive: [] }, productSignal: null, minorStopBelowMs: 300_000 },
  };
}

export const smallPlant = {
  revision: 'test',
  plant: {
    enterprise: { id: 'hanbit', name: '한빛정밀' },
    sites: [{ id: 'gimcheon', timeZone: 'Asia/Seoul', areas: [] }],
    downtimeReasons: [
      {
        ...{ id: 'breakdown', name: { ko: '고장', en: 'Breakdown' }, loss: 'breakdown' },
        reasons: [{ id: 'mould', name: { ko: '금형 이상', en: 'Mould trouble' } }],
      },
    ],
  },
  nodes: [],
  equipment: new Map(
    [machine(imm1, '사출 1호기'), machine(imm2, '사출 2호기'), machine(trim, '사상 1')].map((m) => [m.path, m]),
  ),
  signals: new Map(),
  signalByPath: new Map(),
  connections: new Map(),
} as unknown as PlantModel;

/** The machines' side: what they counted and when they stood is set by the test. */
export class FakeEquipment implements EquipmentDoor {
  /** Good pieces by machine: times of each, µs. */
  readonly pieceTimes = new Map<string, number[]>();
  readonly stopped: Downtime[] = [];
  readonly given: { stop: string; reason: string; by: string }[] = [];

  count(path: string, times: readonly number[]): void {
    this.pieceTimes.set(path, [...(this.pieceTimes.get(path) ?? []), ...times]);
  }
  async pieces(path: string, from: number, to: number) {
    const times = this.pieceTimes.get(path)?.filter((t) => t >= from && t < to);
    if (!times) return null;
    return { produced: times.length, good: times.length, scrap: 0, rework: 0, firstGoodAt: times[0] ?? null };
  }
  async stops(path: string, from: number, to: number): Promise<Downtime[]> {
    return this.stopped.filter((s) => s.equipment === path && s.from < to && (s.to === null || s.to > from));
  }
  async giveReason(stop: string, reason: string, _note: string, by: Caller, at?: string): Promise<Downtime> {
    const found = this.stopped.find((s) => s.id === stop && (at === undefined || s.equipment === at));
    if (!found) throw operationsError('operations.noOpenStop', {}, { status: 404 });
    Object.assign(found, { reason, by: by.name });
    this.given.push({ stop, reason, by: by.name });
    return found;
  }
  card(path: string) {
    const model = smallPlant.equipment.get(path);
    if (!model) return null;
    return {
      ...{ equipment: path, name: model.name, area: model.area, hasState: true, state: 'running', since: morning },
      ...{ cause: '', product: null, shift: null, produced: 120, good: 118, scrap: 2, target: 130, oee: null },
      ...{ availability: null, effectiveness: null, qualityRatio: null, flags: [] },
      alarms: { critical: 0, high: 0, medium: 0, low: 0, unacknowledged: 0 },
    } as never;
  }
  async times(_path: string, from: number, to: number) {
    const ms = (to - from) / 1000;
    return {
      ...{ calendarMs: ms, plannedDownMs: 3_600_000, adotMs: 0 },
      ...{ adetMs: 1_800_000, asutMs: 600_000, aptMs: ms - 6_000_000, noDataMs: 0 },
    } as never;
  }
}

/** A small moulding plant: a cap of resin, moulded and trimmed; a plated part that an outsourcer plates. */
export const records: readonly { kind: MasterKind; code: string; revision?: string; data: unknown }[] = [
  { kind: 'item', code: 'RESIN', data: { name: '수지 PP', kind: 'rawMaterial', unit: 'kg' } },
  { kind: 'item', code: 'INSERT', data: { name: '인서트', kind: 'subMaterial' } },
  {
    kind: 'item',
    code: 'CAP',
    revision: 'A',
    data: { name: '캡', names: { en: 'Cap', vi: 'Nắp' }, kind: 'product', documents: ['drw-1'] },
  },
  { kind: 'item', code: 'COVER', data: { name: '도금 커버', kind: 'product' } },
  { kind: 'item', code: 'KIT', data: { name: '키트', kind: 'product' } },
  { kind: 'location', code: 'RAW', data: { name: '원자재 창고', kind: 'raw' } },
  { kind: 'location', code: 'FG', data: { name: '완제품 창고', kind: 'finished' } },
  { kind: 'location', code: 'OUT-PLATE', data: { name: '도금 외주', kind: 'outsourcer', partner: 'PLATE' } },
  { kind: 'location', code: 'QUA', data: { name: '격리', kind: 'quarantine' } },
  { kind: 'partner', code: 'PLATE', data: { name: '대한도금', roles: ['outsourcer'] } },
  { kind: 'partner', code: 'GOLD', data: { name: '금성도금', roles: ['outsourcer'] } },
  { kind: 'partner', code: 'HMC', data: { name: '현대', roles: ['customer'] } },
  { kind: 'skill', code: 'IMM', data: { name: '사출 조작' } },
  { kind: 'workCentre', code: 'MOLD', data: { name: '사출', machines: [imm1, imm2] } },
  { kind: 'workCentre', code: 'TRIM', data: { name: '사상', machines: [trim], parallelOrders: true } },
  { kind: 'workCentre', code: 'OUTSIDE', data: { name: '외주' } },
  { kind: 'tool', code: 'M-1', data: { name: '캡 금형', kind: 'mould', items: ['CAP'], cavities: 4 } },
  { kind: 'tool', code: 'M-2', data: { name: '캡 금형 2', kind: 'mould', items: ['CAP'], cavities: 2 } },
  { kind: 'reason', code: 'burr', data: { name: '버', tree: 'defect' } },
  { kind: 'reason', code: 'short', data: { name: '미성형', tree: 'defect' } },
  { kind: 'reason', code: 'miscount', data: { name: '계수 착오', tree: 'correction' } },
  {
    ...{ kind: 'bom', code: 'CAP' },
    data: {
      ...{ item: 'CAP', quantity: 1000 },
      lines: [
        { component: 'RESIN', quantity: 10, operation: 10 },
        { component: 'INSERT', quantity: 1000, operation: 20, issue: 'scan' },
      ],
    },
  },
  {
    ...{ kind: 'routing', code: 'CAP' },
    data: {
      item: 'CAP',
      operations: [
        {
          ...{
            number: 10,
            name: '사출',
            names: { en: 'Moulding' },
            workCentre: 'MOLD',
            cycleSeconds: 20,
            setupMinutes: 30,
            tools: ['M-1', 'M-2'],
          },
          ...{ skills: ['IMM'], documents: ['ins-1'] },
        },
        { number: 20, name: '사상', workCentre: 'TRIM' },
        { number: 30, name: '세척', workCentre: 'TRIM', optional: true },
      ],
    },
  },
  {
    ...{ kind: 'bom', code: 'COVER' },
    data: { item: 'COVER', lines: [{ component: 'INSERT', quantity: 2, operation: 20, issue: 'supplied' }] },
  },
  {
    ...{ kind: 'routing', code: 'COVER' },
    data: {
      item: 'COVER',
      operations: [
        { number: 10, name: '사출', workCentre: 'MOLD' },
        { number: 20, name: '도금', workCentre: 'OUTSIDE', mode: 'outsourced', partners: ['PLATE', 'GOLD'] },
      ],
    },
  },
  {
    ...{ kind: 'routing', code: 'KIT' },
    data: {
      ...{ item: 'KIT', order: 'free' },
      operations: [
        { number: 10, name: '인쇄', workCentre: 'TRIM' },
        { number: 20, name: '포장', workCentre: 'TRIM' },
      ],
    },
  },
];

export const leader: Caller = { userId: 'u-lee', name: 'lee', role: 'supervisor', language: 'ko', via: 'session' };
export const tablet: Caller = { userId: 'token/t-1', name: 'tablet-1', role: 'operator', language: 'ko', via: 'token' };

type Call = { [Id in RouteId]: (input: Partial<RouteCall<Id>>, caller?: Caller) => Promise<RouteOutput<Id>> };

/** Calls handlers as the server does: input through the contract's schemas, defaults filled in. */
export function client(handlers: Handlers, who: Caller): Call {
  return new Proxy({} as Call, {
    get:
      (_t, id: RouteId) =>
      async (input: Record<string, unknown>, caller: Caller = who) => {
        const route = routes[id] as unknown as Record<string, { parse(v: unknown): unknown } | undefined>;
        const parsed = (key: string) => route[key]?.parse(input[key] ?? {});
        const handler = handlers[id] as unknown as (i: unknown, c: Caller) => Promise<unknown>;
        return handler({ params: parsed('params'), query: parsed('query'), body: parsed('body') }, caller);
      },
  });
}

interface FloorOptions {
  settings?: Partial<OperationsSettings>;
  plans?: unknown[];
  /** Another plant than the small one. */
  plant?: PlantModel;
  timeZone?: string;
  /** Tables of a module above. */
  modules?: readonly ModuleMigrations[];
}

export async function openFloor(options: FloorOptions = {}) {
  const plant = options.plant ?? smallPlant;
  const dataDir = await mkdtemp(join(tmpdir(), 'operations-'));
  const clock = new FakeClock(morning);
  const test = await openTestLedger({
    clock,
    modules: [
      onceMigrations,
      { module: 'masterdata', migrations: masterMigrations },
      { module: 'people', migrations: peopleMigrations },
      { module: 'inventory', migrations: inventoryMigrations },
      { module: 'quality', migrations: qualityMigrations },
      operationsMigrations,
      ...(options.modules ?? []),
    ],
  });
  const { ledger } = test;
  const log = silentLogger;
  const timeZone = () => options.timeZone ?? 'Asia/Seoul';
  const masterdata = await openMasterData({ ledger, clock, log, dataDir, timeZone });
  const people = openPeople({ ledger, clock, masterdata });
  const inventory = await openInventory({ ledger, clock, log, masterdata, plant: () => plant });
  const quality = await openQuality({
    ...{ ledger, clock, log, masterdata, inventory, timeZone, plant: () => plant },
    // The sides of quality that look at signals have no part here.
    ...{ history: {}, stream: { subscribe: () => () => undefined }, alarms: {} },
  } as unknown as QualityOptions);
  const equipment = new FakeEquipment();
  const operations = openOperations({
    ...{ ledger, clock, masterdata, people, inventory, quality, equipment, plant: () => plant },
    ...(options.settings ? { settings: options.settings } : {}),
  });
  const actor = { kind: 'system', id: 'test' } as const;
  await masterdata.put([...records, ...((options.plans ?? []) as typeof records)], actor);
  const api = client({ ...people.handlers, ...inventory.handlers, ...operations.handlers }, leader);
  const person = async (badge: string, name: string, skills: string[] = ['IMM']) => {
    const made = (await api.createPerson({ body: { badge, name } })) as { id: string };
    for (const skill of skills)
      await ledger.transaction<{ people_skills: Record<string, unknown> }, void>(async (db) => {
        await db
          .insertInto('people_skills')
          .values({
            ...{ person: made.id, skill, level: 3, granted_at: morning, expires_at: null },
            ...{ granted_by: 'test', training: null },
          } as never)
          .execute();
      });
    return made;
  };
  await person('B-KIM', '김작업');
  await person('B-PARK', '박작업');
  await person('B-NEW', '신입', []);
  /** Stock on hand. */
  const receive = async (item: string, quantity: number, location = 'RAW') =>
    ledger.transaction((db, emit) =>
      inventory.receive({ db, emit } as LedgerTx, {
        ...{ item, quantity: toMillionths(quantity), location, time: clock.nowUs(), actor, reference: 'receipt/1' },
      }),
    );
  let entries = 0;
  /** Entries typed at a tablet, at the server's time unless told otherwise. */
  const entry = (
    kind: string,
    data: Record<string, unknown>,
    more: Partial<KioskEntry> & { badge?: string | null } = {},
  ): KioskEntry => ({
    ...{
      entryId: `entry-${String(++entries).padStart(6, '0')}`,
      kind,
      clientTime: clock.nowUs(),
      badge: 'B-KIM',
      data,
    },
    ...more,
  });
  const sync = async (machinePath: string, list: KioskEntry[], now = clock.nowUs()) =>
    (await api.kioskSync({ body: { device: 'tablet-1', machine: machinePath, now, entries: list } }, tablet)).answers;
  /** One entry that must be applied. */
  const kiosk = async (machinePath: string, kind: string, data: Record<string, unknown> = {}, badge = 'B-KIM') => {
    const [answer] = await sync(machinePath, [entry(kind, data, { badge })]);
    if (answer?.status !== 'applied') throw new Error(`${kind}: ${answer?.error?.code} ${answer?.error?.message}`);
    return answer.result as Record<string, string>;
  };
  const end = async () => {
    await operations.close();
    await inventory.close();
    await masterdata.close();
    await test.end();
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    clock,
    ledger,
    masterdata,
    people,
    inventory,
    quality,
    equipment,
    operations,
    api,
    receive,
    entry,
    sync,
    kiosk,
    end,
  };
}

export type Floor = Awaited<ReturnType<typeof openFloor>>;

/** A released order for caps. */
export async function capOrder(floor: Floor, quantity = 100) {
  return floor.api.createWorkOrder({ body: { item: 'CAP', quantity, release: true } });
}
