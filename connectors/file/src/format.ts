import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { MergedSet } from '@deungdae/connector-mtconnect/merged-set.ts';
import type { BatchBuilder } from '@deungdae/contracts/sample.ts';
import type { FileAddress } from './config.ts';

/** A way to read records out of text. One object per file; it adds samples to `batch` and reports what it rejects. */
export interface RecordFormat {
  /** Number of the line last read, from 1; set when reading resumes in the middle of a file. */
  lineNumber: number;
  /** True while a record of several lines is half read: reading cannot resume here. */
  readonly inside: boolean;
  /** Place of the newline that ends the record starting at `from`; `text.length` for a last one without; -1 when its end is not there. */
  recordEnd(text: string, from: number, final: boolean): number;
  /** Time of the record in µs, before it is read; NaN when it has none. For pacing. */
  peekTime(text: string, from: number, to: number): number;
  /** Reads the record at [from, to). */
  record(text: string, from: number, to: number): void;
  /** The file has ended. */
  end(): void;
}

/** What a format needs around it. */
export interface FormatContext {
  batch: BatchBuilder;
  reject(line: number, reason: string, text: string): void;
  unknownTag(tag: string, line: number): void;
  /** True when the time is hard to believe; the sample is then kept with quality uncertain. */
  oddTime(timeUs: number, line: number): boolean;
  /** Newest time of the file so far, µs: for lines without one. */
  lastTimeUs(): number;
  /** The DATA_SET or TABLE of a signal, which goes on from file to file. */
  setOf(signal: BoundSignal<FileAddress>): MergedSet;
}

export function lineEnd(text: string, from: number, final: boolean): number {
  const end = text.indexOf('\n', from);
  return end >= 0 ? end : final ? text.length : -1;
}

/** The records of a text, from newline to newline; the last one only when its end is there. */
export function* recordsOf(
  end: RecordFormat['recordEnd'],
  text: string,
  final: boolean,
): Generator<[from: number, to: number]> {
  for (let from = 0; from < text.length; ) {
    const to = end(text, from, final);
    if (to < 0) return;
    yield [from, to];
    from = to + 1;
  }
}

/**
 * A format whose records stand alone, none of them half read at any time. It counts the lines; `read` is told the first
 * line of the record, which may have more of them.
 */
export function separateRecords(
  options: Pick<RecordFormat, 'recordEnd' | 'peekTime'> & {
    read(text: string, from: number, to: number, line: number): void;
  },
): RecordFormat {
  const { read, recordEnd, peekTime } = options;
  const format: RecordFormat = {
    lineNumber: 0,
    inside: false,
    recordEnd,
    peekTime,
    record(text, from, to) {
      const line = ++format.lineNumber;
      for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) format.lineNumber++;
      read(text, from, to, line);
    },
    end: () => {},
  };
  return format;
}
