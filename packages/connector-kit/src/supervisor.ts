import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ConnectionHealth } from '@deungdae/contracts/api-entities.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { ConnectionModel } from '@deungdae/kernel/plant-model.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { Assignments } from './assignments.ts';
import type { Proposal } from './connector.ts';
import { kitError } from './errors.ts';
import type { CodedText } from './health.ts';
import { defaultLimits, type KitLimits } from './limits.ts';
import type { ConnectorSource } from './load.ts';
import { Member } from './member.ts';
import type { FromHost, SignalSpec, TrialSpec } from './protocol.ts';
import { type ProbeResult, Requests } from './requests.ts';

export interface SupervisorOptions {
  /** Where samples go; resolves when they are durable. */
  stream: Pick<Stream, 'ingest'>;
  connectors: readonly ConnectorSource[];
  /** Parent of the connections' state folders. */
  stateDir: string;
  clock: Clock;
  log: Logger;
  /** Threads: 0 runs connectors in this thread (tests, replay). Default: one per core, at least 2, at most 4. */
  workers?: number;
  limits?: Partial<KitLimits>;
  /**
   * Writes a gap for every signal at `close`, because nothing is known from then on: what a plant's server wants, and a
   * replay of old logs does not. Default false. A connection that `apply` takes away always gets its gap.
   */
  gapOnClose?: boolean;
  /** A connection's status, error or notices changed. */
  onHealth?(id: string): void;
  onNotice?(id: string, notice: CodedText): void;
}

/** A signal for a trial: what the person has typed so far. */
export interface TrialSignal {
  path: string;
  kind: SignalSpec['kind'];
  address: Record<string, unknown>;
}

export interface Supervisor {
  /**
   * Makes the running connections equal to the list. Equal fingerprints keep their live connection; changed ones are
   * closed and opened again; missing and disabled ones are closed. Resolves when all that had to close has closed.
   */
  apply(connections: readonly ConnectionModel[]): Promise<void>;
  /** In the given language (`ko` or `en`). */
  health(language?: string): ConnectionHealth[];
  /** "Test connection" of a connection that exists. Never throws for what the device does. */
  probe(connectionId: string, language?: string): Promise<ProbeResult>;
  /** The same for settings that are being typed. */
  probeConfig(
    type: string,
    config: Record<string, unknown>,
    signals?: readonly TrialSignal[],
    language?: string,
  ): Promise<ProbeResult>;
  /** What the device offers, as it is found; at most `limit` (10,000). Throws a CodedError. Ends early on `abort`. */
  discover(
    target: { connectionId: string } | { type: string; config: Record<string, unknown> },
    options?: { limit?: number; abort?: AbortSignal },
  ): AsyncGenerator<Proposal>;
  /** Resolves when every connection is closed and no thread is left. */
  close(): Promise<void>;
}

