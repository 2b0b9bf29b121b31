import type { Condition } from '@deungdae/contracts/condition.ts';
import type { CompiledRule } from './rule-set.ts';

/** A gap shorter than this does not end an alarm whose condition still holds afterwards. */
const gapHoldUs = 600_000_000;

/** One rule, or one native code of a condition rule. Times are µs of the samples; NaN is "not". */
export interface Instance {
  readonly rule: CompiledRule;
  readonly code: string;
  readonly slot: number;
  active: boolean;
  /** Since when the condition has held and waits for the on-delay. */
  pendingOn: number;
  pendingOff: number;
  /** Since when nothing is known. */
  gapSince: number;
  /** Start of the stretch in which the condition is known to hold, and the sum of earlier stretches of this alarm. */
  knownSince: number;
  activeUs: number;
  lastRaised: number;
  /** Samples before this were already judged, before a restart. */
  judgedUntil: number;
  value: number | string | null;
  condition: Condition | null;
}

/** What the evaluator finds out. Calls come in time order for each rule. */
export interface AlarmSink {
  raised(instance: Instance, time: number): void;
  /** `instance.activeUs` is the time for which the condition was known to hold. `byGap`: it ended when data stopped. */
  cleared(instance: Instance, time: number, byGap: boolean): void;
  /** Level or text changed while it stands. */
  changed(instance: Instance): void;
  /** A gap began or ended while it stands: `knownSince`, `gapSince` and `activeUs` are others. */
  gapped(instance: Instance): void;
  /** A sample older than the signal's newest, which was not judged. */
  late(slot: number, time: number): void;
}

export function newInstance(rule: CompiledRule, slot: number, code: string): Instance {
  return {
    rule,
    code,
    slot,
    active: false,
    pendingOn: Number.NaN,
    pendingOff: Number.NaN,
    gapSince: Number.NaN,
    knownSince: Number.NaN,
    activeUs: 0,
    lastRaised: Number.NEGATIVE_INFINITY,
    judgedUntil: Number.NEGATIVE_INFINITY,
    value: null,
    condition: null,
  };
}

/**
 * The course of alarms in time: delays that run out, gaps, coming and going. It is told whether what the rule looks for
 * holds, and when; it does not look at values. Deterministic; no I/O.
 */
export class AlarmCourse {
  /** By slot: up to where alarms of the signal were decided, when a delay ran out before a late sample. */
  readonly until: Float64Array;
  readonly #sink: AlarmSink;
  /** Instances that wait for a delay or for the end of a gap. */
  readonly #waiting = new Set<Instance>();

  constructor(slots: number, sink: AlarmSink) {
    this.until = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
    this.#sink = sink;
  }

  /** At `time` (µs) what the rule looks for holds (`beyond`) or not. Times of one instance come in order. */
  observe(instance: Instance, beyond: boolean, time: number): void {
    if (time < instance.judgedUntil) return;
    this.settle(instance, time);
    if (beyond) {
      instance.pendingOff = Number.NaN;
      if (instance.active) this.#resume(instance, time);
      else if (instance.rule.onUs === 0) this.#raise(instance, time);
      else if (Number.isNaN(instance.pendingOn)) instance.pendingOn = time;
    } else {
      instance.pendingOn = Number.NaN;
      if (instance.active) this.#return(instance, time);
    }
    this.track(instance);
  }

  #return(instance: Instance, time: number): void {
    if (!Number.isNaN(instance.gapSince)) this.#clear(instance, instance.gapSince, true);
    else if (instance.rule.offUs === 0) this.#clear(instance, time, false);
    else if (Number.isNaN(instance.pendingOff)) instance.pendingOff = time;
  }

  /** Nothing is known from now on: nothing is raised and nothing cleared, but no delay runs out either. */
  gap(instance: Instance, time: number): void {
    if (time < instance.judgedUntil) return;
    this.settle(instance, time);
    instance.pendingOn = Number.NaN;
    instance.pendingOff = Number.NaN;
    if (instance.active && Number.isNaN(instance.gapSince)) {
      instance.gapSince = time;
      instance.activeUs += Math.max(0, time - instance.knownSince);
      instance.knownSince = time;
      this.#sink.gapped(instance);
    }
    this.track(instance);
  }

  #resume(instance: Instance, time: number): void {
    if (Number.isNaN(instance.gapSince)) return;
    instance.gapSince = Number.NaN;
    instance.knownSince = time;
    this.#sink.gapped(instance);
  }

  /** Carries out what fell due up to `time`, at the time at which it fell due. */
  settle(instance: Instance, time: number): void {
    const { onUs, offUs } = instance.rule;
    if (instance.pendingOn + onUs <= time) this.#raise(instance, instance.pendingOn + onUs);
    if (instance.pendingOff + offUs <= time) this.#clear(instance, instance.pendingOff + offUs, false);
    if (instance.gapSince + gapHoldUs <= time) this.#clear(instance, instance.gapSince, true);
  }

  #raise(instance: Instance, time: number): void {
    const at = time > instance.lastRaised ? time : instance.lastRaised + 1;
    instance.pendingOn = Number.NaN;
    instance.active = true;
    instance.activeUs = 0;
    instance.knownSince = at;
    instance.lastRaised = at;
    this.#advance(instance.slot, at);
    this.#sink.raised(instance, at);
  }

  #clear(instance: Instance, time: number, byGap: boolean): void {
    const at = Math.max(time, instance.lastRaised);
    if (Number.isNaN(instance.gapSince)) instance.activeUs += Math.max(0, at - instance.knownSince);
    instance.active = false;
    instance.pendingOff = Number.NaN;
    instance.gapSince = Number.NaN;
    if (!byGap) this.#advance(instance.slot, at);
    this.#sink.cleared(instance, at, byGap);
  }

  #advance(slot: number, time: number): void {
    if (time > this.until[slot]!) this.until[slot] = time;
  }

  track(instance: Instance): void {
    const waits = !(
      Number.isNaN(instance.pendingOn) &&
      Number.isNaN(instance.pendingOff) &&
      Number.isNaN(instance.gapSince)
    );
    if (waits) this.#waiting.add(instance);
    else this.#waiting.delete(instance);
  }

  /** Carries out what falls due without samples; `now` tells a signal's own time. */
  elapsed(now: (slot: number) => number): void {
    for (const instance of this.#waiting) {
      this.settle(instance, now(instance.slot));
      this.track(instance);
    }
  }
}
