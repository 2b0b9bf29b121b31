import { systemClock } from '@deungdae/kernel/clock.ts';
import type { ClientSession, OPCUAClient } from 'node-opcua-client';
import { goodbyeMs, withDeadline, within } from './deadline.ts';
import type { Sockets } from './sockets.ts';

interface LiveSessionParts {
  client: OPCUAClient;
  session: ClientSession;
  sockets: Sockets;
  /** Another client of the same kind, for a new channel. */
  createClient(): OPCUAClient;
  endpointUrl: string;
}

/** One channel and one session, without any reconnection of their own. */
export class LiveSession {
  readonly session: ClientSession;
  readonly #parts: LiveSessionParts;
  #client: OPCUAClient;
  #lost: string | null = null;
  /** The server has ended the session: there is nothing to resume. */
  #ended = false;
  #closing = false;
  #listener: ((reason: string) => void) | null = null;

  constructor(parts: LiveSessionParts) {
    this.#parts = parts;
    this.session = parts.session;
    this.#client = parts.client;
    this.#watch(parts.client);
    parts.session.on('session_closed', (status) => {
      this.#ended = true;
      this.#tell(`session closed: ${status.name}`);
    });
  }

  /** Called once when the channel breaks, and once more for each break after a `resume`. */
  onLost(callback: (reason: string) => void): void {
    this.#listener = callback;
    if (this.#lost !== null) callback(this.#lost);
  }

  /**
   * One attempt to go on with the session over a new channel (Part 4 §5.7.3 ActivateSession): its subscriptions live on
   * at the server with what they have queued. Throws when that cannot be; the session object stays as it was.
   * @param timeoutMs real time that the attempt may take
   */
  async resume(timeoutMs: number, abort: AbortSignal): Promise<void> {
    const { sockets, createClient, endpointUrl } = this.#parts;
    if (this.#closing || this.#ended) throw new Error('the session has ended');
    // The old channel may be half open: what still came through it would come twice.
    this.#lost ??= 'given up';
    sockets.destroy();
    const next = createClient();
    const guard = withDeadline(abort, timeoutMs, systemClock);
    try {
      const attempt = async () => {
        await next.connect(endpointUrl);
        await next.reactivateSession(this.session);
      };
      await guard.race(attempt(), () => sockets.destroy());
    } catch (error) {
      sockets.destroy();
      await within(next.disconnect(), goodbyeMs);
      throw error;
    } finally {
      guard.end();
    }
    const old = this.#client;
    this.#client = next;
    this.#lost = null;
    this.#watch(next);
    old.removeAllListeners();
    // Its session belongs to the new client now; only its timers are left.
    await within(old.disconnect(), goodbyeMs);
    if (this.#closing) await this.#end(true);
  }

  /** Ends session, channel and sockets; a dead link gets no goodbye. */
  async close(linkIsDead = false): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#end(linkIsDead);
  }

  async #end(linkIsDead: boolean): Promise<void> {
    if (linkIsDead) this.#parts.sockets.destroy();
    else if (this.#lost === null) await within(this.session.close(true), goodbyeMs);
    await within(this.#client.disconnect(), goodbyeMs);
    this.#parts.sockets.destroy();
    this.#client.removeAllListeners();
  }

  #watch(client: OPCUAClient): void {
    client.on('close', (error) => {
      if (client === this.#client) this.#tell(error?.message ?? 'closed by the server');
    });
  }

  #tell(reason: string): void {
    if (this.#closing || this.#lost !== null) return;
    this.#lost = reason;
    this.#listener?.(reason);
  }
}
