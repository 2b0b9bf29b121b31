import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { History } from '@deungdae/history/history.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { backUp, backupError } from '../backup.ts';

export interface SystemDeps {
  dataDir: string;
  plantFile: string;
  history: History;
  ledger: Ledger;
  stream: Stream;
  clock: Clock;
  version: string;
  demo: boolean;
  samplesPerSecond: () => number;
}

export function systemHandlers(deps: SystemDeps): Handlers {
  const startedAt = deps.clock.nowUs();
  let backingUp = false;
  return {
    async system() {
      const [history, disk] = await Promise.all([deps.history.stats(), statfs(deps.dataDir)]);
      const stream = deps.stream.stats();
      return {
        version: deps.version,
        startedAt,
        node: process.version,
        memoryMb: Math.round(process.memoryUsage.rss() / 1_048_576),
        history: {
          samples: history.samples,
          bytes: history.bytes,
          sealedFiles: history.sealedFiles,
          hotSamples: history.hotSamples,
        },
        stream: {
          ingested: stream.ingested,
          pendingSamples: stream.pendingSamples,
          samplesPerSecond: deps.samplesPerSecond(),
        },
        diskFreeMb: Math.round((disk.bavail * disk.bsize) / 1_048_576),
        demo: deps.demo,
      };
    },
    async backup({ body }, caller) {
      if (backingUp) throw backupError('backup.running', {}, { status: 409 });
      backingUp = true;
      try {
        const made = await backUp({ ...deps, directory: join(deps.dataDir, 'backups', body.name) });
        await deps.ledger.transaction(async (_tx, emit) => {
          await emit({
            type: 'backup.made',
            subject: `backup/${body.name}`,
            actor: actorOf(caller),
            data: { bytes: made.bytes },
          });
        });
        return made;
      } finally {
        backingUp = false;
      }
    },
  };
}
