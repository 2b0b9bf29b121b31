import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { type CodedError, type ErrorParams, toCoded } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { backoffMs } from './backoff.ts';
import { createBudget, type Purse } from './budget.ts';
import { type Conditioner, createConditioner } from './conditioning.ts';
import type { BoundSignal, Connector, ConnectorDefinition, Reading } from './connector.ts';
import { kitError } from './errors.ts';
import { type CodedText, createNoticeBook, errorText, type LoopState, newLoopState } from './health.ts';
import { defaultLimits, type KitLimits } from './limits.ts';
import { createRedactor, redactingLogger, secretValues } from './secrets.ts';
import type { SignalRule } from './signal-rule.ts';
import { eventLoopTurn, settled, untilAbort, withDeadline } from './waiting.ts';

// biome-ignore lint/suspicious/noExplicitAny: the kit runs connectors of every configuration
export type AnyDefinition = ConnectorDefinition<any, any>;

export interface LoopOptions {
  connectionId: string;
  definition: AnyDefinition;
  /** Validated by `definition.config`. */
  config: object;
  signals: readonly (SignalRule & { unit?: string | null; address: object })[];
  stateDir: string;
  clock: Clock;
  log: Logger;
  limits?: Partial<KitLimits>;
  random?: () => number;
  /** Resolves when the batch is durable; rejects only when it never will be, because all is closing. */
  deliver(batch: SampleBatch): Promise<void>;
  /** Share of the worker's samples under way; its own when left out. */
  purse?: Purse;
  /** After every change of status, error or notices. Counters are read from `state` when wanted. */
  onChange?(state: LoopState): void;
  onNotice?(notice: CodedText): void;
  /** The connector did not obey a cancel within the grace: only the end of its thread stops it. */
  onStuck?(): void;
}

export interface RunningConnection {
  readonly state: LoopState;
  /** The live connector when its session is up: `probe` may use its link. */
  live(): Connector | null;
  /** True while the loop waits for its next attempt. */
  waiting(): boolean;
  /** Stops reading, lets the last samples become durable, closes. Resolves when no part of it runs. */
  close(): Promise<void>;
}

/**
 * One connection for ever: connect → read → ack. When the session is lost: one gap for every signal, close, back off,
 * connect again. "Connected" is said when the device has answered; after a session that never delivered anything, only
 * when a read has succeeded or the session has held for ten seconds.
 */
export function runConnection(options: LoopOptions): RunningConnection {
  const limits = { ...defaultLimits, ...options.limits };
  const loop = new Loop(options, limits);
  const ended = loop.run();
  return {
    state: loop.state,
    live: () => (loop.up ? loop.connector : null),
    waiting: () => loop.backingOff,
    close: () => {
      loop.stop.abort(kitError('kit.closed'));
      return ended;
    },
  };
}

const provenAfterMs = 10_000;
const turnEveryMs = 8;

class Loop {
  readonly stop = new AbortController();
  readonly state: LoopState;
  connector: Connector | null = null;
  up = false;
  backingOff = false;
  readonly #o: LoopOptions;
  readonly #limits: KitLimits;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #purse: Purse;
  readonly #conditioner: Conditioner;
  readonly #redactor;
  readonly #book;
  /** Deliveries and acks of the session, in order. */
  #tail: Promise<void> = Promise.resolve();
  #gapWritten = false;
  #wasConnected = false;
  /** The device answered the connect of this session. */
  #answered = false;

  constructor(options: LoopOptions, limits: KitLimits) {
    this.#o = options;
    this.#limits = limits;
    this.#clock = options.clock;
    this.#redactor = createRedactor(secretValues(options.definition.config, options.config));
    this.#log = redactingLogger(options.log, this.#redactor);
    this.#purse = options.purse ?? createBudget(Number.POSITIVE_INFINITY).open(limits.connectionSamples);
    this.state = newLoopState(options.clock.nowUs());
    this.#book = createNoticeBook(this.state, limits);
    this.#conditioner = createConditioner(options.signals, limits, (code, params) => this.#notice(code, params));
  }

