import { seededRandom } from '@deungdae/testing/random.ts';
import { MachiningCentre } from '../machines/cnc.ts';
import { Furnace } from '../machines/furnace.ts';
import { InjectionMachine } from '../machines/injection.ts';
import { PressMachine } from '../machines/press.ts';
import { Station, stationKinds } from '../machines/station.ts';
import { Compressor, MainMeter } from '../machines/utilities.ts';
import type { OnChange, Value } from './signals.ts';
import type { OnTruth } from './truth.ts';
import type { FailureMode, Unit, UnitOptions } from './unit.ts';

/** Hanbit, a maker of casters at Gimcheon: moulding, press, heat treatment, machining, assembly, packing, utilities. */

const failuresOf = {
  injection: [
    ...[1, 2, 3].map((zone) => ({
      cause: `heaterBand-${zone}`,
      meanHours: 260,
      shape: 3,
      repairMinutes: 45,
      alarm: { code: `E41${zone}`, text: `Barrel zone ${zone} below tolerance` },
    })),
    {
      cause: 'checkRing',
      meanHours: 420,
      shape: 3.5,
      repairMinutes: 150,
      alarm: { code: 'E520', text: 'Cushion out of tolerance' },
    },
    {
      cause: 'hydraulicLeak',
      meanHours: 180,
      shape: 1.2,
      repairMinutes: 70,
      alarm: { code: 'E210', text: 'Oil level low' },
    },
    {
      cause: 'robotGripper',
      meanHours: 40,
      shape: 1,
      repairMinutes: 9,
      alarm: { code: 'E730', text: 'Take-out robot: part not gripped' },
    },
  ],
  press: [
    {
      cause: 'die-protection',
      meanHours: 60,
      shape: 2.5,
      repairMinutes: 40,
      alarm: { code: 'die-protection', text: 'Die protection' },
    },
    {
      cause: 'oil-pump',
      meanHours: 300,
      shape: 1.5,
      repairMinutes: 90,
      alarm: { code: 'oil-pump', text: 'Lubrication pressure low' },
    },
  ],
  furnace: [
    {
      cause: 'heating-element',
      meanHours: 500,
      shape: 4,
      repairMinutes: 240,
      alarm: { code: 'F12', text: 'Zone 2 low' },
    },
  ],
  assembly: [
    {
      cause: 'driver-wear',
      meanHours: 90,
      shape: 3,
      repairMinutes: 25,
      alarm: { code: 'A07', text: 'Torque driver calibration due' },
    },
    { cause: 'feeder', meanHours: 22, shape: 1, repairMinutes: 6, alarm: { code: 'A03', text: 'Rivet feeder empty' } },
  ],
  packing: [
    {
      cause: 'load-cell',
      meanHours: 200,
      shape: 3,
      repairMinutes: 30,
      alarm: { code: 'P11', text: 'Scale out of zero' },
    },
  ],
  cnc: [
    {
      cause: 'coolant',
      meanHours: 70,
      shape: 1,
      repairMinutes: 15,
      alarm: { code: '2041', text: 'COOLANT LEVEL LOW' },
    },
    {
      cause: 'spindle-drive',
      meanHours: 600,
      shape: 2,
      repairMinutes: 180,
      alarm: { code: '3001', text: 'SPINDLE DRIVE OVERLOAD' },
    },
  ],
} satisfies Record<string, FailureMode[]>;

const wheels = [
  { code: 'WHEEL-75-PA', lot: 3600 },
  { code: 'WHEEL-50-PP', lot: 6400 },
  { code: 'COVER-75-POM', lot: 3000 },
];
const casters = [
  { code: 'CASTER-75-SWIVEL', lot: 900 },
  { code: 'CASTER-75-BRAKE', lot: 600 },
  { code: 'CASTER-50-FIXED', lot: 1200 },
];

