import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import { erpMigrations, openErp } from '@deungdae/erp/module.ts';
import type { History } from '@deungdae/history/history.ts';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { knowHowMigrations, openKnowHow } from '@deungdae/knowhow/module.ts';
import type { Ledger, ModuleMigrations } from '@deungdae/ledger/ledger.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { maintenanceMigrations, openMaintenance } from '@deungdae/maintenance/module.ts';
import { masterMigrations, openMasterData } from '@deungdae/masterdata/module.ts';
import { openOperations, operationsMigrations } from '@deungdae/operations/module.ts';
import { openOwner } from '@deungdae/owner/module.ts';
import { openPeople, peopleMigrations } from '@deungdae/people/module.ts';
import { openQuality, qualityMigrations } from '@deungdae/quality/module.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { openTraceability, traceMigrations } from '@deungdae/traceability/module.ts';
import { inspectionEntry } from './kiosk-inspection.ts';

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
  onceMigrations,
  { module: 'masterdata', migrations: masterMigrations },
  { module: 'people', migrations: peopleMigrations },
  { module: 'inventory', migrations: inventoryMigrations },
  { module: 'quality', migrations: qualityMigrations },
  operationsMigrations,
  { module: 'maintenance', migrations: maintenanceMigrations },
  { module: 'knowhow', migrations: knowHowMigrations },
  { module: 'traceability', migrations: traceMigrations },
  { module: 'erp', migrations: erpMigrations },
];

/** Opens the modules of rung 1, each on the doors of those below it. No decisions live here. */
export async function openShopFloor(parts: ShopFloorParts): Promise<{
  handlers: Handlers;
  personName(id: string): Promise<string | null>;
  replacePlant(): Promise<void>;
  close(): Promise<void>;
}> {
  const { ledger, clock, dataDir } = parts;
  const masterData = await openMasterData({
    ...{ ledger, clock, dataDir },
    log: parts.log.child({ part: 'master-data' }),
    timeZone: () => timeZoneOf(parts.plant()),
  });
  const people = openPeople({
    ...{ ledger, clock, masterdata: masterData },
    timeZone: () => timeZoneOf(parts.plant()),
  });
  const personName = async (id: string) => (await people.person(id))?.name ?? null;
  const inventory = await openInventory({
    ...{ ledger, clock, plant: parts.plant, masterdata: masterData },
    log: parts.log.child({ part: 'inventory' }),
  });
  const quality = openQuality({
    ...{ ledger, clock, masterdata: masterData, inventory },
    log: parts.log.child({ part: 'quality' }),
    timeZone: () => timeZoneOf(parts.plant()),
    live: { history: parts.history, stream: parts.stream, alarms: parts.alarms, plant: parts.plant },
  });
  const operations = openOperations({
    ...{ ledger, clock, masterdata: masterData, people, inventory, quality, equipment: parts.equipment },
    plant: parts.plant,
    extraEntries: { inspection: inspectionEntry(quality) },
  });
  await parts.equipment.useOrders(operations);
  const reading = readingOf(parts);
  const maintenance = await openMaintenance({
    ...{ ledger, clock, masterdata: masterData, people, inventory, quality, operations, reading },
    ...{ equipment: parts.equipment, plant: parts.plant },
    log: parts.log.child({ part: 'maintenance' }),
  });
  const knowHow = await openKnowHow({ ledger, clock, people, reading });
  const traceability = openTraceability({
    ...{ ledger, clock, masterdata: masterData, inventory, quality, operations },
    ...{ history: parts.history, alarms: parts.alarms, plant: parts.plant },
    site: () => parts.plant().nodes.find((n) => n.level === 'site')?.path ?? '',
    timeZone: () => timeZoneOf(parts.plant()),
    person: personName,
    log: parts.log.child({ part: 'traceability' }),
  });
  const erp = openErp({
    ...{ ledger, clock, dataDir, masterdata: masterData, operations, inventory },
    timeZone: () => timeZoneOf(parts.plant()),
    log: parts.log.child({ part: 'erp' }),
  });
  traceability.useDeliveries(erp.deliveries);
  const owner = openOwner({
    ...{ clock, plant: parts.plant, masterdata: masterData, operations, inventory, equipment: parts.equipment },
  });
  return {
    handlers: {
      ...masterData.handlers,
      ...people.handlers,
      ...inventory.handlers,
      ...quality.handlers,
      ...operations.handlers,
      ...maintenance.handlers,
      ...knowHow.handlers,
      ...traceability.handlers,
      ...owner.handlers,
      ...erp.handlers,
    },
    personName,
    /** After the plant file has changed: what follows signals finds them again. */
    replacePlant: () => quality.replacePlant(),
    close: async () => {
      await traceability.close();
      await erp.close();
      await maintenance.close();
      await operations.close();
      await quality.close();
      await inventory.close();
      await masterData.close();
    },
  };
}

/** The latest number of a signal by its path; null while it is bad, missing or a text. */
function readingOf({ plant, history }: Pick<ShopFloorParts, 'plant' | 'history'>) {
  return (path: string): number | null => {
    const signal = plant().signalByPath.get(path);
    const [sample] = signal ? history.latest([signal.id]) : [];
    if (!sample || sample.quality > Quality.uncertain) return null;
    return typeof sample.value === 'number' ? sample.value : null;
  };
}

/** Zone of the first site: dates in files and on forms are its dates. */
function timeZoneOf(plant: PlantModel): string {
  return [...plant.equipment.values()][0]?.timeZone ?? plant.plant.sites[0]?.timeZone ?? 'Asia/Seoul';
}
