import type {
  BoundSignal,
  Connector,
  ConnectorContext,
  ProbeReport,
  Reading,
} from '@deungdae/connector-kit/connector.ts';
import { BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import { toCoded } from '@deungdae/kernel/errors.ts';
import { getDocument, type HttpBody, type HttpOptions, openGet, requestUrl, restOf } from './agent-http.ts';
import type { MtconnectAddress, MtconnectConfig } from './config.ts';
import { type Cursor, CursorStore } from './cursor.ts';
import { type Device, type DeviceModel, devicesOf, ItemIndex, shapeOf } from './device-model.ts';
import { mtconnectError } from './errors.ts';
import { MergedSet } from './merged-set.ts';
import { MultipartParser } from './multipart.ts';
import { isSet } from './observation.ts';
import { addObservation, type ItemTarget, isState } from './stream-samples.ts';
import { errorOf, parseStreams, type StreamObservation, type StreamsDocument } from './streams.ts';
import { maxDocument, parseXml } from './xml.ts';

/** Answer of `current` that is still to be told. */
interface Snapshot {
  document: StreamsDocument;
  /** Not the first of this connection: states are also repeated at `atUs`, when it was received. */
  again: boolean;
  atUs: number;
  /** Data items that have changed since: what `current` said of them is old. */
  since: Set<string>;
  /** The data sets were brought to where it was taken. */
  setsTaken: boolean;
}

type Signals = readonly BoundSignal<MtconnectAddress>[];

/**
 * Cursor of an instance never read before: its oldest observation, whichever that is when the request arrives. A number
 * taken from an earlier answer would be out of range in a full and busy buffer.
 */
const fromOldest = 0;

/** Reads an agent: `current` at every connect, then the stream of `sample` from where the last acknowledged part ended. */
export class AgentConnector implements Connector {
  readonly #config: MtconnectConfig & { agent: string };
  readonly #signals: Signals;
  readonly #context: ConnectorContext;
  readonly #store: CursorStore;
  #targets = new Map<string, ItemTarget[]>();
  #acked: Cursor | null = null;
  #cursor: Cursor | null = null;
  /** Gaps to be told before anything else. */
  #first: Reading | null = null;
  /** Answer of `current`, told when the backlog before it is read: what happened comes in its order. */
  #current: Snapshot | null = null;
  #body: HttpBody | null = null;
  #parts: MultipartParser | null = null;
  #missing = new Set<string>();
  /** Native codes active per data item, to clear what ended while nobody looked. */
  readonly #active = new Map<string, Set<string>>();

  constructor(config: MtconnectConfig & { agent: string }, signals: Signals, context: ConnectorContext) {
    this.#config = config;
    this.#signals = signals;
    this.#context = context;
    this.#store = new CursorStore(context.stateDir);
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    const model = await fetchModel(this.#config, this.#options(abort));
    this.#bind(model);
    this.#acked ??= await this.#store.load();
    const current = await this.#streams('current', {}, abort);
    const known = this.#acked;
    const { instanceId, firstSequence, nextSequence } = current.header;
    const batch = new BatchBuilder();
    if (known && known.instanceId !== instanceId) {
      this.#context.notice({ code: 'mtconnect.restarted', params: { from: known.instanceId, to: instanceId } });
      this.#gap(batch, known.lastTimeUs + 1);
    }
    let next = fromOldest;
    if (known && known.instanceId === instanceId && known.next <= nextSequence) {
      next = known.next;
      if (next !== fromOldest && next < firstSequence) {
        this.#overrun(batch, known, firstSequence - next);
        next = nextSequence;
      }
    }
    await this.#setsBefore(next, current, abort);
    this.#cursor = { instanceId, next, lastTimeUs: known?.lastTimeUs ?? 0 };
    this.#first = batch.length > 0 ? { batch: batch.take() } : null;
    this.#current = this.#snapshotOf(current, known !== null);
  }

  async read(abort: AbortSignal): Promise<Reading> {
    const first = this.#first;
    if (first) {
      this.#first = null;
      return first;
    }
    try {
      for (;;) {
        const pending = this.#current;
        if (pending && this.#cursor!.next >= pending.document.header.nextSequence) {
          this.#current = null;
          return this.#snapshot(new BatchBuilder(), pending);
        }
        const part = await this.#part(abort);
        const document = parseStreams(part);
        if (document.kind === 'error') {
          if (document.code === 'OUT_OF_RANGE') return await this.#recover(abort);
          throw mtconnectError('mtconnect.agentError', { code: document.code, text: document.text });
        }
        const reading = this.#toReading(document);
        if (reading) return reading;
      }
    } catch (error) {
      if (abort.aborted) throw error;
      throw toCoded(error, 'mtconnect.unreachable', { address: this.#config.agent });
    }
  }

  async probe(abort: AbortSignal): Promise<ProbeReport> {
    const started = this.#context.clock.monotonicMs();
    const model = await fetchModel(this.#config, this.#options(abort));
    const roundTripMs = this.#context.clock.monotonicMs() - started;
    const document = await fetchStreams(this.#config, 'current', {}, this.#options(abort));
    const values = new Map(document.observations.map((o) => [o.dataItemId, o]));
    const index = new ItemIndex(model.devices);
    const device = model.devices.map((d) => [d.name, d.manufacturer, d.model].filter(Boolean).join(' ')).join(', ');
    return {
      device: `MTConnect ${model.version}: ${device}`.slice(0, 300),
      roundTripMs,
      signals: this.#signals.map(({ path, address }) => {
        const item = index.find(keyOf(address));
        if (!item) return { path, error: { code: 'mtconnect.noDataItem', params: { dataItem: keyOf(address) } } };
        const o = values.get(item.id);
        return { path, ...(o ? { value: (o.category === 'CONDITION' ? `${o.name} ${o.text}` : o.text).trim() } : {}) };
      }),
    };
  }

  async close(): Promise<void> {
    this.#body?.close();
    this.#body = null;
    this.#parts = null;
    this.#first = null;
    this.#current = null;
  }

  #options(abort: AbortSignal): HttpOptions {
    return { clock: this.#context.clock, silenceMs: this.#config.heartbeatMs * 2, abort };
  }

  #streams(verb: string, query: Record<string, number>, abort: AbortSignal): Promise<StreamsDocument> {
    return fetchStreams(this.#config, verb, query, this.#options(abort));
  }

  #bind(model: DeviceModel): void {
    const index = new ItemIndex(model.devices);
    this.#targets = new Map();
    for (const { id, kind, address } of this.#signals) {
      const item = index.find(keyOf(address));
      if (!item) {
        const dataItem = keyOf(address);
        if (!this.#missing.has(dataItem)) this.#context.notice({ code: 'mtconnect.noDataItem', params: { dataItem } });
        this.#missing.add(dataItem);
        continue;
      }
      const list = this.#targets.get(item.id) ?? [];
      const shape = shapeOf(item);
      list.push({ signal: id, kind, shape, item, set: isSet(shape) ? this.#newSet(item.id) : null });
      this.#targets.set(item.id, list);
    }
  }

  #newSet(dataItem: string): MergedSet {
    return new MergedSet(false, () => this.#context.notice({ code: 'mtconnect.setTooLarge', params: { dataItem } }));
  }

  /**
   * Brings the data sets to where reading begins, for the backlog tells only what changed from there. Where that cannot
   * be known they are incomplete until `current` is told: at the first contact with a buffer that has overrun, and when
   * the agent does not answer for that moment.
   */
  async #setsBefore(next: number, current: StreamsDocument, abort: AbortSignal): Promise<void> {
    const sets = [...this.#targets.values()].flat().flatMap((t) => t.set ?? []);
    const { firstSequence, nextSequence } = current.header;
    if (sets.length === 0 || next >= nextSequence) return;
    if (next === fromOldest) {
      if (firstSequence === 1) for (const set of sets) set.empty();
      return;
    }
    try {
      this.#takeSets(await this.#streams('current', { at: Math.max(next - 1, firstSequence) }, abort));
    } catch (error) {
      const { code } = toCoded(error, 'mtconnect.unreachable');
      if (code !== 'mtconnect.agentError' && code !== 'mtconnect.http') throw error;
    }
  }

  /** The data sets as an answer of `current` says they are. */
  #takeSets({ observations }: StreamsDocument): void {
    for (const o of observations)
      for (const t of this.#targets.get(o.dataItemId) ?? []) t.set?.replace(o.entries ?? {});
  }

  #snapshotOf(document: StreamsDocument, again: boolean): Snapshot {
    return { document, again, atUs: this.#context.clock.nowUs(), since: new Set(), setsTaken: false };
  }

  /**
   * What `current` said, each at its own time. After an interruption (`again`) states are also repeated at the present
   * moment: a value that has not changed is known again, although no new observation will tell.
   */
  #snapshot(batch: BatchBuilder, { document, again, atUs, since, setsTaken }: Snapshot): Reading {
    if (!setsTaken) this.#takeSets(document);
    const active = new Map<string, Set<string>>();
    for (const o of document.observations) {
      if (since.has(o.dataItemId)) continue;
      if (o.category === 'CONDITION' && (o.name === 'Fault' || o.name === 'Warning')) {
        const codes = active.get(o.dataItemId) ?? new Set();
        active.set(o.dataItemId, codes.add(o.attributes.nativeCode ?? ''));
      }
      for (const t of this.#targets.get(o.dataItemId) ?? []) {
        addObservation(batch, t, o);
        if (again && isState(t) && o.text !== 'UNAVAILABLE' && o.name !== 'Unavailable')
          addObservation(batch, t, o, atUs);
      }
    }
    this.#clearEnded(batch, active, atUs, since);
    return { batch: batch.take(), ack: this.#ackOf(this.#cursor!) };
  }

  #clearEnded(batch: BatchBuilder, active: Map<string, Set<string>>, atUs: number, since: ReadonlySet<string>): void {
    for (const dataItemId of since) active.set(dataItemId, this.#active.get(dataItemId) ?? new Set());
    for (const [dataItemId, codes] of this.#active)
      for (const code of codes)
        if (!active.get(dataItemId)?.has(code))
          for (const t of this.#targets.get(dataItemId) ?? []) batch.addText(t.signal, atUs, `NORMAL|${code}|||`);
    this.#active.clear();
    for (const [dataItemId, codes] of active) this.#active.set(dataItemId, codes);
  }

  #overrun(batch: BatchBuilder, cursor: Cursor, lost: number): void {
    this.#context.notice({ code: 'mtconnect.overrun', params: { lost } });
    this.#gap(batch, cursor.lastTimeUs + 1);
  }

  #gap(batch: BatchBuilder, timeUs: number): void {
    for (const list of this.#targets.values())
      for (const t of list) batch.addNumber(t.signal, timeUs, Number.NaN, Quality.gap);
  }

  /** The cursor fell out of the buffer while the link was up: the present values, and a gap before them. */
  async #recover(abort: AbortSignal): Promise<Reading> {
    this.#body?.close();
    this.#body = null;
    const current = await this.#streams('current', {}, abort);
    const batch = new BatchBuilder();
    this.#overrun(batch, this.#cursor!, Math.max(0, current.header.firstSequence - this.#cursor!.next));
    this.#cursor = { ...this.#cursor!, next: current.header.nextSequence, instanceId: current.header.instanceId };
    return this.#snapshot(batch, this.#snapshotOf(current, true));
  }

  /** The next document of the stream; opens the stream when there is none. */
  async #part(abort: AbortSignal): Promise<string> {
    const options = this.#options(abort);
    if (!this.#body) {
      const { agent, device, intervalMs, heartbeatMs, count } = this.#config;
      const from = this.#cursor!.next;
      const query = { ...(from === fromOldest ? {} : { from }), count, interval: intervalMs, heartbeat: heartbeatMs };
      this.#body = await openGet(requestUrl(agent, device, 'sample', query), options);
      const boundary = /boundary="?([^";]+)"?/i.exec(this.#body.contentType)?.[1];
      if (!boundary) {
        const body = this.#body;
        this.#body = null;
        try {
          return await restOf(body, options);
        } finally {
          body.close();
        }
      }
      this.#parts = new MultipartParser(boundary, maxDocument);
    }
    for (;;) {
      const part = this.#parts!.next();
      if (part) return part.toString('utf8');
      const chunk = this.#parts!.ended ? null : await this.#body.chunk(options);
      if (!chunk) throw mtconnectError('mtconnect.closed', { address: this.#config.agent });
      this.#parts!.push(chunk);
    }
  }

  /** Null for a heartbeat. */
  #toReading(document: StreamsDocument): Reading | null {
    const cursor = this.#cursor!;
    const { instanceId, nextSequence } = document.header;
    if (instanceId !== cursor.instanceId)
      throw mtconnectError('mtconnect.restarted', { from: cursor.instanceId, to: instanceId });
    if (document.observations.length === 0 && nextSequence === cursor.next) return null;
    const batch = new BatchBuilder(Math.max(16, document.observations.length));
    let { lastTimeUs } = cursor;
    for (const o of document.observations) {
      if (o.timeUs > lastTimeUs) lastTimeUs = o.timeUs;
      if (o.category === 'CONDITION') this.#remember(o);
      const current = this.#current;
      if (current && o.sequence >= current.document.header.nextSequence) {
        if (!current.setsTaken) this.#takeSets(current.document);
        current.setsTaken = true;
        current.since.add(o.dataItemId);
      }
      for (const t of this.#targets.get(o.dataItemId) ?? []) addObservation(batch, t, o);
    }
    this.#cursor = { instanceId, next: nextSequence, lastTimeUs };
    return { batch: batch.take(), ack: this.#ackOf(this.#cursor) };
  }

  #remember(o: StreamObservation): void {
    const code = o.attributes.nativeCode ?? '';
    const codes = this.#active.get(o.dataItemId) ?? new Set();
    if (o.name === 'Fault' || o.name === 'Warning') this.#active.set(o.dataItemId, codes.add(code));
    else if (o.name === 'Normal' && code !== '') codes.delete(code);
    else codes.clear();
  }

  #ackOf(cursor: Cursor): () => Promise<void> {
    return async () => {
      this.#acked = cursor;
      await this.#store.save(cursor);
    };
  }
}

const keyOf = (address: MtconnectAddress): string =>
  address.device === undefined ? address.dataItem : `${address.device}:${address.dataItem}`;

/** The device model of the agent, or of its one device. */
export async function fetchModel(
  config: MtconnectConfig & { agent: string },
  options: HttpOptions,
): Promise<DeviceModel> {
  const root = parseXml(await getDocument(requestUrl(config.agent, config.device, 'probe'), options));
  if (root.name === 'MTConnectError') {
    const { code, text } = errorOf(root);
    if (code === 'NO_DEVICE') {
      const all = devicesOf(parseXml(await getDocument(requestUrl(config.agent, undefined, 'probe'), options)));
      const devices = all.devices.map((d: Device) => d.name).join(', ');
      throw mtconnectError('mtconnect.noDevice', { device: config.device ?? '', devices });
    }
    throw mtconnectError('mtconnect.agentError', { code, text });
  }
  return devicesOf(root);
}

export async function fetchStreams(
  config: MtconnectConfig & { agent: string },
  verb: string,
  query: Record<string, number>,
  options: HttpOptions,
): Promise<StreamsDocument> {
  const document = parseStreams(await getDocument(requestUrl(config.agent, config.device, verb, query), options));
  if (document.kind === 'error')
    throw mtconnectError('mtconnect.agentError', { code: document.code, text: document.text });
  return document;
}
