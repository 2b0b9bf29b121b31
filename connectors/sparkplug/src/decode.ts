import { isArrayType, narrow, unpackArray } from './arrays.ts';
import { MetricColumns, MetricFlag, numberOf, ValueKind } from './columns.ts';
import {
  type DataSet,
  DataType,
  type MetaData,
  type Metric,
  type Payload,
  type PropertySet,
  type PropertyValue,
  type Scalar,
  type Template,
} from './datatypes.ts';
import { Wire, WireReader } from './wire.ts';

/** Nested templates and property sets deeper than this are refused. */
const maxDepth = 8;

/** A payload as objects: for births, discovery and tests. Throws `sparkplug.malformed`, and nothing else, on bad bytes. */
export function decodePayload(bytes: Uint8Array): Payload {
  const columns = new MetricColumns().decode(bytes);
  const payload: Payload = { metrics: metricsOf(columns, 0) };
  if (!Number.isNaN(columns.timestamp)) payload.timestamp = columns.timestamp;
  if (!Number.isNaN(columns.seq)) payload.seq = columns.seq;
  if (columns.uuidTo > 0) payload.uuid = columns.reader.bytes.toString('utf8', columns.uuidFrom, columns.uuidTo);
  if (columns.bodyFrom >= 0)
    payload.body = new Uint8Array(columns.reader.bytes.subarray(columns.bodyFrom, columns.bodyTo));
  return payload;
}

function metricsOf(columns: MetricColumns, depth: number): Metric[] {
  const metrics: Metric[] = [];
  for (let i = 0; i < columns.length; i++) metrics.push(metricAt(columns, i, depth));
  return metrics;
}

/** Metric `i` as an object; its value is read by its own datatype. */
export function metricAt(columns: MetricColumns, i: number, depth = 0): Metric {
  const metric: Metric = {};
  const name = columns.name(i);
  if (name !== null) metric.name = name;
  const alias = columns.aliasOf(i);
  if (alias !== undefined) metric.alias = alias;
  if (!Number.isNaN(columns.time[i]!)) metric.timestamp = columns.time[i]!;
  if (columns.datatype[i] !== 0) metric.datatype = columns.datatype[i]!;
  const flags = columns.flags[i]!;
  if (flags & MetricFlag.historical) metric.isHistorical = true;
  if (flags & MetricFlag.transient) metric.isTransient = true;
  if (flags & MetricFlag.null) metric.isNull = true;
  const bytes = columns.reader.bytes;
  if (columns.metadataFrom[i]! >= 0)
    metric.metadata = metaDataOf(slice(bytes, columns.metadataFrom[i]!, columns.metadataTo[i]!));
  if (columns.propertiesFrom[i]! >= 0)
    metric.properties = propertySetOf(slice(bytes, columns.propertiesFrom[i]!, columns.propertiesTo[i]!), 0);
  const value = flags & MetricFlag.null ? undefined : valueAt(columns, i, columns.datatype[i]!, depth);
  if (value !== undefined) metric.value = value;
  return metric;
}

/** The value of metric `i` under `datatype` (0 when unknown); undefined when there is none. */
export function valueAt(columns: MetricColumns, i: number, datatype: number, depth = 0): Metric['value'] {
  switch (columns.kind[i]) {
    case ValueKind.int:
    case ValueKind.long:
      return integerAt(columns, i, datatype);
    case ValueKind.float:
    case ValueKind.double:
      return columns.number[i]!;
    case ValueKind.boolean:
      return columns.number[i] === 1;
    case ValueKind.string:
      return columns.text(i);
    case ValueKind.bytes: {
      const blob = columns.blob(i);
      const array = isArrayType(datatype) ? unpackArray(datatype, blob) : null;
      return array ?? new Uint8Array(blob);
    }
    case ValueKind.dataSet:
      return dataSetOf(slice(columns.reader.bytes, columns.lo[i]!, columns.hi[i]!));
    case ValueKind.template:
      return templateOf(columns.reader.bytes, columns.lo[i]!, columns.hi[i]!, depth + 1);
    default:
      return undefined;
  }
}

function integerAt(columns: MetricColumns, i: number, datatype: number): number | bigint | boolean {
  if (datatype === DataType.Boolean) return columns.number[i] !== 0;
  const number = numberOf(columns, i, datatype);
  if (Number.isSafeInteger(number)) return number;
  const unsigned = (BigInt(columns.hi[i]! >>> 0) << 32n) | BigInt(columns.lo[i]! >>> 0);
  return narrow(datatype === DataType.Int64 ? BigInt.asIntN(64, unsigned) : unsigned);
}

function slice(bytes: Buffer, from: number, to: number): WireReader {
  return new WireReader(bytes.subarray(from, to));
}

/** The scalar of a oneof whose fields stand `first` … `first + 5` in the order int, long, float, double, boolean, string. */
function scalarField(
  r: WireReader,
  key: number,
  first: number,
): number | { lo: number; hi: number } | boolean | string | undefined {
  switch (key) {
    case first * 8 + Wire.varint:
    case (first + 1) * 8 + Wire.varint:
      r.varint();
      return { lo: r.lo, hi: r.hi };
    case (first + 2) * 8 + Wire.fixed32:
      return r.float();
    case (first + 3) * 8 + Wire.fixed64:
      return r.double();
    case (first + 4) * 8 + Wire.varint:
      return r.varint() !== 0;
    case (first + 5) * 8 + Wire.bytes:
      return r.text();
    default:
      return undefined;
  }
}

