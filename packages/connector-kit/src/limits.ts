/** All limits of the kit in one place, with what happens at each. */
export interface KitLimits {
  /** A connect attempt that takes longer is cancelled. ms */
  connectTimeoutMs: number;
  /** How long a connector may take to obey a cancel or `close` before its worker is restarted. ms */
  graceMs: number;
  /** How long a closing connection waits for its last samples to become durable. ms */
  drainMs: number;
  /** Samples of one connection read and not yet durable; beyond it `read` is not called. */
  connectionSamples: number;
  /** The same for all connections of one worker together; each may still have one batch under way. */
  laneSamples: number;
  /** Samples merged into one write while the one before is under way. */
  mergeSamples: number;
  /** A time further ahead of our clock makes the sample uncertain. ms */
  skewMs: number;
  /** A time further ahead is replaced by the time of arrival. ms */
  farFutureMs: number;
  /** Back-off between attempts, full jitter. ms */
  backoffMinMs: number;
  backoffMaxMs: number;
  /** "Test connection" and the first proposal of a discovery. ms */
  probeTimeoutMs: number;
  /** Things found in one discovery. */
  proposals: number;
  /** Characters of a text that stands for a number. */
  badTextLength: number;
  /** Notices kept per connection; the oldest goes. */
  notices: number;
  /** How often workers are asked for a sign of life, and after what silence they are restarted. ms */
  heartbeatMs: number;
  hungAfterMs: number;
  /**
   * JavaScript heap of one worker, MB, looked at with every heartbeat; beyond it the worker alone is restarted. A leak that
   * doubles this between two heartbeats ends the process: V8 gives no way to contain that within one process.
   */
  workerHeapMb: number;
  /** Connections of one type in one worker before another worker is used. */
  connectionsPerWorker: number;
  /** Workers beyond the usual number that may be started to find the connection that kills its worker. */
  extraWorkers: number;
}

export const defaultLimits: KitLimits = {
  connectTimeoutMs: 30_000,
  graceMs: 5_000,
  drainMs: 2_000,
  connectionSamples: 200_000,
  laneSamples: 1_000_000,
  mergeSamples: 131_072,
  skewMs: 60_000,
  farFutureMs: 86_400_000,
  backoffMinMs: 500,
  backoffMaxMs: 60_000,
  probeTimeoutMs: 20_000,
  proposals: 10_000,
  badTextLength: 256,
  notices: 50,
  heartbeatMs: 2_000,
  hungAfterMs: 20_000,
  workerHeapMb: 512,
  connectionsPerWorker: 16,
  extraWorkers: 8,
};
