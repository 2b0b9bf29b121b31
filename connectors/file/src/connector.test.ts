import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { BoundSignal, Notice, Reading } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { qualityNames, samplesOf } from '@deungdae/contracts/sample.ts';
import { type Clock, systemClock } from '@deungdae/kernel/clock.ts';
import { type CodedError, errorCatalogue } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { FileAddress } from './config.ts';
import { connector } from './connector.ts';
import { planReplay } from './replay-plan.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'deungdae-file-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Options {
  clock?: Clock;
  column?: boolean;
  shapes?: Record<string, 'dataSet' | 'table'>;
}

function open(config: Record<string, unknown>, kinds: Record<string, SignalKind>, options: Options = {}) {
  const tags = Object.keys(kinds);
  const signals: BoundSignal<FileAddress>[] = tags.map((tag, i) => ({
    id: i + 1,
    path: `m/${tag}`,
    kind: kinds[tag]!,
    address: options.column
      ? { column: tag }
      : { tag, ...(options.shapes?.[tag] ? { shape: options.shapes[tag] } : {}) },
  }));
  const notices: Notice[] = [];
  const stop = new AbortController();
  const reader = connector.create({
    config: connector.config.parse(config),
    signals,
    context: {
      connectionId: 'c',
      clock: options.clock ?? systemClock,
      log: silentLogger,
      stateDir: join(dir, 'state'),
      notice: (n) => {
        notices.push(n);
        if (n.code === 'file.finished') stop.abort();
      },
    },
  });
  const text = (reading: Reading) =>
    [...samplesOf(reading.batch)].map(
      (s) => `${tags[s.signal - 1]} ${s.time % 60_000_000} ${s.value} ${qualityNames[s.quality]}`,
    );
  return { reader, notices, stop, text };
}

/** Everything that a finished source gives. */
async function all(config: Record<string, unknown>, kinds: Record<string, SignalKind>, options: Options = {}) {
  const { reader, notices, stop, text } = open(config, kinds, options);
  const out: string[] = [];
  try {
    await reader.connect(stop.signal);
    while (!stop.signal.aborted) {
      const reading = await reader.read(stop.signal);
      out.push(...text(reading));
      await reading.ack?.();
    }
  } finally {
    await reader.close();
  }
  return { out, notices };
}

const minute = '2026-01-02T03:04';

