import type { Caller } from '@deungdae/contracts/api.ts';
import type { Alarm, ConnectionHealth, MachineCard, SignalValue } from '@deungdae/contracts/api-entities.ts';
import { type LiveFrame, LiveRequest } from '@deungdae/contracts/live.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { WebSocket } from 'ws';

/** How long changes are gathered before a frame goes out; well inside the 250 ms from machine to screen. */
const periodMs = 80;
/** Bytes that may wait in a socket; above it the next frame waits, and newer values replace older ones in it. */
const maxWaitingBytes = 256 * 1024;
const maxSockets = 500;
const keepAliveMs = 5_000;

export interface LiveSources {
  cards(): MachineCard[];
  card(equipment: string): MachineCard | null;
  alarms(): Alarm[];
  connections(): ConnectionHealth[];
  values(ids: readonly number[]): SignalValue[];
  plantRevision(): string;
}

/** What one socket looks at, and what changed of it since its last frame: keys only, so it cannot grow with time. */
interface Viewer {
  socket: WebSocket;
  wants: LiveRequest;
  signals: Set<number>;
  snapshotDue: boolean;
  machines: Set<string>;
  values: Set<number>;
  alarms: Map<string, Alarm>;
  connections: boolean;
  lastSentMs: number;
}

/** Sends each screen what it looks at: a snapshot, then changes. A slow socket gets fewer, newer frames. */
export class LiveHub {
  readonly #viewers = new Set<Viewer>();
  readonly #sources: LiveSources;
  readonly #clock: Clock;
  readonly #watched = new Map<number, number>();
  #stop: (() => void) | null = null;

  constructor(sources: LiveSources, clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Signals that somebody looks at now. */
  watches(signal: number): boolean {
    return this.#watched.has(signal);
  }

  get watchesAny(): boolean {
    return this.#watched.size > 0;
  }

  attach(socket: WebSocket, _caller: Caller): void {
    if (this.#viewers.size >= maxSockets) {
      socket.close(1013, 'too many screens');
      return;
    }
    const viewer: Viewer = {
      socket,
      wants: LiveRequest.parse({}),
      signals: new Set(),
      snapshotDue: false,
      machines: new Set(),
      values: new Set(),
      alarms: new Map(),
      connections: false,
      lastSentMs: 0,
    };
    this.#viewers.add(viewer);
    socket.on('message', (data) => this.#request(viewer, String(data)));
    socket.on('close', () => this.#detach(viewer));
    socket.on('error', () => socket.terminate());
    this.#run();
  }

  machinesChanged(equipment: readonly string[]): void {
    for (const viewer of this.#viewers) if (viewer.wants.floor) for (const path of equipment) viewer.machines.add(path);
  }

  valuesChanged(signals: Iterable<number>): void {
    for (const signal of signals)
      for (const viewer of this.#viewers) if (viewer.signals.has(signal)) viewer.values.add(signal);
  }

  alarmsChanged(alarms: readonly Alarm[]): void {
    for (const viewer of this.#viewers)
      if (viewer.wants.alarms) for (const alarm of alarms) viewer.alarms.set(alarm.id, alarm);
  }

  connectionsChanged(): void {
    for (const viewer of this.#viewers) if (viewer.wants.connections) viewer.connections = true;
  }

  plantChanged(): void {
    for (const viewer of this.#viewers) viewer.snapshotDue = true;
  }

  close(): void {
    this.#stop?.();
    for (const viewer of this.#viewers) viewer.socket.close(1001, 'server stops');
    this.#viewers.clear();
  }

  #request(viewer: Viewer, text: string): void {
    const request = LiveRequest.safeParse(parseJson(text));
    if (!request.success) {
      viewer.socket.close(4400, 'request not understood');
      return;
    }
    this.#watch(viewer, request.data.signals);
    viewer.wants = request.data;
    viewer.snapshotDue = true;
    this.#send(viewer);
  }

  #watch(viewer: Viewer, signals: readonly number[]): void {
    for (const id of viewer.signals) {
      const left = (this.#watched.get(id) ?? 1) - 1;
      if (left > 0) this.#watched.set(id, left);
      else this.#watched.delete(id);
    }
    viewer.signals = new Set(signals);
    for (const id of viewer.signals) this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
  }

  #detach(viewer: Viewer): void {
    this.#watch(viewer, []);
    this.#viewers.delete(viewer);
  }

  #run(): void {
    if (this.#stop) return;
    const turn = () => {
      for (const viewer of this.#viewers) this.#send(viewer);
      this.#stop = this.#viewers.size > 0 ? this.#clock.after(periodMs, turn) : null;
    };
    this.#stop = this.#clock.after(periodMs, turn);
  }

  #send(viewer: Viewer): void {
    if (viewer.socket.readyState !== 1 || viewer.socket.bufferedAmount > maxWaitingBytes) return;
    const frame = viewer.snapshotDue ? this.#snapshot(viewer) : this.#changes(viewer);
    const nowMs = this.#clock.monotonicMs();
    if (!frame && nowMs - viewer.lastSentMs < keepAliveMs) return;
    viewer.lastSentMs = nowMs;
    viewer.socket.send(JSON.stringify(frame ?? { at: this.#clock.nowUs() }));
  }

  #snapshot(viewer: Viewer): LiveFrame {
    const { wants } = viewer;
    const frame: LiveFrame = { at: this.#clock.nowUs(), plantRevision: this.#sources.plantRevision() };
    if (wants.floor) frame.machines = this.#sources.cards();
    if (wants.alarms) frame.alarms = this.#sources.alarms();
    if (wants.connections) frame.connections = this.#sources.connections();
    if (wants.signals.length > 0) frame.values = this.#sources.values(wants.signals);
    this.#clear(viewer);
    return frame;
  }

  #changes(viewer: Viewer): LiveFrame | null {
    if (viewer.machines.size + viewer.values.size + viewer.alarms.size === 0 && !viewer.connections) return null;
    const frame: LiveFrame = { at: this.#clock.nowUs() };
    if (viewer.machines.size > 0)
      frame.machines = [...viewer.machines].flatMap((path) => this.#sources.card(path) ?? []);
    if (viewer.values.size > 0) frame.values = this.#sources.values([...viewer.values]);
    if (viewer.alarms.size > 0) frame.alarms = [...viewer.alarms.values()];
    if (viewer.connections) frame.connections = this.#sources.connections();
    this.#clear(viewer);
    return frame;
  }

  #clear(viewer: Viewer): void {
    viewer.snapshotDue = viewer.connections = false;
    viewer.machines.clear();
    viewer.values.clear();
    viewer.alarms.clear();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
