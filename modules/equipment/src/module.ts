import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { LossClass, MachineState, StateInterval } from '@deungdae/contracts/equipment.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { History } from '@deungdae/history/history.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { type Card, cardOf } from './cards.ts';
import { type CountedPieces, countedPieces } from './counts-door.ts';
import { checkWindow, equipmentHandlers, machineAt, machinesUnder, stopsOf } from './handlers.ts';
import { type KpiVersion, KpiVersions } from './kpi-versions.ts';
import { LiveCounts } from './live-counts.ts';
import { LoadedOrders, type OrdersDoor } from './loaded-orders.ts';
import type { Figures } from './oee.ts';
import { People } from './people.ts';
import { type By, machineTimes, type OeeAnswer, oeeAnswer, type ReportSources } from './reports.ts';
import { StateTracker } from './state-tracker.ts';
import { equipmentKey, lossesOfReasons } from './stops.ts';
import { EquipmentStore } from './store.ts';

export { equipmentMigrations } from './schema.ts';

export interface EquipmentModule {
  handlers: Handlers;
  /** One card for each machine, from memory; alarm counts are zero. */
  cards(): Card[];
  card(equipment: string): Card | null;
  stateOf(equipment: string): MachineState;
  /** What the machine told in [from, to), whole intervals in order, without people's corrections. µs. */
  intervals(equipment: string, from: number, to: number): Promise<StateInterval[]>;
  /** µs per state in [from, to), from the machine's own intervals. */
  timeInState(equipment: string, from: number, to: number): Promise<Record<MachineState, number>>;
  oee(path: string, from: number, to: number, by: By): Promise<OeeAnswer>;
  /** Where the time of one machine went in [from, to), without reading its counters: the pieces are left at nothing. */
  times(equipment: string, from: number, to: number): Promise<Figures>;
  /** Pieces that the machine counted in [from, to), µs; null for one without a counter. */
  pieces(equipment: string, from: number, to: number): Promise<CountedPieces | null>;
  /** Stops in [from, to) as people corrected them, the oldest first; breaks and time outside shifts are none. */
  stops(equipment: string, from: number, to: number): Promise<Downtime[]>;
  /** As the route `setDowntimeReason`; with `only`, for a stop of that machine alone. */
  giveReason(stop: string, reason: string, note: string, by: Caller, only?: string): Promise<Downtime>;
  /** All versions of the closed shifts' figures, oldest first. */
  kpiVersions(equipment: string, from: number, to: number): Promise<KpiVersion[]>;
  /** From now on idle time without an order is told from idle time within one. */
  useOrders(door: OrdersDoor): Promise<void>;
  /** Machines whose card changed. */
  subscribe(listener: (equipment: readonly string[]) => void): () => void;
  onState(listener: (equipment: string, state: MachineState, timeUs: number) => void): () => void;
  replacePlant(plant: PlantModel): Promise<void>;
  /** Derives the states of [from, to) again from the history. True when something came out otherwise. */
  recompute(equipment: string, from: number, to: number): Promise<boolean>;
  /** Resolves when late samples seen so far are worked in and everything is in the ledger. */
  settled(): Promise<void>;
  /** Keeps the figures of shifts that have ended; runs by itself every minute. */
  closePeriods(): Promise<void>;
  close(): Promise<void>;
}

export interface EquipmentDeps {
  ledger: Ledger;
  history: Pick<History, 'range' | 'before' | 'latest'>;
  stream: Pick<Stream, 'subscribe'>;
  clock: Clock;
  log: Logger;
  plant: PlantModel;
}

const cardAgeMs = 1000;

/** Opens the module: goes on from the ledger, catches up from the history, then follows the stream. */
export async function openEquipment(deps: EquipmentDeps): Promise<EquipmentModule> {
  const module = new Equipment(deps);
  await module.open();
  return module;
}

class Equipment implements EquipmentModule {
  readonly handlers: Handlers;
  #plant: PlantModel;
  #losses: ReadonlyMap<string, LossClass>;
  #byKey: Map<string, EquipmentModel>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #stream: EquipmentDeps['stream'];
  readonly #tracker: StateTracker;
  readonly #counts: LiveCounts;
  readonly #people: People;
  readonly #kpis: KpiVersions;
  readonly #orders: LoadedOrders;
  readonly #sources: ReportSources;
  readonly #listeners = new Set<(equipment: readonly string[]) => void>();
  readonly #stateListeners = new Set<(equipment: string, state: MachineState, timeUs: number) => void>();
  readonly #cards = new Map<string, { card: Card; madeMs: number }>();
  #changed = new Set<string>();
  #corrections: Promise<void> = Promise.resolve();
  #unsubscribe = () => {};

