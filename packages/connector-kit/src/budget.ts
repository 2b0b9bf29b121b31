/**
 * How many samples may be under way. Every connection has its own limit, and all of one worker share another; each may
 * always have one batch under way, so that one greedy connection cannot lock the others out.
 */
export interface Budget {
  /** A purse for one connection. */
  open(limit: number): Purse;
}

export interface Purse {
  /** Resolves when the connection may read again. Rejects with the abort reason. */
  ready(abort: AbortSignal): Promise<void>;
  take(samples: number): void;
  give(samples: number): void;
  readonly used: number;
}

export function createBudget(total: number): Budget {
  let used = 0;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  return {
    open(limit) {
      let mine = 0;
      const free = () => mine === 0 || (mine < limit && used < total);
      return {
        ready(abort) {
          if (abort.aborted) return Promise.reject(abort.reason);
          if (free()) return Promise.resolve();
          return new Promise((resolve, reject) => {
            const done = () => {
              waiting.delete(look);
              abort.removeEventListener('abort', onAbort);
            };
            const look = () => {
              if (!free()) return;
              done();
              resolve();
            };
            const onAbort = () => {
              done();
              reject(abort.reason);
            };
            waiting.add(look);
            abort.addEventListener('abort', onAbort, { once: true });
          });
        },
        take(samples) {
          mine += samples;
          used += samples;
        },
        give(samples) {
          mine -= samples;
          used -= samples;
          wake();
        },
        get used() {
          return mine;
        },
      };
    },
  };
}
