import { Unit, type UnitOptions, type UnitState } from '../simulation/unit.ts';

/** PackML state names (OPC 30060), as the machines' OPC UA server shows them. */
export const packMlOf: Record<UnitState, string> = {
  running: 'Execute',
  setup: 'Stopped',
  minorStop: 'Held',
  breakdown: 'Aborted',
  break: 'Idle',
  manualStop: 'Stopped',
};

interface Recipe {
  cycleS: number;
  cavities: number;
  barrelC: readonly [number, number, number];
  mouldC: number;
  injectionBar: number;
  cushionMm: number;
  fillS: number;
  weightG: number;
}

/** Wheels, brackets and covers of casters: PA6-GF30, POM, PP. */
export const recipes: Record<string, Recipe> = {
  'WHEEL-75-PA': {
    cycleS: 32,
    cavities: 4,
    barrelC: [245, 255, 262],
    mouldC: 80,
    injectionBar: 980,
    cushionMm: 6,
    fillS: 1.9,
    weightG: 62,
  },
  'WHEEL-50-PP': {
    cycleS: 24,
    cavities: 8,
    barrelC: [205, 215, 222],
    mouldC: 42,
    injectionBar: 720,
    cushionMm: 5,
    fillS: 1.5,
    weightG: 24,
  },
  'COVER-75-POM': {
    cycleS: 28,
    cavities: 4,
    barrelC: [190, 200, 205],
    mouldC: 88,
    injectionBar: 850,
    cushionMm: 5.5,
    fillS: 1.6,
    weightG: 18,
  },
};

const heaterKw = 9;
const driveKw = 16;

/**
 * Injection moulding machine. What a shot turns out to be follows from melt temperature, viscosity of the material lot,
 * check-ring wear, mould temperature and cooling: the parameters of the shot and its defects come from the same causes.
 */
export class InjectionMachine extends Unit {
  readonly #temps: number[];
  #heaterHealth = [1, 1, 1];
  #ringWear = 0;
  #viscosity = 1;
  #lotLeft = 0;
  #mouldC: number;
  #oilC = 38;
  #waterC = 18;
  #shots = 0;
  #good = 0;
  #scrap = 0;
  #energyKwh = 0;
  #powerKw = 0;

  constructor(options: UnitOptions) {
    // Take-out robots work through breaks; people only change moulds and clear faults.
    super({ ...options, unattended: true });
    const recipe = this.#recipe;
    this.#temps = [...recipe.barrelC];
    this.#mouldC = recipe.mouldC - 4;
    this.#shots = this.counter('shot-count', 200_000, 900_000);
    this.#good = this.counter('good-count', 100_000, 150_000);
    this.#scrap = this.counter('scrap-count', 1_000, 3_000);
    this.#energyKwh = this.counter('energy', 40_000, 90_000);
  }

