import type { Random } from '@deungdae/testing/random.ts';
import { nextStaffing, staffingAt } from './shifts.ts';
import { type OnChange, SignalTable } from './signals.ts';
import type { OnTruth, Truth } from './truth.ts';

export type UnitState = 'running' | 'setup' | 'minorStop' | 'breakdown' | 'break' | 'manualStop';

/** How often and how a machine fails. Hours are operating hours. */
export interface FailureMode {
  cause: string;
  meanHours: number;
  /** Weibull shape: below 1 infant, 1 random, above 1 wear-out. */
  shape: number;
  repairMinutes: number;
  alarm: { code: string; text: string };
}

export interface UnitOptions {
  id: string;
  random: Random;
  onChange: OnChange;
  onTruth: OnTruth;
  startMs: number;
  /** Pieces of product names in the order in which jobs come; a job is `lot` pieces. */
  products: readonly { code: string; lot: number }[];
  failures: readonly FailureMode[];
  setupMinutes: number;
  minorStopsPerHour: number;
  /** Counters as they stood when the machines were last stopped. */
  initial?: Readonly<Record<string, number>>;
  /** Runs through breaks and nights (furnace, compressor). */
  unattended?: boolean;
}

/**
 * One machine: jobs, changeovers, minor stops, breakdowns and people around a cycle that the machine's own physics
 * gives. Time moves in events; between them `tick` moves the slow physics (temperatures, pressures).
 */
export abstract class Unit {
  readonly id: string;
  readonly signals: SignalTable;
  protected readonly random: Random;
  protected state: UnitState = 'running';
  protected nowMs: number;
  /** Operating hours since the last repair, by failure mode. */
  readonly #age = new Map<string, number>();
  readonly #lifeHours = new Map<string, number>();
  readonly #options: UnitOptions;
  readonly #onTruth: OnTruth;
  #untilMs = 0;
  #cycleEndMs = 0;
  #cycleMs = 0;
  #job = 0;
  #made = 0;
  #cause = '';

  constructor(options: UnitOptions) {
    this.#options = options;
    this.id = options.id;
    this.random = options.random;
    this.#onTruth = options.onTruth;
    this.signals = new SignalTable(options.id, options.onChange);
    this.nowMs = options.startMs;
    for (const mode of options.failures) this.#renew(mode, this.random.next());
    this.#job = this.random.int(0, options.products.length - 1);
    this.#made = this.random.int(0, Math.floor(this.job.lot / 2));
  }

  get job(): { code: string; lot: number } {
    return this.#options.products[this.#job % this.#options.products.length]!;
  }

