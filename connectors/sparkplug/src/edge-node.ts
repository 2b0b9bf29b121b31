import type { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { NodeBindings, Target } from './bindings.ts';
import { MetricColumns, numberOf } from './columns.ts';
import { EdgeNodeState, type Step } from './edge-node-state.ts';
import { NodeMetrics } from './node-metrics.ts';
import type { Sampling } from './sampling.ts';
import type { EdgeVerb } from './topics.ts';

/** One message as it came; held back as bytes, because decoded columns are used again for the next message. */
interface Arrived {
  verb: EdgeVerb;
  device: string | null;
  payload: Buffer;
  us: number;
}

export interface EdgeNodeEvents {
  rebirth(node: string, reason: string): void;
  /** Born or dead: no rebirth is needed now. */
  settled(node: string): void;
  notice(code: string, key: string, params: () => Record<string, string | number>): void;
}

/** Bytes held back per node while a message is missing; beyond it the message is given up. */
const maxHeldBytes = 8 * 1024 * 1024;

const current = new MetricColumns(1024);
const replayed = new MetricColumns(128);

/** One edge node as the host sees it: its session's state, its metrics, and where its samples go. */
export class EdgeNode {
  readonly key: string;
  readonly #state = new EdgeNodeState<Arrived>();
  readonly #metrics: NodeMetrics;
  readonly #bindings: NodeBindings;
  readonly #clock: Clock;
  readonly #events: EdgeNodeEvents;
  readonly #sampling: Sampling;
  readonly #reorderTimeoutMs: number;
  #heldBytes = 0;
  #stopTimer: (() => void) | null = null;
  /** Called when samples were added outside of a message: by the reorder timer. */
  onLate: () => void = () => {};

  constructor(
    key: string,
    bindings: NodeBindings,
    options: { builder: BatchBuilder; clock: Clock; reorderTimeoutMs: number; events: EdgeNodeEvents },
  ) {
    this.key = key;
    this.#bindings = bindings;
    this.#metrics = new NodeMetrics(bindings);
    this.#clock = options.clock;
    this.#events = options.events;
    this.#reorderTimeoutMs = options.reorderTimeoutMs;
    this.#sampling = {
      builder: options.builder,
      fallbackUs: 0,
      quality: Quality.good,
      gapUs: 0,
      knownAgainUs: 0,
      wrongType: (target, value) => this.#wrongType(target, value),
    };
    this.#lastGapUs = new Map();
  }

  /** µs UTC of the last gap written for the node or a device (or before the session began). */
  readonly #lastGapUs: Map<string | null, number>;

  /** A new session of the host began at `us`: births are needed again. */
  restart(us: number): void {
    this.#stopWaiting();
    this.#state.forget();
    this.#metrics.forget();
    this.#lastGapUs.clear();
    for (const device of this.#bindings.devices()) this.#lastGapUs.set(device, us);
  }

  stop(): void {
    this.#stopWaiting();
  }

  /** Takes one message. Throws `sparkplug.malformed` when it cannot be decoded; nothing has changed then. */
  take(verb: EdgeVerb, device: string | null, payload: Buffer): void {
    const us = this.#clock.nowUs();
    current.decode(payload);
    const bdSeq = verb === 'NBIRTH' || verb === 'NDEATH' ? bdSeqOf(current) : Number.NaN;
    const item: Arrived = { verb, device, payload, us };
    const steps = this.#state.accept({ verb, device, seq: current.seq, bdSeq, item });
    this.#run(steps, item);
    if (!this.#state.waiting) this.#stopWaiting();
    else this.#wait(payload.length);
  }

  #wait(bytes: number): void {
    this.#heldBytes += bytes;
    if (this.#reorderTimeoutMs === 0 || this.#heldBytes > maxHeldBytes) this.#timeOut();
    else this.#stopTimer ??= this.#clock.after(this.#reorderTimeoutMs, () => this.#timeOut());
  }

  #stopWaiting(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#heldBytes = 0;
  }

  #timeOut(): void {
    this.#stopWaiting();
    this.#run(this.#state.timedOut(), null);
    this.onLate();
  }

  #run(steps: Step<Arrived>[], now: Arrived | null): void {
    for (const step of steps) {
      switch (step.do) {
        case 'process':
          this.#process(step.item, step.item === now ? current : replayed.decode(step.item.payload), step.uncertain);
          break;
        case 'nodeOffline':
          this.#nodeOffline();
          break;
        case 'deviceOffline':
          this.#deviceOffline(step.device, step.item, now);
          break;
        case 'rebirth':
          this.#events.rebirth(this.key, step.reason);
          break;
        case 'gapInSequence':
          this.#events.notice('sparkplug.sequenceGap', this.key, () => ({
            node: this.key,
            expected: step.expected,
            got: step.got,
          }));
          break;
        case 'oldDeath':
          this.#events.notice('sparkplug.oldDeath', this.key, () => ({
            node: this.key,
            expected: step.expected,
            got: step.got,
          }));
      }
    }
    if (now?.verb === 'NDEATH' && this.#state.status === 'offline') this.#events.settled(this.key);
  }

  #process(item: Arrived, columns: MetricColumns, uncertain: boolean): void {
    const s = this.#sampling;
    const noTime = Number.isNaN(columns.timestamp);
    s.fallbackUs = noTime ? item.us : columns.timestamp * 1000;
    s.quality = uncertain || noTime ? Quality.uncertain : Quality.good;
    s.gapUs = 0;
    if (item.verb === 'NBIRTH' || item.verb === 'DBIRTH') this.#birth(item, columns);
    else {
      const unknown = this.#metrics.data(item.device, columns, s);
      if (unknown !== null) this.#events.rebirth(this.key, `unknown metric ${unknown}`);
    }
  }

  #birth(item: Arrived, columns: MetricColumns): void {
    const s = this.#sampling;
    const gapUs = this.#lastGapUs.get(item.device) ?? 0;
    s.gapUs = gapUs;
    s.knownAgainUs = Math.max(s.fallbackUs, gapUs + 1);
    if (item.verb === 'NBIRTH') this.#events.settled(this.key);
    const { collisions, missing, vanished } = this.#metrics.birth(item.device, columns, s);
    this.#lastGapUs.delete(item.device);
    for (const signal of vanished) s.builder.addNumber(signal, item.us, Number.NaN, Quality.gap);
    const node = item.device === null ? this.key : `${this.key}/${item.device}`;
    for (const c of collisions.slice(0, 5)) {
      this.#events.notice('sparkplug.aliasCollision', node, () => ({
        node: this.key,
        alias: String(c.alias),
        first: c.first,
        second: c.second,
      }));
    }
    for (const metric of missing.slice(0, 5))
      this.#events.notice('sparkplug.unknownMetric', `${node} ${metric}`, () => ({ node, metric }));
  }

  /** Gaps at our own time: the death may have been written long before it was sent (will messages are). */
  #nodeOffline(): void {
    const us = this.#clock.nowUs();
    for (const device of this.#bindings.devices()) this.#gaps(device, us);
    this.#metrics.forget();
  }

  /** Gaps at the time of the DDEATH (specification: operational-behavior-edge-node-termination-host-action-ddeath). */
  #deviceOffline(device: string, item: Arrived | null, now: Arrived | null): void {
    let us = this.#clock.nowUs();
    if (item) {
      const columns = item === now ? current : replayed.decode(item.payload);
      if (!Number.isNaN(columns.timestamp)) us = columns.timestamp * 1000;
    }
    this.#gaps(device, us);
    this.#metrics.dropDevice(device);
  }

  #gaps(device: string | null, us: number): void {
    this.#lastGapUs.set(device, us);
    for (const signal of this.#metrics.signalsOf(device))
      this.#sampling.builder.addNumber(signal, us, Number.NaN, Quality.gap);
  }

  #wrongType(target: Target, value: unknown): void {
    this.#events.notice('sparkplug.wrongType', target.path, () => ({
      path: target.path,
      value: String(value).slice(0, 80),
    }));
  }
}

/** The metric `bdSeq` of a birth or death; NaN when there is none. It stands first or last in practice. */
function bdSeqOf(columns: MetricColumns): number {
  for (let i = 0; i < columns.length; i++)
    if (columns.name(i) === 'bdSeq') return numberOf(columns, i, columns.datatype[i]!);
  return Number.NaN;
}
