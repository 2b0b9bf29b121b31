import type { Span } from './intervals.ts';
import type { Stretch } from './time-model.ts';

/** What tells when an order was loaded at a machine. Another module's, given after opening. */
export interface OrdersDoor {
  /**
   * Stretches of [from, to) in which an order was loaded, in order and without overlap, µs; null for a machine at which
   * none was ever started before `to`: then nobody knows, and the time model goes by the length of a stop alone.
   */
  orderLoaded(equipment: string, from: number, to: number): Promise<Span[] | null>;
  /** Calls back with the machines whose orders changed. */
  subscribe(listener: (equipment: string[]) => void): () => void;
}

/** Cards are made from memory: orders of this long back are kept there. */
const keptUs = 2 * 86_400_000_000;

/** Orders as the time model needs them: from the door for reports, from memory for cards. */
export class LoadedOrders {
  #door: OrdersDoor | null = null;
  #stop = () => {};
  readonly #recent = new Map<string, Span[] | null>();
  readonly #now: () => number;
  readonly #changed: (equipment: string) => void;

  constructor(now: () => number, changed: (equipment: string) => void) {
    this.#now = now;
    this.#changed = changed;
  }

  async use(door: OrdersDoor, machines: Iterable<string>): Promise<void> {
    this.#stop();
    this.#door = door;
    for (const machine of machines) await this.#refresh(machine);
    this.#stop = door.subscribe((changed) => {
      for (const machine of changed) void this.#refresh(machine).catch(() => undefined);
    });
  }

  async #refresh(equipment: string): Promise<void> {
    if (!this.#door) return;
    const now = this.#now();
    // An open order lasts beyond now: its end is not known, so it is asked for well ahead.
    this.#recent.set(equipment, await this.#door.orderLoaded(equipment, now - keptUs, now + keptUs));
    this.#changed(equipment);
  }

  /** Of the last two days, from memory; null where nobody knows. */
  recent(equipment: string): Span[] | null {
    return this.#recent.get(equipment) ?? null;
  }

  async spans(equipment: string, from: number, to: number): Promise<Span[] | null> {
    return this.#door ? this.#door.orderLoaded(equipment, from, to) : null;
  }

  close(): void {
    this.#stop();
  }
}

/** Cuts idle stretches where an order begins or ends, and says of each part whether one was loaded. Pure. */
export function withOrders(stretches: readonly Stretch[], orders: readonly Span[] | null | undefined): Stretch[] {
  if (!orders) return [...stretches];
  return stretches.flatMap((s) => {
    if (s.state !== 'idle') return [s];
    const parts: Stretch[] = [];
    let at = s.from;
    const put = (to: number, ordered: boolean) => {
      if (to > at) parts.push({ ...s, from: at, to, ordered });
      at = Math.max(at, to);
    };
    for (const order of orders) {
      if (order.to <= at || order.from >= s.to) continue;
      put(Math.max(at, order.from), false);
      put(Math.min(order.to, s.to), true);
    }
    put(s.to, false);
    return parts;
  });
}
