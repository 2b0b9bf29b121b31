import type { Clock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import {
  type NotificationMessage,
  PublishRequest,
  type PublishResponse,
  StatusChangeNotification,
} from 'node-opcua-client';
import { opcuaError } from './errors.ts';
import { type RawSession, republish } from './raw-session.ts';
import { messagesMissing, nextSequence, sequenceRange } from './sequence.ts';
import { serviceStatus } from './session.ts';

/** What of a subscription must be known to go on with it. */
export interface SubscriptionState {
  readonly id: number;
  /** Sequence number that the next message must carry. */
  expected: number;
  /** The server sends at least one message in this time, ms. */
  readonly keepAliveMs: number;
  /** When its last message came, monotonic ms. */
  heardAt: number;
}

export interface PumpEvents {
  /** One notification message in order. A promise holds back the next ones until it settles. */
  message(message: NotificationMessage, subscription: SubscriptionState): void | Promise<void>;
  /** Messages are gone for good; the time between is a gap. */
  lostMessages(subscription: SubscriptionState, count: number, status: string): void | Promise<void>;
  failed(error: CodedError): void;
}

/** More missing messages than this are not asked for one by one. */
const maxRepublish = 1000;
/** Silent for this many keep-alive intervals, a server is lost. */
const silenceFactor = 2.5;
const publishTimeoutMs = 600_000;

/**
 * Keeps publish requests waiting at the server, takes the messages in order, asks again for missing ones, and watches
 * for silence. It never polls values: what cannot be had again is reported as lost. `hold` stops sending requests, so
 * that the queues of the server fill instead of ours; meanwhile a harmless call keeps the subscription alive.
 */
export class PublishPump {
  readonly #session: RawSession;
  readonly #clock: Clock;
  readonly #events: PumpEvents;
  readonly #subscriptions = new Map<number, SubscriptionState>();
  readonly #inbox: PublishResponse[] = [];
  #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  #inFlight = 0;
  #maxInFlight = 2;
  #draining = false;
  #held = false;
  #stopped = false;
  /** Stopped in the middle of messages: what came through of them is not known. */
  #torn = false;
  /** Grows with each channel; answers that belong to an earlier one are left alone. */
  #channel = 0;
  #cancelWatch: () => void = () => {};

  constructor(session: RawSession, clock: Clock, events: PumpEvents) {
    this.#session = session;
    this.#clock = clock;
    this.#events = events;
  }

  get subscriptions(): readonly SubscriptionState[] {
    return [...this.#subscriptions.values()];
  }

  add(id: number, keepAliveMs: number, expected = 1): void {
    this.#subscriptions.set(id, { id, expected, keepAliveMs, heardAt: this.#clock.monotonicMs() });
    this.#maxInFlight = this.#subscriptions.size + 2;
  }

  start(): void {
    this.#fill();
    this.#watch();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#torn = this.#draining;
    this.#cancelWatch();
    this.#inbox.length = 0;
  }

  /** Whether all messages that came were taken whole, so that the next expected number of each subscription holds. */
  get resumable(): boolean {
    return !this.#torn && !this.#draining && this.#subscriptions.size > 0;
  }

  /**
   * Goes on after `stop`, when the session has a new channel. What was sent into the old one is missing in the numbers
   * and is asked for again; acknowledgements that were lost with it only keep the server's copies a while longer.
   */
  resume(): void {
    const now = this.#clock.monotonicMs();
    for (const s of this.#subscriptions.values()) s.heardAt = now;
    this.#channel++;
    this.#inFlight = 0;
    this.#stopped = false;
    this.start();
  }

  hold(held: boolean): void {
    if (this.#held === held || this.#stopped) return;
    this.#held = held;
    const now = this.#clock.monotonicMs();
    if (!held) for (const s of this.#subscriptions.values()) s.heardAt = now;
    this.#fill();
  }

  /** The message is safe here; the server may forget it. Sent with the next publish request. */
  acknowledge(subscriptionId: number, sequenceNumber: number): void {
    if (this.#acknowledgements.length < 10_000) this.#acknowledgements.push({ subscriptionId, sequenceNumber });
  }

  #fill(): void {
    while (!this.#stopped && !this.#held && this.#subscriptions.size > 0 && this.#inFlight < this.#maxInFlight)
      this.#send();
  }

  #send(): void {
    this.#inFlight++;
    const subscriptionAcknowledgements = this.#acknowledgements;
    this.#acknowledgements = [];
    const request = new PublishRequest({
      requestHeader: { timeoutHint: publishTimeoutMs },
      subscriptionAcknowledgements,
    });
    const channel = this.#channel;
    this.#session.publish(request, (error, response) => {
      if (channel !== this.#channel) return;
      this.#inFlight--;
      if (this.#stopped) return;
      if (error || !response) this.#onFault(serviceStatus(error));
      else {
        const subscription = this.#subscriptions.get(response.subscriptionId);
        if (subscription) subscription.heardAt = this.#clock.monotonicMs();
        this.#inbox.push(response);
        if (!this.#draining) void this.#drain();
      }
    });
  }

  #onFault(status: string): void {
    if (/BadTooManyPublishRequests/.test(status)) this.#maxInFlight = Math.max(1, this.#inFlight);
    else if (/BadTimeout/.test(status)) this.#fill();
    else if (/BadNoSubscription/.test(status)) this.#fail(opcuaError('opcua.subscriptionLost', { status }));
    else this.#fail(opcuaError('opcua.connectionLost', { detail: status }));
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    try {
      for (let response = this.#inbox.shift(); response; response = this.#inbox.shift()) {
        const work = this.#take(response);
        if (work) await work;
        // Asking for the next only after this one was taken lets `hold` bite at once.
        this.#fill();
      }
    } catch (error) {
      this.#fail(opcuaError('opcua.service', { service: 'Publish', status: serviceStatus(error) }, { cause: error }));
    } finally {
      this.#draining = false;
    }
  }

  #take(response: PublishResponse): void | Promise<void> {
    const subscription = this.#subscriptions.get(response.subscriptionId);
    if (!subscription) return;
    const message = response.notificationMessage;
    const missing = messagesMissing(subscription.expected, message.sequenceNumber);
    if (missing < 0) return;
    if (missing > 0) return this.#recover(subscription, missing).then(() => this.#deliver(subscription, message));
    return this.#deliver(subscription, message);
  }

  #deliver(subscription: SubscriptionState, message: NotificationMessage): void | Promise<void> {
    const data = message.notificationData ?? [];
    if (data.length === 0) return;
    subscription.expected = nextSequence(message.sequenceNumber);
    const ended = data.find((d) => d instanceof StatusChangeNotification) as StatusChangeNotification | undefined;
    if (ended && ended.status.value !== 0)
      this.#fail(opcuaError('opcua.subscriptionLost', { status: ended.status.name }));
    return this.#events.message(message, subscription);
  }

  /** Part 4 §6.7: Republish in a loop from the next expected number. What the server no longer has is told as lost. */
  async #recover(subscription: SubscriptionState, missing: number): Promise<void> {
    let lost = Math.max(0, missing - maxRepublish);
    let status = lost > 0 ? 'too many' : '';
    for (const number of sequenceRange(subscription.expected, Math.min(missing, maxRepublish))) {
      if (this.#stopped) return;
      try {
        const message = await republish(this.#session, subscription.id, number);
        await this.#deliver(subscription, message);
      } catch (error) {
        status = serviceStatus(error);
        lost++;
      }
    }
    if (lost > 0) await this.#events.lostMessages(subscription, lost, status);
  }

  /** Half-open links show as silence: no message of a subscription for 2.5 keep-alive intervals. */
  #watch(): void {
    const shortest = Math.min(...[...this.#subscriptions.values()].map((s) => s.keepAliveMs), 60_000);
    this.#cancelWatch = this.#clock.after(Math.max(100, shortest / 2), () => {
      if (this.#stopped) return;
      if (this.#held) void this.#touch();
      else this.#checkSilence();
      if (!this.#stopped) this.#watch();
    });
  }

  #checkSilence(): void {
    const now = this.#clock.monotonicMs();
    for (const s of this.#subscriptions.values()) {
      // A server that holds no request of ours cannot speak: its structures are being decoded just now.
      if (this.#inFlight === 0) s.heardAt = now;
      const limitMs = Math.round(s.keepAliveMs * silenceFactor);
      const silentMs = Math.round(now - s.heardAt);
      if (silentMs > limitMs) this.#fail(opcuaError('opcua.silent', { silentMs, limitMs }));
    }
  }

  /** A call that names the subscriptions restarts their lifetime (Part 4 §5.14.1.1), and shows that the server is there. */
  async #touch(): Promise<void> {
    try {
      await this.#session.setPublishingMode(true, [...this.#subscriptions.keys()]);
    } catch (error) {
      this.#fail(opcuaError('opcua.connectionLost', { detail: serviceStatus(error) }, { cause: error }));
    }
  }

  #fail(error: CodedError): void {
    if (this.#stopped) return;
    this.stop();
    this.#events.failed(error);
  }
}
