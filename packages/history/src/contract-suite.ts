import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { batchOf, Quality, type Sample } from '@deungdae/contracts/sample.ts';
import type { Bucket, History } from './history.ts';
import { NaiveHistory, randomOf } from './naive-history.ts';

/** What the suite needs of an engine. */
export interface HistoryFixture {
  history: History;
  /** Closes and opens the same data again. */
  reopen(): Promise<History>;
  /** A new folder for backups and exports. */
  folder: string;
  /** Opens a history made from the backup in `folder/name`. */
  restore(name: string): Promise<History>;
  pathOf(signal: number): string;
  /** Ends everything it opened. */
  end(): Promise<void>;
}

const T0 = Date.UTC(2026, 2, 2, 23, 50) * 1000;
const S = 1_000_000;
const HOUR = 3600 * S;
const DAY = 24 * HOUR;
const { good, uncertain, bad, gap } = Quality;

function s(signal: number, time: number, value: Sample['value'], quality: Quality = good): Sample {
  return { signal, time, value, quality };
}

/** Every History engine passes these. `open` gives an empty one whose clock says 2026-03-03. */
export function historyContract(name: string, open: () => Promise<HistoryFixture>): void {
  const on = (title: string, body: (f: HistoryFixture) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const fixture = await open();
      try {
        await body(fixture);
      } finally {
        await fixture.end();
      }
    });
  basics(on);
  values(on);
  upkeep(on);
  outside(on);
  test(`${name}: answers as a naive history does, whatever is sealed, merged or reopened between`, async () => {
    for (let seed = 1; seed <= Number(process.env.DEUNGDAE_PROPERTY_RUNS ?? 4); seed++) {
      const fixture = await open();
      try {
        await property(fixture, seed);
      } finally {
        await fixture.end();
      }
    }
  });
}

type On = (title: string, body: (f: HistoryFixture) => Promise<void>) => void;

function basics(on: On): void {
  on('gives back what was appended, in time order', async ({ history }) => {
    await history.append(batchOf([s(1, T0 + 2 * S, 2.5), s(2, T0, 7), s(1, T0, 1.5)]));
    await history.append(batchOf([s(1, T0 + S, 2)]));
    assert.deepEqual(await history.range({ signal: 1, from: T0, to: T0 + 2 * S + 1 }), [
      s(1, T0, 1.5),
      s(1, T0 + S, 2),
      s(1, T0 + 2 * S, 2.5),
    ]);
  });

  on('ranges are half-open and limits are kept', async ({ history }) => {
    await history.append(batchOf([s(1, T0, 1), s(1, T0 + 1, 2), s(1, T0 + 2, 3)]));
    assert.deepEqual(await history.range({ signal: 1, from: T0, to: T0 + 2 }), [s(1, T0, 1), s(1, T0 + 1, 2)]);
    assert.deepEqual(await history.range({ signal: 1, from: T0, to: T0 + 9, limit: 1 }), [s(1, T0, 1)]);
    await assert.rejects(history.range({ signal: 1, from: T0, to: T0 + 9, limit: 1_000_001 }), {
      code: 'history.badQuery',
    });
    await assert.rejects(history.range({ signal: 1, from: T0 + 1, to: T0 }), { code: 'history.badQuery' });
    await assert.rejects(history.buckets({ signal: 1, from: T0, to: T0 + 1, width: 10_001 }), {
      code: 'history.badQuery',
    });
  });

  on('a repeated sample changes nothing: in one batch, hot, sealed, and both', async ({ history, reopen }) => {
    const batch = batchOf([s(1, T0, 1), s(1, T0, 1), s(1, T0 + S, 2), s(3, T0, 'AUTO'), s(3, T0, 'AUTO')]);
    let h = history;
    const check = async () => {
      assert.deepEqual(await h.range({ signal: 1, from: T0, to: T0 + 2 * S }), [s(1, T0, 1), s(1, T0 + S, 2)]);
      assert.deepEqual(await h.range({ signal: 3, from: T0, to: T0 + 2 * S }), [s(3, T0, 'AUTO')]);
      for (const span of [2 * S, 40 * HOUR, 800 * DAY]) {
        const [bucket] = await h.buckets({ signal: 1, from: T0 - 1, to: T0 - 1 + span, width: 1 });
        assert.equal(bucket?.count, 2);
        assert.equal(bucket?.mean, 1.5);
      }
    };
    for (let round = 0; round < 3; round++) {
      await h.append(batch);
      await check();
      await h.seal({ olderThan: T0 + DAY });
      await check();
    }
    await h.append(batch);
    await h.compact();
    await check();
    h = await reopen();
    await check();
    await h.seal({ olderThan: T0 + DAY });
    assert.equal((await h.stats()).samples, 3);
  });

  on('two values at one time are both kept in the order of arrival', async ({ history }) => {
    await history.append(batchOf([s(1, T0, 5), s(1, T0, 3)]));
    await history.seal({ olderThan: T0 + DAY });
    await history.append(batchOf([s(1, T0, 4), s(1, T0, 5)]));
    const expected = [s(1, T0, 5), s(1, T0, 3), s(1, T0, 4)];
    const check = async () => {
      assert.deepEqual(await history.range({ signal: 1, from: T0, to: T0 + 1 }), expected);
      const [b] = await history.buckets({ signal: 1, from: T0, to: T0 + 10, width: 1 });
      assert.deepEqual([b?.first, b?.last, b?.min, b?.max, b?.count], [5, 4, 3, 5, 3]);
      assert.deepEqual(await history.before(1, T0), s(1, T0, 4));
      const [hours] = await history.buckets({ signal: 1, from: T0 - DAY, to: T0 + DAY, width: 1 });
      assert.deepEqual([hours?.first, hours?.last, hours?.count], [5, 4, 3]);
    };
    await check();
    await history.seal({ olderThan: T0 + DAY });
    await check();
    await history.compact();
    await check();
  });

  on('many appends at once are all kept', async ({ history }) => {
    const appends = Array.from({ length: 300 }, (_, i) => history.append(batchOf([s(i % 7, T0 + i, i)])));
    await Promise.all(appends);
    let n = 0;
    for (let signal = 0; signal < 7; signal++) n += (await history.range({ signal, from: T0, to: T0 + DAY })).length;
    assert.equal(n, 300);
  });

  on('a bad batch is refused whole and by row', async ({ history }) => {
    await assert.rejects(history.append(batchOf([s(1, T0, 1), s(1, Number.NaN, 1)])), { code: 'history.badBatch' });
    await assert.rejects(history.append(batchOf([s(1, T0 + 0.5, 1)])), { code: 'history.badBatch' });
    assert.deepEqual(await history.range({ signal: 1, from: T0, to: T0 + DAY }), []);
    await history.append(batchOf([]));
  });
}

