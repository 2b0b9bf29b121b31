import { Unit, type UnitOptions, type UnitState } from '../simulation/unit.ts';

const executionOf: Record<UnitState, string> = {
  running: 'ACTIVE',
  setup: 'READY',
  minorStop: 'INTERRUPTED',
  breakdown: 'STOPPED',
  break: 'READY',
  manualStop: 'FEED_HOLD',
};
const modeOf: Record<UnitState, string> = {
  running: 'AUTOMATIC',
  setup: 'MANUAL',
  minorStop: 'AUTOMATIC',
  breakdown: 'MANUAL',
  break: 'AUTOMATIC',
  manualStop: 'AUTOMATIC',
};

/** Machining centre for axles. Load rises as the tool wears; a new tool brings it back. */
export class MachiningCentre extends Unit {
  #toolWear: number;
  #tool = 1;
  #parts: number;
  #bad: number;
  #phase = 0;
  #position = [0, 0, 120];

  constructor(options: UnitOptions) {
    super(options);
    this.#toolWear = this.random.next() * 0.5;
    this.#parts = this.counter('part-count', 100, 4000);
    this.#bad = this.counter('bad-count', 2, 40);
  }

  protected override cycleSeconds(): number {
    this.#phase = 0;
    return 189 * (1 + 0.004 * this.random.normal());
  }

  protected override finishCycle(): number {
    this.#parts++;
    this.#toolWear += 0.006 + 0.002 * this.random.next();
    if (this.#toolWear > 1) {
      this.truth('toolChanged', `T${this.#tool}`);
      this.#toolWear = 0;
      this.#tool = (this.#tool % 6) + 1;
      this.set('tool', `T${String(this.#tool).padStart(2, '0')}`);
    }
    if (this.random.next() < 0.003 + 0.05 * Math.max(0, this.#toolWear - 0.85)) {
      this.#bad++;
      this.set('bad-count', this.#bad);
      this.truth('defect', 'diameterOut', { toolWear: Math.round(this.#toolWear * 100) / 100 });
    }
    this.set('part-count', this.#parts);
    return 1;
  }

  protected override tick(seconds: number): void {
    const running = this.state === 'running';
    this.#phase += seconds;
    const cutting = running && this.#phase % 24 < 19;
    const load = cutting ? 42 * (1 + 0.5 * this.#toolWear) + 3 * this.random.normal() : running ? 6 : 0;
    this.#position = running
      ? [140 * Math.sin(this.#phase / 7), 90 * Math.cos(this.#phase / 11), 60 + 40 * Math.sin(this.#phase / 3)]
      : this.#position;
    this.set('position', this.#position.map((axis) => axis.toFixed(3)).join(' '));
    this.show('spindle-load', Math.max(0, load), 0.1);
    this.show('spindle-speed', cutting ? 6000 + 8 * this.random.normal() : running ? 1200 : 0, 1);
    this.show('feed-rate', cutting ? 23.3 + 0.4 * this.random.normal() : running ? 83.3 : 0, 0.1);
    this.show(
      'vibration',
      (cutting ? 1.1 + 1.6 * this.#toolWear ** 2 : 0.12) + 0.05 * Math.abs(this.random.normal()),
      0.01,
    );
  }

  protected override showState(state: UnitState, alarm: { code: string; text: string } | null): void {
    this.set('availability', 'AVAILABLE');
    this.set('execution', executionOf[state]);
    this.set('mode', modeOf[state]);
    this.set('program', `O${1000 + (this.job.code.length % 7)} ${this.job.code}`);
    this.set('tool', `T${String(this.#tool).padStart(2, '0')}`);
    this.set('part-count', this.#parts);
    this.set('bad-count', this.#bad);
    this.set('system', alarm ? `FAULT|${alarm.code}|||${alarm.text}` : 'NORMAL||||');
  }
}
