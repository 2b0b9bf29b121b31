import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { BatchBuilder, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { ErrorParams } from '@deungdae/kernel/errors.ts';
import type { KitErrorCode } from './errors.ts';
import type { KitLimits } from './limits.ts';

/** What the plant file says of one signal, as far as its samples are changed by it. */
export interface SignalRule {
  readonly id: number;
  readonly path: string;
  readonly kind: SignalKind;
  readonly scale?: { factor: number; offset: number } | null;
  readonly limits?: { min?: number; max?: number } | null;
  /** Changes not larger than this are held back; null lets everything pass. */
  readonly deadband?: number | null;
  readonly staleAfterMs?: number | null;
}

export interface ConditioningCounts {
  /** Held back because the change was within the deadband. */
  withinDeadband: number;
  /** Dropped: a signal that is not bound here. */
  unbound: number;
  /** Made bad or uncertain here: not a number, not finite, not a boolean, out of limits, time ahead. */
  downgraded: number;
}

export interface Conditioner {
  /** A new batch in which every sample is fit for the history. `batch` is not kept and not changed. */
  condition(batch: SampleBatch, nowUs: number): SampleBatch;
  /** One gap for every signal at `time` (µs), or just after its last sample when that is later. */
  gaps(time: number): SampleBatch;
  readonly counts: ConditioningCounts;
}

type NoticeSink = (code: KitErrorCode, params: ErrorParams) => void;

const enum_ = 3;
const kindCodes: Record<SignalKind, number> = {
  number: 0,
  integer: 1,
  boolean: 2,
  enum: enum_,
  text: 4,
  condition: 5,
  vector: 6,
  json: 7,
};
const numeric = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const truths = new Set(['true', '1', 'on', 'yes']);
const falsehoods = new Set(['false', '0', 'off', 'no']);

/**
 * Conditioning of the samples of one connection: column by column, no object per sample.
 *
 * - number, integer: raw × factor + offset; text that is a number is read as one, other text stays as text with quality
 *   bad; NaN and infinity become bad without a value; outside the limits, or a fraction for an integer: uncertain.
 * - boolean: zero is false, any other number true; true/false, on/off, yes/no, 1/0. Else bad.
 * - enum: the raw value, number or text. text: a number is written out. condition, vector, json: as they are.
 * - deadband: the first sample, every change of quality, late samples, changes larger than the deadband, and one sample
 *   in each half of `staleAfter` pass. Half, so that a steady value never looks stale.
 * - times: whole microseconds; ahead by more than `skewMs` → uncertain; not a time, or ahead by more than `farFutureMs`
 *   → time of arrival and uncertain, because one sample of the year 2099 would be "the latest" until then.
 */
export function createConditioner(
  rules: readonly SignalRule[],
  limits: Pick<KitLimits, 'skewMs' | 'farFutureMs' | 'badTextLength'>,
  notice: NoticeSink,
): Conditioner {
  const table = ruleTable(rules);
  const { slotOf } = table;
  const counts: ConditioningCounts = { withinDeadband: 0, unbound: 0, downgraded: 0 };
  const skewUs = limits.skewMs * 1000;
  const farFutureUs = limits.farFutureMs * 1000;

  const condition = (batch: SampleBatch, nowUs: number): SampleBatch => {
    const n = batch.length;
    const out = columns(n);
    let texts: (string | null)[] | null = null;
    let w = 0;
    const latest = nowUs + skewUs;
    for (let i = 0; i < n; i++) {
      const signal = batch.signals[i]!;
      const slot = slotOf(signal);
      if (slot < 0) {
        counts.unbound++;
        notice('kit.unboundSignal', { signal });
        continue;
      }
      let number = batch.numbers[i]!;
      let text = batch.texts === null ? null : batch.texts[i]!;
      let quality = batch.quality[i]!;
      let time = batch.times[i]!;
      const raw = quality;

      if (!(time > 0 && time <= latest) || time !== Math.floor(time)) {
        if (time > 0 && time <= latest) time = Math.round(time);
        else {
          const ahead = time - nowUs;
          if (!(time > 0) || ahead > farFutureUs) {
            notice(ahead > farFutureUs ? 'kit.farFutureTime' : 'kit.badTime', { path: table.paths[slot]! });
            time = nowUs;
          } else {
            notice('kit.futureTime', { path: table.paths[slot]!, seconds: Math.round(ahead / 1e6) });
            time = Math.round(time);
          }
          if (quality === Quality.good) quality = Quality.uncertain;
        }
      }

      if (quality === Quality.gap) {
        number = Number.NaN;
        text = null;
      } else {
        const kind = table.kinds[slot]!;
        if (kind <= 1) {
          if (text !== null) {
            if (numeric.test(text.trim())) {
              number = Number(text);
              text = null;
            } else {
              text = text.slice(0, limits.badTextLength);
              if (quality < Quality.bad)
                notice('kit.textForNumber', { path: table.paths[slot]!, text: text.slice(0, 40) });
              quality = Quality.bad;
            }
          }
          if (text === null) {
            number = number * table.factors[slot]! + table.offsets[slot]!;
            if (!Number.isFinite(number)) {
              if (quality < Quality.bad) notice('kit.notFinite', { path: table.paths[slot]! });
              number = Number.NaN;
              quality = Quality.bad;
            } else if (
              quality === Quality.good &&
              (number < table.mins[slot]! || number > table.maxs[slot]! || (kind === 1 && !isWhole(number)))
            )
              quality = Quality.uncertain;
            else if (kind === 1 && isWhole(number)) number = Math.round(number);
          }
        } else if (kind === 2) {
          if (text !== null) {
            const word = text.trim().toLowerCase();
            if (truths.has(word)) number = 1;
            else if (falsehoods.has(word)) number = 0;
            else number = Number.NaN;
            if (Number.isNaN(number)) {
              text = text.slice(0, limits.badTextLength);
              if (quality < Quality.bad)
                notice('kit.notBoolean', { path: table.paths[slot]!, text: text.slice(0, 40) });
              quality = Quality.bad;
            } else text = null;
          } else if (Number.isFinite(number)) number = number === 0 ? 0 : 1;
          else {
            if (quality < Quality.bad) notice('kit.notFinite', { path: table.paths[slot]! });
            number = Number.NaN;
            quality = Quality.bad;
          }
        } else if (text === null) {
          if (!Number.isFinite(number)) {
            if (quality < Quality.bad) notice('kit.notFinite', { path: table.paths[slot]! });
            number = Number.NaN;
            quality = Quality.bad;
          } else if (kind !== enum_) {
            text = String(number);
            number = Number.NaN;
          }
        }
      }
      if (quality !== raw) counts.downgraded++;

      const deadband = table.deadbands[slot]!;
      const lastTime = table.lastTimes[slot]!;
      if (
        deadband >= 0 &&
        table.lastQuality[slot] === quality &&
        time >= lastTime &&
        time - lastTime < table.refreshUs[slot]! &&
        text === table.lastTexts[slot]! &&
        (text !== null ||
          Math.abs(number - table.lastNumbers[slot]!) <= deadband ||
          (Number.isNaN(number) && Number.isNaN(table.lastNumbers[slot]!)))
      ) {
        counts.withinDeadband++;
        continue;
      }
      if (time >= lastTime) {
        table.lastTimes[slot] = time;
        table.lastNumbers[slot] = number;
        table.lastQuality[slot] = quality;
        table.lastTexts[slot] = text;
      }
      out.signals[w] = signal;
      out.times[w] = time;
      out.numbers[w] = number;
      out.quality[w] = quality;
      if (text !== null) {
        texts ??= new Array<string | null>(w).fill(null);
        texts[w] = text;
      } else if (texts !== null) texts[w] = null;
      w++;
    }
    return cut(out, texts, w, n);
  };

  const gaps = (time: number): SampleBatch => {
    const builder = new BatchBuilder(Math.max(rules.length, 1));
    for (let slot = 0; slot < rules.length; slot++) {
      const at = Math.max(Math.round(time), table.lastTimes[slot]! + 1);
      builder.addNumber(rules[slot]!.id, at, Number.NaN, Quality.gap);
      table.lastTimes[slot] = at;
      table.lastQuality[slot] = Quality.gap;
      table.lastNumbers[slot] = Number.NaN;
      table.lastTexts[slot] = null;
    }
    return builder.take();
  };

  return { condition, gaps, counts };
}

/** Scaling leaves dust: 3.0000000000000004 is whole. */
function isWhole(x: number): boolean {
  return Math.abs(x - Math.round(x)) <= 1e-9 * Math.max(1, Math.abs(x));
}

function ruleTable(rules: readonly SignalRule[]) {
  const n = rules.length;
  const table = {
    slotOf: slotLookup(rules.map((r) => r.id)),
    paths: rules.map((r) => r.path),
    kinds: Uint8Array.from(rules, (r) => kindCodes[r.kind]),
    factors: Float64Array.from(rules, (r) => r.scale?.factor ?? 1),
    offsets: Float64Array.from(rules, (r) => r.scale?.offset ?? 0),
    mins: Float64Array.from(rules, (r) => r.limits?.min ?? Number.NEGATIVE_INFINITY),
    maxs: Float64Array.from(rules, (r) => r.limits?.max ?? Number.POSITIVE_INFINITY),
    /** −1: none. */
    deadbands: Float64Array.from(rules, (r) => r.deadband ?? -1),
    refreshUs: Float64Array.from(rules, (r) => (r.staleAfterMs ? r.staleAfterMs * 500 : Number.POSITIVE_INFINITY)),
    lastNumbers: new Float64Array(n).fill(Number.NaN),
    lastTimes: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    /** 255: nothing has passed yet. */
    lastQuality: new Uint8Array(n).fill(255),
    lastTexts: new Array<string | null>(n).fill(null),
  };
  return table;
}

/** Ids of one plant are dense enough for an array; strange ones go through a map. */
function slotLookup(ids: readonly number[]): (id: number) => number {
  const max = ids.reduce((a, b) => Math.max(a, b), 0);
  if (max < 4_000_000) {
    const slots = new Int32Array(max + 1).fill(-1);
    ids.forEach((id, slot) => {
      slots[id] = slot;
    });
    return (id) => (id <= max ? slots[id]! : -1);
  }
  const map = new Map(ids.map((id, slot) => [id, slot]));
  return (id) => map.get(id) ?? -1;
}

/** Four columns in one buffer, so that a batch crosses to the main thread with one transfer and no copy. */
function columns(n: number) {
  const buffer = new ArrayBuffer(n * 21);
  return {
    times: new Float64Array(buffer, 0, n),
    numbers: new Float64Array(buffer, n * 8, n),
    signals: new Uint32Array(buffer, n * 16, n),
    quality: new Uint8Array(buffer, n * 20, n),
  };
}

function cut(out: ReturnType<typeof columns>, texts: (string | null)[] | null, w: number, n: number): SampleBatch {
  if (w === n) return { length: w, ...out, texts };
  return {
    length: w,
    signals: out.signals.subarray(0, w),
    times: out.times.subarray(0, w),
    numbers: out.numbers.subarray(0, w),
    quality: out.quality.subarray(0, w),
    texts,
  };
}
