import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Alarm, MachineCard } from '@deungdae/contracts/api-entities.ts';
import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { catchUp, neverSeen } from './catch-up.ts';
import type { AlarmNotice } from './domain/notice.ts';
import { isAnnunciated } from './domain/point.ts';
import { AlarmEngine } from './engine.ts';
import { alarmHandlers, listAlarms } from './handlers.ts';
import { JournalWriter } from './journal-writer.ts';
import { recomputeSignal } from './recompute.ts';
import { shiftStart } from './shift-start.ts';
import { type AlarmTables, alarmMigrations, deletePoints, loadAlarms } from './store.ts';

export type { AlarmNotice };
export { alarmMigrations };

export interface AlarmsOptions {
  ledger: Ledger;
  history: History;
  stream: Stream;
  clock: Clock;
  log: Logger;
  plant: PlantModel;
  /** What a machine does now, for suppression by design. */
  stateOf?: (equipment: string) => MachineState | undefined;
}

export interface AlarmsModule {
  handlers: Handlers;
  /** Alarms that are not normal, the most urgent first. */
  current(): Alarm[];
  counts(equipment: string): MachineCard['alarms'];
  /** Every alarm that changed, once for each batch of samples; one back to normal too. */
  subscribe(listener: (changed: Alarm[]) => void): () => void;
  replacePlant(plant: PlantModel): Promise<void>;
  onMachineState(equipment: string, state: MachineState, time: number): void;
  /**
   * An alarm that another module judged (a control chart, a due calibration) comes or goes at `time` (µs UTC). It has
   * the same states, journal and KPIs as the rules' alarms, and lives through a restart; the module that raised it ends it.
   */
  raiseNotice(notice: AlarmNotice, time: number): void;
  clearNotice(key: string, time: number): void;
  /**
   * Rebuilds the automatic entries of the journal in [from, to) from the history, of all signals or of some. Late
   * samples start it by themselves.
   */
  recompute(from: number, to: number, signals?: readonly number[]): Promise<{ added: number; removed: number }>;
  /** Resolves when everything judged so far is in the ledger, late samples included. */
  settled(): Promise<void>;
  stats(): { rules: number; open: number; journalWritten: number; journalWaiting: number; lateSamples: number };
  close(): Promise<void>;
}

const tickMs = 250;
const progressMs = 60_000;
/** Late samples are judged when none came for this long. */
const lateQuietMs = 2000;
const maxHeldBatches = 10_000;

/** Opens the alarms: puts back what was stored, judges what came since, then follows the stream. */
export async function openAlarms(options: AlarmsOptions): Promise<AlarmsModule> {
  const { clock, ledger, log } = options;
  let { plant } = options;
  const engine = new AlarmEngine({
    plant,
    clock,
    log,
    stateOf: options.stateOf ?? (() => undefined),
    shiftStart: shiftStart(() => plant),
  });
  const run = new AlarmsRun(options, engine);
  const unsubscribe = options.stream.subscribe('alarms', (batch) => run.onBatch(batch));
  await run.start();
  return {
    handlers: alarmHandlers({ engine, writer: run.writer, ledger, clock }),
    current: () => listAlarms(engine),
    counts: (equipment) => countsOf(engine, equipment),
    subscribe: (listener) => engine.subscribe(listener),
    replacePlant: async (next) => {
      plant = next;
      const gone = engine.replacePlant(next).map((point) => point.id);
      await run.writer.flushed();
      await run.forget(gone);
      await run.storeProgress();
    },
    onMachineState: (equipment, state, time) => engine.onMachineState(equipment, state, time),
    raiseNotice: (notice, time) => engine.raiseNotice(notice, time),
    clearNotice: (key, time) => engine.clearNotice(key, time),
    recompute: (from, to, signals) => run.recompute(from, to, signals),
    settled: () => run.settled(),
    stats: () => ({
      rules: engine.rules.rules.length,
      open: [...engine.points.values()].filter((p) => p.state !== 'normal').length,
      journalWritten: run.writer.written,
      journalWaiting: run.writer.waiting,
      lateSamples: engine.evaluator.lateSamples,
    }),
    close: async () => {
      unsubscribe();
      await run.close();
    },
  };
}

function countsOf(engine: AlarmEngine, equipment: string): MachineCard['alarms'] {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unacknowledged: 0 };
  for (const point of engine.pointsOf(equipment)) {
    if (!isAnnunciated(point)) continue;
    counts[point.priority]++;
    if (point.state !== 'acknowledged') counts.unacknowledged++;
  }
  return counts;
}

