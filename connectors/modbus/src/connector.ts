import {
  type BoundSignal,
  type Connector,
  type ConnectorContext,
  defineConnector,
  type ProbeReport,
} from '@deungdae/connector-kit/connector.ts';
import { durationMs } from '@deungdae/contracts/plant.ts';
import { ModbusClient } from './client.ts';
import { ModbusAddress, ModbusConfig } from './config.ts';
import { discover } from './discover.ts';
import { type Block, type Item, limitsOf, planBlocks, toItem } from './plan.ts';
import { Poller } from './poller.ts';
import { probeDevice } from './probe.ts';

/** Reads a Modbus TCP device, or several units behind one gateway. Read-only: functions 1 to 4 and identification. */
class ModbusConnector implements Connector {
  readonly #config: ModbusConfig;
  readonly #context: ConnectorContext;
  readonly #items: Item[];
  /** Kept over sessions: what was learnt of the device's holes need not be learnt again. */
  #blocks: Block[];
  #client: ModbusClient | null = null;
  #poller: Poller | null = null;

  constructor(options: {
    config: ModbusConfig;
    signals: readonly BoundSignal<ModbusAddress>[];
    context: ConnectorContext;
  }) {
    this.#config = options.config;
    this.#context = options.context;
    this.#items = options.signals.map((s) => toItem(s, options.config));
    this.#blocks = planBlocks(this.#items, (unit) => limitsOf(options.config, unit));
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    const config = this.#config;
    const client = newClient(config, this.#context);
    this.#client = client;
    const onAbort = () => client.close();
    abort.addEventListener('abort', onAbort, { once: true });
    try {
      await client.open(abort);
      const poller = new Poller({
        client,
        blocks: this.#blocks,
        clock: this.#context.clock,
        inFlight: config.ignoreTransactionId ? 1 : config.inFlight,
        endpoint: { host: config.host, port: config.port },
        notice: (code, params) => this.#context.notice({ code, params }),
      });
      await poller.hello(abort);
      this.#poller = poller;
    } catch (error) {
      client.close();
      throw abort.aborted ? abort.reason : error;
    } finally {
      abort.removeEventListener('abort', onAbort);
    }
  }

  async read(abort: AbortSignal) {
    const client = this.#client!;
    const onAbort = () => client.close();
    abort.addEventListener('abort', onAbort, { once: true });
    try {
      return { batch: await this.#poller!.round(abort) };
    } catch (error) {
      throw abort.aborted ? abort.reason : error;
    } finally {
      abort.removeEventListener('abort', onAbort);
    }
  }

  async probe(abort: AbortSignal): Promise<ProbeReport> {
    const live = this.#client?.failure === null ? this.#client : null;
    const client = live ?? newClient(this.#config, this.#context);
    const onAbort = () => {
      if (!live) client.close();
    };
    abort.addEventListener('abort', onAbort, { once: true });
    try {
      if (!live) await client.open(abort);
      return await probeDevice(client, this.#config, this.#items, abort);
    } finally {
      abort.removeEventListener('abort', onAbort);
      if (!live) client.close();
    }
  }

  async close(): Promise<void> {
    this.#client?.close();
    this.#client = null;
    if (this.#poller) this.#blocks = this.#poller.blocks;
    this.#poller = null;
  }
}

function newClient(config: ModbusConfig, context: ConnectorContext): ModbusClient {
  return new ModbusClient({
    host: config.host,
    port: config.port,
    timeoutMs: durationMs(config.timeout),
    inFlight: config.inFlight,
    pauseMs: config.pauseMs,
    ignoreTransactionId: config.ignoreTransactionId,
    clock: context.clock,
  });
}

export const connector = defineConnector<ModbusConfig, ModbusAddress>({
  type: 'modbus',
  config: ModbusConfig,
  address: ModbusAddress,
  create: (options) => new ModbusConnector(options),
  async *discover({ config, context, abort }) {
    const client = newClient(config, context);
    const onAbort = () => client.close();
    abort.addEventListener('abort', onAbort, { once: true });
    try {
      await client.open(abort);
      yield* discover(client, config, abort);
    } finally {
      abort.removeEventListener('abort', onAbort);
      client.close();
    }
  },
});
