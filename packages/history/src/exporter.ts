import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database } from './database.ts';
import { historyError } from './errors.ts';
import type { ExportQuery } from './history.ts';
import { int, text } from './sql.ts';
import { segmentsIn, type View } from './state.ts';

interface ExportPlace {
  connection: DuckDBConnection;
  view: View;
  database: Database;
  directory: string;
}

/**
 * Writes path, time, value, quality (Parquet: also the text of text samples), sorted by path and time. The file
 * appears under its name only when complete. Throws `history.exportRefused`, `history.exportAborted`.
 */
export async function exportSamples(place: ExportPlace, query: ExportQuery): Promise<{ rows: number }> {
  await checkTarget(place.directory, query);
  const unfinished = `${query.file}.part`;
  const { connection } = place;
  const abort = () => connection.interrupt();
  if (query.abort?.aborted) throw historyError('history.exportAborted', {}, { status: 499 });
  query.abort?.addEventListener('abort', abort, { once: true });
  const poll = setInterval(() => {
    // Again and again: an interrupt that comes before the query has begun is forgotten.
    if (query.abort?.aborted) connection.interrupt();
    else query.progress?.(Math.min(0.99, Math.max(0, connection.progress.percentage / 100)));
  }, 100);
  try {
    const options =
      query.format === 'csv'
        ? "FORMAT csv, HEADER true, DELIMITER ','"
        : 'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd';
    const result = await connection.run(`COPY (${select(place, query)}) TO ${text(unfinished)} (${options})`);
    if (query.abort?.aborted) throw new Error('aborted');
    const [[rows]] = (await result.getRowsJS()) as [[bigint | number]];
    const handle = await open(unfinished, 'r+');
    await handle.sync();
    await handle.close();
    await rename(unfinished, query.file);
    query.progress?.(1);
    return { rows: Number(rows) };
  } catch (error) {
    await rm(unfinished, { force: true });
    if (query.abort?.aborted) throw historyError('history.exportAborted', {}, { cause: error, status: 499 });
    const why = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    throw historyError('history.exportRefused', { file: query.file, why }, { cause: error });
  } finally {
    clearInterval(poll);
    query.abort?.removeEventListener('abort', abort);
  }
}

async function checkTarget(directory: string, { file, signals }: ExportQuery): Promise<void> {
  const refuse = (why: string) => historyError('history.exportRefused', { file, why }, { status: 400 });
  if (!isAbsolute(file)) throw refuse('not an absolute path');
  if (file.includes('\0')) throw refuse('not a path');
  const inside = relative(resolve(directory), resolve(file));
  if (inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))) throw refuse('inside the history folder');
  if (signals.length > 100_000) throw refuse('more than 100,000 signals');
  const folder = await stat(dirname(file)).catch(() => null);
  if (!folder?.isDirectory()) throw refuse('no such folder');
  const target = await stat(file).catch(() => null);
  if (target?.isDirectory()) throw refuse('is a folder');
}

/** Texts that a spreadsheet would run as formulas get an apostrophe, as in every CSV of the house; Parquet keeps them. */
const defused = `CASE WHEN regexp_matches(text, '^[=+\\-@\\t\\r\\n＝＋－＠]') AND try_cast(text AS DOUBLE) IS NULL
              THEN chr(39) || text ELSE text END`;

function select({ view, database }: ExportPlace, query: ExportQuery): string {
  const signals = [...new Set(query.signals)].sort((a, b) => a - b);
  const none = signals.length === 0;
  const where = none
    ? 'false'
    : `signal IN (${signals.map(int).join(', ')}) AND time >= ${int(query.from)} AND time < ${int(query.to)}`;
  const hot = view.hot.map(
    (h) =>
      `SELECT signal, time, CASE WHEN isnan(number) THEN NULL ELSE number END AS number, text, quality,
              ${int(h.number)} + 1000000000 AS ord, rowid AS arrival FROM ${h.name} WHERE ${where}`,
  );
  const files = none
    ? []
    : segmentsIn(view, 'raw', { ...query, minSignal: signals[0]!, maxSignal: signals.at(-1)! }).map(
        (s) =>
          `SELECT signal, time, number, text, quality, ${int(s.order)} AS ord, file_row_number AS arrival
           FROM read_parquet(${text(database.sealedPath(s.file))}, file_row_number = true) WHERE ${where}`,
      );
  const kept =
    view.retained.size > 0
      ? 'WHERE NOT EXISTS (SELECT 1 FROM retained r WHERE r.signal = a.signal AND a.time < r.before)'
      : '';
  const quality = "(['good', 'uncertain', 'bad', 'gap'])[quality + 1]";
  const value =
    query.format === 'csv'
      ? `strftime(make_timestamp(time), '%Y-%m-%dT%H:%M:%S.%fZ') AS time, coalesce(${defused}, number::VARCHAR) AS value, ${quality} AS quality`
      : `make_timestamp(time)::TIMESTAMPTZ AS time, number AS value, text, ${quality} AS quality`;
  // The same sample may be hot and sealed at once: grouped before it is sorted.
  return `SELECT coalesce(n.path, d.signal::VARCHAR) AS path, ${value.replace('AS time', 'AS "time"')} FROM (
    SELECT signal, time, number, text, quality, min((ord, arrival)) AS o FROM (
      SELECT a.* FROM (${[...hot, ...files].join(' UNION ALL ')}) a ${kept}) GROUP BY ALL) d
    LEFT JOIN signals n ON n.id = d.signal ORDER BY path, d.time, o`;
}
