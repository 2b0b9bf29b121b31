/**
 * Wait before attempt `attempt` (1 is the first repetition), ms: exponential with full jitter, never less than half of
 * `minMs`. Jitter keeps a hundred connections from knocking at once when a switch comes back.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(
  attempt: number,
  limits: { backoffMinMs: number; backoffMaxMs: number },
  random: () => number,
): number {
  const ceiling = Math.min(limits.backoffMaxMs, limits.backoffMinMs * 2 ** Math.min(Math.max(attempt, 1), 30));
  return Math.max(limits.backoffMinMs / 2, random() * ceiling);
}
