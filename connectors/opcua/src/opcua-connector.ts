import type {
  BoundSignal,
  Connector,
  ConnectorContext,
  ProbeReport,
  Reading,
} from '@deungdae/connector-kit/connector.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import type { NotificationMessage } from 'node-opcua-client';
import type { OpcUaAddress, OpcUaConfig } from './config.ts';
import { opcuaError } from './errors.ts';
import { Intake } from './intake.ts';
import { buildItems, type Item } from './item-table.ts';
import { probeServer } from './probe.ts';
import { PublishPump } from './publish-pump.ts';
import { deleteSubscriptions, type RawSession } from './raw-session.ts';
import { type OpenSession, openSession, short } from './session.ts';
import { Subscriber } from './subscriber.ts';

export interface OpcUaOptions {
  config: OpcUaConfig;
  signals: readonly BoundSignal<OpcUaAddress>[];
  context: ConnectorContext;
}

/**
 * One server. Connects, subscribes every signal, and hands out what the server publishes; everything that lasts longer
 * than a session (retry, back-off, gaps, health) is the kit's.
 */
export class OpcUaConnector implements Connector {
  readonly #config: OpcUaConfig;
  readonly #signals: readonly BoundSignal<OpcUaAddress>[];
  readonly #context: ConnectorContext;
  readonly #items: Item[];
  readonly #intake: Intake;
  #open: OpenSession | null = null;
  #pump: PublishPump | null = null;
  #subscriber: Subscriber | null = null;
  #failure: CodedError | null = null;
  #wake: () => void = () => {};

  constructor(options: OpcUaOptions) {
    this.#config = options.config;
    this.#signals = options.signals;
    this.#context = options.context;
    this.#items = buildItems(options.signals, options.config);
    this.#intake = new Intake(this.#items, options.context, options.config.bufferSamples);
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    this.#failure = null;
    const open = await openSession(this.#config, this.#context, abort);
    this.#open = open;
    open.onLost((detail) => this.#fail(opcuaError('opcua.connectionLost', { detail })));
    const onAbort = () => void open.close();
    abort.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#subscribe(open.session as RawSession);
      abort.throwIfAborted();
      if (this.#failure) throw this.#failure;
    } catch (error) {
      await this.close();
      throw abort.aborted ? abort.reason : error;
    } finally {
      abort.removeEventListener('abort', onAbort);
    }
  }

  async #subscribe(session: RawSession): Promise<void> {
    // Silence is measured in real time, as the server's keep-alive is; the kit's clock may be a simulated one.
    const pump = new PublishPump(session, systemClock, {
      message: (message, subscription) => this.#onMessage(session, message, subscription.id),
      lostMessages: (subscription, count, status) => this.#subscriber?.recoverFrom(subscription.id, count, status),
      failed: (error) => this.#fail(error),
    });
    this.#pump = pump;
    this.#intake.begin((held) => pump.hold(held));
    const subscriber = new Subscriber(session, pump, this.#intake, this.#items, this.#config, this.#context);
    this.#subscriber = subscriber;
    await subscriber.start();
  }

  #onMessage(session: RawSession, message: NotificationMessage, subscription: number): void | Promise<void> {
    const work = this.#intake.take(session, message, subscription);
    if (work) return work.then(() => this.#wake());
    this.#wake();
  }

  async read(abort: AbortSignal): Promise<Reading> {
    for (;;) {
      abort.throwIfAborted();
      if (this.#intake.length > 0) {
        const pump = this.#pump;
        const { batch, messages } = this.#intake.give();
        const ack = () => {
          for (const m of messages) pump?.acknowledge(m.subscription, m.sequence);
        };
        return { batch, ack };
      }
      if (this.#failure) throw this.#failure;
      if (!this.#open) throw opcuaError('opcua.connectionLost', { detail: 'not connected' });
      await this.#woken(abort);
    }
  }

  /** Until there is something to read, the session has failed, or `abort` fires; leaves no listener on the kit's signal. */
  #woken(abort: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        abort.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      abort.addEventListener('abort', wake, { once: true });
    });
  }

  probe(abort: AbortSignal): Promise<ProbeReport> {
    return probeServer(this.#config, this.#signals, this.#context, abort);
  }

  async close(): Promise<void> {
    const [open, pump, subscriber] = [this.#open, this.#pump, this.#subscriber];
    this.#open = null;
    this.#pump = null;
    this.#subscriber = null;
    subscriber?.stop();
    pump?.stop();
    this.#intake.end();
    if (open) {
      const ids = pump?.subscriptions.map((s) => s.id) ?? [];
      const dead = this.#failure !== null;
      if (!dead && ids.length > 0) await politely(deleteSubscriptions(open.session as RawSession, ids));
      await open.close(dead);
    }
    this.#failure ??= opcuaError('opcua.connectionLost', { detail: 'closed' });
    this.#wake();
  }

  #fail(error: CodedError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#context.log.debug({ code: error.code, detail: short(error) }, 'session ended');
    this.#wake();
  }
}

/** A goodbye may fail or hang; neither may keep the connection from closing. */
async function politely(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
