import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import type { OpcUaConfig } from './config.ts';
import type { LiveSession } from './live-session.ts';
import { short } from './session.ts';

/** A loss of the link, as far as it matters for going on afterwards. */
export class Outage {
  /** When the server was last known to be there, µs UTC of our clock. */
  readonly sinceUs: number;
  /** The link is what failed; not the server's word that session or subscription are over. */
  readonly mayPass: boolean;
  readonly #clock: Clock;

  constructor(error: CodedError, clock: Clock) {
    const silentMs = error.code === 'opcua.silent' ? Number(error.params.silentMs) : 0;
    this.#clock = clock;
    this.sinceUs = Math.round(clock.nowUs() - silentMs * 1000);
    this.mayPass = error.code === 'opcua.connectionLost' || error.code === 'opcua.silent';
  }

  lastedMs(): number {
    return Math.round((this.#clock.nowUs() - this.sinceUs) / 1000);
  }
}

const pauseMs = 200;

/**
 * Tries for `resumeMs` to go on with the session over a new channel. False when that is over, when nobody listens at the
 * address (the server's process ended, and the session with it), or when the server answers that it has no such session.
 */
export async function resumeSession(open: LiveSession, config: OpcUaConfig, abort: AbortSignal): Promise<boolean> {
  // Real time, as the network's; the kit's clock may be a simulated one.
  // One attempt that hangs in the dead network must not use up the time in which the network comes back.
  const attemptMs = Math.max(1500, config.resumeMs / 3);
  const endMs = systemClock.monotonicMs() + config.resumeMs;
  for (;;) {
    const leftMs = endMs - systemClock.monotonicMs();
    if (leftMs <= 0 || abort.aborted) return false;
    try {
      await open.resume(Math.min(leftMs, attemptMs, config.connectTimeoutMs), abort);
      return true;
    } catch (error) {
      if (isFinal(short(error))) return false;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Refusals that waiting does not change. Statuses of the link itself (Part 4 §7.39) are not among them. */
function isFinal(detail: string): boolean {
  if (/ECONNREFUSED|has ended/.test(detail)) return true;
  const status = /\bBad[A-Z]\w+/.exec(detail)?.[0];
  return status !== undefined && !/Connection|Communication|Timeout|SecureChannel|Tcp|Disconnect/.test(status);
}
