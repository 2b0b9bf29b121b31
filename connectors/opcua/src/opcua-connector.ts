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
import type { LiveSession } from './live-session.ts';
import { probeServer } from './probe.ts';
import { PublishPump } from './publish-pump.ts';
import { deleteSubscriptions, type RawSession } from './raw-session.ts';
import { Outage, resumeSession } from './resume.ts';
import { openSession, short } from './session.ts';
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
  #open: LiveSession | null = null;
  #pump: PublishPump | null = null;
  #subscriber: Subscriber | null = null;
  #failure: CodedError | null = null;
  /** Of the failure; null while there is none. */
  #outage: Outage | null = null;
  /** Resumptions since the last samples: a session that only dies again is not gone on with for ever. */
  #resumed = 0;
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
    this.#outage = null;
    this.#resumed = 0;
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
        this.#resumed = 0;
        const { batch, messages } = this.#intake.give();
        const ack = () => {
          for (const m of messages) pump?.acknowledge(m.subscription, m.sequence);
        };
        return { batch, ack };
      }
      if (this.#failure && !(await this.#resume(abort))) {
        if (this.#intake.length > 0) continue;
        throw this.#failure;
      }
      if (!this.#open) throw opcuaError('opcua.connectionLost', { detail: 'not connected' });
      await this.#woken(abort);
    }
  }

  /**
   * After a broken link the session is gone on with, where the server still has it. When it cannot be, and time was
   * spent on trying, the signals get their gap from the moment of the loss: the kit's own begins only now.
   */
  async #resume(abort: AbortSignal): Promise<boolean> {
    const [open, pump, outage] = [this.#open, this.#pump, this.#outage];
    this.#outage = null;
    if (!open || !pump || !outage?.mayPass || !pump.resumable || this.#resumed >= maxResumed) return false;
    this.#resumed++;
    const done = await resumeSession(open, this.#config, abort);
    if (this.#open !== open) return false;
    const awayMs = outage.lastedMs();
    if (!done) {
      if (awayMs > lateGapMs) this.#intake.markLost(outage.sinceUs);
      return false;
    }
    this.#failure = null;
    this.#intake.wasAway();
    pump.resume();
    this.#context.notice({ code: 'opcua.resumed', params: { awayMs } });
    return true;
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
    this.#pump?.stop();
    this.#outage = new Outage(error, this.#context.clock);
    this.#context.log.debug({ code: error.code, detail: short(error) }, 'session ended');
    this.#wake();
  }
}

/** Resumptions in a row without any sample. */
const maxResumed = 3;
/** A gap that begins this much late needs no correction, ms. */
const lateGapMs = 500;

/** A goodbye may fail or hang; neither may keep the connection from closing. */
async function politely(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}
