/** How the units behind one link have behaved: a silent one must not hold up the others. */
export interface UnitState {
  unit: number;
  /** Requests in a row without an answer. */
  misses: number;
  /** Not asked before this moment, ms of the monotonic clock. */
  restUntilMs: number;
  answeredAtMs: number;
}

const firstRestMs = 1_000;
const longestRestMs = 30_000;

export class Units {
  readonly #units = new Map<number, UnitState>();

  get(unit: number): UnitState {
    let state = this.#units.get(unit);
    if (!state) {
      state = { unit, misses: 0, restUntilMs: 0, answeredAtMs: Number.NEGATIVE_INFINITY };
      this.#units.set(unit, state);
    }
    return state;
  }

  /** True when it had been silent before. */
  answered(unit: number, nowMs: number): boolean {
    const state = this.get(unit);
    const wasSilent = state.misses > 0;
    state.misses = 0;
    state.restUntilMs = 0;
    state.answeredAtMs = nowMs;
    return wasSilent;
  }

  /** True the first time. Each miss doubles the rest, up to half a minute. */
  missed(unit: number, nowMs: number): boolean {
    const state = this.get(unit);
    state.misses++;
    state.restUntilMs = nowMs + Math.min(longestRestMs, firstRestMs * 2 ** Math.min(state.misses - 1, 10));
    return state.misses === 1;
  }

  /** The other unit that answered last: whom to ask whether the link itself is alive. */
  witness(except: number): number | null {
    let best: UnitState | null = null;
    for (const s of this.#units.values())
      if (s.unit !== except && s.misses === 0 && s.answeredAtMs > (best?.answeredAtMs ?? Number.NEGATIVE_INFINITY))
        best = s;
    return best?.unit ?? null;
  }
}
