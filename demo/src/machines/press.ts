import { Unit, type UnitOptions, type UnitState } from '../simulation/unit.ts';

const faultCodes: Record<string, number> = { 'die-protection': 21, 'oil-pump': 35, clutch: 42 };

/** Mechanical press for housings and brackets. A dull die needs more force, and burrs follow. */
export class PressMachine extends Unit {
  #strokes: number;
  #dieWear = 0;
  #coilLeft = 0;
  #thickness = 1;
  #oilC = 35;
  #current = 0;
  #scrap = 0;
  #energyKwh: number;

  constructor(options: UnitOptions) {
    super(options);
    this.#strokes = this.counter('strokes', 0, 65_535);
    this.#scrap = this.counter('rejects', 0, 900);
    this.#energyKwh = this.counter('energy', 10_000, 30_000);
  }

  protected override cycleSeconds(): number {
    return 1.55 * (1 + 0.01 * this.random.normal());
  }

  protected override finishCycle(): number {
    if (this.#coilLeft-- <= 0) {
      this.#coilLeft = 2500 + this.random.int(0, 800);
      this.#thickness = 1 + 0.012 * this.random.normal();
      this.truth('materialLot', `COIL-${this.random.int(1000, 9999)}`, {
        thickness: Math.round(this.#thickness * 1000) / 1000,
      });
    }
    // Strokes live in a 16-bit register of the controller and wrap.
    this.#strokes = (this.#strokes + 1) % 65_536;
    const tonnage = 78 * this.#thickness * (1 + 0.35 * this.#dieWear) * (1 + 0.008 * this.random.normal());
    if (this.random.next() < 0.002 + 0.05 * Math.max(0, this.#dieWear - 0.6)) {
      this.#scrap = (this.#scrap + 1) % 65_536;
      this.truth('defect', 'burr', { dieWear: Math.round(this.#dieWear * 100) / 100 });
    }
    this.set('strokes', this.#strokes);
    this.set('rejects', this.#scrap);
    this.show('tonnage', tonnage, 0.1);
    return 1;
  }

  protected override tick(seconds: number): void {
    const running = this.state === 'running';
    this.#oilC += ((running ? 52 : 28) - this.#oilC) * (1 - Math.exp(-seconds / 1200));
    this.#current = running
      ? 31 * (1 + 0.2 * this.#dieWear) + 1.2 * this.random.normal()
      : this.state === 'break'
        ? 1.2
        : 4.5;
    const kw = this.#current * 0.38 * 1.732 * 0.82;
    this.#energyKwh += (kw * seconds) / 3600;
    this.show('oil-temp', this.#oilC, 0.1);
    this.show('motor-current', Math.max(0.5, this.#current), 0.1);
    this.show('energy', this.#energyKwh, 0.01);
  }

  protected override degrade(cause: string, share: number): void {
    if (cause === 'die-protection') this.#dieWear = share ** 2;
  }

  protected override showState(state: UnitState, alarm: { code: string; text: string } | null): void {
    this.set('run', state === 'running');
    this.set('setup', state === 'setup');
    this.set('fault-code', alarm ? (faultCodes[alarm.code] ?? 99) : 0);
    this.set('strokes', this.#strokes);
    this.set('rejects', this.#scrap);
  }
}
