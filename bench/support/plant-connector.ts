import { setTimeout as wait } from 'node:timers/promises';
import { type BoundSignal, type Connector, defineConnector } from '@deungdae/connector-kit/connector.ts';
import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { z } from 'zod';

/**
 * Machines without a protocol: every signal once a second, with states that turn now and then, counters that step, and
 * values that drift and seldom cross their limit. The bench of the plant measures everything behind the protocols.
 */
export const PlantSourceConfig = z.strictObject({
  intervalMs: z.number().min(0),
  /** Readings in all; then it stays quiet, so that what must be durable is known exactly. */
  readings: z.number().int(),
});
export const PlantSourceAddress = z.strictObject({ as: z.enum(['value', 'state', 'counter']) });
type Config = z.infer<typeof PlantSourceConfig>;
type Address = z.infer<typeof PlantSourceAddress>;

class PlantSource implements Connector {
  readonly #config: Config;
  readonly #ids: Uint32Array;
  readonly #as: readonly Address['as'][];
  readonly #counts: Float64Array;
  #readings = 0;
  #dueMs = 0;

  constructor(config: Config, signals: readonly BoundSignal<Address>[]) {
    this.#config = config;
    this.#ids = Uint32Array.from(signals, (s) => s.id);
    this.#as = signals.map((s) => s.address.as);
    this.#counts = new Float64Array(signals.length);
  }

  async connect() {
    // Machines of one plant do not all speak in the same millisecond.
    this.#dueMs = performance.now() + Math.random() * this.#config.intervalMs;
  }

  async read(abort: AbortSignal) {
    if (this.#readings >= this.#config.readings) await wait(3_600_000, undefined, { signal: abort });
    this.#readings++;
    const pause = this.#dueMs - performance.now();
    if (pause > 0) await wait(pause, undefined, { signal: abort });
    this.#dueMs += this.#config.intervalMs;
    return { batch: this.#fill(Date.now() * 1000) };
  }

  async probe() {
    return { device: 'bench plant', roundTripMs: 0, signals: [] };
  }

  async close() {}

  #fill(timeUs: number): SampleBatch {
    const n = this.#ids.length;
    const numbers = new Float64Array(n);
    const round = this.#readings;
    for (let i = 0; i < n; i++) {
      const id = this.#ids[i]!;
      if (this.#as[i] === 'state') numbers[i] = (round + id) % 60 < 50 ? 1 : 0;
      else if (this.#as[i] === 'counter') numbers[i] = this.#counts[i]! += (round + id) % 10 === 0 ? 1 : 0;
      // One of a hundred thousand values lies beyond the limit of 30.
      else numbers[i] = Math.round(200 + 50 * Math.sin((round + id) / 30) + (Math.random() < 1e-5 ? 150 : 0)) / 10;
    }
    return {
      length: n,
      signals: this.#ids.slice(),
      times: new Float64Array(n).fill(timeUs),
      numbers,
      texts: null,
      quality: new Uint8Array(n).fill(Quality.good),
    };
  }
}

export const connector = defineConnector<Config, Address>({
  type: 'source',
  config: PlantSourceConfig,
  address: PlantSourceAddress,
  create: ({ config, signals }) => new PlantSource(config, signals),
});
