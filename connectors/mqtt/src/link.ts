import type { BatchBuilder, SampleBatch } from '@deungdae/contracts/sample.ts';
import type { MqttConfig } from './config.ts';
import { mqttError } from './errors.ts';
import { Inbox } from './inbox.ts';
import { type Incoming, MqttSession, type SessionOptions } from './session.ts';

/** The settings that name a broker and who we are to it; Sparkplug's settings have them too. */
export type BrokerConfig = Pick<MqttConfig, 'url' | 'version' | 'username' | 'password' | 'tls' | 'keepAliveS'>;

/** Session options out of settings. */
export function brokerOptions(
  { url, version, username, password, tls, keepAliveS }: BrokerConfig,
  clientId: string,
): Omit<SessionOptions, 'clean'> {
  return { url, version, clientId, username, password, tls, keepAliveS };
}

/** What a connector of a broker holds: one session at a time, and the samples between its messages and `read`. */
export class BrokerLink {
  readonly #inbox = new Inbox();
  #session: MqttSession | null = null;

  get session(): MqttSession | null {
    return this.#session;
  }

  /** Where the samples of a message go, before `arrived`. */
  get builder(): BatchBuilder {
    return this.#inbox.builder;
  }

  /**
   * Opens a session and has `begin` subscribe. Messages come as soon as the broker has accepted it. Rejects with a coded
   * error or the abort reason; the session is then closed without a farewell, so that a will is sent.
   */
  async open(
    options: SessionOptions,
    onMessage: (message: Incoming) => void,
    begin: (session: MqttSession) => Promise<void>,
    abort: AbortSignal,
  ): Promise<void> {
    this.#inbox.restart();
    const session = await MqttSession.open(options, onMessage, abort);
    this.#session = session;
    session.onLost = (error) => this.#inbox.fail(error);
    try {
      await begin(session);
      abort.throwIfAborted();
    } catch (error) {
      await session.close({ abrupt: true });
      throw session.error ?? error;
    }
  }

  /** A message is taken; `messageId` is to be acknowledged when its samples are durable, 0 for none. */
  arrived(messageId: number): void {
    this.#inbox.arrived(messageId);
    if (this.#inbox.full) this.#session?.pause();
  }

  /** What waits, as soon as anything does; rejects when the session is lost and all before that was taken. */
  async take(abort: AbortSignal): Promise<{ batch: SampleBatch; messageIds: number[]; session: MqttSession | null }> {
    const session = this.#session;
    const { batch, messageIds } = await this.#inbox.take(abort);
    session?.resume();
    return { batch, messageIds, session };
  }

  /** Lets go of the session, which the caller closes, and ends `take`. */
  release(): MqttSession | null {
    const session = this.#session;
    this.#session = null;
    this.#inbox.fail(mqttError('mqtt.lost', { reason: 'closed' }));
    return session;
  }
}
