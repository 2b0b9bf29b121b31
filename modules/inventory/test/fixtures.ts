import type { Actor } from '@deungdae/contracts/event.ts';
import { type MasterKind, type MasterRecord, masterKinds } from '@deungdae/contracts/master.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { type Act, inventoryMigrations, openInventory } from '../src/module.ts';

export const actor: Actor = { kind: 'person', id: 'kim' };
export const day = 86_400_000_000;
/** 2026-11-25 09:00 in Seoul. */
export const morning = Date.UTC(2026, 10, 25, 0, 0) * 1000;
export const pcs = toMillionths;

type Records = Partial<Record<MasterKind, Record<string, unknown>>>;

export const usual: Records = {
  item: {
    RESIN: { name: '수지 PP', kind: 'rawMaterial', unit: 'kg', issueRule: 'fefo', shelfLifeDays: 365 },
    COLOR: { name: '마스터배치', kind: 'subMaterial', unit: 'kg' },
    CAP: { name: '캡', kind: 'product', gtin: '08801234567893', standardCost: 100, safetyStock: 50 },
    ASSY: { name: '조립품', kind: 'product', gtin: '8801234567909' },
    PUMP: { name: '펌프', kind: 'product', tracking: 'serial' },
    OIL: { name: '윤활유', kind: 'consumable', tracking: 'none', unit: 'L' },
  },
  location: {
    RAW: { name: '원자재 창고', kind: 'raw' },
    LINE: { name: '사출 라인', kind: 'line' },
    FG: { name: '완제품 창고', kind: 'finished' },
    QUA: { name: '격리', kind: 'quarantine' },
    SHIP: { name: '출하장', kind: 'shipping' },
  },
  partner: {
    HMC: { name: '현대', roles: ['customer'], gln: '8801234000009' },
    LOTTE: { name: '롯데케미칼', roles: ['supplier'] },
  },
};

/** Master data that never changes, checked by the contract's own schemas. */
export function fixedMasterData(records: Records = usual): Pick<MasterDataModule, 'find' | 'need' | 'list'> {
  const kept = new Map<string, MasterRecord>();
  for (const [kind, byCode] of Object.entries(records) as [MasterKind, Record<string, unknown>][])
    for (const [code, data] of Object.entries(byCode))
      kept.set(`${kind} ${code}`, {
        ...{ kind, code, revision: 'A', validFrom: null, validTo: null, active: true, version: 1, updatedAt: 0 },
        data: masterKinds[kind].parse(data) as MasterRecord['data'],
      });
  const find = async (kind: MasterKind, code: string) => kept.get(`${kind} ${code}`) ?? null;
  return {
    find: find as MasterDataModule['find'],
    need: (async (kind: MasterKind, code: string) => {
      const record = await find(kind, code);
      if (!record) throw new CodedError('masterdata.unknown', { kind, code }, { status: 404 });
      return record;
    }) as MasterDataModule['need'],
    list: (async (kind: MasterKind) => [...kept.values()].filter((r) => r.kind === kind)) as MasterDataModule['list'],
  };
}

export const plant = {
  plant: { sites: [{ id: 'gimcheon', timeZone: 'Asia/Seoul' }], enterprise: { id: 'hanbit' } },
  nodes: [{ path: 'hanbit/gimcheon', name: 'g', level: 'site', parent: 'hanbit' }],
  equipment: new Map(),
} as unknown as PlantModel;

export async function openStock(
  records: Records = usual,
  registerImport: MasterDataModule['registerImport'] = () => {},
) {
  const clock = new FakeClock(morning);
  const test = await openTestLedger({
    clock,
    modules: [onceMigrations, { module: 'inventory', migrations: inventoryMigrations }],
  });
  const open = () =>
    openInventory({
      ledger: test.ledger,
      clock,
      log: silentLogger,
      masterdata: { ...fixedMasterData(records), registerImport },
      plant: () => plant,
    });
  const stock = await open();
  return {
    clock,
    stock,
    ledger: test.ledger,
    act: (more: Partial<Act> = {}): Act => ({ time: clock.nowUs(), actor, reference: null, ...more }),
    run: <T>(work: (tx: LedgerTx) => Promise<T>) => test.ledger.transaction<never, T>((db, emit) => work({ db, emit })),
    end: async () => {
      await stock.close();
      await test.end();
    },
  };
}

export const code = (expected: string) => (error: unknown) => {
  if (!(error instanceof CodedError)) throw error;
  if (error.code !== expected) throw error;
  return true;
};
