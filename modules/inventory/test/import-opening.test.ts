import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { ImportProblem, ImportTarget } from '@deungdae/masterdata/module.ts';
import { actor, openStock, pcs } from './fixtures.ts';

it('opening stock comes in once, is corrected by another figure, and every bad row is named', async () => {
  let target: ImportTarget | undefined;
  const s = await openStock(undefined, (given) => {
    target = given;
  });
  after(() => s.end());
  const rows: Record<string, string | number>[] = [
    { item: 'CAP', quantity: 500, location: 'FG', lot: 'OLD-1', expires: '2027-01-31' },
    { item: 'RESIN', quantity: 25.5, location: 'RAW' },
    { item: 'OIL', quantity: 7, location: 'RAW' },
  ];
  const bring = async (given: readonly Record<string, string | number>[]) => {
    const problems: ImportProblem[] = [];
    const counts = await s.run(async (tx) => {
      const run = await target!.begin({
        ...{ tx, actor, nowUs: s.clock.nowUs(), timeZone: 'Asia/Seoul', source: 'import/1', fileName: 'a.xlsx' },
        report: (problem) => problems.push(problem),
      });
      await run.rows(given.map((values, i) => ({ row: i + 2, values })));
      return run.end();
    });
    return { counts, problems };
  };
  assert.deepEqual((await bring(rows)).counts, { added: 3, changed: 0, same: 0 });
  assert.deepEqual((await bring(rows)).counts, { added: 0, changed: 0, same: 3 });
  const other = await bring([{ ...rows[0]!, quantity: 480 }, rows[1]!, { ...rows[2]!, quantity: 9 }]);
  assert.deepEqual(other.counts, { added: 0, changed: 2, same: 1 });
  assert.equal(await s.stock.onHand('CAP'), pcs(480));
  assert.equal(await s.stock.onHand('RESIN'), pcs(25.5));
  assert.equal(await s.stock.onHand('OIL'), pcs(9));
  const bad = await bring([
    { item: 'NOPE', quantity: 1, location: 'FG' },
    { item: 'CAP', quantity: 0, location: 'FG', lot: 'OLD-2' },
    { item: 'CAP', quantity: 1, location: 'FG', lot: 'bad number' },
    { item: 'CAP', quantity: 1, location: 'FG', lot: 'OLD-3' },
    { item: 'CAP', quantity: 1, location: 'FG', lot: 'OLD-3' },
  ]);
  assert.deepEqual(
    bad.problems.map((p) => [p.row, p.code]),
    [
      [2, 'masterdata.unknown'],
      [3, 'inventory.quantity'],
      [4, 'inventory.badNumber'],
      [6, 'inventory.numberTaken'],
    ],
  );
});
