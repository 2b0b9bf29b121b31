/**
 * The kiosk's service worker: keeps the shell of the kiosk and the documents of its orders, so that a tablet that is
 * switched on without a network still works. It touches nothing else; entries are the page's own matter.
 */
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Lasting {
  data: unknown;
}
interface Scope {
  location: Location;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'message', listener: (event: Told) => void): void;
}
const scope = self as unknown as Scope;

/** Filled in by the build: what the kiosk needs, and a name that changes with it. */
const files = '__KIOSK_FILES__' as unknown as readonly string[];
const version = '__KIOSK_VERSION__';

const shell = `deungdae-kiosk-${version}`;
const documents = 'deungdae-kiosk-documents';
const page = '/kiosk';
/** Drawings and instructions of some hundred orders. */
const mostDocuments = 120;
const slowMs = 4000;

scope.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(shell);
      await cache.addAll([page, ...files].map((file) => new Request(file, { cache: 'no-cache' })));
      await scope.skipWaiting();
    })(),
  );
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name.startsWith('deungdae-kiosk-') && name !== shell && name !== documents) await caches.delete(name);
      await scope.clients.claim();
    })(),
  );
});

scope.addEventListener('message', (event) => {
  const { keep } = (event.data ?? {}) as { keep?: unknown };
  if (!Array.isArray(keep)) return;
  event.waitUntil(
    (async () => {
      const cache = await caches.open(shell);
      for (const file of keep.slice(0, 300))
        if (typeof file === 'string' && isAsset(new URL(file, scope.location.href)) && !(await cache.match(file)))
          await cache.add(file).catch(() => {});
    })(),
  );
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (request.mode === 'navigate' && isKiosk(url)) event.respondWith(pageOf(request));
  else if (isAsset(url)) event.respondWith(kept(shell, request));
  else if (/^\/api\/documents\/[0-9a-f]{40}$/.test(url.pathname)) event.respondWith(documentOf(request));
});

function isKiosk(url: URL): boolean {
  return url.pathname === page || url.pathname.startsWith(`${page}/`);
}
function isAsset(url: URL): boolean {
  return url.pathname.startsWith('/assets/') || url.pathname === '/icon.svg' || url.pathname === '/kiosk.webmanifest';
}

/** The newest page while the network answers in time; the kept one when not. */
async function pageOf(request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), slowMs));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  if (answer?.ok) return answer;
  return (await cache.match(page)) ?? answer ?? fetch(request);
}

/** Names of assets hold their content's hash: one that is kept is right. */
async function kept(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  const found = await cache.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone()).catch(() => {});
  return answer;
}

/** A document's id is the hash of its content; the oldest kept goes when there are too many. */
async function documentOf(request: Request): Promise<Response> {
  const answer = await kept(documents, request);
  const cache = await caches.open(documents);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - mostDocuments))) await cache.delete(old);
  return answer;
}
