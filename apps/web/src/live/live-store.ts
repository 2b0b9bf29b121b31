import type { Alarm, ConnectionHealth, MachineCard, SignalValue } from '@deungdae/contracts/api-entities.ts';
import type { LiveFrame, LiveRequest } from '@deungdae/contracts/live.ts';

type C = ConnectionHealth;
/** What a component listens to; a frame wakes only those whose keys it changed. */
export type LiveKey =
  | `machine:${string}`
  | `value:${number}`
  | 'machines'
  | 'alarms'
  | 'connections'
  | 'status'
  | 'revision';
export interface LiveStatus {
  connected: boolean;
  /** ms, by the server's clock as this browser knows it, when the last frame came; 0 before the first. */
  lastFrameAt: number;
}
type Topic = 'floor' | 'alarms' | 'connections';

/**
 * The newest of everything live, by key. Frames are merged as they come (a newer value replaces the older one), and
 * listeners are told once per animation frame, so that a burst costs one drawing.
 */
export class LiveStore {
  readonly #machines = new Map<string, MachineCard>();
  readonly #values = new Map<number, SignalValue>();
  readonly #alarms = new Map<string, Alarm>();
  readonly #connections = new Map<string, C>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #dirty = new Set<string>();
  readonly #topics = new Map<Topic, number>();
  readonly #signals = new Map<number, number>();
  readonly #awaitingSnapshot = new Set<Topic>();
  readonly #schedule: (work: () => void) => void;
  #scheduled = false;
  #lists: { machines: readonly MachineCard[]; alarms: readonly Alarm[]; connections: readonly C[] } = {
    machines: [],
    alarms: [],
    connections: [],
  };
  #status: LiveStatus = { connected: false, lastFrameAt: 0 };
  #revision: string | null = null;
  #onInterest: () => void = () => {};

  constructor(schedule: (work: () => void) => void) {
    this.#schedule = schedule;
  }

  subscribe(key: LiveKey, listener: () => void): () => void {
    const set = this.#listeners.get(key) ?? new Set();
    set.add(listener);
    this.#listeners.set(key, set);
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#listeners.delete(key);
    };
  }

  machine(path: string): MachineCard | undefined {
    return this.#machines.get(path);
  }
  machines(): readonly MachineCard[] {
    return this.#lists.machines;
  }
  value(id: number): SignalValue | undefined {
    return this.#values.get(id);
  }
  alarms(): readonly Alarm[] {
    return this.#lists.alarms;
  }
  connections(): readonly C[] {
    return this.#lists.connections;
  }
  status(): LiveStatus {
    return this.#status;
  }
  revision(): string | null {
    return this.#revision;
  }

  /** Counts one more viewer of a topic; the answer ends it. */
  watch(topic: Topic): () => void {
    const count = this.#topics.get(topic) ?? 0;
    this.#topics.set(topic, count + 1);
    if (count === 0) {
      this.#awaitingSnapshot.add(topic);
      this.#onInterest();
    }
    return () => {
      this.#topics.set(topic, (this.#topics.get(topic) ?? 1) - 1);
      this.#onInterest();
    };
  }

  watchSignals(ids: readonly number[]): () => void {
    for (const id of ids) this.#signals.set(id, (this.#signals.get(id) ?? 0) + 1);
    this.#onInterest();
    return () => {
      for (const id of ids) {
        const count = (this.#signals.get(id) ?? 1) - 1;
        if (count > 0) this.#signals.set(id, count);
        else this.#signals.delete(id);
      }
      this.#onInterest();
    };
  }

  /** What the socket must ask for now. At most 2000 signals, the contract's limit: the newest watched are kept. */
  request(): LiveRequest {
    return {
      floor: (this.#topics.get('floor') ?? 0) > 0,
      alarms: (this.#topics.get('alarms') ?? 0) > 0,
      connections: (this.#topics.get('connections') ?? 0) > 0,
      signals: [...this.#signals.keys()].slice(-2000),
    };
  }

  onInterest(listener: () => void): void {
    this.#onInterest = listener;
  }

  opened(): void {
    for (const topic of ['floor', 'alarms', 'connections'] as const) this.#awaitingSnapshot.add(topic);
    this.#setStatus({ ...this.#status, connected: true });
  }

  closed(): void {
    this.#setStatus({ ...this.#status, connected: false });
  }

  take(frame: LiveFrame, now: number): void {
    this.#setStatus({ connected: true, lastFrameAt: now });
    if (frame.machines)
      this.#takeAll('floor', this.#machines, frame.machines, (m) => m.equipment, 'machines', 'machine');
    if (frame.connections)
      this.#takeAll('connections', this.#connections, frame.connections, (c) => c.id, 'connections');
    if (frame.alarms) {
      this.#takeAll('alarms', this.#alarms, frame.alarms, (a) => a.id, 'alarms');
      for (const alarm of frame.alarms) if (alarm.state === 'normal') this.#alarms.delete(alarm.id);
    }
    for (const value of frame.values ?? []) {
      this.#values.set(value.id, value);
      this.#mark(`value:${value.id}`);
    }
    if (frame.plantRevision && frame.plantRevision !== this.#revision) {
      this.#revision = frame.plantRevision;
      this.#mark('revision');
    }
  }

  /** Puts what a request answered (an acknowledged alarm) in place before the next frame comes. */
  put(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) {
      if (alarm.state === 'normal') this.#alarms.delete(alarm.id);
      else this.#alarms.set(alarm.id, alarm);
    }
    this.#mark('alarms');
  }

  #takeAll<T>(
    topic: Topic,
    map: Map<string, T>,
    items: readonly T[],
    idOf: (item: T) => string,
    list: 'machines' | 'alarms' | 'connections',
    each?: 'machine',
  ): void {
    if (this.#awaitingSnapshot.delete(topic)) map.clear();
    for (const item of items) {
      map.set(idOf(item), item);
      if (each) this.#mark(`${each}:${idOf(item)}`);
    }
    this.#mark(list);
  }

  #setStatus(status: LiveStatus): void {
    this.#status = status;
    this.#mark('status');
  }

  #mark(key: string): void {
    this.#dirty.add(key);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const keys = [...this.#dirty];
    this.#dirty.clear();
    if (keys.includes('machines')) this.#lists.machines = [...this.#machines.values()];
    if (keys.includes('alarms')) this.#lists.alarms = [...this.#alarms.values()];
    if (keys.includes('connections')) this.#lists.connections = [...this.#connections.values()];
    for (const key of keys) for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}
