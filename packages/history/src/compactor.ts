import { rm } from 'node:fs/promises';
import type { Database } from './database.ts';
import type { HistoryLimits } from './limits.ts';
import { cellUs, DAY_US, floorTo, partitionOf, type SegmentKind, STRAY } from './partition.ts';
import { mergeRollups } from './rollup-sql.ts';
import type { Sealer } from './sealer.ts';
import { addToManifest, type Draft, removeFromManifest, settle, writeDraft } from './segment-files.ts';
import { int, rows, text, transaction } from './sql.ts';
import type { Segment, State } from './state.ts';

/** Files of one partition that are to become one sorted run, cut into files of `fileRows` by signal. */
export interface Merge {
  kind: SegmentKind;
  partition: string;
  tier: number;
  files: Segment[];
}

/** Everything that can still be merged: files of one partition whose signal ranges overlap, up to `mergeRows`. */
export function fullMerges(segments: readonly Segment[], limits: HistoryLimits): Merge[] {
  const merges: Merge[] = [];
  for (const group of byPartition(segments).values()) {
    for (const connected of overlapping(group)) {
      for (const run of cutByRows(connected, limits.mergeRows)) {
        for (const files of overlapping(run)) {
          if (files.length < 2) continue;
          const tier = Math.max(...files.map((f) => f.tier)) + 1;
          merges.push({ kind: files[0]!.kind, partition: files[0]!.partition, tier, files });
        }
      }
    }
  }
  return merges;
}

/**
 * What upkeep merges next. In a partition whose time is over: whatever overlaps, where it is worth rewriting. In the
 * one that is being filled: a size class that has `mergeFiles` files, so that each sample is rewritten few times.
 */
export function nextMerge(segments: readonly Segment[], nowUs: number, limits: HistoryLimits): Merge | null {
  const current = {
    raw: partitionOf('raw', floorTo(nowUs, DAY_US)),
    minute: partitionOf('minute', nowUs),
    tenMinutes: partitionOf('tenMinutes', nowUs),
    hour: partitionOf('hour', nowUs),
  };
  for (const group of byPartition(segments).values()) {
    if (group.length < 2) continue;
    const { kind, partition } = group[0]!;
    const filling = partition === current[kind] || partition === STRAY;
    const merge = filling ? tierMerge(group, limits) : fullMerges(group, limits).find((m) => isWorth(m.files, limits));
    if (merge) return merge;
  }
  return null;
}

function tierMerge(group: readonly Segment[], limits: HistoryLimits): Merge | null {
  const tiers = Map.groupBy(group, (s) => s.tier);
  for (const [tier, files] of [...tiers].sort((a, b) => a[0] - b[0])) {
    if (files.length < limits.mergeFiles) continue;
    for (const run of overlapping(files)) {
      if (
        run.length < limits.mergeFiles ||
        rowsOf(run) > limits.mergeRows ||
        run.every((f) => f.order === run[0]!.order)
      )
        continue;
      return { kind: run[0]!.kind, partition: run[0]!.partition, tier: tier + 1, files: run };
    }
  }
  return null;
}

/** A few late samples are no reason to rewrite a large day: they wait for more, and queries open one file more. */
function isWorth(files: readonly Segment[], limits: HistoryLimits): boolean {
  const all = rowsOf(files);
  const largest = Math.max(...files.map((f) => f.rows));
  return all <= limits.fileRows || files.length >= limits.mergeFiles || all - largest >= all / 20;
}

function rowsOf(files: readonly Segment[]): number {
  return files.reduce((sum, f) => sum + f.rows, 0);
}

/** Runs of files that follow each other in the order of arrival, each of at most `most` rows. */
function cutByRows(files: readonly Segment[], most: number): Segment[][] {
  const runs: Segment[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (rows + file.rows > most) {
      runs.push([]);
      rows = 0;
    }
    runs.at(-1)!.push(file);
    rows += file.rows;
  }
  return runs;
}

function byPartition(segments: readonly Segment[]): Map<string, Segment[]> {
  return Map.groupBy(segments, (s) => `${s.kind}/${s.partition}`);
}

