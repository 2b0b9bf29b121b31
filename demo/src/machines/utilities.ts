import type { Random } from '@deungdae/testing/random.ts';
import { staffingAt } from '../simulation/shifts.ts';
import { type OnChange, SignalTable } from '../simulation/signals.ts';

/** What the utilities need to know of the rest of the plant. */
export interface Load {
  runningMachines: number;
  machinesKw: number;
}

/** Screw compressor with load/unload control and a filter that clogs; air demand follows the running machines. */
export class Compressor {
  readonly signals: SignalTable;
  #pressure = 7.1;
  #loaded = true;
  #filter: number;
  #hours: number;
  #oilC = 78;
  #kw = 0;
  readonly #random: Random;

  constructor(id: string, random: Random, onChange: OnChange, initial: Readonly<Record<string, number>> = {}) {
    this.signals = new SignalTable(id, onChange);
    this.#random = random;
    this.#filter = random.next() * 0.6;
    this.#hours = initial['run-hours'] ?? random.int(4000, 12_000);
  }

  get kw(): number {
    return this.#kw;
  }

  tick(seconds: number, atMs: number, load: Load): void {
    const demand = 0.35 + load.runningMachines * 0.28 + 0.1 * this.#random.normal();
    const supply = this.#loaded ? 5.2 * (1 - 0.15 * this.#filter) : 0;
    this.#pressure += ((supply - demand) * seconds) / 160;
    this.#pressure = Math.min(8.2, Math.max(4.5, this.#pressure));
    if (this.#pressure > 7.5) this.#loaded = false;
    if (this.#pressure < 6.6) this.#loaded = true;
    this.#filter = this.#filter > 1 ? 0 : this.#filter + seconds / 1_800_000;
    this.#hours += seconds / 3600;
    this.#oilC += ((this.#loaded ? 84 : 70) - this.#oilC) * (1 - Math.exp(-seconds / 400));
    this.#kw = this.#loaded ? 37 + this.#random.normal() : 12;
    this.#show('pressure', this.#pressure, 0.01, atMs);
    this.#show('oil-temp', this.#oilC, 0.1, atMs);
    this.#show('filter-dp', 0.12 + 0.5 * this.#filter, 0.01, atMs);
    this.#show('power', this.#kw, 0.1, atMs);
    this.#show('run-hours', this.#hours, 0.1, atMs);
    this.signals.set('loaded', this.#loaded, atMs);
  }

  #show(signal: string, value: number, step: number, atMs: number): void {
    this.signals.set(signal, Number((Math.round(value / step) * step).toFixed(6)), atMs);
  }
}

/** Main meter of the plant: active power, power factor, energy counter. */
export class MainMeter {
  readonly signals: SignalTable;
  #energyKwh: number;
  readonly #random: Random;

  constructor(id: string, random: Random, onChange: OnChange, initial: Readonly<Record<string, number>> = {}) {
    this.signals = new SignalTable(id, onChange);
    this.#random = random;
    this.#energyKwh = initial.energy ?? random.int(2_000_000, 5_000_000);
  }

  tick(seconds: number, atMs: number, load: Load): void {
    const lighting = staffingAt(atMs).working ? 14 : 4;
    const kw = load.machinesKw + lighting + 0.8 * this.#random.normal();
    this.#energyKwh += (kw * seconds) / 3600;
    this.signals.set('power', Math.round(kw * 10) / 10, atMs);
    this.signals.set(
      'power-factor',
      Math.round((0.9 + 0.05 * Math.min(1, kw / 250) + 0.004 * this.#random.normal()) * 1000) / 1000,
      atMs,
    );
    this.signals.set('energy', Math.round(this.#energyKwh * 10) / 10, atMs);
  }
}
