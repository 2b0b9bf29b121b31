import type { DataSetValue } from '../data-set.ts';
import type { AgentItem } from './agent-model.ts';

/** One observation as the agent keeps it. `text` null is UNAVAILABLE. */
export interface Observation {
  sequence: number;
  target: AgentItem;
  timeUs: number;
  text: string | null;
  durationS?: number;
  /** Conditions. */
  level?: 'NORMAL' | 'WARNING' | 'FAULT' | 'UNAVAILABLE';
  nativeCode?: string;
  nativeSeverity?: string;
  qualifier?: string;
  /** Data sets and tables. */
  entries?: Record<string, DataSetValue>;
  reset?: string;
  /** Time series. */
  count?: number;
  rateHz?: number;
  assetType?: string;
}

/** The newest of every item, and all active conditions: what `current` answers. */
export class Checkpoint {
  readonly values = new Map<AgentItem, Observation>();
  readonly conditions = new Map<AgentItem, Observation[]>();

  apply(o: Observation): void {
    if (o.level !== undefined) this.#condition(o);
    else if (o.entries) this.#merge(o);
    else this.values.set(o.target, o);
  }

  clone(): Checkpoint {
    const copy = new Checkpoint();
    for (const [target, o] of this.values) copy.values.set(target, o);
    for (const [target, list] of this.conditions) copy.conditions.set(target, [...list]);
    return copy;
  }

  all(): Observation[] {
    return [...this.values.values(), ...[...this.conditions.values()].flat()];
  }

  #condition(o: Observation): void {
    const active = (this.conditions.get(o.target) ?? []).filter((c) => c.level === 'WARNING' || c.level === 'FAULT');
    if (o.level === 'UNAVAILABLE' || (o.level === 'NORMAL' && !o.nativeCode)) this.conditions.set(o.target, [o]);
    else {
      const rest = active.filter((c) => c.nativeCode !== o.nativeCode);
      if (o.level !== 'NORMAL') rest.push(o);
      else if (rest.length === 0) rest.push({ ...o, nativeCode: '', nativeSeverity: '', qualifier: '', text: '' });
      this.conditions.set(o.target, rest);
    }
  }

  #merge(o: Observation): void {
    const entries = { ...(o.reset === undefined ? this.values.get(o.target)?.entries : {}) };
    for (const [key, value] of Object.entries(o.entries!)) {
      if (value === null) delete entries[key];
      else entries[key] = value;
    }
    this.values.set(o.target, { ...o, entries });
  }
}

/** The ring of observations. Sequences start at 1 and go on for ever within one instance. */
export class ObservationStore {
  readonly size: number;
  readonly latest = new Checkpoint();
  /** State just before the oldest observation kept: the base of `current?at=`. */
  readonly #before = new Checkpoint();
  readonly #ring: Observation[] = [];
  nextSequence = 1;

  constructor(size: number) {
    this.size = size;
  }

  get firstSequence(): number {
    return Math.max(1, this.nextSequence - this.#ring.length);
  }

  get lastSequence(): number {
    return this.nextSequence - 1;
  }

  add(o: Omit<Observation, 'sequence'>): Observation {
    const kept = { ...o, sequence: this.nextSequence++ };
    const at = (kept.sequence - 1) % this.size;
    const old = this.#ring[at];
    if (old) this.#before.apply(old);
    this.#ring[at] = kept;
    this.latest.apply(kept);
    return kept;
  }

  /** At most `count` observations from a sequence on that pass the filter, and the sequence after the last looked at. */
  from(sequence: number, count: number, wanted: ((target: AgentItem) => boolean) | null) {
    const out: Observation[] = [];
    let next = Math.max(sequence, this.firstSequence);
    for (; next < this.nextSequence && out.length < count; next++) {
      const o = this.#at(next);
      if (!wanted || wanted(o.target)) out.push(o);
    }
    return { observations: out, next };
  }

  /** The last `count` observations up to and with a sequence, in order. */
  back(sequence: number, count: number, wanted: ((target: AgentItem) => boolean) | null): Observation[] {
    const out: Observation[] = [];
    for (let s = Math.min(sequence, this.lastSequence); s >= this.firstSequence && out.length < count; s--) {
      const o = this.#at(s);
      if (!wanted || wanted(o.target)) out.push(o);
    }
    return out.reverse();
  }

  /** The state at a sequence that is still in the buffer. */
  stateAt(sequence: number): Checkpoint {
    if (sequence >= this.lastSequence) return this.latest;
    const state = this.#before.clone();
    for (let s = this.firstSequence; s <= sequence; s++) state.apply(this.#at(s));
    return state;
  }

  #at(sequence: number): Observation {
    return this.#ring[(sequence - 1) % this.size]!;
  }
}
