import {
  type BoundSignal,
  type Connector,
  type ConnectorContext,
  defineConnector,
  type ProbeReport,
  type Reading,
} from '@deungdae/connector-kit/connector.ts';
import { keptClientId } from '@deungdae/connector-mqtt/client-id.ts';
import { BrokerLink, brokerOptions } from '@deungdae/connector-mqtt/link.ts';
import type { Incoming, MqttSession, SessionOptions } from '@deungdae/connector-mqtt/session.ts';
import { Tally } from '@deungdae/connector-mqtt/tally.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { bindSignals, filtersOf, type NodeBindings } from './bindings.ts';
import { SparkplugAddress, SparkplugConfig } from './config.ts';
import { discoverGroup } from './discover.ts';
import { EdgeNode } from './edge-node.ts';
import { decodeHostState, encodeHostState } from './host-state.ts';
import { probeNodes } from './probe.ts';
import { rebirthCommand } from './rebirth.ts';
import { RebirthLimiter } from './rebirth-limiter.ts';
import { type EdgeVerb, parseTopic, stateTopic, topicOf } from './topics.ts';

/** How often due rebirth requests are looked for while there are any, ms. */
const tickMs = 100;
/** Own STATE announced again at most this often, ms: two hosts of one id must not shout at each other. */
const reannounceMs = 1_000;

interface Route {
  node: EdgeNode;
  verb: EdgeVerb;
  device: string | null;
}

/** The Sparkplug host application of one broker, for the edge nodes that signals are bound to. */
class SparkplugHost implements Connector {
  readonly #config: SparkplugConfig;
  readonly #signals: readonly BoundSignal<SparkplugAddress>[];
  readonly #context: ConnectorContext;
  readonly #link = new BrokerLink();
  readonly #tally: Tally;
  readonly #bindings: Map<string, NodeBindings>;
  readonly #nodes = new Map<string, EdgeNode>();
  readonly #routes = new Map<string, Route | null>();
  readonly #limiter: RebirthLimiter;
  readonly #hostId: string;
  /** ms UTC of the will of this session; its birth carries the same. */
  #stateTimestamp = 0;
  #announced = false;
  #announcedAt = Number.NEGATIVE_INFINITY;
  #stopTick: (() => void) | null = null;

