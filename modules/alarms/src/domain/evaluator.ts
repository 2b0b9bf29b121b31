import { type Condition, parseCondition } from '@deungdae/contracts/condition.ts';
import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { type CompiledRule, isBeyond, type RuleSet, RuleType } from './rule-set.ts';

/** A gap shorter than this does not end an alarm whose condition still holds afterwards. */
const gapHoldUs = 600_000_000;
/** Native codes kept apart for one condition signal; more of them share one alarm. */
const maxCodesPerSignal = 500;
const otherCodes = '*';

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
 * Judges samples by the rules, on the samples' own times only: the same samples give the same alarms at the same
 * times, live, replayed or evaluated again. `elapsed` lets time pass where no sample comes. Deterministic; no I/O.
 */
export class Evaluator {
  readonly #rules: RuleSet;
  readonly #sink: AlarmSink;
  readonly #last: Float64Array;
  /** Up to where alarms of the signal were decided, when a delay ran out before a late sample. */
  readonly #until: Float64Array;
  readonly #number: Float64Array;
  readonly #text: (string | null)[];
  readonly #previous: Float64Array;
  readonly #previousTime: Float64Array;
  readonly #fresh: Float64Array;
  readonly #arrivedMs: Float64Array;
  readonly #one: (Instance | null)[];
  readonly #many: (Map<string, Instance> | null)[];
  readonly #staleRules: CompiledRule[];
  readonly #slotOfRule: Int32Array;
  /** Instances that wait for a delay or for the end of a gap. */
  readonly #waiting = new Set<Instance>();
  /** Values already seen at the signal's newest time, where there are several. */
  readonly #sameTime = new Map<number, (number | string)[]>();
  lateSamples = 0;

  constructor(rules: RuleSet, sink: AlarmSink) {
    const n = rules.signals.length;
    this.#rules = rules;
    this.#sink = sink;
    this.#last = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
    this.#until = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
    this.#number = new Float64Array(n).fill(Number.NaN);
    this.#text = new Array<string | null>(n).fill(null);
    this.#previous = new Float64Array(n).fill(Number.NaN);
    this.#previousTime = new Float64Array(n);
    this.#fresh = new Float64Array(n).fill(Number.NaN);
    this.#arrivedMs = new Float64Array(n);
    this.#one = new Array<Instance | null>(rules.rules.length).fill(null);
    this.#many = rules.rules.map((r) => (r.type === RuleType.condition ? new Map() : null));
    this.#staleRules = rules.rules.filter((r) => r.type === RuleType.stale);
    this.#slotOfRule = new Int32Array(rules.rules.length);
    for (let slot = 0; slot < n; slot++)
      this.#slotOfRule.fill(slot, rules.firstRule[slot]!, rules.firstRule[slot]! + rules.ruleCount[slot]!);
  }

  /** `monoMs`: when the batch came, on the monotonic clock. */
  batch(batch: SampleBatch, monoMs: number): void {
    const { slotOf } = this.#rules;
    const { signals, times, numbers, texts, quality } = batch;
    for (let i = 0; i < batch.length; i++) {
      const signal = signals[i]!;
      const slot = signal < slotOf.length ? slotOf[signal]! : -1;
      if (slot >= 0) this.sample(slot, times[i]!, numbers[i]!, texts === null ? null : texts[i]!, quality[i]!, monoMs);
    }
  }

