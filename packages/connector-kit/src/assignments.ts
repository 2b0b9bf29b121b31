import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { backoffMs } from './backoff.ts';
import { createLocalLane, createThreadLane, type Lane } from './lane.ts';
import type { KitLimits } from './limits.ts';
import type { ConnectorSource } from './load.ts';
import type { FromHost, ToHost } from './protocol.ts';

interface Place {
  lane: Lane;
  /** Connection id → type. */
  connections: Map<string, string>;
  failures: number;
  bornAtMs: number;
  /** Set while it waits to be started again. */
  cancelRestart: (() => void) | null;
}

export interface AssignmentOptions {
  workers: number;
  sources: readonly ConnectorSource[];
  limits: KitLimits;
  clock: Clock;
  log: Logger;
  onMessage(message: FromHost): void;
  onLost(lane: number, connections: readonly string[], detail: string): void;
  onReady(connections: readonly string[]): void;
}

/**
 * Which connection runs in which lane. Connections of one type stay together until there are `connectionsPerWorker` of
 * them, so a bad driver takes few others with it, and a hundred controllers share a few threads. A place once given is
 * kept: a new connection never moves an old one. A lane that dies is started again with back-off, and one that dies again
 * and again is halved until the connection that kills it is alone.
 */
export class Assignments {
  readonly #o: AssignmentOptions;
  readonly #places: (Place | null)[];
  #closed = false;

  constructor(options: AssignmentOptions) {
    this.#o = options;
    this.#places = new Array<Place | null>(Math.max(1, options.workers)).fill(null);
  }

  /** The way to the lane of this connection, chosen now if it has none. */
  place(id: string, type: string): (message: ToHost) => void {
    let index = this.#places.findIndex((p) => p?.connections.has(id));
    if (index < 0) index = this.#choose(type);
    const place = this.#started(index);
    place.connections.set(id, type);
    return (message) => this.#places[index]?.lane.send(message);
  }

  leave(id: string): void {
    for (const place of this.#places) place?.connections.delete(id);
  }

  /** Where a trial runs: beside its connection, else where its type is. */
  forTrial(type: string, id?: string): { lane: number; send: (message: ToHost) => void } {
    let index = this.#places.findIndex((p) => id !== undefined && p?.connections.has(id));
    if (index < 0) index = this.#choose(type);
    this.#started(index);
    return { lane: index, send: (message) => this.#places[index]?.lane.send(message) };
  }

  /** Ends the lane of this connection as if it had crashed. */
  restartOf(id: string, detail: string): void {
    const index = this.#places.findIndex((p) => p?.connections.has(id));
    const place = this.#places[index];
    if (!place || this.#o.workers === 0 || place.cancelRestart) return;
    void place.lane.terminate();
    this.#lost(index, detail);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const place of this.#places) place?.cancelRestart?.();
    await Promise.all(this.#places.map((p) => p?.lane.terminate()));
  }

  /**
   * A worker that dies again and again holds one bad connection, and nobody knows which. Half of its connections get a
   * worker of their own, split between types where there are several: after a few deaths the bad one is alone.
   */
  #isolate(place: Place): void {
    if (place.connections.size < 2 || this.#places.length >= this.#o.workers + this.#o.limits.extraWorkers) return;
    const sorted = [...place.connections].sort(([, a], [, b]) => (a < b ? -1 : Number(a > b)));
    const middle = Math.ceil(sorted.length / 2);
    const boundary = sorted.findIndex(([, type], i) => i >= middle && type !== sorted[i - 1]![1]);
    const first = sorted.findIndex(([, type], i) => i > 0 && type !== sorted[i - 1]![1]);
    const moved = sorted.slice(boundary > 0 ? boundary : first > 0 ? first : middle);
    for (const [id] of moved) place.connections.delete(id);
    const index = this.#places.push(null) - 1;
    const fresh = this.#started(index);
    for (const [id, type] of moved) fresh.connections.set(id, type);
    this.#o.onReady(moved.map(([id]) => id));
  }

  #choose(type: string): number {
    let best = 0;
    let bestScore = Number.POSITIVE_INFINITY;
    this.#places.forEach((place, i) => {
      const all = place ? place.connections.size : 0;
      const same = place ? [...place.connections.values()].filter((t) => t === type).length : 0;
      // First where its type is and has room; else the emptiest.
      const score = same > 0 && same < this.#o.limits.connectionsPerWorker ? all - 1e6 : all;
      if (score < bestScore) {
        best = i;
        bestScore = score;
      }
    });
    return best;
  }

  #started(index: number): Place {
    const existing = this.#places[index];
    if (existing) return existing;
    const place: Place = {
      lane: this.#start(index),
      connections: new Map(),
      failures: 0,
      bornAtMs: this.#o.clock.monotonicMs(),
      cancelRestart: null,
    };
    this.#places[index] = place;
    return place;
  }

  #start(index: number): Lane {
    const { workers, sources, limits, clock, log, onMessage } = this.#o;
    const create = workers === 0 ? createLocalLane : createThreadLane;
    return create({ sources, limits, clock, log }, { onMessage, onLost: (detail) => this.#lost(index, detail) });
  }

  #lost(index: number, detail: string): void {
    const place = this.#places[index];
    if (!place || this.#closed || place.cancelRestart) return;
    const { clock, limits } = this.#o;
    // A lane that ran for five minutes has shown that it can: its back-off starts anew.
    place.failures = clock.monotonicMs() - place.bornAtMs > 300_000 ? 1 : place.failures + 1;
    this.#o.onLost(index, [...place.connections.keys()], detail);
    if (place.failures >= 2) this.#isolate(place);
    place.cancelRestart = clock.after(backoffMs(place.failures, limits, Math.random), () => {
      place.cancelRestart = null;
      place.bornAtMs = clock.monotonicMs();
      place.lane = this.#start(index);
      this.#o.onReady([...place.connections.keys()]);
    });
  }
}
