import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import { addValue } from '@deungdae/connector-mtconnect/observation.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import type { FileAddress, FileConfig } from './config.ts';
import { type FormatContext, lineEnd, type RecordFormat, separateRecords } from './format.ts';
import { targetsOf } from './shdr-format.ts';
import { timeReader } from './time-text.ts';

/** Longest line, characters. */
const maxLine = 1_048_576;
const qualities: Record<string, Quality> = Quality;

/**
 * NDJSON: one object a line, `{"time": …, "tag" | "signal": …, "value": …, "quality"?: "good"}`. A value of null is a
 * gap; objects and arrays are kept as JSON text.
 */
export function ndjsonFormat(
  config: FileConfig,
  signals: readonly BoundSignal<FileAddress>[],
  context: FormatContext,
): RecordFormat {
  const byTag = targetsOf(signals);
  const readTime = timeReader(config);
  const timeKey = config.timeColumn ?? 'time';
  const { batch } = context;
  const parse = (text: string): Record<string, unknown> | null => {
    try {
      const value: unknown = JSON.parse(text);
      return value !== null && typeof value === 'object' && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : null;
    } catch {
      return null;
    }
  };
  const timeOf = (row: Record<string, unknown>): number => {
    const time = row[timeKey] ?? row.timestamp ?? row.ts;
    return typeof time === 'string' || typeof time === 'number' ? readTime(String(time)) : Number.NaN;
  };
  const read = (text: string, from: number, to: number, line: number) => {
    const reject = (reason: string) => context.reject(line, reason, text.slice(from, to));
    if (to - from > maxLine) return reject('tooLong');
    const json = text.slice(from, to).trim();
    if (json === '') return;
    const row = parse(json);
    if (!row) return reject('badJson');
    const time = timeOf(row);
    if (Number.isNaN(time)) return reject('badTime');
    const tag = row.tag ?? row.signal ?? row.path;
    if (typeof tag !== 'string') return reject('noTag');
    if (!('value' in row)) return reject('missingValue');
    const targets = byTag.get(tag);
    if (!targets) return context.unknownTag(tag, line);
    const odd = context.oddTime(time, line);
    const given = typeof row.quality === 'string' ? (qualities[row.quality] ?? Quality.uncertain) : Quality.good;
    const quality = odd && given === Quality.good ? Quality.uncertain : given;
    const { value } = row;
    for (let t: typeof targets | null = targets; t; t = t.next) {
      if (value === null || quality === Quality.gap) batch.addNumber(t.signal, time, Number.NaN, Quality.gap);
      else if (typeof value === 'number' && t.kind !== 'text' && t.kind !== 'enum')
        batch.addNumber(t.signal, time, value, quality);
      else addValue(batch, t, time, typeof value === 'string' ? value : JSON.stringify(value), quality);
    }
  };
  const peekTime = (text: string, from: number, to: number) => {
    const row = parse(text.slice(from, to));
    return row ? timeOf(row) : Number.NaN;
  };
  return separateRecords({ recordEnd: lineEnd, peekTime, read });
}
