import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WallTime } from '@deungdae/tabular/cell.ts';
import type { OutCell } from '@deungdae/tabular/csv-write.ts';
import { writeCsv } from '@deungdae/tabular/csv-write.ts';
import { writeXlsx } from '@deungdae/tabular/xlsx-write.ts';
import type { ImportTarget } from '../src/module.ts';
import { actor, engineer, openTest, product, t0 } from './fixtures.ts';
import { importOf } from './import-steps.ts';

const xlsx = (...rows: OutCell[][]) => ({ name: '품목.xlsx', bytes: writeXlsx([{ name: '품목', rows }]) });
const csv = (...rows: OutCell[][]) => ({ name: 'list.csv', bytes: writeCsv(rows) });
const told = (problems: readonly { row: number; letter: string | null; code: string; nearest: string | null }[]) =>
  problems.map((p) => `${p.row}${p.letter ?? ''} ${p.code}${p.nearest ? ` ${p.nearest}` : ''}`);

const items = xlsx(
  ['품목 등록', null, null, null],
  ['품번', '품명', '품목구분', '안전재고'],
  ['A-1', '커버 ', '완제품', '1,200'],
  [' A-2 ', '브라켓', '반제품', null],
);

test('a file is taken by its Korean headings; the same file again changes nothing, and says so', async (t) => {
  const { master, ledger } = await openTest(t);
  const first = await importOf(master, items, { target: 'item' });
  assert.deepEqual([first.state, first.counts], ['done', { added: 2, changed: 0, same: 0 }]);
  assert.equal((await master.need('item', 'A-1', t0)).data.safetyStock, 1200);
  const events = (await ledger.events({ limit: 100 })).length;
  const again = await importOf(master, items, { target: 'item' });
  assert.deepEqual(again.counts, { added: 0, changed: 0, same: 2 });
  assert.equal(again.before?.id, first.done?.id);
  assert.equal((await ledger.events({ limit: 100 })).length, events + 1, 'only that it was imported again');
});

test('every problem has its row, column and nearest value; one keeps everything out', async (t) => {
  const { master } = await openTest(t);
  const bad = xlsx(
    ['품번', '품명', '품목구분', '안전재고'],
    ['A-1', '커버', '완제풍', 5],
    ['A-2', null, '원자재', 'many'],
    ['A-3', '핀', '원자재', 1],
    ['A-3', '핀', '원자재', 1],
    [null, null, null, null],
    ['A'.repeat(61), '긴 것', '원자재', 1],
  );
  const preview = await importOf(master, bad, { target: 'item', previewOnly: true });
  assert.deepEqual(told(preview.problems), [
    '2C import.choice 완제품',
    '3B import.required',
    '3D tabular.notNumber',
    '7A tabular.textTooLong',
    '5A import.duplicate',
  ]);
  assert.equal(preview.rows, 5);
  assert.match(preview.problems[2]!.message, /“many”은\(는\) 숫자가 아닙니다/);
  const refused = await importOf(master, bad, { target: 'item' });
  assert.deepEqual([refused.state, refused.error?.code], ['failed', 'import.problems']);
  assert.equal(await master.find('item', 'A-3', t0), null);
  const without = await importOf(master, bad, { target: 'item', withoutBadRows: true });
  assert.deepEqual([without.counts?.added, without.done?.leftOut], [1, 4]);
});

