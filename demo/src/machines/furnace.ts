import { Unit, type UnitOptions, type UnitState } from '../simulation/unit.ts';

const zonesC = [840, 870, 880, 860] as const;

/** Continuous carburising furnace for axles: four zones, belt, carbon potential. Runs through nights and breaks. */
export class Furnace extends Unit {
  readonly #temps: number[] = [...zonesC];
  #elementHealth = 1;
  #carbon = 0.85;
  #energyKwh: number;
  #trays: number;
  #rejected: number;

  constructor(options: UnitOptions) {
    super({ ...options, unattended: true });
    this.#energyKwh = this.counter('energy', 100_000, 300_000);
    this.#trays = this.counter('trays', 10_000, 20_000);
    this.#rejected = this.counter('rejects', 20, 90);
  }

  protected override cycleSeconds(): number {
    return 246 * (1 + 0.004 * this.random.normal());
  }

  protected override finishCycle(): number {
    this.#trays++;
    this.set('trays', this.#trays);
    const coldest = Math.min(...this.#temps.map((temp, i) => temp - zonesC[i]!));
    if (coldest < -18 || Math.abs(this.#carbon - 0.85) > 0.06) {
      this.#rejected++;
      this.set('rejects', this.#rejected);
      this.truth('defect', 'softCase', { coldest: Math.round(coldest) });
    }
    return 1;
  }

  protected override tick(seconds: number): void {
    const hot = this.state !== 'breakdown';
    let kw = 6;
    this.#temps.forEach((temp, i) => {
      const target = hot ? zonesC[i]! - (i === 1 ? (1 - this.#elementHealth) * 60 : 0) : 300;
      this.#temps[i] =
        temp +
        (target - temp) * (1 - Math.exp(-seconds / (hot ? 900 : 5400))) +
        0.25 * Math.sqrt(seconds) * this.random.normal() * 0.3;
      if (hot) kw += 11 + Math.max(0, target - temp) * 0.2;
      this.show(`zone-temp-${i + 1}`, this.#temps[i]!, 0.1);
    });
    this.#carbon +=
      (0.85 - this.#carbon) * (1 - Math.exp(-seconds / 3600)) + 0.0006 * Math.sqrt(seconds) * this.random.normal();
    this.#energyKwh += (kw * seconds) / 3600;
    this.show('carbon-potential', this.#carbon, 0.001);
    this.show('power', kw + 0.6 * this.random.normal(), 0.1);
    this.show('energy', this.#energyKwh, 0.01);
    this.show('belt-speed', this.state === 'running' ? 85 + 0.3 * this.random.normal() : 0, 0.1);
  }

  protected override degrade(cause: string, share: number): void {
    if (cause === 'heating-element') this.#elementHealth = share > 0.85 ? 1 - (share - 0.85) * 3 : 1;
  }

  protected override showState(state: UnitState, alarm: { code: string; text: string } | null): void {
    this.set('fault', alarm !== null);
    this.set('belt-running', state === 'running');
    this.set('trays', this.#trays);
    this.set('rejects', this.#rejected);
  }
}