describe('CSV', () => {
  test('wide: BOM, quotes, doubled quotes, newlines and separators in fields, empty fields', async () => {
    const path = join(dir, 'a.csv');
    await writeFile(
      path,
      `\ufefftime,"Temp, mould",note\r\n${minute}:01Z,201.5,"said ""hot""\nthen left"\r\n${minute}:02Z,,x\r\n\r\n${minute}:03Z,abc,y`,
    );
    const { out, notices } = await all(
      { path, format: 'csv' },
      { 'Temp, mould': 'number', note: 'text' },
      { column: true },
    );
    assert.deepEqual(out, [
      'Temp, mould 1000000 201.5 good',
      'note 1000000 said "hot"\nthen left good',
      'note 2000000 x good',
      'Temp, mould 3000000 abc bad',
      'note 3000000 y good',
    ]);
    assert.deepEqual(notices.at(-1)!.params, { files: 1, lines: 6, samples: 5, rejected: 0 });
  });

  test('CP949, semicolons, decimal commas, a local clock, Korean headers', async () => {
    const path = join(dir, 'k.csv');
    // "시각;온도;상태\n2026-01-02 12:04:05;20,5;가동\n" in CP949.
    const bytes = [0xbd, 0xc3, 0xb0, 0xa2, 0x3b, 0xbf, 0xc2, 0xb5, 0xb5, 0x3b, 0xbb, 0xf3, 0xc5, 0xc2, 0x0a];
    const row = [...Buffer.from('2026-01-02 12:04:05;20,5;'), 0xb0, 0xa1, 0xb5, 0xbf, 0x0a];
    await writeFile(path, Buffer.from([...bytes, ...row]));
    const config = { path, format: 'csv', encoding: 'cp949', separator: ';', decimal: ',', timeZone: 'Asia/Seoul' };
    const { out } = await all(config, { 온도: 'number', 상태: 'text' }, { column: true });
    assert.deepEqual(out, ['온도 5000000 20.5 good', '상태 5000000 가동 good']);
  });

  test('long: a tag and a value in each row; wrong rows are rejected by line', async () => {
    const path = join(dir, 'l.csv');
    await writeFile(path, `when,tag,value\n${minute}:01Z,a,1\n${minute}:02Z,b\nnever,a,2\n${minute}:04Z,"a,3\n`);
    const config = { path, format: 'csv', timeColumn: 'when', tagColumn: 'tag', valueColumn: 'value' };
    const { out, notices } = await all(config, { a: 'number' });
    assert.deepEqual(out, ['a 1000000 1 good']);
    assert.deepEqual(
      notices.filter((n) => n.code === 'file.rejected').map((n) => n.params),
      [
        { file: 'l.csv', line: 3, reason: 'wrongFieldCount' },
        { file: 'l.csv', line: 4, reason: 'badTime' },
        { file: 'l.csv', line: 5, reason: 'openQuote' },
      ],
    );
    const kept = (await readFile(join(dir, 'state', 'rejects.ndjson'), 'utf8'))
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    assert.deepEqual(
      kept.map((r) => [r.line, r.text]),
      [
        [3, `${minute}:02Z,b`],
        [4, 'never,a,2'],
        [5, `${minute}:04Z,"a,3`],
      ],
    );
  });

  test('a column that is not there is named, with those that are', async () => {
    const path = join(dir, 'a.csv');
    await writeFile(path, 'time,speed\n');
    await assert.rejects(all({ path, format: 'csv' }, { sped: 'number' }, { column: true }), (e: CodedError) => {
      assert.deepEqual([e.code, e.params.column, e.params.columns], ['file.noColumn', 'sped', 'time, speed']);
      return true;
    });
  });
});

test('NDJSON: numbers, texts, null as a gap, objects, qualities, wrong lines', async () => {
  const path = join(dir, 'a.ndjson');
  const line = (row: object) => `${JSON.stringify(row)}\n`;
  await writeFile(
    path,
    line({ time: `${minute}:01Z`, tag: 'a', value: 1.5 }) +
      line({ time: `${minute}:02Z`, signal: 'a', value: null }) +
      line({ time: Date.parse(`${minute}:03Z`), tag: 'b', value: { x: 1 } }) +
      line({ time: `${minute}:04Z`, tag: 'a', value: 2, quality: 'uncertain' }) +
      '{broken\n[]\n' +
      line({ time: `${minute}:05Z`, tag: 'a', value: 'text' }) +
      line({ tag: 'a', value: 1 }),
  );
  const { out, notices } = await all({ path, format: 'ndjson' }, { a: 'number', b: 'json' });
  assert.deepEqual(out, [
    'a 1000000 1.5 good',
    'a 2000000 null gap',
    'b 3000000 {"x":1} good',
    'a 4000000 2 uncertain',
    'a 5000000 text bad',
  ]);
  assert.deepEqual(
    notices.filter((n) => n.code === 'file.rejected').map((n) => n.params!.reason),
    ['badJson', 'badJson', 'badTime'],
  );
});

