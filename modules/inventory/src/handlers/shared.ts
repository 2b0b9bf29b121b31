import type { Caller } from '@deungdae/contracts/api.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { once } from '@deungdae/ledger/once.ts';
import type { Act } from '../act.ts';
import { type CoreParts, Work } from '../core.ts';
import { inventoryError } from '../errors.ts';
import type { PrintQueue } from '../labels/print-queue.ts';
import { lotRows, type Reader, toLots } from '../lot-store.ts';
import type { ScanParts } from '../scan.ts';
import type { InventoryTables, LotRow } from '../schema.ts';
import type { SettingsStore } from '../settings.ts';

/** What the handlers work with. */
export interface HandlerParts {
  ledger: Ledger;
  clock: Clock;
  core: CoreParts;
  scanning: ScanParts;
  settings: SettingsStore;
  queue: PrintQueue;
}

export interface Entry {
  entryId?: string | undefined;
  time?: number | undefined;
  reason?: string | undefined;
}

export const readerOf = (parts: HandlerParts): Reader => parts.ledger.read<InventoryTables>();

/** One act of a caller: once for each `entryId`, all or nothing. */
export function perform<T>(
  parts: HandlerParts,
  kind: string,
  caller: Caller,
  entry: Entry,
  run: (work: Work) => Promise<T>,
  reference: string | null = null,
): Promise<T> {
  const { ledger, clock, core } = parts;
  return ledger.transaction<InventoryTables, T>((db, emit) => {
    const tx = { db, emit };
    const act: Act = { time: entry.time ?? clock.nowUs(), actor: actorOf(caller), reference };
    if (entry.reason) act.reason = entry.reason;
    return once(tx, entry.entryId, () => run(new Work(core, tx, act)), { kind, timeUs: clock.nowUs() });
  });
}

export async function lotOut(db: Reader, row: Pick<LotRow, 'key'>): Promise<Lot> {
  const fresh = (await lotRows(db, [row.key])).get(row.key)!;
  return (await toLots(db, [fresh]))[0]!;
}

/** Throws `inventory.unknownLot`. */
export async function needLot(parts: HandlerParts, text: string): Promise<LotRow> {
  const row = await parts.core.findLot(readerOf(parts), text, parts.clock.nowUs());
  if (!row) throw inventoryError('inventory.unknownLot', { code: text }, { status: 404 });
  return row;
}
