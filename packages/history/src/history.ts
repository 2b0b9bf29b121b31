import type { Quality, Sample, SampleBatch } from '@deungdae/contracts/sample.ts';

/**
 * The owner's history: samples of years. Every engine passes `contract-suite.ts`. Times are µs UTC, ranges half-open.
 *
 * A sample is known by (signal, time, value, quality): giving the same one again changes nothing. Two different values
 * at one time are both kept, in the order of arrival. Late and out-of-order samples land in place.
 */
export interface History {
  /** Resolves when the batch is on disk. All of it or nothing; safe to repeat after a failure. */
  append(batch: SampleBatch): Promise<void>;

  /** Samples of one signal in time order (equal times in order of arrival), at most `limit`. */
  range(query: RangeQuery): Promise<Sample[]>;

  /**
   * `width` equal buckets over the range; empty ones are left out. A bucket's figures come from good and uncertain
   * numbers; a gap or bad sample only sets `gap`: a bucket with nothing else has count 0 and NaN figures. Buckets of
   * two minutes or more are made of minutes, ten minutes or hours, whatever fits in twice; inner edges are exact to that.
   */
  buckets(query: BucketQuery): Promise<Bucket[]>;

  /** How long each value of a text, enum or boolean signal held within the range; `gap` time is under the key null. */
  timeInValue(query: {
    signal: number;
    from: number;
    to: number;
  }): Promise<{ value: string | number | null; us: number }[]>;

  /** The newest sample of each signal (by time), or of all signals. From memory. */
  latest(signals?: readonly number[]): Sample[];

  /** The last sample at or before `time`, for "what was it then". */
  before(signal: number, time: number): Promise<Sample | null>;

  /** Moves everything older than `olderThan` from the hot store into sealed files. */
  seal(options: { olderThan: number }): Promise<{ samples: number }>;
  /** Merges small sealed files of one day; what late samples left behind becomes one sorted file again. */
  compact(): Promise<{ files: number }>;
  /** Drops raw samples older than `before` of the given signals; rollups are kept. */
  retain(options: { before: number; signals: readonly number[] }): Promise<{ samples: number }>;

  /** Writes samples to a CSV or Parquet file: path, time (ISO 8601, µs), value, quality. */
  export(query: ExportQuery): Promise<{ rows: number }>;
  /** A consistent copy while writing goes on. */
  backup(directory: string, progress?: (share: number) => void): Promise<void>;

  /** Of all signals; `oldest` and `newest` of one when it is given. */
  stats(signal?: number): Promise<HistoryStats>;
  /** Distinct samples of every signal that has any. Walks everything: for reports, not for screens. */
  counts(): Promise<{ signal: number; samples: number }[]>;
  close(): Promise<void>;
}

export interface RangeQuery {
  signal: number;
  from: number;
  to: number;
  /** At most 1,000,000; default 100,000. */
  limit?: number;
}

export interface BucketQuery {
  signal: number;
  from: number;
  to: number;
  /** Number of buckets, 1 … 10,000. */
  width: number;
}

export interface Bucket {
  /** Start, µs UTC */
  time: number;
  count: number;
  min: number;
  max: number;
  /** Sum ÷ count of the samples; not weighted by time. */
  mean: number;
  first: number;
  last: number;
  /** True when a gap or bad sample fell into the bucket. */
  gap: boolean;
}

export interface ExportQuery {
  signals: readonly number[];
  from: number;
  to: number;
  format: 'csv' | 'parquet';
  file: string;
  progress?: (share: number) => void;
  abort?: AbortSignal;
}

export interface HistoryStats {
  /** Distinct samples kept. */
  samples: number;
  hotSamples: number;
  sealedFiles: number;
  sealedSamples: number;
  bytes: number;
  oldest: number | null;
  newest: number | null;
}

/** Signal ids ↔ paths; ids are given once and never used again. Kept beside the samples, so the files explain themselves. */
export interface SignalCatalogue {
  /** The id of each path, given now where it is new. Durable when it resolves. */
  idsOf(paths: readonly string[]): Promise<Map<string, number>>;
  pathOf(id: number): string | undefined;
  all(): { id: number; path: string }[];
}

export type { Quality };
