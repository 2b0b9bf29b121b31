import { DataType, type Variant, VariantArrayType } from 'node-opcua-client';

/** JSON-ready forms of OPC UA values: what a person or a rule can read. */

/** Int64 and UInt64 arrive as [high, low] words: a number when exact, else the exact decimal text. */
export function int64(words: readonly number[], signed: boolean): number | string {
  const big = (BigInt(words[0]! >>> 0) << 32n) | BigInt(words[1]! >>> 0);
  const value = signed ? BigInt.asIntN(64, big) : big;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** One scalar of a built-in type. NaN and infinities become null inside JSON, as JSON has none. */
export function plainScalar(type: DataType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case DataType.Int64:
      return int64(value as number[], true);
    case DataType.UInt64:
      return int64(value as number[], false);
    case DataType.DateTime:
      return isoTime(value);
    case DataType.ByteString:
      return Buffer.from(value as Uint8Array).toString('base64');
    case DataType.LocalizedText:
      return (value as { text?: string | null }).text ?? null;
    case DataType.QualifiedName:
      return (value as { name?: string | null }).name ?? null;
    case DataType.StatusCode:
      return (value as { name?: string }).name ?? String(value);
    case DataType.NodeId:
    case DataType.ExpandedNodeId:
      return String(value);
    case DataType.Variant:
      return plainVariant(value as Variant);
    case DataType.ExtensionObject:
      return plainObject(value);
    default:
      return value;
  }
}

/** A whole variant: scalar, array or matrix (nested by its dimensions). */
export function plainVariant(variant: Variant): unknown {
  const { dataType, arrayType, value } = variant;
  if (arrayType === VariantArrayType.Scalar) return plainScalar(dataType, value);
  const flat = Array.from((value as ArrayLike<unknown> | null) ?? [], (v) => plainScalar(dataType, v));
  if (arrayType !== VariantArrayType.Matrix || !variant.dimensions) return flat;
  return nest(flat, variant.dimensions);
}

function nest(flat: unknown[], dimensions: readonly number[]): unknown[] {
  if (dimensions.length <= 1) return flat;
  const size = dimensions.slice(1).reduce((a, b) => a * b, 1);
  return Array.from({ length: dimensions[0]! }, (_, i) =>
    nest(flat.slice(i * size, (i + 1) * size), dimensions.slice(1)),
  );
}

interface FieldSchema {
  name: string;
  fieldType: string;
  isArray?: boolean;
}

/** A decoded structure by its schema's fields; an undecoded one as its type and bytes. */
export function plainObject(value: unknown, depth = 0): unknown {
  if (value === null || value === undefined || typeof value !== 'object') return value ?? null;
  if (depth > 32) return null;
  if (Array.isArray(value)) return value.map((v) => plainObject(v, depth + 1));
  const schema = (value as { schema?: { fields?: FieldSchema[]; _possibleFields?: string[] } }).schema;
  if (!schema?.fields) return plainUnknown(value);
  const result: Record<string, unknown> = {};
  for (const name of schema._possibleFields ?? schema.fields.map((f) => f.name)) {
    const field = (value as Record<string, unknown>)[name];
    if (field === undefined) continue;
    result[upperFirst(name)] = plainField(fieldType(schema.fields, name), field, depth + 1);
  }
  return result;
}

function fieldType(fields: readonly FieldSchema[], name: string): string {
  const wanted = name.toLowerCase();
  return fields.find((f) => f.name.toLowerCase() === wanted)?.fieldType ?? '';
}

function plainField(type: string, value: unknown, depth: number): unknown {
  const builtIn = DataType[type.replace(/^ua:|^opc:/, '') as keyof typeof DataType] as DataType | undefined;
  const known = builtIn ?? (type.endsWith('UtcTime') ? DataType.DateTime : undefined);
  const pair = Array.isArray(value) && value.length === 2 && typeof value[0] === 'number';
  if ((known === DataType.Int64 || known === DataType.UInt64) && pair) return plainScalar(known, value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    if (known === DataType.ByteString && ArrayBuffer.isView(value)) return plainScalar(known, value);
    return Array.from(value as ArrayLike<unknown>, (v) => plainField(type, v, depth + 1));
  }
  return known === undefined ? plainObject(value, depth) : plainScalar(known, value);
}

function plainUnknown(value: object): unknown {
  if (value instanceof Date) return isoTime(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const { dataType, arrayType, text, nodeId, buffer } = value as Record<string, unknown>;
  if (typeof dataType === 'number' && typeof arrayType === 'number') return plainVariant(value as Variant);
  if (typeof text === 'string') return text;
  if (buffer instanceof Uint8Array && nodeId) return { type: String(nodeId), bytes: plainUnknown(buffer) };
  return typeof (value as { toJSON?: () => unknown }).toJSON === 'function'
    ? (value as { toJSON(): unknown }).toJSON()
    : String(value);
}

function isoTime(value: unknown): string | null {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : null;
}

/** Schemas of the standard keep field names in lower camel case, dynamic ones as the server spells them: one rule for both. */
function upperFirst(name: string): string {
  return name ? name[0]!.toUpperCase() + name.slice(1) : name;
}

/** The element of an array or matrix; undefined when it is not there. */
export function elementOf(variant: Variant, index: number | readonly number[]): unknown {
  const at = typeof index === 'number' ? [index] : index;
  let value: unknown = plainVariant(variant);
  for (const i of at) {
    if (!Array.isArray(value) || i >= value.length) return undefined;
    value = value[i];
  }
  return value;
}

/** The part of a plain value under a path such as `speed.actual` or `axes.2.load`, without regard to case; undefined when absent. */
export function fieldOf(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (current === null || typeof current !== 'object') return undefined;
    if (Array.isArray(current)) current = current[Number(name)];
    else {
      const record = current as Record<string, unknown>;
      const wanted = name.toLowerCase();
      const key = Object.hasOwn(record, name) ? name : Object.keys(record).find((k) => k.toLowerCase() === wanted);
      current = key === undefined ? undefined : record[key];
    }
  }
  return current;
}
