import type { Target } from './bindings.ts';

/** What a birth said of one metric, and who wants its values. */
export interface Slot {
  readonly name: string;
  readonly datatype: number;
  /** Null when no signal is bound to the metric (or, for a template, to any of its members). */
  readonly targets: readonly Target[] | null;
}

/** Aliases below this lie in an array. */
const denseBelow = 65_536;

/** The metrics of one node or device as its last birth gave them. */
export class MetricTable {
  readonly #dense: (Slot | undefined)[] = [];
  readonly #sparse = new Map<number | bigint, Slot>();
  readonly #names = new Map<string, Slot>();
  /** Aliases that the birth gave to more than one metric: nobody can say what they mean. */
  readonly #ambiguous = new Set<number | bigint>();

  byAlias(alias: number | bigint): Slot | undefined {
    return typeof alias === 'number' && alias < denseBelow ? this.#dense[alias] : this.#sparse.get(alias);
  }

  byName(name: string): Slot | undefined {
    return this.#names.get(name);
  }

  isAmbiguous(alias: number | bigint): boolean {
    return this.#ambiguous.has(alias);
  }

  /** Returns the slot that already had the alias, when that is another metric. */
  add(slot: Slot, alias: number | bigint | undefined): Slot | null {
    this.#names.set(slot.name, slot);
    if (alias === undefined) return null;
    const before = this.byAlias(alias);
    if (before && before.name !== slot.name) {
      this.#ambiguous.add(alias);
      this.#set(alias, undefined);
      return before;
    }
    if (!this.#ambiguous.has(alias)) this.#set(alias, slot);
    return null;
  }

  #set(alias: number | bigint, slot: Slot | undefined): void {
    if (typeof alias === 'number' && alias < denseBelow) {
      while (this.#dense.length < alias) this.#dense.push(undefined);
      this.#dense[alias] = slot;
    } else if (slot) this.#sparse.set(alias, slot);
    else this.#sparse.delete(alias);
  }
}
