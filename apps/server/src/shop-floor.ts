import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger, ModuleMigrations } from '@deungdae/ledger/ledger.ts';
import type { Stream } from '@deungdae/stream/stream.ts';

export interface ShopFloorParts {
  ledger: Ledger;
  history: History;
  stream: Stream;
  equipment: EquipmentModule;
  alarms: AlarmsModule;
  clock: Clock;
  log: Logger;
  dataDir: string;
  /** The plant in force; it changes while running. */
  plant(): PlantModel;
}

/** Tables of the shop floor's modules, in the order of their dependence. */
export const shopFloorMigrations: readonly ModuleMigrations[] = [];

/** Opens the modules of rung 1, each on the doors of those below it. No decisions live here. */
export async function openShopFloor(_parts: ShopFloorParts): Promise<{ handlers: Handlers; close(): Promise<void> }> {
  return { handlers: {}, close: async () => {} };
}
