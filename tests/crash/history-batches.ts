import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { HistoryLimits } from '@deungdae/history/limits.ts';

/** The samples of the crash test: made from the batch number alone, so that parent and child agree without talking. */
export const rowsPerBatch = 300;
export const signals = 5;
export const start = Date.UTC(2026, 0, 1) * 1000;
const stepUs = 500_000;
export const batchUs = rowsPerBatch * stepUs;
export const dayUs = 86_400_000_000;

/** Small bounds, so that sealing and merging happen all the time. */
export const crashLimits: Partial<HistoryLimits> = {
  memoryMb: 128,
  hotRows: 3000,
  hotAgeMs: 200,
  checkpointMs: 50,
  upkeepMs: 5,
  mergeFiles: 3,
  groupMs: 2,
};

/** Every seventh batch is a day late, and lies between the samples of that day. */
export function timeOf(batch: number, row: number): number {
  const time = start + dayUs + (batch * rowsPerBatch + row) * stepUs;
  return batch % 7 === 6 ? time - dayUs + 1 : time;
}

export function batchValue(batch: number, row: number): number {
  return ((batch * 31 + row * 7) % 1000) / 10;
}

export function batchOf(batch: number): SampleBatch {
  const out = {
    length: rowsPerBatch,
    signals: new Uint32Array(rowsPerBatch),
    times: new Float64Array(rowsPerBatch),
    numbers: new Float64Array(rowsPerBatch),
    texts: null,
    quality: new Uint8Array(rowsPerBatch),
  };
  for (let row = 0; row < rowsPerBatch; row++) {
    out.signals[row] = 1 + (row % signals);
    out.times[row] = timeOf(batch, row);
    out.numbers[row] = batchValue(batch, row);
  }
  return out;
}
