import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller, Handlers, RouteId, RouteOutput } from '@deungdae/contracts/api.ts';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import type { FloorCall, Run } from '@deungdae/contracts/work-order.ts';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { masterMigrations, openMasterData } from '@deungdae/masterdata/module.ts';
import { openPeople, peopleMigrations } from '@deungdae/people/module.ts';
import { openQuality, qualityMigrations } from '@deungdae/quality/module.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { maintenanceMigrations, openMaintenance } from '../src/module.ts';
import type { MaintenanceDeps } from '../src/parts.ts';

export const technician: Caller = {
  userId: 'u-park',
  name: 'park',
  displayName: '박보전',
  role: 'supervisor',
  language: 'ko',
  via: 'session',
};
export const press = 'hanbit/gimcheon/press/pr-01';
export const moulder = 'hanbit/gimcheon/molding/imm-03';
export const hourUs = 3_600_000_000;
export const dayUs = 24 * hourUs;
/** A Wednesday, 2026-11-25 09:00 in Seoul. */
export const morning = Date.UTC(2026, 10, 25, 0, 0) * 1000;

export const code = (expected: string) => (error: unknown) => {
  if (!(error instanceof CodedError) || error.code !== expected) throw error;
  return true;
};

const records = [
  { kind: 'item', code: 'BEARING', data: { name: '베어링 6204', kind: 'sparePart', unit: 'EA', safetyStock: 4 } },
  { kind: 'item', code: 'HEATER', data: { name: '밴드히터', kind: 'sparePart', unit: 'EA', safetyStock: 1 } },
  { kind: 'item', code: 'CAP', data: { name: '캡', kind: 'product', unit: 'EA' } },
  {
    kind: 'inspectionPlan',
    code: 'CAP-IN',
    data: {
      ...{ name: '캡 수입검사', item: 'CAP', stage: 'incoming' },
      characteristics: [{ id: 'd', name: '외경', unit: 'mm', lower: 9.9, upper: 10.1, gauge: 'VC-07' }],
    },
  },
  { kind: 'location', code: 'SPARE', data: { name: '보전 창고', kind: 'raw' } },
  {
    kind: 'tool',
    code: 'M-101',
    data: { name: '캡 금형', kind: 'mould', cavities: 4, serviceShots: 1000, lifeShots: 100_000 },
  },
  { kind: 'tool', code: 'VC-07', data: { name: '버니어 캘리퍼스', kind: 'gauge', calibrationMonths: 12 } },
] as const;

const machine = (path: string, name: string) =>
  [path, { path, name: { ko: name, en: name }, timeZone: 'Asia/Seoul', calendar: null, state: {} }] as const;

/** The machines' side and the orders are stand-ins; master data, stock, people and the ledger are the real ones. */
export class Floor {
  readonly stops: Downtime[] = [];
  readonly runs: Run[] = [];
  readonly calls: FloorCall[] = [];
  readonly answers: { id: string; act: string; text: string }[] = [];
  readonly readings = new Map<string, number>();
  readonly listeners = new Set<(machines: string[]) => void>();
  runningUs = 0;
  kpis = { operatingMs: 0, failures: 0, failureMs: 0 };

  equipment(): MaintenanceDeps['equipment'] {
    return {
      timeInState: async () => ({ running: this.runningUs }),
      oee: async () => ({
        total: {
          kpis: {
            mtbfMs: { numerator: this.kpis.operatingMs, denominator: this.kpis.failures },
            mttrMs: { numerator: this.kpis.failureMs, denominator: this.kpis.failures },
          },
        },
      }),
      stops: async (path: string, from: number, to: number) =>
        this.stops.filter((s) => s.equipment === path && s.from < to && (s.to === null || s.to > from)),
      stateOf: (path: string) =>
        this.stops.some((s) => s.equipment === path && s.to === null) ? 'unplannedStop' : 'running',
    } as unknown as MaintenanceDeps['equipment'];
  }

