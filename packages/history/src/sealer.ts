import type { Logger } from '@deungdae/kernel/log.ts';
import { ChunkWriter } from './chunk-writer.ts';
import type { Database } from './database.ts';
import type { LatestCache } from './latest.ts';
import type { HistoryLimits } from './limits.ts';
import { cellUs, DAY_US, floorSql, partitionOf, type RollupKind, STRAY } from './partition.ts';
import { mergeRollups, minutesOfRaw } from './rollup-sql.ts';
import { addToManifest, type Draft, settle, writeDraft } from './segment-files.ts';
import { int, one, rows, text, transaction } from './sql.ts';
import { type HotTable, type Segment, type State, segmentsIn } from './state.ts';

interface DayPart {
  partition: string;
  /** First µs of the day; null for strays. */
  day: number | null;
  where: string;
  minSignal: number;
  maxSignal: number;
  minTime: number;
  maxTime: number;
}

/** Turns a hot table that no longer changes into sorted Parquet files and rollups. */
export class Sealer {
  readonly #database: Database;
  readonly #state: State;
  readonly #limits: HistoryLimits;
  readonly #log: Logger;
  readonly #latest: LatestCache;
  readonly #chunks = new ChunkWriter();
  #nextId: number;

  constructor(database: Database, state: State, latest: LatestCache, limits: HistoryLimits, log: Logger) {
    this.#latest = latest;
    this.#database = database;
    this.#state = state;
    this.#limits = limits;
    this.#log = log;
    this.#nextId = state.view.segments.reduce((most, s) => Math.max(most, s.id), 0) + 1;
  }

  nextId(): number {
    return this.#nextId++;
  }

