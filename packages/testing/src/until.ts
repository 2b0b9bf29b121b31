/**
 * Waits in real time until `holds` is true, looking every few milliseconds; throws after `timeoutMs` with what was
 * waited for, so that a failing test says more than "timed out".
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 5_000,
  detail: () => unknown = () => '',
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end)
      throw new Error(`waited ${timeoutMs} ms for: ${what} ${JSON.stringify(detail()) ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
