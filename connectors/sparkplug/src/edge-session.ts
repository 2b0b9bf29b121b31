import type { Metric } from './datatypes.ts';
import { DataType } from './datatypes.ts';
import { rebirthMetric } from './rebirth.ts';

/**
 * The numbers of an edge node: bdSeq of its connects, seq of its messages, aliases of its metrics. Pure.
 * bdSeq begins at 0 and grows with every CONNECT; seq is 0 in an NBIRTH and grows over the node and all its devices.
 */
export class EdgeNumbers {
  #bdSeq = -1;
  #seq = 0;
  #nextAlias = 1;
  readonly #aliases = new Map<string, number>();

  /** For a new CONNECT: what the will and the NBIRTHs of its session carry. */
  connect(): number {
    this.#bdSeq = (this.#bdSeq + 1) & 255;
    return this.#bdSeq;
  }

  get bdSeq(): number {
    return this.#bdSeq;
  }

  /** 0, for an NBIRTH; the messages after it count on. */
  birth(): number {
    this.#seq = 0;
    return 0;
  }

  next(): number {
    this.#seq = (this.#seq + 1) & 255;
    return this.#seq;
  }

  /** Unique across the whole edge node, the same in every birth. */
  alias(device: string | null, metric: string): number {
    const key = `${device ?? ''}/${metric}`;
    let alias = this.#aliases.get(key);
    if (alias === undefined) {
      alias = this.#nextAlias++;
      this.#aliases.set(key, alias);
    }
    return alias;
  }
}

export function bdSeqMetric(bdSeq: number, timestamp: number): Metric {
  return { name: 'bdSeq', timestamp, datatype: DataType.Int64, value: bdSeq };
}

/** Without an alias, as the specification wants it. */
export function rebirthControl(timestamp: number): Metric {
  return { name: rebirthMetric, timestamp, datatype: DataType.Boolean, value: false };
}