  /**
   * Only samples that no sealed file has yet are written, so sealed files never share a sample and rollups add up.
   * The files, the manifest rows and the table's end become true in one transaction; a crash before it leaves the
   * table as it was, and the files as orphans for the next start to remove.
   */
  async seal(table: HotTable): Promise<number> {
    const { upkeep } = this.#database;
    const raw: Draft[] = [];
    for (const part of await this.#dayParts(table)) {
      const draft = await this.#sealPart(table, part);
      if (draft) raw.push(draft);
    }
    const segments = await this.#publish(raw, async () => {
      await upkeep.run(`INSERT INTO sealed_hot VALUES (${int(table.number)})`);
      await this.#keepLatest();
    });
    const { view } = this.#state;
    this.#state.replace({
      hot: view.hot.filter((h) => h !== table),
      segments: [...view.segments, ...segments],
    });
    this.#state.retire(async () => {
      await this.#database.janitor.run(`DROP TABLE IF EXISTS ${table.name}`).catch((error) => {
        this.#log.warn({ table: table.name, error: String(error) }, 'a sealed hot table waits for the next start');
      });
    });
    return raw.reduce((sum, d) => sum + d.rows, 0);
  }

  /**
   * Bulk path for a day that no sealed file has samples of yet: `select` gives (signal, time, number, text, quality)
   * sorted by signal and time, without repeats. The caller guarantees all of that; hot tables are not touched.
   */
  async sealSelect(dayUs: number, select: string): Promise<number> {
    const draft = await writeDraft(this.#database, {
      id: this.nextId(),
      kind: 'raw',
      partition: partitionOf('raw', dayUs),
      tier: 1,
      select,
    });
    if (!draft) return 0;
    const segments = await this.#publish([draft], async () => {});
    this.#state.replace({ segments: [...this.#state.view.segments, ...segments] });
    return draft.rows;
  }

  /** Raw drafts and their rollups made durable and known, in one transaction with `also`. */
  async #publish(raw: readonly Draft[], also: () => Promise<void>): Promise<Segment[]> {
    const { upkeep } = this.#database;
    const minutes = await this.#rollup('minute', raw);
    const tens = await this.#rollup('tenMinutes', minutes);
    const hours = await this.#rollup('hour', tens);
    const segments = await settle(this.#database, [...raw, ...minutes, ...tens, ...hours]);
    await transaction(upkeep, async () => {
      await addToManifest(upkeep, segments);
      await also();
    });
    return segments;
  }

  /** The newest sample of each signal, kept so that a start need not look into sealed files. */
  async #keepLatest(): Promise<void> {
    const { upkeep } = this.#database;
    await upkeep.run(
      'CREATE OR REPLACE TABLE latest (signal UINTEGER, time BIGINT, number DOUBLE, text VARCHAR, quality UTINYINT)',
    );
    const appender = await upkeep.createAppender('latest');
    this.#chunks.start(appender);
    this.#chunks.write(this.#latest.snapshot());
    this.#chunks.end();
    appender.closeSync();
  }

  async #dayParts(table: HotTable): Promise<DayPart[]> {
    const days = await rows<{ day: number; s0: number; s1: number; t0: number; t1: number }>(
      this.#database.upkeep,
      `SELECT (${floorSql('time', DAY_US)})::DOUBLE AS day, min(signal)::DOUBLE AS s0, max(signal)::DOUBLE AS s1,
              min(time)::DOUBLE AS t0, max(time)::DOUBLE AS t1
       FROM ${table.name} GROUP BY 1 ORDER BY count(*) DESC, 1`,
    );
    const own = days.slice(0, this.#limits.daysPerSeal);
    const parts: DayPart[] = own.map((d) => ({
      partition: partitionOf('raw', d.day),
      day: d.day,
      where: `time >= ${int(d.day)} AND time < ${int(d.day + DAY_US)}`,
      minSignal: d.s0,
      maxSignal: d.s1,
      minTime: d.t0,
      maxTime: d.t1,
    }));
    const strays = days.slice(this.#limits.daysPerSeal);
    if (strays.length > 0)
      parts.push({
        partition: STRAY,
        day: null,
        where: `${floorSql('time', DAY_US)} NOT IN (${own.map((d) => int(d.day)).join(', ')})`,
        minSignal: Math.min(...strays.map((d) => d.s0)),
        maxSignal: Math.max(...strays.map((d) => d.s1)),
        minTime: Math.min(...strays.map((d) => d.t0)),
        maxTime: Math.max(...strays.map((d) => d.t1)),
      });
    return parts;
  }

  async #sealPart(table: HotTable, part: DayPart): Promise<Draft | null> {
    const known = await this.#collectKnown(table, part);
    const anti = known
      ? `ANTI JOIN known k ON h.signal = k.signal AND h.time = k.time AND h.quality = k.quality
         AND h.number IS NOT DISTINCT FROM k.number AND h.text IS NOT DISTINCT FROM k.text`
      : '';
    const expired = `NOT EXISTS (SELECT 1 FROM retained r WHERE r.signal = h.signal AND h.time < r.before)`;
    const draft = await writeDraft(this.#database, {
      id: this.nextId(),
      kind: 'raw',
      partition: part.partition,
      tier: 0,
      select: `
SELECT signal, time, number, text, quality FROM (
  SELECT h.* FROM (
    SELECT signal, time, CASE WHEN isnan(number) THEN NULL ELSE number END AS number, text, quality, min(rowid) AS arrival
    FROM ${table.name} WHERE ${part.where} GROUP BY ALL) h ${anti}
  ${this.#state.view.retained.size > 0 ? `WHERE ${expired}` : ''})
ORDER BY signal, time, arrival`,
    });
    if (known) await this.#database.upkeep.run('DROP TABLE known; DROP TABLE shared');
    return draft;
  }

  /**
   * Sealed samples that the part may repeat, into the temp table `known`; false when there are none. Minute rollups
   * tell cheaply which (signal, minute) both have; only files of those minutes are read.
   */
  async #collectKnown(table: HotTable, part: DayPart): Promise<boolean> {
    const { upkeep } = this.#database;
    const { view } = this.#state;
    const range = { ...part, from: part.minTime, to: part.maxTime + 1 };
    if (segmentsIn(view, 'raw', range).length === 0) return false;
    const cellRange = { ...range, from: range.from - cellUs.minute };
    const rollups = segmentsIn(view, 'minute', cellRange);
    if (rollups.length === 0) return false;
    const minute = floorSql('time', cellUs.minute);
    await upkeep.run(
      `CREATE OR REPLACE TEMP TABLE shared AS
       SELECT signal, cell, lo, hi FROM (
         SELECT signal, ${minute} AS cell, min(time) AS lo, max(time) AS hi
         FROM ${table.name} WHERE ${part.where} GROUP BY ALL)
       SEMI JOIN (SELECT signal, cell FROM read_parquet(${this.#database.fileList(rollups)})
                  WHERE cell BETWEEN ${int(cellRange.from)} AND ${int(part.maxTime)}) USING (signal, cell)`,
    );
    const span = await one<Record<string, number | null>>(
      upkeep,
      `SELECT min(lo)::DOUBLE AS t0, max(hi)::DOUBLE AS t1, min(signal)::DOUBLE AS s0, max(signal)::DOUBLE AS s1
       FROM shared`,
    );
    if (span.t0 === null) return false;
    const files = segmentsIn(view, 'raw', {
      minSignal: span.s0!,
      maxSignal: span.s1!,
      from: span.t0!,
      to: span.t1! + 1,
    });
    if (files.length === 0) return false;
    await upkeep.run(
      `CREATE OR REPLACE TEMP TABLE known AS
       SELECT r.signal, r.time, r.number, r.text, r.quality
       FROM read_parquet(${this.#database.fileList(files)}) r JOIN shared s
         ON r.signal = s.signal AND ${floorSql('r.time', cellUs.minute)} = s.cell
       WHERE r.time BETWEEN ${int(span.t0!)} AND ${int(span.t1!)} AND r.time BETWEEN s.lo AND s.hi`,
    );
    return true;
  }

  /** Rollups of drafts: minutes of the raw ones by month, coarser ones of the finer ones by year; strays apart. */
  async #rollup(kind: RollupKind, sources: readonly Draft[]): Promise<Draft[]> {
    const groups = new Map<string, Draft[]>();
    for (const source of sources) {
      const partition = source.partition === STRAY ? STRAY : partitionOf(kind, source.minTime);
      groups.set(partition, [...(groups.get(partition) ?? []), source]);
    }
    const out: Draft[] = [];
    for (const [partition, drafts] of groups) {
      const files = drafts.map((d) => d.temp);
      const select =
        kind === 'minute'
          ? minutesOfRaw(`[${files.map(text).join(', ')}]`, 'true')
          : mergeRollups(files, cellUs[kind], 'true');
      const draft = await writeDraft(this.#database, { id: this.nextId(), kind, partition, tier: 0, select });
      if (draft) out.push(draft);
    }
    return out;
  }
}
