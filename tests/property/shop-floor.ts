import { type Caller, type Handlers, type RouteCall, type RouteId, routes } from '@deungdae/contracts/api.ts';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { Calendar } from '@deungdae/contracts/plant.ts';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { masterMigrations, openMasterData } from '@deungdae/masterdata/module.ts';
import { openOperations, operationsMigrations } from '@deungdae/operations/module.ts';
import { openPeople, peopleMigrations } from '@deungdae/people/module.ts';
import { openQuality, type QualityOptions, qualityMigrations } from '@deungdae/quality/module.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';

/** Monday 2026-11-23, 09:00 in Seoul, µs. */
export const morning = Date.UTC(2026, 10, 23, 0, 0) * 1000;
export const machines = ['han/gim/mold/imm-01', 'han/gim/mold/imm-02', 'han/gim/fin/trim-01', 'han/gim/fin/pack-01'];
export const badges = ['B-KIM', 'B-PARK'];
export const leader: Caller = { userId: 'u-lee', name: 'lee', role: 'engineer', language: 'ko', via: 'session' };
export const tablet: Caller = { userId: 'token/t-1', name: 'tablet', role: 'operator', language: 'ko', via: 'token' };

const calendar = Calendar.parse({
  id: 'two',
  shifts: [
    { id: 'day', name: '주간', start: '08:00', end: '20:00' },
    { id: 'night', name: '야간', start: '20:00', end: '08:00' },
  ],
});

const equipment = (path: string): EquipmentModel => ({
  ...{ path, name: path.slice(-7), area: path.split('/').slice(0, 3).join('/'), line: null, site: 'han/gim' },
  ...{ timeZone: 'Asia/Seoul', oeeTarget: null, calendar, signals: [], counters: [], cycleTimes: new Map() },
  ...{ state: { rules: [], otherwise: 'idle', decisive: [] }, productSignal: null, minorStopBelowMs: 300_000 },
});

const plant = {
  revision: 'test',
  plant: {
    enterprise: { id: 'han', name: '한빛' },
    sites: [{ id: 'gim', timeZone: 'Asia/Seoul', areas: [] }],
    downtimeReasons: [],
  },
  nodes: [],
  equipment: new Map(machines.map((path) => [path, equipment(path)])),
  signals: new Map(),
  signalByPath: new Map(),
  connections: new Map(),
} as unknown as PlantModel;

/** Machines that have no counter and never stand: what people confirm is all there is. */
const noMachines = {
  pieces: async () => null,
  stops: async () => [],
  giveReason: async () => undefined,
  card: (path: string) => ({ equipment: path, name: path, shift: null, produced: null, target: null }),
  oee: async () => null,
} as never;

const width = [{ id: 'w', name: '폭', nominal: 10, lower: 9, upper: 11 }];

/** Resin and inserts become parts, parts become caps, a cover is plated outside, a kit has steps in any order. */
const records: readonly { kind: MasterKind; code: string; revision?: string; data: unknown }[] = [
  {
    ...{ kind: 'item', code: 'RESIN' },
    data: { name: '수지', kind: 'rawMaterial', unit: 'kg', shelfLifeDays: 3, issueRule: 'fefo' },
  },
  { kind: 'item', code: 'INSERT', data: { name: '인서트', kind: 'subMaterial' } },
  { kind: 'item', code: 'INSERT-B', data: { name: '인서트 B', kind: 'subMaterial' } },
  { kind: 'item', code: 'SCREW', data: { name: '나사', kind: 'subMaterial', tracking: 'none' } },
  { kind: 'item', code: 'PART', revision: 'A', data: { name: '부품', kind: 'semiFinished' } },
  { kind: 'item', code: 'CAP', revision: 'A', data: { name: '캡', kind: 'product' } },
  { kind: 'item', code: 'COVER', data: { name: '커버', kind: 'product' } },
  { kind: 'item', code: 'KIT', data: { name: '키트', kind: 'product' } },
  { kind: 'location', code: 'RAW', data: { name: '원자재', kind: 'raw' } },
  { kind: 'location', code: 'WIP', data: { name: '재공', kind: 'wip' } },
  { kind: 'location', code: 'FG', data: { name: '완제품', kind: 'finished' } },
  { kind: 'location', code: 'QUA', data: { name: '격리', kind: 'quarantine' } },
  { kind: 'location', code: 'OUT', data: { name: '도금', kind: 'outsourcer', partner: 'PLATE' } },
  { kind: 'partner', code: 'PLATE', data: { name: '도금사', roles: ['outsourcer'] } },
  { kind: 'partner', code: 'HMC', data: { name: '고객', roles: ['customer'] } },
  { kind: 'partner', code: 'SUP', data: { name: '공급사', roles: ['supplier'] } },
  { kind: 'workCentre', code: 'MOLD', data: { name: '사출', machines: machines.slice(0, 2), parallelOrders: true } },
  { kind: 'workCentre', code: 'FIN', data: { name: '사상', machines: machines.slice(2), parallelOrders: true } },
  { kind: 'workCentre', code: 'OUTSIDE', data: { name: '외주' } },
  { kind: 'reason', code: 'burr', data: { name: '버', tree: 'defect' } },
  { kind: 'reason', code: 'short', data: { name: '미성형', tree: 'defect' } },
  { kind: 'reason', code: 'miscount', data: { name: '계수 착오', tree: 'correction' } },
  {
    ...{ kind: 'bom', code: 'PART' },
    data: { item: 'PART', quantity: 100, lines: [{ component: 'RESIN', quantity: 3, scrapShare: 0.01 }] },
  },
  {
    ...{ kind: 'routing', code: 'PART' },
    data: { item: 'PART', operations: [{ number: 10, name: '사출', workCentre: 'MOLD' }] },
  },
  {
    ...{ kind: 'bom', code: 'CAP' },
    data: {
      ...{ item: 'CAP', quantity: 1 },
      lines: [
        { component: 'RESIN', quantity: 0.01, operation: 10 },
        { component: 'PART', quantity: 1, operation: 20 },
        { component: 'INSERT', quantity: 1, operation: 20, issue: 'scan', alternates: ['INSERT-B'] },
        { component: 'SCREW', quantity: 2, operation: 20 },
      ],
    },
  },
  {
    ...{ kind: 'routing', code: 'CAP' },
    data: {
      item: 'CAP',
      operations: [
        { number: 10, name: '사출', workCentre: 'MOLD' },
        { number: 20, name: '조립', workCentre: 'FIN' },
        { number: 30, name: '세척', workCentre: 'FIN', optional: true },
      ],
    },
  },
  {
    ...{ kind: 'bom', code: 'COVER' },
    data: {
      item: 'COVER',
      lines: [
        { component: 'RESIN', quantity: 0.02, operation: 10 },
        { component: 'INSERT', quantity: 2, operation: 20, issue: 'supplied' },
      ],
    },
  },
  {
    ...{ kind: 'routing', code: 'COVER' },
    data: {
      item: 'COVER',
      operations: [
        { number: 10, name: '사출', workCentre: 'MOLD' },
        { number: 20, name: '도금', workCentre: 'OUTSIDE', mode: 'outsourced', partners: ['PLATE'] },
      ],
    },
  },
  {
    ...{ kind: 'bom', code: 'KIT' },
    data: { item: 'KIT', lines: [{ component: 'CAP', quantity: 1, operation: 10 }] },
  },
  {
    ...{ kind: 'routing', code: 'KIT' },
    data: {
      ...{ item: 'KIT', order: 'free' },
      operations: [
        { number: 10, name: '인쇄', workCentre: 'FIN' },
        { number: 20, name: '포장', workCentre: 'FIN' },
      ],
    },
  },
  {
    ...{ kind: 'inspectionPlan', code: 'IQ-INSERT' },
    data: { name: '수입', item: 'INSERT', stage: 'incoming', characteristics: width },
  },
  {
    ...{ kind: 'inspectionPlan', code: 'FQ-PART' },
    data: { name: '최종', item: 'PART', stage: 'final', characteristics: width },
  },
  {
    ...{ kind: 'inspectionPlan', code: 'PQ-CAP' },
    data: { name: '초물', item: 'CAP', operation: 10, stage: 'first', characteristics: width },
  },
];

