import { erpError } from '../errors.ts';
import { listOf, textOf } from './values.ts';

export type { ScheduledOrder } from './schedule.ts';

/** Classes of material as ISA-95 users call them; another becomes the item's group. */
const kinds: Record<string, string> = {
  ...{ Product: 'product', 'Finished Good': 'product', FinishedGood: 'product', Intermediate: 'semiFinished' },
  ...{ 'Raw Material': 'rawMaterial', RawMaterial: 'rawMaterial', Packaging: 'packaging', Consumable: 'consumable' },
  ...{ 'Spare Part': 'sparePart', SparePart: 'sparePart' },
};

/** Items of a MaterialInformation: ID, Description, class and version of each MaterialDefinition. Pure. */
export function readMaterials(
  document: Record<string, unknown>,
): { code: string; revision?: string; data: Record<string, unknown> }[] {
  const definitions = listOf(listOf(document.MaterialInformation)[0]?.MaterialDefinition);
  return definitions.map((definition, i) => {
    const code = textOf(definition.ID);
    if (!code) throw erpError('erp.scheduleWrong', { detail: `MaterialDefinition ${i + 1}: no ID` }, { status: 400 });
    const first = (value: unknown) => textOf(Array.isArray(value) ? value[0] : value);
    const name = first(definition.Description);
    const group = first(definition.MaterialClassID);
    const kind = group === null ? undefined : kinds[group];
    const version = first(definition.Version);
    return {
      code,
      ...(version ? { revision: version } : {}),
      data: {
        ...(name ? { name } : {}),
        ...(kind ? { kind } : group ? { group } : {}),
      },
    };
  });
}
