import type { EdgeVerb } from './topics.ts';

/**
 * What a host knows of one edge node's session, and what follows from each message: pure, without clock or network.
 * Messages are numbered 0 … 255 over the node and all its devices; a death belongs to the birth of the same bdSeq.
 */
export interface EdgeMessage<T> {
  verb: EdgeVerb;
  device: string | null;
  /** NaN when the payload had none. */
  seq: number;
  /** Of NBIRTH and NDEATH; NaN when there is none. */
  bdSeq: number;
  /** The message itself, given back in the steps. */
  item: T;
}

export type RebirthReason = 'unknownNode' | 'unknownDevice' | 'sequenceGap' | 'noSequence';

export type Step<T> =
  /** Take the values; `uncertain` while a message is missing and the aliases may have changed. */
  | { do: 'process'; item: T; uncertain: boolean }
  /** The node and all its devices are gone. */
  | { do: 'nodeOffline' }
  /** The device is gone; `item` is its DDEATH, null when it was not born again. */
  | { do: 'deviceOffline'; device: string; item: T | null }
  | { do: 'rebirth'; reason: RebirthReason }
  | { do: 'gapInSequence'; expected: number; got: number }
  | { do: 'oldDeath'; expected: number; got: number };

type DeviceStatus = 'online' | 'unconfirmed';

/** Messages held back while one before them is missing; less than half of the 256 numbers, so that order is clear. */
export const maxHeld = 100;

export class EdgeNodeState<T> {
  status: 'unknown' | 'online' | 'offline' = 'unknown';
  bdSeq = Number.NaN;
  /** A message was missed: values are uncertain until the node is born again. */
  suspect = false;
  readonly devices = new Map<string, DeviceStatus>();
  #next = 0;
  #unconfirmed = false;
  readonly #held = new Map<number, EdgeMessage<T>>();

  /** True while messages are held back: the owner runs the reorder timer and calls `timedOut` at its end. */
  get waiting(): boolean {
    return this.#held.size > 0;
  }

