import { readFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type {
  BoundSignal,
  Connector,
  ConnectorContext,
  ProbeReport,
  Reading,
} from '@deungdae/connector-kit/connector.ts';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import type { MtconnectAddress, MtconnectConfig } from './config.ts';
import { type DataItem, ItemIndex, parseDevices, shapeOf } from './device-model.ts';
import { mtconnectError } from './errors.ts';
import { MergedSet } from './merged-set.ts';
import { addCondition, addMessage, addTimeSeries, addValue, isSet, shapeOfKind, type Target } from './observation.ts';
import { ShdrParser } from './shdr.ts';

/** Samples waiting to be read above which the socket is not read any further. */
const maxWaiting = 20_000;
/** Notices about rejected lines in one session. */
const maxRejects = 20;

interface TagTarget extends Target {
  readonly tag: string;
  readonly sampleRateHz: number;
  readonly next: TagTarget | null;
}

type Signals = readonly BoundSignal<MtconnectAddress>[];

/** Reads an SHDR adapter over TCP, as an agent does: heartbeat by PING and PONG, or none for old adapters. */
export class AdapterConnector implements Connector {
  readonly #config: MtconnectConfig & { adapter: string };
  readonly #signals: Signals;
  readonly #context: ConnectorContext;
  #targets: Map<string, TagTarget> | null = null;
  #socket: Socket | null = null;
  #batch = new BatchBuilder();
  #failure: Error | null = null;
  #wake: (() => void) | null = null;
  #cancelBeat: () => void = () => {};
  /** Plans the next PING anew, when the adapter asks for a faster heartbeat. */
  #rebeat: () => void = () => {};
  /** Of this session: heartbeat agreed, ms; null for an adapter that knows none. */
  #pongMs: number | null = null;
  #lastMs = 0;
  #startedUs = 0;
  #sessions = 0;
  #rejects = 0;
  #known = new Set<string>();
  readonly #unknown = new Set<string>();

  constructor(config: MtconnectConfig & { adapter: string }, signals: Signals, context: ConnectorContext) {
    this.#config = config;
    this.#signals = signals;
    this.#context = context;
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    this.#targets ??= await this.#bind();
    // An adapter begins by saying its present state: its sets begin anew, as in an agent.
    for (const t of this.#targets.values()) t.set?.empty();
    this.#failure = null;
    this.#batch.take();
    this.#pongMs = null;
    this.#rejects = 0;
    this.#known = new Set();
    const socket = await this.#open(abort);
    this.#sessions++;
    this.#startedUs = this.#context.clock.nowUs();
    this.#attach(socket);
    try {
      await this.#until(() => this.#lastMs > 0 || this.#failure !== null, abort);
      if (this.#failure) throw this.#failure;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async read(abort: AbortSignal): Promise<Reading> {
    await this.#until(() => this.#batch.length > 0 || this.#failure !== null, abort);
    if (this.#batch.length === 0 && this.#failure) throw this.#failure;
    const batch = this.#batch.take();
    if (this.#socket?.isPaused()) {
      this.#lastMs = this.#context.clock.monotonicMs();
      this.#socket.resume();
    }
    return { batch };
  }

  async probe(abort: AbortSignal): Promise<ProbeReport> {
    const started = this.#context.clock.monotonicMs();
    const alone = new AdapterConnector(this.#config, this.#signals, { ...this.#context, notice: () => {} });
    try {
      await alone.connect(abort);
      const roundTripMs = this.#context.clock.monotonicMs() - started;
      // What an adapter sends at once on connecting is its present state.
      await this.#context.clock.sleep(200, abort);
      const found = alone.#batch.take();
      const values = new Map<number, string>();
      for (let i = 0; i < found.length; i++)
        values.set(found.signals[i]!, found.texts?.[i] ?? String(found.numbers[i]));
      const beat = alone.#pongMs === null ? 'no heartbeat' : `heartbeat ${alone.#pongMs} ms`;
      return {
        device: `SHDR adapter ${this.#config.adapter} (${beat})`,
        roundTripMs,
        signals: this.#signals.map((s) => ({
          path: s.path,
          ...(values.has(s.id) ? { value: values.get(s.id)! } : {}),
        })),
      };
    } finally {
      await alone.close();
    }
  }

  async close(): Promise<void> {
    this.#cancelBeat();
    this.#rebeat = () => {};
    this.#socket?.destroy();
    this.#socket = null;
    this.#lastMs = 0;
  }

  async #bind(): Promise<Map<string, TagTarget>> {
    const { devices, device } = this.#config;
    const model = devices ? parseDevices(await readFile(devices, 'utf8')) : null;
    const wanted = model?.devices.filter((d) => !device || d.name === device || d.uuid === device) ?? [];
    const index = new ItemIndex(wanted);
    const targets = new Map<string, TagTarget>();
    for (const { id, kind, address } of this.#signals) {
      const item: DataItem | undefined = index.find(address.dataItem);
      if (model && !item && !address.dataItem.startsWith('@'))
        this.#context.notice({ code: 'mtconnect.noDataItem', params: { dataItem: address.dataItem } });
      const keys = item ? [item.id, item.name, item.source] : [address.dataItem];
      const shape = item ? shapeOf(item) : shapeOfKind(kind);
      const set = isSet(shape) ? this.#newSet(address.dataItem) : null;
      for (const key of new Set(keys.filter((k) => k !== null)))
        targets.set(key, {
          tag: address.dataItem,
          signal: id,
          kind,
          shape,
          set,
          sampleRateHz: item?.sampleRateHz ?? 0,
          next: targets.get(key) ?? null,
        });
    }
    return targets;
  }

  #newSet(dataItem: string): MergedSet {
    return new MergedSet(true, () => this.#context.notice({ code: 'mtconnect.setTooLarge', params: { dataItem } }));
  }

  #open(abort: AbortSignal): Promise<Socket> {
    const address = this.#config.adapter;
    const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(address) ?? [];
    return new Promise((resolve, reject) => {
      if (abort.aborted) return reject(abort.reason);
      const socket = connectTcp({ host, port: Number(port) });
      const onAbort = () => {
        socket.destroy();
        reject(abort.reason);
      };
      abort.addEventListener('abort', onAbort, { once: true });
      socket.once('connect', () => {
        abort.removeEventListener('abort', onAbort);
        socket.removeAllListeners('error');
        resolve(socket);
      });
      socket.once('error', (error) => {
        abort.removeEventListener('abort', onAbort);
        reject(mtconnectError('mtconnect.adapterUnreachable', { address, detail: error.message }));
      });
    });
  }

  #attach(socket: Socket): void {
    const address = this.#config.adapter;
    const { clock } = this.#context;
    this.#socket = socket;
    socket.setKeepAlive(true, 30_000);
    socket.setNoDelay(true);
    const parser = this.#parser();
    const decoder = new StringDecoder('utf8');
    socket.on('data', (chunk) => {
      this.#lastMs = Math.max(1, clock.monotonicMs());
      parser.push(decoder.write(chunk));
      if (this.#batch.length >= maxWaiting) socket.pause();
      this.#awake();
    });
    socket.on('error', (error) =>
      this.#fail(mtconnectError('mtconnect.adapterUnreachable', { address, detail: error.message })),
    );
    socket.on('close', () => this.#fail(mtconnectError('mtconnect.closed', { address })));
    this.#heartbeat(socket);
  }

  /** PING now and at every heartbeat; twice the heartbeat without a byte is a dead link. */
  #heartbeat(socket: Socket): void {
    const { clock } = this.#context;
    const address = this.#config.adapter;
    const startMs = clock.monotonicMs();
    let legacyTold = false;
    const beat = () => {
      if (socket.destroyed) return;
      const everyMs = Math.min(this.#pongMs ?? this.#config.heartbeatMs, this.#config.heartbeatMs);
      const silentMs = clock.monotonicMs() - (this.#lastMs || startMs);
      const limitMs = everyMs * 2;
      if (silentMs > limitMs && !socket.isPaused() && (this.#pongMs !== null || this.#lastMs === 0))
        return this.#fail(mtconnectError('mtconnect.silent', { address, ms: limitMs }));
      if (this.#pongMs === null && !legacyTold && clock.monotonicMs() - startMs > limitMs && !socket.isPaused()) {
        legacyTold = true;
        this.#context.notice({ code: 'mtconnect.legacyAdapter', params: { address } });
      }
      socket.write('* PING\n');
      this.#cancelBeat = clock.after(everyMs, beat);
    };
    this.#rebeat = () => {
      this.#cancelBeat();
      this.#cancelBeat = clock.after(this.#pongMs ?? this.#config.heartbeatMs, beat);
    };
    beat();
  }

  #parser(): ShdrParser<TagTarget> {
    const targets = this.#targets!;
    const { device } = this.#config;
    const add = (item: TagTarget, timeUs: number, code: string, put: (t: TagTarget, at: number) => void) => {
      for (let t: TagTarget | null = item; t; t = t.next) {
        put(t, timeUs);
        // After an outage an unchanged value comes with its old time; it is known again from now on.
        if (this.#sessions > 1 && timeUs < this.#startedUs && !this.#known.has(`${t.signal}|${code}`))
          put(t, this.#startedUs);
        if (this.#sessions > 1) this.#known.add(`${t.signal}|${code}`);
      }
    };
    return new ShdrParser<TagTarget>(
      {
        resolve: (key) => {
          const plain = device && key.startsWith(`${device}:`) ? key.slice(device.length + 1) : key;
          return targets.get(plain) ?? targets.get(key.slice(key.indexOf(':') + 1)) ?? null;
        },
        value: (item, timeUs, text) => add(item, timeUs, '', (t, at) => addValue(this.#batch, t, at, text)),
        condition: (item, timeUs, level, code, severity, qualifier, text) =>
          add(item, timeUs, code, (t, at) => addCondition(this.#batch, t, at, level, code, severity, qualifier, text)),
        message: (item, timeUs, code, text) => {
          for (let t: TagTarget | null = item; t; t = t.next) addMessage(this.#batch, t, timeUs, code, text);
        },
        timeSeries: (item, timeUs, _count, rateHz, values) => {
          for (let t: TagTarget | null = item; t; t = t.next)
            addTimeSeries(this.#batch, t, timeUs, rateHz, values, t.sampleRateHz);
        },
        asset: (timeUs, operation) => {
          for (let t = targets.get('@assets') ?? null; t; t = t.next)
            addValue(this.#batch, t, timeUs, JSON.stringify(operation));
        },
        command: (name, value) => {
          if (name !== 'PONG') return;
          const ms = Number(value);
          const agreed = ms > 0 ? Math.max(100, ms) : this.#config.heartbeatMs;
          const faster = this.#pongMs === null && agreed < this.#config.heartbeatMs;
          this.#pongMs = agreed;
          if (faster) this.#rebeat();
        },
        reject: (_line, reason) => {
          if (this.#rejects++ < maxRejects)
            this.#context.notice({ code: 'mtconnect.rejected', params: { address: this.#config.adapter, reason } });
        },
        unknown: (tag) => {
          if (this.#unknown.has(tag) || this.#unknown.size >= 1_000) return;
          this.#unknown.add(tag);
          this.#context.notice({ code: 'mtconnect.unknownTag', params: { tag } });
        },
      },
      { arrivalUs: () => this.#context.clock.nowUs() },
    );
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket?.destroy();
    this.#awake();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  async #until(holds: () => boolean, abort: AbortSignal): Promise<void> {
    while (!holds()) {
      abort.throwIfAborted();
      await new Promise<void>((resolve) => {
        const onAbort = () => this.#awake();
        abort.addEventListener('abort', onAbort, { once: true });
        this.#wake = () => {
          abort.removeEventListener('abort', onAbort);
          resolve();
        };
      });
    }
    abort.throwIfAborted();
  }
}
