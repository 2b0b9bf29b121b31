import { BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Stream } from '@deungdae/stream/stream.ts';

/**
 * Marks the time in which the server was away: after a crash nobody wrote gaps, and the last values would seem to hold
 * until the first new ones. One gap per bound signal, just after the last thing that is known of the whole plant. After
 * an orderly stop the gaps are there already.
 */
export async function markAbsence(deps: {
  history: History;
  stream: Stream;
  plant: PlantModel;
  nowUs: number;
}): Promise<number> {
  const known = deps.history.latest().filter((sample) => sample.time <= deps.nowUs);
  const last = known.reduce((newest, sample) => Math.max(newest, sample.time), 0);
  if (last === 0) return 0;
  const builder = new BatchBuilder(known.length);
  for (const sample of known) {
    const signal = deps.plant.signals.get(sample.signal);
    if (signal?.connection && sample.quality !== Quality.gap)
      builder.addNumber(sample.signal, last + 1, Number.NaN, Quality.gap);
  }
  const batch = builder.take();
  if (batch.length > 0) await deps.stream.ingest(batch);
  return batch.length;
}
