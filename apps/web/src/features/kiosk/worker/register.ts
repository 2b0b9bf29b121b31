/** Lets the tablet keep the kiosk: worker and manifest. Nothing where the browser has none of it (plain HTTP). */
export async function registerWorker(): Promise<void> {
  if (!import.meta.env.PROD) return;
  if (!document.querySelector('link[rel=manifest]')) {
    const link = document.createElement('link');
    link.rel = 'manifest';
    link.href = '/kiosk.webmanifest';
    document.head.append(link);
  }
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/kiosk-worker.js', { scope: '/kiosk' });
    const { active } = await navigator.serviceWorker.ready;
    // What came before the worker was there, the fonts above all.
    active?.postMessage({ keep: performance.getEntriesByType('resource').map((entry) => entry.name) });
  } catch {
    // A worker that does not start costs the offline start of the page, not what was entered.
  }
}