  accept(m: EdgeMessage<T>): Step<T>[] {
    if (m.verb === 'NBIRTH') return this.#nodeBirth(m);
    if (m.verb === 'NDEATH') return this.#nodeDeath(m);
    if (this.status !== 'online') return this.#beforeBirth(m);
    if (!(m.seq >= 0 && m.seq <= 255)) return [{ do: 'rebirth', reason: 'noSequence' }, ...this.#apply(m, true)];
    if (m.seq === this.#next) {
      const steps = this.#apply(m, this.suspect);
      this.#next = (m.seq + 1) & 255;
      return this.#held.size === 0 ? steps : [...steps, ...this.#release()];
    }
    const ahead = (m.seq - this.#next) & 255;
    // Late or repeated: its values are facts and land in place, a late birth or death of a device would undo newer ones.
    if (ahead > 128) return m.verb === 'NDATA' || m.verb === 'DDATA' ? this.#apply(m, true) : [];
    this.#held.set(m.seq, m);
    return this.#held.size >= maxHeld ? this.timedOut() : [];
  }

  /** The missing message did not come in time. */
  timedOut(): Step<T>[] {
    if (this.#held.size === 0) return [];
    if (this.status !== 'online') {
      this.#held.clear();
      return [{ do: 'rebirth', reason: 'unknownNode' }];
    }
    const held = this.#inOrder();
    const first = held[0]!;
    const steps: Step<T>[] = [
      { do: 'gapInSequence', expected: this.#next, got: first.seq },
      { do: 'rebirth', reason: 'sequenceGap' },
    ];
    this.suspect = true;
    for (const m of held) {
      steps.push(...this.#apply(m, true));
      this.#next = (m.seq + 1) & 255;
    }
    this.#held.clear();
    return steps;
  }

  /** The host's own session was lost: nothing is known any more. */
  forget(): void {
    this.status = 'unknown';
    this.bdSeq = Number.NaN;
    this.suspect = false;
    this.devices.clear();
    this.#held.clear();
    this.#unconfirmed = false;
  }

  #nodeBirth(m: EdgeMessage<T>): Step<T>[] {
    if (!(m.seq >= 0 && m.seq <= 255)) return [{ do: 'rebirth', reason: 'noSequence' }];
    const steps: Step<T>[] = [];
    const next = (m.seq + 1) & 255;
    // Messages may have overtaken their birth; those that do not follow it belong to the session before.
    const following = new Map<number, EdgeMessage<T>>();
    for (let seq = next; this.#held.has(seq); seq = (seq + 1) & 255) {
      following.set(seq, this.#held.get(seq)!);
      this.#held.delete(seq);
    }
    if (this.status === 'online') {
      for (const old of this.#inOrder()) steps.push(...this.#apply(old, true));
      const another = !Object.is(this.bdSeq, m.bdSeq);
      if (another) {
        steps.push({ do: 'nodeOffline' });
        this.devices.clear();
      }
    }
    this.#held.clear();
    for (const [seq, held] of following) this.#held.set(seq, held);
    this.status = 'online';
    this.bdSeq = m.bdSeq;
    this.suspect = false;
    this.#next = next;
    for (const device of this.devices.keys()) this.devices.set(device, 'unconfirmed');
    this.#unconfirmed = this.devices.size > 0;
    steps.push({ do: 'process', item: m.item, uncertain: false });
    return [...steps, ...this.#release()];
  }

  #nodeDeath(m: EdgeMessage<T>): Step<T>[] {
    if (this.status !== 'online') {
      this.status = 'offline';
      this.#held.clear();
      return [];
    }
    const comparable = !Number.isNaN(m.bdSeq) && !Number.isNaN(this.bdSeq);
    if (comparable && m.bdSeq !== this.bdSeq) return [{ do: 'oldDeath', expected: this.bdSeq, got: m.bdSeq }];
    const steps: Step<T>[] = [];
    for (const held of this.#inOrder()) steps.push(...this.#apply(held, true));
    this.#held.clear();
    this.status = 'offline';
    this.devices.clear();
    return [...steps, { do: 'nodeOffline' }];
  }

  /** Not born yet: data mean nothing without the birth; a device's birth may have overtaken the node's. */
  #beforeBirth(m: EdgeMessage<T>): Step<T>[] {
    if (m.verb === 'DBIRTH' && m.seq >= 0 && m.seq <= 255) {
      this.#held.set(m.seq, m);
      if (this.#held.size < maxHeld) return [];
      this.#held.clear();
    }
    return m.verb === 'DDEATH' ? [] : [{ do: 'rebirth', reason: 'unknownNode' }];
  }

  #apply(m: EdgeMessage<T>, uncertain: boolean): Step<T>[] {
    const device = m.device;
    if (m.verb === 'DBIRTH') {
      this.devices.set(device!, 'online');
      return [{ do: 'process', item: m.item, uncertain }];
    }
    if (m.verb === 'DDEATH') {
      if (!this.devices.delete(device!)) return [];
      return [{ do: 'deviceOffline', device: device!, item: m.item }];
    }
    // All births come before any data: a device that is still missing now did not come back.
    const steps = this.#unconfirmed ? this.#dropUnconfirmed() : [];
    if (device !== null && !this.devices.has(device)) steps.push({ do: 'rebirth', reason: 'unknownDevice' });
    else steps.push({ do: 'process', item: m.item, uncertain });
    return steps;
  }

  #dropUnconfirmed(): Step<T>[] {
    const steps: Step<T>[] = [];
    for (const [device, status] of this.devices) {
      if (status !== 'unconfirmed') continue;
      this.devices.delete(device);
      steps.push({ do: 'deviceOffline', device, item: null });
    }
    this.#unconfirmed = false;
    return steps;
  }

  #release(): Step<T>[] {
    const steps: Step<T>[] = [];
    for (let m = this.#held.get(this.#next); m; m = this.#held.get(this.#next)) {
      this.#held.delete(this.#next);
      this.#next = (this.#next + 1) & 255;
      steps.push(...this.#apply(m, this.suspect));
    }
    return steps;
  }

  #inOrder(): EdgeMessage<T>[] {
    return [...this.#held.values()].sort((a, b) => ((a.seq - this.#next) & 255) - ((b.seq - this.#next) & 255));
  }
}
