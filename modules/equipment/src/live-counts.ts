import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import { CounterTrack, count, newIncrements } from './counting.ts';
import { productName, productSpans, readCounters } from './machine-data.ts';
import type { CounterData, ProductSpan } from './pieces.ts';
import { type Period, periodAt } from './planned.ts';
import { type HistoryReader, slotValueOf } from './samples.ts';

const reloadAfterMs = 1000;

interface Live {
  model: EquipmentModel;
  period: Period | null;
  tracks: CounterTrack[];
  counters: CounterData[];
  products: ProductSpan[];
  reload: boolean;
}

/** Counts and products of the running shift of every machine, kept as samples come; late ones are read again. */
export class LiveCounts {
  readonly #history: HistoryReader;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onChanged: (equipment: string) => void;
  readonly #onPast: (equipment: string, from: number, to: number) => void;
  /** Counter samples from before the running shift, by machine: closed figures they can change. */
  #past = new Map<string, { from: number; to: number }>();
  readonly #machines = new Map<string, Live>();
  #useOf = new Uint32Array(0);
  #uses: { live: Live; counter: number }[][] = [];
  #cancel: (() => void) | null = null;
  #closed = false;

  constructor(deps: {
    history: HistoryReader;
    clock: Clock;
    log: Logger;
    onChanged: (equipment: string) => void;
    onPast: (equipment: string, from: number, to: number) => void;
  }) {
    this.#onPast = deps.onPast;
    this.#history = deps.history;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#onChanged = deps.onChanged;
  }

  async setPlant(plant: PlantModel): Promise<void> {
    this.#machines.clear();
    const all = [...plant.equipment.values()].filter((e) => e.counters.length > 0 || e.productSignal);
    for (const model of all) this.#machines.set(model.path, emptyLive(model));
    this.#index();
    const list = [...this.#machines.values()];
    for (let i = 0; i < list.length; i += 16) await Promise.all(list.slice(i, i + 16).map((live) => this.#load(live)));
  }

  #index(): void {
    const uses: { live: Live; counter: number }[][] = [];
    const ids = [...this.#machines.values()].flatMap((live) => usesOf(live).map(([id]) => id));
    const useOf = new Uint32Array(ids.reduce((a, b) => Math.max(a, b), 0) + 1);
    for (const live of this.#machines.values())
      for (const [id, counter] of usesOf(live)) {
        if (useOf[id] === 0) useOf[id] = uses.push([]);
        uses[useOf[id]! - 1]!.push({ live, counter });
      }
    this.#useOf = useOf;
    this.#uses = uses;
  }

  /** Reads the running shift from the history. */
  async #load(live: Live): Promise<void> {
    const now = this.#clock.nowUs();
    const period = periodAt(live.model, now);
    live.reload = false;
    live.period = period;
    if (!period) return;
    const to = period.to;
    const [counters, products] = await Promise.all([
      readCounters(live.model, this.#history, period.from, to),
      productSpans(live.model, this.#history, period.from, to),
    ]);
    live.tracks = counters.map((c) => c.track);
    live.counters = counters.map((c) => c.data);
    live.products = products;
  }

  onBatch(batch: SampleBatch): void {
    const { signals, times, numbers, texts, quality } = batch;
    const touched = new Set<Live>();
    const now = this.#clock.nowUs();
    for (let i = 0; i < batch.length; i++) {
      const signal = signals[i]!;
      const use = signal < this.#useOf.length ? this.#useOf[signal]! : 0;
      if (use === 0) continue;
      for (const { live, counter } of this.#uses[use - 1]!) {
        if (live.period && now >= live.period.to) this.current(live.model.path);
        const { period } = live;
        if (!period || times[i]! < period.from) {
          // What the shift began with, product or counter, has changed.
          live.reload = true;
          this.#isPast(live.model.path, times[i]!);
        }
        if (!period || times[i]! < period.from || times[i]! >= period.to) continue;
        const value = slotValueOf(numbers[i]!, texts?.[i], quality[i]!);
        touched.add(live);
        if (counter < 0) this.#product(live, times[i]!, texts?.[i] ?? value);
        else this.#count(live, counter, times[i]!, typeof value === 'number' ? value : null);
      }
    }
    for (const live of touched) {
      if (live.reload) this.#reloadSoon();
      this.#onChanged(live.model.path);
    }
  }

  #isPast(equipment: string, time: number): void {
    const known = this.#past.get(equipment);
    if (!known) this.#past.set(equipment, { from: time, to: time + 1 });
    else if (time < known.from) known.from = time;
    else if (time >= known.to) known.to = time + 1;
    this.#reloadSoon();
  }

  #count(live: Live, counter: number, time: number, value: number | null): void {
    const track = live.tracks[counter];
    const data = live.counters[counter];
    if (!track || !data) return;
    if (time < track.lastTime) {
      live.reload = true;
      return;
    }
    count(data.increments, track, time, value);
    data.known = track.last !== null;
  }

  #product(live: Live, time: number, value: number | string | null): void {
    const product = productName(value);
    const last = live.products.at(-1);
    if (product === null || !last || product === last.product) return;
    if (time < last.from) {
      live.reload = true;
      return;
    }
    const to = last.to;
    last.to = time;
    if (last.to <= last.from) live.products.pop();
    live.products.push({ from: time, to, product });
  }

  #reloadSoon(): void {
    if (this.#cancel || this.#closed) return;
    this.#cancel = this.#clock.after(reloadAfterMs, () => {
      this.#cancel = null;
      for (const live of this.#machines.values()) if (live.reload) void this.#reload(live);
      this.tellPast();
    });
  }

  /** Tells of counter samples that came for closed shifts. A counter's next step can lie in the shift after: one day is added. */
  tellPast(): void {
    const past = this.#past;
    this.#past = new Map();
    for (const [equipment, { from, to }] of past) this.#onPast(equipment, from, to + 86_400_000_000);
  }

  async #reload(live: Live): Promise<void> {
    try {
      await this.#load(live);
      this.#onChanged(live.model.path);
    } catch (error) {
      live.reload = true;
      this.#log.error({ equipment: live.model.path, error: String(error) }, 'counts could not be read again');
    }
  }