function values(on: On): void {
  on('texts, gaps, bad and non-finite values come back as they were', async ({ history, reopen }) => {
    const given = [
      s(1, T0, 'READY'),
      s(1, T0 + 1, null, gap),
      s(1, T0 + 2, ''),
      s(1, T0 + 3, '한글 \u0000 "quoted", ✓'),
      s(1, T0 + 4, Number.POSITIVE_INFINITY, bad),
      s(1, T0 + 5, null, bad),
      s(1, T0 + 6, -0.1, uncertain),
      s(1, T0 + 7, null),
      s(1, T0 + 8, Number.NEGATIVE_INFINITY),
    ];
    await history.append(batchOf(given));
    const all = { signal: 1, from: T0, to: T0 + 10 };
    assert.deepEqual(await history.range(all), given);
    const check = async (h: History) => {
      assert.deepEqual(await h.range(all), given);
      for (const [from, to] of [
        [T0, T0 + 10],
        [T0 - DAY, T0 + DAY],
      ] as const) {
        const buckets = await h.buckets({ signal: 1, from, to, width: 1 });
        assert.equal(buckets.length, 1);
        assert.deepEqual(
          { ...buckets[0], time: 0 },
          { time: 0, count: 1, min: -0.1, max: -0.1, mean: -0.1, first: -0.1, last: -0.1, gap: true },
        );
      }
    };
    await check(history);
    await history.seal({ olderThan: T0 + DAY });
    await check(history);
    await check(await reopen());
  });

  on(
    'samples of 1970, 2002 and 2080 neither stretch buckets nor freeze the newest value',
    async ({ history, reopen }) => {
      const odd = [
        s(1, 0, 1),
        s(1, Date.UTC(2002, 0, 1, 4, 11, 2) * 1000, 2),
        s(1, Date.UTC(2080, 5, 1) * 1000, 3),
        s(1, -5 * S, 4),
      ];
      await history.append(batchOf([...odd, s(1, T0, 20)]));
      await history.append(batchOf([s(1, T0 + S, 21)]));
      const check = async (h: History) => {
        assert.deepEqual(h.latest([1]), [s(1, T0 + S, 21)]);
        assert.equal((await h.range({ signal: 1, from: -DAY, to: Date.UTC(2090, 0, 1) * 1000 })).length, 6);
        const buckets = await h.buckets({ signal: 1, from: T0, to: T0 + 2 * S, width: 2 });
        assert.deepEqual(
          buckets.map((b) => b.mean),
          [20, 21],
        );
        assert.deepEqual(await h.before(1, T0 - 1), odd[1]);
        assert.deepEqual(await h.before(1, -1), odd[3]);
      };
      await check(history);
      await history.seal({ olderThan: T0 + DAY });
      await check(history);
      await history.compact();
      await check(history);
      await check(await reopen());
    },
  );

  on('an absurd clock that scatters samples over a thousand days is survived', async ({ history, reopen }) => {
    const given = Array.from({ length: 1000 }, (_, i) => s(4, i * 37 * DAY + i, i));
    await history.append(batchOf(given));
    await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
    const files = (await history.stats()).sealedFiles;
    assert.ok(files < 100, `${files} files`);
    await history.append(batchOf(given));
    await history.seal({ olderThan: Number.MAX_SAFE_INTEGER });
    await history.compact();
    const h = await reopen();
    assert.deepEqual(await h.range({ signal: 4, from: 0, to: 40_000 * DAY }), given);
    const [bucket] = await h.buckets({ signal: 4, from: 0, to: 40_000 * DAY, width: 1 });
    assert.equal(bucket?.count, 1000);
  });

  on(
    'latest is the newest by time; late samples do not replace it; it survives a reopen',
    async ({ history, reopen }) => {
      await history.append(batchOf([s(1, T0 + S, 2), s(2, T0, 'RUN'), s(3, T0, null, gap)]));
      await history.append(batchOf([s(1, T0, 1), s(2, T0, 'STOP')]));
      const expected = [s(1, T0 + S, 2), s(2, T0, 'STOP'), s(3, T0, null, gap)];
      assert.deepEqual(history.latest(), expected);
      await history.seal({ olderThan: T0 + DAY });
      let h = await reopen();
      assert.deepEqual(h.latest(), expected);
      await h.append(batchOf([s(1, T0 + 2 * S, 9)]));
      h = await reopen();
      assert.deepEqual(h.latest([1, 77]), [s(1, T0 + 2 * S, 9)]);
    },
  );

  on('before finds the last sample across hot and sealed', async ({ history }) => {
    assert.equal(await history.before(1, T0), null);
    await history.append(batchOf([s(1, T0 - 40 * DAY, 1), s(1, T0, 2)]));
    await history.seal({ olderThan: T0 + DAY });
    await history.append(batchOf([s(1, T0 - 3 * DAY, 3), s(1, T0 + S, 4)]));
    assert.deepEqual(await history.before(1, T0 + 10 * DAY), s(1, T0 + S, 4));
    assert.deepEqual(await history.before(1, T0 + S - 1), s(1, T0, 2));
    assert.deepEqual(await history.before(1, T0 - 1), s(1, T0 - 3 * DAY, 3));
    assert.deepEqual(await history.before(1, T0 - 3 * DAY - 1), s(1, T0 - 40 * DAY, 1));
    assert.equal(await history.before(1, T0 - 41 * DAY), null);
  });

  on('time in value: starts with what held before, gaps are null', async ({ history }) => {
    await history.append(
      batchOf([s(1, T0 - DAY, 'IDLE'), s(1, T0 + 10, 'RUN'), s(1, T0 + 30, null, gap), s(1, T0 + 40, 'RUN')]),
    );
    await history.seal({ olderThan: T0 + 1 });
    const held = await history.timeInValue({ signal: 1, from: T0, to: T0 + 100 });
    assert.deepEqual(
      new Map(held.map((h) => [h.value, h.us])),
      new Map<string | null, number>([
        ['IDLE', 10],
        ['RUN', 80],
        [null, 10],
      ]),
    );
    assert.deepEqual(await history.timeInValue({ signal: 2, from: T0, to: T0 + 100 }), []);
  });
}

