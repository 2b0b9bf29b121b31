import { type BrokerSettings, startEmbeddedBroker } from '@deungdae/connector-mqtt/embedded-broker.ts';
import type { Logger } from '@deungdae/kernel/log.ts';

/** Runs the plant's own broker when the plant file asks for one, and follows the file. */
export class BrokerHost {
  readonly #log: Logger;
  #running: { settings: string; stop(): Promise<void> } | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** A broker that cannot start is logged with its code; the plant goes on without it. */
  async apply(wanted: BrokerSettings | undefined): Promise<void> {
    const settings = JSON.stringify(wanted ?? null);
    if (this.#running?.settings === settings) return;
    await this.close();
    if (!wanted) return;
    try {
      const { stop } = await startEmbeddedBroker(wanted, this.#log);
      this.#running = { settings, stop };
      this.#log.info({ host: wanted.host, port: wanted.port, users: wanted.users.length }, 'broker started');
    } catch (error) {
      this.#log.error({ err: error }, 'broker not started');
    }
  }

  async close(): Promise<void> {
    await this.#running?.stop();
    this.#running = null;
  }
}
