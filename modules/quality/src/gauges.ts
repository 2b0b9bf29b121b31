import type { Actor } from '@deungdae/contracts/event.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { openNonconformity } from './nonconformity.ts';
import { dbOf, type QualityParts } from './parts.ts';

export interface GaugeUse {
  inspection: string;
  number: string;
  item: string;
  lot: string | null;
  lotNumber: string | null;
  run: string | null;
  characteristics: string[];
  values: number;
  firstAt: number;
  lastAt: number;
}

/** Inspections in which a gauge measured within [from, to), oldest first, at most `limit`. */
export async function gaugeUse(
  parts: QualityParts,
  query: { gauge: string; from: number; to: number; limit: number },
  tx?: LedgerTx,
): Promise<GaugeUse[]> {
  const rows = await dbOf(parts, tx)
    .selectFrom('qa_results as r')
    .innerJoin('qa_inspections as i', 'i.id', 'r.inspection')
    .select((eb) => [
      ...(['i.id', 'i.data', 'r.characteristic'] as const),
      eb.fn.count<number>('r.sample').as('values'),
      eb.fn.min('r.time').as('firstAt'),
      eb.fn.max('r.time').as('lastAt'),
    ])
    .where('r.gauge', '=', query.gauge)
    .where('r.time', '>=', query.from)
    .where('r.time', '<', query.to)
    .groupBy(['i.id', 'i.data', 'r.characteristic'])
    .orderBy('i.id')
    .limit(query.limit * 20)
    .execute();
  const found = new Map<string, GaugeUse>();
  for (const row of rows) {
    const { number, item, lot, lotNumber, run } = JSON.parse(row.data) as GaugeUse;
    const use = found.get(row.id) ?? {
      ...{ inspection: row.id, number, item, lot, lotNumber, run, characteristics: [], values: 0 },
      ...{ firstAt: Number(row.firstAt), lastAt: Number(row.lastAt) },
    };
    use.characteristics.push(row.characteristic);
    use.values += Number(row.values);
    use.firstAt = Math.min(use.firstAt, Number(row.firstAt));
    use.lastAt = Math.max(use.lastAt, Number(row.lastAt));
    found.set(row.id, use);
  }
  return [...found.values()].slice(0, query.limit);
}

/**
 * A gauge failed its calibration: everything it measured since the last good one is in doubt. One nonconformity for each
 * item, whose lots are held where they are still in the plant.
 */
export async function gaugeFailed(
  parts: QualityParts,
  tx: LedgerTx,
  input: { gauge: string; from: number; to: number; text: string; time: number; actor: Actor },
): Promise<{ lots: number; nonconformities: { id: string; number: string }[] }> {
  const uses = await gaugeUse(parts, { ...input, limit: 5000 }, tx);
  const byItem = new Map<string, Set<string>>();
  for (const use of uses) {
    const lots = byItem.get(use.item) ?? new Set<string>();
    byItem.set(use.item, lots);
    if (!use.lot) continue;
    const lot = await parts.inventory.lot(use.lot, tx);
    if (lot && lot.onHand > 0) lots.add(lot.id);
  }
  const nonconformities: { id: string; number: string }[] = [];
  let held = 0;
  for (const [item, lots] of byItem) {
    held += lots.size;
    const { gauge, text, time, actor } = input;
    const opened = { source: 'audit', item, defect: null, quantity: 0, text, gauge, time, actor } as const;
    nonconformities.push(await openNonconformity(parts, tx, { ...opened, lots: [...lots] }));
  }
  return { lots: held, nonconformities };
}
