import type { InventoryModule } from '@deungdae/inventory/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OperationsModule } from '@deungdae/operations/module.ts';
import type { FileDoor } from './inbox/folder.ts';

export interface ErpDeps {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  /** Folders of file targets lie in `erp/` below it. */
  dataDir: string;
  /** Days in files are the plant's. */
  timeZone(): string;
  masterdata: Pick<MasterDataModule, 'find' | 'need' | 'put'>;
  operations: Pick<OperationsModule, 'order' | 'orders' | 'salesLine' | 'runs' | 'handlers'>;
  inventory: Pick<InventoryModule, 'handlers'>;
  /** For tests: how files are moved. */
  files?: FileDoor;
}
