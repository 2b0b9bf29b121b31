import { parentPort, workerData } from 'node:worker_threads';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { createHost } from './host.ts';
import type { KitLimits } from './limits.ts';
import { type ConnectorSource, createLoader } from './load.ts';
import type { FromHost, ToHost } from './protocol.ts';

/** Entry of a worker thread: the connections given to it, and nothing else of the plant. */
const port = parentPort!;
const { sources, limits } = workerData as { sources: ConnectorSource[]; limits: KitLimits };

const logger = (bound: object): Logger => {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) =>
    port.postMessage({ type: 'log', level, fields: plain({ ...bound, ...fields }), message } satisfies FromHost);
  return {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: (fields) => logger({ ...bound, ...fields }),
  };
};

const host = createHost({
  post,
  load: createLoader(sources),
  clock: systemClock,
  log: logger({}),
  limits,
});
port.on('message', (message: ToHost) => host.handle(message));

/** Columns are moved, not copied. */
function post(message: FromHost): void {
  port.postMessage(message, message.type === 'batch' ? buffersOf(message.batch) : []);
}

function buffersOf(batch: SampleBatch): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>([
    batch.signals.buffer,
    batch.times.buffer,
    batch.numbers.buffer,
    batch.quality.buffer,
  ]);
  return [...buffers] as ArrayBuffer[];
}

/** What a log line may carry across threads: functions and handles would make the message fail. */
function plain(fields: object): object {
  try {
    return structuredClone(fields);
  } catch {
    return JSON.parse(JSON.stringify(fields)) as object;
  }
}