  constructor(deps: EquipmentDeps) {
    const { clock, log, history } = deps;
    this.#plant = deps.plant;
    this.#losses = lossesOfReasons(deps.plant.plant);
    this.#byKey = keysOf(deps.plant);
    this.#clock = clock;
    this.#log = log;
    this.#stream = deps.stream;
    const store = new EquipmentStore(deps.ledger);
    const changed = (equipment: string) => this.#mark(equipment);
    this.#tracker = new StateTracker({
      ...{ store, history, clock, log },
      events: {
        onChanged: changed,
        onState: (equipment, state, time) => this.#tellState(equipment, state, time),
        onRecomputed: (equipment, from, to) => this.#lateData(equipment, from, to),
      },
    });
    const onPast = (equipment: string, from: number, to: number) => {
      const machine = this.#plant.equipment.get(equipment);
      if (machine && this.#kpis.isClosed(equipment, from))
        void this.#recount(machine, from, to, 'late data', { kind: 'system', id: 'equipment' });
    };
    this.#counts = new LiveCounts({ history, clock, log, onPast, onChanged: changed });
    const losses = () => this.#losses;
    this.#people = new People({
      ...{ store, clock, losses, tracker: this.#tracker },
      machineByKey: (key) => this.#byKey.get(key),
      onCorrected: (machine, from, to, why, caller) => this.#corrected(machine, from, to, why, caller),
    });
    this.#orders = new LoadedOrders(() => clock.nowUs(), changed);
    this.#sources = {
      ...{ history, clock, losses, tracker: this.#tracker },
      notesOf: (equipment) => this.#people.notesOf(equipment),
      orders: this.#orders,
      recomputed: (equipment, from, to) => this.#kpis.recomputed(equipment, from, to),
    };
    const machines = () => this.#plant.equipment.values();
    this.#kpis = new KpiVersions({ ...{ store, clock, log, machines }, sources: this.#sources });
    this.handlers = equipmentHandlers({ plant: () => this.#plant, people: this.#people, sources: this.#sources });
  }

  async open(): Promise<void> {
    this.#unsubscribe = this.#stream.subscribe('equipment', (batch) => {
      this.#tracker.onBatch(batch);
      this.#counts.onBatch(batch);
      this.#tell();
    });
    await this.#people.open();
    await this.#tracker.open(this.#plant);
    await this.#counts.setPlant(this.#plant);
    await this.#kpis.open();
  }

  #mark(equipment: string): void {
    this.#cards.delete(equipment);
    if (this.#changed.size === 0) queueMicrotask(() => this.#tell());
    this.#changed.add(equipment);
  }

  #tell(): void {
    if (this.#changed.size === 0) return;
    const changed = [...this.#changed];
    this.#changed = new Set();
    for (const listener of this.#listeners) {
      try {
        listener(changed);
      } catch (error) {
        this.#log.error({ error: String(error) }, 'a listener of machine changes threw');
      }
    }
  }

  #tellState(equipment: string, state: MachineState, time: number): void {
    for (const listener of this.#stateListeners) {
      try {
        listener(equipment, state, time);
      } catch (error) {
        this.#log.error({ error: String(error) }, 'a listener of machine states threw');
      }
    }
  }

  #lateData(equipment: string, from: number, to: number): void {
    const machine = this.#plant.equipment.get(equipment);
    if (!machine) return;
    this.#mark(equipment);
    void this.#recount(machine, from, to, 'late data', { kind: 'system', id: 'equipment' });
  }

  /** The answer waits for the closed figures, so that each version has the reason that it is due to. */
  #corrected(machine: EquipmentModel, from: number, to: number, why: string, caller: Caller): Promise<void> {
    this.#mark(machine.path);
    return this.#recount(machine, from, to, why, actorOf(caller));
  }

  #recount(machine: EquipmentModel, from: number, to: number, why: string, actor: Actor): Promise<void> {
    const work = async () => {
      await this.#kpis.changed(machine, from, to, why, actor);
    };
    this.#corrections = this.#corrections.then(work, work).catch((error: unknown) => {
      this.#log.error({ equipment: machine.path, error: String(error) }, 'closed figures could not be computed again');
    });
    return this.#corrections;
  }

  cards(): Card[] {
    return [...this.#plant.equipment.keys()].map((path) => this.card(path)!);
  }

  card(equipment: string): Card | null {
    const machine = this.#plant.equipment.get(equipment);
    if (!machine) return null;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#cards.get(equipment);
    if (known && nowMs - known.madeMs < cardAgeMs) return known.card;
    const card = cardOf(machine, {
      ...{ tracker: this.#tracker, counts: this.#counts, losses: this.#losses },
      notes: this.#people.notesOf(equipment),
      orders: this.#orders.recent(equipment),
      now: this.#clock.nowUs(),
    });
    this.#cards.set(equipment, { card, madeMs: nowMs });
    return card;
  }

  stateOf(equipment: string): MachineState {
    return this.#tracker.current(equipment)?.state ?? 'noData';
  }

  intervals(equipment: string, from: number, to: number): Promise<StateInterval[]> {
    return this.#tracker.intervals(equipment, from, to);
  }

  async timeInState(equipment: string, from: number, to: number): Promise<Record<MachineState, number>> {
    const sums = { running: 0, idle: 0, setup: 0, plannedStop: 0, unplannedStop: 0, off: 0, noData: 0 };
    const now = this.#clock.nowUs();
    for (const i of await this.intervals(equipment, from, to))
      sums[i.state] += Math.max(0, Math.min(i.to ?? now, to) - Math.max(i.from, from));
    return sums;
  }

  oee(path: string, from: number, to: number, by: By): Promise<OeeAnswer> {
    checkWindow(from, to);
    return oeeAnswer(this.#sources, path, machinesUnder(this.#plant, path), from, to, by);
  }

  async times(equipment: string, from: number, to: number): Promise<Figures> {
    checkWindow(from, to);
    return machineTimes(this.#sources, machineAt(this.#plant, equipment), from, to);
  }

  async pieces(equipment: string, from: number, to: number): Promise<CountedPieces | null> {
    const machine = this.#plant.equipment.get(equipment);
    return machine ? countedPieces(machine, this.#sources.history, from, to) : null;
  }

  async stops(equipment: string, from: number, to: number): Promise<Downtime[]> {
    checkWindow(from, to);
    const machine = machineAt(this.#plant, equipment);
    const stops = await stopsOf(machine, from, to, this.#people, this.#clock.nowUs());
    return stops.map((stop) => this.#people.show(machine, stop));
  }

  giveReason(stop: string, reason: string, note: string, by: Caller, only?: string): Promise<Downtime> {
    return this.#people.setReason(stop, reason, note, by, only);
  }

  kpiVersions(equipment: string, from: number, to: number): Promise<KpiVersion[]> {
    return this.#kpis.versions(equipment, from, to);
  }

  useOrders(door: OrdersDoor): Promise<void> {
    return this.#orders.use(door, this.#plant.equipment.keys());
  }

  subscribe(listener: (equipment: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onState(listener: (equipment: string, state: MachineState, timeUs: number) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  async replacePlant(plant: PlantModel): Promise<void> {
    this.#plant = plant;
    this.#losses = lossesOfReasons(plant.plant);
    this.#byKey = keysOf(plant);
    this.#cards.clear();
    await this.#tracker.replacePlant(plant);
    await this.#counts.setPlant(plant);
    for (const path of plant.equipment.keys()) this.#mark(path);
  }

  recompute(equipment: string, from: number, to: number): Promise<boolean> {
    this.#counts.refresh(equipment);
    return this.#tracker.recompute(equipment, from, to);
  }

  async settled(): Promise<void> {
    await this.#tracker.settleLate();
    await this.#tracker.flush();
    this.#counts.tellPast();
    await this.#corrections;
  }

  closePeriods(): Promise<void> {
    return this.#kpis.closePeriods();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#counts.close();
    this.#orders.close();
    await this.#corrections;
    await this.#kpis.close();
    await this.#tracker.close();
  }
}

function keysOf(plant: PlantModel): Map<string, EquipmentModel> {
  return new Map([...plant.equipment.values()].map((e) => [equipmentKey(e.path), e]));
}