type Parse = { parse(value: unknown): unknown };
export type Input<Id extends RouteId> = Partial<RouteCall<Id>>;

const modules = [
  onceMigrations,
  { module: 'masterdata', migrations: masterMigrations },
  { module: 'people', migrations: peopleMigrations },
  { module: 'inventory', migrations: inventoryMigrations },
  { module: 'quality', migrations: qualityMigrations },
  operationsMigrations,
];

/** The modules of the shop floor on one ledger, as the server composes them, behind the contract's schemas. */
export async function openShopFloor() {
  const clock = new FakeClock(morning);
  // The clock leaps by hours while statements are under way: none of them is slow for that.
  const limits = { statementMs: 1_000_000_000, transactionMs: 1_000_000_000 };
  const test = await openTestLedger({ clock, modules, limits });
  const { ledger } = test;
  const common = { ledger, clock, log: silentLogger };
  const timeZone = () => 'Asia/Seoul';
  const masterdata = await openMasterData({ ...common, dataDir: '/nonexistent', timeZone });
  const people = openPeople({ ledger, clock, masterdata });
  const inventory = await openInventory({ ...common, masterdata, plant: () => plant });
  const quality = openQuality({
    ...{ ...common, masterdata, inventory, timeZone, plant: () => plant },
    // The sides of quality that look at signals have no part here.
    ...{ history: {}, stream: { subscribe: () => () => undefined }, alarms: {} },
  } as unknown as QualityOptions);
  const operations = openOperations({
    ...{ ledger, clock, masterdata, people, inventory, quality, equipment: noMachines, plant: () => plant },
  });
  await masterdata.put(records, { kind: 'system', id: 'test' });
  const handlers: Handlers = {
    ...{ ...people.handlers, ...inventory.handlers, ...quality.handlers, ...operations.handlers },
  };
  /** Calls a handler as the server does: input through the contract's schemas. */
  const call = async <Id extends RouteId>(id: Id, input: Input<Id>, who: Caller = leader): Promise<unknown> => {
    const route = routes[id] as unknown as Record<string, Parse | undefined>;
    const given = input as Record<string, unknown>;
    const parsed = (key: string) => route[key]?.parse(given[key] ?? {});
    const handler = handlers[id] as unknown as (i: unknown, c: Caller) => Promise<unknown>;
    return handler({ params: parsed('params'), query: parsed('query'), body: parsed('body') }, who);
  };
  for (const badge of badges) await call('createPerson', { body: { badge, name: badge } } as Input<'createPerson'>);
  return {
    ...{ clock, ledger, modules, call },
    async end() {
      await operations.close();
      await quality.close();
      await inventory.close();
      await masterdata.close();
      await test.end();
    },
  };
}

export type ShopFloor = Awaited<ReturnType<typeof openShopFloor>>;
