import type { Caller } from '@deungdae/contracts/api.ts';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { LossClass, MachineState } from '@deungdae/contracts/equipment.ts';
import { actorOf, nameOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import type { z } from 'zod';
import { equipmentError } from './errors.ts';
import type { StateTracker } from './state-tracker.ts';
import {
  downtimeOf,
  type EffectiveInterval,
  effectiveIntervals,
  isStop,
  type PeopleNotes,
  parseStopId,
  type ReasonNote,
  stopId,
} from './stops.ts';
import type { EquipmentStore } from './store.ts';

type Stop = z.infer<typeof Downtime>;

export interface PeopleDeps {
  store: EquipmentStore;
  tracker: StateTracker;
  clock: Clock;
  losses(): ReadonlyMap<string, LossClass>;
  machineByKey(key: string): EquipmentModel | undefined;
  /** Something a person said changed figures of [from, to). */
  onCorrected(equipment: EquipmentModel, from: number, to: number, why: string, caller: Caller): Promise<void>;
}

/** What people say about stops: reasons, splits, stretches recorded by hand. All earlier words are kept. */
export class People {
  readonly #deps: PeopleDeps;
  #notes = new Map<string, PeopleNotes>();

  constructor(deps: PeopleDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    this.#notes = await this.#deps.store.notes();
  }

  notesOf(equipment: string): PeopleNotes {
    const known = this.#notes.get(equipment);
    if (known) return known;
    const none: PeopleNotes = { reasons: [], splits: [], overrides: [] };
    this.#notes.set(equipment, none);
    return none;
  }

  /** Effective intervals of [from, to), whole, as people corrected them. */
  async intervals(machine: EquipmentModel, from: number, to: number): Promise<EffectiveInterval[]> {
    const raw = await this.#deps.tracker.intervals(machine.path, from, to);
    const notes = this.notesOf(machine.path);
    const now = this.#deps.clock.nowUs();
    return effectiveIntervals(raw, notes, machine.minorStopBelowMs, now).filter(
      (i) => i.from < to && (i.to === null || i.to > from),
    );
  }

  async #find(id: string): Promise<{ machine: EquipmentModel; stop: EffectiveInterval }> {
    const parsed = parseStopId(id);
    const machine = parsed && this.#deps.machineByKey(parsed.key);
    if (machine) {
      const around = await this.intervals(machine, parsed.from, parsed.from + 1);
      const stop = around.find((i) => isStop(i.state) && i.from <= parsed.from);
      if (stop) return { machine, stop };
    }
    throw equipmentError('equipment.unknownDowntime', {}, { status: 404 });
  }

  async #answer(machine: EquipmentModel, from: number): Promise<Stop> {
    const { stop } = await this.#find(stopId(machine.path, from));
    return this.show(machine, stop);
  }

  show(machine: EquipmentModel, stop: EffectiveInterval): Stop {
    return downtimeOf(machine.path, stop, this.notesOf(machine.path), this.#deps.losses());
  }

  /** Now, but later than all that was said of this machine: the order of words never hangs on a clock that was set back. */
  #stamp(equipment: string): number {
    const { reasons, splits } = this.notesOf(equipment);
    return Math.max(this.#deps.clock.nowUs(), (reasons.at(-1)?.at ?? 0) + 1, (splits.at(-1)?.made ?? 0) + 1);
  }

  #checkReason(reason: string | null): void {
    if (reason !== null && !this.#deps.losses().has(reason))
      throw equipmentError('equipment.unknownReason', { reason }, { status: 400 });
  }

  /** Gives a reason, or corrects one; the earlier stays in the history. With `only`, of a stop of that machine alone. */
  async setReason(id: string, reason: string, note: string, caller: Caller, only?: string): Promise<Stop> {
    this.#checkReason(reason);
    const { machine, stop } = await this.#find(id);
    if (only !== undefined && machine.path !== only)
      throw equipmentError('equipment.unknownDowntime', {}, { status: 404 });
    const at = this.#stamp(machine.path);
    const word = this.#word(stop, reason, note, nameOf(caller), at);
    const former = stop.current ? { reason: stop.current.reason, note: stop.current.note, by: stop.current.by } : null;
    await this.#deps.store.addNotes(
      machine.path,
      { reasons: [word] },
      {
        type: former ? 'downtime.reasonCorrected' : 'downtime.reasonGiven',
        subject: machine.path,
        actor: actorOf(caller),
        data: { from: stop.from, to: stop.to, reason, note, former },
      },
    );
    this.notesOf(machine.path).reasons.push(word);
    await this.#deps.onCorrected(machine, stop.from, stop.to ?? at, 'reason corrected', caller);
    return this.#answer(machine, stop.from);
  }

  #word(
    stop: { from: number; to: number | null },
    reason: string | null,
    note: string,
    by: string,
    at: number,
  ): ReasonNote {
    return { id: uuidv7(Math.floor(at / 1000)), from: stop.from, to: stop.to, reason, note, by, at };
  }

  /** Splits a stop in two; both parts keep the reason until one is given another. */
  async split(id: string, at: number, caller: Caller): Promise<Stop[]> {
    const { machine, stop } = await this.#find(id);
    const now = this.#stamp(machine.path);
    if (!(at > stop.from && at < (stop.to ?? now))) throw equipmentError('equipment.splitOutside', {}, { status: 400 });
    const current = stop.current;
    const reasons = current
      ? [
          { from: stop.from, to: at },
          { from: at, to: stop.to },
        ].map((part) => this.#word(part, current.reason, current.note, current.by, now))
      : [];
    const split = { at, by: nameOf(caller), made: now };
    await this.#deps.store.addNotes(
      machine.path,
      { reasons, split },
      {
        type: 'downtime.split',
        subject: machine.path,
        actor: actorOf(caller),
        data: { from: stop.from, to: stop.to, at },
      },
    );
    const notes = this.notesOf(machine.path);
    notes.reasons.push(...reasons);
    notes.splits.push(split);
    await this.#deps.onCorrected(machine, stop.from, stop.to ?? now, 'stop split', caller);
    return [await this.#answer(machine, stop.from), await this.#answer(machine, at)];
  }

  /** Records a stretch that the machine did not tell; it lies over the machine's own state, which stays stored. */
  async add(
    machine: EquipmentModel,
    stretch: { from: number; to: number; state: MachineState; reason: string | null; note: string },
    caller: Caller,
  ): Promise<Stop> {
    this.#checkReason(stretch.reason);
    const now = this.#stamp(machine.path);
    const { from, to, state, reason, note } = stretch;
    if (!(to > from)) throw equipmentError('equipment.badWindow', { days: 31 }, { status: 400 });
    if (to - from > 31 * 86_400_000_000) throw equipmentError('equipment.badWindow', { days: 31 }, { status: 400 });
    if (to > now + 1_000_000) throw equipmentError('equipment.futureStop', {}, { status: 400 });
    const said = reason !== null || note !== '';
    const reasons = said ? [this.#word(stretch, reason, note, nameOf(caller), now)] : [];
    const override = { from, to, state, by: nameOf(caller), made: now };
    await this.#deps.store.addNotes(
      machine.path,
      { reasons, override },
      { type: 'downtime.added', subject: machine.path, actor: actorOf(caller), data: { ...stretch } },
    );
    const notes = this.notesOf(machine.path);
    notes.reasons.push(...reasons);
    notes.overrides.push({ from, to, state, cause: `person: ${nameOf(caller)}` });
    await this.#deps.onCorrected(machine, from, to, 'stop added', caller);
    const word = reasons[0] ?? null;
    const shown = { from, to, state, cause: `person: ${nameOf(caller)}`, current: word, earlier: [], minor: false };
    return this.show(machine, shown);
  }
}
