import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { MergedSet } from '@deungdae/connector-mtconnect/merged-set.ts';
import {
  addCondition,
  addMessage,
  addTimeSeries,
  addValue,
  isSet,
  shapeOfKind,
  type Target,
} from '@deungdae/connector-mtconnect/observation.ts';
import { type ShdrHandlers, ShdrParser } from '@deungdae/connector-mtconnect/shdr.ts';
import { parseTimeUs } from '@deungdae/connector-mtconnect/shdr-time.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import type { FileAddress } from './config.ts';
import { type FormatContext, lineEnd, type RecordFormat } from './format.ts';

/** Signals of one tag: several may be bound to the same. */
interface TagTarget extends Target {
  readonly next: TagTarget | null;
}

export type TagTargets = ReadonlyMap<string, TagTarget>;

/** The signals by tag, as lines are resolved. `setOf`: where the data set of a signal is kept. */
export function targetsOf(
  signals: readonly BoundSignal<FileAddress>[],
  setOf: (signal: BoundSignal<FileAddress>) => MergedSet | null = () => null,
): TagTargets {
  const byTag = new Map<string, TagTarget>();
  for (const s of signals) {
    const tag = 'tag' in s.address ? s.address.tag : s.address.column;
    const shape = ('tag' in s.address ? s.address.shape : undefined) ?? shapeOfKind(s.kind);
    const set = isSet(shape) ? setOf(s) : null;
    byTag.set(tag, { signal: s.id, kind: s.kind, shape, set, next: byTag.get(tag) ?? null });
  }
  return byTag;
}

/** SHDR lines as an agent or adapter wrote them to a file. */
export function shdrFormat(targets: TagTargets, context: FormatContext): RecordFormat {
  const { batch } = context;
  const quality = (timeUs: number) => (context.oddTime(timeUs, parser.lineNumber) ? Quality.uncertain : Quality.good);
  const handlers: ShdrHandlers<TagTarget> = {
    resolve: (key) => targets.get(key) ?? targets.get(key.slice(key.indexOf(':') + 1)) ?? null,
    value(item, timeUs, text) {
      const q = quality(timeUs);
      for (let t: TagTarget | null = item; t; t = t.next) addValue(batch, t, timeUs, text, q);
    },
    condition(item, timeUs, level, code, severity, qualifier, text) {
      const q = quality(timeUs);
      for (let t: TagTarget | null = item; t; t = t.next)
        addCondition(batch, t, timeUs, level, code, severity, qualifier, text, q);
    },
    message(item, timeUs, code, text) {
      const q = quality(timeUs);
      for (let t: TagTarget | null = item; t; t = t.next) addMessage(batch, t, timeUs, code, text, q);
    },
    timeSeries(item, timeUs, _count, rateHz, values) {
      const q = quality(timeUs);
      for (let t: TagTarget | null = item; t; t = t.next) addTimeSeries(batch, t, timeUs, rateHz, values, 0, q);
    },
    asset(timeUs, operation) {
      const q = quality(timeUs);
      const text = JSON.stringify(operation);
      for (let t = targets.get('@assets') ?? null; t; t = t.next) addValue(batch, t, timeUs, text, q);
    },
    reject: context.reject,
    unknown: context.unknownTag,
  };
  const parser = new ShdrParser(handlers, { arrivalUs: context.lastTimeUs });
  return {
    get lineNumber() {
      return parser.lineNumber;
    },
    set lineNumber(n: number) {
      parser.lineNumber = n;
    },
    get inside() {
      return parser.insideAsset;
    },
    recordEnd: lineEnd,
    peekTime(text, from, to) {
      if (parser.insideAsset) return Number.NaN;
      const bar = text.indexOf('|', from);
      return bar > from && bar < to ? parseTimeUs(text, from, bar) : Number.NaN;
    },
    record: (text, from, to) => parser.line(text, from, to),
    end: () => parser.end(),
  };
}
