import { cellUs, floorSql } from './partition.ts';
import { int, text } from './sql.ts';

/**
 * SQL of the rollups. A row is what one file adds to a (signal, cell); rows of one cell in several files add up,
 * because a seal writes no sample twice. `first` and `last` are by (time, arrival).
 */
/** Figures come from finite good (0) and uncertain (1) numbers. */
const counts = 'quality <= 1 AND number IS NOT NULL AND isfinite(number)';

/** Minute rows of raw files, which are sorted by (signal, time, arrival): the row number is the order. */
export function minutesOfRaw(fileList: string, where: string): string {
  return `
SELECT signal, ${floorSql('time', cellUs.minute)} AS cell, count(*)::INTEGER AS samples,
  (count(*) FILTER (${counts}))::INTEGER AS count,
  min(number) FILTER (${counts}) AS min, max(number) FILTER (${counts}) AS max, sum(number) FILTER (${counts}) AS sum,
  arg_min(number, file_row_number) FILTER (${counts}) AS first,
  arg_max(number, file_row_number) FILTER (${counts}) AS last,
  min(time) FILTER (${counts}) AS first_time, max(time) FILTER (${counts}) AS last_time,
  bool_or(quality >= 2) AS gap
FROM read_parquet(${fileList}, file_row_number = true) WHERE ${where}
GROUP BY signal, ${floorSql('time', cellUs.minute)} ORDER BY signal, cell`;
}

/** Larger cells, or one row per cell, out of rollup files given in the order of arrival. */
export function mergeRollups(files: readonly string[], size: number, where: string): string {
  const parts = files.map((file, i) => `SELECT *, ${i}::BIGINT AS ord FROM read_parquet(${text(file)}) WHERE ${where}`);
  const cell = size === cellUs.minute ? 'cell' : floorSql('cell', size);
  // Order of arrival breaks ties of time: both fit one int64, a cell being at most 3.6e9 µs.
  const order = (time: string) => `(${time} - ${cell}) * ${int(Math.max(1, files.length))} + ord`;
  return `
SELECT signal, c AS cell, sum(samples)::INTEGER AS samples, sum(count)::INTEGER AS count, min(min) AS min,
  max(max) AS max, sum(sum) AS sum, arg_min(first, o1) AS first, arg_max(last, o2) AS last,
  min(first_time) AS first_time, max(last_time) AS last_time, bool_or(gap) AS gap
FROM (SELECT *, ${cell} AS c, ${order('first_time')} AS o1, ${order('last_time')} AS o2 FROM (${parts.join(' UNION ALL ')}))
GROUP BY signal, c ORDER BY signal, cell`;
}
