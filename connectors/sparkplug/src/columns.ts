import { DataType } from './datatypes.ts';
import { WireReader } from './wire.ts';

/** Which member of the metric's `oneof value` came. */
export const ValueKind = {
  none: 0,
  int: 1,
  long: 2,
  float: 3,
  double: 4,
  boolean: 5,
  string: 6,
  bytes: 7,
  dataSet: 8,
  template: 9,
  extension: 10,
} as const;

export const MetricFlag = { historical: 1, transient: 2, null: 4 } as const;

/** More metrics than this in one payload is taken for an attack or a fault. */
export const maxMetrics = 200_000;

/**
 * The metrics of one payload in columns, reused from message to message: what is read from it is valid until the next
 * `decode`. Strings, data sets, templates and properties stay in the message's bytes until somebody asks.
 */
export class MetricColumns {
  length = 0;
  /** Payload's own fields; NaN when absent. ms UTC, 0 … 255. */
  timestamp = Number.NaN;
  seq = Number.NaN;
  uuidFrom = 0;
  uuidTo = 0;
  bodyFrom = -1;
  bodyTo = -1;
  nameFrom!: Int32Array;
  nameTo!: Int32Array;
  /** NaN when absent; above 2^53 see `wideAliases`. */
  alias!: Float64Array;
  wideAliases: Map<number, bigint> | null = null;
  /** ms UTC; NaN when absent. */
  time!: Float64Array;
  datatype!: Uint32Array;
  flags!: Uint8Array;
  kind!: Uint8Array;
  /** Number of an int (unsigned), long (unsigned), float, double or boolean. */
  number!: Float64Array;
  /** Halves of an int or long; start and end of everything that has a length. */
  lo!: Int32Array;
  hi!: Int32Array;
  propertiesFrom!: Int32Array;
  propertiesTo!: Int32Array;
  metadataFrom!: Int32Array;
  metadataTo!: Int32Array;
  readonly reader = new WireReader(new Uint8Array(0));
  #capacity = 0;

  constructor(capacity = 128) {
    this.#grow(capacity);
  }

  /** Reads a whole payload. Throws `sparkplug.malformed`. */
  decode(bytes: Uint8Array): this {
    const reader = this.reader;
    reader.reset(bytes);
    this.#clear();
    while (reader.pos < reader.end) {
      const key = reader.varint();
      if (key === 18) this.#metric();
      else if (key === 8) this.timestamp = reader.varint();
      else if (key === 24) this.seq = reader.varint();
      else if (key === 34) {
        const n = reader.length();
        this.uuidFrom = reader.pos;
        reader.pos += n;
        this.uuidTo = reader.pos;
      } else if (key === 42) {
        const n = reader.length();
        this.bodyFrom = reader.pos;
        reader.pos += n;
        this.bodyTo = reader.pos;
      } else this.#skip(key);
    }
    return this;
  }

  /** Reads metrics that lie at one field of a nested message (a template's members); other fields go to `other`. */
  decodeNested(bytes: Uint8Array, from: number, to: number, metricKey: number, other: (key: number) => void): this {
    const reader = this.reader;
    reader.reset(bytes);
    reader.pos = from;
    reader.end = to;
    this.#clear();
    while (reader.pos < reader.end) {
      const key = reader.varint();
      if (key === metricKey) this.#metric();
      else other(key);
    }
    return this;
  }

  name(i: number): string | null {
    const from = this.nameFrom[i]!;
    return from < 0 ? null : this.reader.bytes.toString('utf8', from, this.nameTo[i]!);
  }

  aliasOf(i: number): number | bigint | undefined {
    const alias = this.alias[i]!;
    if (Number.isNaN(alias)) return undefined;
    return this.wideAliases?.get(i) ?? alias;
  }

  /** Text of a string value, or of any part given by `lo` and `hi`. */
  text(i: number): string {
    return this.reader.bytes.toString('utf8', this.lo[i]!, this.hi[i]!);
  }

  blob(i: number): Buffer {
    return this.reader.bytes.subarray(this.lo[i]!, this.hi[i]!);
  }