function upkeep(on: On): void {
  on('late samples land in sealed days and are merged', async ({ history }) => {
    for (let day = 0; day < 3; day++) {
      await history.append(batchOf([s(1, T0 + day * DAY, day), s(2, T0 + day * DAY, day)]));
      await history.seal({ olderThan: T0 + 10 * DAY });
    }
    await history.append(batchOf([s(1, T0 - S, -1), s(1, T0 + S, 10), s(1, T0 + DAY - S, 11)]));
    await history.seal({ olderThan: T0 + 10 * DAY });
    const before = (await history.stats()).sealedFiles;
    await history.compact();
    const after = await history.stats();
    assert.ok(after.sealedFiles < before);
    assert.equal(after.samples, 9);
    assert.deepEqual(
      (await history.range({ signal: 1, from: T0 - DAY, to: T0 + 9 * DAY })).map((x) => x.value),
      [-1, 0, 10, 11, 1, 2],
    );
    assert.equal((await history.compact()).files, 0);
  });

  on('retention drops raw samples of the given signals and keeps rollups', async ({ history, reopen }) => {
    const hour0 = T0 - (T0 % HOUR);
    const rows: Sample[] = [];
    for (let i = 0; i < 48; i++) for (const signal of [1, 2, 3]) rows.push(s(signal, hour0 + i * HOUR + S, i));
    await history.append(batchOf(rows));
    const cut = hour0 + 24 * HOUR;
    assert.deepEqual(await history.retain({ before: cut, signals: [1, 3] }), { samples: 48 });
    const check = async (h: History) => {
      const all = { from: hour0, to: hour0 + 48 * HOUR };
      assert.equal((await h.range({ signal: 1, ...all })).length, 24);
      assert.equal((await h.range({ signal: 2, ...all })).length, 48);
      const wide = await h.buckets({ signal: 1, ...all, width: 2 });
      assert.deepEqual(
        wide.map((b) => [b.count, b.min, b.max, b.first, b.last]),
        [
          [24, 0, 23, 0, 23],
          [24, 24, 47, 24, 47],
        ],
      );
      const narrow = await h.buckets({ signal: 1, from: hour0, to: hour0 + HOUR, width: 60 });
      assert.deepEqual(
        narrow.map((b) => b.count),
        [1],
      );
      assert.equal(await h.before(1, hour0 + 23 * HOUR), null);
    };
    await check(history);
    const h = await reopen();
    await check(h);
    await h.append(batchOf([rows[0]!]));
    await check(h);
    await h.seal({ olderThan: cut * 2 });
    await check(h);
    assert.deepEqual(await h.retain({ before: cut, signals: [1, 3] }), { samples: 0 });
  });
}