describe('position', () => {
  test('after a stop at any acknowledgement nothing is lost and nothing repeated', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `2026-01-02T03:04:${String(i).padStart(2, '0')}Z|a|${i}\n`);
    lines[7] = '2017\n';
    lines[21] = `2026-01-02T03:04:21Z|@ASSET@|t|Tool|--multiline--X\n<가/>\n--multiline--X\n`;
    await writeFile(join(dir, 'a.txt'), lines.slice(0, 15).join(''));
    await writeFile(join(dir, 'b.txt'), lines.slice(15).join(''));
    // Paced far faster than the lines come, so that every reading holds a few lines only.
    const config = { path: join(dir, '*.txt'), speed: 1_000_000 };
    const out: string[] = [];
    for (let run = 0; run < 200; run++) {
      const { reader, stop, text, notices } = open(config, { a: 'number', '@assets': 'json' });
      await reader.connect(stop.signal);
      const first = await reader.read(stop.signal);
      out.push(...text(first));
      await first.ack?.();
      if (!notices.some((n) => n.code === 'file.finished') && first.batch.length > 0) {
        // Read, but never acknowledged: comes again.
        const timer = setTimeout(() => stop.abort(), 30);
        await reader.read(stop.signal);
        clearTimeout(timer);
      }
      await reader.close();
      if (out.length >= 39) break;
    }
    const values = out.map((line) => line.split(' ')[2]);
    const wanted = lines.flatMap((_, i) =>
      i === 7 ? [] : [i === 21 ? '{"kind":"update","assetId":"t","type":"Tool","document":"<가/>"}' : String(i)],
    );
    assert.deepEqual(values, wanted);
    const rejects = (await readFile(join(dir, 'state', 'rejects.ndjson'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      rejects.map((r) => JSON.parse(r)),
      [{ file: 'a.txt', line: 8, reason: 'noSeparator', text: '2017' }],
    );
  });

  test('data sets stand as they were: over files, and after a stop at any acknowledgement', async () => {
    const lines = Array.from(
      { length: 30 },
      (_, i) =>
        `2026-01-02T03:04:${String(i).padStart(2, '0')}Z|v|k${i % 4}=${i} k${(i + 2) % 4}=|t|R${i % 3}={X=${i}}\n`,
    );
    lines[11] = '2026-01-02T03:04:11Z|v|UNAVAILABLE\n';
    lines[17] = '2026-01-02T03:04:17Z|v|:MANUAL new=1\n';
    await writeFile(join(dir, 'a.txt'), lines.slice(0, 13).join(''));
    await writeFile(join(dir, 'b.txt'), lines.slice(13).join(''));
    const kinds = { v: 'json', t: 'json' } as const;
    const shapes = { v: 'dataSet', t: 'table' } as const;
    const path = join(dir, '*.txt');
    const { out: wanted } = await all({ path, speed: 'max' }, kinds, { shapes });
    assert.equal(wanted[2], 'v 1000000 {"k0":0,"k1":1} good');
    assert.equal(wanted[5], 't 2000000 {"R0":{"X":0},"R1":{"X":1},"R2":{"X":2}} good');
    assert.ok(wanted.every((line) => !line.includes('uncertain')));
    await rm(join(dir, 'state'), { recursive: true });
    const out: string[] = [];
    for (let run = 0; run < 100; run++) {
      const { reader, stop, text, notices } = open({ path, speed: 1_000_000 }, kinds, { shapes });
      await reader.connect(stop.signal);
      const first = await reader.read(stop.signal);
      out.push(...text(first));
      await first.ack?.();
      if (!notices.some((n) => n.code === 'file.finished') && first.batch.length > 0) {
        const timer = setTimeout(() => stop.abort(), 30);
        await reader.read(stop.signal);
        clearTimeout(timer);
      }
      await reader.close();
      if (out.length >= wanted.length) break;
    }
    assert.deepEqual(out, wanted);
  });

  test('a followed file: half a line waits for its end, a new file is taken up, a shortened one is read anew', async () => {
    const a = join(dir, 'a.txt');
    await writeFile(a, `${minute}:01Z|x|1\n${minute}:02Z|`);
    const { reader, stop, text, notices } = open({ path: join(dir, '*.txt'), follow: true }, { x: 'number' });
    await reader.connect(stop.signal);
    const next = async () => {
      const reading = await reader.read(stop.signal);
      await reading.ack?.();
      return text(reading);
    };
    try {
      assert.deepEqual(await next(), ['x 1000000 1 good']);
      await appendFile(a, 'x|2\n');
      assert.deepEqual(await next(), ['x 2000000 2 good']);
      await truncate(a, 0);
      await appendFile(a, `${minute}:03Z|x|3\n`);
      assert.deepEqual(await next(), ['x 3000000 3 good']);
      assert.deepEqual(
        notices.map((n) => n.code),
        ['file.replaced'],
      );
      await writeFile(join(dir, 'b.txt'), `${minute}:04Z|x|4\n`);
      assert.deepEqual(await next(), ['x 4000000 4 good']);
    } finally {
      stop.abort();
      await reader.close();
    }
  });
});