/** Runs the connections of a plant in a few supervised threads and carries their samples into the stream. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new PlantSupervisor(options);
}

class PlantSupervisor implements Supervisor {
  readonly #o: SupervisorOptions;
  readonly #limits: KitLimits;
  readonly #members = new Map<string, Member>();
  readonly #requests = new Requests();
  readonly #lanes: Assignments;
  /** `apply` calls run one after another. */
  #applying: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#o = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    const workers = options.workers ?? Math.min(4, Math.max(2, availableParallelism()));
    this.#lanes = new Assignments({
      workers,
      sources: options.connectors,
      limits: this.#limits,
      clock: options.clock,
      log: options.log,
      onMessage: (message) => this.#onMessage(message),
      onLost: (lane, connections, detail) => this.#onLaneLost(lane, connections, detail),
      onReady: (connections) => this.#onLaneReady(connections),
    });
  }

  apply(connections: readonly ConnectionModel[]): Promise<void> {
    this.#applying = this.#applying.then(() => this.#applyNow(connections));
    return this.#applying;
  }

  async #applyNow(connections: readonly ConnectionModel[]): Promise<void> {
    if (this.#closed) return;
    const wanted = new Map(connections.map((c) => [c.id, c]));
    const leaving = [...this.#members.values()].filter((m) => {
      const next = wanted.get(m.model.id);
      return !next || next.fingerprint !== m.model.fingerprint || next.enabled !== m.model.enabled;
    });
    await Promise.all(leaving.map((m) => this.#remove(m, wanted.get(m.model.id)?.enabled !== true)));
    for (const model of wanted.values()) {
      const existing = this.#members.get(model.id);
      if (existing) existing.model = model;
      else this.#add(model);
    }
  }

  #add(model: ConnectionModel): void {
    const { clock, stream, onHealth, onNotice } = this.#o;
    const member = new Member({
      model,
      clock,
      limits: this.#limits,
      stateDir: join(this.#o.stateDir, model.id),
      ingest: (batch) => stream.ingest(batch),
      onHealth: () => onHealth?.(model.id),
      onNotice: (notice) => onNotice?.(model.id, notice),
    });
    this.#members.set(model.id, member);
    if (model.enabled) member.open(this.#lanes.place(model.id, model.type));
  }

  async #remove(member: Member, forGood: boolean): Promise<void> {
    await member.close(forGood);
    this.#lanes.leave(member.model.id);
    this.#members.delete(member.model.id);
  }

  health(language = 'ko'): ConnectionHealth[] {
    return [...this.#members.values()].map((m) => m.health(language === 'ko' ? 'ko' : 'en'));
  }

  probe(connectionId: string, language = 'ko'): Promise<ProbeResult> {
    const member = this.#members.get(connectionId);
    if (!member) return Promise.reject(kitError('kit.noConnection', { id: connectionId }, { status: 404 }));
    return this.#requests.probe(
      this.#lanes.forTrial(member.model.type, connectionId),
      { ...member.spec(), raw: false },
      this.#limits.probeTimeoutMs + this.#limits.graceMs,
      language,
    );
  }

  probeConfig(
    type: string,
    config: Record<string, unknown>,
    signals: readonly TrialSignal[] = [],
    language = 'ko',
  ): Promise<ProbeResult> {
    const spec = this.#trial(type, config, signals);
    return this.#requests.probe(
      this.#lanes.forTrial(type),
      spec,
      this.#limits.probeTimeoutMs + this.#limits.graceMs,
      language,
    );
  }

  async *discover(
    target: { connectionId: string } | { type: string; config: Record<string, unknown> },
    options: { limit?: number; abort?: AbortSignal } = {},
  ): AsyncGenerator<Proposal> {
    let spec: TrialSpec;
    if ('connectionId' in target) {
      const member = this.#members.get(target.connectionId);
      if (!member) throw kitError('kit.noConnection', { id: target.connectionId }, { status: 404 });
      spec = { ...member.spec(), raw: false };
    } else spec = this.#trial(target.type, target.config, []);
    const limit = Math.min(options.limit ?? this.#limits.proposals, this.#limits.proposals);
    yield* this.#requests.discover(this.#lanes.forTrial(spec.type, spec.id), spec, limit, options.abort);
  }

  /** Settings being typed have a state folder of their own, the same for the same type, so that trust is asked once. */
  #trial(type: string, config: Record<string, unknown>, signals: readonly TrialSignal[]): TrialSpec {
    const folder = createHash('sha256').update(type).digest('hex').slice(0, 8);
    return {
      id: `trial-${folder}`,
      type,
      config,
      signals: signals.map((s, i) => ({ id: i + 1, path: s.path, kind: s.kind, unit: null, address: s.address })),
      stateDir: join(this.#o.stateDir, `trial-${folder}`),
      raw: true,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#applying;
    await Promise.all([...this.#members.values()].map((m) => m.close(this.#o.gapOnClose === true)));
    this.#members.clear();
    this.#requests.fail(kitError('kit.closed'));
    await this.#lanes.close();
  }

  #onMessage(message: FromHost): void {
    if (message.type === 'log') this.#o.log[message.level](message.fields, message.message);
    else if ('request' in message) this.#requests.answer(message);
    else if (message.type === 'stuck') this.#lanes.restartOf(message.id, 'a connector did not obey a cancel');
    else if ('id' in message) this.#members.get(message.id)?.onMessage(message);
  }

  /** A dead worker is an outage of its connections: a gap from now on, until they are back. */
  #onLaneLost(lane: number, connections: readonly string[], detail: string): void {
    const error: CodedError = kitError('kit.workerLost', { detail });
    this.#o.log.error({ connections, detail }, 'a connector worker was lost; it is restarted');
    for (const id of connections) this.#members.get(id)?.lost(error);
    this.#requests.fail(error, lane);
  }

  #onLaneReady(connections: readonly string[]): void {
    for (const id of connections) {
      const member = this.#members.get(id);
      if (member && !member.closing) member.open(this.#lanes.place(id, member.model.type));
    }
  }
}