function outside(on: On): void {
  on('export writes CSV and Parquet with paths and ISO times', async ({ history, folder, pathOf }) => {
    await history.append(batchOf([s(1, T0 + 1, 20.1), s(1, T0 + 2, 'AUTO, "x"'), s(2, T0, 3)]));
    await history.seal({ olderThan: T0 + DAY });
    await history.append(batchOf([s(1, T0 + 1, 20.1), s(1, T0 + 3, null, gap), s(1, T0 + DAY, 1)]));
    const file = join(folder, 'out.csv');
    let share = 0;
    const query = { signals: [1, 2], from: T0, to: T0 + S, file, format: 'csv' as const };
    const written = await history.export({ ...query, progress: (p) => (share = p) });
    assert.deepEqual(written, { rows: 4 });
    assert.equal(share, 1);
    assert.deepEqual((await readFile(file, 'utf8')).trim().split('\n'), [
      'path,time,value,quality',
      `${pathOf(1)},2026-03-02T23:50:00.000001Z,20.1,good`,
      `${pathOf(1)},2026-03-02T23:50:00.000002Z,"AUTO, ""x""",good`,
      `${pathOf(1)},2026-03-02T23:50:00.000003Z,,gap`,
      `${pathOf(2)},2026-03-02T23:50:00.000000Z,3.0,good`,
    ]);
    await history.append(batchOf(['=1+1', '-2.5', '@x', '-a'].map((text, i) => s(3, T0 + i, text))));
    const texts = { ...query, signals: [3], file: join(folder, 'texts.csv') };
    await history.export(texts);
    assert.deepEqual(
      (await readFile(texts.file, 'utf8'))
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[2]),
      ["'=1+1", '-2.5', "'@x", "'-a"],
      'no text of a machine is run as a formula',
    );
    const parquet = join(folder, 'out.parquet');
    assert.deepEqual(await history.export({ ...query, file: parquet, format: 'parquet' }), { rows: 4 });
    assert.equal((await readFile(parquet)).subarray(0, 4).toString(), 'PAR1');
    const empty = await history.export({ ...query, signals: [], file: join(folder, 'none.csv') });
    assert.deepEqual(empty, { rows: 0 });
  });

  on('export refuses bad places and stops when told', async ({ history, folder }) => {
    const query = { signals: [1], from: T0, to: T0 + S, format: 'csv' as const };
    await assert.rejects(history.export({ ...query, file: 'relative.csv' }), { code: 'history.exportRefused' });
    await assert.rejects(history.export({ ...query, file: join(folder, 'no', 'such', 'x.csv') }), {
      code: 'history.exportRefused',
    });
    await assert.rejects(history.export({ ...query, file: folder }), { code: 'history.exportRefused' });
    const file = join(folder, 'stopped.csv');
    await assert.rejects(history.export({ ...query, file, abort: AbortSignal.abort() }), {
      code: 'history.exportAborted',
    });
    await assert.rejects(stat(file));
  });

  on('a backup taken while appends go on opens as a history of its own', async ({ history, folder, restore }) => {
    await history.append(batchOf(Array.from({ length: 500 }, (_, i) => s(1, T0 + i * S, i))));
    await history.seal({ olderThan: T0 + DAY });
    await history.append(batchOf([s(1, T0 + 500 * S, 500)]));
    let stop = false;
    let n = 501;
    const writer = (async () => {
      while (!stop) await history.append(batchOf([s(1, T0 + n * S, n++)]));
    })();
    await history.backup(join(folder, 'copy'));
    stop = true;
    await writer;
    await history.append(batchOf([s(2, T0, 1)]));
    await assert.rejects(history.backup(join(folder, 'copy')), { code: 'history.backupRefused' });
    const copy = await restore('copy');
    const found = await copy.range({ signal: 1, from: T0, to: T0 + DAY });
    assert.ok(found.length >= 501 && found.length <= n, `${found.length} of ${n}`);
    assert.deepEqual(
      found.map((x) => x.value),
      found.map((_, i) => i),
    );
    assert.deepEqual(await copy.range({ signal: 2, from: T0, to: T0 + DAY }), []);
    await copy.append(batchOf([s(2, T0, 1)]));
    await copy.seal({ olderThan: T0 + 2 * DAY });
    await copy.compact();
    assert.equal((await copy.stats()).samples, found.length + 1);
  });
}

