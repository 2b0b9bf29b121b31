import type { CodedError } from '@deungdae/kernel/errors.ts';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { mqttError, reasonError } from './errors.ts';
import { loadTls, type TlsSettings } from './settings.ts';

/**
 * One session with a broker, from CONNECT until it is lost. It never reconnects by itself: who opened it opens another
 * one, with a will of its own (a fixed will repeats Sparkplug's bdSeq). QoS 1 is acknowledged only by `ack`.
 */
export interface SessionOptions {
  url: string;
  version: 4 | 5;
  clientId: string;
  username?: string | undefined;
  password?: string | undefined;
  tls?: TlsSettings | undefined;
  keepAliveS: number;
  connectTimeoutMs?: number;
  /** Clean session (3.1.1) or clean start (5). */
  clean: boolean;
  /** How long the broker keeps the session while we are away, seconds; MQTT 5 only. */
  sessionExpiryS?: number;
  /** Unacknowledged QoS 1 messages that the broker may have under way; MQTT 5 only, 1 … 65,535. */
  receiveMaximum?: number;
  will?: Will;
}

export interface Will {
  topic: string;
  payload: Buffer;
  qos: 0 | 1;
  retain: boolean;
}

export interface Incoming {
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
  duplicate: boolean;
  /** 0 for QoS 0; otherwise what `ack` takes. */
  messageId: number;
}

interface Internals {
  _sendPacket(packet: { cmd: string; messageId?: number; reasonCode?: number }, done?: () => void): void;
  onKeepaliveTimeout(): void;
  handleMessage(packet: IPublishPacket, done: (error?: Error) => void): void;
  sendPing(): void;
}

const reasonTexts: Record<number, string> = {
  128: 'unspecified error',
  131: 'implementation specific error',
  135: 'not authorized',
  139: 'server shutting down',
  141: 'keep alive timeout',
  142: 'session taken over',
  143: 'topic filter invalid',
  149: 'packet too large',
  151: 'quota exceeded',
  152: 'administrative action',
  158: 'shared subscriptions not supported',
  162: 'wildcard subscriptions not supported',
};

export class MqttSession {
  readonly clientId: string;
  /** Whether the broker resumed an earlier session. */
  sessionPresent = false;
  /** Set once, when the session is over. */
  error: CodedError | null = null;
  /** Called once when the session is lost; not after `close`. */
  onLost: (error: CodedError) => void = () => {};
  readonly #client: MqttClient;
  readonly #internals: Internals;
  readonly #send: Internals['_sendPacket'];
  readonly #onMessage: (message: Incoming) => void;
  readonly #options: SessionOptions;
  #closed = false;
  #paused = false;
  #held: (() => void) | null = null;
  #pinger: ReturnType<typeof setInterval> | null = null;
  /** When something of the broker was last taken, ms of the monotonic clock. */
  #aliveAt = 0;

  private constructor(options: SessionOptions, onMessage: (message: Incoming) => void) {
    this.clientId = options.clientId;
    this.#options = options;
    this.#onMessage = onMessage;
    this.#client = connect(options.url, clientOptions(options));
    this.#internals = this.#client as unknown as Internals;
    this.#send = this.#internals._sendPacket.bind(this.#client);
    this.#intercept();
  }

  /** Resolves when the broker has accepted the session. Rejects with a coded error, or with the abort reason. */
  static async open(
    options: SessionOptions,
    onMessage: (message: Incoming) => void,
    abort?: AbortSignal,
  ): Promise<MqttSession> {
    abort?.throwIfAborted();
    const session = new MqttSession(options, onMessage);
    const onAbort = () => session.#client.end(true);
    abort?.addEventListener('abort', onAbort, { once: true });
    try {
      await session.#accepted(abort);
      return session;
    } catch (error) {
      session.#closed = true;
      session.#client.end(true);
      throw error;
    } finally {
      abort?.removeEventListener('abort', onAbort);
    }
  }