test('lines are gathered into records; a bad line keeps its record out and names the nearest code', async (t) => {
  const { master } = await openTest(t);
  await master.put(
    ['P-1', 'P-2', 'C-100', 'C-200'].map((code) => ({ kind: 'item' as const, code, data: product(code) })),
    actor,
  );
  const lines = csv(
    ['모품목', '자품목', '소요량', '로스율', '대체품'],
    ['P-1', 'C-100', 2, '3%', 'C-200'],
    ['P-1', 'C-200', 0.5, null, null],
    ['P-2', 'C-100', 1, null, null],
    ['P-2', 'C-2OO', 1, null, null],
  );
  const job = await importOf(master, lines, { target: 'bom', withoutBadRows: true });
  assert.deepEqual(told(job.problems), ['5B import.missing C-200', '4 import.groupBad']);
  assert.deepEqual(job.counts, { added: 1, changed: 0, same: 0 });
  const bom = (await master.bomOf('P-1', t0))!;
  assert.deepEqual(bom.data.lines[0], {
    ...{ component: 'C-100', quantity: 2, scrapShare: 0.03, alternates: ['C-200'], issue: 'backflush' },
  });
  assert.equal(await master.bomOf('P-2', t0), null);

  // A line that cannot even be read keeps the others of its record out too: half a bill of materials is a wrong one.
  const half = csv(['모품목', '자품목', '소요량'], ['P-2', 'C-100', 1], ['P-2', 'C-200', 'two']);
  const left = await importOf(master, half, { target: 'bom', withoutBadRows: true });
  assert.deepEqual(told(left.problems), ['3C tabular.notNumber', '2 import.groupBad']);
  assert.equal(await master.bomOf('P-2', t0), null);
});

test('a circle in the file is refused as a whole', async (t) => {
  const { master } = await openTest(t);
  await master.put(
    ['A', 'B'].map((code) => ({ kind: 'item' as const, code, data: product(code) })),
    actor,
  );
  const job = await importOf(master, csv(['모품목', '자품목', '소요량'], ['A', 'B', 1], ['B', 'A', 1]), {
    target: 'bom',
  });
  assert.equal(job.error?.code, 'master.cycle');
  assert.equal(await master.bomOf('A', t0), null);
});

test('a new revision from a file starts on its day in the plant’s zone', async (t) => {
  const { master } = await openTest(t, { nowUs: () => t0 });
  await master.put([{ kind: 'item', code: 'A-1', revision: 'A', data: product('old') }], actor);
  const day = new WallTime(Date.UTC(2026, 10, 25));
  const file = xlsx(['품번', '품명', '품목구분', '차수', '적용일'], ['A-1', 'new', '완제품', 'B', day]);
  await importOf(master, file, { target: 'item' });
  const start = Date.UTC(2026, 10, 24, 15) * 1000;
  assert.equal((await master.need('item', 'A-1', start - 1)).data.name, 'old');
  assert.equal((await master.need('item', 'A-1', start)).data.name, 'new');
});

test('a mapping is remembered for its heading, and the target with it', async (t) => {
  const { master } = await openTest(t);
  const rows = (code: string) => csv(['가', '나', '다'], [code, '이름', 'x'], [`${code}2`, '이름', 'y']);
  await importOf(master, rows('S-1'), { target: 'skill', columns: { '0': 'code', '1': 'name' } });
  const h = master.handlers;
  const body = (async function* () {
    yield rows('S-9').bytes;
  })();
  const { id } = await h.uploadImport!({ params: undefined, query: { name: 'next.csv' }, body }, engineer);
  const sheet = await h.importSheet!({ params: { id }, query: { sheet: 0 }, body: undefined }, engineer);
  assert.deepEqual([sheet.target, sheet.remembered], ['skill', true]);
  assert.deepEqual(sheet.mapping.columns, { '0': 'code', '1': 'name' });
});

