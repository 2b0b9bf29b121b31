import { temporaryClientId } from '@deungdae/connector-mqtt/client-id.ts';
import { type Incoming, MqttSession } from '@deungdae/connector-mqtt/session.ts';
import type { TlsSettings } from '@deungdae/connector-mqtt/settings.ts';
import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { DataType, type Metric, type PropertySet } from './datatypes.ts';
import { decodePayload } from './decode.ts';
import { bdSeqMetric, EdgeNumbers, rebirthControl } from './edge-session.ts';
import { encodePayload } from './encode.ts';
import { decodeHostState, decodeLegacyState } from './host-state.ts';
import { rebirthMetric } from './rebirth.ts';
import { type EdgeVerb, idPattern, legacyStateTopic, parseTopic, stateTopic, topicOf } from './topics.ts';

/** A metric that an edge node declares: it is in every birth with its value then. */
export interface EdgeMetric {
  name: string;
  datatype: number;
  /** Value now; undefined or null is told as null. */
  value?: Metric['value'] | null;
  /** Engineering unit, sent as the property `engUnit`. */
  unit?: string;
  properties?: PropertySet;
}

export interface EdgeValue {
  name: string;
  value: Metric['value'] | null;
  /** ms UTC; now when left out. */
  timestamp?: number;
  /** Told late: the host puts it in place and does not take it for the value now. */
  isHistorical?: boolean;
}

export interface EdgeNodeOptions {
  url: string;
  /** Further brokers, tried in turn (primary host offline, or a broker gone). */
  otherUrls?: string[];
  group: string;
  node: string;
  /** Metrics of the node itself. */
  metrics?: EdgeMetric[];
  devices?: Record<string, EdgeMetric[]>;
  /** Births and data are sent only while this host application is online. */
  primaryHost?: string;
  /** Also accept the STATE of Sparkplug 2.x. */
  legacyState?: boolean;
  version?: 4 | 5;
  clientId?: string;
  username?: string;
  password?: string;
  tls?: TlsSettings;
  keepAliveS?: number;
  /** First wait before connecting again, ms; doubles up to 30 s. */
  backoffMs?: number;
  /** Data kept while there is no session, messages; the oldest go. They are sent as historical afterwards. */
  storeMessages?: number;
  clock?: Clock;
  /** Writes to metrics other than the rebirth. The edge node does nothing with them by itself. */
  onCommand?: (device: string | null, metrics: Metric[]) => void;
  onStatus?: (status: 'connecting' | 'waitingForHost' | 'online' | 'offline', error?: CodedError) => void;
}

export interface EdgeNodeClient {
  /** Whether the births of this session are sent. */
  readonly online: boolean;
  readonly bdSeq: number;
  /** Resolves when the node is online. */
  ready(): Promise<void>;
  /** New values of a device (null: of the node itself), in one message. Kept while there is no session. */
  publish(device: string | null, values: EdgeValue[]): void;
  /** The connection to a device is lost, or it is there again. */
  deviceOffline(device: string): void;
  deviceOnline(device: string): void;
  /** Sends NBIRTH and all DBIRTHs again, as a rebirth request does. */
  rebirth(): void;
  /** Tells the death and leaves. */
  close(): Promise<void>;
}

interface Unit {
  metrics: Map<string, EdgeMetric & { at: number }>;
  online: boolean;
}

/**
 * Starts an edge node of Sparkplug B 3.0; it connects by itself and again when the broker was away.
 * Throws RangeError when an id is empty or holds + / or #.
 */
export function createEdgeNode(options: EdgeNodeOptions): EdgeNodeClient {
  for (const id of [options.group, options.node, ...Object.keys(options.devices ?? {})])
    if (!idPattern.test(id)) throw new RangeError(`not a Sparkplug id: ${id}`);
  const edge = new Edge(options);
  void edge.run();
  return edge;
}

class Edge implements EdgeNodeClient {
  online = false;
  readonly #o: EdgeNodeOptions;
  readonly #clock: Clock;
  readonly #numbers = new EdgeNumbers();
  readonly #units = new Map<string | null, Unit>();
  readonly #stop = new AbortController();
  readonly #urls: string[];
  #url = 0;
  #session: MqttSession | null = null;
  #ended: Promise<void> = Promise.resolve();
  #store: { device: string | null; values: EdgeValue[] }[] = [];
  #readers: (() => void)[] = [];
  /** ms UTC of the last STATE of the primary host; -Infinity before the first. */
  #stateAt = Number.NEGATIVE_INFINITY;
  #hostOnline = false;

  constructor(options: EdgeNodeOptions) {
    this.#o = options;
    this.#clock = options.clock ?? systemClock;
    this.#urls = [options.url, ...(options.otherUrls ?? [])];
    this.#units.set(null, this.#unit(options.metrics ?? []));
    for (const [device, metrics] of Object.entries(options.devices ?? {})) this.#units.set(device, this.#unit(metrics));
  }

  get bdSeq(): number {
    return this.#numbers.bdSeq;
  }