  #accepted(abort?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.once('connect', (connack) => {
        this.sessionPresent = connack.sessionPresent;
        this.#aliveAt = performance.now();
        // mqtt.js pings only when nothing else goes on; with a busy or paused reader its count never gets there.
        this.#pinger = setInterval(() => this.#ping(), this.#options.keepAliveS * 500);
        this.#client.once('close', () => this.#lose('the connection was closed'));
        resolve();
      });
      this.#client.on('error', (error) => {
        const coded = this.#errorOf(error);
        reject(abort?.aborted ? abort.reason : coded);
        if (this.#client.connected) this.#lose(coded);
        else this.error ??= coded;
      });
      this.#client.on('disconnect', (packet) => {
        const reasonCode = packet.reasonCode ?? 0;
        const reason = packet.properties?.reasonString ?? reasonTexts[reasonCode] ?? `code ${reasonCode}`;
        this.#lose(
          reasonError(reasonCode, { ...this.#errorParams(), reason }) ?? mqttError('mqtt.lost', { reason: reason }),
        );
      });
      this.#client.once('close', () =>
        reject(
          abort?.aborted
            ? abort.reason
            : (this.error ?? mqttError('mqtt.unreachable', { url: this.#options.url, detail: 'connection closed' })),
        ),
      );
    });
  }

  #errorParams() {
    return { url: this.#options.url, clientId: this.clientId, version: this.#options.version };
  }

  #errorOf(error: Error & { code?: unknown }): CodedError {
    const url = this.#options.url;
    const cause = { cause: error };
    if (typeof error.code === 'number') {
      const params = { ...this.#errorParams(), reason: error.message };
      return (
        reasonError(error.code, params) ??
        mqttError('mqtt.refused', { reason: error.message, reasonCode: error.code }, cause)
      );
    }
    if (error.message === 'connack timeout')
      return mqttError('mqtt.timeout', { url, ms: this.#options.connectTimeoutMs ?? 10_000 }, cause);
    if (error.message === 'Keepalive timeout')
      return mqttError('mqtt.silent', { seconds: this.#options.keepAliveS * 1.5 }, cause);
    const detail = error.message || String(error.code ?? error.name);
    const code = typeof error.code === 'string' ? error.code : '';
    if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|EPROTO)|TLS|certificate/.test(`${code} ${detail}`))
      return mqttError('mqtt.tls', { url, detail }, cause);
    return mqttError('mqtt.unreachable', { url, detail }, cause);
  }

  #lose(why: CodedError | string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPinging();
    this.error = typeof why === 'string' ? (this.error ?? mqttError('mqtt.lost', { reason: why })) : why;
    this.#client.end(true);
    this.onLost(this.error);
  }

  /**
   * mqtt.js sends PUBACK as soon as a handler returns, and stops reading the socket until it does; so the
   * acknowledgement is taken out of its hands, and reading goes on. Both hooks are held by tests against a broker.
   */
  #intercept(): void {
    const internals = this.#internals;
    internals._sendPacket = (packet, done) => {
      if (packet.cmd === 'puback') done?.();
      else this.#send(packet, done);
    };
    internals.handleMessage = (packet, done) => {
      this.#aliveAt = performance.now();
      if (!this.#closed) {
        this.#onMessage({
          topic: packet.topic,
          payload: packet.payload as Buffer,
          qos: packet.qos,
          retain: packet.retain,
          duplicate: packet.dup,
          messageId: packet.messageId ?? 0,
        });
      }
      if (this.#paused) this.#held = done;
      else done();
    };
    const timeout = internals.onKeepaliveTimeout.bind(this.#client);
    internals.onKeepaliveTimeout = () => {
      // While paused the broker's answers wait unread behind the held message, so silence proves nothing.
      const silentMs = performance.now() - this.#aliveAt;
      if (!this.#paused && silentMs >= this.#options.keepAliveS * 1_000) timeout();
    };
  }

  /** Subscribes; rejects when the broker refuses one of the filters. */
  async subscribe(filters: readonly string[], qos: 0 | 1): Promise<void> {
    for (let from = 0; from < filters.length; from += 500) {
      const chunk = filters.slice(from, from + 500);
      const granted = await this.#subscribeChunk(chunk, qos);
      for (const [i, grant] of granted.entries()) {
        if (grant.qos >= 128) {
          const reason = reasonTexts[grant.qos] ?? `code ${grant.qos}`;
          throw mqttError('mqtt.subscribeRefused', { filter: chunk[i] ?? grant.topic, reason });
        }
      }
    }
  }

  #subscribeChunk(filters: string[], qos: 0 | 1): Promise<{ topic: string; qos: number }[]> {
    return new Promise((resolve, reject) => {
      this.#client.subscribe(filters, { qos }, (error, _granted, packet) => {
        if (packet?.granted)
          resolve(
            packet.granted.map((code, i) => ({ topic: filters[i]!, qos: typeof code === 'number' ? code : 128 })),
          );
        else if (error)
          reject(this.error ?? mqttError('mqtt.subscribeRefused', { filter: filters[0]!, reason: error.message }));
        else resolve([]);
      });
    });
  }

  /** Resolves when the broker has acknowledged (QoS 1) or the packet is on its way (QoS 0). */
  publish(topic: string, payload: Buffer, options: { qos: 0 | 1; retain: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.publish(topic, payload, options, (error) => {
        if (error) reject(this.error ?? mqttError('mqtt.publishFailed', { topic, reason: error.message }));
        else resolve();
      });
    });
  }

  /** Acknowledges a QoS 1 message. Nothing happens when the session is over: the broker will deliver it again. */
  ack(messageId: number): void {
    if (messageId !== 0 && !this.#closed) this.#send({ cmd: 'puback', messageId, reasonCode: 0 });
  }

  /** Stops reading the socket: TCP then holds the broker back. Our own keep-alive goes on. */
  pause(): void {
    if (this.#paused || this.#closed) return;
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#aliveAt = performance.now();
    const held = this.#held;
    this.#held = null;
    held?.();
  }

  #ping(): void {
    if (this.#client.connected) this.#internals.sendPing();
  }

  #stopPinging(): void {
    if (this.#pinger) clearInterval(this.#pinger);
    this.#pinger = null;
  }

  /** Leaves with a DISCONNECT (so the broker drops the will), or without one when `abrupt`. */
  async close(options: { abrupt?: boolean; withWill?: boolean } = {}): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPinging();
    this.#held?.();
    if (options.abrupt || !this.#client.connected) {
      this.#client.end(true);
      return;
    }
    // MQTT 5 §3.14.2.1: 0x04 is "disconnect with will message"
    const reason = options.withWill && this.#options.version === 5 ? { reasonCode: 4 } : {};
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#client.end(true);
        resolve();
      }, 1000);
      this.#client.end(false, reason, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function clientOptions(options: SessionOptions): IClientOptions {
  const tls = loadTls(options.tls);
  const made: IClientOptions = {
    protocolVersion: options.version,
    protocolId: 'MQTT',
    clientId: options.clientId,
    clean: options.clean,
    keepalive: options.keepAliveS,
    reconnectPeriod: 0,
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    resubscribe: false,
    queueQoSZero: false,
    rejectUnauthorized: true,
    ...tls,
  };
  if (tls.servername) made.wsOptions = { servername: tls.servername } as NonNullable<IClientOptions['wsOptions']>;
  if (options.username !== undefined) made.username = options.username;
  if (options.password !== undefined) made.password = options.password;
  if (options.will) made.will = options.will;
  if (options.version === 5) {
    made.properties = {
      sessionExpiryInterval: options.sessionExpiryS ?? 0,
      ...(options.receiveMaximum ? { receiveMaximum: options.receiveMaximum } : {}),
    };
  }
  return made;
}
