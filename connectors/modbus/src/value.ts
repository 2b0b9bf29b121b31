/** How a value lies in its registers. */
export const valueTypes = [
  'bool',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
  'bcd16',
  'bcd32',
  'string',
] as const;
export type ValueType = (typeof valueTypes)[number];
export type ByteOrder = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';

export interface ValueSpec {
  type: ValueType;
  order: ByteOrder;
  /** Registers of a string. */
  length?: number | undefined;
  /** Bit field within one register. */
  bit?: number | undefined;
  bits?: number | undefined;
  encoding: 'ascii' | 'utf-8' | 'euc-kr';
}

/** Reads one value from the registers that start at byte `at` of `data`. NaN for what is no number (bad BCD). */
export type Decoder = (data: Buffer, at: number) => number | string;

export function registersOf(type: ValueType, length?: number): number {
  if (type === 'string') return length ?? 1;
  if (type === 'int32' || type === 'uint32' || type === 'float32' || type === 'bcd32') return 2;
  if (type === 'int64' || type === 'uint64' || type === 'float64') return 4;
  return 1;
}

const readers: Record<Exclude<ValueType, 'string' | 'bool'>, (b: Buffer) => number> = {
  int16: (b) => b.readInt16BE(0),
  uint16: (b) => b.readUInt16BE(0),
  int32: (b) => b.readInt32BE(0),
  uint32: (b) => b.readUInt32BE(0),
  int64: (b) => Number(b.readBigInt64BE(0)),
  uint64: (b) => Number(b.readBigUInt64BE(0)),
  float32: (b) => b.readFloatBE(0),
  float64: (b) => b.readDoubleBE(0),
  bcd16: (b) => bcd(b, 2),
  bcd32: (b) => bcd(b, 4),
};

export function createDecoder(spec: ValueSpec): Decoder {
  const bytes = registersOf(spec.type, spec.length) * 2;
  const from = byteOrder(spec.order, bytes, spec.type === 'string');
  const scratch = Buffer.alloc(bytes);
  const arrange = (data: Buffer, at: number) => {
    for (let i = 0; i < bytes; i++) scratch[i] = data[at + from[i]!]!;
  };
  if (spec.bit !== undefined || spec.type === 'bool') {
    const shift = spec.bit ?? 0;
    const mask = spec.bit === undefined ? 0xffff : (1 << (spec.bits ?? 1)) - 1;
    const isFlag = spec.type === 'bool' && spec.bits === undefined;
    return (data, at) => {
      arrange(data, at);
      const field = (scratch.readUInt16BE(0) >> shift) & mask;
      return isFlag ? Number(field !== 0) : field;
    };
  }
  if (spec.type === 'string') {
    const decoder = new TextDecoder(spec.encoding === 'ascii' ? 'latin1' : spec.encoding);
    return (data, at) => {
      arrange(data, at);
      const end = scratch.indexOf(0);
      return decoder.decode(end < 0 ? scratch : scratch.subarray(0, end)).trimEnd();
    };
  }
  const read = readers[spec.type];
  return (data, at) => {
    arrange(data, at);
    return read(scratch);
  };
}

/** For each byte of the big-endian value, where it lies in the registers. */
function byteOrder(order: ByteOrder, bytes: number, isString: boolean): number[] {
  const words = bytes / 2;
  return Array.from({ length: bytes }, (_, i) => {
    const word = Math.floor(i / 2);
    // Swapped words make no sense in a text of any length: there only the bytes of a register are swapped.
    const swapWords = !isString && (order === 'CDAB' || order === 'DCBA');
    const swapBytes = order === 'BADC' || order === 'DCBA';
    return (swapWords ? words - 1 - word : word) * 2 + (swapBytes ? 1 - (i % 2) : i % 2);
  });
}

function bcd(b: Buffer, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) {
    const high = b[i]! >> 4;
    const low = b[i]! & 15;
    if (high > 9 || low > 9) return Number.NaN;
    value = value * 100 + high * 10 + low;
  }
  return value;
}
