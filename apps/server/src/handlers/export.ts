import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { History } from '@deungdae/history/history.ts';
import { serverError } from '../errors.ts';
import { FileAnswer } from '../http.ts';
import type { PlantHost } from '../plant-host.ts';

/** Samples as a file: written beside the data, sent, and removed. At most three at a time. */
const maxAtOnce = 3;

export function createExportHandler(deps: { history: History; host: PlantHost; dataDir: string }): Handlers {
  let running = 0;
  return {
    async export({ query }) {
      if (running >= maxAtOnce) throw serverError('server.tooManyRequests', { seconds: 10 }, { status: 429 });
      const signals = query.ids.split(',').map(Number);
      const unknown = signals.find((id) => !deps.host.model.signals.has(id));
      if (unknown !== undefined)
        throw serverError('server.inputWrong', { path: 'query.ids', detail: String(unknown) }, { status: 404 });
      running++;
      await mkdir(join(deps.dataDir, 'exports'), { recursive: true });
      const folder = await mkdtemp(join(deps.dataDir, 'exports', 'x-'));
      const done = () => {
        running--;
        void rm(folder, { recursive: true, force: true });
      };
      try {
        const name = `deungdae-${new Date(query.from / 1000).toISOString().slice(0, 10)}.${query.format}`;
        const file = join(folder, name);
        await deps.history.export({ signals, from: query.from, to: query.to, format: query.format, file });
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
