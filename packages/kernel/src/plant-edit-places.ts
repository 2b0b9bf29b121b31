import type { NewPlace } from '@deungdae/contracts/plant-edit.ts';
import { append, expanded } from './plant-edit.ts';
import { plantError } from './plant-errors.ts';
import type { FilePath } from './plant-position.ts';

/** Lists of the plant file in which a place of one level may stand, by the level above it. */
const listOf: Record<NewPlace['level'], { in: readonly string[]; list: string }> = {
  area: { in: ['site'], list: 'areas' },
  line: { in: ['area'], list: 'lines' },
  cell: { in: ['line'], list: 'cells' },
  equipment: { in: ['area', 'line', 'cell'], list: 'equipment' },
};

/**
 * Adds areas, lines, cells and machines, given from above to below; what stands before a path's last `/` must be in the
 * file by then. A machine gets `connection` as its default one. Returns the new text.
 * Throws plant.editTarget when there is nothing to hang a place on, plant.editTaken when the path is in use.
 */
export function addPlaces(text: string, places: readonly NewPlace[], connection: string): string {
  return places.reduce((before, place) => {
    const { nodes } = expanded(before);
    if (nodes.some((n) => n.path === place.path))
      throw plantError('plant.editTaken', { name: place.path }, { status: 409 });
    const cut = place.path.lastIndexOf('/');
    const parent = nodes.find((n) => n.path === place.path.slice(0, cut));
    const { in: allowed, list } = listOf[place.level];
    if (!parent || !allowed.includes(parent.level))
      throw plantError('plant.editTarget', { name: place.path.slice(0, cut) }, { status: 404 });
    const at: FilePath = [...parent.filePath, list];
    const { level, name } = place;
    const own = level === 'equipment' ? { connection, ...machineKeys(place) } : {};
    return append(before, at, [{ id: place.path.slice(cut + 1), ...(name ? { name } : {}), ...own }]);
  }, text);
}

/** What is said of a machine, without what the schema fills in by itself. */
function machineKeys({ state, counters, cycleTimes }: NewPlace): Record<string, unknown> {
  const plain = counters?.map(({ perIncrement, ...counter }) =>
    perIncrement === 1 ? counter : { ...counter, perIncrement },
  );
  return {
    ...(state ? { state } : {}),
    ...(plain?.length ? { counters: plain } : {}),
    ...(cycleTimes?.length ? { cycleTimes } : {}),
  };
}
