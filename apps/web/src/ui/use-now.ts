import { useSyncExternalStore } from 'react';
import { serverClock, serverNow } from '../time/server-clock.ts';

interface Ticker {
  now: number;
  listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | null;
}
const tickers = new Map<number, Ticker>();

function ticker(periodMs: number): Ticker {
  let found = tickers.get(periodMs);
  if (!found) {
    found = { now: serverNow(), listeners: new Set(), timer: null };
    tickers.set(periodMs, found);
  }
  return found;
}

/** Once it is known how far off this browser's clock is, no screen waits for its next tick. */
serverClock.onChange(() => {
  for (const mine of tickers.values()) {
    mine.now = serverNow();
    for (const each of mine.listeners) each();
  }
});

/** The present in ms by the server's clock, moving on every `periodMs`; all components of one period share one timer. */
export function useNow(periodMs: number): number {
  return useSyncExternalStore(
    (listener) => {
      const mine = ticker(periodMs);
      mine.listeners.add(listener);
      mine.timer ??= setInterval(() => {
        mine.now = serverNow();
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
      if (!mine.timer && Math.abs(serverNow() - mine.now) > periodMs) mine.now = serverNow();
      return mine.now;
    },
  );
}
