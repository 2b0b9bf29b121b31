import { mkdir } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { type CodedError, toCoded } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { createBudget } from './budget.ts';
import { kitError } from './errors.ts';
import { errorText, newLoopState } from './health.ts';
import type { KitLimits } from './limits.ts';
import type { Loader } from './load.ts';
import { type RunningConnection, runConnection } from './loop.ts';
import type { ConnectionSpec, FromHost, ToHost } from './protocol.ts';
import { createRedactor } from './secrets.ts';
import { createTrials } from './trials.ts';
import { settled } from './waiting.ts';

export interface Host {
  handle(message: ToHost): void;
  /** Closes all. Resolves when nothing runs. */
  close(): Promise<void>;
}

interface Hosted {
  epoch: number;
  /** Null while the connector's code is being loaded. */
  running: RunningConnection | null;
  stop: AbortController;
  opened: Promise<void>;
  /** Batches on their way to the disk, by number. */
  waiting: Map<number, { resolve: () => void; reject: (e: Error) => void }>;
}

const stateEveryMs = 1_000;
const loadRetryMs = 5_000;

/** The connections of one worker. The same code runs in a worker thread and, for tests and replay, in the main one. */
export function createHost(options: {
  post: (message: FromHost) => void;
  load: Loader;
  clock: Clock;
  log: Logger;
  limits: KitLimits;
}): Host {
  const { post, load, clock, log, limits } = options;
  const budget = createBudget(limits.laneSamples);
  const connections = new Map<string, Hosted>();
  const trials = createTrials({ post, load, clock, log, limits, live: (id) => connections.get(id)?.running?.live() });
  let stopTick = () => {};

  const tick = () => {
    for (const [id, c] of connections)
      if (c.running) post({ type: 'state', id, epoch: c.epoch, state: c.running.state });
    stopTick = clock.after(stateEveryMs, tick);
  };
  stopTick = clock.after(stateEveryMs, tick);

  /** Code that cannot be loaded is an outage like any other: it is told and tried again. */
  const start = async (spec: ConnectionSpec, c: Hosted) => {
    while (!c.stop.signal.aborted) {
      try {
        const definition = await load(spec.type);
        await mkdir(spec.stateDir, { recursive: true, mode: 0o700 });
        if (!c.stop.signal.aborted) c.running = launch(spec, c, definition);
        return;
      } catch (error) {
        reportLoadFailure(spec.id, c.epoch, toCoded(error, 'kit.failed'));
        await settled(clock.sleep(loadRetryMs, c.stop.signal));
      }
    }
  };

  const reportLoadFailure = (id: string, epoch: number, error: CodedError) => {
    const at = clock.nowUs();
    const lastError = errorText(error, createRedactor([]), at);
    const state = { ...newLoopState(at), status: 'lost' as const, lastError };
    post({ type: 'state', id, epoch, state });
  };

  const launch = (spec: ConnectionSpec, c: Hosted, definition: Awaited<ReturnType<Loader>>): RunningConnection => {
    const { id } = spec;
    const { epoch } = c;
    let seq = 0;
    return runConnection({
      connectionId: id,
      definition,
      config: spec.config,
      signals: spec.signals,
      stateDir: spec.stateDir,
      clock,
      log: log.child({ connection: id }),
      limits,
      purse: budget.open(limits.connectionSamples),
      deliver: (batch) =>
        new Promise((resolve, reject) => {
          const number = ++seq;
          c.waiting.set(number, { resolve, reject });
          post({ type: 'batch', id, epoch, seq: number, batch });
        }),
      onChange: (state) => post({ type: 'state', id, epoch, state }),
      onNotice: (notice) => post({ type: 'notice', id, epoch, notice }),
      onStuck: () => post({ type: 'stuck', id, epoch }),
    });
  };

  const open = (epoch: number, spec: ConnectionSpec) => {
    const c: Hosted = {
      epoch,
      running: null,
      stop: new AbortController(),
      opened: Promise.resolve(),
      waiting: new Map(),
    };
    connections.set(spec.id, c);
    c.opened = start(spec, c);
  };

  const close = async (id: string, c: Hosted) => {
    c.stop.abort();
    await settled(c.opened);
    if (c.running) await settled(c.running.close());
    for (const w of c.waiting.values()) w.reject(kitError('kit.closed'));
    if (c.running) post({ type: 'state', id, epoch: c.epoch, state: c.running.state });
    if (connections.get(id) === c) connections.delete(id);
    post({ type: 'closed', id, epoch: c.epoch });
  };

  return {
    handle(message) {
      switch (message.type) {
        case 'open':
          return open(message.epoch, message.spec);
        case 'close': {
          const c = connections.get(message.id);
          if (c && c.epoch === message.epoch) void close(message.id, c);
          return;
        }
        case 'ack': {
          const c = connections.get(message.id);
          if (c?.epoch !== message.epoch) return;
          c.waiting.get(message.seq)?.resolve();
          c.waiting.delete(message.seq);
          return;
        }
        case 'ping':
          return post({ type: 'pong', heapMb: getHeapStatistics().used_heap_size / 1_048_576 });
        default:
          return trials.handle(message);
      }
    },
    async close() {
      stopTick();
      trials.close();
      await Promise.all([...connections].map(([id, c]) => close(id, c)));
    },
  };
}