  #clear(): void {
    this.length = 0;
    this.timestamp = Number.NaN;
    this.seq = Number.NaN;
    this.uuidFrom = this.uuidTo = 0;
    this.bodyFrom = this.bodyTo = -1;
    this.wideAliases = null;
  }

  #skip(key: number): void {
    const field = Math.floor(key / 8);
    if (field === 0) this.reader.fail('field 0');
    this.reader.skip(key % 8);
  }

  #metric(): void {
    const reader = this.reader;
    const n = reader.length();
    const outer = reader.end;
    const end = reader.pos + n;
    reader.end = end;
    const i = this.#next();
    while (reader.pos < end) this.#field(i, reader.varint(), reader);
    if (reader.pos !== end) reader.fail('metric overrun');
    reader.end = outer;
  }

  #field(i: number, key: number, reader: WireReader): void {
    switch (key) {
      case 10: {
        const n = reader.length();
        this.nameFrom[i] = reader.pos;
        reader.pos += n;
        this.nameTo[i] = reader.pos;
        return;
      }
      case 16:
        this.alias[i] = reader.varint();
        if (this.alias[i]! > Number.MAX_SAFE_INTEGER) this.#wideAlias(i);
        return;
      case 24:
        this.time[i] = reader.varint();
        return;
      case 32:
        this.datatype[i] = reader.varint();
        return;
      case 40:
        if (reader.varint() !== 0) this.flags[i]! |= MetricFlag.historical;
        return;
      case 48:
        if (reader.varint() !== 0) this.flags[i]! |= MetricFlag.transient;
        return;
      case 56:
        if (reader.varint() !== 0) this.flags[i]! |= MetricFlag.null;
        return;
      case 66: {
        const n = reader.length();
        this.metadataFrom[i] = reader.pos;
        reader.pos += n;
        this.metadataTo[i] = reader.pos;
        return;
      }
      case 74: {
        const n = reader.length();
        this.propertiesFrom[i] = reader.pos;
        reader.pos += n;
        this.propertiesTo[i] = reader.pos;
        return;
      }
      case 80:
        this.#integer(i, ValueKind.int, reader);
        return;
      case 88:
        this.#integer(i, ValueKind.long, reader);
        return;
      case 101:
        this.number[i] = reader.float();
        this.kind[i] = ValueKind.float;
        return;
      case 105:
        this.number[i] = reader.double();
        this.kind[i] = ValueKind.double;
        return;
      case 112:
        this.number[i] = reader.varint() === 0 ? 0 : 1;
        this.kind[i] = ValueKind.boolean;
        return;
      case 122:
        this.#span(i, ValueKind.string, reader);
        return;
      case 130:
        this.#span(i, ValueKind.bytes, reader);
        return;
      case 138:
        this.#span(i, ValueKind.dataSet, reader);
        return;
      case 146:
        this.#span(i, ValueKind.template, reader);
        return;
      case 154:
        this.#span(i, ValueKind.extension, reader);
        return;
      default:
        this.#skip(key);
    }
  }

  #integer(i: number, kind: number, reader: WireReader): void {
    this.number[i] = reader.varint();
    this.lo[i] = reader.lo;
    this.hi[i] = reader.hi;
    this.kind[i] = kind;
  }

  #span(i: number, kind: number, reader: WireReader): void {
    const n = reader.length();
    this.lo[i] = reader.pos;
    reader.pos += n;
    this.hi[i] = reader.pos;
    this.kind[i] = kind;
  }

  #wideAlias(i: number): void {
    this.wideAliases ??= new Map();
    this.wideAliases.set(i, (BigInt(this.reader.hi >>> 0) << 32n) | BigInt(this.reader.lo >>> 0));
  }

  #next(): number {
    const i = this.length;
    if (i === this.#capacity) {
      if (i >= maxMetrics) this.reader.fail(`more than ${maxMetrics} metrics`);
      this.#grow(Math.min(maxMetrics, this.#capacity * 2));
    }
    this.length = i + 1;
    this.nameFrom[i] = -1;
    this.alias[i] = Number.NaN;
    this.time[i] = Number.NaN;
    this.datatype[i] = 0;
    this.flags[i] = 0;
    this.kind[i] = 0;
    this.propertiesFrom[i] = -1;
    this.metadataFrom[i] = -1;
    return i;
  }

  #grow(capacity: number): void {
    const n = this.length;
    const int = (old?: Int32Array) => copied(old, new Int32Array(capacity), n);
    const float = (old?: Float64Array) => copied(old, new Float64Array(capacity), n);
    const byte = (old?: Uint8Array) => copied(old, new Uint8Array(capacity), n);
    this.nameFrom = int(this.nameFrom);
    this.nameTo = int(this.nameTo);
    this.alias = float(this.alias);
    this.time = float(this.time);
    this.datatype = copied(this.datatype, new Uint32Array(capacity), n);
    this.flags = byte(this.flags);
    this.kind = byte(this.kind);
    this.number = float(this.number);
    this.lo = int(this.lo);
    this.hi = int(this.hi);
    this.propertiesFrom = int(this.propertiesFrom);
    this.propertiesTo = int(this.propertiesTo);
    this.metadataFrom = int(this.metadataFrom);
    this.metadataTo = int(this.metadataTo);
    this.#capacity = capacity;
  }
}

function copied<T extends Int32Array | Uint32Array | Uint8Array | Float64Array>(
  from: T | undefined,
  to: T,
  n: number,
): T {
  if (from && n > 0) to.set(from.subarray(0, n) as never);
  return to;
}

/**
 * The number of metric `i` under the datatype of its birth; NaN when the value is no number. Integers are two's
 * complement (Int8 and Int16 lie in a 32-bit field); beyond 2^53 they are rounded, as samples are doubles.
 */
export function numberOf(columns: MetricColumns, i: number, datatype: number): number {
  const kind = columns.kind[i]!;
  if (kind === ValueKind.double || kind === ValueKind.float || kind === ValueKind.boolean) return columns.number[i]!;
  if (kind !== ValueKind.int && kind !== ValueKind.long) return Number.NaN;
  switch (datatype) {
    case DataType.Int8:
      return (columns.lo[i]! << 24) >> 24;
    case DataType.Int16:
      return (columns.lo[i]! << 16) >> 16;
    case DataType.Int32:
      return columns.lo[i]!;
    case DataType.Int64:
      return columns.hi[i]! * 4294967296 + (columns.lo[i]! >>> 0);
    case DataType.UInt8:
    case DataType.UInt16:
    case DataType.UInt32:
      return columns.lo[i]! >>> 0;
    default:
      return columns.number[i]!;
  }
}