  sample(slot: number, time: number, number: number, text: string | null, quality: number, monoMs: number): void {
    const last = this.#last[slot]!;
    if (time <= last && !this.#isNewAtSameTime(slot, time, number, text, quality)) {
      if (time < last) {
        this.lateSamples++;
        this.#sink.late(slot, time);
      }
      return;
    }
    if (time > last && this.#sameTime.size > 0) this.#sameTime.delete(slot);
    if (last === Number.NEGATIVE_INFINITY) this.#fresh[slot] = Number.NaN;
    this.#last[slot] = time;
    this.#number[slot] = quality >= Quality.bad ? Number.NaN : number;
    this.#text[slot] = quality >= Quality.bad ? '' : text;
    // A source whose time stands still lets no time pass either: its silence began with the first sample of that time.
    if (time > last) this.#arrivedMs[slot] = monoMs;
    const until = this.#until[slot]!;
    const at = Math.max(time, until);
    const known = quality < Quality.bad && (text !== null || !Number.isNaN(number));
    this.#judge(slot, at, number, text, known);
    if (!known) {
      this.#previous[slot] = Number.NaN;
      return;
    }
    if (!(time <= this.#fresh[slot]!)) this.#fresh[slot] = time;
    this.#previous[slot] = number;
    this.#previousTime[slot] = time;
  }

  #isNewAtSameTime(slot: number, time: number, number: number, text: string | null, quality: number): boolean {
    if (time !== this.#last[slot]) return false;
    const value = quality >= Quality.bad ? '' : (text ?? number);
    const lastValue = this.#text[slot] ?? this.#number[slot]!;
    let seen = this.#sameTime.get(slot);
    if (Object.is(value, lastValue) || seen?.some((v) => Object.is(v, value))) return false;
    if (!seen) {
      seen = [lastValue];
      this.#sameTime.set(slot, seen);
    }
    seen.push(value);
    return seen.length <= 1000;
  }

  #judge(slot: number, time: number, number: number, text: string | null, known: boolean): void {
    const first = this.#rules.firstRule[slot]!;
    const end = first + this.#rules.ruleCount[slot]!;
    for (let r = first; r < end; r++) this.#judgeBy(this.#rules.rules[r]!, slot, time, number, text, known);
  }

  #judgeBy(rule: CompiledRule, slot: number, time: number, number: number, text: string | null, known: boolean): void {
    if (rule.type === RuleType.condition) this.#judgeCondition(rule, slot, time, known ? text : null);
    else if (rule.type === RuleType.stale) this.#judgeFresh(rule, slot, time, known);
    else this.#judgeValue(rule, slot, time, number, text, known);
  }

  #judgeValue(
    rule: CompiledRule,
    slot: number,
    time: number,
    number: number,
    text: string | null,
    known: boolean,
  ): void {
    let instance = this.#one[rule.index]!;
    // A text or an infinity where a number was says nothing about the limit.
    if (!known || (rule.type !== RuleType.equals && !Number.isFinite(number))) {
      if (instance) this.#gap(instance, time);
      return;
    }
    let value = number;
    if (rule.type === RuleType.rate) {
      const seconds = (time - this.#previousTime[slot]!) / 1e6;
      if (!(seconds > 0) || Number.isNaN(this.#previous[slot]!)) return;
      value = Math.abs(number - this.#previous[slot]!) / seconds;
    }
    // What fell due before this sample decides whether the deadband counts.
    if (instance && time >= instance.judgedUntil) this.#settle(instance, time);
    const beyond = isBeyond(rule, value, text, instance?.active ?? false);
    if (!instance) {
      if (!beyond) return;
      instance = newInstance(rule, slot, '');
      this.#one[rule.index] = instance;
    }
    if (beyond) instance.value = text ?? value;
    this.#observe(instance, beyond, time);
  }

  #judgeFresh(rule: CompiledRule, slot: number, time: number, known: boolean): void {
    const fresh = this.#fresh[slot]!;
    if (!Number.isNaN(fresh)) this.#settleStale(rule, slot, time);
    const instance = this.#one[rule.index];
    // Only a source time that advances is fresh.
    if (known && instance && !(this.#last[slot]! <= fresh)) this.#observe(instance, false, time);
  }

  #settleStale(rule: CompiledRule, slot: number, time: number): void {
    const due = this.#fresh[slot]! + rule.afterUs;
    if (!(due < time)) return;
    let instance = this.#one[rule.index]!;
    if (!instance) {
      instance = newInstance(rule, slot, '');
      this.#one[rule.index] = instance;
    }
    if (instance.active) return;
    this.#settle(instance, time);
    if (Number.isNaN(instance.pendingOn)) this.#observe(instance, true, due);
    this.#settle(instance, time);
  }

  /** MTConnect: a level with a code concerns that code; NORMAL without one clears all; UNAVAILABLE is a gap of all. */
  #judgeCondition(rule: CompiledRule, slot: number, time: number, text: string | null): void {
    const codes = this.#many[rule.index]!;
    const condition = text === null ? null : parseCondition(text);
    if (condition === null || condition.level === 'UNAVAILABLE') {
      for (const one of codes.values()) this.#gap(one, time);
      return;
    }
    if (condition.level === 'NORMAL') {
      if (condition.nativeCode === '') for (const one of codes.values()) this.#observe(one, false, time);
      else {
        const one = codes.get(condition.nativeCode);
        if (one) this.#observe(one, false, time);
      }
      return;
    }
    const instance = this.#codeInstance(rule, slot, codes, condition.nativeCode);
    // Judged before a restart: what it says now is not taken back to what it said then.
    if (time < instance.judgedUntil) return;
    const changed =
      instance.active && (instance.condition?.level !== condition.level || instance.condition?.text !== condition.text);
    instance.condition = condition;
    instance.value = condition.text || condition.nativeCode || condition.level;
    this.#observe(instance, true, time);
    if (changed) this.#sink.changed(instance);
  }

  #codeInstance(rule: CompiledRule, slot: number, codes: Map<string, Instance>, wanted: string): Instance {
    if (codes.size >= maxCodesPerSignal && !codes.has(wanted)) forgetThoseAtRest(codes);
    const code = codes.has(wanted) || codes.size < maxCodesPerSignal ? wanted : otherCodes;
    let instance = codes.get(code);
    if (!instance) {
      instance = newInstance(rule, slot, code);
      codes.set(code, instance);
    }
    return instance;
  }

  #observe(instance: Instance, beyond: boolean, time: number): void {
    if (time < instance.judgedUntil) return;
    this.#settle(instance, time);
    if (beyond) {
      instance.pendingOff = Number.NaN;
      if (instance.active) this.#resume(instance, time);
      else if (instance.rule.onUs === 0) this.#raise(instance, time);
      else if (Number.isNaN(instance.pendingOn)) instance.pendingOn = time;
    } else {
      instance.pendingOn = Number.NaN;
      if (instance.active) this.#return(instance, time);
    }
    this.#track(instance);
  }

  #return(instance: Instance, time: number): void {
    if (!Number.isNaN(instance.gapSince)) this.#clear(instance, instance.gapSince, true);
    else if (instance.rule.offUs === 0) this.#clear(instance, time, false);
    else if (Number.isNaN(instance.pendingOff)) instance.pendingOff = time;
  }

