import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { History } from '@deungdae/history/history.ts';
import type { InventoryModule } from '@deungdae/inventory/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OperationsModule } from '@deungdae/operations/module.ts';
import type { QualityModule } from '@deungdae/quality/module.ts';

/** What the views of a lot's history are made from. */
export interface TraceabilityOptions {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  plant(): PlantModel;
  /** Path of the plant's site, and its zone. */
  site(): string;
  timeZone(): string;
  history: Pick<History, 'buckets' | 'before'>;
  masterdata: Pick<MasterDataModule, 'list'>;
  inventory: Pick<InventoryModule, 'lot' | 'lots' | 'links' | 'acts' | 'recall'>;
  quality: Pick<QualityModule, 'inspectionsOf'>;
  operations: Pick<OperationsModule, 'run'>;
  alarms: Pick<AlarmsModule, 'handlers'>;
  /** Name of a person; null when unknown. */
  person(id: string): Promise<string | null>;
}
