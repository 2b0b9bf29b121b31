import type { Clock } from '@deungdae/kernel/clock.ts';

/** How long a polite goodbye may take before the sockets are destroyed. */
export const goodbyeMs = 1500;

/** Bounds a piece of work by time and by the kit's cancel. */
export function withDeadline(abort: AbortSignal, ms: number, clock: Clock) {
  const late = new AbortController();
  const cancel = clock.after(ms, () => late.abort(new Error(`no answer within ${ms} ms`)));
  const any = AbortSignal.any([abort, late.signal]);
  return {
    end: cancel,
    /** `work`, or the abort reason at once; `stop` then makes the abandoned work fail. */
    race<T>(work: Promise<T>, stop: () => void): Promise<T> {
      work.catch(() => undefined);
      return new Promise<T>((resolve, reject) => {
        const onAbort = () => {
          stop();
          reject(any.reason);
        };
        if (any.aborted) return onAbort();
        any.addEventListener('abort', onAbort, { once: true });
        work.then(resolve, reject).finally(() => any.removeEventListener('abort', onAbort));
      });
    },
  };
}

/** Waits for work whose outcome does not matter, at most so long. */
export async function within(work: Promise<unknown>, ms: number): Promise<void> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([
    work.then(
      () => undefined,
      () => undefined,
    ),
    limit,
  ]);
  clearTimeout(timer);
}
