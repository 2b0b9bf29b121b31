import type { MachineState } from '@deungdae/contracts/equipment.ts';
import { type CompiledLogic, Evaluator, type SlotValue } from './evaluator.ts';

export interface Interval {
  from: number;
  /** Null while it lasts. */
  to: number | null;
  state: MachineState;
  cause: string;
}

/** State samples kept to put late ones in place without asking the history. */
const journalLimit = 512;
/** Intervals kept in memory; older ones are in the ledger. */
const tailLimit = 2000;
/** Changes that wait to be told; of more in one batch the newest are. */
const freshLimit = 10_000;
/** How far from its neighbours an uncertain sample may lie and still say something about the state, µs (one day). */
export const uncertainReachUs = 86_400_000_000;

/**
 * What one machine does, from its state samples as they arrive. The newest `journalLimit` samples are kept in time
 * order after a checkpoint: a late one among them is put in place and the journal run again; one from before the
 * checkpoint is only reported, and the owner derives that stretch anew from the history.
 */
export class Machine {
  readonly #checkpoint: Evaluator;
  readonly #now: Evaluator;
  readonly #times: number[] = [];
  readonly #slots: number[] = [];
  readonly #values: SlotValue[] = [];
  readonly tail: Interval[] = [];
  /** Changes of state as they came in order, to be told; the owner empties it. */
  readonly fresh: { time: number; state: MachineState }[] = [];
  /** First moment whose intervals are not in the ledger yet; Infinity when all are. */
  changedFrom = Number.POSITIVE_INFINITY;

  constructor(logic: CompiledLogic, primed?: Evaluator) {
    this.#checkpoint = primed ?? new Evaluator(logic);
    this.#now = this.#checkpoint.clone();
  }

  get state(): MachineState {
    return this.#now.state;
  }
  /** Time of the newest sample or timer seen, µs; -Infinity before the first. */
  get knownTo(): number {
    return this.#now.time;
  }
  /** Stretches before this moment are in the ledger's hands, µs. */
  get checkpointTime(): number {
    return this.#checkpoint.time;
  }
  get nextDue(): number {
    return this.#now.nextDue();
  }
  get logic(): CompiledLogic {
    return this.#now.logic;
  }

