import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Database, layout } from './database.ts';
import { defaultLimits } from './limits.ts';
import { rollupKinds } from './partition.ts';
import { loadManifest, sealedFiles, sha256Of } from './segment-files.ts';
import { one, text } from './sql.ts';
import type { Segment } from './state.ts';

export interface VerifyReport {
  files: number;
  samples: number;
  /** Empty when all is well; else one sentence each, file first. */
  problems: string[];
}

/**
 * Checks a closed history: every manifest row has its file, with its size, checksum, rows, ranges and order; no file
 * is without a row; rollups count what the raw files hold (while no retention has dropped any). Throws
 * `history.locked` while the history is open elsewhere.
 */
export async function verifyHistory(directory: string, progress?: (share: number) => void): Promise<VerifyReport> {
  const database = await Database.open(directory, { ...defaultLimits, readers: 1 });
  try {
    const segments = await loadManifest(database.upkeep);
    const problems: string[] = [];
    for (const [i, segment] of segments.entries()) {
      problems.push(...(await checkSegment(database, segment)).map((p) => `${segment.file}: ${p}`));
      progress?.((i + 1) / (segments.length + 1));
    }
    const known = new Set(segments.map((s) => s.file));
    for (const file of await sealedFiles(directory))
      if (!known.has(file)) problems.push(`${file}: is not in the manifest`);
    if (problems.length === 0) problems.push(...(await checkCounts(database, segments)));
    if (!(await stat(join(directory, layout.catalogue)).catch(() => null)))
      problems.push(`${layout.catalogue}: is missing`);
    const samples = segments.reduce((sum, s) => sum + (s.kind === 'raw' ? s.rows : 0), 0);
    progress?.(1);
    return { files: segments.length, samples, problems };
  } finally {
    await database.close();
  }
}

async function checkSegment(database: Database, segment: Segment): Promise<string[]> {
  const path = database.sealedPath(segment.file);
  const found = await stat(path).catch(() => null);
  if (!found) return ['is missing'];
  if (found.size !== segment.bytes) return [`has ${found.size} bytes instead of ${segment.bytes}`];
  if ((await sha256Of(path)) !== segment.sha256) return ['does not match its checksum'];
  const time = segment.kind === 'raw' ? 'time' : 'cell';
  const row = await one<Record<string, number>>(
    database.upkeep,
    `SELECT count(*)::DOUBLE AS n, min(signal)::DOUBLE AS s0, max(signal)::DOUBLE AS s1, min(${time})::DOUBLE AS t0,
            max(${time})::DOUBLE AS t1,
            count(*) FILTER (signal < ps OR (signal = ps AND ${time} < pt))::DOUBLE AS disorder
     FROM (SELECT signal, ${time}, lag(signal) OVER (ORDER BY file_row_number) AS ps,
                  lag(${time}) OVER (ORDER BY file_row_number) AS pt
           FROM read_parquet(${text(path)}, file_row_number = true))`,
  );
  const problems: string[] = [];
  if (row.n !== segment.rows) problems.push(`has ${row.n} rows instead of ${segment.rows}`);
  if (row.s0 !== segment.minSignal || row.s1 !== segment.maxSignal) problems.push('holds other signals than noted');
  if (row.t0 !== segment.minTime || row.t1 !== segment.maxTime) problems.push('holds other times than noted');
  if (row.disorder! > 0) problems.push(`has ${row.disorder} rows out of order`);
  return problems;
}

async function checkCounts(database: Database, segments: readonly Segment[]): Promise<string[]> {
  const { n: expired } = await one<{ n: number }>(database.upkeep, 'SELECT count(*)::DOUBLE AS n FROM retained');
  if (expired > 0) return [];
  const raw = segments.filter((s) => s.kind === 'raw').reduce((sum, s) => sum + s.rows, 0);
  const problems: string[] = [];
  for (const kind of rollupKinds) {
    const files = segments.filter((s) => s.kind === kind);
    if (files.length === 0 && raw === 0) continue;
    const { n } = await one<{ n: number }>(
      database.upkeep,
      `SELECT coalesce(sum(samples), 0)::DOUBLE AS n FROM read_parquet(${database.fileList(files)})`,
    );
    if (n !== raw) problems.push(`${kind} rollups: count ${n} samples instead of ${raw}`);
  }
  return problems;
}
