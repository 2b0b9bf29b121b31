import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { History } from '@deungdae/history/history.ts';
import type { InventoryModule } from '@deungdae/inventory/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Kysely, Ledger, LedgerTx } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import type { QualityTables } from './schema.ts';
import type { StoredInspection } from './store.ts';

/** What the module stands on. */
export interface QualityParts {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  masterdata: Pick<MasterDataModule, 'find' | 'need' | 'plansOf'>;
  inventory: Pick<InventoryModule, 'lot' | 'hold' | 'release' | 'reject' | 'scrap'>;
  /** Zone of the plant's days, for numbers. */
  timeZone(): string;
  /** Machines and alarms: charts on signals, measuring by signal, rule hits as alarms. Without it none of these. */
  live?: {
    history: Pick<History, 'buckets' | 'latest'>;
    stream: Pick<Stream, 'subscribe'>;
    plant(): PlantModel;
    alarms: Pick<AlarmsModule, 'raiseNotice' | 'clearNotice'>;
  };
}

/** The transaction's own tables, or the ledger's for reading. */
export function dbOf(parts: Pick<QualityParts, 'ledger'>, tx?: LedgerTx): Kysely<QualityTables> {
  return tx ? (tx.db as unknown as Kysely<QualityTables>) : parts.ledger.read<QualityTables>();
}

/** `260131` of a moment in the plant's zone. */
export function dayCode(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: '2-digit', month: '2-digit', day: '2-digit' });
  return parts.format(new Date(time / 1000)).replaceAll('-', '');
}

/** Without what only this module needs. */
export function publicInspection({ hold: _hold, askKey: _askKey, ...inspection }: StoredInspection): Inspection {
  return inspection;
}
