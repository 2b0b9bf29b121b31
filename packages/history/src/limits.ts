/** Every bound of the engine. Sizes in rows or MB, times in ms. */
export interface HistoryLimits {
  /** DuckDB's buffer memory at most, MB; a small plant gets less. The process needs about 150 MB besides. */
  memoryMb: number;
  threads: number;
  /** Samples that may wait for the writer; callers beyond it wait for room. */
  queueSamples: number;
  /** Samples that may wait for room; beyond it append is refused with `history.overloaded`. */
  waitingSamples: number;
  /** A transaction takes waiting batches up to about this many rows. */
  groupRows: number;
  /** Commits are at least this far apart while batches keep coming; a lone batch after a pause goes at once. */
  groupMs: number;
  /** The hot table is closed and sealed at this many rows … */
  hotRows: number;
  /** … or at this age. */
  hotAgeMs: number;
  /** What is not sealed is written from memory into the database file this often; 0 leaves it to DuckDB (128 MB of log). */
  checkpointMs: number;
  /** Hot tables waiting to be sealed before appends wait for sealing. */
  hotTables: number;
  /** Days written as files of their own per seal; samples of further days share one file of strays. */
  daysPerSeal: number;
  /** Files of one size class in one partition before they are merged. */
  mergeFiles: number;
  /** Rows of a merged file, about; a larger merge is cut by signal ranges. */
  fileRows: number;
  /** Rows of one merge, which holds off sealing while it runs; larger groups stay apart. */
  mergeRows: number;
  /** Queries at one time; more wait. */
  readers: number;
  /** How often sealing and merging are looked at; 0 turns the timer off (tests drive it by hand). */
  upkeepMs: number;
  /** Rows that one `range` may give. */
  rangeRows: number;
}

export const defaultLimits: HistoryLimits = {
  memoryMb: 256,
  threads: 2,
  queueSamples: 1_000_000,
  waitingSamples: 4_000_000,
  groupRows: 65_536,
  groupMs: 10,
  hotRows: 3_000_000,
  hotAgeMs: 3_600_000,
  checkpointMs: 300_000,
  hotTables: 32,
  daysPerSeal: 32,
  mergeFiles: 12,
  fileRows: 8_000_000,
  mergeRows: 200_000_000,
  readers: 3,
  upkeepMs: 1000,
  rangeRows: 1_000_000,
};
