import type { MasterRecord } from '@deungdae/contracts/master.ts';
import type { Millionths } from '@deungdae/contracts/quantity.ts';
import { amount, checkQuantity, lotSubject, type Work } from './core.ts';
import { inventoryError } from './errors.ts';
import { addLinks } from './links.ts';
import type { LotRow } from './schema.ts';

const dayUs = 86_400_000_000;

export interface Receipt {
  item: string;
  revision?: string;
  quantity: Millionths;
  location: string;
  number?: string;
  supplier?: string;
  supplierLot?: string;
  expiresAt?: number;
  quarantine?: boolean;
}

/** Goods from outside: from a supplier, back from a customer, or stock that was there before the system. */
export async function receive(
  work: Work,
  input: Receipt,
  origin: 'receipt' | 'customerReturn' | 'import' | 'count' = 'receipt',
): Promise<LotRow> {
  const item = await work.item(input.item);
  await work.place(input.location);
  const lot = await incomingLot(work, item, input, origin);
  checkQuantity(input.quantity, lot.kind);
  const { kind, from } = incomingKinds[origin];
  const { quantity, location } = input;
  const partner = input.supplier ?? null;
  await work.post([{ kind, item: item.code, lot: lot.key, from, to: location, quantity, partner }]);
  await work.emit('lot.received', lotSubject(lot), {
    number: lot.number,
    item: item.code,
    quantity: amount(quantity),
    location,
    origin,
    supplier: input.supplier ?? null,
    supplierLot: input.supplierLot ?? null,
    quarantine: lot.status === 'quarantine',
  });
  return lot;
}

const incomingKinds = {
  receipt: { kind: 'receipt', from: '@supplier' },
  customerReturn: { kind: 'customerReturn', from: '@customer' },
  import: { kind: 'opening', from: '@opening' },
  count: { kind: 'count', from: '@adjustment' },
} as const;

async function incomingLot(
  work: Work,
  item: MasterRecord<'item'>,
  input: Receipt,
  origin: LotRow['origin'],
): Promise<LotRow> {
  if (item.data.tracking === 'none') return work.untrackedLot(item);
  const shelf = item.data.shelfLifeDays;
  return work.addLot(
    {
      kind: item.data.tracking,
      item: item.code,
      revision: input.revision ?? item.revision,
      unit: item.data.unit,
      status: input.quarantine || origin === 'customerReturn' ? 'quarantine' : 'available',
      origin,
      supplier: input.supplier ?? null,
      supplier_lot: input.supplierLot ?? null,
      work_order: null,
      run: null,
      produced_at: work.act.time,
      expires_at: input.expiresAt ?? (shelf === undefined ? null : work.act.time + shelf * dayUs),
      place: null,
    },
    input.number,
  );
}

export interface Production {
  item: string;
  revision: string;
  quantity: Millionths;
  location: string;
  workOrder: string;
  run: string;
  lot?: string;
  number?: string;
  quarantine?: boolean;
  rework?: boolean;
  from: readonly { lot: string; quantity: Millionths }[];
}

/** What a run made, into a new lot or its open one, with the links to what it was made of. */
export async function produce(work: Work, input: Production): Promise<LotRow> {
  const item = await work.item(input.item);
  await work.place(input.location);
  const [lot, , ...parents] = await Promise.all([
    producedLot(work, item, input),
    work.checkTime(),
    ...input.from.map(async (f) => ({ row: await work.lot(f.lot), quantity: f.quantity })),
  ]);
  checkQuantity(input.quantity, lot.kind);
  if (lot.untracked === 0)
    await addLinks(
      work.db,
      () => work.parts.keys.next(),
      parents
        .filter((p) => p.row.untracked === 0 && p.quantity > 0)
        .map((p) => ({
          parent: p.row.key,
          child: lot.key,
          kind: input.rework && p.row.item === item.code ? ('reworked' as const) : ('consumed' as const),
          run: input.run,
          quantity: p.quantity,
          time: work.act.time,
        })),
    );
  const { quantity, location } = input;
  await work.post([{ kind: 'produce', item: item.code, lot: lot.key, from: '@production', to: location, quantity }]);
  await work.emit('lot.produced', lotSubject(lot), {
    number: lot.number,
    item: item.code,
    quantity: amount(quantity),
    location,
    workOrder: input.workOrder,
    run: input.run,
    from: parents.map((p) => ({ lot: p.row.number, quantity: amount(p.quantity) })),
  });
  return lot;
}

/**
 * Says afterwards what a lot was made of: material that was taken when the lot was there already. Lots without numbers have
 * no genealogy and are left out.
 */
export async function addOrigins(
  work: Work,
  input: { lot: string; run: string; from: readonly { lot: string; quantity: Millionths }[] },
): Promise<void> {
  const child = await work.lot(input.lot);
  if (child.untracked !== 0) return;
  const parents = [];
  for (const f of input.from) parents.push({ row: await work.lot(f.lot), quantity: f.quantity });
  const links = parents
    .filter((p) => p.row.untracked === 0 && p.quantity > 0)
    .map((p) => ({
      ...{ parent: p.row.key, child: child.key, kind: 'consumed' as const, run: input.run },
      ...{ quantity: p.quantity, time: work.act.time },
    }));
  await addLinks(work.db, () => work.parts.keys.next(), links);
  await work.emit('lot.originsAdded', lotSubject(child), {
    number: child.number,
    run: input.run,
    from: parents.map((p) => ({ lot: p.row.number, quantity: amount(p.quantity) })),
  });
}

async function producedLot(work: Work, item: MasterRecord<'item'>, input: Production): Promise<LotRow> {
  if (item.data.tracking === 'none') return work.untrackedLot(item);
  if (input.lot !== undefined) {
    const lot = await work.lot(input.lot);
    if (lot.item !== item.code)
      throw inventoryError(
        'inventory.wrongItem',
        { lot: lot.number, is: lot.item, wanted: item.code },
        { status: 409 },
      );
    return lot;
  }
  const shelf = item.data.shelfLifeDays;
  return work.addLot(
    {
      kind: item.data.tracking,
      item: item.code,
      revision: input.revision,
      unit: item.data.unit,
      status: input.quarantine ? 'quarantine' : 'available',
      origin: input.rework ? 'rework' : 'production',
      supplier: null,
      supplier_lot: null,
      work_order: input.workOrder,
      run: input.run,
      produced_at: work.act.time,
      expires_at: shelf === undefined ? null : work.act.time + shelf * dayUs,
      place: null,
    },
    input.number,
  );
}
