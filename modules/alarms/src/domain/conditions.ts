import { parseCondition } from '@deungdae/contracts/condition.ts';
import { type AlarmCourse, type AlarmSink, type Instance, newInstance } from './course.ts';
import type { CompiledRule } from './rule-set.ts';

/** Native codes kept apart for one condition signal; more of them share one alarm. */
const maxCodesPerSignal = 500;
const otherCodes = '*';

/** The alarms of one condition rule: one for each native code that its signal has said. */
export class ConditionAlarms {
  readonly #rule: CompiledRule;
  readonly #slot: number;
  readonly #course: AlarmCourse;
  readonly #sink: AlarmSink;
  readonly #codes = new Map<string, Instance>();

  constructor(rule: CompiledRule, slot: number, course: AlarmCourse, sink: AlarmSink) {
    this.#rule = rule;
    this.#slot = slot;
    this.#course = course;
    this.#sink = sink;
  }

  instances(): Iterable<Instance> {
    return this.#codes.values();
  }

  /** Puts an alarm back as it was stored. */
  restore(instance: Instance): void {
    this.#codes.set(instance.code, instance);
  }

  /** MTConnect: a level with a code concerns that code; NORMAL without one clears all; UNAVAILABLE is a gap of all. */
  judge(time: number, text: string | null): void {
    const codes = this.#codes;
    const condition = text === null ? null : parseCondition(text);
    if (condition === null || condition.level === 'UNAVAILABLE') {
      for (const one of codes.values()) this.#course.gap(one, time);
      return;
    }
    if (condition.level === 'NORMAL') {
      if (condition.nativeCode === '') for (const one of codes.values()) this.#course.observe(one, false, time);
      else {
        const one = codes.get(condition.nativeCode);
        if (one) this.#course.observe(one, false, time);
      }
      return;
    }
    const instance = this.#instanceOf(condition.nativeCode);
    // Judged before a restart: what it says now is not taken back to what it said then.
    if (time < instance.judgedUntil) return;
    const changed =
      instance.active && (instance.condition?.level !== condition.level || instance.condition?.text !== condition.text);
    instance.condition = condition;
    instance.value = condition.text || condition.nativeCode || condition.level;
    this.#course.observe(instance, true, time);
    if (changed) this.#sink.changed(instance);
  }

  #instanceOf(wanted: string): Instance {
    const codes = this.#codes;
    if (codes.size >= maxCodesPerSignal && !codes.has(wanted)) forgetThoseAtRest(codes);
    const code = codes.has(wanted) || codes.size < maxCodesPerSignal ? wanted : otherCodes;
    let instance = codes.get(code);
    if (!instance) {
      instance = newInstance(this.#rule, this.#slot, code);
      codes.set(code, instance);
    }
    return instance;
  }
}

function forgetThoseAtRest(codes: Map<string, Instance>): void {
  for (const [code, one] of codes) if (!one.active && Number.isNaN(one.pendingOn)) codes.delete(code);
}
