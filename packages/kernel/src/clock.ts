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
let lastUs = 0;
/** A step back by less than this is the two clocks disagreeing, not somebody setting one. */
const jitterUs = 3000;

/**
 * `Date` has milliseconds; the monotonic clock gives the microseconds between. Never outside the millisecond that `Date`
 * says, so neither drift nor a clock that was set can part them; never back by a jitter.
 */
function wallUs(): number {
  const wallMs = Date.now();
  const monoMs = performance.now();
  const guess = base.wallMs + (monoMs - base.monoMs);
  const atMs = Math.min(Math.max(guess, wallMs), wallMs + 0.999);
  if (atMs !== guess) base = { wallMs: atMs, monoMs };
  const us = Math.round(atMs * 1000);
  lastUs = us < lastUs && lastUs - us < jitterUs ? lastUs : us;
  return lastUs;
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