  /** Ends where the plant's clock stands. Slow physics move in steps of `stepMs`. */
  advance(toMs: number, stepMs: number): void {
    while (this.nowMs < toMs) {
      const next = Math.min(toMs, this.#nextEventMs(), this.nowMs + stepMs);
      const elapsed = next - this.nowMs;
      this.nowMs = next;
      if (this.state === 'running') this.#wear(elapsed / 3_600_000);
      this.tick(elapsed / 1000);
      this.#event();
    }
  }

  /** Somebody pushes the stop button, or resumes: for demonstrations and tests. */
  stopByHand(): void {
    this.#enter('manualStop', Number.POSITIVE_INFINITY, 'stopButton');
    this.truth('manualStop', 'stopButton');
  }

  resumeByHand(): void {
    this.truth('manualResume', 'stopButton');
    this.#run();
  }

  /** Starts the machine's life; called once by the plant after construction. */
  begin(): void {
    if (!this.#options.unattended && !staffingAt(this.nowMs).working)
      this.#enter('break', nextStaffing(this.nowMs, true), 'break');
    else this.#run();
  }

  /** Seconds of the cycle that now begins. */
  protected abstract cycleSeconds(): number;
  /** The cycle is over: write its shot parameters, counts and defects; returns pieces made. */
  protected abstract finishCycle(cycleMs: number): number;
  /** Slow physics over `seconds`. */
  protected abstract tick(seconds: number): void;
  /** The state changed; write the signals that show it. */
  protected abstract showState(state: UnitState, alarm: { code: string; text: string } | null): void;
  /** A failure that shows itself before it strikes: called with the used share of its life. */
  protected degrade(_cause: string, _share: number): void {}

  /** A counter's first value: where it stood, or else that of a machine with some years behind it. */
  protected counter(signal: string, least: number, most: number): number {
    const fresh = this.random.int(least, most);
    return this.#options.initial?.[signal] ?? fresh;
  }

  protected truth(kind: Truth['kind'], cause: string, detail?: Truth['detail']): void {
    this.#onTruth({ atMs: this.nowMs, machine: this.id, kind, cause, ...(detail ? { detail } : {}) });
  }

  protected set(signal: string, value: number | string | boolean): void {
    this.signals.set(signal, value, this.nowMs);
  }

  /** Rounded as a sensor's display does. */
  protected show(signal: string, value: number, step: number): void {
    this.signals.set(signal, Number((Math.round(value / step) * step).toFixed(6)), this.nowMs);
  }

  #nextEventMs(): number {
    return this.state === 'running' ? Math.min(this.#cycleEndMs, this.#untilMs) : this.#untilMs;
  }

  #event(): void {
    if (this.state !== 'running') {
      if (this.nowMs >= this.#untilMs) this.#recover();
      return;
    }
    if (this.nowMs >= this.#cycleEndMs) this.#endCycle();
    if (this.state !== 'running') return;
    const failed = this.#options.failures.find(
      (mode) => this.#age.get(mode.cause)! >= this.#lifeHours.get(mode.cause)!,
    );
    if (failed) this.#fail(failed);
    else if (!this.#options.unattended && !staffingAt(this.nowMs).working)
      this.#enter('break', nextStaffing(this.nowMs, true), 'break');
    else if (this.nowMs >= this.#untilMs) this.#minorStop();
  }

  #endCycle(): void {
    this.#made += this.finishCycle(this.#cycleMs);
    if (this.#made >= this.job.lot && this.#options.products.length > 1) this.#changeOver();
    else this.#startCycle();
  }

  #startCycle(): void {
    this.#cycleMs = Math.max(200, Math.round(this.cycleSeconds() * 1000));
    this.#cycleEndMs = this.nowMs + this.#cycleMs;
  }

  #run(): void {
    this.state = 'running';
    this.#cause = '';
    this.showState('running', null);
    this.#startCycle();
    const perMs = this.#options.minorStopsPerHour / 3_600_000;
    this.#untilMs =
      perMs > 0 ? this.nowMs + Math.round(-Math.log(1 - this.random.next()) / perMs) : Number.POSITIVE_INFINITY;
  }

  #changeOver(): void {
    this.#made = 0;
    this.#job++;
    const minutes = this.#options.setupMinutes * Math.exp(0.25 * this.random.normal());
    this.truth('setupStarted', this.job.code, { minutes: Math.round(minutes) });
    this.#enter('setup', this.nowMs + minutes * 60_000, this.job.code);
  }

  #minorStop(): void {
    this.truth('minorStop', 'jam');
    // Somebody has to notice; fewer people walk the floor at night.
    const seconds = (staffingAt(this.nowMs).night ? 70 : 40) * Math.exp(0.5 * this.random.normal());
    this.#enter('minorStop', this.nowMs + seconds * 1000, 'jam');
  }

  #fail(mode: FailureMode): void {
    const minutes = mode.repairMinutes * Math.exp(0.5 * this.random.normal()) + (staffingAt(this.nowMs).night ? 15 : 5);
    this.truth('breakdown', mode.cause, { minutes: Math.round(minutes), code: mode.alarm.code });
    this.#enter('breakdown', this.nowMs + minutes * 60_000, mode.cause, mode.alarm);
  }

  #recover(): void {
    const mode = this.#options.failures.find((m) => m.cause === this.#cause);
    if (this.state === 'breakdown' && mode) {
      this.truth('repaired', mode.cause);
      this.#renew(mode, 0);
    }
    if (this.state === 'setup') this.truth('setupDone', this.job.code);
    this.#run();
  }

  #enter(state: UnitState, untilMs: number, cause: string, alarm: { code: string; text: string } | null = null): void {
    this.state = state;
    this.#cause = cause;
    this.#untilMs = Number.isFinite(untilMs) ? Math.round(untilMs) : untilMs;
    this.#cycleEndMs = Number.POSITIVE_INFINITY;
    this.showState(state, alarm);
  }

  #wear(hours: number): void {
    for (const mode of this.#options.failures) {
      const age = this.#age.get(mode.cause)! + hours;
      this.#age.set(mode.cause, age);
      this.degrade(mode.cause, Math.min(1, age / this.#lifeHours.get(mode.cause)!));
    }
  }

  /** Draws the next life from a Weibull distribution; `used` is the share of it already gone. */
  #renew(mode: FailureMode, used: number): void {
    const life = mode.meanHours * (-Math.log(1 - this.random.next())) ** (1 / mode.shape);
    this.#lifeHours.set(mode.cause, Math.max(0.2, life));
    this.#age.set(mode.cause, used * life * 0.9);
  }
}
