import type { MachineState } from '@deungdae/contracts/equipment.ts';
import { durationMs } from '@deungdae/contracts/plant.ts';
import type { StateLogic } from '@deungdae/kernel/plant-model.ts';

/** Latest value of one signal as the rules see it: texts in lower case, booleans as 0 and 1, null where nothing is known. */
export type SlotValue = number | string | null;

interface Test {
  slot: number;
  is: Set<SlotValue> | null;
  above: number;
  below: number;
  /** µs; 0 when it does not matter. */
  unchangedUs: number;
}

/** State rules with signals as slot numbers. */
export interface CompiledLogic {
  readonly slots: readonly string[];
  readonly rules: readonly { state: MachineState; cause: string; tests: readonly Test[] }[];
  readonly otherwise: MachineState;
  readonly decisive: readonly number[];
  /** The `unchangedFor` tests, as slot and µs. */
  readonly timers: readonly { slot: number; us: number }[];
  /** Longest `unchangedFor`, µs. */
  readonly longestUs: number;
}

export function compileLogic(logic: StateLogic): CompiledLogic {
  const slots = [...new Set([...logic.decisive, ...logic.rules.flatMap((r) => r.when.map((c) => c.signal))])];
  const rules = logic.rules.map((rule, i) => ({
    state: rule.state,
    cause: rule.name ?? `rule ${i + 1}`,
    tests: rule.when.map((c) => ({
      slot: slots.indexOf(c.signal),
      is: c.is ? new Set(c.is.map(comparable)) : null,
      above: c.above ?? Number.NaN,
      below: c.below ?? Number.NaN,
      unchangedUs: c.unchangedFor === undefined ? 0 : durationMs(c.unchangedFor) * 1000,
    })),
  }));
  const timers = rules.flatMap((r) =>
    r.tests.filter((t) => t.unchangedUs > 0).map((t) => ({ slot: t.slot, us: t.unchangedUs })),
  );
  return {
    slots,
    rules,
    otherwise: logic.otherwise,
    decisive: logic.decisive.map((name) => slots.indexOf(name)),
    timers,
    longestUs: timers.reduce((longest, t) => Math.max(longest, t.us), 0),
  };
}

/** Text without regard to case; a text that is a number compares as one, so that `"4"` from MQTT is PackML state 4. */
export function comparable(value: number | string | boolean): SlotValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  const text = value.trim().toLowerCase();
  if (text === 'true') return 1;
  if (text === 'false') return 0;
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? text : number;
}

export type OnTransition = (time: number, state: MachineState, cause: string) => void;

/**
 * The state of one machine as a function of the samples it has seen, in time order. Pure but for its own fields: no
 * clock, no I/O. A due `unchangedFor` takes effect at the moment it fell due, however late `advance` is called.
 */
export class Evaluator {
  readonly logic: CompiledLogic;
  /** Time of the last sample or timer seen, µs; -Infinity before the first. */
  time = Number.NEGATIVE_INFINITY;
  state: MachineState = 'noData';
  cause = 'no data yet';
  readonly values: SlotValue[];
  /** When the value last changed, µs. */
  readonly changedAt: number[];

  constructor(logic: CompiledLogic) {
    this.logic = logic;
    this.values = logic.slots.map(() => null);
    this.changedAt = logic.slots.map(() => Number.NEGATIVE_INFINITY);
  }

  clone(): Evaluator {
    const copy = new Evaluator(this.logic);
    copy.restore(this);
    return copy;
  }

  restore(from: Evaluator): void {
    this.time = from.time;
    this.state = from.state;
    this.cause = from.cause;
    for (let i = 0; i < this.values.length; i++) {
      this.values[i] = from.values[i]!;
      this.changedAt[i] = from.changedAt[i]!;
    }
  }

  /** Sets a slot without deciding: for the values that held when the evaluation begins. */
  prime(slot: number, value: SlotValue, changedAt: number): void {
    this.values[slot] = value;
    this.changedAt[slot] = changedAt;
  }

  /** Takes a sample; `time` must not lie before `this.time`. */
  apply(time: number, slot: number, value: SlotValue, on: OnTransition): void {
    if (this.logic.timers.length > 0) this.advance(time, on);
    const first = this.time === Number.NEGATIVE_INFINITY;
    this.time = time;
    if (this.values[slot] !== value) {
      this.values[slot] = value;
      this.changedAt[slot] = time;
    } else if (!first) return;
    this.decide(time, on, first);
  }

  /** Lets timers that fall due up to and including `time` take effect, each at its own moment. */
  advance(time: number, on: OnTransition): void {
    for (let due = this.nextDue(); due <= time; due = this.nextDue()) {
      this.time = due;
      this.decide(due, on, false);
    }
  }

  /** The next moment at which an `unchangedFor` could begin to hold, µs; Infinity when none waits. */
  nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { slot, us } of this.logic.timers) {
      if (this.values[slot] === null) continue;
      const due = this.changedAt[slot]! + us;
      if (due > this.time && due < next) next = due;
    }
    return next;
  }

  decide(time: number, on: OnTransition, always: boolean): void {
    const { state, cause } = this.#verdict(time);
    if (state === this.state && !always) return;
    this.state = state;
    this.cause = cause;
    on(time, state, cause);
  }

  #verdict(time: number): { state: MachineState; cause: string } {
    for (const slot of this.logic.decisive)
      if (this.values[slot] === null) return { state: 'noData', cause: `no data: ${this.logic.slots[slot]}` };
    for (const rule of this.logic.rules) if (rule.tests.every((test) => this.#holds(test, time))) return rule;
    return { state: this.logic.otherwise, cause: 'otherwise' };
  }

  #holds(test: Test, time: number): boolean {
    const value = this.values[test.slot]!;
    if (value === null) return false;
    if (test.is && !test.is.has(value)) return false;
    if (!Number.isNaN(test.above) && !(typeof value === 'number' && value > test.above)) return false;
    if (!Number.isNaN(test.below) && !(typeof value === 'number' && value < test.below)) return false;
    return test.unchangedUs === 0 || time - this.changedAt[test.slot]! >= test.unchangedUs;
  }
}
