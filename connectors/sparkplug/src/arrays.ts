import { DataType, type Scalar } from './datatypes.ts';

/** Array datatypes 22 … 34: packed little-endian in `bytes_value` (specification 3.0, "Datatype Details"). */
export function isArrayType(datatype: number): boolean {
  return datatype >= DataType.Int8Array && datatype <= DataType.DateTimeArray;
}

const elementSizes: Record<number, number> = {
  [DataType.Int8Array]: 1,
  [DataType.UInt8Array]: 1,
  [DataType.Int16Array]: 2,
  [DataType.UInt16Array]: 2,
  [DataType.Int32Array]: 4,
  [DataType.UInt32Array]: 4,
  [DataType.FloatArray]: 4,
  [DataType.Int64Array]: 8,
  [DataType.UInt64Array]: 8,
  [DataType.DoubleArray]: 8,
  [DataType.DateTimeArray]: 8,
};

/** Elements of a packed array; null when the bytes do not fit the type. */
export function unpackArray(datatype: number, bytes: Buffer): Scalar[] | null {
  if (datatype === DataType.BooleanArray) return unpackBooleans(bytes);
  if (datatype === DataType.StringArray) return unpackStrings(bytes);
  const size = elementSizes[datatype];
  if (size === undefined || bytes.length % size !== 0) return null;
  const values: Scalar[] = [];
  for (let at = 0; at < bytes.length; at += size) values.push(unpackOne(datatype, bytes, at));
  return values;
}

function unpackOne(datatype: number, bytes: Buffer, at: number): Scalar {
  switch (datatype) {
    case DataType.Int8Array:
      return bytes.readInt8(at);
    case DataType.UInt8Array:
      return bytes.readUInt8(at);
    case DataType.Int16Array:
      return bytes.readInt16LE(at);
    case DataType.UInt16Array:
      return bytes.readUInt16LE(at);
    case DataType.Int32Array:
      return bytes.readInt32LE(at);
    case DataType.UInt32Array:
      return bytes.readUInt32LE(at);
    case DataType.FloatArray:
      return bytes.readFloatLE(at);
    case DataType.DoubleArray:
      return bytes.readDoubleLE(at);
    case DataType.Int64Array:
      return narrow(bytes.readBigInt64LE(at));
    default:
      return narrow(bytes.readBigUInt64LE(at));
  }
}

/** A number where that is exact. */
export function narrow(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** Four bytes of count, then the bits, most significant first. */
function unpackBooleans(bytes: Buffer): boolean[] | null {
  if (bytes.length < 4) return null;
  const count = bytes.readUInt32LE(0);
  if (count > (bytes.length - 4) * 8) return null;
  const values: boolean[] = [];
  for (let i = 0; i < count; i++) values.push((bytes[4 + (i >> 3)]! & (128 >> (i & 7))) !== 0);
  return values;
}

function unpackStrings(bytes: Buffer): string[] | null {
  if (bytes.length > 0 && bytes.at(-1) !== 0) return null;
  const values = bytes.toString('utf8').split('\0');
  values.pop();
  return values;
}

export function packArray(datatype: number, values: readonly Scalar[]): Buffer {
  if (datatype === DataType.BooleanArray) {
    const bytes = Buffer.alloc(4 + Math.ceil(values.length / 8));
    bytes.writeUInt32LE(values.length, 0);
    for (const [i, value] of values.entries()) if (value) bytes[4 + (i >> 3)]! |= 128 >> (i & 7);
    return bytes;
  }
  if (datatype === DataType.StringArray) return Buffer.from(values.map((v) => `${v}\0`).join(''), 'utf8');
  const size = elementSizes[datatype];
  if (size === undefined) throw new RangeError(`not an array datatype: ${datatype}`);
  const bytes = Buffer.alloc(size * values.length);
  for (const [i, value] of values.entries()) packOne(datatype, bytes, i * size, value);
  return bytes;
}

function packOne(datatype: number, bytes: Buffer, at: number, value: Scalar): void {
  switch (datatype) {
    case DataType.FloatArray:
      bytes.writeFloatLE(Number(value), at);
      return;
    case DataType.DoubleArray:
      bytes.writeDoubleLE(Number(value), at);
      return;
    case DataType.Int64Array:
    case DataType.UInt64Array:
    case DataType.DateTimeArray:
      bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value as number | bigint)), at);
      return;
    default: {
      const size = elementSizes[datatype]!;
      const unsigned = Number(value) < 0 ? Number(value) + 2 ** (8 * size) : Number(value);
      bytes.writeUIntLE(unsigned, at, size);
    }
  }
}
