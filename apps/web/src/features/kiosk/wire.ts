import { api } from '../../api/client.generated.ts';
import { ApiFailure } from '../../api/http.ts';
import { IdbStore } from './parts/idb-store.ts';
import { type Lock, SendFailure } from './parts/outbox.ts';
import { MemoryStore, type OutboxItem, type OutboxStore } from './parts/outbox-store.ts';

/** Kept in the browser's database; in memory alone where it has none (a private window). */
export async function openStore(): Promise<{ store: OutboxStore; durable: boolean }> {
  try {
    return { store: await IdbStore.open(indexedDB), durable: true };
  } catch {
    return { store: new MemoryStore(), durable: false };
  }
}

/** One tab of the tablet sends at a time. Without secure context there are no locks: the entries' ids keep it right. */
export const tabLock: Lock = async (work) => {
  if (!navigator.locks) {
    await work();
    return true;
  }
  return navigator.locks.request('deungdae.kiosk.send', { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    await work();
    return true;
  });
};

/** What a failed call means for what waits: the same later, sign in first, or never. */
export function toFailure(error: unknown): SendFailure {
  if (!(error instanceof ApiFailure)) return new SendFailure({ kind: 'later' });
  const { status, code, message, advice, params } = error;
  if (status === 401 || status === 403) return new SendFailure({ kind: 'signIn' });
  if (status === 0 || status === 408 || status === 429 || status >= 500) return new SendFailure({ kind: 'later' });
  return new SendFailure({ kind: 'refused', refusal: { code, message, advice, params } });
}

interface RouteData {
  params?: never;
  body?: never;
}

/** Entries that other modules than operations take, each by its own route. */
const routes: Record<string, (data: RouteData) => Promise<unknown>> = {
  doCheck: ({ body }) => api.doCheck(body!),
  reportSafety: ({ body }) => api.reportSafety(body!),
  addKnowHow: ({ body }) => api.addKnowHow(body!),
  knowHowHelped: ({ params, body }) => api.knowHowHelped(params!, body!),
  requestMaintenance: ({ body }) => api.requestMaintenance(body!),
  printLabels: ({ body }) => api.printLabels(body!),
};

export async function callRoute(item: OutboxItem): Promise<void> {
  try {
    await routes[item.kind]!(item.data as RouteData);
  } catch (error) {
    throw toFailure(error);
  }
}
