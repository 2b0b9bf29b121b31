import { Unit, type UnitOptions, type UnitState } from '../simulation/unit.ts';
import { packMlOf } from './injection.ts';

export interface StationKind {
  cycleS: number;
  /** Parameter measured each cycle. */
  measure: { signal: string; nominal: number; sigma: number; step: number; low: number; high: number; defect: string };
}

export const stationKinds: Record<'assembly' | 'packing', StationKind> = {
  assembly: {
    cycleS: 11,
    measure: { signal: 'torque', nominal: 12.5, sigma: 0.22, step: 0.01, low: 11.8, high: 13.2, defect: 'torqueOut' },
  },
  packing: {
    cycleS: 46,
    measure: {
      signal: 'box-weight',
      nominal: 8.42,
      sigma: 0.03,
      step: 0.001,
      low: 8.32,
      high: 8.52,
      defect: 'weightOut',
    },
  },
};

/** Assembly cell (rivets a wheel into its fork) or packing station (weighs and closes boxes). */
export class Station extends Unit {
  readonly #kind: StationKind;
  #total: number;
  #good: number;
  #scrap = 0;
  #drift = 0;
  #energyKwh: number;

  constructor(options: UnitOptions, kind: StationKind) {
    super(options);
    this.#kind = kind;
    this.#scrap = this.counter('scrap-count', 10, 900);
    this.#good = this.counter('good-count', 1_000, 90_000);
    this.#total = this.#good + this.#scrap;
    this.#energyKwh = this.counter('energy', 1_000, 9_000);
  }

  protected override cycleSeconds(): number {
    return this.#kind.cycleS * (1 + 0.05 * Math.abs(this.random.normal()));
  }

  protected override finishCycle(cycleMs: number): number {
    const { measure } = this.#kind;
    const value = measure.nominal + this.#drift * measure.sigma * 3.5 + measure.sigma * this.random.normal();
    const good = value >= measure.low && value <= measure.high;
    this.#total++;
    if (good) this.#good++;
    else {
      this.#scrap++;
      this.truth('defect', measure.defect, { value: Math.round(value * 1000) / 1000 });
    }
    this.show(measure.signal, value, measure.step);
    this.show('cycle-time', cycleMs / 1000, 0.01);
    this.#showCounts();
    return 1;
  }

  protected override tick(seconds: number): void {
    const kw = this.state === 'running' ? 2.4 + 0.2 * this.random.normal() : 0.6;
    this.#energyKwh += (kw * seconds) / 3600;
    this.show('power', Math.max(0.2, kw), 0.1);
    this.show('energy', this.#energyKwh, 0.01);
    this.show('air-pressure', 5.9 + 0.05 * this.random.normal() - (this.state === 'running' ? 0.2 : 0), 0.01);
  }

  protected override degrade(cause: string, share: number): void {
    if (cause === 'driver-wear' || cause === 'load-cell') this.#drift = share ** 4;
  }

  protected override showState(state: UnitState, alarm: { code: string; text: string } | null): void {
    this.set('state', packMlOf[state]);
    this.set('mode', state === 'setup' ? 'Setup' : 'Production');
    this.set('product', this.job.code);
    this.set('fault-text', alarm ? `${alarm.code} ${alarm.text}` : '');
    this.#showCounts();
  }

  #showCounts(): void {
    this.set('total-count', this.#total);
    this.set('good-count', this.#good);
    this.set('scrap-count', this.#scrap);
  }
}