  /** Nothing is known from now on: nothing is raised and nothing cleared, but no delay runs out either. */
  #gap(instance: Instance, time: number): void {
    if (time < instance.judgedUntil) return;
    this.#settle(instance, time);
    instance.pendingOn = Number.NaN;
    instance.pendingOff = Number.NaN;
    if (instance.active && Number.isNaN(instance.gapSince)) {
      instance.gapSince = time;
      instance.activeUs += Math.max(0, time - instance.knownSince);
      instance.knownSince = time;
      this.#sink.gapped(instance);
    }
    this.#track(instance);
  }

  #resume(instance: Instance, time: number): void {
    if (Number.isNaN(instance.gapSince)) return;
    instance.gapSince = Number.NaN;
    instance.knownSince = time;
    this.#sink.gapped(instance);
  }

  /** Carries out what fell due up to `time`, at the time at which it fell due. */
  #settle(instance: Instance, time: number): void {
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
    if (time > this.#until[slot]!) this.#until[slot] = time;
  }

  #track(instance: Instance): void {
    const waits = !(
      Number.isNaN(instance.pendingOn) &&
      Number.isNaN(instance.pendingOff) &&
      Number.isNaN(instance.gapSince)
    );
    if (waits) this.#waiting.add(instance);
    else this.#waiting.delete(instance);
  }

  /** Time goes on without samples: signal time is its newest sample plus what has passed since that came. */
  elapsed(monoMs: number): void {
    for (const instance of this.#waiting) {
      this.#settle(instance, this.signalTime(instance.slot, monoMs));
      this.#track(instance);
    }
    for (const rule of this.#staleRules) {
      const slot = this.#slotOfRule[rule.index]!;
      const last = this.#last[slot]!;
      const from = last === Number.NEGATIVE_INFINITY ? this.#fresh[slot]! : last;
      const now = from + (monoMs - this.#arrivedMs[slot]!) * 1000;
      if (this.#fresh[slot]! + rule.afterUs < now && !this.#one[rule.index]?.active) this.#settleStale(rule, slot, now);
    }
  }

  /** Ends at `time`: everything due before it happens. For evaluating a window of the past. */
  settleAll(slot: number, time: number): void {
    const first = this.#rules.firstRule[slot]!;
    for (let r = first; r < first + this.#rules.ruleCount[slot]!; r++) {
      const rule = this.#rules.rules[r]!;
      if (rule.type === RuleType.stale && !Number.isNaN(this.#fresh[slot]!)) this.#settleStale(rule, slot, time);
      for (const one of this.#many[r]?.values() ?? (this.#one[r] ? [this.#one[r]!] : [])) this.#settle(one, time);
    }
  }

  /** Puts a standing alarm back as it was stored. */
  restore(instance: Instance): void {
    const codes = this.#many[instance.rule.index];
    if (codes) codes.set(instance.code, instance);
    else this.#one[instance.rule.index] = instance;
    this.#track(instance);
  }

  /**
   * Starts a signal at a known time. `seen` are the values it had at exactly that time, which will not be judged again.
   * `last` null: never seen; silence then counts from `since`.
   */
  begin(slot: number, last: number | null, seen: readonly (number | string)[], since: number, monoMs: number): void {
    this.#arrivedMs[slot] = monoMs;
    this.#fresh[slot] = last ?? since;
    if (last === null) return;
    this.#last[slot] = last;
    const value = seen.at(-1);
    if (typeof value === 'string') this.#text[slot] = value;
    else if (value !== undefined) {
      this.#number[slot] = value;
      this.#previous[slot] = value;
      this.#previousTime[slot] = last;
    }
    if (seen.length > 1) this.#sameTime.set(slot, [...seen]);
  }

  /** Takes over what another evaluator knows, for the signals and rules that both have; gives the rules that are new or changed. */
  adopt(old: Evaluator): CompiledRule[] {
    const fresh: CompiledRule[] = [];
    this.#rules.signals.forEach((signal, slot) => {
      const from = signal.id < old.#rules.slotOf.length ? old.#rules.slotOf[signal.id]! : -1;
      if (from >= 0) this.#adoptSignal(slot, old, from);
      for (let r = this.#rules.firstRule[slot]!; r < this.#rules.firstRule[slot]! + this.#rules.ruleCount[slot]!; r++) {
        const rule = this.#rules.rules[r]!;
        const before = old.#rules.byKey.get(rule.key);
        if (!before || JSON.stringify(before.rule) !== JSON.stringify(rule.rule)) fresh.push(rule);
        if (before && before.type === rule.type) {
          const one = old.#one[before.index];
          for (const was of old.#many[before.index]?.values() ?? (one ? [one] : []))
            this.restore({ ...was, rule, slot });
        }
      }
    });
    return fresh;
  }

  #adoptSignal(slot: number, old: Evaluator, from: number): void {
    for (const [to, was] of [
      [this.#last, old.#last],
      [this.#until, old.#until],
      [this.#number, old.#number],
      [this.#previous, old.#previous],
      [this.#previousTime, old.#previousTime],
      [this.#fresh, old.#fresh],
      [this.#arrivedMs, old.#arrivedMs],
    ] as const)
      to[slot] = was[from]!;
    this.#text[slot] = old.#text[from]!;
    const seen = old.#sameTime.get(from);
    if (seen) this.#sameTime.set(slot, seen);
  }

  /** Judges the signal's present value by one rule that is new. */
  judgeNow(rule: CompiledRule): void {
    const slot = this.#slotOfRule[rule.index]!;
    const time = this.#last[slot]!;
    const text = this.#text[slot]!;
    const number = this.#number[slot]!;
    if (time === Number.NEGATIVE_INFINITY || text === '' || (text === null && Number.isNaN(number))) return;
    this.#judgeBy(rule, slot, Math.max(time, this.#until[slot]!), number, text, true);
  }

  /** The signal's own time now: its newest sample, plus what has passed since that came. */
  signalTime(slot: number, monoMs: number): number {
    return this.#last[slot]! + (monoMs - this.#arrivedMs[slot]!) * 1000;
  }

  signalOf(slot: number): number {
    return this.#rules.signals[slot]!.id;
  }

  /** No alarm of the signal stands or waits. */
  atRest(slot: number): boolean {
    for (const one of this.instancesOf(slot)) if (one.active || !Number.isNaN(one.pendingOn)) return false;
    return true;
  }

  slotOfRule(rule: CompiledRule): number {
    return this.#slotOfRule[rule.index]!;
  }

  lastTime(slot: number): number {
    return this.#last[slot]!;
  }

  /**
   * From where the signal's samples must be judged again after a restart (exclusive), so that no delay or gap that is
   * running now is forgotten.
   */
  safeTime(slot: number): number {
    let safe = this.#last[slot]!;
    for (const one of this.instancesOf(slot))
      for (const since of [one.pendingOn, one.pendingOff, one.gapSince]) if (since <= safe) safe = since - 1;
    return safe;
  }

  *instancesOf(slot: number): Generator<Instance> {
    const first = this.#rules.firstRule[slot]!;
    for (let r = first; r < first + this.#rules.ruleCount[slot]!; r++) {
      const one = this.#one[r];
      if (one) yield one;
      yield* this.#many[r]?.values() ?? [];
    }
  }
}

function forgetThoseAtRest(codes: Map<string, Instance>): void {
  for (const [code, one] of codes) if (!one.active && Number.isNaN(one.pendingOn)) codes.delete(code);
}