/** Random samples, seals, merges and reopens; every answer is compared with a history that keeps one plain list. */
async function property(f: HistoryFixture, seed: number): Promise<void> {
  const random = randomOf(seed);
  const pick = (n: number) => Math.floor(random() * n);
  const naive = new NaiveHistory();
  let history = f.history;
  const spread = [20 * S, 30 * 60 * S, 3 * DAY, 30 * DAY][seed % 4]!;
  const sampleNow = (): Sample => {
    const time = T0 + Math.floor(random() * spread) - (random() < 0.02 ? 9000 * DAY : 0);
    const r = random();
    if (r < 0.05) return s(pick(3), time, null, gap);
    if (r < 0.1) return s(pick(3), time, 'text', good);
    return s(pick(3), time, pick(50) / 10, r < 0.2 ? uncertain : r < 0.25 ? bad : good);
  };
  for (let step = 0; step < 25; step++) {
    const action = random();
    if (action < 0.5) {
      const fresh = Array.from({ length: 1 + pick(200) }, sampleNow);
      for (let i = 0; i < 5; i++) if (naive.samples.length > 0) fresh.push(naive.samples[pick(naive.samples.length)]!);
      naive.append(fresh);
      await history.append(batchOf(fresh));
    } else if (action < 0.7) await history.seal({ olderThan: T0 + 99 * DAY });
    else if (action < 0.8) await history.compact();
    else if (action < 0.85) history = await f.reopen();
    const signal = pick(3);
    const from = T0 + Math.floor(random() * spread * 1.2) - Math.floor(spread * 0.1);
    const to = from + 1 + Math.floor(random() * spread * [0.01, 0.3, 1.5][pick(3)]!);
    const where = `seed ${seed}, step ${step}`;
    assert.deepEqual(await history.range({ signal, from, to }), naive.range(signal, from, to), where);
    const width = [1, 7, 100, 2000][pick(4)]!;
    close(await history.buckets({ signal, from, to, width }), naive.buckets(signal, from, to, width), where);
    assert.deepEqual(await history.before(signal, from), naive.before(signal, from), where);
    const held = await history.timeInValue({ signal, from, to });
    assert.deepEqual(new Map(held.map((h) => [h.value, h.us])), naive.timeInValue(signal, from, to), where);
  }
}

/** Sums are added in another order, so means may differ in the last digits. */
function close(actual: Bucket[], expected: Bucket[], where: string): void {
  const rounded = (buckets: Bucket[]) => buckets.map((b) => ({ ...b, mean: Number(b.mean.toPrecision(10)) }));
  assert.deepEqual(rounded(actual), rounded(expected), where);
}

/** Temp folder helper for fixtures. */
export async function tempFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-history-'));
  await writeFile(join(folder, '.keep'), '');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
