/**
 * When a rebirth may be requested: pure. One edge node is asked again only after a back-off that doubles, and all nodes
 * together share a bucket, so that a host that starts among a thousand nodes does not set off a storm.
 */
export interface RebirthLimits {
  /** First wait between two requests to one node, ms; doubles up to `maxMs`. */
  minMs: number;
  maxMs: number;
  /** Requests a second to all nodes together. */
  perSecond: number;
}

interface Ask {
  /** Wanted, and not before this time. */
  dueAt: number;
  /** No request before this time, whatever the reason. */
  backoffUntil: number;
  waitMs: number;
  attempts: number;
  askedAt: number;
  wanted: boolean;
}

/** Requests without a birth after which a node is left alone until it gives a new reason. */
const maxAttempts = 5;

export class RebirthLimiter {
  readonly #limits: RebirthLimits;
  readonly #asks = new Map<string, Ask>();
  #tokens: number;
  #filledAt = 0;

  constructor(limits: RebirthLimits) {
    this.#limits = limits;
    this.#tokens = limits.perSecond;
  }

  /** The node should be born again. `afterMs` gives it time to do so by itself. */
  want(node: string, now: number, afterMs = 0): void {
    let ask = this.#asks.get(node);
    if (!ask) {
      ask = { dueAt: 0, backoffUntil: 0, waitMs: this.#limits.minMs, attempts: 0, askedAt: now, wanted: false };
      this.#asks.set(node, ask);
    }
    // Quiet for long: the trouble before is over, begin anew.
    if (!ask.wanted && now - ask.askedAt > 2 * this.#limits.maxMs) ask.waitMs = this.#limits.minMs;
    const due = Math.max(ask.backoffUntil, now + afterMs);
    ask.dueAt = ask.wanted ? Math.min(ask.dueAt, due) : due;
    if (!ask.wanted) ask.attempts = 0;
    ask.wanted = true;
  }

  /** The node was born, or died: nothing to ask now. The back-off stays. */
  settle(node: string): void {
    const ask = this.#asks.get(node);
    if (ask) ask.wanted = false;
  }

  /** Nodes to ask now; each counts as asked. */
  due(now: number): string[] {
    const { perSecond, maxMs } = this.#limits;
    this.#tokens = Math.min(perSecond, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    const nodes: string[] = [];
    for (const [node, ask] of this.#asks) {
      if (this.#tokens < 1) break;
      if (!ask.wanted || ask.dueAt > now) continue;
      this.#tokens--;
      ask.attempts++;
      ask.askedAt = now;
      ask.backoffUntil = ask.dueAt = now + ask.waitMs;
      ask.waitMs = Math.min(maxMs, ask.waitMs * 2);
      if (ask.attempts >= maxAttempts) ask.wanted = false;
      nodes.push(node);
    }
    return nodes;
  }

  get idle(): boolean {
    for (const ask of this.#asks.values()) if (ask.wanted) return false;
    return true;
  }

  forget(): void {
    this.#asks.clear();
  }
}
