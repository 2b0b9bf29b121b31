import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { durationMs } from '@deungdae/contracts/plant.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';

const periodMs = 10 * 60_000;
const sealAfterUs = 3_600_000_000;
const staleExportMs = 3_600_000;

/** Every ten minutes: seal what is an hour old, merge small files, drop what the plant file's retention lets go. */
export function startHousekeeping(deps: {
  history: History;
  clock: Clock;
  log: Logger;
  plant: () => PlantModel;
  dataDir: string;
}): { stop(): Promise<void> } {
  const { history, clock, log } = deps;
  const abort = new AbortController();
  const round = async () => {
    const sealed = await history.seal({ olderThan: clock.nowUs() - sealAfterUs });
    const compacted = await history.compact();
    const dropped = await retain(history, deps.plant(), clock.nowUs());
    await dropStaleExports(join(deps.dataDir, 'exports'));
    if (sealed.samples + compacted.files + dropped > 0)
      log.info({ sealed: sealed.samples, compacted: compacted.files, dropped }, 'history tidied');
  };
  const run = async () => {
    while (!abort.signal.aborted) {
      await clock.sleep(periodMs, abort.signal);
      await round().catch((error) => log.error({ err: error }, 'history not tidied; tried again later'));
    }
  };
  const finished = run().catch(() => {});
  return {
    async stop() {
      abort.abort(new Error('stopped'));
      await finished;
    },
  };
}

async function retain(history: History, plant: PlantModel, nowUs: number): Promise<number> {
  let dropped = 0;
  for (const kept of ['short', 'normal', 'long'] as const) {
    const signals = [...plant.signals.values()].filter((s) => s.retention === kept).map((s) => s.id);
    if (signals.length === 0) continue;
    const before = nowUs - durationMs(plant.plant.retention[kept]) * 1000;
    dropped += (await history.retain({ before, signals })).samples;
  }
  return dropped;
}

/** Files of exports whose download broke off. */
async function dropStaleExports(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info && Date.now() - info.mtimeMs > staleExportMs) await rm(path, { recursive: true, force: true });
  }
}
