import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileAddress } from '@deungdae/connector-file/config.ts';
import { connector } from '@deungdae/connector-file/connector.ts';
import { planReplay, type ReplayPlan } from '@deungdae/connector-file/replay-plan.ts';
import type { BoundSignal, Notice } from '@deungdae/connector-kit/connector.ts';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { readPlantText } from '@deungdae/kernel/plant-file.ts';

export interface Replayed {
  plan: ReplayPlan;
  /** Signals by tag of the log. */
  byTag: Map<string, BoundSignal<FileAddress>>;
  notices: Notice[];
  seconds: number;
}

/**
 * Replays a log at full speed through its own planned plant file, as the command does, and gives every batch to `sink`
 * before it is acknowledged.
 */
export async function replayFiles(path: string, sink: (batch: SampleBatch) => Promise<void> | void): Promise<Replayed> {
  const plan = await planReplay({ path });
  const { plant, problems } = readPlantText(plan.plantYaml, { connectors: [connector], language: 'en' });
  if (!plant) throw new Error(JSON.stringify(problems));
  const byTag = new Map<string, BoundSignal<FileAddress>>();
  let id = 0;
  for (const signal of plant.sites[0]!.areas[0]!.equipment[0]!.signals) {
    const { connection: _, ...address } = signal.source!;
    const parsed = FileAddress.parse(address);
    const tag = 'tag' in parsed ? parsed.tag : parsed.column;
    byTag.set(tag, { id: ++id, path: `replay/log/machines/machine/${signal.id}`, kind: signal.kind, address: parsed });
  }
  const { id: _id, name: _name, type: _type, enabled: _enabled, ...config } = plant.connections[0]!;
  const stateDir = await mkdtemp(join(tmpdir(), 'deungdae-replay-'));
  const notices: Notice[] = [];
  const stop = new AbortController();
  const reader = connector.create({
    config: connector.config.parse(config),
    signals: [...byTag.values()],
    context: {
      connectionId: 'replay',
      clock: systemClock,
      log: silentLogger,
      stateDir,
      notice: (notice) => {
        notices.push(notice);
        if (notice.code === 'file.finished') stop.abort();
      },
    },
  });
  const started = performance.now();
  try {
    await reader.connect(stop.signal);
    while (!stop.signal.aborted) {
      const { batch, ack } = await reader.read(stop.signal);
      if (batch.length > 0) await sink(batch);
      await ack?.();
    }
  } finally {
    await reader.close();
    await rm(stateDir, { recursive: true, force: true });
  }
  return { plan, byTag, notices, seconds: (performance.now() - started) / 1000 };
}
