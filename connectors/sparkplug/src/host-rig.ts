import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoundSignal, Connector, ConnectorContext, Notice } from '@deungdae/connector-kit/connector.ts';
import { type MosquittoPeer, startMosquitto } from '@deungdae/connector-mqtt/mosquitto-peer.ts';
import { type Incoming, MqttSession } from '@deungdae/connector-mqtt/session.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type Sample, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { SparkplugAddress, SparkplugConfig } from './config.ts';
import { connector as sparkplugConnector } from './connector.ts';

/** A host under test: what it read, told and ended with. */
export class RunningHost {
  readonly samples: Sample[] = [];
  readonly notices: Notice[] = [];
  readonly connector: Connector;
  error: Promise<unknown> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(connector: Connector, notices: Notice[]) {
    this.connector = connector;
    this.notices = notices;
  }

  async run(): Promise<this> {
    await this.connector.connect(this.#stop.signal);
    this.error = this.#read();
    return this;
  }

  async #read(): Promise<unknown> {
    try {
      for (;;) {
        const reading = await this.connector.read(this.#stop.signal);
        this.samples.push(...samplesOf(reading.batch));
        await reading.ack?.();
      }
    } catch (error) {
      return error;
    }
  }

  lastOf(signal: { id: number }): Sample | undefined {
    return this.samples.findLast((s) => s.signal === signal.id);
  }

  /** The newest by time, the later one of equals: what the history calls latest. */
  newestOf(signal: { id: number }): Sample | undefined {
    let newest: Sample | undefined;
    for (const s of this.samples) if (s.signal === signal.id && (!newest || s.time >= newest.time)) newest = s;
    return newest;
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('stop'));
    await this.error;
    await this.connector.close();
  }
}

/** Broker, hosts and raw clients of a test. */
export class HostRig {
  readonly broker: MosquittoPeer;
  readonly #stateDir: string;
  readonly #closers: (() => Promise<unknown>)[] = [];
  #publisher: MqttSession | null = null;
  #nextId = 1;

  private constructor(broker: MosquittoPeer, stateDir: string) {
    this.broker = broker;
    this.#stateDir = stateDir;
  }

  static async start(): Promise<HostRig> {
    return new HostRig(await startMosquitto(), await mkdtemp(join(tmpdir(), 'deungdae-sparkplug-')));
  }

  onClose(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  signal(
    node: string,
    device: string | null,
    metric: string,
    kind: SignalKind = 'number',
  ): BoundSignal<SparkplugAddress> {
    const id = this.#nextId++;
    const address = SparkplugAddress.parse({ group: 'hanbit', node, ...(device ? { device } : {}), metric });
    return { id, path: `plant/signal-${id}`, kind, address };
  }

  config(config: object = {}): SparkplugConfig {
    return SparkplugConfig.parse({ url: this.broker.url, ...config });
  }

  context(notices: Notice[] = [], connectionId = 'c'): ConnectorContext {
    return {
      connectionId,
      clock: systemClock,
      log: silentLogger,
      stateDir: join(this.#stateDir, `${this.#nextId++}`),
      notice: (n) => notices.push(n),
    };
  }

  async host(signals: BoundSignal<SparkplugAddress>[], config: object = {}): Promise<RunningHost> {
    const notices: Notice[] = [];
    const connector = sparkplugConnector.create({
      config: this.config(config),
      signals,
      context: this.context(notices),
    });
    const host = await new RunningHost(connector, notices).run();
    this.#closers.push(() => host.stop());
    return host;
  }

  /** Another session of the same connector, as the kit makes it. */
  async reconnect(host: RunningHost): Promise<RunningHost> {
    await host.connector.close();
    const again = await new RunningHost(host.connector, host.notices).run();
    this.#closers.push(() => again.stop());
    return again;
  }

  /** A raw client that keeps what it hears. */
  async listen(...filters: string[]): Promise<{ messages: Incoming[]; session: MqttSession }> {
    const messages: Incoming[] = [];
    const session = await this.#open((m) => messages.push(m));
    await session.subscribe(filters, 1);
    return { messages, session };
  }

  async publish(topic: string, payload: Buffer, options: { qos?: 0 | 1; retain?: boolean } = {}): Promise<void> {
    if (!this.#publisher || this.#publisher.error) this.#publisher = await this.#open(() => {});
    await this.#publisher.publish(topic, payload, { qos: options.qos ?? 1, retain: options.retain ?? false });
  }

  async #open(onMessage: (m: Incoming) => void): Promise<MqttSession> {
    const clientId = `raw${this.#nextId++}x${process.pid}`;
    const session = await MqttSession.open(
      { url: this.broker.url, version: 5, clientId, keepAliveS: 30, clean: true },
      onMessage,
    );
    this.#closers.push(() => session.close());
    return session;
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
    await this.broker.close();
    await rm(this.#stateDir, { recursive: true, force: true });
  }
}
