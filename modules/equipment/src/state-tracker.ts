import type { MachineState } from '@deungdae/contracts/equipment.ts';
import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import { LateLookups } from './late-lookups.ts';
import type { Interval, Machine } from './machine.ts';
import { machineWithNewLogic, restoreMachine } from './restore.ts';
import { deriveIntervals, type HistoryReader, primedEvaluator, slotValueOf, stateSamples } from './samples.ts';
import type { EquipmentStore, MachineFlush } from './store.ts';
import { replaced, sameIntervals } from './timeline.ts';

/** A sample dated further ahead of the clock than this says nothing about the state, µs. */
const aheadUs = 86_400_000_000;
const flushEveryMs = 1000;
const recomputeAfterMs = 300;
/** Machines written in one transaction. */
const flushMachines = 100;
/** Batches kept while the module opens; beyond that the sender waits for nothing: the history is read again. */
const openBatches = 5000;

interface Tracked {
  model: EquipmentModel;
  machine: Machine;
  signals: number[];
  /** Progress as the ledger knows it, µs. */
  writtenTo: number;
  dirty: { from: number; to: number } | null;
  timer: { due: number; cancel: () => void } | null;
}

interface Use {
  tracked: Tracked;
  slot: number;
}

export interface TrackerEvents {
  /** The state of a machine changed: now (`live`) or at an earlier time. */
  onState(equipment: string, state: MachineState, timeUs: number): void;
  /** Intervals in [from, to) came out otherwise than before. */
  onRecomputed(equipment: string, from: number, to: number): void;
  onChanged(equipment: string): void;
}

/** Follows the state of every machine: live from the stream, again from the history where samples came late. */
export class StateTracker {
  readonly #store: EquipmentStore;
  readonly #history: HistoryReader;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #events: TrackerEvents;
  readonly #tracked = new Map<string, Tracked>();
  /** By signal id: index + 1 into `#uses`, 0 for signals that decide nothing. */
  #useOf = new Uint32Array(0);
  #uses: Use[][] = [];
  #waiting: SampleBatch[] | null = [];
  #lostWhileOpening = false;
  #work: Promise<unknown> = Promise.resolve();
  #settling: Promise<void> = Promise.resolve();
  #cancelFlush: (() => void) | null = null;
  #cancelRecompute: (() => void) | null = null;
  #closed = false;
  readonly #lookups = new LateLookups<Tracked>((tracked, signal, from, to) => this.#late(tracked, signal, from, to));

  constructor(deps: {
    store: EquipmentStore;
    history: HistoryReader;
    clock: Clock;
    log: Logger;
    events: TrackerEvents;
  }) {
    this.#store = deps.store;
    this.#history = deps.history;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#events = deps.events;
  }

