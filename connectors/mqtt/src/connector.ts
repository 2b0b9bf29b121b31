import {
  type BoundSignal,
  type Connector,
  type ConnectorContext,
  defineConnector,
  type ProbeReport,
  type Reading,
} from '@deungdae/connector-kit/connector.ts';
import { keptClientId } from './client-id.ts';
import { MqttAddress, MqttConfig } from './config.ts';
import { discoverTopics } from './discover.ts';
import { Extractor, type TopicPlan } from './extract.ts';
import { filtersFor } from './filters.ts';
import { BrokerLink, brokerOptions } from './link.ts';
import { probeBroker } from './probe.ts';
import type { Incoming, MqttSession, SessionOptions } from './session.ts';
import { Tally } from './tally.ts';

/** Unacknowledged messages whose time of arrival is kept for a repeated delivery. */
const maxArrivals = 65_535;

interface Arrival {
  topic: string;
  hash: number;
  us: number;
}

class MqttConnector implements Connector {
  readonly #config: MqttConfig;
  readonly #signals: readonly BoundSignal<MqttAddress>[];
  readonly #context: ConnectorContext;
  readonly #extractor: Extractor;
  readonly #link = new BrokerLink();
  readonly #tally: Tally;
  readonly #arrivals = new Map<number, Arrival>();
  #hadSession = false;

  constructor(config: MqttConfig, signals: readonly BoundSignal<MqttAddress>[], context: ConnectorContext) {
    this.#config = config;
    this.#signals = signals;
    this.#context = context;
    this.#extractor = new Extractor(signals);
    this.#tally = new Tally(context.clock, (notice) => context.notice(notice));
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    const take = (message: Incoming) => this.#take(message);
    await this.#link.open(this.#sessionOptions(), take, (session) => this.#begin(session), abort);
  }

  async #begin(session: MqttSession): Promise<void> {
    if (!session.sessionPresent) this.#arrivals.clear();
    if (this.#hadSession && !session.sessionPresent && this.#config.qos === 1)
      this.#context.notice({ code: 'mqtt.sessionFresh', params: {} });
    this.#hadSession = true;
    await session.subscribe(subscriptionsOf(this.#config, this.#signals), this.#config.qos);
  }

  #sessionOptions(): SessionOptions {
    const c = this.#config;
    return {
      ...brokerOptions(c, c.clientId ?? keptClientId(this.#context.stateDir)),
      clean: c.sessionExpiryS === 0,
      sessionExpiryS: c.sessionExpiryS,
      receiveMaximum: c.maxInflight,
    };
  }

  #take(message: Incoming): void {
    const { topic, payload } = message;
    if (payload.length > this.#config.maxPayloadBytes) {
      const limit = this.#config.maxPayloadBytes;
      this.#tally.count('mqtt.payloadTooLarge', topic, () => ({ topic, limit }));
    } else this.#extract(message, this.#extractor.planOf(topic));
    this.#link.arrived(message.messageId);
  }

  #extract(message: Incoming, plan: TopicPlan): void {
    if (plan.size === 0) return;
    const us = this.#arrivalOf(message, plan);
    const arrival = { us, retained: message.retain };
    const ok = this.#extractor.extract(plan, message.payload, arrival, this.#link.builder, (code, path, value) =>
      this.#tally.count(code, path, () => ({ path, value: brief(value) })),
    );
    if (!ok) this.#tally.count('mqtt.badJson', message.topic, () => ({ topic: message.topic }));
  }

  /**
   * A message that the broker delivers again (its acknowledgement was lost) keeps the time at which it came first, so
   * that the history recognises its samples.
   */
  #arrivalOf(message: Incoming, plan: TopicPlan): number {
    const now = this.#context.clock.nowUs();
    if (message.messageId === 0 || !plan.usesArrival) return now;
    const hash = fnv1a(message.payload);
    if (message.duplicate) {
      const first = this.#arrivals.get(message.messageId);
      if (first && first.topic === message.topic && first.hash === hash) return first.us;
    }
    if (this.#arrivals.size < maxArrivals)
      this.#arrivals.set(message.messageId, { topic: message.topic, hash, us: now });
    return now;
  }

  async read(abort: AbortSignal): Promise<Reading> {
    const { batch, messageIds, session } = await this.#link.take(abort);
    if (messageIds.length === 0 || session === null) return { batch };
    return {
      batch,
      ack: () => {
        for (const id of messageIds) {
          session.ack(id);
          if (this.#link.session === session) this.#arrivals.delete(id);
        }
      },
    };
  }

  probe(abort: AbortSignal): Promise<ProbeReport> {
    return probeBroker(this.#config, this.#signals, this.#context.clock, abort);
  }

  async close(): Promise<void> {
    this.#tally.flush();
    await this.#link.release()?.close();
  }
}

export function subscriptionsOf(config: MqttConfig, signals: readonly BoundSignal<MqttAddress>[]): string[] {
  const filters = filtersFor(config.subscriptions ?? signals.map((s) => s.address.topic));
  return config.shared ? filters.map((filter) => `$share/${config.shared}/${filter}`) : filters;
}

function brief(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')).slice(0, 80);
}

/** FNV-1a, 32 bits: tells a repeated payload from another one under the same message id. */
function fnv1a(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

export const connector = defineConnector({
  type: 'mqtt',
  config: MqttConfig,
  address: MqttAddress,
  create: ({ config, signals, context }) => new MqttConnector(config, signals, context),
  discover: ({ config, context, abort }) => discoverTopics(config, context.clock, abort),
});
