import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf, factsOf, subjectOf } from './event-words.ts';

test('of a change only what differs is said, with what it was', () => {
  const before = { code: 'A', data: { name: '커버', unit: 'kg' }, version: 1, updatedAt: 5 };
  const after = { code: 'A', data: { name: '커버 2', unit: 'kg' }, version: 2, updatedAt: 9 };
  assert.deepEqual(factsOf({ before, after }), [{ key: 'name', value: '커버 2', before: '커버' }]);
  assert.deepEqual(factsOf({ before: null, after: { code: 'B', data: { name: '축' }, version: 1 } }), [
    { key: 'name', value: '축' },
    { key: 'code', value: 'B' },
  ]);
});

test('a change of some fields leaves the others as they were', () => {
  assert.deepEqual(factsOf({ before: { name: 'a', team: 'b' }, after: { team: 'c' } }), [
    { key: 'team', value: 'c', before: 'b' },
  ]);
});

test('words before and after that are not records stay two fields', () => {
  assert.deepEqual(factsOf({ before: 'A사', after: 'B사' }), [
    { key: 'before', value: 'A사' },
    { key: 'after', value: 'B사' },
  ]);
});

test('ids, empty fields and what only programs need are left out', () => {
  const data = { order: 'WO-1', run: 'x', entryId: 'y', note: '', lot: 'lot-8s8n9txdx0', defects: [], good: 0 };
  assert.deepEqual(factsOf(data), [
    { key: 'order', value: 'WO-1' },
    { key: 'good', value: 0 },
  ]);
});

test('a subject stands by its number', () => {
  const id = '01a214de-52d0-76eb-a240-5427f3556e41';
  assert.deepEqual(subjectOf(`run/${id}`, { order: 'WO-1', number: 3 }), { kind: 'run', name: 'WO-1' });
  assert.deepEqual(subjectOf('lot/lot-8s8n9txdx0', { lots: [{ lot: 'L1' }] }), { kind: 'lot', name: 'L1' });
  assert.deepEqual(subjectOf('salesOrder/SO-1/2', {}), { kind: 'salesOrder', name: 'SO-1/2' });
});

test('codes are found however deep they stand', () => {
  const found = codesOf({ item: 'A', defects: [{ reason: 'BURR' }], lines: [{ item: 'B', lot: 'L' }] });
  assert.deepEqual(
    [...found],
    [
      ['A', 'item'],
      ['BURR', 'reason'],
      ['B', 'item'],
    ],
  );
});

test('from and to say what they are: lots, places or moments', () => {
  const lots = [{ lot: 'L1', quantity: 2 }];
  assert.deepEqual(factsOf({ from: lots }), [{ key: 'fromLots', value: lots }]);
  assert.deepEqual(factsOf({ from: 'RAW-01', to: 'FG-01' }), [
    { key: 'fromPlace', value: 'RAW-01' },
    { key: 'toPlace', value: 'FG-01' },
  ]);
  assert.deepEqual([...codesOf({ to: 'FG-01' })], [['FG-01', 'location']]);
  assert.deepEqual(factsOf({ from: 1795561200000000 }), [{ key: 'from', value: 1795561200000000 }]);
});
