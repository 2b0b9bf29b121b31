import type { ConnectionHealth } from '@deungdae/contracts/api-entities.ts';
import { BatchBuilder, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import type { ConnectionModel } from '@deungdae/kernel/plant-model.ts';
import { type CodedText, codedText, type LoopState, newLoopState } from './health.ts';
import { createIntake, type Intake } from './intake.ts';
import type { KitLimits } from './limits.ts';
import type { ConnectionSpec, FromHost, ToHost } from './protocol.ts';
import { settled, withDeadline } from './waiting.ts';

type MemberMessage = Extract<FromHost, { id: string; epoch: number }>;

const rateWindowMs = 5_000;

/** One connection as the main thread sees it: its samples on their way to the disk, and its health. */
export class Member {
  model: ConnectionModel;
  closing = false;
  readonly #clock: Clock;
  readonly #limits: KitLimits;
  readonly #stateDir: string;
  readonly #intake: Intake;
  readonly #onHealth: () => void;
  readonly #onNotice: (notice: CodedText) => void;
  #send: ((message: ToHost) => void) | null = null;
  /** Grows with every opening, so that the last words of a dead worker are told apart. */
  #epoch = 0;
  #state: LoopState;
  /** Carried over restarts of the worker. */
  #before = { samples: 0, heldOrDropped: 0, reconnects: 0 };
  #error: CodedText | null = null;
  #newest = 0;
  #rates: { atMs: number; total: number }[] = [];
  #onClosed: (() => void) | null = null;

  constructor(options: {
    model: ConnectionModel;
    clock: Clock;
    limits: KitLimits;
    stateDir: string;
    ingest: (batch: SampleBatch) => Promise<void>;
    onHealth: () => void;
    onNotice: (notice: CodedText) => void;
  }) {
    this.model = options.model;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#stateDir = options.stateDir;
    this.#onHealth = options.onHealth;
    this.#onNotice = options.onNotice;
    this.#state = newLoopState(options.clock.nowUs());
    this.#intake = createIntake({
      ingest: options.ingest,
      clock: options.clock,
      limits: options.limits,
      onTrouble: () => options.onHealth(),
    });
  }

  spec(): ConnectionSpec {
    return {
      id: this.model.id,
      type: this.model.type,
      config: this.model.config,
      stateDir: this.#stateDir,
      signals: this.model.signals
        .filter((s) => s.address !== null)
        .map(({ id, path, kind, unit, scale, limits, deadband, staleAfterMs, address }) => ({
          id,
          path,
          kind,
          unit,
          scale,
          limits,
          deadband,
          staleAfterMs,
          address: address!,
        })),
    };
  }

  open(send: (message: ToHost) => void): void {
    this.#send = send;
    this.#epoch++;
    send({ type: 'open', epoch: this.#epoch, spec: this.spec() });
  }

  onMessage(message: MemberMessage): void {
    // Samples are samples, even from a worker that has died since; only its ack has no one to go to.
    if (message.type === 'batch') this.#take(message);
    else if (message.epoch !== this.#epoch) return;
    else if (message.type === 'notice') this.#onNotice(message.notice);
    else if (message.type === 'closed') this.#onClosed?.();
    else if (message.type === 'state') this.#update(message.state);
  }

  #update(state: LoopState): void {
    const before = this.#state;
    this.#state = state;
    if (state.lastError) this.#error = state.lastError;
    this.#rate();
    const changed =
      state.status !== before.status ||
      state.lastError?.at !== before.lastError?.at ||
      state.notices.at(-1)?.at !== before.notices.at(-1)?.at;
    if (changed) this.#onHealth();
  }

  #take(message: Extract<FromHost, { type: 'batch' }>): void {
    const { batch, id, epoch, seq } = message;
    if (batch.length > 0) this.#newest = Math.max(this.#newest, batch.times[batch.length - 1]!);
    this.#intake.deliver(batch).then(
      () => {
        if (epoch === this.#epoch) this.#send?.({ type: 'ack', id, epoch, seq });
      },
      () => {},
    );
  }

  /** The worker died: what it was reading is unknown from now on. */
  lost(error: CodedError): void {
    this.#epoch++;
    this.#send = null;
    this.#before.samples += this.#state.samplesTotal;
    this.#before.heldOrDropped += this.#state.heldOrDropped;
    this.#before.reconnects += this.#state.reconnects + (this.#state.status === 'connected' ? 1 : 0);
    const now = this.#clock.nowUs();
    this.#state = { ...newLoopState(now), status: 'lost', notices: this.#state.notices };
    this.#error = codedText(error.code, error.params, now);
    this.#onClosed?.();
    if (this.closing || !this.model.enabled) return;
    void settled(this.#gap());
    this.#onHealth();
  }

  /** From now on nothing is known of its signals. */
  #gap(): Promise<void> {
    const gaps = new BatchBuilder(this.model.signals.length + 1);
    const at = Math.max(this.#clock.nowUs(), this.#newest + 1);
    for (const s of this.model.signals) if (s.address) gaps.addNumber(s.id, at, Number.NaN, Quality.gap);
    return gaps.length > 0 ? this.#intake.deliver(gaps.take()) : Promise.resolve();
  }

  /** @param leaveGap nobody will read its signals any more */
  async close(leaveGap: boolean): Promise<void> {
    this.closing = true;
    if (this.#send && this.model.enabled) {
      const closed = new Promise<void>((resolve) => {
        this.#onClosed = resolve;
      });
      this.#send({ type: 'close', id: this.model.id, epoch: this.#epoch });
      await withDeadline(closed, this.#limits.drainMs + 3 * this.#limits.graceMs);
    }
    if (leaveGap && this.model.enabled) await withDeadline(this.#gap(), this.#limits.drainMs);
    this.#intake.close();
  }

  health(language: 'ko' | 'en'): ConnectionHealth {
    const { model } = this;
    const state = this.#state;
    const trouble = this.#intake.trouble();
    const error = trouble ? codedText(trouble.code, trouble.params, this.#clock.nowUs()) : this.#error;
    const status = !model.enabled ? 'disabled' : trouble ? 'degraded' : state.status;
    const lagMs =
      state.lastSampleAt !== null && state.newestTime !== null ? state.lastSampleAt - state.newestTime : null;
    return {
      id: model.id,
      name: model.name,
      type: model.type,
      enabled: model.enabled,
      status,
      since: state.since,
      signals: model.signals.length,
      samplesPerSecond: this.#perSecond(),
      samplesTotal: this.#before.samples + state.samplesTotal,
      duplicatesOrDropped: this.#before.heldOrDropped + state.heldOrDropped,
      reconnects: this.#before.reconnects + state.reconnects,
      lastSampleAt: state.lastSampleAt,
      lagMs: lagMs === null ? null : Math.round(lagMs / 1000),
      lastError: error && { code: error.code, ...error[language], params: error.params, at: error.at },
      notices: state.notices.map((n) => ({ at: n.at, code: n.code, message: n[language].message })),
    };
  }

  #rate(): void {
    const atMs = this.#clock.monotonicMs();
    this.#rates.push({ atMs, total: this.#before.samples + this.#state.samplesTotal });
    while (this.#rates.length > 2 && atMs - this.#rates[0]!.atMs > rateWindowMs) this.#rates.shift();
    if (this.#rates.length > 100) this.#rates.shift();
  }

  #perSecond(): number {
    const first = this.#rates[0];
    const last = this.#rates.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return 0;
    return Math.round(((last.total - first.total) / (last.atMs - first.atMs)) * 1000);
  }
}