/** The module while it runs: timers, the journal's writer, late samples. */
class AlarmsRun {
  readonly writer: JournalWriter;
  readonly #options: AlarmsOptions;
  readonly #engine: AlarmEngine;
  #held: SampleBatch[] | null = [];
  #dropped = false;
  #cancelTick = () => {};
  #progressAt = 0;
  #recomputing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: AlarmsOptions, engine: AlarmEngine) {
    this.#options = options;
    this.#engine = engine;
    this.writer = new JournalWriter({
      ledger: options.ledger,
      clock: options.clock,
      log: options.log,
      point: (id) => engine.points.get(id),
      onOverflow: (from, to) => {
        this.recompute(from, to).catch((error) => options.log.error({ err: error }, 'alarm journal not rebuilt'));
      },
    });
    engine.writeTo(this.writer);
  }

  async start(): Promise<void> {
    const { ledger, history, clock, log } = this.#options;
    const stored = await loadAlarms(ledger);
    const { orphans, samples } = await catchUp(this.#engine, stored, { history, clock });
    await this.forget(orphans);
    this.#engine.alignSuppression(clock.nowUs());
    const held = this.#held ?? [];
    this.#held = null;
    for (const batch of held) this.#engine.batch(batch);
    // What was not held is in the history, and is judged as late samples are.
    if (this.#dropped) await this.recompute(clock.nowUs() - 86_400_000_000, clock.nowUs());
    log.info({ alarms: stored.points.length, samples }, 'alarms put back');
    this.#engine.tick();
    await this.storeProgress();
    this.#scheduleTick();
  }

  onBatch(batch: SampleBatch): void {
    if (this.#held === null) this.#engine.batch(batch);
    else if (this.#held.length < maxHeldBatches) this.#held.push(batch);
    else this.#dropped = true;
  }

  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.writer.exclusive(() =>
      this.#options.ledger.transaction<AlarmTables, void>((db) => deletePoints(db, ids)),
    );
  }

  recompute(from: number, to: number, signals?: readonly number[]): Promise<{ added: number; removed: number }> {
    const work = this.#recomputing.then(async () => {
      const { rules } = this.#engine;
      const wanted = signals ?? rules.signals.map((s) => s.id);
      const total = { added: 0, removed: 0 };
      for (const signal of wanted) {
        const slot = signal < rules.slotOf.length ? rules.slotOf[signal]! : -1;
        if (slot < 0) continue;
        const done = await recomputeSignal({ ...this.#options, rules, writer: this.writer }, slot, from, to);
        total.added += done.added;
        total.removed += done.removed;
      }
      return total;
    });
    this.#recomputing = work.catch(() => undefined);
    return work;
  }

  /** From here on nothing is forgotten by a crash, signals that were never seen included. */
  async storeProgress(): Promise<void> {
    await this.writer.flushed();
    this.#progressAt = this.#options.clock.monotonicMs();
    if (this.writer.idle) await this.writer.progress(this.#progress());
  }

  async settled(): Promise<void> {
    await this.#judgeLate(true);
    await this.#recomputing;
    await this.writer.flushed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick();
    await this.writer.close();
    if (!this.writer.idle) return;
    await this.#judgeLate(true).catch(() => undefined);
    await this.#recomputing;
    await this.writer.progress(this.#progress());
  }

  #scheduleTick(): void {
    this.#cancelTick = this.#options.clock.after(tickMs, () => {
      if (this.#closed) return;
      this.#engine.tick();
      this.#judgeLate(false).catch((error) =>
        this.#options.log.error({ err: error }, 'late samples not judged; trying again'),
      );
      const now = this.#options.clock.monotonicMs();
      if (now - this.#progressAt >= progressMs && this.writer.idle) {
        this.#progressAt = now;
        this.writer.progress(this.#progress());
      }
      this.#scheduleTick();
    });
  }

  async #judgeLate(all: boolean): Promise<void> {
    const now = this.#options.clock.monotonicMs();
    for (const [signal, window] of this.#engine.lateWindows) {
      if (!all && now - window.at < lateQuietMs) continue;
      this.#engine.lateWindows.delete(signal);
      try {
        await this.recompute(window.from, window.to + 1, [signal]);
      } catch (error) {
        if (!this.#engine.lateWindows.has(signal)) this.#engine.lateWindows.set(signal, { ...window, at: now });
        throw error;
      }
    }
  }

  #progress(): Map<number, number> {
    const { rules, evaluator } = this.#engine;
    const progress = new Map<number, number>();
    rules.signals.forEach((signal, slot) => {
      const time = evaluator.safeTime(slot);
      progress.set(signal.id, time > Number.NEGATIVE_INFINITY ? time : neverSeen);
    });
    return progress;
  }
}
