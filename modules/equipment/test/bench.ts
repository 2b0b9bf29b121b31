import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { batchOf, Quality, type Sample, type SampleBatch, samplesOf } from '@deungdae/contracts/sample.ts';
import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { readPlantText } from '@deungdae/kernel/plant-file.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import { resolvePlant } from '@deungdae/kernel/plant-resolve.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { emptyPlace, testEngine } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { equipmentMigrations, openEquipment } from '../src/module.ts';

/** µs UTC of an ISO time. */
export const us = (text: string) => Date.parse(text) * 1000;
const machine = 'f/s/a/m1';

export const plantText = `deungdae: 1
enterprise: { id: f }
calendars:
  - id: days
    shifts:
      - { id: day, start: "08:00", end: "16:00", days: [mon, tue, wed, thu, fri, sat, sun], breaks: [{ start: "12:00", end: "12:30" }] }
downtimeReasons:
  - { id: machine, loss: breakdown, reasons: [{ id: motor }, { id: clean, loss: planned }] }
  - { id: material, loss: noOrder }
sites:
  - id: s
    timeZone: Asia/Seoul
    oeeTarget: 0.8
    calendar: days
    areas:
      - id: a
        equipment:
          - id: m1
            state: { preset: mtconnect, execution: exec, mode: mode }
            counters: [{ counts: total, signal: parts }, { counts: scrap, signal: bad }]
            cycleTimes: [{ seconds: 60 }, { product: quick, seconds: 30 }]
            productSignal: product
            signals: [{ id: exec, kind: enum }, { id: mode, kind: enum }, { id: parts, kind: integer }, { id: bad, kind: integer }, { id: product, kind: text }]
          - id: m2
            state: { preset: counter, signal: parts, stoppedAfter: 5min }
            signals: [{ id: parts, kind: integer }]
`;

class MemoryHistory {
  readonly bySignal = new Map<number, Sample[]>();
  queries = 0;

  append(batch: SampleBatch): void {
    for (const s of samplesOf(batch)) {
      const list = this.bySignal.get(s.signal) ?? [];
      this.bySignal.set(s.signal, list);
      if (list.some((o) => o.time === s.time && o.value === s.value && o.quality === s.quality)) continue;
      let i = list.length;
      while (i > 0 && list[i - 1]!.time > s.time) i--;
      list.splice(i, 0, s);
    }
  }
  async range(q: { signal: number; from: number; to: number; limit?: number }): Promise<Sample[]> {
    this.queries++;
    const all = (this.bySignal.get(q.signal) ?? []).filter((s) => s.time >= q.from && s.time < q.to);
    return all.slice(0, q.limit ?? 100_000);
  }
  async before(signal: number, time: number): Promise<Sample | null> {
    this.queries++;
    return (this.bySignal.get(signal) ?? []).findLast((s) => s.time <= time) ?? null;
  }
  latest(signals?: readonly number[]): Sample[] {
    return (signals ?? [...this.bySignal.keys()]).flatMap((s) => this.bySignal.get(s)?.at(-1) ?? []);
  }
}

export async function plantOf(text = plantText): Promise<PlantModel> {
  const { plant, problems } = readPlantText(text, { connectors: [], language: 'en' });
  assert.deepEqual(problems, []);
  return resolvePlant(plant!, text, { idsOf: async (paths) => new Map(paths.map((p, i) => [p, i + 1])) });
}

/** A plant in memory: samples go to the history, then to the module, as the stream does. */
export async function bench(t: TestContext, start = '2026-03-02T08:00+09:00', text = plantText) {
  const clock = new FakeClock(us(start));
  const history = new MemoryHistory();
  const plant = await plantOf(text);
  const place = await emptyPlace(testEngine());
  const modules = [{ module: 'equipment', migrations: equipmentMigrations }];
  const openBook = () => openLedger({ ...place, clock: systemClock, log: silentLogger, modules });
  let ledger = await openBook();
  let onBatch: (batch: SampleBatch) => void = () => {};
  const stream = {
    subscribe: (_name: string, listener: (batch: SampleBatch) => void) => {
      onBatch = listener;
      return () => {
        onBatch = () => {};
      };
    },
  };
  let generation = 0;
  /** A clock whose timers die with the process that set them. */
  const clockOf = (mine: number): Clock => ({
    nowUs: () => clock.nowUs(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (ms, abort) => clock.sleep(ms, abort),
    after: (ms, callback) => clock.after(ms, () => mine === generation && callback()),
  });
  const errors: unknown[] = [];
  const logOf = (mine: number) => ({
    ...silentLogger,
    error: (fields: object, message: string) => void (mine === generation && errors.push({ fields, message })),
  });
  const open = () =>
    openEquipment({ ledger, history, stream, clock: clockOf(generation), log: logOf(generation), plant });
  let equipment = await open();
  t.after(async () => {
    await equipment.close();
    await ledger.close();
    assert.deepEqual(errors, []);
  });
  const id = (name: string, of = machine) => plant.signalByPath.get(`${of}/${name}`)!.id;
  const send = (
    name: string,
    at: string | number,
    value: Sample['value'],
    quality: Quality = Quality.good,
    of = machine,
  ) => {
    const time = typeof at === 'number' ? at : us(at);
    const batch = batchOf([{ signal: id(name, of), time, value, quality }]);
    history.append(batch);
    onBatch(batch);
  };
  return {
    ...{ clock, history, plant, id, send },
    /** As `sendBatch`, but the history does not see it. */
    onlyModule: (batch: SampleBatch) => onBatch(batch),
    sendBatch(batch: SampleBatch) {
      history.append(batch);
      onBatch(batch);
    },
    equipment: () => equipment,
    ledger: () => ledger,
    /** As after a kill: nothing is closed in good order. */
    async crash() {
      onBatch = () => {};
      generation++;
      await ledger.close();
      ledger = await openBook();
      equipment = await open();
    },
    async goTo(time: string) {
      await clock.advance((us(time) - clock.nowUs()) / 1000);
    },
  };
}
