import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, layout } from './database.ts';
import type { HistoryStats } from './history.ts';
import { int, one, rows } from './sql.ts';
import { segmentsIn, type View } from './state.ts';

/** Samples still hot count as they arrived; repeats among them are found when they are sealed. */
export async function measureStats(
  at: { connection: DuckDBConnection; view: View; database: Database },
  signal?: number,
): Promise<HistoryStats> {
  const raw = at.view.segments.filter((s) => s.kind === 'raw');
  const sealedSamples = raw.reduce((sum, s) => sum + s.rows, 0);
  const hotSamples = at.view.hot.reduce((sum, h) => sum + h.rows, 0);
  const files = at.view.segments.reduce((sum, s) => sum + s.bytes, 0);
  return {
    samples: sealedSamples + hotSamples,
    hotSamples,
    sealedFiles: raw.length,
    sealedSamples,
    bytes: files + (await databaseBytes(at.database.directory)),
    ...(await ends(at, signal)),
  };
}

async function databaseBytes(directory: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(directory))
    if (name.startsWith(layout.database)) sum += (await stat(join(directory, name)).catch(() => ({ size: 0 }))).size;
  return sum;
}

async function ends(
  { connection, view, database }: { connection: DuckDBConnection; view: View; database: Database },
  signal?: number,
): Promise<{ oldest: number | null; newest: number | null }> {
  if (signal === undefined) {
    const parts = [...view.segments.filter((s) => s.kind === 'raw'), ...view.hot.filter((h) => h.rows > 0)];
    const oldest = parts.reduce((lo, p) => Math.min(lo, p.minTime), Number.POSITIVE_INFINITY);
    const newest = parts.reduce((hi, p) => Math.max(hi, p.maxTime), Number.NEGATIVE_INFINITY);
    return parts.length > 0 ? { oldest, newest } : { oldest: null, newest: null };
  }
  const everything = {
    minSignal: signal,
    maxSignal: signal,
    from: Number.NEGATIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
  };
  const files = segmentsIn(view, 'raw', everything);
  const parts = view.hot.map((h) => `SELECT time FROM ${h.name} WHERE signal = ${int(signal)}`);
  if (files.length > 0)
    parts.push(`SELECT time FROM read_parquet(${database.fileList(files)}) WHERE signal = ${int(signal)}`);
  return one(
    connection,
    `SELECT min(time)::DOUBLE AS oldest, max(time)::DOUBLE AS newest FROM (${parts.join(' UNION ALL ')})`,
  );
}

/** Repeats count once, also those that are still hot. Column names are those of the raw files. */
export async function countSamples({
  connection,
  view,
  database,
}: {
  connection: DuckDBConnection;
  view: View;
  database: Database;
}): Promise<{ signal: number; samples: number }[]> {
  const files = view.segments.filter((s) => s.kind === 'raw');
  const parts = view.hot
    .filter((h) => h.rows > 0)
    .map((h) => `SELECT signal, time, number, text, quality FROM ${h.name}`);
  if (files.length > 0)
    parts.push(`SELECT signal, time, number, text, quality FROM read_parquet(${database.fileList(files)})`);
  if (parts.length === 0) return [];
  return rows(
    connection,
    `SELECT signal::INTEGER AS signal, count(*)::DOUBLE AS samples FROM (SELECT DISTINCT * FROM (${parts.join(' UNION ALL ')})) GROUP BY signal ORDER BY signal`,
  );
}
