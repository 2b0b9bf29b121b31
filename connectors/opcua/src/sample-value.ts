import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import { DataType, type DataValue, type StatusCode, VariantArrayType } from 'node-opcua-client';
import { elementOf, fieldOf, int64, plainScalar, plainVariant } from './plain-value.ts';

/** One signal fed by a monitored item; several may share one. */
export interface Target {
  readonly signal: number;
  readonly path: string;
  readonly kind: SignalKind;
  readonly index?: number | readonly number[];
  readonly field?: readonly string[];
}

/** What converting a value came upon and a person should know. */
export type ValueProblem = 'opcua.notANumber' | 'opcua.noSuchPart' | 'opcua.valueTooLarge';

export interface ValueSink {
  readonly builder: BatchBuilder;
  problem(target: Target, code: ValueProblem, detail: string): void;
}

/** A text beyond this many characters is not stored: one value must not fill memory. */
export const maxTextLength = 65_536;

/**
 * Adds a value of a monitored item to the batch. Numbers of number signals take the short way; the rest goes through a
 * plain JSON value. A value that cannot be what the signal says is stored as bad, without a value.
 */
export function addValue(sink: ValueSink, target: Target, data: DataValue, timeUs: number): void {
  const quality = qualityOf(data.statusCode);
  const variant = data.value;
  if (quality === Quality.gap) return sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.gap);
  if (!variant || variant.dataType === DataType.Null)
    return sink.builder.addNumber(target.signal, timeUs, Number.NaN, quality === Quality.good ? Quality.bad : quality);
  const simple = target.index === undefined && target.field === undefined;
  if (simple && variant.arrayType === VariantArrayType.Scalar) {
    const type = variant.dataType;
    if (numberKinds.has(target.kind)) {
      if (type === DataType.Double || type === DataType.Float || (type >= DataType.SByte && type <= DataType.UInt32))
        return addNumber(sink, target, variant.value as number, timeUs, quality);
      if (type === DataType.Boolean)
        return sink.builder.addNumber(target.signal, timeUs, variant.value ? 1 : 0, quality);
      if (type === DataType.DateTime && variant.value instanceof Date)
        return addNumber(sink, target, variant.value.getTime() * 1000, timeUs, quality);
    }
    if (type === DataType.Int64 || type === DataType.UInt64)
      return addPlain(sink, target, int64(variant.value as number[], type === DataType.Int64), timeUs, quality);
    return addPlain(sink, target, plainScalar(type, variant.value), timeUs, quality);
  }
  let value = target.index === undefined ? plainVariant(variant) : elementOf(variant, target.index);
  if (value !== undefined && target.field) value = fieldOf(value, target.field);
  if (value === undefined) {
    const part = `${target.index ?? ''}${target.field ? `.${target.field.join('.')}` : ''}`;
    sink.problem(target, 'opcua.noSuchPart', part);
    return sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.bad);
  }
  addPlain(sink, target, value, timeUs, quality);
}

const numberKinds: ReadonlySet<SignalKind> = new Set(['number', 'integer', 'boolean', 'enum']);

function addNumber(sink: ValueSink, target: Target, value: number, timeUs: number, quality: Quality): void {
  // NaN and the infinities are how machines say "no reading": a bad value, never a number to calculate with.
  if (Number.isFinite(value)) sink.builder.addNumber(target.signal, timeUs, value, quality);
  else sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.bad);
}