  async run(): Promise<void> {
    let barren = 0;
    let doubtful = false;
    while (!this.stop.signal.aborted) {
      const delivered = this.state.samplesTotal;
      this.#answered = false;
      this.#newest = { timeUs: Number.NEGATIVE_INFINITY, atMs: 0 };
      const error = await this.#session(doubtful);
      if (this.stop.signal.aborted) break;
      const fruitful = this.state.samplesTotal > delivered;
      barren = fruitful ? 0 : barren + 1;
      doubtful = this.#answered && !fruitful;
      this.#fail(error);
      this.#writeGaps();
      this.backingOff = true;
      await settled(
        this.#clock.sleep(backoffMs(barren + 1, this.#limits, this.#o.random ?? Math.random), this.stop.signal),
      );
      this.backingOff = false;
    }
  }

  /** One session from connect to close. Returns why it ended. */
  async #session(doubtful: boolean): Promise<CodedError> {
    let stopProving = () => {};
    let error: CodedError;
    try {
      this.connector ??= this.#create();
      await this.#connect(this.connector);
      this.up = true;
      this.#answered = true;
      if (doubtful) stopProving = this.#clock.after(provenAfterMs, () => this.#connected());
      else this.#connected();
      let turnedAtMs = performance.now();
      for (;;) {
        await this.#purse.ready(this.stop.signal);
        // A source that always has something ready never leaves the promise queue: acks and closes must get in.
        if (performance.now() - turnedAtMs > turnEveryMs) {
          await eventLoopTurn();
          turnedAtMs = performance.now();
        }
        const reading = await this.#read(this.connector);
        this.stop.signal.throwIfAborted();
        this.#connected();
        this.#take(reading.batch, reading.ack && (() => reading.ack?.()));
      }
    } catch (thrown) {
      error = toCoded(thrown, 'kit.failed');
    }
    stopProving();
    await this.#closeSession();
    return error;
  }

  #create(): Connector {
    const { definition, config, signals, connectionId, clock, stateDir } = this.#o;
    const bound: BoundSignal<object>[] = signals.map((s) => ({
      id: s.id,
      path: s.path,
      kind: s.kind,
      ...(s.unit ? { unit: s.unit } : {}),
      ...(typeof s.deadband === 'number' ? { deadband: s.deadband } : {}),
      address: s.address,
    }));
    const notice = (n: { code: string; params?: ErrorParams }) => this.#notice(n.code, n.params ?? {});
    return definition.create({
      config,
      signals: bound,
      context: { connectionId, clock, log: this.#log, stateDir, notice },
    });
  }

  /** Cancels an attempt that overruns, and waits until it has really ended. */
  async #connect(connector: Connector): Promise<void> {
    const { connectTimeoutMs, graceMs } = this.#limits;
    const overrun = new AbortController();
    const stopTimer = this.#clock.after(connectTimeoutMs, () =>
      overrun.abort(kitError('kit.connectTimeout', { seconds: connectTimeoutMs / 1000 })),
    );
    const abort = AbortSignal.any([this.stop.signal, overrun.signal]);
    const attempt = (async () => connector.connect(abort))();
    try {
      await untilAbort(attempt, abort);
      abort.throwIfAborted();
    } catch (error) {
      if (abort.aborted && !(await withDeadline(attempt, graceMs))) {
        await withDeadline((async () => connector.close())(), graceMs);
        if (!(await withDeadline(attempt, 0))) this.#stuck();
      }
      throw abort.aborted ? abort.reason : error;
    } finally {
      stopTimer();
    }
  }

  async #read(connector: Connector): Promise<Reading> {
    const reading = connector.read(this.stop.signal);
    try {
      return await untilAbort(reading, this.stop.signal);
    } catch (error) {
      if (this.stop.signal.aborted && !(await withDeadline(reading, this.#limits.graceMs))) this.#stuck();
      throw error;
    }
  }

  #take(raw: SampleBatch, ack: (() => void | Promise<void>) | undefined): void {
    const now = this.#clock.nowUs();
    const batch = raw.length === 0 ? raw : this.#conditioner.condition(raw, now);
    const { state } = this;
    state.heldOrDropped = this.#conditioner.counts.withinDeadband + this.#conditioner.counts.unbound;
    state.downgraded = this.#conditioner.counts.downgraded;
    let durable: Promise<void> | null = null;
    if (batch.length > 0) {
      // A connector that knows when the loss began says so itself; the kit's own mark would only be a later one.
      this.#gapWritten = batch.length >= this.#o.signals.length && onlyGaps(batch);
      state.samplesTotal += batch.length;
      state.lastSampleAt = now;
      state.newestTime = batch.times[batch.length - 1]!;
      this.#remember(state.newestTime);
      durable = this.#send(batch);
    }
    if (durable === null && !ack) return;
    const connector = this.connector;
    this.#tail = Promise.all([this.#tail, durable]).then(async () => {
      // After the close of its session an ack has no one to go to; the source repeats, and repeats are stored once.
      if (ack && this.up && this.connector === connector) await ack();
    });
    this.#tail = this.#tail.catch((error: unknown) => {
      if (!this.stop.signal.aborted) {
        const e = toCoded(error, 'kit.ackFailed');
        this.#notice(e.code, e.params);
      }
    });
  }

  async #send(batch: SampleBatch): Promise<void> {
    const samples = batch.length;
    this.#purse.take(samples);
    try {
      await this.#o.deliver(batch);
    } finally {
      this.#purse.give(samples);
    }
  }

  /** Newest time of the session and when it arrived: what the device's clock says now can be told from it. */
  #newest = { timeUs: Number.NEGATIVE_INFINITY, atMs: 0 };

  #remember(timeUs: number): void {
    if (timeUs >= this.#newest.timeUs) this.#newest = { timeUs, atMs: this.#clock.monotonicMs() };
  }

  /**
   * When a gap begins, by the device's own clock: one that is behind ours would else give values older than the gap for
   * as long as it is behind, and the signal would seem lost. Never later than our own time.
   */
  #gapTime(): number {
    const now = this.#clock.nowUs();
    const { timeUs, atMs } = this.#newest;
    if (timeUs === Number.NEGATIVE_INFINITY) return now;
    return Math.min(now, Math.round(timeUs + (this.#clock.monotonicMs() - atMs) * 1000) + 1);
  }

  #writeGaps(): void {
    if (this.#gapWritten || this.#o.signals.length === 0) return;
    this.#gapWritten = true;
    this.#send(this.#conditioner.gaps(this.#gapTime())).catch(() => {});
  }

  async #closeSession(): Promise<void> {
    // On a stalled disk the acks of this session are given up after a while; the next session repeats what they were for.
    await withDeadline(this.#tail, this.#limits.drainMs);
    this.up = false;
    this.#tail = Promise.resolve();
    const connector = this.connector;
    if (!connector) return;
    const closing = (async () => connector.close())();
    if (!(await withDeadline(closing, this.#limits.graceMs))) this.#stuck();
  }

  #stuck(): void {
    this.#notice('kit.notCancelled', {});
    this.connector = null;
    this.#o.onStuck?.();
  }

  #connected(): void {
    if (this.state.status === 'connected') return;
    if (this.#wasConnected) this.state.reconnects++;
    this.#wasConnected = true;
    this.#setStatus('connected');
  }

  #fail(error: CodedError): void {
    const before = this.state.lastError;
    this.state.lastError = errorText(error, this.#redactor, this.#clock.nowUs());
    if (this.state.status !== 'lost') {
      this.#log.warn({ connection: this.#o.connectionId, code: error.code, ...error.params }, 'connection lost');
      this.#setStatus('lost');
    } else if (before?.code !== error.code) this.#o.onChange?.(this.state);
  }

  #setStatus(status: LoopState['status']): void {
    this.state.status = status;
    this.state.since = this.#clock.nowUs();
    this.#o.onChange?.(this.state);
  }

  #notice(code: string, params: ErrorParams): void {
    const text = this.#book(code, this.#redactor.params(params), this.#clock.nowUs());
    if (!text) return;
    this.#o.onNotice?.(text);
    this.#o.onChange?.(this.state);
  }
}

function onlyGaps(batch: SampleBatch): boolean {
  for (let i = 0; i < batch.length; i++) if (batch.quality[i] !== Quality.gap) return false;
  return true;
}