  operations(): MaintenanceDeps['operations'] {
    const handlers = {
      calls: () => [...this.calls],
      answerCall: ({ params, body }: { params: { id: string }; body: { act: string; text: string } }) => {
        this.answers.push({ id: params.id, act: body.act, text: body.text });
      },
    } as unknown as Handlers;
    return {
      handlers,
      runs: async ({ machine: path, limit }) => this.runs.filter((r) => r.machine === path).slice(0, limit),
      subscribe: (listener) => {
        this.listeners.add(listener);
        return () => void this.listeners.delete(listener);
      },
    };
  }

  tell(path: string): void {
    for (const listener of this.listeners) listener([path]);
  }
}

export async function openBench() {
  const clock = new FakeClock(morning);
  const dataDir = await mkdtemp(join(tmpdir(), 'deungdae-maintenance-'));
  const store = await openTestLedger({
    clock,
    modules: [
      onceMigrations,
      { module: 'masterdata', migrations: masterMigrations },
      { module: 'people', migrations: peopleMigrations },
      { module: 'inventory', migrations: inventoryMigrations },
      { module: 'quality', migrations: qualityMigrations },
      { module: 'maintenance', migrations: maintenanceMigrations },
    ],
  });
  const { ledger } = store;
  const floor = new Floor();
  const plant = () =>
    ({
      plant: { sites: [{ id: 'gimcheon', timeZone: 'Asia/Seoul' }], enterprise: { id: 'hanbit' } },
      nodes: [{ path: 'hanbit/gimcheon', name: 'g', level: 'site', parent: 'hanbit' }],
      equipment: new Map([machine(press, '프레스 1호기'), machine(moulder, '사출 3호기')]),
    }) as unknown as PlantModel;
  const masterdata = await openMasterData({ ledger, clock, log: silentLogger, dataDir, timeZone: () => 'Asia/Seoul' });
  const people = openPeople({ ledger, clock, masterdata });
  const inventory = await openInventory({ ledger, clock, log: silentLogger, masterdata, plant });
  await masterdata.put(
    records.map((record) => ({ ...record })),
    { kind: 'person', id: 'kim' },
  );
  const quality = openQuality({
    ledger,
    clock,
    masterdata,
    inventory,
    log: silentLogger,
    timeZone: () => 'Asia/Seoul',
  });
  const maintenance = await openMaintenance({
    ...{ ledger, clock, log: silentLogger, masterdata, people, inventory, quality, plant },
    ...{ operations: floor.operations(), equipment: floor.equipment() },
    reading: (signal) => floor.readings.get(signal) ?? null,
  });
  const handlers: Handlers = { ...maintenance.handlers, ...people.handlers };
  const call = async <Id extends RouteId>(id: Id, input: object = {}, by = technician): Promise<RouteOutput<Id>> =>
    // biome-ignore lint/suspicious/noExplicitAny: routes are typed at their own door
    (handlers[id] as any)({ params: undefined, query: {}, body: undefined, ...input }, by);
  const receive = (item: string, pieces: number) =>
    ledger.transaction<never, Lot>((db, emit) =>
      inventory.receive({ db, emit } as LedgerTx, {
        ...{ time: clock.nowUs(), actor: { kind: 'person', id: 'kim' }, reference: null, item },
        ...{ quantity: toMillionths(pieces), location: 'SPARE' },
      }),
    );
  return {
    ...{ clock, ledger, floor, masterdata, people, inventory, quality, maintenance, call, receive },
    async end() {
      await maintenance.close();
      await quality.close();
      await inventory.close();
      await store.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
export type Bench = Awaited<ReturnType<typeof openBench>>;

export const sheet = (change: object = {}) => ({
  ...{ name: '프레스 일상점검', subjects: [{ kind: 'machine', id: press }], every: { unit: 'day', count: 1 } },
  items: [
    { id: 'oil', text: '유압유 높이', kind: 'ok', picture: false },
    { id: 'pressure', text: '유압', kind: 'value', unit: 'bar', lower: 150, upper: 180, picture: false },
  ],
  active: true,
  ...change,
});
export const result = (item: string, change: object = {}) => ({
  ...{ item, ok: true, value: null, note: '', document: null },
  ...change,
});
export const check = (change: object = {}) => ({
  ...{ sheet: 'DAILY', subject: { kind: 'machine', id: press } },
  results: [result('oil'), result('pressure', { value: 165 })],
  ...change,
});