function addPlain(sink: ValueSink, target: Target, value: unknown, timeUs: number, quality: Quality): void {
  const { signal, kind } = target;
  if (value === null)
    return sink.builder.addNumber(signal, timeUs, Number.NaN, quality === Quality.good ? Quality.bad : quality);
  if (numberKinds.has(kind)) {
    if (typeof value === 'number') return addNumber(sink, target, value, timeUs, quality);
    if (typeof value === 'boolean') return sink.builder.addNumber(signal, timeUs, value ? 1 : 0, quality);
    if (typeof value === 'string') return addTextAsNumber(sink, target, value, timeUs, quality);
    sink.problem(target, 'opcua.notANumber', JSON.stringify(value).slice(0, 60));
    return sink.builder.addNumber(signal, timeUs, Number.NaN, Quality.bad);
  }
  const text = typeof value === 'string' && kind !== 'json' && kind !== 'vector' ? value : JSON.stringify(value);
  addText(sink, target, text, timeUs, quality);
}

/** Text in a number signal: enumerations keep it, integers beyond 2^53 keep their exact digits, plain decimals are read. */
function addTextAsNumber(sink: ValueSink, target: Target, text: string, timeUs: number, quality: Quality): void {
  const { signal, kind } = target;
  const trimmed = text.trim();
  if (kind === 'enum') return addText(sink, target, text, timeUs, quality);
  if (kind === 'boolean' && /^(?:true|false)$/i.test(trimmed))
    return sink.builder.addNumber(signal, timeUs, trimmed.toLowerCase() === 'true' ? 1 : 0, quality);
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) {
    const whole = /^[+-]?\d+$/.test(trimmed);
    if (whole && !Number.isSafeInteger(Number(trimmed))) return addText(sink, target, trimmed, timeUs, quality);
    return addNumber(sink, target, Number(trimmed), timeUs, quality);
  }
  sink.problem(target, 'opcua.notANumber', text.slice(0, 60));
  sink.builder.addNumber(signal, timeUs, Number.NaN, Quality.bad);
}

function addText(sink: ValueSink, target: Target, text: string, timeUs: number, quality: Quality): void {
  if (text.length > maxTextLength) {
    sink.problem(target, 'opcua.valueTooLarge', String(text.length));
    return sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.bad);
  }
  sink.builder.addText(target.signal, timeUs, text, quality);
}

/**
 * Part 8 §6.3 codes by which a server says that it has lost its own device: a gap, as if our line to it had broken.
 * Compared without the low 16 bits, which carry flags.
 */
const gapCodes = new Set([
  0x8005, // BadCommunicationError
  0x8031, // BadNoCommunication
  0x8032, // BadWaitingForInitialData
  0x808a, // BadNotConnected
]);

/** Severity is the top two bits of a StatusCode (Part 4 §7.39): 00 good, 01 uncertain, 10 bad. */
export function qualityOf(status: StatusCode | null | undefined): Quality {
  const code = status ? status.value >>> 0 : 0;
  if (code < 0x4000_0000) return Quality.good;
  if (code < 0x8000_0000) return Quality.uncertain;
  return gapCodes.has(code >>> 16) ? Quality.gap : Quality.bad;
}

/** InfoType DataValue with the Overflow bit: the server's queue dropped values beside this one (Part 4 §7.39.1). */
export function isOverflow(status: StatusCode | null | undefined): boolean {
  return status ? (status.value & 0x0480) === 0x0480 : false;
}

/** 1970 is where devices without a set clock start; nothing earlier can be a real time. */
const earliestMs = 86_400_000;

/**
 * Time of a value, µs UTC: its source time; where the server gives none, the server's time; else when it came.
 * The library keeps the part below a millisecond as picoseconds.
 */
export function timeOf(data: DataValue, receivedUs: number): { timeUs: number; from: 'source' | 'server' | 'receipt' } {
  const source = data.sourceTimestamp?.getTime();
  if (source !== undefined && source > earliestMs)
    return { timeUs: source * 1000 + Math.floor((data.sourcePicoseconds ?? 0) / 1e6), from: 'source' };
  const server = data.serverTimestamp?.getTime();
  if (server !== undefined && server > earliestMs)
    return { timeUs: server * 1000 + Math.floor((data.serverPicoseconds ?? 0) / 1e6), from: 'server' };
  return { timeUs: receivedUs, from: 'receipt' };
}
