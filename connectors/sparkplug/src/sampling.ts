import { typedValue } from '@deungdae/connector-mqtt/binding.ts';
import { type BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import type { Target } from './bindings.ts';
import { type MetricColumns, MetricFlag, numberOf, ValueKind } from './columns.ts';
import { DataType, dataTypeNames, type Metric, type PropertySet } from './datatypes.ts';
import { propertySetOf, valueAt } from './decode.ts';
import type { Slot } from './metric-table.ts';
import { WireReader } from './wire.ts';

/** Where the samples of one message go, and what holds for all of them. */
export interface Sampling {
  readonly builder: BatchBuilder;
  /** Time of metrics without one, µs UTC. */
  fallbackUs: number;
  /** Quality that the message itself allows. */
  quality: Quality;
  /** A time at or before this lies before a gap that we wrote; the value is then repeated at `knownAgainUs`. 0: never. */
  gapUs: number;
  knownAgainUs: number;
  wrongType(target: Target, value: unknown): void;
}

/** Adds metric `i` for every signal bound to it. */
export function sampleMetric(s: Sampling, columns: MetricColumns, i: number, slot: Slot): void {
  const targets = slot.targets!;
  const ms = columns.time[i]!;
  const time = Number.isNaN(ms) ? s.fallbackUs : ms * 1000;
  const quality = columns.propertiesFrom[i]! < 0 ? s.quality : worse(s.quality, propertyQuality(columns, i));
  // What was true before the gap and is told again in the birth is known from now on, too.
  const again = s.gapUs > 0 && time <= s.gapUs;
  for (const target of targets) {
    addValue(s, columns, i, slot.datatype, target, time, quality);
    if (again) addValue(s, columns, i, slot.datatype, target, s.knownAgainUs, quality);
  }
}

function addValue(
  s: Sampling,
  columns: MetricColumns,
  i: number,
  datatype: number,
  target: Target,
  time: number,
  quality: Quality,
): void {
  const kind = columns.kind[i]!;
  if (columns.flags[i]! & MetricFlag.null || kind === ValueKind.none) {
    target.last = 'null';
    s.builder.addNumber(target.signal, time, Number.NaN, Quality.bad);
    return;
  }
  if (kind <= ValueKind.boolean && isNumeric(target)) {
    const number = numberOf(columns, i, datatype);
    if (Number.isFinite(number)) {
      const stored = target.kind === 'boolean' && number !== 0 ? 1 : number;
      target.last = stored;
      s.builder.addNumber(target.signal, time, stored, quality);
    } else addWrong(s, target, time, number);
    return;
  }
  const value = typedValue(target.kind, plain(valueAt(columns, i, datatype), datatype, target));
  if (value === null) addWrong(s, target, time, brief(columns, i, datatype));
  else {
    target.last = value;
    s.builder.add(target.signal, time, value, quality);
  }
}

function isNumeric(target: Target): boolean {
  return target.kind === 'number' || target.kind === 'integer' || target.kind === 'boolean' || target.kind === 'enum';
}

function addWrong(s: Sampling, target: Target, time: number, value: unknown): void {
  s.builder.addNumber(target.signal, time, Number.NaN, Quality.bad);
  s.wrongType(target, value);
}

function brief(columns: MetricColumns, i: number, datatype: number): string {
  const value = valueAt(columns, i, datatype);
  return typeof value === 'string' ? value.slice(0, 80) : (dataTypeNames[datatype] ?? `datatype ${datatype}`);
}

/** The value as JSON has it: bytes in base64, times as ISO 8601 where a text is wanted, integers beyond 2^53 as text. */
function plain(value: Metric['value'], datatype: number, target: Target): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && datatype === DataType.DateTime && target.kind === 'text')
    return Math.abs(value) <= 8.64e15 ? new Date(value).toISOString() : String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object') return value;
  return JSON.parse(JSON.stringify(value, jsonSafe)) as unknown;
}

function jsonSafe(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}

/** The property `Quality` of Sparkplug: 192 good, 500 stale, 0 bad. */
function propertyQuality(columns: MetricColumns, i: number): Quality {
  const properties = readProperties(columns, i);
  const at = properties.keys.indexOf('Quality');
  const code = at < 0 ? 192 : properties.values[at]?.value;
  return code === 0 ? Quality.bad : code === 500 ? Quality.uncertain : Quality.good;
}

export function readProperties(columns: MetricColumns, i: number): PropertySet {
  const from = columns.propertiesFrom[i]!;
  if (from < 0) return { keys: [], values: [] };
  return propertySetOf(new WireReader(columns.reader.bytes.subarray(from, columns.propertiesTo[i]!)), 0);
}

function worse(a: Quality, b: Quality): Quality {
  return a > b ? a : b;
}
