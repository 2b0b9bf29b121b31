import { isArrayType, packArray } from './arrays.ts';
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
import { WireWriter } from './wire.ts';

/**
 * A Sparkplug B payload as protobuf bytes. Throws RangeError or TypeError on values that the datatype cannot hold.
 * With `data` the datatypes are used but not written: DATA messages leave them to the birth.
 */
export function encodePayload(payload: Payload, options: { data?: boolean } = {}): Buffer {
  const w = new WireWriter();
  w.uint(1, payload.timestamp);
  for (const metric of payload.metrics) w.nested(2, () => writeMetric(w, metric, options.data));
  w.uint(3, payload.seq);
  w.text(4, payload.uuid);
  w.blob(5, payload.body);
  return w.finish();
}

function writeMetric(w: WireWriter, m: Metric, data = false): void {
  w.text(1, m.name);
  w.uint(2, m.alias);
  w.uint(3, m.timestamp);
  if (!data) w.uint(4, m.datatype);
  if (m.isHistorical) w.bool(5, true);
  if (m.isTransient) w.bool(6, true);
  if (m.isNull) w.bool(7, true);
  if (m.metadata) w.nested(8, () => writeMetaData(w, m.metadata!));
  if (m.properties) w.nested(9, () => writePropertySet(w, m.properties!));
  if (m.value !== undefined && !m.isNull) writeMetricValue(w, m.datatype ?? inferType(m.value), m.value);
}

/** The datatype when a DATA message leaves it out and the caller did not say. */
function inferType(value: NonNullable<Metric['value']>): number {
  if (typeof value === 'boolean') return DataType.Boolean;
  if (typeof value === 'string') return DataType.String;
  if (typeof value === 'bigint') return DataType.Int64;
  if (typeof value === 'number') return DataType.Double;
  if (value instanceof Uint8Array) return DataType.Bytes;
  if ('rows' in value) return DataType.DataSet;
  return DataType.Template;
}

/** Fields of the oneof in Metric; the others (PropertyValue, DataSetValue, Parameter) differ by an offset only. */
const metricValue = { int: 10, long: 11, float: 12, double: 13, boolean: 14, string: 15 };
const propertyValue = { int: 3, long: 4, float: 5, double: 6, boolean: 7, string: 8 };
const dataSetValue = { int: 1, long: 2, float: 3, double: 4, boolean: 5, string: 6 };
const parameterValue = propertyValue;

function writeMetricValue(w: WireWriter, datatype: number, value: NonNullable<Metric['value']>): void {
  if (datatype === DataType.DataSet) w.nested(17, () => writeDataSet(w, value as DataSet));
  else if (datatype === DataType.Template) w.nested(18, () => writeTemplate(w, value as Template));
  else if (datatype === DataType.Bytes || datatype === DataType.File) w.blob(16, value as Uint8Array);
  else if (isArrayType(datatype)) w.blob(16, packArray(datatype, value as Scalar[]));
  else writeScalar(w, metricValue, datatype, value as Scalar);
}

function writeScalar(w: WireWriter, at: typeof metricValue, datatype: number, value: Scalar): void {
  switch (datatype) {
    case DataType.Int8:
    case DataType.Int16:
    case DataType.Int32:
      w.uint(at.int, Number(value) >>> 0);
      return;
    case DataType.UInt8:
    case DataType.UInt16:
    case DataType.UInt32:
      w.uint(at.int, Number(value));
      return;
    case DataType.Int64:
    case DataType.UInt64:
    case DataType.DateTime:
      w.uint(at.long, value as number | bigint);
      return;
    case DataType.Float:
      w.float(at.float, Number(value));
      return;
    case DataType.Double:
      w.double(at.double, Number(value));
      return;
    case DataType.Boolean:
      w.bool(at.boolean, Boolean(value));
      return;
    case DataType.String:
    case DataType.Text:
    case DataType.UUID:
      w.text(at.string, String(value));
      return;
    default:
      throw new RangeError(`datatype ${datatype} has no scalar value`);
  }
}

function writeMetaData(w: WireWriter, m: MetaData): void {
  w.bool(1, m.isMultiPart);
  w.text(2, m.contentType);
  w.uint(3, m.size);
  w.uint(4, m.seq);
  w.text(5, m.fileName);
  w.text(6, m.fileType);
  w.text(7, m.md5);
  w.text(8, m.description);
}

function writePropertySet(w: WireWriter, set: PropertySet): void {
  for (const key of set.keys) w.text(1, key);
  for (const value of set.values) w.nested(2, () => writePropertyValue(w, value));
}

function writePropertyValue(w: WireWriter, property: PropertyValue): void {
  w.uint(1, property.type);
  if (property.isNull) w.bool(2, true);
  const value = property.value;
  if (value === undefined || property.isNull) return;
  if (Array.isArray(value)) {
    w.nested(10, () => {
      for (const set of value) w.nested(1, () => writePropertySet(w, set));
    });
  } else if (typeof value === 'object') w.nested(9, () => writePropertySet(w, value));
  else writeScalar(w, propertyValue, property.type ?? inferType(value), value);
}

function writeDataSet(w: WireWriter, set: DataSet): void {
  w.uint(1, set.columns.length);
  for (const column of set.columns) w.text(2, column);
  for (const type of set.types) w.uint(3, type);
  for (const row of set.rows) {
    w.nested(4, () => {
      for (const [i, value] of row.entries()) {
        w.nested(1, () => {
          if (value !== null) writeScalar(w, dataSetValue, set.types[i] ?? inferType(value), value);
        });
      }
    });
  }
}

function writeTemplate(w: WireWriter, template: Template): void {
  w.text(1, template.version);
  for (const metric of template.metrics) w.nested(2, () => writeMetric(w, metric));
  for (const p of template.parameters) {
    w.nested(3, () => {
      w.text(1, p.name);
      w.uint(2, p.type);
      if (p.value !== undefined) writeScalar(w, parameterValue, p.type ?? inferType(p.value), p.value);
    });
  }
  w.text(4, template.templateRef);
  w.bool(5, template.isDefinition);
}
