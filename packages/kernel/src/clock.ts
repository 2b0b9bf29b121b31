/** Time as an argument: everything that waits or stamps takes a clock, so that tests can jump it. */
export interface Clock {
  /** Integer microseconds UTC; may jump when the machine's clock is set. */
  nowUs(): number;
  /** Milliseconds that never run backwards; for durations. */
  monotonicMs(): number;
  /** Resolves after `ms`, or rejects with the abort reason. */
  sleep(ms: number, abort?: AbortSignal): Promise<void>;
  /** Calls back after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}

let base = { wallMs: Date.now(), monoMs: performance.now() };

/** `Date` has milliseconds; the monotonic clock gives the microseconds between, until the two disagree (a clock was set). */
function wallUs(): number {
  const wallMs = Date.now();
  const guess = base.wallMs + (performance.now() - base.monoMs);
  if (Math.abs(guess - wallMs) > 20) {
    base = { wallMs, monoMs: performance.now() };
    return wallMs * 1000;
  }
  return Math.round(guess * 1000);
}

export const systemClock: Clock = {
  nowUs: () => wallUs(),
  monotonicMs: () => performance.now(),
  sleep: (ms, abort) => sleepWith(systemClock, ms, abort),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** `sleep` for any clock that has `after`. */
export function sleepWith(clock: Pick<Clock, 'after'>, ms: number, abort?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (abort?.aborted) return reject(abort.reason);
    const onAbort = () => {
      cancel();
      reject(abort?.reason);
    };
    const cancel = clock.after(ms, () => {
      abort?.removeEventListener('abort', onAbort);
      resolve();
    });
    abort?.addEventListener('abort', onAbort, { once: true });
  });
}
