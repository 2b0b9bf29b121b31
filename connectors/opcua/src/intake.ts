import type { ConnectorContext } from '@deungdae/connector-kit/connector.ts';
import { BatchBuilder, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import {
  DataChangeNotification,
  type DataValue,
  type NotificationMessage,
  promoteOpaqueStructure,
  type Variant,
} from 'node-opcua-client';
import { firstHandle, type Item } from './item-table.ts';
import type { RawSession } from './raw-session.ts';
import { addValue, isOverflow, maxTextLength, type Target, timeOf, type ValueProblem } from './sample-value.ts';

/** Handle of the connector's own item on ServerStatus.State. */
export const stateHandle = 1;
/** Source times this far from our clock are told once in a while. */
const skewToleranceUs = 60e6;

interface MessageId {
  subscription: number;
  sequence: number;
}

/**
 * Turns notification messages into samples and holds them until the kit reads. When more wait than the limit, the
 * server is made to wait; messages already under way are still taken, so that the bound is the limit plus those.
 */
export class Intake {
  readonly #items: readonly Item[];
  readonly #context: ConnectorContext;
  readonly #limit: number;
  readonly #sink;
  readonly #told = new Set<string>();
  #builder = new BatchBuilder(1024);
  #messages: MessageId[] = [];
  #hold: (held: boolean) => void = () => {};
  #heldSince: number | null = null;
  /** Until this monotonic time an overflow is put down to our holding back, and marked with a gap. */
  #overflowIsOursUntil = 0;
  #beganUs = 0;
  /** Added to times that the server gives; 0 while its clock agrees with ours. */
  #offsetUs = 0;
  #residueUs = 0;
  #overflows = 0;
  #onServerState: (state: number) => void = () => {};

  constructor(items: readonly Item[], context: ConnectorContext, limit: number) {
    this.#items = items;
    this.#context = context;
    this.#limit = limit;
    this.#sink = {
      builder: this.#builder,
      problem: (target: Target, code: ValueProblem, detail: string) => this.#problem(target, code, detail),
    };
  }

  get length(): number {
    return this.#builder.length;
  }

  /** Values whose queue overflowed on the server since the start. */
  get overflows(): number {
    return this.#overflows;
  }

  begin(hold: (held: boolean) => void): void {
    this.#hold = hold;
    this.#heldSince = null;
    this.#beganUs = this.#context.clock.nowUs();
    this.#offsetUs = 0;
    this.#residueUs = 0;
    this.#told.clear();
    for (const item of this.#items) {
      item.awaitsFirst = true;
      item.subscription = 0;
    }
    this.#checkLimit();
  }

  end(): void {
    this.#hold = () => {};
    this.#messages = [];
  }

  /**
   * @param offsetUs added to all times of the server
   * @param serverNowUs what its clock shows now, with the offset: never later than a change that is still to come, or the
   *   confirmed old value would hide the new one
   * @param residueUs how far it is behind ours after the offset, at most
   */
  correctClock(offsetUs: number, serverNowUs: number, residueUs: number): void {
    this.#offsetUs = offsetUs;
    this.#residueUs = residueUs;
    this.#beganUs = serverNowUs;
  }

  onServerState(callback: (state: number) => void): void {
    this.#onServerState = callback;
  }

  give(): { batch: SampleBatch; messages: MessageId[] } {
    const batch = this.#builder.take();
    const messages = this.#messages;
    this.#messages = [];
    this.#checkLimit();
    return { batch, messages };
  }

  /** Takes one message. Returns a promise only where structures must be decoded with the server's help first. */
  take(session: RawSession, message: NotificationMessage, subscription: number): void | Promise<void> {
    const changes = (message.notificationData ?? []).filter((d) => d instanceof DataChangeNotification);
    const opaque = changes.flatMap((c) => (c.monitoredItems ?? []).filter((m) => holdsOpaque(m.value.value)));
    if (opaque.length === 0) return this.#takeChanges(changes, message, subscription);
    const values = opaque.map((m) => ({ value: m.value.value as Variant }));
    return promoteOpaqueStructure(session, values)
      .catch(() => undefined)
      .then(() => this.#takeChanges(changes, message, subscription));
  }

  #takeChanges(changes: readonly DataChangeNotification[], message: NotificationMessage, subscription: number): void {
    const receivedUs = this.#context.clock.nowUs();
    for (const change of changes) {
      const list = change.monitoredItems ?? [];
      for (let i = 0; i < list.length; i++) this.#takeValue(list[i]!.clientHandle, list[i]!.value, receivedUs);
    }
    this.#messages.push({ subscription, sequence: message.sequenceNumber });
    this.#checkLimit();
  }

  /** One value of one item; also the way in for values that were read instead of published. */
  #takeValue(handle: number, data: DataValue, receivedUs: number): void {
    const item = this.#items[handle - firstHandle];
    if (!item) {
      if (handle === stateHandle && typeof data.value?.value === 'number') this.#onServerState(data.value.value);
      return;
    }
    const time = timeOf(data, receivedUs, this.#offsetUs);
    if (isRepeat(item, data, time.timeUs)) return;
    if (time.from !== 'source') this.#tellNoSourceTime(item);
    if (Math.abs(time.timeUs - receivedUs) > skewToleranceUs && !item.awaitsFirst)
      this.#tellSkew(time.timeUs - receivedUs);
    if (isOverflow(data.statusCode)) this.#onOverflow(item);
    for (const target of item.targets) addValue(this.#sink, target, data, time.timeUs);
    if (item.awaitsFirst) this.#confirm(item, data, time.timeUs);
    if (time.timeUs > item.lastUs) item.lastUs = time.timeUs;
  }

  /**
   * The first value after a connect or a gap may be old: the server sends what it has, with the time of its last change.
   * It is stored at that time, and once more at the time of the connect (or gap): as it has not changed since its source
   * time it held then too, and this ends the gap.
   */
  #confirm(item: Item, data: DataValue, sourceUs: number): void {
    item.awaitsFirst = false;
    const heldUs = Math.max(this.#beganUs, item.lastUs + 1);
    if (sourceUs >= heldUs) return;
    for (const target of item.targets) addValue(this.#sink, target, data, heldUs);
    item.lastUs = heldUs;
  }

  /** An explicit gap after the last value of each item of a subscription; the next value ends it. */
  markGap(subscription: number): void {
    for (const item of this.#items) if (item.subscription === subscription) this.#gapFor(item);
    this.#beganUs = this.#context.clock.nowUs() - this.#residueUs;
  }

  #gapFor(item: Item): void {
    if (item.lastUs === 0) return;
    for (const target of item.targets) this.#builder.addNumber(target.signal, item.lastUs + 1, Number.NaN, Quality.gap);
    item.lastUs += 1;
    item.awaitsFirst = true;
  }

  /** The link was down: values that the server had to drop meanwhile are a gap like our own holding back. */
  wasAway(): void {
    this.#overflowIsOursUntil = this.#context.clock.monotonicMs() + 10_000;
  }

  /** Nothing is known of any signal from then on, although it is found out only now. Time in µs UTC of our clock. */
  markLost(atUs: number): void {
    for (const item of this.#items) {
      if (item.lastUs === 0) continue;
      item.lastUs = Math.max(item.lastUs + 1, atUs - this.#residueUs);
      for (const target of item.targets) this.#builder.addNumber(target.signal, item.lastUs, Number.NaN, Quality.gap);
    }
  }

  /** A node that the server does not give us: its signals are bad from now on. */
  markBad(item: Item): void {
    const now = this.#context.clock.nowUs();
    for (const target of item.targets) this.#builder.addNumber(target.signal, now, Number.NaN, Quality.bad);
  }

  /** A value that was read, in place of one whose message was lost. */
  takeRead(item: Item, data: DataValue): void {
    this.#takeValue(item.handle, data, this.#context.clock.nowUs());
  }

  #checkLimit(): void {
    const waiting = this.#builder.length;
    const now = this.#context.clock.monotonicMs();
    if (this.#heldSince === null && waiting >= this.#limit) {
      this.#heldSince = now;
      this.#hold(true);
    } else if (this.#heldSince !== null && waiting < this.#limit / 2) {
      const heldMs = Math.round(now - this.#heldSince);
      this.#heldSince = null;
      this.#overflowIsOursUntil = now + 10_000;
      this.#hold(false);
      if (heldMs >= 1000) this.#context.notice({ code: 'opcua.heldBack', params: { heldMs } });
    }
  }

  #onOverflow(item: Item): void {
    this.#overflows++;
    const ours = this.#context.clock.monotonicMs() < this.#overflowIsOursUntil;
    if (ours) this.#gapFor(item);
    if (this.#overflows === 1 || this.#overflows % 10_000 === 0 || ours) {
      const params = { signal: item.targets[0]?.path ?? '', count: this.#overflows };
      this.#context.notice({ code: 'opcua.queueOverflow', params });
    }
  }

  #problem(target: Target, code: ValueProblem, detail: string): void {
    if (!this.#once(`${code} ${target.path}`)) return;
    const params: Record<string, string | number> = { signal: target.path };
    if (code === 'opcua.notANumber') params.value = detail;
    else if (code === 'opcua.noSuchPart') params.part = detail;
    else Object.assign(params, { length: detail, limit: maxTextLength });
    this.#context.notice({ code, params });
  }

  #tellNoSourceTime(item: Item): void {
    if (this.#once('opcua.noSourceTime'))
      this.#context.notice({ code: 'opcua.noSourceTime', params: { signal: item.targets[0]?.path ?? '' } });
  }

  #tellSkew(skewUs: number): void {
    const skewSeconds = Math.round(skewUs / 1e6);
    // One notice per step of the clock: the same minute is not told twice.
    if (this.#once(`opcua.clockSkew ${Math.round(skewSeconds / 60)}`))
      this.#context.notice({ code: 'opcua.clockSkew', params: { skewSeconds } });
  }

  /** True the first time in a session; the set is bounded by giving up beyond 1,000 entries. */
  #once(key: string): boolean {
    if (this.#told.has(key) || this.#told.size >= 1000) return false;
    this.#told.add(key);
    return true;
  }
}

/**
 * The very sample that came before: servers send the value of now again when a session moves to a new channel. While a
 * gap waits for its end, it is no repeat but the news that the value holds.
 */
function isRepeat(item: Item, data: DataValue, timeUs: number): boolean {
  const value: unknown = data.value?.value;
  const status = data.statusCode?.value ?? 0;
  const { last } = item;
  if (!item.awaitsFirst && timeUs === last.timeUs && status === last.status && Object.is(value, last.value))
    return true;
  last.timeUs = timeUs;
  last.status = status;
  last.value = value;
  return false;
}

function holdsOpaque(variant: Variant | null | undefined): boolean {
  if (variant?.dataType !== 22 /* ExtensionObject */) return false;
  const { value } = variant;
  const isOpaque = (v: unknown) => v !== null && typeof v === 'object' && v.constructor.name === 'OpaqueStructure';
  return Array.isArray(value) ? value.some(isOpaque) : isOpaque(value);
}
