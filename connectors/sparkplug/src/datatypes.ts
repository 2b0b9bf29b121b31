/** Sparkplug B data types (specification 3.0, chapter 6, "Data Types"). */
export const DataType = {
  Unknown: 0,
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
  DataSet: 16,
  Bytes: 17,
  File: 18,
  Template: 19,
  PropertySet: 20,
  PropertySetList: 21,
  Int8Array: 22,
  Int16Array: 23,
  Int32Array: 24,
  Int64Array: 25,
  UInt8Array: 26,
  UInt16Array: 27,
  UInt32Array: 28,
  UInt64Array: 29,
  FloatArray: 30,
  DoubleArray: 31,
  BooleanArray: 32,
  StringArray: 33,
  DateTimeArray: 34,
} as const;
export type DataType = (typeof DataType)[keyof typeof DataType];

export const dataTypeNames: readonly string[] = Object.keys(DataType);

export type Scalar = number | bigint | boolean | string;

/** A metric as people write it: tests, births, the edge node. The host's hot path uses columns instead. */
export interface Metric {
  name?: string;
  /** 64-bit unsigned; a bigint beyond 2^53. */
  alias?: number | bigint;
  /** ms UTC */
  timestamp?: number;
  datatype?: number;
  isHistorical?: boolean;
  isTransient?: boolean;
  isNull?: boolean;
  metadata?: MetaData;
  properties?: PropertySet;
  /** Left out together with `isNull`. Integers beyond 2^53 are bigints; File and Bytes are byte arrays. */
  value?: Scalar | Uint8Array | DataSet | Template | Scalar[];
}

export interface Payload {
  /** ms UTC */
  timestamp?: number;
  metrics: Metric[];
  /** 0 … 255 */
  seq?: number;
  uuid?: string;
  body?: Uint8Array;
}

export interface MetaData {
  isMultiPart?: boolean;
  contentType?: string;
  size?: number;
  seq?: number;
  fileName?: string;
  fileType?: string;
  md5?: string;
  description?: string;
}

export interface PropertySet {
  keys: string[];
  values: PropertyValue[];
}

export interface PropertyValue {
  type?: number;
  isNull?: boolean;
  value?: Scalar | PropertySet | PropertySet[];
}

export interface DataSet {
  columns: string[];
  types: number[];
  /** null where the element carries no value. */
  rows: (Scalar | null)[][];
}

export interface Template {
  version?: string;
  templateRef?: string;
  isDefinition?: boolean;
  metrics: Metric[];
  parameters: { name: string; type?: number; value?: Scalar }[];
}
