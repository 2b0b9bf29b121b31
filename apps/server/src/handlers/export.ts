import { mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { History } from '@deungdae/history/history.ts';
import { FileAnswer } from '@deungdae/kernel/answers.ts';
import type { PublicCaller } from '../admission.ts';
import { serverError } from '../errors.ts';
import type { PlantHost } from '../plant-host.ts';

/** Samples as a file: written beside the data, sent, and removed. At most three at a time. */
const maxAtOnce = 3;
const maxSignals = 2_000;
/** An export may not fill the disk that the samples need: a fifth of what is free, at most this. */
const maxMb = 4_096;
const shareOfFree = 0.2;
const watchMs = 250;

export function createExportHandler(deps: {
  history: History;
  host: PlantHost;
  dataDir: string;
  maxMb?: number;
}): Handlers {
  let running = 0;
  return {
    async export({ query }, caller) {
      if (running >= maxAtOnce) throw serverError('server.tooManyRequests', { seconds: 10 }, { status: 429 });
      const signals = query.ids.split(',').map(Number);
      if (signals.length > maxSignals)
        throw serverError('server.inputWrong', { path: 'query.ids', detail: `> ${maxSignals}` }, { status: 400 });
      const unknown = signals.find((id) => !deps.host.model.signals.has(id));
      if (unknown !== undefined)
        throw serverError('server.inputWrong', { path: 'query.ids', detail: String(unknown) }, { status: 404 });
      running++;
      let folder = '';
      const done = () => {
        running--;
        if (folder) void rm(folder, { recursive: true, force: true });
      };
      try {
        await mkdir(join(deps.dataDir, 'exports'), { recursive: true, mode: 0o700 });
        folder = await mkdtemp(join(deps.dataDir, 'exports', 'x-'));
        const name = `deungdae-${new Date(query.from / 1000).toISOString().slice(0, 10)}.${query.format}`;
        const file = join(folder, name);
        const mb = Math.floor(Math.min(deps.maxMb ?? maxMb, (await freeMb(deps.dataDir)) * shareOfFree));
        await withinLimit(folder, mb, (caller as PublicCaller).gone, (abort) =>
          deps.history.export({ signals, from: query.from, to: query.to, format: query.format, file, abort }),
        );
        return new FileAnswer(
          file,
          name,
          query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet',
          done,
        );
      } catch (error) {
        done();
        throw error;
      }
    },
  };
}

async function freeMb(folder: string): Promise<number> {
  const disk = await statfs(folder);
  return (disk.bavail * disk.bsize) / 1_048_576;
}

/** Stops the work when its folder outgrows the limit, or when nobody waits for the file any more. */
async function withinLimit(
  folder: string,
  mb: number,
  gone: AbortSignal | undefined,
  work: (abort: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const tooLarge = new AbortController();
  const watch = setInterval(async () => {
    const sizes = await Promise.all(
      (await readdir(folder).catch(() => [])).map((name) =>
        stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    if (sizes.reduce((a, b) => a + b, 0) > mb * 1_048_576) tooLarge.abort();
  }, watchMs);
  try {
    await work(AbortSignal.any([tooLarge.signal, ...(gone ? [gone] : [])]));
  } catch (error) {
    throw tooLarge.signal.aborted ? serverError('server.exportTooLarge', { mb }, { status: 413 }) : error;
  } finally {
    clearInterval(watch);
  }
}
