import type { Caller } from '@deungdae/contracts/api.ts';
import type { Movement } from '@deungdae/contracts/lot.ts';
import { fromMillionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import type { InventoryModule } from '@deungdae/inventory/module.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OperationsModule } from '@deungdae/operations/module.ts';
import { type MaterialLine, type RunActual, writePerformance } from './actuals.ts';

export interface PerformanceDeps {
  operations: Pick<OperationsModule, 'runs'>;
  inventory: Pick<InventoryModule, 'handlers'>;
  masterdata: Pick<MasterDataModule, 'find'>;
}

/** Runs of one order, and movements of one run, that a document tells of. */
const runsLimit = 500;
const movementsAtOnce = 1000;
const pagesLimit = 20;
const reader: Caller = { userId: 'erp', name: 'erp', role: 'auditor', language: 'ko', via: 'cli' };

/** What became of a work order, with what each run used and made, by lot. */
export async function performanceOf(deps: PerformanceDeps, order: WorkOrder, nowUs: number) {
  const runs = await deps.operations.runs({ workOrder: order.id, limit: runsLimit });
  const units = new Map([[order.item, order.unit]]);
  const unitOf = async (item: string) => {
    const known = units.get(item);
    if (known !== undefined) return known;
    const unit = (await deps.masterdata.find('item', item, nowUs))?.data.unit ?? '{pcs}';
    units.set(item, unit);
    return unit;
  };
  const actuals: RunActual[] = [];
  for (const run of runs.sort((a, b) => a.startedAt - b.startedAt)) {
    const lines = materialOf(await movementsOf(deps, run.id));
    for (const line of lines) line.unit = await unitOf(line.item);
    actuals.push({ run, material: lines });
  }
  return writePerformance(order, actuals, nowUs);
}

async function movementsOf({ inventory }: PerformanceDeps, run: string): Promise<Movement[]> {
  const found = new Map<string, Movement>();
  let to: number | undefined;
  for (let page = 0; page < pagesLimit; page++) {
    const query = { reference: `run/${run}`, limit: movementsAtOnce, ...(to === undefined ? {} : { to }) };
    const input = { params: undefined, body: undefined, query } as never;
    const some = (await inventory.handlers.stockMovements!(input, reader)) as Movement[];
    const before = found.size;
    for (const movement of some) found.set(movement.id, movement);
    if (some.length < movementsAtOnce || found.size === before) break;
    // Those of the very same moment come once more and are the same.
    to = some.at(-1)!.time + 1;
  }
  return [...found.values()];
}

/** What a run used and made of each lot, in the end: what came back or was taken back is not told. Pure. */
export function materialOf(movements: readonly Movement[]): MaterialLine[] {
  const sums = new Map<string, { line: MaterialLine; millionths: number }>();
  for (const m of [...movements].sort((a, b) => a.time - b.time)) {
    // Pieces that a correction takes off leave stock by an adjustment under the run's name.
    const made = m.kind === 'produce' || (m.kind === 'adjust' && m.reason === 'correction');
    if (!made && m.kind !== 'consume' && m.kind !== 'return') continue;
    const into = m.to.startsWith('@');
    const key = `${made} ${m.item} ${m.lotNumber ?? ''}`;
    const sum = sums.get(key) ?? {
      line: { use: made ? 'Produced' : 'Consumed', item: m.item, lot: m.lotNumber, quantity: 0, unit: '' },
      millionths: 0,
    };
    sum.millionths += (into === made ? -1 : 1) * toMillionths(m.quantity);
    sums.set(key, sum);
  }
  return [...sums.values()]
    .filter((s) => s.millionths > 0)
    .map(({ line, millionths }) => ({ ...line, quantity: fromMillionths(millionths) }));
}
