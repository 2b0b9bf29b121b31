import { useSyncExternalStore } from 'react';

interface Ticker {
  now: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | null;
}
const tickers = new Map<number, Ticker>();

function ticker(periodMs: number): Ticker {
  let found = tickers.get(periodMs);
  if (!found) {
    found = { now: Date.now(), listeners: new Set(), timer: null };
    tickers.set(periodMs, found);
  }
  return found;
}

/** The present in ms, moving on every `periodMs`; all components of one period share one timer. */
export function useNow(periodMs: number): number {
  return useSyncExternalStore(
    (listener) => {
      const mine = ticker(periodMs);
      mine.listeners.add(listener);
      mine.timer ??= setInterval(() => {
        mine.now = Date.now();
        for (const each of mine.listeners) each();
      }, periodMs);
      return () => {
        mine.listeners.delete(listener);
        if (mine.listeners.size > 0 || !mine.timer) return;
        clearInterval(mine.timer);
        mine.timer = null;
      };
    },
    () => {
      const mine = ticker(periodMs);
      if (!mine.timer && Date.now() - mine.now > periodMs) mine.now = Date.now();
      return mine.now;
    },
  );
}
