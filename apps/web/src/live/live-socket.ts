import type { LiveFrame } from '@deungdae/contracts/live.ts';
import { serverClock, serverNow } from '../time/server-clock.ts';
import type { LiveStore } from './live-store.ts';

/** Silence after which a socket is taken for dead (half-open TCP); the server sends at least an empty frame every 5 s. */
const silenceMs = 20_000;
const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** Interest changes in bursts while a page mounts: told to the server once. */
const interestDelayMs = 40;

/** Keeps one WebSocket to `/api/live` open for ever: reconnects with growing pauses, tells what the screen looks at. */
export function keepLive(store: LiveStore, url: string): () => void {
  let socket: WebSocket | null = null;
  let stopped = false;
  let retryMs = firstRetryMs;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let interest: ReturnType<typeof setTimeout> | undefined;
  let heardAt = Date.now();

  const tell = () => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(store.request()));
  };
  store.onInterest(() => {
    clearTimeout(interest);
    interest = setTimeout(tell, interestDelayMs);
  });

  const open = () => {
    if (stopped) return;
    clearTimeout(retry);
    const mine = new WebSocket(url);
    socket = mine;
    heardAt = Date.now();
    mine.onopen = () => {
      retryMs = firstRetryMs;
      store.opened();
      tell();
    };
    mine.onmessage = (message) => {
      heardAt = Date.now();
      if (typeof message.data !== 'string') return;
      const frame = JSON.parse(message.data) as LiveFrame;
      serverClock.heard(frame.at / 1000, heardAt);
      store.take(frame, serverNow());
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      store.closed();
      if (stopped) return;
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(longestRetryMs, retryMs * 2);
    };
  };

  const watchdog = setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN && Date.now() - heardAt > silenceMs) socket.close();
  }, 5000);
  const wake = () => {
    if (!socket && document.visibilityState === 'visible') {
      retryMs = firstRetryMs;
      open();
    }
  };
  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  open();

  return () => {
    stopped = true;
    clearTimeout(retry);
    clearTimeout(interest);
    clearInterval(watchdog);
    window.removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', wake);
    socket?.close();
  };
}
