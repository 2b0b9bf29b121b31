import type { History } from '@deungdae/history/history.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { daysOfYear, dayUs, makeYear, yearStart } from './history-year.ts';

/** A trend 2,000 points wide of a signal with a year of one-second data, among N and 10 N samples. */

const width = 2000;
const windows: Record<string, number> = {
  year: daysOfYear * dayUs,
  fourMonths: 120 * dayUs,
  month: 30 * dayUs,
  week: 7 * dayUs,
  /** The widest that is still made of samples. */
  twoDays: 2.7 * dayUs,
  day: dayUs,
  hour: dayUs / 24,
  tenMinutes: dayUs / 144,
};

async function open(directory: string): Promise<History> {
  return (await openHistory({ directory, clock: systemClock, log: silentLogger, limits: { upkeepMs: 0 } })).history;
}

async function timed(history: History, span: number): Promise<number> {
  const from = yearStart + Math.floor(Math.random() * (daysOfYear * dayUs - span));
  const begin = performance.now();
  const buckets = await history.buckets({ signal: 1, from, to: from + span, width });
  const ms = performance.now() - begin;
  if (buckets.length < Math.min(width, span / 1e6) * 0.9) throw new Error(`only ${buckets.length} buckets`);
  return ms;
}

const percentile = (values: number[], p: number) => values.sort((a, b) => a - b)[Math.ceil(values.length * p) - 1]!;
const line = (figure: string, value: number, extra: object = {}) =>
  console.log(JSON.stringify({ bench: 'history-trend', figure, value: Math.round(value * 100) / 100, ...extra }));

async function measure(samples: number): Promise<number> {
  const begin = performance.now();
  const { directory, remove } = await makeYear(samples);
  line('prepareSeconds', (performance.now() - begin) / 1000, { samples });
  try {
    const firsts: number[] = [];
    const opens: number[] = [];
    for (const span of Object.values(windows)) {
      const before = performance.now();
      const history = await open(directory);
      opens.push(performance.now() - before);
      firsts.push(await timed(history, span));
      await history.close();
    }
    line('openMs', percentile(opens, 0.5), { samples });
    line('firstQueryAfterOpenMsMax', Math.max(...firsts), { samples, byWindow: firsts.map((f) => Math.round(f)) });
    const history = await open(directory);
    const all: number[] = [];
    for (const [name, span] of Object.entries(windows)) {
      const times: number[] = [];
      for (let i = 0; i < 40; i++) times.push(await timed(history, span));
      all.push(...times);
      line(`${name}P95Ms`, percentile(times, 0.95), { samples, p50: Math.round(percentile(times, 0.5) * 10) / 10 });
    }
    const p95 = percentile(all, 0.95);
    line('trendP95Ms', p95, { samples, floor: 50, queries: all.length });
    line('rssMb', process.memoryUsage().rss / 1e6, { samples });
    const stats = await history.stats();
    line('bytesPerSample', stats.bytes / stats.samples, { samples, files: stats.sealedFiles });
    await history.close();
    return p95;
  } finally {
    remove();
  }
}

const base = Number(process.env.DEUNGDAE_BENCH_SAMPLES ?? 50_000_000);
const small = await measure(base);
if (process.env.DEUNGDAE_BENCH_FULL === '1') {
  const large = await measure(base * 10);
  line('growth10x', large / small, { note: 'p95 at 10 times the samples; 1 is no growth' });
}
