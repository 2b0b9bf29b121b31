import type { Caller } from '@deungdae/contracts/api.ts';
import type { Alarm, ConnectionHealth, MachineCard, Role, SignalValue } from '@deungdae/contracts/api-entities.ts';
import { type LiveFrame, LiveRequest } from '@deungdae/contracts/live.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { WebSocket } from 'ws';

/** How long changes are gathered before a frame goes out; well inside the 250 ms from machine to screen. */
const periodMs = 80;
/** Bytes that may wait in a socket; above it the next frame waits, and newer values replace older ones in it. */
const maxWaitingBytes = 256 * 1024;
const maxSockets = 500;
/** A screen that takes nothing for so long is let go; it may come back. */
const maxSilentMs = 60_000;
/** Alarms that wait for one socket; beyond it the next frame is a snapshot. */
const maxAlarms = 2_000;
/** How often it is asked whether who looks is still signed in. */
const recheckMs = 5_000;
const closeGraceMs = 1_000;
/** Connections tell of addresses and faults: for who sees that page. */
const connectionReaders: readonly Role[] = ['supervisor', 'engineer', 'administrator', 'auditor'];
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
  caller: Caller;
  /** Who the request's cookie or token belongs to now; null when to nobody. */
  recheck: () => Promise<Caller | null>;
  wants: LiveRequest;
  signals: Set<number>;
  snapshotDue: boolean;
  machines: Set<string>;
  values: Set<number>;
  alarms: Map<string, Alarm>;
  connections: boolean;
  lastSentMs: number;
  /** Since when the socket takes nothing. */
  fullSinceMs: number | null;
}

/** Sends each screen what it looks at: a snapshot, then changes. A slow socket gets fewer, newer frames. */
export class LiveHub {
  readonly #viewers = new Set<Viewer>();
  readonly #sources: LiveSources;
  readonly #clock: Clock;
  readonly #watched = new Map<number, number>();
  #stop: (() => void) | null = null;
  #checkedMs = 0;
  #closed = false;

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

  /** `recheck` is asked every five seconds: when the session has ended, so does the socket. */
  attach(socket: WebSocket, caller: Caller, recheck: () => Promise<Caller | null>): void {
    socket.on('error', () => socket.terminate());
    if (this.#closed || this.#viewers.size >= maxSockets) {
      this.#end(socket, this.#closed ? 1001 : 1013, this.#closed ? 'server stops' : 'too many screens');
      return;
    }
    const viewer: Viewer = {
      socket,
      caller,
      recheck,
      wants: LiveRequest.parse({}),
      signals: new Set(),
      snapshotDue: false,
      machines: new Set(),
      values: new Set(),
      alarms: new Map(),
      connections: false,
      lastSentMs: Number.NEGATIVE_INFINITY,
      fullSinceMs: null,
    };
    this.#viewers.add(viewer);
    socket.on('message', (data) => this.#request(viewer, String(data)));
    socket.on('close', () => this.#detach(viewer));
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
    for (const viewer of this.#viewers) {
      if (!viewer.wants.alarms) continue;
      for (const alarm of alarms) viewer.alarms.set(alarm.id, alarm);
      if (viewer.alarms.size <= maxAlarms) continue;
      viewer.alarms.clear();
      viewer.snapshotDue = true;
    }
  }

  connectionsChanged(): void {
    for (const viewer of this.#viewers) if (viewer.wants.connections) viewer.connections = true;
  }

  plantChanged(): void {
    for (const viewer of this.#viewers) viewer.snapshotDue = true;
  }

  close(): void {
    this.#closed = true;
    this.#stop?.();
    for (const viewer of this.#viewers) this.#end(viewer.socket, 1001, 'server stops');
    this.#viewers.clear();
  }

  /** Says good-bye; who does not answer is cut off, so that nobody can hold up a stop. */
  #end(socket: WebSocket, code: number, reason: string): void {
    const cancel = this.#clock.after(closeGraceMs, () => socket.terminate());
    socket.once('close', cancel);
    socket.close(code, reason);
  }

  #request(viewer: Viewer, text: string): void {
    const request = LiveRequest.safeParse(parseJson(text));
    if (!request.success) {
      this.#end(viewer.socket, 4400, 'request not understood');
      return;
    }
    this.#watch(viewer, request.data.signals);
    const connections = request.data.connections && connectionReaders.includes(viewer.caller.role);
    viewer.wants = { ...request.data, connections };
    viewer.snapshotDue = true;
    // The first at once; who asks again and again gets no more frames than others.
    if (this.#clock.monotonicMs() - viewer.lastSentMs >= periodMs) this.#send(viewer);
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
      this.#recheck();
      this.#stop = this.#viewers.size > 0 ? this.#clock.after(periodMs, turn) : null;
    };
    this.#stop = this.#clock.after(periodMs, turn);
  }

  #recheck(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#checkedMs < recheckMs) return;
    this.#checkedMs = nowMs;
    for (const viewer of this.#viewers) {
      viewer.recheck().then(
        (caller) => {
          if (caller?.role === viewer.caller.role) viewer.caller = caller;
          else this.#end(viewer.socket, 4401, 'not signed in');
        },
        // The store did not answer; asked again next time.
        () => {},
      );
    }
  }

  #send(viewer: Viewer): void {
    if (viewer.socket.readyState !== 1) return;
    const nowMs = this.#clock.monotonicMs();
    if (viewer.socket.bufferedAmount > maxWaitingBytes) {
      viewer.fullSinceMs ??= nowMs;
      if (nowMs - viewer.fullSinceMs > maxSilentMs) viewer.socket.terminate();
      return;
    }
    viewer.fullSinceMs = null;
    const frame = viewer.snapshotDue ? this.#snapshot(viewer) : this.#changes(viewer);
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
