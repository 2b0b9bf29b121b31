import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import type { MqttAddress } from './config.ts';
import { type FieldPath, fieldAt, parseFieldPath, withCaptures } from './field-path.ts';
import { parseTimeUs, type TimeFormat } from './payload-time.ts';

/** How one signal is taken out of a message (or out of one element of it). */
export interface Binding {
  readonly signal: number;
  readonly path: string;
  readonly kind: SignalKind;
  readonly json: boolean;
  readonly field: FieldPath;
  readonly time: { field: FieldPath; format: TimeFormat | undefined } | null;
  readonly quality: { field: FieldPath; good: ReadonlySet<unknown> } | null;
  readonly each: FieldPath | null;
  readonly match: { field: FieldPath; equals: string } | null;
  readonly values: ReadonlyMap<string, string | number | boolean> | null;
}

export function bindingOf(signal: BoundSignal<MqttAddress>): Binding {
  const a = signal.address;
  const path = (text: string | undefined) => parseFieldPath(text ?? '') ?? [];
  const structured = a.field !== undefined || a.time !== undefined || a.each !== undefined || a.match !== undefined;
  return {
    signal: signal.id,
    path: signal.path,
    kind: signal.kind,
    json: a.payload === undefined ? structured : a.payload === 'json',
    field: path(a.field),
    time: a.time ? { field: path(a.time.field), format: a.time.format } : null,
    quality: a.quality ? { field: path(a.quality.field), good: new Set<unknown>(a.quality.good) } : null,
    each: a.each === undefined ? null : path(a.each),
    match: a.match ? { field: path(a.match.field), equals: String(a.match.equals) } : null,
    values: a.values ? new Map(Object.entries(a.values)) : null,
  };
}

export function bindingWith(binding: Binding, captured: ReadonlyMap<string, string>): Binding {
  const put = (path: FieldPath) => withCaptures(path, captured);
  return {
    ...binding,
    field: put(binding.field),
    each: binding.each && put(binding.each),
    match: binding.match && {
      field: put(binding.match.field),
      equals: withCaptures([binding.match.equals], captured)[0]!,
    },
    time: binding.time && { ...binding.time, field: put(binding.time.field) },
  };
}

/** What extraction could not use; the connector counts it and tells. */
export type Complaint = (code: 'mqtt.wrongType' | 'mqtt.badTime', path: string, value: unknown) => void;

/** Adds the sample of `binding` in `item`, if there is one. `arrival` and `stale` serve when the item has no time. */
export function addSample(
  builder: BatchBuilder,
  binding: Binding,
  item: unknown,
  arrival: { us: number; retained: boolean },
  complain: Complaint,
): void {
  let raw = fieldAt(item, binding.field);
  if (raw === undefined) return;
  let timeUs = Number.NaN;
  let quality: Quality = Quality.good;
  if (binding.time) {
    const given = fieldAt(item, binding.time.field);
    timeUs = parseTimeUs(given, binding.time.format);
    if (Number.isNaN(timeUs)) {
      quality = Quality.uncertain;
      complain('mqtt.badTime', binding.path, given);
    }
  }
  if (Number.isNaN(timeUs)) {
    timeUs = arrival.us;
    // A retained message may be a year old: what it says is known, when it was so is not.
    if (arrival.retained) quality = Quality.uncertain;
  }
  if (binding.quality && !binding.quality.good.has(fieldAt(item, binding.quality.field))) quality = Quality.bad;
  if (binding.values && typeof raw !== 'object') raw = binding.values.get(String(raw)) ?? raw;
  addTyped(builder, binding, raw, timeUs, quality, complain);
}

function addTyped(
  builder: BatchBuilder,
  binding: Binding,
  raw: unknown,
  timeUs: number,
  quality: Quality,
  complain: Complaint,
): void {
  if (raw === null) {
    builder.addNumber(binding.signal, timeUs, Number.NaN, Quality.bad);
    return;
  }
  const value = typedValue(binding.kind, raw);
  if (typeof value === 'number') builder.addNumber(binding.signal, timeUs, value, quality);
  else if (typeof value === 'string') builder.addText(binding.signal, timeUs, value, quality);
  else {
    builder.addNumber(binding.signal, timeUs, Number.NaN, Quality.bad);
    complain('mqtt.wrongType', binding.path, raw);
  }
}

const numeric = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const truths = new Map([
  ['true', 1],
  ['on', 1],
  ['yes', 1],
  ['1', 1],
  ['false', 0],
  ['off', 0],
  ['no', 0],
  ['0', 0],
]);

/** The value as the signal's kind wants it: number or text; null when it is of the wrong type. */
export function typedValue(kind: SignalKind, raw: unknown): number | string | null {
  switch (kind) {
    case 'number':
    case 'integer': {
      if (typeof raw === 'boolean') return raw ? 1 : 0;
      const number =
        typeof raw === 'number' ? raw : typeof raw === 'string' && numeric.test(raw) ? Number(raw) : Number.NaN;
      return Number.isFinite(number) ? number : null;
    }
    case 'boolean':
      if (typeof raw === 'boolean') return raw ? 1 : 0;
      if (typeof raw === 'number') return raw === 0 || raw === 1 ? raw : null;
      return typeof raw === 'string' ? (truths.get(raw.trim().toLowerCase()) ?? null) : null;
    case 'enum':
      if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
      if (typeof raw === 'boolean') return raw ? 1 : 0;
      return typeof raw === 'string' ? raw : null;
    case 'text':
      return typeof raw === 'string' ? raw : JSON.stringify(raw);
    case 'vector':
      return Array.isArray(raw) || typeof raw === 'string' ? asJson(raw) : null;
    default:
      return asJson(raw);
  }
}

function asJson(raw: unknown): string {
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}