  /** Whether a sample says anything: an uncertain one far from all others (a dead clock battery) does not. */
  accepts(time: number, uncertain: boolean): boolean {
    return !uncertain || Math.abs(time - this.#now.time) <= uncertainReachUs;
  }

  /** Takes one sample. False when it lies before the checkpoint: that stretch must be derived from the history. */
  take(time: number, slot: number, value: SlotValue): boolean {
    if (time >= this.#now.time) {
      this.#push(this.#times.length, time, slot, value);
      this.#now.apply(time, slot, value, this.#onFresh);
      if (this.#times.length > journalLimit) this.#fold();
      return true;
    }
    if (time < this.#checkpoint.time) return false;
    let i = this.#times.length;
    while (i > 0 && this.#times[i - 1]! > time) i--;
    if (this.#isKnown(i, time, slot, value)) return true;
    this.#push(i, time, slot, value);
    this.#rerun();
    return true;
  }

  /** What held at the checkpoint came out otherwise: the journal runs again from there. */
  correctCheckpoint(known: Evaluator): void {
    for (let slot = 0; slot < known.values.length; slot++)
      this.#checkpoint.prime(slot, known.values[slot]!, known.changedAt[slot]!);
    this.#rerun();
  }

  /** Lets timers that were due by `time` take effect. */
  advance(time: number): void {
    this.#now.advance(time, this.#onFresh);
  }

  /** Intervals as they were stored, to go on from. */
  restoreTail(stored: readonly Interval[]): void {
    this.tail.splice(0, this.tail.length, ...stored.map((i) => ({ ...i })));
    const last = this.tail.at(-1);
    if (last && this.#now.time === Number.NEGATIVE_INFINITY) return;
    if (!last || last.state === this.#now.state) return;
    this.#onTransition(this.#now.time, this.#now.state, this.#now.cause);
  }

  /** Replaces the intervals before the checkpoint by those derived from the history. */
  replaceTail(intervals: readonly Interval[]): void {
    this.tail.splice(0, this.tail.length, ...intervals.map((i) => ({ ...i })));
  }

  /** Forgets intervals that are in the ledger and older than needed. */
  trim(): void {
    if (this.tail.length > tailLimit && this.changedFrom === Number.POSITIVE_INFINITY)
      this.tail.splice(0, this.tail.length - tailLimit / 2);
  }

  readonly #onFresh = (time: number, state: MachineState, cause: string): void => {
    this.#onTransition(time, state, cause);
    if (this.fresh.at(-1)?.state !== state) this.fresh.push({ time, state });
    if (this.fresh.length > freshLimit) this.fresh.shift();
  };

  readonly #onTransition = (time: number, state: MachineState, cause: string): void => {
    const { tail } = this;
    let last = tail.at(-1);
    if (last && last.from >= time) {
      tail.pop();
      last = tail.at(-1);
      if (last) last.to = null;
    }
    this.changedFrom = Math.min(this.changedFrom, last ? last.from : time, time);
    if (last && last.state === state) {
      last.to = null;
      return;
    }
    if (last) last.to = time;
    tail.push({ from: time, to: null, state, cause });
  };

  #push(at: number, time: number, slot: number, value: SlotValue): void {
    if (at === this.#times.length) {
      this.#times.push(time);
      this.#slots.push(slot);
      this.#values.push(value);
      return;
    }
    this.#times.splice(at, 0, time);
    this.#slots.splice(at, 0, slot);
    this.#values.splice(at, 0, value);
  }

  #isKnown(before: number, time: number, slot: number, value: SlotValue): boolean {
    for (let i = before - 1; i >= 0 && this.#times[i] === time; i--)
      if (this.#slots[i] === slot && this.#values[i] === value) return true;
    return false;
  }

  /** Runs the journal again from the checkpoint; intervals that come out as before are left alone. */
  #rerun(): void {
    const until = this.#now.time;
    const before = this.tail.map((i) => ({ ...i }));
    const beforeChange = this.changedFrom;
    const start = this.#checkpoint.time;
    while (this.tail.length > 0 && this.tail.at(-1)!.from > start) this.tail.pop();
    const base = this.tail.at(-1);
    if (base) base.to = null;
    this.#now.restore(this.#checkpoint);
    if (start !== Number.NEGATIVE_INFINITY) this.#now.decide(start, this.#onTransition, false);
    for (let i = 0; i < this.#times.length; i++)
      this.#now.apply(this.#times[i]!, this.#slots[i]!, this.#values[i]!, this.#onTransition);
    this.#now.advance(until, this.#onTransition);
    this.#now.time = Math.max(this.#now.time, until);
    this.changedFrom = Math.min(beforeChange, firstDifference(before, this.tail));
  }

  #fold(): void {
    const n = journalLimit / 2;
    for (let i = 0; i < n; i++) this.#checkpoint.apply(this.#times[i]!, this.#slots[i]!, this.#values[i]!, ignore);
    this.#times.splice(0, n);
    this.#slots.splice(0, n);
    this.#values.splice(0, n);
  }
}

const ignore = () => {};

/** Start of the first interval that differs; Infinity when none does. */
function firstDifference(a: readonly Interval[], b: readonly Interval[]): number {
  const n = Math.max(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i], b[i]];
    if (x && y && x.from === y.from && x.to === y.to && x.state === y.state && x.cause === y.cause) continue;
    return Math.min(x?.from ?? Number.POSITIVE_INFINITY, y?.from ?? Number.POSITIVE_INFINITY);
  }
  return Number.POSITIVE_INFINITY;
}