  constructor(config: SparkplugConfig, signals: readonly BoundSignal<SparkplugAddress>[], context: ConnectorContext) {
    this.#config = config;
    this.#signals = signals;
    this.#context = context;
    this.#hostId = config.hostId ?? `deungdae-${context.connectionId}`;
    this.#tally = new Tally(context.clock, (notice) => context.notice(notice));
    this.#limiter = new RebirthLimiter(config.rebirth);
    this.#bindings = bindSignals(signals);
    const events = {
      rebirth: (node: string, reason: string) => this.#wantRebirth(node, reason),
      settled: (node: string) => this.#limiter.settle(node),
      notice: (code: string, key: string, params: () => Record<string, string | number>) =>
        this.#tally.count(code, key, params),
    };
    for (const [key, bindings] of this.#bindings) {
      const node = new EdgeNode(key, bindings, {
        builder: this.#link.builder,
        clock: context.clock,
        reorderTimeoutMs: config.reorderTimeoutMs,
        events,
      });
      node.onLate = () => this.#link.arrived(0);
      this.#nodes.set(key, node);
    }
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    this.#announced = false;
    const nowUs = this.#context.clock.nowUs();
    this.#stateTimestamp = Math.floor(nowUs / 1000);
    for (const node of this.#nodes.values()) node.restart(nowUs);
    const take = (message: Incoming) => this.#take(message);
    await this.#link.open(this.#sessionOptions(), take, (session) => this.#begin(session), abort);
    const now = this.#context.clock.monotonicMs();
    this.#limiter.forget();
    if (!this.#config.rebirth.enabled) return;
    for (const key of this.#nodes.keys()) this.#limiter.want(key, now, this.#config.rebirth.waitMs);
    this.#tick();
  }

  /** Subscribes first, then birth: so that a death of ours that comes late is seen and answered. */
  async #begin(session: MqttSession): Promise<void> {
    await session.subscribe([stateTopic(this.#hostId), ...filtersOf(this.#nodes.keys())], 1);
    await this.#announce(session);
  }

  #sessionOptions(): SessionOptions {
    const c = this.#config;
    return {
      ...brokerOptions(c, c.clientId ?? keptClientId(this.#context.stateDir)),
      clean: true,
      sessionExpiryS: 0,
      will: {
        topic: stateTopic(this.#hostId),
        payload: encodeHostState({ online: false, timestamp: this.#stateTimestamp }),
        qos: 1,
        retain: true,
      },
    };
  }

  async #announce(session: MqttSession): Promise<void> {
    this.#announced = true;
    this.#announcedAt = this.#context.clock.monotonicMs();
    const payload = encodeHostState({ online: true, timestamp: this.#stateTimestamp });
    await session.publish(stateTopic(this.#hostId), payload, { qos: 1, retain: true });
  }

  #take(message: Incoming): void {
    const { topic, payload, messageId } = message;
    let route = this.#routes.get(topic);
    if (route === undefined) route = this.#routeOf(topic);
    if (route !== null) this.#takeFromEdge(route, payload);
    else if (topic === stateTopic(this.#hostId)) this.#takeOwnState(payload);
    // A session that begins clean can get nothing again: what an acknowledgement would promise does not exist.
    this.#link.session?.ack(messageId);
    this.#link.arrived(0);
  }

  #routeOf(topic: string): Route | null {
    const parsed = parseTopic(topic);
    const node = parsed ? this.#nodes.get(`${parsed.group}/${parsed.node}`) : undefined;
    const command = parsed?.verb === 'NCMD' || parsed?.verb === 'DCMD';
    const route = parsed && node && !command ? { node, verb: parsed.verb as EdgeVerb, device: parsed.device } : null;
    if (this.#routes.size > 100_000) this.#routes.clear();
    this.#routes.set(topic, route);
    return route;
  }

  #takeFromEdge(route: Route, payload: Buffer): void {
    const { node } = route;
    if (payload.length > this.#config.maxPayloadBytes) {
      this.#bad(node.key, `${payload.length} bytes`);
      return;
    }
    try {
      node.take(route.verb, route.device, payload);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'sparkplug.malformed') throw error;
      this.#bad(node.key, String(error.params.detail));
    }
  }

  #bad(node: string, detail: string): void {
    this.#tally.count('sparkplug.badMessages', node, () => ({ node, detail }));
    this.#wantRebirth(node, 'malformed');
  }

  #takeOwnState(payload: Buffer): void {
    const state = decodeHostState(payload);
    const session = this.#link.session;
    if (!session || !this.#announced || !state || state.online) return;
    // Retained from before our birth when it is older: the broker sends it with the subscription.
    if (state.timestamp >= this.#stateTimestamp)
      this.#tally.count('sparkplug.hostIdTaken', this.#hostId, () => ({ hostId: this.#hostId }));
    const again = () => {
      if (this.#link.session === session) this.#announce(session).catch(() => {});
    };
    const since = this.#context.clock.monotonicMs() - this.#announcedAt;
    if (since >= reannounceMs || state.timestamp < this.#stateTimestamp) again();
    else this.#context.clock.after(reannounceMs - since, again);
  }

  #wantRebirth(node: string, reason: string): void {
    if (!this.#config.rebirth.enabled) return;
    this.#tally.count('sparkplug.rebirthRequested', node, () => ({ node, reason }));
    this.#limiter.want(node, this.#context.clock.monotonicMs());
    if (this.#stopTick === null) this.#tick();
  }

  /** Sends the rebirth requests that are due, and looks again while any is wanted. */
  #tick(): void {
    this.#stopTick?.();
    this.#stopTick = null;
    const session = this.#link.session;
    if (!session || !this.#announced) return;
    for (const key of this.#limiter.due(this.#context.clock.monotonicMs())) {
      const [group, node] = key.split('/') as [string, string];
      const topic = topicOf({ group, verb: 'NCMD', node, device: null });
      const payload = rebirthCommand(Math.floor(this.#context.clock.nowUs() / 1000));
      session.publish(topic, payload, { qos: 0, retain: false }).catch(() => {});
    }
    if (!this.#limiter.idle) this.#stopTick = this.#context.clock.after(tickMs, () => this.#tick());
  }

  async read(abort: AbortSignal): Promise<Reading> {
    const { batch } = await this.#link.take(abort);
    return { batch };
  }

  probe(abort: AbortSignal): Promise<ProbeReport> {
    return probeNodes(this.#config, this.#signals, this.#live(), this.#context.clock, abort);
  }

  /** Last values by signal path, when this connection is up. */
  #live(): Map<string, string> | null {
    if (!this.#link.session || this.#link.session.error) return null;
    const values = new Map<string, string>();
    for (const bindings of this.#bindings.values()) {
      for (const device of bindings.devices())
        for (const targets of bindings.of(device).values())
          for (const t of targets) if (t.last !== undefined) values.set(t.path, String(t.last));
    }
    return values;
  }

  async close(): Promise<void> {
    this.#stopTick?.();
    this.#stopTick = null;
    for (const node of this.#nodes.values()) node.stop();
    this.#tally.flush();
    const session = this.#link.release();
    if (session && !session.error && this.#announced) await this.#farewell(session);
    await session?.close();
  }

  /** The death is published before a clean DISCONNECT, because the broker then drops the will. */
  async #farewell(session: MqttSession): Promise<void> {
    const timestamp = Math.floor(this.#context.clock.nowUs() / 1000);
    const payload = encodeHostState({ online: false, timestamp });
    const sent = session.publish(stateTopic(this.#hostId), payload, { qos: 1, retain: true });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 1_000);
    });
    await Promise.race([sent.catch(() => {}), late]);
    clearTimeout(timer);
  }
}

export const connector = defineConnector({
  type: 'sparkplug',
  config: SparkplugConfig,
  address: SparkplugAddress,
  create: ({ config, signals, context }) => new SparkplugHost(config, signals, context),
  discover: ({ config, context, abort }) => discoverGroup(config, context.clock, abort),
});
