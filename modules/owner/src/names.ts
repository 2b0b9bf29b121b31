import type { LocalText } from '@deungdae/contracts/text.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { PriceList } from './collect.ts';

export function machineName(plant: PlantModel, path: string): LocalText {
  return plant.equipment.get(path)?.name ?? path;
}

/** A defect's code stands in the master data, a stop's reason in the plant file. */
export function reasonName(reason: string, prices: PriceList, plant: PlantModel): LocalText {
  const known = prices.reasonNames.get(reason);
  if (known) return known;
  for (const group of plant.plant.downtimeReasons) {
    if (group.id === reason) return group.name ?? reason;
    for (const each of group.reasons) if (`${group.id}/${each.id}` === reason) return each.name ?? reason;
  }
  return reason;
}