  get #recipe(): Recipe {
    return recipes[this.job.code] ?? recipes['WHEEL-75-PA']!;
  }

  protected override cycleSeconds(): number {
    // Cooling takes longer when the mould is warm.
    const cooling = 1 + 0.004 * (this.#mouldC - this.#recipe.mouldC);
    return 1.03 * this.#recipe.cycleS * cooling * (1 + 0.006 * this.random.normal());
  }

  protected override finishCycle(cycleMs: number): number {
    const recipe = this.#recipe;
    if (this.#lotLeft-- <= 0) this.#newMaterialLot();
    const meltC = (this.#temps[0]! + this.#temps[1]! + this.#temps[2]!) / 3;
    const nominalC = (recipe.barrelC[0] + recipe.barrelC[1] + recipe.barrelC[2]) / 3;
    // Melt flows more easily when hot: about 1.2 % a kelvin.
    const viscosity = this.#viscosity * Math.exp(-0.012 * (meltC - nominalC));
    const pressure = recipe.injectionBar * viscosity * (1 + 0.004 * this.random.normal());
    const cushion = recipe.cushionMm * (1 - 0.55 * this.#ringWear) + 0.08 * this.random.normal();
    const fillS = recipe.fillS * viscosity ** 0.35 * (1 + 0.005 * this.random.normal());
    const weight =
      recipe.weightG *
      (1 - 0.012 * this.#ringWear - 0.0009 * (this.#mouldC - recipe.mouldC)) *
      (1 + 0.0012 * this.random.normal());
    const defect = this.#judge({
      viscosity,
      cushion: cushion / recipe.cushionMm,
      mouldOffset: this.#mouldC - recipe.mouldC,
    });
    this.#mouldC += 0.35;
    this.#shots++;
    const scrap = defect ? this.random.int(1, recipe.cavities) : 0;
    this.#good += recipe.cavities - scrap;
    this.#scrap += scrap;
    if (defect) this.truth('defect', defect, { pieces: scrap, meltC: Math.round(meltC * 10) / 10 });
    this.show('injection-pressure-max', pressure, 1);
    this.show('cushion', cushion, 0.01);
    this.show('fill-time', fillS, 0.001);
    this.show('part-weight', weight, 0.01);
    this.show('cycle-time', cycleMs / 1000, 0.01);
    this.#showCounts();
    return recipe.cavities;
  }

  /** Logistic chances; the worst cause wins. A healthy machine scraps well below one shot in a hundred. */
  #judge(shot: { viscosity: number; cushion: number; mouldOffset: number }): string | null {
    const chances: [string, number][] = [
      ['shortShot', logistic(-7 + 38 * (shot.viscosity - 1.02) + 9 * Math.max(0, 0.75 - shot.cushion))],
      ['flash', logistic(-7.2 - 45 * (shot.viscosity - 0.97))],
      ['sinkMark', logistic(-6.8 + 0.5 * shot.mouldOffset)],
      ['weldLine', logistic(-7 - 0.45 * (shot.mouldOffset + 6))],
    ];
    return chances.find(([, chance]) => this.random.next() < chance)?.[0] ?? null;
  }

  protected override tick(seconds: number): void {
    const recipe = this.#recipe;
    const running = this.state === 'running';
    let heating = 0;
    this.#temps.forEach((temp, i) => {
      const target = recipe.barrelC[i]! - (1 - this.#heaterHealth[i]!) * 28;
      const share = 1 - Math.exp(-seconds / 240);
      heating += Math.max(0, target - temp) * 0.15 + 0.45;
      this.#temps[i] = temp + (target - temp) * share + 0.05 * Math.sqrt(seconds) * this.random.normal() * 0.4;
      this.show(`barrel-temp-${i + 1}`, this.#temps[i]!, 0.1);
    });
    // The mould loses heat to its water; only shots bring heat.
    this.#mouldC += (this.#waterC + (recipe.mouldC - 18) * 0.82 - this.#mouldC) * (1 - Math.exp(-seconds / 500));
    this.#waterC +=
      (18 + 2.5 * Math.sin((this.nowMs / 86_400_000) * 2 * Math.PI) - this.#waterC) * (1 - Math.exp(-seconds / 1800));
    this.#oilC += ((running ? 46 : 30) - this.#oilC) * (1 - Math.exp(-seconds / 1500));
    this.#powerKw = running
      ? driveKw * (0.55 + 0.1 * this.random.normal()) + Math.min(heaterKw, heating)
      : Math.min(heaterKw, heating * 0.8);
    this.#energyKwh += (Math.max(0.4, this.#powerKw) * seconds) / 3600;
    this.show('mould-temp', this.#mouldC, 0.1);
    this.show('oil-temp', this.#oilC, 0.1);
    this.show('power', Math.max(0.4, this.#powerKw), 0.1);
    this.show('energy', this.#energyKwh, 0.01);
  }

  protected override degrade(cause: string, share: number): void {
    // A heater band fades over the last tenth of its life; a check ring wears all along.
    if (cause.startsWith('heaterBand-'))
      this.#heaterHealth[Number(cause.slice(-1)) - 1] = share > 0.9 ? 1 - (share - 0.9) * 4 : 1;
    if (cause === 'checkRing') this.#ringWear = share ** 3;
  }

  protected override showState(state: UnitState, alarm: { code: string; text: string } | null): void {
    this.set('state', packMlOf[state]);
    this.set('mode', state === 'setup' ? 'Setup' : 'Production');
    this.set('product', this.job.code);
    this.set('fault-code', alarm?.code ?? '');
    this.set('fault-text', alarm?.text ?? '');
    this.#showCounts();
  }

  #showCounts(): void {
    this.set('shot-count', this.#shots);
    this.set('good-count', this.#good);
    this.set('scrap-count', this.#scrap);
  }

  #newMaterialLot(): void {
    this.#lotLeft = this.random.int(600, 1400);
    this.#viscosity = 1 + 0.018 * this.random.normal();
    this.truth('materialLot', `LOT-${this.random.int(10_000, 99_999)}`, {
      viscosity: Math.round(this.#viscosity * 1000) / 1000,
    });
  }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
