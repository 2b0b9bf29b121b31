import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbHistory } from '@deungdae/history/engine.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';

export const yearStart = Date.UTC(2025, 0, 1) * 1000;
export const daysOfYear = 365;
export const dayUs = 86_400_000_000;

/**
 * A year of data, made by SQL day by day through the engine's bulk path: signal 1 has a sample each second (± 2 ms),
 * fifteen others share the rest of `samples`. Values have a resolution of 0.1: a daily wave with noise. With
 * DEUNGDAE_BENCH_KEEP=<folder> the data is kept there and used again.
 */
export async function makeYear(samples: number): Promise<{ directory: string; remove: () => void }> {
  const keep = process.env.DEUNGDAE_BENCH_KEEP;
  if (!keep) {
    const directory = mkdtempSync(join(tmpdir(), 'deungdae-year-'));
    await fill(directory, samples);
    return { directory, remove: () => rmSync(directory, { recursive: true }) };
  }
  const directory = join(keep, `year-${samples}`);
  if (!existsSync(directory)) {
    await fill(`${directory}.part`, samples);
    renameSync(`${directory}.part`, directory);
  }
  return { directory, remove: () => {} };
}

async function fill(directory: string, samples: number): Promise<void> {
  const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger, limits: { upkeepMs: 0 } });
  if (!(history instanceof DuckDbHistory)) throw new Error('the bulk path is of the DuckDB engine');
  const perDay = 86_400;
  const others = Math.max(1, Math.round((samples / daysOfYear - perDay) / 15));
  for (let day = 0; day < daysOfYear; day++) {
    const from = yearStart + day * dayUs;
    const rows = (signals: string, count: number) => `
      SELECT s::UINTEGER AS signal, (${from} + (i * ${Math.floor(dayUs / count)}) + (random() * 2000)::BIGINT)::BIGINT AS time,
             round(20 + 5 * sin(i * 6.283 / ${count}) + random() * 0.4 + s, 1) AS number, NULL::VARCHAR AS text,
             0::UTINYINT AS quality
      FROM range(${count}) t(i), (SELECT unnest(${signals}) AS s)`;
    const select = `SELECT * FROM (${rows('[1]', perDay)} UNION ALL ${rows('range(2, 17)', others)}) ORDER BY signal, time`;
    await history.core.sealer.sealSelect(from, select);
  }
  await history.compact();
  await history.close();
}
