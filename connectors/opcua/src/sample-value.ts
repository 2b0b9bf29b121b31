import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import { DataType, type DataValue, type StatusCode, type Variant, VariantArrayType } from 'node-opcua-client';
import { elementOf, fieldOf, plainScalar, plainVariant } from './plain-value.ts';

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
  if (quality === Quality.gap) sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.gap);
  else if (!variant || variant.dataType === DataType.Null) addNothing(sink, target, timeUs, quality);
  else if (target.index !== undefined || target.field !== undefined) addPart(sink, target, variant, timeUs, quality);
  else if (variant.arrayType === VariantArrayType.Scalar) addScalar(sink, target, variant, timeUs, quality);
  else addPlain(sink, target, plainVariant(variant), timeUs, quality);
}

const numberKinds: ReadonlySet<SignalKind> = new Set(['number', 'integer', 'boolean', 'enum']);

function addScalar(sink: ValueSink, target: Target, variant: Variant, timeUs: number, quality: Quality): void {
  const { dataType: type, value } = variant;
  const number =
    type === DataType.Double || type === DataType.Float || (type >= DataType.SByte && type <= DataType.UInt32);
  if (number && numberKinds.has(target.kind)) addNumber(sink, target, value as number, timeUs, quality);
  else if (type === DataType.DateTime && value instanceof Date && numberKinds.has(target.kind))
    addNumber(sink, target, value.getTime() * 1000, timeUs, quality);
  else addPlain(sink, target, plainScalar(type, value), timeUs, quality);
}

function addPart(sink: ValueSink, target: Target, variant: Variant, timeUs: number, quality: Quality): void {
  let value = target.index === undefined ? plainVariant(variant) : elementOf(variant, target.index);
  if (value !== undefined && target.field) value = fieldOf(value, target.field);
  if (value !== undefined) {
    addPlain(sink, target, value, timeUs, quality);
    return;
  }
  const part = `${target.index ?? ''}${target.field ? `.${target.field.join('.')}` : ''}`;
  sink.problem(target, 'opcua.noSuchPart', part);
  addNothing(sink, target, timeUs, Quality.bad);
}

/** No value: what the server calls good without one is bad for us. */
function addNothing(sink: ValueSink, target: Target, timeUs: number, quality: Quality): void {
  sink.builder.addNumber(target.signal, timeUs, Number.NaN, quality === Quality.good ? Quality.bad : quality);
}

function addNumber(sink: ValueSink, target: Target, value: number, timeUs: number, quality: Quality): void {
  // NaN and the infinities are how machines say "no reading": a bad value, never a number to calculate with.
  if (Number.isFinite(value)) sink.builder.addNumber(target.signal, timeUs, value, quality);
  else sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.bad);
}

function addPlain(sink: ValueSink, target: Target, value: unknown, timeUs: number, quality: Quality): void {
  const { signal, kind } = target;
  if (value === null) addNothing(sink, target, timeUs, quality);
  else if (!numberKinds.has(kind)) {
    const text = typeof value === 'string' && kind !== 'json' && kind !== 'vector' ? value : JSON.stringify(value);
    addText(sink, target, text, timeUs, quality);
  } else if (typeof value === 'number') addNumber(sink, target, value, timeUs, quality);
  else if (typeof value === 'boolean') sink.builder.addNumber(signal, timeUs, value ? 1 : 0, quality);
  else if (typeof value === 'string') addTextAsNumber(sink, target, value, timeUs, quality);
  else refuseNumber(sink, target, JSON.stringify(value), timeUs);
}

/** Text in a number signal: enumerations keep it, integers beyond 2^53 keep their exact digits, plain decimals are read. */
function addTextAsNumber(sink: ValueSink, target: Target, text: string, timeUs: number, quality: Quality): void {
  const { signal, kind } = target;
  const trimmed = text.trim();
  if (kind === 'enum') addText(sink, target, text, timeUs, quality);
  else if (kind === 'boolean' && /^(?:true|false)$/i.test(trimmed))
    sink.builder.addNumber(signal, timeUs, trimmed.toLowerCase() === 'true' ? 1 : 0, quality);
  else if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) refuseNumber(sink, target, text, timeUs);
  else if (/^[+-]?\d+$/.test(trimmed) && !Number.isSafeInteger(Number(trimmed)))
    addText(sink, target, trimmed, timeUs, quality);
  else addNumber(sink, target, Number(trimmed), timeUs, quality);
}

function refuseNumber(sink: ValueSink, target: Target, text: string, timeUs: number): void {
  sink.problem(target, 'opcua.notANumber', text.slice(0, 60));
  sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.bad);
}

function addText(sink: ValueSink, target: Target, text: string, timeUs: number, quality: Quality): void {
  if (text.length <= maxTextLength) {
    sink.builder.addText(target.signal, timeUs, text, quality);
    return;
  }
  sink.problem(target, 'opcua.valueTooLarge', String(text.length));
  sink.builder.addNumber(target.signal, timeUs, Number.NaN, Quality.bad);
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
 * @param offsetUs added to times of the server: what its clock lacks against ours
 */
export function timeOf(
  data: DataValue,
  receivedUs: number,
  offsetUs: number,
): { timeUs: number; from: 'source' | 'server' | 'receipt' } {
  const source = data.sourceTimestamp?.getTime();
  if (source !== undefined && source > earliestMs)
    return { timeUs: source * 1000 + Math.floor((data.sourcePicoseconds ?? 0) / 1e6) + offsetUs, from: 'source' };
  const server = data.serverTimestamp?.getTime();
  if (server !== undefined && server > earliestMs)
    return { timeUs: server * 1000 + Math.floor((data.serverPicoseconds ?? 0) / 1e6) + offsetUs, from: 'server' };
  return { timeUs: receivedUs, from: 'receipt' };
}
