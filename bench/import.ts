import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '@deungdae/contracts/api.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { masterMigrations, openMasterData } from '@deungdae/masterdata/module.ts';
import { openTable } from '@deungdae/tabular/open-table.ts';
import { writeXlsx } from '@deungdae/tabular/xlsx-write.ts';
import { figure } from './support/plant.ts';

/**
 * An Excel list of items as people keep it (12 columns, Korean headings) from upload to durable records, with every row
 * checked; beside it the raw bound: reading the file's cells alone. 10,000 and 100,000 rows, and the same file again.
 */
const sizes = (process.env.DEUNGDAE_BENCH_ROWS ?? '10000,100000').split(',').map(Number);
/** 100,000 rows, checked and durable. */
const floorSeconds = 15;
const caller: Caller = { userId: 'bench', name: 'bench', role: 'engineer', language: 'ko', via: 'session' };
const heading = [
  '품번',
  '품명',
  '품목구분',
  '단위',
  '규격',
  '품목군',
  '안전재고',
  '표준단가',
  '판매단가',
  '중량',
  '고객품번',
  '유효기간',
];

function workbook(rows: number): Uint8Array {
  const kinds = ['완제품', '반제품', '원자재', '부자재'];
  const lines = Array.from({ length: rows }, (_, i) => [
    ...[
      `P-${String(i).padStart(7, '0')}`,
      `사출 커버 ${i % 977}호`,
      kinds[i % 4]!,
      'EA',
      `${i % 90}×${i % 70}×${i % 12}`,
    ],
    ...[`G${i % 40}`, i % 5000, (i % 9999) / 4, (i % 9999) / 3, (i % 777) / 1000, `C-${i}`, 365],
  ]);
  return writeXlsx([{ name: '품목', rows: [heading, ...lines] }]);
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

const report = (name: string, rows: number, ms: number, more: object = {}) =>
  figure('import', name, ms / 1000, { unit: 's', rows, rowsPerSecond: Math.round((rows / ms) * 1000), ...more });

const costs: number[] = [];
for (const rows of sizes) {
  const folder = await mkdtemp(join(process.env.DEUNGDAE_BENCH_DIR ?? tmpdir(), 'deungdae-bench-'));
  const file = join(folder, 'items.xlsx');
  const bytes = workbook(rows);
  await writeFile(file, bytes);
  const raw = await timed(async () => {
    const table = await openTable(file, 'items.xlsx');
    let count = 0;
    for await (const some of table.rows(0)) count += some.length;
    await table.close();
    return count;
  });
  report('readingTheCellsAlone', raw.value, raw.ms, { fileMb: Number((bytes.length / 1_048_576).toFixed(1)) });

  const ledger = await openLedger({
    ...{ file: join(folder, 'ledger.sqlite'), clock: systemClock, log: silentLogger },
    modules: [{ module: 'masterdata', migrations: masterMigrations }],
  });
  const options = { ledger, clock: systemClock, log: silentLogger, dataDir: folder, timeZone: () => 'Asia/Seoul' };
  const { handlers: h, close } = await openMasterData(options);
  const body = async function* () {
    yield bytes;
  };
  const up = { params: undefined, query: { name: 'items.xlsx' } };
  const { id } = await h.uploadImport!({ ...up, body: body() }, caller);
  const given = { params: { id }, query: undefined };
  const sheet = await h.importSheet!({ params: { id }, query: { sheet: 0, target: 'item' }, body: undefined }, caller);
  const plan = { sheet: 0, header: sheet.header, target: 'item', mapping: sheet.mapping, withoutBadRows: false };
  const run = async (kind: 'previewImport' | 'commitImport') => {
    await h[kind]!({ ...given, body: plan }, caller);
    for (;;) {
      const job = await h.importJob!({ ...given, body: undefined }, caller);
      if (job.state === 'done') return job;
      if (job.state !== 'running') throw new Error(job.error?.message ?? job.state);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const preview = await timed(() => run('previewImport'));
  report('checkOfEveryRow', rows, preview.ms);
  let worst = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    worst = Math.max(worst, performance.now() - last - 10);
    last = performance.now();
  }, 10);
  const commit = await timed(() => run('commitImport'));
  clearInterval(beat);
  if (commit.value.counts?.added !== rows) throw new Error(`added ${commit.value.counts?.added}`);
  costs.push(commit.ms / rows);
  const more = { longestHoldUpMs: Math.round(worst), rssMb: Math.round(process.memoryUsage().rss / 1_048_576) };
  report('importDurable', rows, commit.ms, { ...more, ...(rows === 100_000 ? { floor: floorSeconds } : {}) });
  figure('import', 'ratioToRaw', commit.ms / raw.ms, { rows });
  const again = await timed(() => run('commitImport'));
  if (again.value.counts?.same !== rows) throw new Error('the same file changed something');
  report('theSameFileAgain', rows, again.ms);
  await close();
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
}
if (costs.length > 1)
  figure('import', 'growthOfCostPerRow', costs.at(-1)! / costs[0]!, { factor: sizes.at(-1)! / sizes[0]! });
