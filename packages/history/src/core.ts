import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { BucketReader } from './bucket-reader.ts';
import { ColumnBuilder, eachChunk } from './columns.ts';
import { Compactor } from './compactor.ts';
import { Database } from './database.ts';
import { HotStore } from './hot-store.ts';
import { LatestCache } from './latest.ts';
import type { HistoryLimits } from './limits.ts';
import { DAY_US } from './partition.ts';
import { PointReader } from './point-reader.ts';
import { RawReader } from './raw-reader.ts';
import { Sealer } from './sealer.ts';
import { loadManifest, removeOrphans } from './segment-files.ts';
import { int, rows } from './sql.ts';
import { State } from './state.ts';

/** The parts of an open folder. Made anew when the engine has to be opened again after a fatal disk error. */
export interface Core {
  readonly database: Database;
  readonly state: State;
  readonly latest: LatestCache;
  readonly hot: HotStore;
  readonly sealer: Sealer;
  readonly compactor: Compactor;
  readonly raw: RawReader;
  readonly buckets: BucketReader;
  readonly points: PointReader;
}

export async function openCore(directory: string, limits: HistoryLimits, clock: Clock, log: Logger): Promise<Core> {
  const database = await Database.open(directory, limits);
  try {
    const state = new State();
    const segments = await loadManifest(database.upkeep);
    const retained = await rows<{ signal: number; before: number }>(
      database.upkeep,
      'SELECT signal::DOUBLE AS signal, before::DOUBLE AS before FROM retained',
    );
    state.replace({ segments, retained: new Map(retained.map((r) => [r.signal, r.before])) });
    const removed = await removeOrphans(database, segments);
    if (removed > 0) log.info({ removed }, 'files of an interrupted seal were removed');
    const latest = new LatestCache();
    const hot = new HotStore(database, state, latest);
    await hot.load(clock.monotonicMs());
    await loadLatest(database, state, latest, clock.nowUs());
    const sealer = new Sealer(database, state, latest, limits, log);
    const raw = new RawReader(database);
    return {
      database,
      state,
      latest,
      hot,
      sealer,
      compactor: new Compactor(database, state, sealer, limits),
      raw,
      buckets: new BucketReader(database, raw),
      points: new PointReader(database, raw),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The snapshot of the last seal, then what hot tables hold since. */
async function loadLatest(database: Database, state: State, latest: LatestCache, nowUs: number): Promise<void> {
  const horizon = int(nowUs + DAY_US);
  const newest = (table: string, where: string) =>
    `SELECT max(time) AS t, signal, arg_max(number, o) AS number, nullif(arg_max(coalesce(text, chr(0)), o), chr(0)) AS text,
            arg_max(quality, o) AS quality
     FROM (SELECT *, (time, rowid) AS o FROM ${table} WHERE ${where}) GROUP BY signal`;
  const sources = ['SELECT time AS t, signal, number, text, quality FROM latest'];
  for (const table of state.view.hot)
    if (table.rows > 0) sources.push(newest(table.name, `time > ${horizon}`), newest(table.name, `time <= ${horizon}`));
  for (const source of sources) {
    const columns = "t::DOUBLE, coalesce(number, 'nan'::DOUBLE), quality, text, signal::DOUBLE";
    await eachChunk(database.upkeep, `SELECT ${columns} FROM (${source})`, (chunk) => {
      const part = new ColumnBuilder();
      part.addChunk(chunk, true);
      const signals = Uint32Array.from(chunk.getColumnValues(4) as number[]);
      const batch: SampleBatch = { ...part, length: part.length, signals };
      latest.update(batch, nowUs);
      return undefined;
    });
  }
}
