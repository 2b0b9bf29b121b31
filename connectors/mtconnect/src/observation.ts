import { type ConditionLevel, formatCondition } from '@deungdae/contracts/condition.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type BatchBuilder, Quality } from '@deungdae/contracts/sample.ts';
import { type DataSet, parseDataSet } from './data-set.ts';
import type { MergedSet } from './merged-set.ts';
import type { ShdrItem, ShdrShape } from './shdr.ts';

/** A signal that observations of one data item go to. */
export interface Target extends ShdrItem {
  readonly signal: number;
  readonly kind: SignalKind;
  readonly shape: ShdrShape;
  /** The set as it stands, for DATA_SET and TABLE. */
  readonly set?: MergedSet | null;
}

export const isSet = (shape: ShdrShape): boolean => shape === 'dataSet' || shape === 'table';

/** How fields follow a tag when no device model tells: by the kind of the signal that is bound to it. */
export function shapeOfKind(kind: SignalKind): ShdrShape {
  if (kind === 'condition') return 'condition';
  return 'value';
}

/**
 * A number written in decimal; NaN for anything else. `Number` alone takes '' and ' ' for 0, hexadecimal, and Infinity.
 */
export function decimal(text: string): number {
  const c = text.charCodeAt(0);
  if ((c >= 48 && c <= 57) || c === 45 || c === 46 || c === 43) {
    const x = text.charCodeAt(1) | 32;
    if (x === 120 || x === 98 || x === 111) return Number.NaN;
    const n = Number(text);
    return Number.isFinite(n) ? n : Number.NaN;
  }
  return c === 32 && text.trim() !== '' ? decimal(text.trim()) : Number.NaN;
}

const truths: Record<string, number> = {
  true: 1,
  on: 1,
  yes: 1,
  active: 1,
  '1': 1,
  false: 0,
  off: 0,
  no: 0,
  inactive: 0,
  '0': 0,
};

/**
 * Adds what a value observation says to the batch. UNAVAILABLE is a gap. A number signal that gets something else
 * keeps the text with quality bad, so that nobody has to guess what the machine said. `quality` is for good values.
 */
export function addValue(
  b: BatchBuilder,
  t: Target,
  timeUs: number,
  text: string,
  quality: Quality = Quality.good,
): void {
  if (text === 'UNAVAILABLE') {
    t.set?.empty();
    b.addNumber(t.signal, timeUs, Number.NaN, Quality.gap);
    return;
  }
  if (t.set) {
    addSetChange(b, t, t.set, timeUs, parseDataSet(text, { table: t.shape === 'table' }), quality);
    return;
  }
  switch (t.kind) {
    case 'number':
    case 'integer': {
      let n = decimal(text);
      // A reset trigger may follow the number: `0:DAY`.
      if (Number.isNaN(n)) n = decimal(/^([^:]*):[A-Z_]+$/.exec(text)?.[1] ?? '');
      if (!Number.isNaN(n)) b.addNumber(t.signal, timeUs, n, quality);
      else if (text.trim() === '' || /^[+-]?(nan|inf(inity)?)$/i.test(text.trim()))
        b.addNumber(t.signal, timeUs, Number.NaN, Quality.bad);
      else b.addText(t.signal, timeUs, text, Quality.bad);
      return;
    }
    case 'boolean': {
      const n = truths[text.trim().toLowerCase()];
      if (n === undefined) b.addText(t.signal, timeUs, text, Quality.bad);
      else b.addNumber(t.signal, timeUs, n, quality);
      return;
    }
    default:
      b.addText(t.signal, timeUs, text, quality);
  }
}

/** Adds the set as it stands after a change; with quality uncertain when entries may be missing. */
export function addSetChange(
  b: BatchBuilder,
  t: Target,
  set: MergedSet,
  timeUs: number,
  change: DataSet,
  quality: Quality = Quality.good,
): void {
  set.apply(change);
  b.addText(t.signal, timeUs, set.json(), set.whole || quality > Quality.uncertain ? quality : Quality.uncertain);
}

/** UNAVAILABLE is a gap; the others travel as text (contracts/condition.ts). `level` is in upper case. */
export function addCondition(
  b: BatchBuilder,
  t: Target,
  timeUs: number,
  level: string,
  nativeCode: string,
  nativeSeverity: string,
  qualifier: string,
  text: string,
  quality: Quality = Quality.good,
): void {
  if (level === 'UNAVAILABLE') {
    b.addNumber(t.signal, timeUs, Number.NaN, Quality.gap);
    return;
  }
  const condition = { level: level as ConditionLevel, nativeCode, nativeSeverity, qualifier, text };
  b.addText(t.signal, timeUs, formatCondition(condition), quality);
}

export function addMessage(
  b: BatchBuilder,
  t: Target,
  timeUs: number,
  code: string,
  text: string,
  quality?: Quality,
): void {
  if (text === 'UNAVAILABLE') addValue(b, t, timeUs, text);
  else addValue(b, t, timeUs, code === '' ? text : `${code}: ${text}`, quality);
}

/** Values of one TIME_SERIES observation; more are a fault of the device. */
const maxSeries = 100_000;

/**
 * Spreads a TIME_SERIES over time. The time of the observation is taken as that of the last value, the
 * moment at which the adapter had the whole series; `defaultRateHz` is the data item's sampleRate. Without any rate only the
 * last value has a known time; the others are left out.
 */
export function addTimeSeries(
  b: BatchBuilder,
  t: Target,
  timeUs: number,
  rateHz: number,
  values: string,
  defaultRateHz: number,
  quality: Quality = Quality.good,
): void {
  const rate = rateHz > 0 ? rateHz : defaultRateHz;
  const numbers = values.trim().split(/\s+/, maxSeries);
  const from = rate > 0 ? 0 : numbers.length - 1;
  for (let i = from; i < numbers.length; i++) {
    const at = rate > 0 ? timeUs - Math.round(((numbers.length - 1 - i) * 1_000_000) / rate) : timeUs;
    const n = decimal(numbers[i]!);
    b.addNumber(t.signal, at, n, Number.isNaN(n) ? Quality.bad : quality);
  }
}