  /** Counts of the running shift; null between shifts. Begins anew when the shift has changed. */
  current(equipment: string): { period: Period; counters: CounterData[]; products: ProductSpan[] } | null {
    const live = this.#machines.get(equipment);
    if (!live) return null;
    const now = this.#clock.nowUs();
    if (live.period && now >= live.period.from && now < live.period.to)
      return { period: live.period, counters: live.counters, products: live.products };
    const period = periodAt(live.model, now);
    const product = live.products.at(-1)?.product ?? '*';
    live.period = period;
    if (!period) return null;
    live.counters = live.model.counters.map((c, i) => ({
      ...{ counts: c.counts, perIncrement: c.perIncrement, increments: newIncrements() },
      known: (live.tracks[i]?.last ?? null) !== null,
    }));
    live.products = [{ from: period.from, to: period.to, product }];
    live.reload = true;
    this.#reloadSoon();
    return { period, counters: live.counters, products: live.products };
  }

  /** Reads the counts of a machine again: its past came out otherwise. */
  refresh(equipment: string): void {
    const live = this.#machines.get(equipment);
    if (!live) return;
    live.reload = true;
    this.#reloadSoon();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }
}

function emptyLive(model: EquipmentModel): Live {
  return {
    ...{ model, period: null, counters: [], products: [], reload: false },
    tracks: model.counters.map((c) => new CounterTrack(c.wrapsAt)),
  };
}

/** Signal id and counter index; -1 for the product signal. */
function usesOf(live: Live): [id: number, counter: number][] {
  const uses = live.model.counters.map((c, i): [number, number] => [c.signal.id, i]);
  if (live.model.productSignal) uses.push([live.model.productSignal.id, -1]);
  return uses;
}