type Build = (options: UnitOptions) => Unit;
const units: {
  id: string;
  kind: keyof typeof failuresOf;
  products: UnitOptions['products'];
  setupMinutes: number;
  minorStopsPerHour: number;
  build: Build;
}[] = [
  ...[1, 2, 3, 4, 5, 6].map((n) => ({
    id: `imm-0${n}`,
    kind: 'injection' as const,
    products: wheels,
    setupMinutes: 32,
    minorStopsPerHour: 0.35,
    build: (o: UnitOptions) => new InjectionMachine(o),
  })),
  ...[1, 2, 3].map((n) => ({
    id: `press-0${n}`,
    kind: 'press' as const,
    products: [
      { code: 'FORK-75', lot: 9000 },
      { code: 'PLATE-75', lot: 12_000 },
    ],
    setupMinutes: 25,
    minorStopsPerHour: 0.9,
    build: (o: UnitOptions) => new PressMachine(o),
  })),
  {
    id: 'furnace-01',
    kind: 'furnace',
    products: [{ code: 'AXLE-75', lot: 100_000 }],
    setupMinutes: 0,
    minorStopsPerHour: 0.01,
    build: (o) => new Furnace(o),
  },
  {
    id: 'cnc-01',
    kind: 'cnc',
    products: [
      { code: 'AXLE-75', lot: 400 },
      { code: 'AXLE-50', lot: 300 },
    ],
    setupMinutes: 28,
    minorStopsPerHour: 0.3,
    build: (o) => new MachiningCentre(o),
  },
  ...[1, 2].map((n) => ({
    id: `asm-0${n}`,
    kind: 'assembly' as const,
    products: casters,
    setupMinutes: 12,
    minorStopsPerHour: 1.2,
    build: (o: UnitOptions) => new Station(o, stationKinds.assembly),
  })),
  {
    id: 'pack-01',
    kind: 'packing',
    products: casters,
    setupMinutes: 6,
    minorStopsPerHour: 0.6,
    build: (o) => new Station(o, stationKinds.packing),
  },
];

export class Hanbit {
  readonly units = new Map<string, Unit>();
  readonly #compressor: Compressor;
  readonly #meter: MainMeter;
  #nowMs: number;

  constructor(options: {
    seed: number;
    startMs: number;
    onChange: OnChange;
    onTruth: OnTruth;
    /** Counters of an earlier life, by machine and signal. */
    initial?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }) {
    const { startMs, onChange, onTruth } = options;
    const initial = options.initial ?? {};
    this.#nowMs = startMs;
    units.forEach((unit, i) => {
      const random = seededRandom(options.seed * 1009 + i * 7919);
      const { id, products, setupMinutes, minorStopsPerHour } = unit;
      this.units.set(
        id,
        unit.build({
          id,
          random,
          onChange,
          onTruth,
          startMs,
          products,
          failures: failuresOf[unit.kind],
          initial: initial[id] ?? {},
          setupMinutes,
          minorStopsPerHour,
        }),
      );
    });
    this.#compressor = new Compressor('comp-01', seededRandom(options.seed * 1009 + 501), onChange, initial['comp-01']);
    this.#meter = new MainMeter('meter-main', seededRandom(options.seed * 1009 + 502), onChange, initial['meter-main']);
    for (const unit of this.units.values()) unit.begin();
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** The latest values of every machine: for a server that has just started. */
  values(): { machine: string; signal: string; value: Value }[] {
    const tables: [string, ReadonlyMap<string, Value>][] = [
      ...[...this.units].map(([id, unit]) => [id, unit.signals.values] as [string, ReadonlyMap<string, Value>]),
      ['comp-01', this.#compressor.signals.values],
      ['meter-main', this.#meter.signals.values],
    ];
    return tables.flatMap(([machine, table]) => [...table].map(([signal, value]) => ({ machine, signal, value })));
  }

  /** Counters as they stand, for the next life. */
  counters(): Record<string, Record<string, number>> {
    const found: Record<string, Record<string, number>> = {};
    for (const { machine, signal, value } of this.values()) {
      if (typeof value !== 'number' || !/-count$|^(energy|strokes|rejects|trays|run-hours)$/.test(signal)) continue;
      found[machine] ??= {};
      found[machine][signal] = value;
    }
    return found;
  }

  /** Lives on until `toMs`; slow physics move every `stepMs`. The same seed, start and steps give the same life. */
  advance(toMs: number, stepMs: number): void {
    while (this.#nowMs < toMs) {
      const next = Math.min(toMs, this.#nowMs + stepMs);
      let running = 0;
      let kw = 0;
      for (const unit of this.units.values()) {
        unit.advance(next, stepMs);
        const { values } = unit.signals;
        kw += Number(values.get('power') ?? 0) + Number(values.get('motor-current') ?? 0) * 0.54;
        if (values.get('run') === true || values.get('state') === 'Execute' || values.get('execution') === 'ACTIVE')
          running++;
      }
      const seconds = (next - this.#nowMs) / 1000;
      this.#compressor.tick(seconds, next, { runningMachines: running, machinesKw: kw });
      this.#meter.tick(seconds, next, { runningMachines: running, machinesKw: kw + this.#compressor.kw });
      this.#nowMs = next;
    }
  }
}