test('original pace: a line comes when its time has come', async () => {
  const path = join(dir, 'a.txt');
  await writeFile(path, [0, 10, 10, 30].map((s) => `${minute}:${String(s).padStart(2, '0')}Z|x|${s}\n`).join(''));
  let nowMs = 0;
  const sleeps: number[] = [];
  const clock: Clock = {
    ...systemClock,
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      sleeps.push(ms);
      nowMs += ms;
    },
  };
  for (const [speed, expected] of [
    ['original', [10_000, 20_000]],
    [10, [1_000, 2_000]],
  ] as const) {
    sleeps.length = 0;
    await rm(join(dir, 'state'), { recursive: true, force: true });
    const { out } = await all({ path, speed }, { x: 'number' }, { clock });
    assert.deepEqual(
      out.map((line) => line.split(' ')[2]),
      ['0', '10', '10', '30'],
    );
    assert.deepEqual(sleeps, expected);
  }
});

test('a clock without battery and a clock in the future are kept as uncertain', async () => {
  const path = join(dir, 'a.txt');
  await writeFile(
    path,
    `${minute}:01Z|x|1\n2002-01-01T04:11:02.79Z|x|2\n2099-01-01T00:00:00Z|x|3\n${minute}:04Z|x|4\n`,
  );
  const { out, notices } = await all({ path }, { x: 'number' });
  assert.deepEqual(
    out.map((line) => line.split(' ').slice(2).join(' ')),
    ['1 good', '2 uncertain', '3 uncertain', '4 good'],
  );
  assert.deepEqual(
    notices.filter((n) => n.code === 'file.oddTime').map((n) => n.params!.line),
    [2, 3],
  );
});

test('a large file comes in bounded batches; a line of nine megabytes is told once and passed over', async () => {
  const path = join(dir, 'big.txt');
  const block = `${`${minute}:01.5Z|x|1.25\n`.repeat(40_000)}`;
  await writeFile(path, `${'y'.repeat(9_000_000)}\n`);
  for (let i = 0; i < 8; i++) await appendFile(path, block);
  const { reader, stop, notices } = open({ path }, { x: 'number' });
  await reader.connect(stop.signal);
  let samples = 0;
  let most = 0;
  while (!stop.signal.aborted) {
    const { batch, ack } = await reader.read(stop.signal);
    samples += batch.length;
    most = Math.max(most, batch.length);
    await ack?.();
  }
  await reader.close();
  assert.equal(samples, 320_000);
  assert.ok(most <= 60_000, `${most} samples in one batch`);
  assert.deepEqual(
    notices.filter((n) => n.code === 'file.rejected').map((n) => n.params),
    [{ file: 'big.txt', line: 1, reason: 'tooLong' }],
  );
  assert.equal(notices.at(-1)!.params!.lines, 320_001);
});

test('a plan for a table: separator, time column and kinds are found', async () => {
  const path = join(dir, 'shots.csv');
  await writeFile(path, 'Zeit;Temp 1;Programm\n25.11.2026 08:00:00;20,5;A\n25.11.2026 08:00:01;21,5;B\n');
  const { plantYaml, format } = await planReplay({ path });
  assert.equal(format, 'csv');
  assert.match(plantYaml, /separator: ";"\n\s+decimal: ","\n\s+timeColumn: Zeit/);
  assert.match(
    plantYaml,
    /id: temp-1\n\s+name: Temp 1\n\s+kind: number\n\s+source:\n\s+connection: replay\n\s+column: Temp 1/,
  );
  assert.match(plantYaml, /id: programm\n\s+name: Programm\n\s+kind: text/);
  await assert.rejects(planReplay({ path: join(dir, 'none') }), (e: CodedError) => e.code === 'file.none');
});

test('every error and notice speaks Korean and English about the same things', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const [code, text] of errorCatalogue())
    if (code.startsWith('file.')) assert.deepEqual(holes(text.ko + text.doKo), holes(text.en + text.doEn), code);
});
