/** Resolves when the promise has settled, whichever way. */
export function settled(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => {},
    () => {},
  );
}

/**
 * True when the promise settled within `ms` of real time. Real, not the injected clock: it guards against code of others
 * that hangs, and a simulated hour must not make a running close look hung.
 */
export function withDeadline(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void settled(promise).then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The promise's outcome, or a rejection as soon as `abort` fires. */
export function untilAbort<T>(promise: Promise<T>, abort: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abort.reason);
    if (abort.aborted) onAbort();
    else abort.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => {
        abort.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (error: unknown) => {
        abort.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}

/** Lets timers, sockets and messages have their turn. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
