import { AlarmRule } from '@deungdae/contracts/plant.ts';
import { batchOf, Quality, type Sample, type SampleBatch, samplesOf } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import type { EquipmentModel, PlantModel, SignalModel } from '@deungdae/kernel/plant-model.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import type { z } from 'zod';

export const second = 1_000_000;
export const minute = 60 * second;
export const t0 = Date.UTC(2026, 0, 5) * 1000;
export type RuleInput = z.input<typeof AlarmRule>;

export interface SignalInput {
  id: number;
  name: string;
  kind?: SignalModel['kind'];
  connection?: string | null;
  equipment?: string;
  rules: RuleInput[];
}

/** A plant of some machines with the given signals. */
export function plantOf(signals: readonly SignalInput[]): PlantModel {
  const models = signals.map((s): SignalModel => {
    const equipment = s.equipment ?? 'works/site/hall/mill';
    return {
      id: s.id,
      name: s.name,
      path: `${equipment}/${s.name}`,
      label: s.name,
      equipment,
      kind: s.kind ?? 'number',
      unit: null,
      limits: null,
      deadband: null,
      scale: null,
      enumeration: null,
      retention: 'normal',
      staleAfterMs: null,
      alarms: s.rules.map((r) => AlarmRule.parse(r)),
      connection: s.connection === undefined ? 'line' : s.connection,
      address: null,
    };
  });
  const equipment = new Map<string, EquipmentModel>();
  for (const path of new Set(models.map((m) => m.equipment)))
    equipment.set(path, {
      path,
      name: path,
      area: 'works/site/hall',
      line: null,
      site: 'works/site',
      timeZone: 'Asia/Seoul',
      oeeTarget: null,
      calendar: null,
      signals: models.filter((m) => m.equipment === path),
      state: null,
      counters: [],
      cycleTimes: new Map(),
      productSignal: null,
      minorStopBelowMs: 120_000,
    });
  return {
    revision: 'r',
    plant: {} as PlantModel['plant'],
    nodes: [],
    equipment,
    signals: new Map(models.map((m) => [m.id, m])),
    signalByPath: new Map(models.map((m) => [m.path, m])),
    connections: new Map(),
  };
}

/** The part of the history that alarms use, in memory, with its promises: order by time, duplicates change nothing. */
export class MemoryHistory {
  readonly #samples = new Map<number, Sample[]>();

  append(batch: SampleBatch): void {
    for (const s of samplesOf(batch)) {
      const list = this.#samples.get(s.signal) ?? [];
      this.#samples.set(s.signal, list);
      if (list.some((o) => o.time === s.time && Object.is(o.value, s.value) && o.quality === s.quality)) continue;
      let at = list.length;
      while (at > 0 && list[at - 1]!.time > s.time) at--;
      list.splice(at, 0, s);
    }
  }

  range = async (q: { signal: number; from: number; to: number; limit?: number }): Promise<Sample[]> =>
    (this.#samples.get(q.signal) ?? []).filter((s) => s.time >= q.from && s.time < q.to).slice(0, q.limit ?? 100_000);

  latest = (signals?: readonly number[]): Sample[] =>
    [...this.#samples].filter(([id]) => !signals || signals.includes(id)).map(([, list]) => list.at(-1)!);

  before = async (signal: number, time: number): Promise<Sample | null> =>
    (this.#samples.get(signal) ?? []).filter((s) => s.time <= time).at(-1) ?? null;

  asHistory(): History {
    return this as unknown as History;
  }
}

/** History first, then the subscribers, as the real stream does; `give` is one batch. */
export class MemoryStream {
  readonly #subscribers = new Set<(batch: SampleBatch) => void>();
  readonly history: MemoryHistory;

  constructor(history: MemoryHistory) {
    this.history = history;
  }

  subscribe = (_name: string, onBatch: (batch: SampleBatch) => void): (() => void) => {
    this.#subscribers.add(onBatch);
    return () => this.#subscribers.delete(onBatch);
  };

  give(
    ...samples: (readonly [signal: number, time: number, value: number | string | null, quality?: Quality])[]
  ): void {
    const batch = batchOf(
      samples.map(([signal, time, value, quality]) => ({
        signal,
        time,
        value,
        quality: quality ?? (value === null ? Quality.gap : Quality.good),
      })),
    );
    this.push(batch);
  }

  push(batch: SampleBatch): void {
    this.history.append(batch);
    for (const subscriber of this.#subscribers) subscriber(batch);
  }

  asStream(): Stream {
    return this as unknown as Stream;
  }
}