test('another module’s rows come with their types, and roll back with it', async (t) => {
  const { master, ledger } = await openTest(t);
  const seen: unknown[] = [];
  const target: ImportTarget = {
    ...{ id: 'orders', title: { ko: '수주', en: 'orders' }, help: { ko: '한 행이 수주', en: 'a row is an order' } },
    columns: [
      { id: 'no', type: 'code', name: { ko: '수주번호', en: 'order' }, aliases: [], required: true },
      { id: 'due', type: 'day', name: { ko: '납기', en: 'due' }, aliases: [] },
      { id: 'at', type: 'time', name: { ko: '접수시각', en: 'received' }, aliases: [] },
      { id: 'from', type: 'clock', name: { ko: '시작', en: 'from' }, aliases: [] },
    ],
    begin: (context) => ({
      rows: async (rows) => {
        seen.push(...rows);
        if (context.tx) await context.tx.emit({ type: 'order.added', subject: 'order/1', actor, data: {} });
      },
      end: async () => {
        if (context.tx) context.report({ row: 2, column: 'no', code: 'import.required', severity: 'error' });
        return { added: 1, changed: 0, same: 0 };
      },
    }),
  };
  master.registerImport(target);
  const file = csv(['수주번호', '납기', '접수시각', '시작'], ['S1', '26.11.25', '2026-11-25 오전 9:00', '07:30']);
  const job = await importOf(master, file, { target: 'orders' });
  assert.equal(job.error?.code, 'import.problems');
  const values = { no: 'S1', due: '2026-11-25', at: Date.UTC(2026, 10, 25) * 1000, from: 450 };
  assert.deepEqual(seen, [
    { row: 2, values },
    { row: 2, values },
  ]);
  assert.equal((await ledger.events({ limit: 10, type: 'order.added' })).length, 0);
});

test('what was exported is imported again without a change, for every kind', async (t) => {
  const { master } = await openTest(t);
  await master.put(
    [
      { kind: 'item', code: 'A', data: { ...product('가, "나"'), unit: 'kg', safetyStock: 1.5, shelfLifeDays: 30 } },
      { kind: 'item', code: 'B', data: { name: 'b', kind: 'rawMaterial' } },
      {
        kind: 'bom',
        code: 'A',
        data: { item: 'A', quantity: 10, lines: [{ component: 'B', quantity: 2, alternates: ['A'] }] },
      },
      { kind: 'workCentre', code: 'W', data: { name: 'w', machines: ['p/s/a/m1', 'p/s/a/m2'] } },
      {
        ...{ kind: 'routing', code: 'A' },
        data: { item: 'A', operations: [10, 20].map((number) => ({ number, name: `op ${number}`, workCentre: 'W' })) },
      },
      { kind: 'partner', code: 'C', data: { name: 'c', roles: ['customer', 'supplier'] } },
      { kind: 'reason', code: 'D', data: { name: 'd', tree: 'defect' } },
    ],
    actor,
  );
  for (const kind of ['item', 'bom', 'routing', 'partner', 'reason'] as const) {
    const answer = (await master.handlers.exportMaster!(
      { params: { kind }, query: { format: 'xlsx' }, body: undefined },
      engineer,
    )) as { bytes: Uint8Array; name: string };
    const job = await importOf(master, answer, { target: kind });
    assert.deepEqual(told(job.problems), [], kind);
    assert.deepEqual([job.counts!.added, job.counts!.changed], [0, 0], kind);
  }
});

test('two do not run at once, and a stopped one leaves nothing', async (t) => {
  const { master } = await openTest(t);
  const h = master.handlers;
  const many = csv(['품번', '품명', '품목구분'], ...Array.from({ length: 30_000 }, (_, i) => [`I${i}`, 'x', '완제품']));
  const body = (async function* () {
    yield many.bytes;
  })();
  const { id } = await h.uploadImport!({ params: undefined, query: { name: 'm.csv' }, body }, engineer);
  const sheet = await h.importSheet!(
    { params: { id }, query: { sheet: 0, target: 'item' }, body: undefined },
    engineer,
  );
  const plan = { sheet: 0, header: sheet.header, target: 'item', mapping: sheet.mapping, withoutBadRows: false };
  const given = { params: { id }, query: undefined };
  await h.commitImport!({ ...given, body: plan }, engineer);
  await assert.rejects(async () => h.previewImport!({ ...given, body: plan }, engineer), { code: 'import.busy' });
  const stopped = await h.stopImport!({ ...given, body: undefined }, engineer);
  assert.equal(stopped.state, 'stopped');
  assert.equal((await master.list('item', t0)).length, 0);
});
