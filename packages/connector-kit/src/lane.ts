import { Worker } from 'node:worker_threads';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { createHost } from './host.ts';
import type { KitLimits } from './limits.ts';
import { type ConnectorSource, createLoader } from './load.ts';
import type { FromHost, ToHost } from './protocol.ts';

/** One place where connections run: a worker thread, or the main thread itself. */
export interface Lane {
  send(message: ToHost): void;
  /** Ends it at once. Nothing of it reports afterwards. */
  terminate(): Promise<void>;
}

export interface LaneEvents {
  onMessage(message: FromHost): void;
  /** It is dead: crashed, out of memory, or silent for `hungAfterMs`. Comes once. */
  onLost(detail: string): void;
}

interface LaneOptions {
  sources: readonly ConnectorSource[];
  limits: KitLimits;
  clock: Clock;
  log: Logger;
}

export function createThreadLane(options: LaneOptions, events: LaneEvents): Lane {
  const { sources, limits, clock } = options;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { sources: sources.map(({ type, module }) => ({ type, module })), limits },
    // V8 can end the whole process when one thread runs into its hard limit; the soft one below comes first.
    // A small nursery: batches are handed over and forgotten, a large one would only hold memory.
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: limits.workerHeapMb * 2 },
  });
  let over = false;
  let heardAt = clock.monotonicMs();
  let stopTimer = () => {};

  const lose = (detail: string) => {
    if (over) return;
    over = true;
    stopTimer();
    void worker.terminate();
    events.onLost(detail);
  };
  let dueAt = heardAt + limits.heartbeatMs;
  const beat = () => {
    const now = clock.monotonicMs();
    // When the main thread itself was held up, the worker's answers are still in its mailbox.
    if (now - dueAt > limits.heartbeatMs) heardAt = now;
    dueAt = now + limits.heartbeatMs;
    const silentMs = now - heardAt;
    if (silentMs > limits.hungAfterMs) return lose(`no sign of life for ${Math.round(silentMs / 1000)} s`);
    worker.postMessage({ type: 'ping' } satisfies ToHost);
    stopTimer = clock.after(limits.heartbeatMs, beat);
  };
  worker.on('message', (message: FromHost) => {
    if (over) return;
    heardAt = clock.monotonicMs();
    if (message.type !== 'pong') events.onMessage(message);
    else if (message.heapMb > limits.workerHeapMb) lose(`its heap grew to ${Math.round(message.heapMb)} MB`);
  });
  worker.on('error', (error) => lose(error instanceof Error ? error.message : String(error)));
  worker.on('messageerror', (error) => lose(`unreadable message: ${error.message}`));
  worker.on('exit', (code) => lose(`exit code ${code}`));
  stopTimer = clock.after(limits.heartbeatMs, beat);

  return {
    send: (message) => {
      if (!over) worker.postMessage(message);
    },
    async terminate() {
      over = true;
      stopTimer();
      await worker.terminate();
    },
  };
}

/** In the main thread. A connector that hangs or throws outside its promises is not contained here. */
export function createLocalLane(options: LaneOptions, events: LaneEvents): Lane {
  const { sources, limits, clock, log } = options;
  let over = false;
  const host = createHost({
    post: (message) => {
      if (!over) queueMicrotask(() => events.onMessage(copyState(message)));
    },
    load: createLoader(sources),
    clock,
    log,
    limits,
  });
  return {
    send: (message) => {
      if (!over) host.handle(message);
    },
    async terminate() {
      over = true;
      await host.close();
    },
  };
}

/** As a thread boundary would: the state is a picture of its moment. */
function copyState(message: FromHost): FromHost {
  if (message.type !== 'state') return message;
  return { ...message, state: { ...message.state, notices: [...message.state.notices] } };
}
