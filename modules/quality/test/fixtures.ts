import type { Actor } from '@deungdae/contracts/event.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import type { MasterData, MasterRecord } from '@deungdae/contracts/master.ts';
import { InspectionPlan } from '@deungdae/contracts/master.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { openQuality, type QualityOptions, qualityMigrations } from '../src/module.ts';

export const t0 = Date.UTC(2026, 2, 2, 0, 0) * 1000;
export const minute = 60_000_000;
export const kim: Actor = { kind: 'person', id: 'kim' };

/** Lots in memory: enough of the inventory's door for what quality asks of it. */
export class FakeInventory {
  readonly lots = new Map<string, Lot>();
  readonly scrapped: { lot: string; quantity: number }[] = [];
  #holds = 0;

  add(number: string, more: Partial<Lot> = {}): Lot {
    const lot: Lot = {
      ...{ id: `lot-${number}`, number, kind: 'lot', item: 'cap', revision: 'A', unit: '{pcs}', status: 'available' },
      ...{ holds: [], origin: 'production', supplier: null, supplierLot: null, workOrder: null, producedAt: t0 },
      ...{ expiresAt: null, onHand: 1000, stock: [{ location: 'fg', quantity: 1000 }] },
      ...more,
    } as Lot;
    this.lots.set(lot.id, lot);
    return lot;
  }
  lot = async (name: string) => this.lots.get(name) ?? [...this.lots.values()].find((l) => l.number === name) ?? null;
  hold = async (_tx: LedgerTx, input: { lot: string; reason: string; reference: string | null; time: number }) => {
    const lot = this.lots.get(input.lot)!;
    const hold = { id: `hold-${++this.#holds}`, reason: input.reason, since: input.time, reference: input.reference };
    lot.holds.push(hold);
    lot.status = 'hold';
    return { hold: hold.id };
  };
  release = async (_tx: LedgerTx, input: { lot: string; hold?: string; reference: string | null }) => {
    const lot = this.lots.get(input.lot)!;
    lot.holds = lot.holds.filter((h) => (input.hold ? h.id !== input.hold : h.reference !== input.reference));
    if (lot.holds.length === 0 && lot.status === 'hold') lot.status = 'available';
  };
  reject = async (_tx: LedgerTx, input: { lot: string }) => {
    this.lots.get(input.lot)!.status = 'rejected';
  };
  scrap = async (_tx: LedgerTx, input: { lot?: string; quantity: number }) => {
    this.scrapped.push({ lot: input.lot!, quantity: input.quantity });
    this.lots.get(input.lot!)!.onHand -= input.quantity / 1e6;
    return {} as never;
  };
}

type PlanInput = Partial<MasterData<'inspectionPlan'>> & { code: string };

export class FakeMasterdata {
  readonly plans: MasterRecord<'inspectionPlan'>[] = [];
  plan(input: PlanInput): MasterRecord<'inspectionPlan'> {
    const { code, ...data } = input;
    const record: MasterRecord<'inspectionPlan'> = {
      ...{
        kind: 'inspectionPlan',
        code,
        revision: 'A',
        validFrom: null,
        validTo: null,
        active: true,
        version: 1,
        updatedAt: t0,
      },
      data: InspectionPlan.parse({
        ...{ name: code, item: 'cap', stage: 'first' },
        characteristics: [{ id: 'd', name: '외경', unit: 'mm', nominal: 10, lower: 9.9, upper: 10.1 }],
        ...data,
      }),
    };
    this.plans.push(record);
    return record;
  }
  find = async (_kind: string, code: string) => (this.plans.find((p) => p.code === code) ?? null) as never;
  need = async (_kind: string, code: string) => this.plans.find((p) => p.code === code)! as never;
  plansOf = async (item: string, _at: number, which: { stage?: string; operation?: number } = {}) =>
    this.plans.filter(
      (p) =>
        p.data.item === item &&
        (which.stage === undefined || p.data.stage === which.stage) &&
        (which.operation === undefined || p.data.operation === undefined || p.data.operation === which.operation),
    );
}

export async function works(more: Partial<QualityOptions> = {}) {
  const test = await openTestLedger({ modules: [{ module: 'quality', migrations: qualityMigrations }] });
  const clock = new FakeClock(t0);
  const inventory = new FakeInventory();
  const masterdata = new FakeMasterdata();
  const quality = openQuality({
    ...{ ledger: test.ledger, clock, log: silentLogger, masterdata, inventory },
    timeZone: () => 'Asia/Seoul',
    ...more,
  } as QualityOptions);
  const inTx = <T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> =>
    test.ledger.transaction<never, T>((db, emit) => work({ db, emit } as unknown as LedgerTx));
  return { test, clock, inventory, masterdata, quality, inTx, ledger: test.ledger };
}
