import { BatchBuilder, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { ErrorParams } from '@deungdae/kernel/errors.ts';
import type { KitErrorCode } from './errors.ts';
import type { KitLimits } from './limits.ts';
import { kindCode, type RuleTable, ruleTable } from './rule-table.ts';
import type { SignalRule } from './signal-rule.ts';

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
type ConditioningLimits = Pick<KitLimits, 'skewMs' | 'farFutureMs' | 'badTextLength'>;

/** Characters of a wrong text that a notice shows. */
const shownText = 40;
const numeric = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const truths = new Set(['true', '1', 'on', 'yes']);
const falsehoods = new Set(['false', '0', 'off', 'no']);

/**
 * Conditioning of the samples of one connection: column by column, no object per sample.
 *
 * - number, integer: raw × factor + offset; text that is a number is read as one, other text stays as text with quality
 *   bad; NaN and infinity become bad without a value; outside the limits, or a fraction for an integer: uncertain.
 * - boolean: zero is false, any other number true; true/false, on/off, yes/no, 1/0. Else bad.
 * - enum: the raw value, number or text. text, condition, vector, json: text as it is; a number is written out.
 * - deadband: the first sample, every change of quality, late samples, changes larger than the deadband, and one sample
 *   in each half of `staleAfter` pass. Half, so that a steady value never looks stale.
 * - times: whole microseconds; ahead by more than `skewMs` → uncertain; not a time, or ahead by more than `farFutureMs`
 *   → time of arrival and uncertain, because one sample of the year 2099 would be "the latest" until then.
 */
export function createConditioner(
  rules: readonly SignalRule[],
  limits: ConditioningLimits,
  notice: NoticeSink,
): Conditioner {
  return new ColumnConditioner(rules, limits, notice);
}

class ColumnConditioner implements Conditioner {
  readonly counts: ConditioningCounts = { withinDeadband: 0, unbound: 0, downgraded: 0 };
  readonly #rules: readonly SignalRule[];
  readonly #table: RuleTable;
  readonly #limits: ConditioningLimits;
  readonly #notice: NoticeSink;
  /** The sample in hand: fields instead of an object for each. */
  #time = 0;
  #number = Number.NaN;
  #text: string | null = null;
  #quality: number = Quality.good;

  constructor(rules: readonly SignalRule[], limits: ConditioningLimits, notice: NoticeSink) {
    this.#rules = rules;
    this.#table = ruleTable(rules);
    this.#limits = limits;
    this.#notice = notice;
  }

  condition(batch: SampleBatch, nowUs: number): SampleBatch {
    const n = batch.length;
    const out = columns(n);
    const { kinds, slotOf } = this.#table;
    const latest = nowUs + this.#limits.skewMs * 1000;
    let texts: (string | null)[] | null = null;
    let w = 0;
    for (let i = 0; i < n; i++) {
      const signal = batch.signals[i]!;
      const slot = slotOf(signal);
      if (slot < 0) {
        this.counts.unbound++;
        this.#notice('kit.unboundSignal', { signal });
        continue;
      }
      const raw = batch.quality[i]!;
      this.#time = batch.times[i]!;
      this.#number = batch.numbers[i]!;
      this.#text = batch.texts === null ? null : (batch.texts[i] ?? null);
      this.#quality = raw;
      if (!(this.#time > 0 && this.#time <= latest)) this.#repairTime(slot, nowUs);
      if (raw === Quality.gap) this.#empty();
      else this.#convert(slot, kinds[slot]!);
      if (this.#quality !== raw) this.counts.downgraded++;
      if (this.#held(slot)) {
        this.counts.withinDeadband++;
        continue;
      }
      out.signals[w] = signal;
      out.times[w] = Math.round(this.#time);
      out.numbers[w] = this.#number;
      out.quality[w] = this.#quality;
      if (this.#text !== null) {
        texts ??= new Array<string | null>(w).fill(null);
        texts[w] = this.#text;
      } else if (texts !== null) texts[w] = null;
      w++;
    }
    return cut(out, texts, w, n);
  }

  gaps(time: number): SampleBatch {
    const t = this.#table;
    const builder = new BatchBuilder(Math.max(this.#rules.length, 1));
    for (let slot = 0; slot < this.#rules.length; slot++) {
      const at = Math.max(Math.round(time), t.lastTimes[slot]! + 1);
      builder.addNumber(this.#rules[slot]!.id, at, Number.NaN, Quality.gap);
      t.lastTimes[slot] = at;
      t.lastQuality[slot] = Quality.gap;
      t.lastNumbers[slot] = Number.NaN;
      t.lastTexts[slot] = null;
    }
    return builder.take();
  }

  #convert(slot: number, kind: number): void {
    if (kind <= kindCode.integer) this.#toNumber(slot, kind);
    else if (kind === kindCode.boolean) this.#toBoolean(slot);
    else if (this.#text !== null) this.#number = Number.NaN;
    else if (!Number.isFinite(this.#number)) this.#notFinite(slot);
    else if (kind !== kindCode.enum) {
      this.#text = String(this.#number);
      this.#number = Number.NaN;
    }
  }

  #toNumber(slot: number, kind: number): void {
    if (this.#text !== null) {
      if (!numeric.test(this.#text.trim())) {
        this.#badText('kit.textForNumber', slot);
        return;
      }
      this.#number = Number(this.#text);
      this.#text = null;
    }
    const t = this.#table;
    const scaled = this.#number * t.factors[slot]! + t.offsets[slot]!;
    this.#number = scaled;
    if (!Number.isFinite(scaled)) {
      this.#notFinite(slot);
      return;
    }
    const outside = scaled < t.mins[slot]! || scaled > t.maxs[slot]!;
    let broken = false;
    if (kind === kindCode.integer) {
      broken = !isWhole(scaled);
      if (!broken) this.#number = Math.round(scaled);
    }
    if ((outside || broken) && this.#quality === Quality.good) this.#quality = Quality.uncertain;
  }

  #toBoolean(slot: number): void {
    if (this.#text === null) {
      if (Number.isFinite(this.#number)) this.#number = this.#number === 0 ? 0 : 1;
      else this.#notFinite(slot);
      return;
    }
    const word = this.#text.trim().toLowerCase();
    if (truths.has(word)) this.#number = 1;
    else if (falsehoods.has(word)) this.#number = 0;
    else {
      this.#badText('kit.notBoolean', slot);
      return;
    }
    this.#text = null;
  }

  /** The text is kept, so that a person can see what came. */
  #badText(code: 'kit.textForNumber' | 'kit.notBoolean', slot: number): void {
    this.#text = this.#text!.slice(0, this.#limits.badTextLength);
    this.#number = Number.NaN;
    if (this.#quality < Quality.bad)
      this.#notice(code, { path: this.#table.paths[slot]!, text: this.#text.slice(0, shownText) });
    this.#quality = Quality.bad;
  }

  #notFinite(slot: number): void {
    if (this.#quality < Quality.bad) this.#notice('kit.notFinite', { path: this.#table.paths[slot]! });
    this.#number = Number.NaN;
    this.#quality = Quality.bad;
  }

  #empty(): void {
    this.#number = Number.NaN;
    this.#text = null;
  }

  #repairTime(slot: number, nowUs: number): void {
    const path = this.#table.paths[slot]!;
    const aheadUs = this.#time - nowUs;
    if (!(this.#time > 0)) {
      this.#notice('kit.badTime', { path });
      this.#time = nowUs;
    } else if (aheadUs > this.#limits.farFutureMs * 1000) {
      this.#notice('kit.farFutureTime', { path });
      this.#time = nowUs;
    } else this.#notice('kit.futureTime', { path, seconds: Math.round(aheadUs / 1e6) });
    if (this.#quality === Quality.good) this.#quality = Quality.uncertain;
  }

  /** Whether the deadband holds the sample back. What passes is remembered, late samples excepted. */
  #held(slot: number): boolean {
    const t = this.#table;
    const lastTime = t.lastTimes[slot]!;
    if (this.#time < lastTime) return false;
    const deadband = t.deadbands[slot]!;
    if (
      deadband >= 0 &&
      t.lastQuality[slot] === this.#quality &&
      this.#time - lastTime < t.refreshUs[slot]! &&
      this.#text === t.lastTexts[slot]! &&
      (Math.abs(this.#number - t.lastNumbers[slot]!) <= deadband ||
        (Number.isNaN(this.#number) && Number.isNaN(t.lastNumbers[slot]!)))
    )
      return true;
    t.lastTimes[slot] = this.#time;
    t.lastNumbers[slot] = this.#number;
    t.lastQuality[slot] = this.#quality;
    t.lastTexts[slot] = this.#text;
    return false;
  }
}

/** Scaling leaves dust: 3.0000000000000004 is whole. */
function isWhole(x: number): boolean {
  return Math.abs(x - Math.round(x)) <= 1e-9 * Math.max(1, Math.abs(x));
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
