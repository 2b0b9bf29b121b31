import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import { addValue, decimal } from '@deungdae/connector-mtconnect/observation.ts';
import { Quality } from '@deungdae/contracts/sample.ts';
import type { FileAddress, FileConfig } from './config.ts';
import { csvRecordEnd, splitCsv } from './csv-record.ts';
import { fileError } from './errors.ts';
import { type FormatContext, type RecordFormat, separateRecords } from './format.ts';
import { type TagTargets, targetsOf } from './shdr-format.ts';
import { timeReader } from './time-text.ts';

/** Names of a time column that are taken when none is set. */
const usualTimes = [
  'time',
  'timestamp',
  'datetime',
  'date',
  'ts',
  '시간',
  '시각',
  '일시',
  '날짜',
  '측정시간',
  '수집시간',
];

/** One column that a signal is read from. */
interface Column {
  at: number;
  targets: NonNullable<ReturnType<TagTargets['get']>>;
}

/** What the header of one file tells about its columns. */
interface Layout {
  titles: string[];
  timeAt: number;
  /** Places of tag and value when every row has one value; null when every signal has a column. */
  long: { tag: number; value: number } | null;
  columns: Column[];
}

function layoutOf(file: string, header: string, config: FileConfig, byTag: TagTargets): Layout {
  const names: string[] = [];
  splitCsv(header, header.charCodeAt(0) === 0xfeff ? 1 : 0, header.length, config.separator, names);
  const titles = names.map((name) => name.trim());
  const columnOf = (name: string): number => {
    const at = titles.indexOf(name);
    if (at < 0)
      throw fileError('file.noColumn', { path: file, column: name, columns: titles.join(', ').slice(0, 500) });
    return at;
  };
  const usual = titles.findIndex((title) => usualTimes.includes(title.toLowerCase()));
  const timeAt = config.timeColumn !== undefined ? columnOf(config.timeColumn) : Math.max(0, usual);
  const { tagColumn, valueColumn = 'value' } = config;
  const long = tagColumn === undefined ? null : { tag: columnOf(tagColumn), value: columnOf(valueColumn) };
  const columns = long ? [] : [...byTag].map(([name, targets]) => ({ at: columnOf(name), targets }));
  return { titles, timeAt, long, columns };
}

/**
 * CSV with a header. Wide: every row has a time and one column per signal; an empty field says nothing. Long: every row
 * has a time, a tag and a value (`tagColumn`, `valueColumn`). Throws `file.noColumn` when a column is not in the header.
 */
export function csvFormat(
  file: string,
  header: string,
  config: FileConfig,
  signals: readonly BoundSignal<FileAddress>[],
  context: FormatContext,
): RecordFormat {
  const byTag = targetsOf(signals);
  const { titles, timeAt, long, columns } = layoutOf(file, header, config, byTag);
  const readTime = timeReader(config);
  const fields: string[] = [];
  const { batch } = context;
  const comma = config.decimal === ',';

  const put = (head: Column['targets'], time: number, text: string, quality: Quality) => {
    const plain = comma && Number.isNaN(decimal(text)) && !Number.isNaN(decimal(text.replace(',', '.')));
    for (let t: Column['targets'] | null = head; t; t = t.next)
      addValue(batch, t, time, plain && t.kind !== 'text' ? text.replace(',', '.') : text, quality);
  };
  const read = (text: string, from: number, to: number, line: number) => {
    if (line === 1 || to === from || (to === from + 1 && text.charCodeAt(from) === 13)) return;
    const reject = (reason: string) => context.reject(line, reason, text.slice(from, to));
    const count = splitCsv(text, from, to, config.separator, fields);
    if (count === null) return reject('openQuote');
    if (count !== titles.length) return reject('wrongFieldCount');
    const time = readTime(fields[timeAt]!);
    if (Number.isNaN(time)) return reject('badTime');
    const quality = context.oddTime(time, line) ? Quality.uncertain : Quality.good;
    if (long) {
      const tag = fields[long.tag]!.trim();
      const targets = byTag.get(tag);
      if (targets) put(targets, time, fields[long.value]!, quality);
      else context.unknownTag(tag, line);
      return;
    }
    for (const column of columns) {
      const value = fields[column.at]!;
      if (value !== '') put(column.targets, time, value, quality);
    }
  };
  const peekTime = (text: string, from: number, to: number) => {
    const count = splitCsv(text, from, to, config.separator, fields);
    return count === titles.length ? readTime(fields[timeAt]!) : Number.NaN;
  };
  return separateRecords({ recordEnd: csvRecordEnd, peekTime, read });
}