/** Groups of files connected by overlapping signal ranges, each in the order of arrival. */
function overlapping(files: readonly Segment[]): Segment[][] {
  const sorted = [...files].sort((a, b) => a.minSignal - b.minSignal);
  const groups: { end: number; files: Segment[] }[] = [];
  for (const file of sorted) {
    const last = groups.at(-1);
    if (last && file.minSignal <= last.end) {
      last.files.push(file);
      last.end = Math.max(last.end, file.maxSignal);
    } else groups.push({ end: file.maxSignal, files: [file] });
  }
  return groups.map((g) => g.files.sort((a, b) => a.order - b.order || a.id - b.id));
}

/** Cuts signals (with their row counts, ascending) into ranges of about `target` rows. */
export function signalRanges(counts: readonly { signal: number; rows: number }[], target: number): [number, number][] {
  const ranges: [number, number][] = [];
  let start = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i]!.rows;
    const next = counts[i + 1];
    if (next && sum + next.rows <= target) continue;
    ranges.push([counts[start]!.signal, counts[i]!.signal]);
    start = i + 1;
    sum = 0;
  }
  return ranges;
}

export class Compactor {
  readonly #database: Database;
  readonly #state: State;
  readonly #sealer: Sealer;
  readonly #limits: HistoryLimits;

  constructor(database: Database, state: State, sealer: Sealer, limits: HistoryLimits) {
    this.#database = database;
    this.#state = state;
    this.#sealer = sealer;
    this.#limits = limits;
  }

  /** Rewrites the files of the merge; the old ones go when no query uses them. Returns the number of files replaced. */
  async merge(merge: Merge): Promise<number> {
    const drafts: Draft[] = [];
    for (const range of await this.#ranges(merge)) {
      const draft = await writeDraft(this.#database, {
        id: this.#sealer.nextId(),
        order: Math.max(...merge.files.map((f) => f.order)),
        kind: merge.kind,
        partition: merge.partition,
        tier: merge.tier,
        select: this.#select(merge, range),
      });
      if (draft) drafts.push(draft);
    }
    const expected = rowsOf(merge.files);
    const written = rowsOf(drafts);
    if (merge.kind === 'raw' && written !== expected)
      throw new Error(`merge of ${merge.partition} would turn ${expected} samples into ${written}`);
    await this.replace(merge.files, drafts);
    return merge.files.length;
  }

  /** Puts drafts in the place of files, in one transaction. */
  async replace(files: readonly Segment[], drafts: readonly Draft[]): Promise<void> {
    const { upkeep } = this.#database;
    const segments = await settle(this.#database, drafts);
    await transaction(upkeep, async () => {
      await removeFromManifest(upkeep, files);
      await addToManifest(upkeep, segments);
    });
    const gone = new Set(files.map((f) => f.id));
    this.#state.replace({ segments: [...this.#state.view.segments.filter((s) => !gone.has(s.id)), ...segments] });
    this.#state.retire(async () => {
      for (const file of files) await rm(this.#database.sealedPath(file.file), { force: true }).catch(() => {});
    });
  }

  async #ranges({ files }: Merge): Promise<[number, number][]> {
    if (rowsOf(files) <= this.#limits.fileRows) {
      return [[Math.min(...files.map((f) => f.minSignal)), Math.max(...files.map((f) => f.maxSignal))]];
    }
    const counts = await rows<{ signal: number; rows: number }>(
      this.#database.upkeep,
      `SELECT signal::DOUBLE AS signal, count(*)::DOUBLE AS "rows" FROM read_parquet(${this.#database.fileList(files)})
       GROUP BY signal ORDER BY signal`,
    );
    return signalRanges(counts, this.#limits.fileRows);
  }

  #select({ kind, files }: Merge, [lo, hi]: [number, number]): string {
    const where = `signal BETWEEN ${int(lo)} AND ${int(hi)}`;
    const touched = files.filter((f) => f.minSignal <= hi && f.maxSignal >= lo);
    const paths = touched.map((f) => this.#database.sealedPath(f.file));
    if (kind !== 'raw') return mergeRollups(paths, cellUs[kind], where);
    const parts = paths.map(
      (path, i) =>
        `SELECT signal, time, number, text, quality, ${i} AS ord, file_row_number AS arrival
         FROM read_parquet(${text(path)}, file_row_number = true) WHERE ${where}`,
    );
    return `SELECT signal, time, number, text, quality FROM (${parts.join(' UNION ALL ')})
            ORDER BY signal, time, ord, arrival`;
  }
}
