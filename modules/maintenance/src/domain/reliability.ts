import type { Reliability } from '@deungdae/contracts/maintenance.ts';
import { chiSquareQuantile } from '@deungdae/statistics/special.ts';

/** Times of a window, ms: operating (production and set-up), and down for failures. */
export interface FailureTimes {
  windowMs: number;
  operatingMs: number;
  failures: number;
  failureMs: number;
}

/**
 * MTBF = operating time / failures, with the time before the first and after the last failure (censored data counts);
 * MTTR = down time by failures / failures: elapsed time, not labour (IEC 61703). Inherent availability MTBF / (MTBF +
 * MTTR); operational availability operating / window. Without a failure the MTBF is not known, but its lower bound is:
 * 2T / χ²(confidence; 2r + 2).
 */
export function reliabilityOf(times: FailureTimes, confidence = 0.9): Omit<Reliability, 'machine'> {
  const { failures, operatingMs, failureMs, windowMs } = times;
  const mtbfMs = failures > 0 ? operatingMs / failures : null;
  const mttrMs = failures > 0 ? failureMs / failures : null;
  return {
    ...{ failures, operatingMs, failureMs, windowMs, mtbfMs, mttrMs },
    mtbfLowerMs: operatingMs > 0 ? (2 * operatingMs) / chiSquareQuantile(confidence, 2 * failures + 2) : null,
    inherentAvailability: mtbfMs !== null && mttrMs !== null ? mtbfMs / (mtbfMs + mttrMs) : null,
    operationalAvailability: windowMs > 0 ? operatingMs / windowMs : null,
  };
}
