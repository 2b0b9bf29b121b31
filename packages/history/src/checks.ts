import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { historyError } from './errors.ts';

/** A batch is taken whole or refused whole: `history.badBatch` names the first bad row (1-based). */
export function checkBatch(batch: SampleBatch): void {
  const { times, quality, length } = batch;
  for (let i = 0; i < length; i++) {
    if (!Number.isSafeInteger(times[i]))
      throw historyError('history.badBatch', { row: i + 1, what: 'time' }, { status: 400 });
    if (quality[i]! > 3) throw historyError('history.badBatch', { row: i + 1, what: 'quality' }, { status: 400 });
  }
  for (const column of [batch.signals, batch.numbers, batch.texts])
    if (column && column.length < length)
      throw historyError('history.badBatch', { row: column.length + 1, what: 'column' }, { status: 400 });
}

function bad(what: string): Error {
  return historyError('history.badQuery', { what }, { status: 400 });
}

/** Returns the limit in force. */
export function checkRange(query: { from: number; to: number; limit?: number }, most: number): number {
  if (!Number.isSafeInteger(query.from) || !Number.isSafeInteger(query.to)) throw bad('from / to');
  if (query.from > query.to) throw bad('from > to');
  const limit = query.limit ?? Math.min(100_000, most);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw bad(`limit ${limit} (1 … ${most})`);
  return limit;
}

export function checkBuckets(query: { from: number; to: number; width: number }): void {
  checkRange(query, 1);
  if (query.from === query.to) throw bad('from = to');
  if (!Number.isInteger(query.width) || query.width < 1 || query.width > 10_000)
    throw bad(`width ${query.width} (1 … 10000)`);
}