type RawScalar = ReturnType<typeof scalarField>;

function typed(raw: RawScalar, datatype: number): Scalar | undefined {
  if (typeof raw !== 'object') return raw;
  switch (datatype) {
    case DataType.Int8:
      return (raw.lo << 24) >> 24;
    case DataType.Int16:
      return (raw.lo << 16) >> 16;
    case DataType.Int32:
      return raw.lo | 0;
    case DataType.Boolean:
      return raw.lo !== 0;
    default: {
      const unsigned = (BigInt(raw.hi >>> 0) << 32n) | BigInt(raw.lo >>> 0);
      return narrow(datatype === DataType.Int64 ? BigInt.asIntN(64, unsigned) : unsigned);
    }
  }
}

export function propertySetOf(r: WireReader, depth: number): PropertySet {
  if (depth > maxDepth) r.fail('properties nested too deep');
  const set: PropertySet = { keys: [], values: [] };
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 10) set.keys.push(r.text());
    else if (key === 18) set.values.push(r.nested(() => propertyValueOf(r, depth)));
    else skip(r, key);
  }
  return set;
}

function propertyValueOf(r: WireReader, depth: number): PropertyValue {
  const property: PropertyValue = {};
  let raw: RawScalar;
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 8) property.type = r.varint();
    else if (key === 16) {
      if (r.varint() !== 0) property.isNull = true;
    } else if (key === 74) property.value = r.nested(() => propertySetOf(r, depth + 1));
    else if (key === 82) property.value = r.nested(() => propertySetsOf(r, depth + 1));
    else {
      const scalar = scalarField(r, key, 3);
      if (scalar === undefined) skip(r, key);
      else raw = scalar;
    }
  }
  const value = typed(raw, property.type ?? 0);
  if (value !== undefined) property.value = value;
  return property;
}

function propertySetsOf(r: WireReader, depth: number): PropertySet[] {
  const sets: PropertySet[] = [];
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 10) sets.push(r.nested(() => propertySetOf(r, depth)));
    else skip(r, key);
  }
  return sets;
}

function metaDataOf(r: WireReader): MetaData {
  const m: MetaData = {};
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 8) m.isMultiPart = r.varint() !== 0;
    else if (key === 18) m.contentType = r.text();
    else if (key === 24) m.size = r.varint();
    else if (key === 32) m.seq = r.varint();
    else if (key === 42) m.fileName = r.text();
    else if (key === 50) m.fileType = r.text();
    else if (key === 58) m.md5 = r.text();
    else if (key === 66) m.description = r.text();
    else skip(r, key);
  }
  return m;
}

function dataSetOf(r: WireReader): DataSet {
  const set: DataSet = { columns: [], types: [], rows: [] };
  const raw: RawScalar[][] = [];
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 18) set.columns.push(r.text());
    else if (key === 24) set.types.push(r.varint());
    else if (key === 26) r.nested(() => packedTypes(r, set.types));
    else if (key === 34) raw.push(r.nested(() => rowOf(r)));
    else skip(r, key);
  }
  // Types may stand after the rows: protobuf does not promise an order.
  set.rows = raw.map((row) => row.map((value, i) => typed(value, set.types[i] ?? 0) ?? null));
  return set;
}

function packedTypes(r: WireReader, types: number[]): void {
  while (r.pos < r.end) types.push(r.varint());
}

function rowOf(r: WireReader): RawScalar[] {
  const row: RawScalar[] = [];
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 10) row.push(r.nested(() => elementOf(r)));
    else skip(r, key);
  }
  return row;
}

function elementOf(r: WireReader): RawScalar {
  let raw: RawScalar;
  while (r.pos < r.end) {
    const key = r.varint();
    const scalar = scalarField(r, key, 1);
    if (scalar === undefined) skip(r, key);
    else raw = scalar;
  }
  return raw;
}

/** A template's own fields; its members come as columns so that the host can flatten them without objects. */
export function readTemplate(bytes: Buffer, from: number, to: number) {
  const members = new MetricColumns(16);
  const own: Omit<Template, 'metrics'> = { parameters: [] };
  members.decodeNested(bytes, from, to, 18, (key) => {
    const r = members.reader;
    if (key === 10) own.version = r.text();
    else if (key === 26) own.parameters.push(r.nested(() => parameterOf(r)));
    else if (key === 34) own.templateRef = r.text();
    else if (key === 40) own.isDefinition = r.varint() !== 0;
    else skip(r, key);
  });
  return { ...own, members };
}

function templateOf(bytes: Buffer, from: number, to: number, depth: number): Template {
  const { members, ...own } = readTemplate(bytes, from, to);
  if (depth > maxDepth) members.reader.fail('templates nested too deep');
  return { ...own, metrics: metricsOf(members, depth) };
}

function parameterOf(r: WireReader): Template['parameters'][number] {
  const parameter: Template['parameters'][number] = { name: '' };
  let raw: RawScalar;
  while (r.pos < r.end) {
    const key = r.varint();
    if (key === 10) parameter.name = r.text();
    else if (key === 16) parameter.type = r.varint();
    else {
      const scalar = scalarField(r, key, 3);
      if (scalar === undefined) skip(r, key);
      else raw = scalar;
    }
  }
  const value = typed(raw, parameter.type ?? 0);
  if (value !== undefined) parameter.value = value;
  return parameter;
}

function skip(r: WireReader, key: number): void {
  if (key < 8) r.fail('field 0');
  r.skip(key % 8);
}