  /** Takes up every machine where the ledger left it and brings it up to date from the history. */
  async open(plant: PlantModel): Promise<void> {
    const progress = await this.#store.progress();
    const models = [...plant.equipment.values()].filter((e) => e.state !== null);
    for (let i = 0; i < models.length; i += 16)
      await Promise.all(
        models.slice(i, i + 16).map(async (model) => {
          const known = progress.get(model.path);
          const tracked = await this.#restore(model, known?.knownTo ?? Number.NEGATIVE_INFINITY);
          if (known?.dirty) tracked.dirty = known.dirty;
          this.#tracked.set(model.path, tracked);
        }),
      );
    this.#index();
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const batch of waiting) this.onBatch(batch);
    if (this.#lostWhileOpening) await Promise.all([...this.#tracked.keys()].map((path) => this.#catchUp(path)));
    for (const tracked of this.#tracked.values()) this.#arm(tracked);
    if ([...this.#tracked.values()].some((t) => t.dirty)) this.#scheduleRecompute();
    this.#scheduleFlush();
  }

  async #restore(model: EquipmentModel, knownTo: number): Promise<Tracked> {
    const until = this.#clock.nowUs() + aheadUs;
    const restored = await restoreMachine(model, knownTo, until, this.#store, this.#history);
    return { model, ...restored, writtenTo: knownTo, dirty: null, timer: null };
  }

  #index(): void {
    const uses: Use[][] = [];
    let largest = 0;
    for (const t of this.#tracked.values()) for (const signal of t.signals) largest = Math.max(largest, signal);
    const useOf = new Uint32Array(largest + 1);
    for (const tracked of this.#tracked.values())
      tracked.signals.forEach((signal, slot) => {
        if (signal < 0) return;
        if (useOf[signal] === 0) useOf[signal] = uses.push([]);
        uses[useOf[signal]! - 1]!.push({ tracked, slot });
      });
    this.#useOf = useOf;
    this.#uses = uses;
  }

  onBatch(batch: SampleBatch): void {
    if (this.#waiting) {
      if (this.#waiting.length < openBatches) this.#waiting.push(batch);
      else this.#lostWhileOpening = true;
      return;
    }
    const touched = new Set<Tracked>();
    const horizon = this.#clock.nowUs() + aheadUs;
    const { signals, times, numbers, texts, quality } = batch;
    for (let i = 0; i < batch.length; i++) {
      const signal = signals[i]!;
      const use = signal < this.#useOf.length ? this.#useOf[signal]! : 0;
      if (use === 0 || times[i]! > horizon) continue;
      const value = slotValueOf(numbers[i]!, texts?.[i], quality[i]!);
      for (const { tracked, slot } of this.#uses[use - 1]!) {
        const { machine } = tracked;
        if (!machine.accepts(times[i]!, quality[i] === Quality.uncertain)) continue;
        touched.add(tracked);
        if (!machine.take(times[i]!, slot, value)) this.#lookups.add(tracked, signal, times[i]!);
      }
    }
    for (const tracked of touched) this.#settle(tracked);
  }

  readonly #told = new WeakMap<Tracked, MachineState>();

  /** Tells of a change, and sets the timer for the next `unchangedFor`. */
  #settle(tracked: Tracked): void {
    const { machine } = tracked;
    for (const { time, state } of machine.fresh.splice(0)) this.#tell(tracked, state, time);
    const last = machine.tail.at(-1);
    if (last) this.#tell(tracked, last.state, last.from);
    this.#arm(tracked);
    this.#scheduleFlush();
  }

  #tell(tracked: Tracked, state: MachineState, time: number): void {
    if (this.#told.get(tracked) === state) return;
    this.#told.set(tracked, state);
    this.#events.onState(tracked.model.path, state, time);
    this.#events.onChanged(tracked.model.path);
  }

  #arm(tracked: Tracked): void {
    const due = tracked.machine.nextDue;
    if (!Number.isFinite(due)) return;
    if (tracked.timer && tracked.timer.due <= due) return;
    tracked.timer?.cancel();
    // A due time long past belongs to a replay: the samples before it may still be on their way.
    const waitMs = Math.max(
      Math.ceil((due - this.#clock.nowUs()) / 1000),
      due < this.#clock.nowUs() - 60_000_000 ? 1000 : 0,
    );
    const cancel = this.#clock.after(Math.min(waitMs, 2_000_000_000), () => {
      tracked.timer = null;
      if (this.#closed) return;
      tracked.machine.advance(this.#clock.nowUs());
      this.#settle(tracked);
    });
    tracked.timer = { due, cancel };
  }

  /** When it cannot be found out what late samples change, all that comes after them is derived again. */
  async #late(tracked: Tracked, signal: number, from: number, to: number): Promise<void> {
    try {
      await this.#placeLate(tracked, signal, from, to);
    } catch (error) {
      this.#log.error({ error: String(error), signal }, 'a late sample could not be placed');
      this.recomputeSoon(tracked.model.path, from, tracked.machine.checkpointTime);
    }
  }

  /** Samples from before the journal: what they change ends where the signal speaks again, and timers have run out. */
  async #placeLate(tracked: Tracked, signal: number, from: number, to: number): Promise<void> {
    const { machine, signals, model } = tracked;
    for (let tries = 0; tries < 10; tries++) {
      const checkpoint = machine.checkpointTime;
      const next = await this.#history.range({ signal, from: to + 1, to: Math.max(checkpoint, to + 1), limit: 1 });
      const end = (next[0]?.time ?? checkpoint) + machine.logic.longestUs + 1;
      if (next[0] && end < checkpoint) return this.recomputeSoon(model.path, from, end);
      const known = await primedEvaluator(machine.logic, signals, this.#history, checkpoint + 1);
      if (machine.checkpointTime !== checkpoint) continue;
      machine.correctCheckpoint(known);
      this.#settle(tracked);
      return this.recomputeSoon(model.path, from, checkpoint);
    }
  }

  /** Marks a stretch to be derived again from the history. */
  recomputeSoon(equipment: string, from: number, to: number): void {
    const tracked = this.#tracked.get(equipment);
    if (!tracked || !(to > from)) return;
    const { dirty } = tracked;
    tracked.dirty = dirty ? { from: Math.min(dirty.from, from), to: Math.max(dirty.to, to) } : { from, to };
    this.#scheduleRecompute();
  }

  /** Derives [from, to) again now. True when something came out otherwise. */
  recompute(equipment: string, from: number, to: number): Promise<boolean> {
    return this.#exclusive(async () => {
      const tracked = this.#tracked.get(equipment);
      if (!tracked) return false;
      const { machine, signals } = tracked;
      const end = Math.min(to, Math.max(machine.checkpointTime, from));
      if (!(end > from)) return false;
      await this.#flushNow([tracked]);
      const part = await deriveIntervals(machine.logic, signals, this.#history, from, end);
      const stored = await this.#store.intervals(equipment, from, end + 1);
      const next = replaced(stored, part, from, end);
      if (sameIntervals(stored, next)) return false;
      await this.#store.replace(equipment, stored, next);
      const first = machine.tail[0];
      if (first && first.from < end)
        machine.replaceTail(
          replaced(
            machine.tail,
            part.filter((i) => i.to! > first.from),
            Math.max(from, first.from),
            end,
          ),
        );
      this.#events.onRecomputed(equipment, from, end);
      this.#settle(tracked);
      return true;
    });
  }

  #scheduleRecompute(): void {
    if (this.#cancelRecompute || this.#closed) return;
    this.#cancelRecompute = this.#clock.after(recomputeAfterMs, () => {
      this.#cancelRecompute = null;
      void this.settleLate();
    });
  }

  /** Derives all marked stretches. Resolves when none is left. */
  settleLate(): Promise<void> {
    const done = this.#settling.then(() => this.#settleLate());
    this.#settling = done;
    return done;
  }

  async #settleLate(): Promise<void> {
    await this.#lookups.settled();
    for (const tracked of this.#tracked.values()) {
      const { dirty, model } = tracked;
      if (!dirty) continue;
      tracked.dirty = null;
      try {
        await this.#store.markDirty(model.path, dirty);
        await this.recompute(model.path, dirty.from, dirty.to);
        await this.#store.markDirty(model.path, tracked.dirty);
      } catch (error) {
        this.#log.error(
          { equipment: model.path, error: String(error) },
          'late data could not be worked in; tried again',
        );
        this.recomputeSoon(model.path, dirty.from, dirty.to);
      }
    }
  }

  #scheduleFlush(): void {
    if (this.#cancelFlush || this.#closed) return;
    this.#cancelFlush = this.#clock.after(flushEveryMs, () => {
      this.#cancelFlush = null;
      void this.flush().catch((error: unknown) => {
        this.#log.error({ error: String(error) }, 'machine states could not be written; tried again');
        this.#scheduleFlush();
      });
    });
  }

  /** Writes all changed intervals. */
  flush(): Promise<void> {
    return this.#exclusive(async () => {
      const due = [...this.#tracked.values()].filter(
        (t) => Number.isFinite(t.machine.changedFrom) || t.machine.knownTo > t.writtenTo + 30_000_000,
      );
      for (let i = 0; i < due.length; i += flushMachines) await this.#flushNow(due.slice(i, i + flushMachines));
    });
  }

  async #flushNow(list: readonly Tracked[]): Promise<void> {
    const writes = list.map((t): MachineFlush => {
      const { changedFrom, tail, knownTo } = t.machine;
      t.machine.changedFrom = Number.POSITIVE_INFINITY;
      const intervals = tail.filter((i) => i.from >= changedFrom).map((i) => ({ ...i }));
      return { equipment: t.model.path, changedFrom, intervals, knownTo };
    });
    try {
      await this.#store.flush(writes);
    } catch (error) {
      list.forEach((t, i) => {
        t.machine.changedFrom = Math.min(t.machine.changedFrom, writes[i]!.changedFrom);
      });
      throw error;
    }
    list.forEach((t, i) => {
      t.writtenTo = writes[i]!.knownTo;
      t.machine.trim();
    });
  }

  /** One piece of ledger work at a time. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work, work);
    this.#work = done.catch(() => {});
    return done;
  }

  async #catchUp(equipment: string): Promise<void> {
    const t = this.#tracked.get(equipment)!;
    const samples = await stateSamples(
      t.signals,
      this.#history,
      Math.max(0, t.machine.checkpointTime),
      this.#clock.nowUs() + aheadUs,
    );
    for (let i = 0; i < samples.times.length; i++)
      t.machine.take(samples.times[i]!, samples.slots[i]!, samples.values[i]!);
  }

  /** The last interval; null when nothing is known of the machine. */
  current(equipment: string): Interval | null {
    return this.#tracked.get(equipment)?.machine.tail.at(-1) ?? null;
  }

  /** Intervals that memory has of [from, ∞); `complete` when nothing of it is in the ledger alone. */
  recent(equipment: string, from: number): { intervals: readonly Interval[]; complete: boolean } {
    const tail = this.#tracked.get(equipment)?.machine.tail ?? [];
    return { intervals: tail, complete: tail.length === 0 || tail[0]!.from <= from };
  }

  /** Intervals that touch [from, to), whole, in order. */
  async intervals(equipment: string, from: number, to: number): Promise<Interval[]> {
    const { intervals, complete } = this.recent(equipment, from);
    const touching = (list: readonly Interval[]) =>
      list.filter((i) => i.from < to && (i.to === null || i.to > from)).map((i) => ({ ...i }));
    if (complete && intervals.length > 0) return touching(intervals);
    const start = intervals[0]?.from ?? Number.POSITIVE_INFINITY;
    const stored = await this.#store.intervals(equipment, from, Math.min(to, start));
    return [...stored.filter((i) => i.from < start), ...touching(this.recent(equipment, from).intervals)];
  }

  /** Takes over a changed plant: machines with the same logic go on, others begin anew from now with what is known. */
  async replacePlant(plant: PlantModel): Promise<void> {
    await this.flush();
    const models = [...plant.equipment.values()].filter((e) => e.state !== null);
    const next = new Map<string, Tracked>();
    for (const model of models) {
      const old = this.#tracked.get(model.path);
      if (old && sameLogic(old.model, model)) {
        old.model = model;
        next.set(model.path, old);
        continue;
      }
      old?.timer?.cancel();
      next.set(model.path, old ? this.#withNewLogic(model, old) : await this.#restore(model, Number.NEGATIVE_INFINITY));
    }
    for (const [path, old] of this.#tracked) if (!next.has(path)) old.timer?.cancel();
    this.#tracked.clear();
    for (const [path, tracked] of next) this.#tracked.set(path, tracked);
    this.#index();
    for (const tracked of this.#tracked.values()) this.#settle(tracked);
  }

  #withNewLogic(model: EquipmentModel, old: Tracked): Tracked {
    const now = Math.max(this.#clock.nowUs(), old.machine.knownTo);
    const renewed = machineWithNewLogic(model, old.machine.tail, now, this.#history);
    return { model, ...renewed, writtenTo: old.writtenTo, dirty: null, timer: null };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelFlush?.();
    this.#cancelRecompute?.();
    for (const tracked of this.#tracked.values()) tracked.timer?.cancel();
    await this.#settling;
    await this.flush();
    await this.#work;
  }
}

function sameLogic(a: EquipmentModel, b: EquipmentModel): boolean {
  const ids = (m: EquipmentModel) => m.signals.map((s) => [s.name, s.id]);
  return JSON.stringify([a.state, ids(a)]) === JSON.stringify([b.state, ids(b)]);
}
