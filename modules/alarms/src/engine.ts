import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { AlarmSink, Instance } from './domain/course.ts';
import { Evaluator } from './domain/evaluator.ts';
import { FloodWatch } from './domain/floods.ts';
import { type AlarmNotice, isNotice, noticeId, noticePoint } from './domain/notice.ts';
import {
  type AlarmPoint,
  alarmId,
  type Happening,
  happen,
  messageOf,
  newPoint,
  priorityOf,
  toAlarm,
} from './domain/point.ts';
import { type CompiledRule, compileRules, type RuleSet } from './domain/rule-set.ts';
import type { JournalWriter } from './journal-writer.ts';

export interface EngineOptions {
  plant: PlantModel;
  clock: Clock;
  log: Logger;
  stateOf: (equipment: string) => MachineState | undefined;
  /** Start of the shift in which `time` lies, µs. */
  shiftStart: (equipment: string, time: number) => number;
}

/** The alarms as they are now: judges samples, follows machine states, and tells the writer and the listeners. */
export class AlarmEngine implements AlarmSink {
  readonly points = new Map<string, AlarmPoint>();
  rules: RuleSet;
  evaluator: Evaluator;
  readonly #options: EngineOptions;
  #writer!: JournalWriter;
  readonly #byRule = new Map<string, Set<AlarmPoint>>();
  readonly #byEquipment = new Map<string, Set<AlarmPoint>>();
  /** Equipment → rules that some machine state suppresses, and the signal that carries the machine's state. */
  #suppressible = new Map<string, CompiledRule[]>();
  #stateSlots = new Map<string, number>();
  readonly #states = new Map<string, MachineState>();
  readonly #changed = new Set<AlarmPoint>();
  readonly #listeners = new Set<(changed: Alarm[]) => void>();
  readonly #floods = new FloodWatch();
  readonly #shelved = new Set<AlarmPoint>();
  /** Windows of late samples by signal id, to be judged again from the history. */
  lateWindows = new Map<number, { from: number; to: number; at: number }>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.rules = compileRules(options.plant);
    this.evaluator = new Evaluator(this.rules, this);
    this.#index(options.plant);
  }

  writeTo(writer: JournalWriter): void {
    this.#writer = writer;
  }

  batch(batch: SampleBatch): void {
    this.evaluator.batch(batch, this.#options.clock.monotonicMs());
    this.announce();
  }

  /** What falls due without samples: delays, silence, the end of shelving. */
  tick(): void {
    this.evaluator.elapsed(this.#options.clock.monotonicMs());
    const now = this.#options.clock.nowUs();
    for (const point of this.#shelved)
      if (point.shelvedUntil !== null && point.shelvedUntil <= now)
        this.happen(point, { event: 'unshelve', time: point.shelvedUntil, note: '시간이 다 됨 · time limit reached' });
    this.announce();
  }

  subscribe(listener: (changed: Alarm[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Applies what happened to the live alarm; false when the state table has no such pair. */
  happen(point: AlarmPoint, happening: Happening, options: { journal: boolean } = { journal: true }): boolean {
    const row = happen(point, happening);
    if (row === null) {
      this.#options.log.debug({ alarm: point.id, state: point.state, event: happening.event }, 'alarm event ignored');
      return false;
    }
    if (point.shelvedUntil === null) this.#shelved.delete(point);
    else this.#shelved.add(point);
    if (options.journal) this.#writer.add(row);
    else this.#writer.dirty(point.id);
    this.#changed.add(point);
    return true;
  }

  pointsOf(equipment: string): Iterable<AlarmPoint> {
    return this.#byEquipment.get(equipment) ?? [];
  }

  announce(): void {
    if (this.#changed.size === 0) return;
    const changed = [...this.#changed].map(toAlarm);
    this.#changed.clear();
    for (const listener of this.#listeners) {
      try {
        listener(changed);
      } catch (error) {
        this.#options.log.error({ err: error }, 'a listener to alarms failed');
      }
    }
  }

  /** Another module's alarm comes; one that stands already takes the new words. */
  raiseNotice(notice: AlarmNotice, time: number): void {
    let point = this.points.get(noticeId(notice.key));
    if (!point) {
      point = noticePoint(notice);
      this.#keep(point);
    }
    const { key: _key, ...words } = notice;
    Object.assign(point, words);
    if (point.active) this.#touch(point);
    else {
      const shift = this.#options.shiftStart(point.equipment, time);
      point.occurrences = point.shiftFrom === shift ? point.occurrences + 1 : 1;
      point.shiftFrom = shift;
      this.happen(point, { event: 'condition', time });
    }
    this.announce();
  }

  clearNotice(key: string, time: number): void {
    const point = this.points.get(noticeId(key));
    if (!point?.active) return;
    point.activeUs = Math.max(0, time - (point.raisedAt ?? time));
    this.happen(point, { event: 'clear', time });
    this.announce();
  }

  /** Puts another module's stored alarm back. */
  restoreNotice(point: AlarmPoint): void {
    this.#keep(point);
    if (point.shelvedUntil !== null) this.#shelved.add(point);
  }

  raised(instance: Instance, time: number): void {
    const { rule } = instance;
    const point = this.#pointOf(rule, instance.code);
    this.#describe(point, instance);
    const shift = this.#options.shiftStart(point.equipment, time);
    point.occurrences = point.shiftFrom === shift ? point.occurrences + 1 : 1;
    point.shiftFrom = shift;
    if (this.#isSuppressed(rule) && !point.holds.suppressed) this.happen(point, { event: 'suppress', time });
    if (!this.happen(point, { event: 'condition', time })) return;
    point.flood = null;
    if (point.state !== 'unacknowledged') return;
    const { flood, also } = this.#floods.add(point.id, time);
    point.flood = flood;
    for (const id of also) {
      const earlier = this.points.get(id);
      if (!earlier || earlier.flood === flood) continue;
      earlier.flood = flood;
      this.#touch(earlier);
    }
  }

  cleared(instance: Instance, time: number, byGap: boolean): void {
    const point = this.#pointOf(instance.rule, instance.code);
    point.activeUs = instance.activeUs;
    point.knownSince = null;
    point.gapSince = null;
    const note = byGap ? '데이터가 끊긴 때 끝난 것으로 봄 · taken as ended when data stopped' : '';
    this.happen(point, { event: 'clear', time, note });
  }

  changed(instance: Instance): void {
    const point = this.#pointOf(instance.rule, instance.code);
    this.#describe(point, instance);
    this.#touch(point);
  }

  /** What it says stays: after a restart the instance no longer has the words, the stored alarm has. */
  gapped(instance: Instance): void {
    const point = this.#pointOf(instance.rule, instance.code);
    takeTimes(point, instance);
    this.#touch(point);
  }

  late(slot: number, time: number): void {
    const signal = this.rules.signals[slot]!.id;
    const at = this.#options.clock.monotonicMs();
    const window = this.lateWindows.get(signal);
    if (!window) this.lateWindows.set(signal, { from: time, to: time, at });
    else {
      if (time < window.from) window.from = time;
      if (time > window.to) window.to = time;
      window.at = at;
    }
  }

  onMachineState(equipment: string, state: MachineState, time: number): void {
    this.#states.set(equipment, state);
    for (const rule of this.#suppressible.get(equipment) ?? []) this.#suppressByState(rule, time);
    const slot = this.#stateSlots.get(equipment);
    if (slot !== undefined) {
      const text = state === 'noData' ? null : state;
      this.evaluator.sample(slot, time, Number.NaN, text, text === null ? 3 : 0, this.#options.clock.monotonicMs());
    }
    this.announce();
  }

  /** Brings every suppressed alarm in line with what the machines do now. */
  alignSuppression(time: number): void {
    for (const rules of this.#suppressible.values()) for (const rule of rules) this.#suppressByState(rule, time);
  }

  /** Puts a stored alarm back; null when its rule is no longer in the plant. */
  restore(point: AlarmPoint): CompiledRule | null {
    const rule = this.rules.byKey.get(point.rule);
    if (!rule) return null;
    this.#keep(point);
    if (point.shelvedUntil !== null) this.#shelved.add(point);
    return rule;
  }

  /** Takes on another plant. Gives the alarms whose rule is gone; they are ended and forgotten. */
  replacePlant(plant: PlantModel): AlarmPoint[] {
    const before = this.evaluator;
    this.rules = compileRules(plant);
    this.evaluator = new Evaluator(this.rules, this);
    this.#index(plant);
    const gone: AlarmPoint[] = [];
    for (const point of this.points.values()) {
      if (isNotice(point)) continue;
      const rule = this.rules.byKey.get(point.rule);
      if (!rule) gone.push(point);
      else {
        point.name = rule.rule.name ?? rule.signal.label;
        point.action = rule.rule.action ?? null;
      }
    }
    const time = this.#options.clock.nowUs();
    for (const point of gone) {
      if (point.active) this.happen(point, { event: 'clear', time, note: '규칙이 없어짐 · its rule was removed' });
      point.state = 'normal';
      this.#changed.add(point);
      this.points.delete(point.id);
      this.#byRule.get(point.rule)?.delete(point);
      this.#byEquipment.get(point.equipment)?.delete(point);
      this.#shelved.delete(point);
    }
    for (const rule of this.evaluator.adopt(before)) this.evaluator.judgeNow(rule);
    this.alignSuppression(time);
    this.announce();
    return gone;
  }

  #suppressByState(rule: CompiledRule, time: number): void {
    const suppressed = this.#isSuppressed(rule);
    for (const point of this.#byRule.get(rule.key) ?? []) {
      if (suppressed && !point.holds.suppressed && point.state !== 'normal')
        this.happen(point, { event: 'suppress', time });
      if (!suppressed && point.holds.suppressed) this.happen(point, { event: 'unsuppress', time });
    }
  }

  #isSuppressed(rule: CompiledRule): boolean {
    if (rule.rule.suppressedIn.length === 0) return false;
    const equipment = rule.signal.equipment;
    const state = this.#states.get(equipment) ?? this.#options.stateOf(equipment);
    return state !== undefined && rule.rule.suppressedIn.includes(state);
  }

  #pointOf(rule: CompiledRule, code: string): AlarmPoint {
    const known = this.points.get(alarmId(rule.key, code));
    if (known) return known;
    const point = newPoint(rule, code);
    this.#keep(point);
    return point;
  }

  #keep(point: AlarmPoint): void {
    this.points.set(point.id, point);
    addTo(this.#byRule, point.rule, point);
    addTo(this.#byEquipment, point.equipment, point);
  }

  #describe(point: AlarmPoint, instance: Instance): void {
    point.value = instance.value;
    point.message = messageOf(instance.rule, instance.value, instance.condition);
    point.priority = priorityOf(instance.rule, instance.condition);
    takeTimes(point, instance);
  }

  #touch(point: AlarmPoint): void {
    this.#writer.dirty(point.id);
    this.#changed.add(point);
  }

  #index(plant: PlantModel): void {
    this.#suppressible = new Map();
    this.#stateSlots = new Map();
    for (const rule of this.rules.rules) {
      const { equipment, path, connection } = rule.signal;
      if (rule.rule.suppressedIn.length > 0) {
        const rules = this.#suppressible.get(equipment) ?? [];
        rules.push(rule);
        this.#suppressible.set(equipment, rules);
      }
      // A signal `state` without a source is the machine's own state.
      if (connection === null && path === `${equipment}/state` && plant.equipment.has(equipment))
        this.#stateSlots.set(equipment, this.rules.slotOf[rule.signal.id]!);
    }
  }
}

function takeTimes(point: AlarmPoint, { activeUs, knownSince, gapSince }: Instance): void {
  point.activeUs = activeUs;
  point.knownSince = Number.isNaN(knownSince) ? null : knownSince;
  point.gapSince = Number.isNaN(gapSince) ? null : gapSince;
}

function addTo(index: Map<string, Set<AlarmPoint>>, key: string, point: AlarmPoint): void {
  const set = index.get(key);
  if (set) set.add(point);
  else index.set(key, new Set([point]));
}
