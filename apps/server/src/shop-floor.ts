import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import type { History } from '@deungdae/history/history.ts';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger, ModuleMigrations } from '@deungdae/ledger/ledger.ts';
import { masterMigrations, openMasterData } from '@deungdae/masterdata/module.ts';
import { openQuality, qualityMigrations } from '@deungdae/quality/module.ts';
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
export const shopFloorMigrations: readonly ModuleMigrations[] = [
  { module: 'masterdata', migrations: masterMigrations },
  { module: 'inventory', migrations: inventoryMigrations },
  { module: 'quality', migrations: qualityMigrations },
];

/** Opens the modules of rung 1, each on the doors of those below it. No decisions live here. */
export async function openShopFloor(parts: ShopFloorParts): Promise<{ handlers: Handlers; close(): Promise<void> }> {
  const { ledger, clock, dataDir } = parts;
  const masterData = await openMasterData({
    ...{ ledger, clock, dataDir },
    log: parts.log.child({ part: 'master-data' }),
    timeZone: () => timeZoneOf(parts.plant()),
  });
  const inventory = await openInventory({
    ...{ ledger, clock, plant: parts.plant, masterdata: masterData },
    log: parts.log.child({ part: 'inventory' }),
  });
  const quality = openQuality({
    ...{ ledger, clock, masterdata: masterData, inventory },
    log: parts.log.child({ part: 'quality' }),
    timeZone: () => timeZoneOf(parts.plant()),
  });
  return {
    handlers: { ...masterData.handlers, ...inventory.handlers, ...quality.handlers },
    close: async () => {
      await inventory.close();
      await masterData.close();
    },
  };
}

/** Zone of the first site: dates in files and on forms are its dates. */
function timeZoneOf(plant: PlantModel): string {
  return [...plant.equipment.values()][0]?.timeZone ?? plant.plant.sites[0]?.timeZone ?? 'Asia/Seoul';
}
