import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import { counterData } from './machine-data.ts';
import { type CounterData, type Pieces, piecesIn } from './pieces.ts';
import type { HistoryReader } from './samples.ts';

/** Pieces of a window; each is null where no counter tells it. */
export interface CountedPieces extends Pieces {
  /** When the first good piece was counted (of any kind where no counter tells good ones), µs; null without one. */
  firstGoodAt: number | null;
}

/** Pieces that the machine's counters counted in [from, to); null for a machine without a counter. */
export async function countedPieces(
  machine: EquipmentModel,
  history: HistoryReader,
  from: number,
  to: number,
): Promise<CountedPieces | null> {
  if (machine.counters.length === 0 || to <= from) return null;
  const counters = await counterData(machine, history, from, to);
  return { ...piecesIn(counters, [{ from, to }]), firstGoodAt: firstOf(counters) };
}

function firstOf(counters: readonly CounterData[]): number | null {
  const good = counters.filter((c) => c.counts === 'good');
  const telling = good.length > 0 ? good : counters.filter((c) => c.counts === 'total');
  const times = telling.flatMap(({ increments }) => {
    const first = increments.steps.findIndex((steps) => steps > 0);
    return first < 0 ? [] : [increments.times[first]!];
  });
  return times.length > 0 ? Math.min(...times) : null;
}
