import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { ConditionAlarms } from './conditions.ts';
import { AlarmCourse, type AlarmSink, type Instance, newInstance } from './course.ts';
import { type CompiledRule, isBeyond, type RuleSet, RuleType } from './rule-set.ts';

/**
 * Judges samples by the rules, on the samples' own times only: the same samples give the same alarms at the same
 * times, live, replayed or evaluated again. `elapsed` lets time pass where no sample comes. Limits and silence are judged
 * here, conditions in `conditions.ts`; what follows from it in time is `course.ts`. Deterministic; no I/O.
 */
export class Evaluator {
  readonly #rules: RuleSet;
  readonly #sink: AlarmSink;
  readonly #course: AlarmCourse;
  readonly #last: Float64Array;
  readonly #number: Float64Array;
  readonly #text: (string | null)[];
  readonly #previous: Float64Array;
  readonly #previousTime: Float64Array;
  readonly #fresh: Float64Array;
  readonly #arrivedMs: Float64Array;
  readonly #one: (Instance | null)[];
  readonly #many: (ConditionAlarms | null)[];
  readonly #staleRules: CompiledRule[];
  readonly #slotOfRule: Int32Array;
  /** Values already seen at the signal's newest time, where there are several. */
  readonly #sameTime = new Map<number, (number | string)[]>();
  lateSamples = 0;

  constructor(rules: RuleSet, sink: AlarmSink) {
    const n = rules.signals.length;
    this.#rules = rules;
    this.#sink = sink;
    this.#course = new AlarmCourse(n, sink);
    this.#last = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
    this.#number = new Float64Array(n).fill(Number.NaN);
    this.#text = new Array<string | null>(n).fill(null);
    this.#previous = new Float64Array(n).fill(Number.NaN);
    this.#previousTime = new Float64Array(n);
    this.#fresh = new Float64Array(n).fill(Number.NaN);
    this.#arrivedMs = new Float64Array(n);
    this.#one = new Array<Instance | null>(rules.rules.length).fill(null);
    this.#staleRules = rules.rules.filter((r) => r.type === RuleType.stale);
    this.#slotOfRule = new Int32Array(rules.rules.length);
    for (let slot = 0; slot < n; slot++)
      this.#slotOfRule.fill(slot, rules.firstRule[slot]!, rules.firstRule[slot]! + rules.ruleCount[slot]!);
    this.#many = rules.rules.map((r) =>
      r.type === RuleType.condition ? new ConditionAlarms(r, this.#slotOfRule[r.index]!, this.#course, sink) : null,
    );
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
    const until = this.#course.until[slot]!;
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
    if (rule.type === RuleType.condition) this.#many[rule.index]!.judge(time, known ? text : null);
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
      if (instance) this.#course.gap(instance, time);
      return;
    }
    let value = number;
    if (rule.type === RuleType.rate) {
      const seconds = (time - this.#previousTime[slot]!) / 1e6;
      if (!(seconds > 0) || Number.isNaN(this.#previous[slot]!)) return;
      value = Math.abs(number - this.#previous[slot]!) / seconds;
    }
    // What fell due before this sample decides whether the deadband counts.
    if (instance && time >= instance.judgedUntil) this.#course.settle(instance, time);
    const beyond = isBeyond(rule, value, text, instance?.active ?? false);
    if (!instance) {
      if (!beyond) return;
      instance = newInstance(rule, slot, '');
      this.#one[rule.index] = instance;
    }
    if (beyond) instance.value = text ?? value;
    this.#course.observe(instance, beyond, time);
  }

  #judgeFresh(rule: CompiledRule, slot: number, time: number, known: boolean): void {
    const fresh = this.#fresh[slot]!;
    if (!Number.isNaN(fresh)) this.#settleStale(rule, slot, time);
    const instance = this.#one[rule.index];
    // Only a source time that advances is fresh.
    if (known && instance && !(this.#last[slot]! <= fresh)) this.#course.observe(instance, false, time);
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
    this.#course.settle(instance, time);
    if (Number.isNaN(instance.pendingOn)) this.#course.observe(instance, true, due);
    this.#course.settle(instance, time);
  }

  /** Time goes on without samples: signal time is its newest sample plus what has passed since that came. */
  elapsed(monoMs: number): void {
    this.#course.elapsed((slot) => this.signalTime(slot, monoMs));
    for (const rule of this.#staleRules) {
      const slot = this.#slotOfRule[rule.index]!;
      const last = this.#last[slot]!;
      const from = last === Number.NEGATIVE_INFINITY ? this.#fresh[slot]! : last;
      const now = from + (monoMs - this.#arrivedMs[slot]!) * 1000;
      if (this.#fresh[slot]! + rule.afterUs < now && !this.#one[rule.index]?.active) this.#settleStale(rule, slot, now);
    }
  }

  /** Puts a standing alarm back as it was stored. */
  restore(instance: Instance): void {
    const codes = this.#many[instance.rule.index];
    if (codes) codes.restore(instance);
    else this.#one[instance.rule.index] = instance;
    this.#course.track(instance);
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
          for (const was of old.#many[before.index]?.instances() ?? (one ? [one] : []))
            this.restore({ ...was, rule, slot });
        }
      }
    });
    return fresh;
  }

  #adoptSignal(slot: number, old: Evaluator, from: number): void {
    for (const [to, was] of [
      [this.#last, old.#last],
      [this.#course.until, old.#course.until],
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
    this.#judgeBy(rule, slot, Math.max(time, this.#course.until[slot]!), number, text, true);
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
      yield* this.#many[r]?.instances() ?? [];
    }
  }
}
