import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import type { ImportProblem } from '@deungdae/masterdata/module.ts';
import { Context } from '../src/context.ts';
import { shiftResultTarget } from '../src/import-results.ts';
import { openFloor, smallPlant } from './fixtures.ts';

test('a shift report that cannot be true is told row by row, and an order that is over stays so', async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const { api, ledger, clock } = floor;
  const context = new Context({ ...floor, plant: () => smallPlant });
  const take = async (rows: Record<string, string | number>[]) => {
    const problems: ImportProblem[] = [];
    const counts = await ledger.transaction(async (db, emit) => {
      const run = await shiftResultTarget(context).begin({
        ...{ tx: { db, emit } as LedgerTx, actor: { kind: 'system', id: 'test' }, nowUs: clock.nowUs() },
        ...{ timeZone: 'Asia/Seoul', source: 'import/1', fileName: 'reports.xlsx' },
        report: (p) => problems.push(p),
      });
      await run.rows(rows.map((values, i) => ({ row: i + 2, values })));
      return run.end();
    });
    return { counts, problems: problems.filter((p) => p.severity === 'error').map((p) => [p.row, p.code]) };
  };
  const [over, open] = [
    await api.createWorkOrder({ body: { item: 'COVER', quantity: 10, release: true } }),
    await api.createWorkOrder({ body: { item: 'COVER', quantity: 100, release: true } }),
  ];
  await api.actOnWorkOrder({ params: { id: over.id }, body: { act: 'cancel', reason: '취소' } });
  const row = { day: '2026-11-20', shift: 'day', machine: 'imm-01', order: open.number };
  const { counts, problems } = await take([
    { ...row, good: 30, 'defect.short': 2 },
    // The same machine, shift and order once more: which of the two is true?
    { ...row, good: 20 },
    { ...row, shift: 'night', total: 5, 'defect.short': 8 },
    { ...row, machine: 'imm-02', good: -4 },
    { ...row, order: over.number, good: 10 },
  ]);
  assert.deepEqual(problems, [
    [3, 'operations.importTwice'],
    [4, 'operations.badQuantity'],
    [5, 'operations.badQuantity'],
    [6, 'operations.orderOver'],
  ]);
  assert.equal(counts.added, 1);
  const order = await api.workOrder({ params: { id: open.id } });
  assert.deepEqual([order.steps[0]!.good, order.steps[0]!.scrap], [30, 2]);
  assert.equal((await api.workOrder({ params: { id: over.id } })).status, 'cancelled');
  assert.deepEqual((await take([{ ...row, good: 25 }])).counts, { added: 0, changed: 1, same: 0 });
});
