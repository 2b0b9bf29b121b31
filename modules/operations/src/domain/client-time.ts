const dayUs = 86_400_000_000;
/** A tablet keeps what was typed offline for at most this long. */
const oldestEntryUs = 14 * dayUs;

/**
 * When an entry happened by the server's clock. The tablet's clock may be off by any amount, also an hour: what it says
 * is shifted by the difference that was measured when the entry was typed, or else by the difference now. Never later
 * than now; null when it is too old to be true.
 */
export function serverTime(
  entry: { clientTime: number; clientOffset?: number | null | undefined },
  batch: { now: number },
  serverNow: number,
): number | null {
  const offset = entry.clientOffset ?? serverNow - batch.now;
  const shifted = Math.min(entry.clientTime + offset, serverNow);
  return shifted < serverNow - oldestEntryUs ? null : shifted;
}