  #unit(metrics: EdgeMetric[]): Unit {
    const at = this.#nowMs();
    return { metrics: new Map(metrics.map((m) => [m.name, { ...m, at }])), online: true };
  }

  run(): Promise<void> {
    this.#ended = this.#loop();
    return this.#ended;
  }

  async #loop(): Promise<void> {
    const abort = this.#stop.signal;
    const first = this.#o.backoffMs ?? 500;
    let backoff = first;
    while (!abort.aborted) {
      let error: CodedError | undefined;
      try {
        if (await this.#oneSession()) backoff = first;
      } catch (thrown) {
        error = thrown as CodedError;
      }
      this.online = false;
      this.#session = null;
      if (abort.aborted) return;
      this.#o.onStatus?.('offline', error);
      this.#url = (this.#url + 1) % this.#urls.length;
      await this.#clock.sleep(backoff * (0.5 + Math.random() / 2), abort).catch(() => {});
      backoff = Math.min(backoff * 2, 30_000);
    }
  }

  /** One session until it is lost, the primary host goes, or `close`. Returns whether it was ever online. */
  async #oneSession(): Promise<boolean> {
    this.#o.onStatus?.('connecting');
    const o = this.#o;
    this.#stateAt = Number.NEGATIVE_INFINITY;
    this.#hostOnline = false;
    const bdSeq = this.#numbers.connect();
    let over: (error?: CodedError) => void = () => {};
    const lost = new Promise<CodedError | undefined>((resolve) => {
      over = resolve;
    });
    const session = await MqttSession.open(
      {
        url: this.#urls[this.#url]!,
        version: o.version ?? 5,
        clientId: o.clientId ?? temporaryClientId(),
        username: o.username,
        password: o.password,
        tls: o.tls,
        keepAliveS: o.keepAliveS ?? 15,
        clean: true,
        sessionExpiryS: 0,
        will: { topic: this.#topic('NDEATH', null), payload: this.#deathPayload(bdSeq), qos: 1, retain: false },
      },
      (message) => this.#take(message, session, () => over()),
      this.#stop.signal,
    );
    this.#session = session;
    session.onLost = (error) => over(error);
    const stopped = () => over();
    this.#stop.signal.addEventListener('abort', stopped, { once: true });
    let born = false;
    try {
      await session.subscribe(this.#filters(), 1);
      if (!o.primaryHost) this.#goOnline();
      else if (!this.online) o.onStatus?.('waitingForHost');
      const error = await lost;
      born = this.online;
      if (error) throw error;
      await this.#leave(session, bdSeq);
    } finally {
      this.#stop.signal.removeEventListener('abort', stopped);
      this.online = false;
      await session.close({ abrupt: true });
    }
    return born;
  }

  #filters(): string[] {
    const { group, node, primaryHost, legacyState } = this.#o;
    const filters = [`spBv1.0/${group}/NCMD/${node}`, `spBv1.0/${group}/DCMD/${node}/+`];
    if (primaryHost) filters.push(stateTopic(primaryHost));
    if (primaryHost && legacyState) filters.push(legacyStateTopic(primaryHost));
    return filters;
  }

  /** An intended end: the death first, and with MQTT 5 the broker is told to send the will as well. */
  async #leave(session: MqttSession, bdSeq: number): Promise<void> {
    if (session.error) return;
    if (this.online)
      await session
        .publish(this.#topic('NDEATH', null), this.#deathPayload(bdSeq), { qos: 1, retain: false })
        .catch(() => {});
    this.online = false;
    await session.close({ withWill: true });
  }

  #deathPayload(bdSeq: number): Buffer {
    const now = this.#nowMs();
    return encodePayload({ timestamp: now, metrics: [bdSeqMetric(bdSeq, now)] });
  }

  #take(message: Incoming, session: MqttSession, over: () => void): void {
    session.ack(message.messageId);
    const { topic, payload } = message;
    const host = this.#o.primaryHost;
    if (host !== undefined && topic === stateTopic(host)) {
      const state = decodeHostState(payload);
      if (state) this.#takeState(state.online, state.timestamp, over);
    } else if (host !== undefined && this.#o.legacyState && topic === legacyStateTopic(host)) {
      const online = decodeLegacyState(payload);
      if (online !== null) this.#takeState(online, Number.NaN, over);
    } else this.#takeCommand(topic, payload);
  }

  /** A STATE older than the last one is ignored: it is a will that came late. */
  #takeState(online: boolean, timestamp: number, over: () => void): void {
    if (timestamp < this.#stateAt) return;
    if (!Number.isNaN(timestamp)) this.#stateAt = timestamp;
    if (online === this.#hostOnline) return;
    this.#hostOnline = online;
    if (online) this.#goOnline();
    else over();
  }

  #takeCommand(topic: string, payload: Buffer): void {
    const at = parseTopic(topic);
    if (!at || (at.verb !== 'NCMD' && at.verb !== 'DCMD')) return;
    let metrics: Metric[];
    try {
      metrics = decodePayload(payload).metrics;
    } catch {
      return;
    }
    const isRebirth = (m: Metric) => at.verb === 'NCMD' && m.name === rebirthMetric;
    if (metrics.some((m) => isRebirth(m) && m.value === true) && this.online) this.rebirth();
    const others = metrics.filter((m) => !isRebirth(m));
    if (others.length > 0) this.#o.onCommand?.(at.device, others);
  }

  #goOnline(): void {
    this.online = true;
    this.rebirth();
    this.#sendStored();
    this.#o.onStatus?.('online');
    for (const ready of this.#readers.splice(0)) ready();
  }

  ready(): Promise<void> {
    if (this.online) return Promise.resolve();
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  rebirth(): void {
    if (!this.online) return;
    const now = this.#nowMs();
    const own = this.#birthMetrics(null, now);
    const metrics = [bdSeqMetric(this.bdSeq, now), rebirthControl(now), ...own];
    this.#send('NBIRTH', null, encodePayload({ timestamp: now, seq: this.#numbers.birth(), metrics }));
    for (const [device, unit] of this.#units) if (device !== null && unit.online) this.#deviceBirth(device, now);
  }

  #deviceBirth(device: string, now: number): void {
    const metrics = this.#birthMetrics(device, now);
    this.#send('DBIRTH', device, encodePayload({ timestamp: now, seq: this.#numbers.next(), metrics }));
  }

  #birthMetrics(device: string | null, now: number): Metric[] {
    const metrics: Metric[] = [];
    for (const m of this.#units.get(device)?.metrics.values() ?? []) {
      const metric: Metric = {
        name: m.name,
        alias: this.#numbers.alias(device, m.name),
        timestamp: now,
        datatype: m.datatype,
      };
      const properties = propertiesOf(m);
      if (properties) metric.properties = properties;
      if (m.value === undefined || m.value === null) metric.isNull = true;
      else metric.value = m.value;
      metrics.push(metric);
    }
    return metrics;
  }

  publish(device: string | null, values: EdgeValue[]): void {
    const unit = this.#units.get(device);
    if (!unit || values.length === 0) return;
    const now = this.#nowMs();
    for (const v of values) {
      const metric = unit.metrics.get(v.name);
      const at = v.timestamp ?? now;
      if (!metric || v.isHistorical || at < metric.at) continue;
      metric.value = v.value;
      metric.at = at;
    }
    if (!this.online || !unit.online) this.#keep(device, values, now);
    else this.#sendData(device, values, now);
  }

  #keep(device: string | null, values: EdgeValue[], now: number): void {
    const limit = this.#o.storeMessages ?? 1_000;
    this.#store.push({ device, values: values.map((v) => ({ timestamp: now, ...v, isHistorical: true })) });
    if (this.#store.length > limit) this.#store.splice(0, this.#store.length - limit);
  }

  #sendStored(): void {
    const now = this.#nowMs();
    const later = [];
    for (const stored of this.#store) {
      if (this.#units.get(stored.device)?.online) this.#sendData(stored.device, stored.values, now);
      else later.push(stored);
    }
    this.#store = later;
  }

  #sendData(device: string | null, values: EdgeValue[], now: number): void {
    const unit = this.#units.get(device)!;
    const metrics: Metric[] = [];
    for (const v of values) {
      const declared = unit.metrics.get(v.name);
      // Every metric must have been in the birth; one that was not is not sent.
      if (!declared) continue;
      metrics.push({
        alias: this.#numbers.alias(device, v.name),
        timestamp: v.timestamp ?? now,
        datatype: declared.datatype,
        ...(v.isHistorical ? { isHistorical: true } : {}),
        ...(v.value === null || v.value === undefined ? { isNull: true } : { value: v.value }),
      });
    }
    if (metrics.length === 0) return;
    const payload = encodePayload({ timestamp: now, seq: this.#numbers.next(), metrics }, { data: true });
    this.#send(device === null ? 'NDATA' : 'DDATA', device, payload);
  }

  deviceOffline(device: string): void {
    const unit = this.#units.get(device);
    if (!unit?.online) return;
    unit.online = false;
    if (!this.online) return;
    const payload = encodePayload({ timestamp: this.#nowMs(), seq: this.#numbers.next(), metrics: [] });
    this.#send('DDEATH', device, payload);
  }

  deviceOnline(device: string): void {
    const unit = this.#units.get(device);
    if (!unit || unit.online) return;
    unit.online = true;
    if (!this.online) return;
    this.#deviceBirth(device, this.#nowMs());
    this.#sendStored();
  }

  #send(verb: EdgeVerb, device: string | null, payload: Buffer): void {
    this.#session?.publish(this.#topic(verb, device), payload, { qos: 0, retain: false }).catch(() => {});
  }

  #topic(verb: EdgeVerb, device: string | null): string {
    return topicOf({ group: this.#o.group, verb, node: this.#o.node, device });
  }

  #nowMs(): number {
    return Math.floor(this.#clock.nowUs() / 1000);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('closed'));
    await this.#ended;
  }
}

function propertiesOf(m: EdgeMetric): PropertySet | undefined {
  if (m.unit === undefined) return m.properties;
  return {
    keys: ['engUnit', ...(m.properties?.keys ?? [])],
    values: [{ type: DataType.String, value: m.unit }, ...(m.properties?.values ?? [])],
  };
}
