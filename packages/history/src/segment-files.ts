import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, layout } from './database.ts';
import type { SegmentKind } from './partition.ts';
import { int, one, rows, text } from './sql.ts';
import type { Segment } from './state.ts';

/**
 * How sealed files are written. Version 2 of the format brings delta encoding of times; level 9 costs no more time
 * than the default here and saves 5 % (bench/history-size.ts).
 */
const parquetOptions = 'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 9';

/** A file written but not yet in the manifest. */
export interface Draft extends Segment {
  /** Absolute path in the temp folder. */
  readonly temp: string;
}

/** Writes the result of `select` to a temp file and measures it; null (and no file) when there is no row. */
export async function writeDraft(
  database: Database,
  spec: { id: number; order?: number; kind: SegmentKind; partition: string; tier: number; select: string },
): Promise<Draft | null> {
  const { upkeep } = database;
  const { id, kind, partition, tier } = spec;
  const temp = join(database.directory, layout.temp, `${kind}-${id}.parquet`);
  await upkeep.run(`COPY (${spec.select}) TO ${text(temp)} (${parquetOptions})`);
  const measured = await measure(upkeep, kind, temp);
  if (measured.rows === 0) {
    await rm(temp);
    return null;
  }
  const file = `${kind}/${partition}/${id}.parquet`;
  const { size } = await stat(temp);
  return { id, order: spec.order ?? id, kind, partition, file, tier, temp, bytes: size, sha256: '', ...measured };
}

async function measure(connection: DuckDBConnection, kind: SegmentKind, file: string) {
  const time = kind === 'raw' ? 'time' : 'cell';
  const row = await one<Record<string, number | null>>(
    connection,
    `SELECT count(*)::DOUBLE AS n, min(signal)::DOUBLE AS s0, max(signal)::DOUBLE AS s1, min(${time})::DOUBLE AS t0,
            max(${time})::DOUBLE AS t1, ${kind === 'raw' ? 'count(text)' : '0'}::DOUBLE AS texts
     FROM read_parquet(${text(file)})`,
  );
  return {
    rows: row.n!,
    minSignal: row.s0 ?? 0,
    maxSignal: row.s1 ?? 0,
    minTime: row.t0 ?? 0,
    maxTime: row.t1 ?? 0,
    hasText: row.texts! > 0,
  };
}

/** Makes drafts durable under their final names. They count only once the manifest names them. */
export async function settle(database: Database, drafts: readonly Draft[]): Promise<Segment[]> {
  const folders = new Set<string>();
  const segments: Segment[] = [];
  for (const { temp, ...draft } of drafts) {
    const handle = await open(temp, 'r+');
    await handle.sync();
    await handle.close();
    const sha256 = await sha256Of(temp);
    const target = database.sealedPath(draft.file);
    const folder = dirname(target);
    await mkdir(folder, { recursive: true });
    await rename(temp, target);
    folders
      .add(folder)
      .add(dirname(folder))
      .add(dirname(dirname(folder)));
    segments.push({ ...draft, sha256 });
  }
  for (const folder of folders) await syncFolder(folder);
  return segments;
}

async function syncFolder(folder: string): Promise<void> {
  // Windows does not open folders; there the rename is durable by itself.
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file, { highWaterMark: 1 << 18 })) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** Runs within the caller's transaction. */
export async function addToManifest(connection: DuckDBConnection, segments: readonly Segment[]): Promise<void> {
  if (segments.length === 0) return;
  const values = segments.map(
    (s) =>
      `(${[s.id, s.order, text(s.kind), text(s.partition), text(s.file), s.tier, s.rows, s.bytes, s.minSignal, s.maxSignal, s.minTime, s.maxTime, s.hasText, text(s.sha256)].join(', ')})`,
  );
  await connection.run(`INSERT INTO manifest VALUES ${values.join(', ')}`);
}

export async function removeFromManifest(connection: DuckDBConnection, segments: readonly Segment[]): Promise<void> {
  if (segments.length === 0) return;
  await connection.run(`DELETE FROM manifest WHERE id IN (${segments.map((s) => int(s.id)).join(', ')})`);
}

export async function loadManifest(connection: DuckDBConnection): Promise<Segment[]> {
  const found = await rows<Record<string, unknown>>(
    connection,
    `SELECT id::DOUBLE AS id, ord::DOUBLE AS "order", kind, partition, file, tier, "rows"::DOUBLE AS "rows", bytes::DOUBLE AS bytes,
            min_signal::DOUBLE AS "minSignal", max_signal::DOUBLE AS "maxSignal", min_time::DOUBLE AS "minTime",
            max_time::DOUBLE AS "maxTime", has_text AS "hasText", sha256
     FROM manifest ORDER BY id`,
  );
  return found as unknown as Segment[];
}

/** Removes what an interrupted seal left: temp files, and sealed files that no manifest row names. */
export async function removeOrphans(database: Database, segments: readonly Segment[]): Promise<number> {
  const known = new Set(segments.map((s) => s.file));
  let removed = 0;
  const temp = join(database.directory, layout.temp);
  for (const name of await readdir(temp)) {
    if (!name.endsWith('.parquet')) continue;
    await rm(join(temp, name), { force: true });
    removed++;
  }
  for (const file of await sealedFiles(database.directory)) {
    if (known.has(file)) continue;
    await rm(database.sealedPath(file), { force: true });
    removed++;
  }
  return removed;
}

/** Parquet files below the sealed folder, as `kind/partition/name`. */
export async function sealedFiles(directory: string): Promise<string[]> {
  const root = join(directory, layout.sealed);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile() && e.name.endsWith('.parquet'))
    .map((e) => relative(root, join(e.parentPath, e.name)).replaceAll('\\', '/'));
}
