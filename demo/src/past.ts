import { createReadStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BatchBuilder, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { PlantModel, SignalModel } from '@deungdae/kernel/plant-model.ts';
import { pastFileName } from './ports.ts';
import type { Change } from './simulation/signals.ts';

const batchSamples = 20_000;

/**
 * Puts the machines' day before the first start into the history, so that the demo does not begin empty. Does nothing
 * at later starts. The file goes when all of it is durable; a crash in between only means doing it again.
 */
export async function ingestPast(options: {
  dataDir: string;
  plant: PlantModel;
  ingest: (batch: SampleBatch) => Promise<void>;
}): Promise<number> {
  const file = join(options.dataDir, 'machines', pastFileName);
  if (!existsSync(file)) return 0;
  const signals = new Map<string, SignalModel>();
  for (const signal of options.plant.signals.values()) signals.set(signal.path.split('/').slice(-2).join('/'), signal);
  const builder = new BatchBuilder(batchSamples);
  let samples = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const change: Change = JSON.parse(line);
    const signal = signals.get(`${change.machine}/${change.signal}`);
    if (!signal) continue;
    builder.add(signal.id, Math.round(change.atMs * 1000), change.value);
    samples++;
    if (builder.length >= batchSamples) await options.ingest(builder.take());
  }
  if (builder.length > 0) await options.ingest(builder.take());
  rmSync(file);
  return samples;
}
