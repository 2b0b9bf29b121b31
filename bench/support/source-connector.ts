import { setTimeout as wait } from 'node:timers/promises';
import { type BoundSignal, type Connector, defineConnector } from '@deungdae/connector-kit/connector.ts';
import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { z } from 'zod';

/**
 * A source without a protocol, so that the bench measures the path and not a device. Values drift with a little noise and
 * a resolution of 0.1, as sensors do.
 */
const config = z.strictObject({
  /** Milliseconds between two rounds of all signals; 0 gives batches as fast as they are taken. */
  intervalMs: z.number().min(0),
  /** Samples of one reading at full rate. */
  batch: z.number().int().min(1).default(16_384),
  /** Readings in all; then it stays quiet. */
  readings: z.number().int().optional(),
});
type Config = z.infer<typeof config>;

class Source implements Connector {
  readonly #config: Config;
  readonly #ids: Uint32Array;
  #row = 0;
  #readings = 0;
  #timeUs = 0;
  #dueMs = 0;

  constructor(c: Config, signals: readonly BoundSignal<object>[]) {
    this.#config = c;
    this.#ids = Uint32Array.from(signals, (s) => s.id);
  }

  async connect() {
    this.#timeUs = Date.now() * 1000;
    // Connections of one plant do not all speak in the same millisecond.
    this.#dueMs = performance.now() + Math.random() * this.#config.intervalMs;
  }

  async read(abort: AbortSignal) {
    if (this.#config.readings !== undefined && this.#readings >= this.#config.readings)
      await wait(3_600_000, undefined, { signal: abort });
    this.#readings++;
    const { intervalMs, batch } = this.#config;
    if (intervalMs === 0) {
      // Lets messages in: a source that never waits would never hear its own close.
      await new Promise((resolve) => setImmediate(resolve));
      return { batch: this.#fill(batch) };
    }
    const pause = this.#dueMs - performance.now();
    if (pause > 0) await wait(pause, undefined, { signal: abort });
    this.#dueMs += intervalMs;
    this.#timeUs = Date.now() * 1000;
    return { batch: this.#fill(this.#ids.length) };
  }

  async probe() {
    return { device: 'bench source', roundTripMs: 0, signals: [] };
  }

  async close() {}

  #fill(n: number): SampleBatch {
    const signals = new Uint32Array(n);
    const times = new Float64Array(n);
    const numbers = new Float64Array(n);
    const quality = new Uint8Array(n).fill(Quality.good);
    const count = this.#ids.length;
    for (let i = 0; i < n; i++) {
      const row = this.#row++;
      const at = row % count;
      signals[i] = this.#ids[at]!;
      if (this.#config.intervalMs === 0 && at === 0) this.#timeUs += 1_000;
      times[i] = this.#timeUs;
      numbers[i] = Math.round(200 + 50 * Math.sin(row / 1e5) + ((row * 31) % 7)) / 10;
    }
    return { length: n, signals, times, numbers, texts: null, quality };
  }
}

export const connector = defineConnector<Config, object>({
  type: 'source',
  config,
  address: z.looseObject({}),
  create: ({ config: c, signals }) => new Source(c, signals),
});
