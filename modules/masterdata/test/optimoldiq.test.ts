import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';
import type { ImportJob } from '@deungdae/contracts/api-masterdata.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { engineer, openTest } from './fixtures.ts';
import { importOf } from './import-steps.ts';

const shared = process.env.DEUNGDAE_SHARED_DATA ?? resolve(import.meta.dirname, '../../../../shared/data');
const folder = join(shared, 'optimoldiq');
const skip = existsSync(folder) ? false : `no ${folder}`;
const now = Date.UTC(2019, 0, 31) * 1000;

test('a real moulding plant is imported through the ordinary import (shared data: optimoldiq)', { skip }, async (t) => {
  const { master } = await openTest(t);
  const file = (name: string) => join(folder, 'staticDatabase', name);
  const take = async (name: string, target: string, constants: Record<string, string> = {}, withoutBadRows = false) =>
    importOf(master, file(name), { target, constants, withoutBadRows });
  const added = (job: ImportJob) => [job.rows, job.badRows, job.counts?.added];

  const items = await take('itemInfo.xlsx', 'item', { kind: '완제품' });
  assert.deepEqual(added(items), [115, 0, 115]);
  const resins = await take('resineInfo.xlsx', 'item', { kind: 'rawMaterial', unit: 'kg' });
  assert.equal(resins.rows, 78);
  assert.equal(resins.counts!.added + resins.badRows, 78);
  assert.equal(
    (await master.need('item', '10045', now)).data.name,
    'ABS-PA-758-T.NL',
    'numbers are codes as they stand',
  );
  assert.deepEqual(added(await take('machineInfo.xlsx', 'workCentre')), [11, 0, 11]);
  const moulds = await take('moldInfo.xlsx', 'tool', { kind: 'mould' });
  assert.deepEqual(added(moulds), [66, 0, 66]);
  const mould = await master.need('tool', '20400IBE-M-001', now);
  assert.deepEqual([mould.data.cavities, mould.data.cycleSeconds], [4, 36]);

  const holidays = await take('holidayNotes.xlsx', 'holiday');
  assert.deepEqual(added(holidays), [20, 0, 20]);
  assert.equal((await master.need('holiday', '2018-11-03', now)).data.working, true, 'overtime is worked');
  assert.equal((await master.need('holiday', '2018-11-04', now)).data.working, false);

  // What is dirty is told row by row; what is good may be taken without it.
  const links = await take('moldSpecificationSummary.xlsx', 'toolItems', {}, true);
  assert.equal(links.rows, 116);
  for (const problem of links.problems) assert.equal(problem.code, 'import.missing', problem.message);
  const boms = await take('itemCompositionSummary.xlsx', 'bom', { base: '10000' }, true);
  assert.equal(boms.rows, 121);
  const bom = await master.bomOf('10236M', now);
  assert.equal(bom?.data.quantity, 10_000);
  assert.deepEqual(
    bom?.data.lines.map((l) => [l.component, l.quantity]),
    [
      ['10050', 50.36],
      ['9917349000', 0.92],
    ],
  );
  const missing = (job: ImportJob) => job.problems.map((p) => [p.code, p.value]);
  assert.deepEqual(missing(resins), []);
  // An item that the plant orders and moulds, and that its own list of items lacks.
  assert.deepEqual(missing(links), [['import.missing', '10242M']]);
  assert.equal(boms.problems.length, 1);
  assert.equal(boms.problems[0]!.code, 'import.missing');
  assert.ok(boms.problems[0]!.nearest);

  const again = await take('itemInfo.xlsx', 'item', { kind: '완제품' });
  assert.deepEqual(again.counts, { added: 0, changed: 0, same: 115 });
  assert.equal(again.before?.fileName, 'itemInfo.xlsx');
});

test('a binary workbook is refused by name (shared data: optimoldiq)', { skip }, async (t) => {
  const { master } = await openTest(t);
  const file = join(folder, 'dynamicDatabase/monthlyReports_history/monthlyReports_201811.xlsb');
  const upload = async () =>
    master.handlers.uploadImport!(
      { params: undefined, query: { name: basename(file) }, body: createReadStream(file) },
      engineer,
    );
  await assert.rejects(upload, (error: CodedError) => error.code === 'tabular.binaryExcel');
});
