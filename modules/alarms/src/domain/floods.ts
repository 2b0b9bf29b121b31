/**
 * A flood (EEMUA 191, ISA-18.2): it begins with the first of ten alarms within ten minutes, and ends when fewer than
 * five came within the last ten minutes. Windows are half-open (t − 10 min, t].
 */
export const floodWindowUs = 600_000_000;
const floodBegins = 10;
const floodEnds = 5;

export interface Flood {
  from: number;
  /** When the rate had fallen. */
  to: number;
  count: number;
}

/** Pure; `times` in order, µs. */
export function floodsOf(times: readonly number[]): Flood[] {
  const floods: Flood[] = [];
  let tail = 0;
  let flood: Flood | null = null;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if (flood && time >= flood.to) flood = null;
    while (times[tail]! <= time - floodWindowUs) tail++;
    if (!flood && i - tail + 1 >= floodBegins) {
      flood = { from: times[tail]!, to: 0, count: i - tail };
      floods.push(flood);
    }
    if (flood) {
      flood.count++;
      // The fifth newest leaves the window then, unless another comes before.
      flood.to = times[i - floodEnds + 1]! + floodWindowUs;
    }
  }
  return floods;
}

export interface FloodMember {
  time: number;
  alarm: string;
}

/** Marks alarms as they come. Keeps at most the window's worth needed to decide. */
export class FloodWatch {
  #recent: FloodMember[] = [];
  #id: string | null = null;
  #endsAt = 0;

  /** The flood this alarm belongs to, and which earlier ones belong to it too, when it just began. */
  add(alarm: string, time: number): { flood: string | null; also: string[] } {
    if (this.#id !== null && time >= this.#endsAt) this.#id = null;
    this.#recent.push({ time, alarm });
    const kept = this.#recent.filter((m) => m.time > time - floodWindowUs);
    this.#recent = kept.slice(-floodBegins);
    let also: string[] = [];
    if (this.#id === null && this.#recent.length >= floodBegins) {
      this.#id = `flood-${this.#recent[0]!.time}`;
      also = this.#recent.map((m) => m.alarm);
    }
    if (this.#id !== null) this.#endsAt = (this.#recent.at(-floodEnds)?.time ?? time) + floodWindowUs;
    return { flood: this.#id, also };
  }
}
