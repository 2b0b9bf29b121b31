/** How the tablet's clock stands to the server's, as last measured. */
export interface Offset {
  /** Server's clock minus the tablet's, µs. */
  us: number;
  /** By the tablet's clock, ms. */
  measuredAt: number;
  /** Half the time of the question: so much it may be wrong, µs. */
  errorUs: number;
}

/** A slower answer says less; one that old is worth less than any new one. */
const freshMs = 10 * 60_000;

/**
 * From one question: when it left and when its answer came (ms, the tablet's clock), and the server's clock in it (µs).
 * Keeps the earlier measure while it is fresh, agrees with the new one within its error, and is finer.
 */
export function measureOffset(before: Offset | null, sent: number, received: number, serverUs: number): Offset {
  const measured = {
    us: Math.round(serverUs - ((sent + received) / 2) * 1000),
    measuredAt: received,
    errorUs: Math.round(Math.max(0, received - sent) * 500),
  };
  if (!before || received - before.measuredAt > freshMs || received < before.measuredAt) return measured;
  const agrees = Math.abs(before.us - measured.us) <= before.errorUs + measured.errorUs;
  return agrees && before.errorUs <= measured.errorUs ? before : measured;
}

/** The server's time at a moment of the tablet's clock, ms. */
export function serverMs(offset: Offset | null, tabletMs: number): number {
  return tabletMs + (offset?.us ?? 0) / 1000;
}

/** So far off that a person should set the clock, ms. */
export const clockWrongMs = 120_000;
