/**
 * The plant's present. A tablet's own clock may be hours off; each live frame carries the server's time, and what the
 * screens call "now" is this browser's clock shifted by the difference.
 */
const remembered = 8;
/** A smaller difference is the way of the frame, not a wrong clock. */
const worthMs = 250;

export class ServerClock {
  readonly #recent: number[] = [];
  readonly #listeners = new Set<() => void>();
  #offsetMs = 0;

  /** Server clock minus this browser's, ms. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * A frame of the server's time `serverMs` came at `browserMs`. One that waited on its way makes the server look slow,
   * so the largest of the last few differences is the truest.
   */
  heard(serverMs: number, browserMs: number): void {
    const difference = serverMs - browserMs;
    // A clock that was put right while the page stood open makes the earlier ones worthless.
    if (this.#recent.length > 0 && Math.abs(difference - this.#offsetMs) > 60_000) this.#recent.length = 0;
    this.#recent.push(difference);
    if (this.#recent.length > remembered) this.#recent.shift();
    const offset = Math.max(...this.#recent);
    if (Math.abs(offset - this.#offsetMs) < worthMs) return;
    this.#offsetMs = offset;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }
}

export const serverClock = new ServerClock();

/** The present by the server's clock, ms. */
export function serverNow(): number {
  return Date.now() + serverClock.offsetMs;
}
