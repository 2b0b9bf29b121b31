import { Quality, type Sample } from '@deungdae/contracts/sample.ts';
import type { Bucket } from '@deungdae/history/history.ts';

/** Columns for drawing. A null value breaks the line: nothing was known there. */
export interface Series {
  time: number[];
  min: (number | null)[];
  max: (number | null)[];
  mean: (number | null)[];
  last: (number | null)[];
  text: string[] | null;
}

export function emptySeries(text: boolean): Series {
  return { time: [], min: [], max: [], mean: [], last: [], text: text ? [] : null };
}

export function seriesOfBuckets(buckets: readonly Bucket[]): Series {
  const series = emptySeries(false);
  for (const b of buckets) {
    if (b.count > 0) push(series, b.time, b.min, b.max, b.mean, b.last);
    if (b.gap) push(series, b.count > 0 ? b.time + 1 : b.time, null, null, null, null);
  }
  return series;
}

/** Each sample as it is: for windows that hold fewer samples than the picture has columns. */
export function seriesOfSamples(samples: readonly Sample[]): Series {
  const series = emptySeries(false);
  for (const s of samples) {
    const value = s.quality <= Quality.uncertain && typeof s.value === 'number' ? s.value : null;
    push(series, s.time, value, value, value, value);
  }
  return series;
}

/** Text signals: every change of value; a gap reads as an empty text. Repeats are left out. */
export function seriesOfTexts(samples: readonly Sample[]): Series {
  const series = emptySeries(true);
  let before: string | undefined;
  for (const s of samples) {
    const text = s.quality === Quality.gap || s.value === null ? '' : String(s.value);
    if (text === before) continue;
    push(series, s.time, null, null, null, null);
    series.text!.push(text);
    before = text;
  }
  return series;
}

function push(
  series: Series,
  time: number,
  min: number | null,
  max: number | null,
  mean: number | null,
  last: number | null,
): void {
  series.time.push(time);
  series.min.push(min);
  series.max.push(max);
  series.mean.push(mean);
  series.last.push(last);
}
