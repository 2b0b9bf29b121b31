import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differs, draftFor, pressDefect, proposeResult, recentFirst, scrapOf, setDefect } from './draft.ts';

test('defects add up by reason and cavity, and come down to nothing again', () => {
  let draft = draftFor(null, 'r1');
  draft = pressDefect(draft, 'burr', 2, 1);
  draft = pressDefect(draft, 'burr', 2, 1);
  draft = pressDefect(draft, 'burr', 3, 1);
  draft = pressDefect(draft, 'short', null, 5);
  assert.deepEqual(draft.defects, [
    { reason: 'burr', cavity: 2, quantity: 2 },
    { reason: 'burr', cavity: 3, quantity: 1 },
    { reason: 'short', quantity: 5 },
  ]);
  assert.equal(scrapOf(draft.defects), 8);
  draft = pressDefect(draft, 'burr', 3, -1);
  assert.equal(draft.defects.length, 2);
  assert.deepEqual(draftFor(draft, 'r2').defects, [], 'of another run');
});

test('the machine’s total is proposed with the pressed defects as scrap', () => {
  const defects = [{ reason: 'burr', quantity: 3 }];
  assert.deepEqual(proposeResult({ good: 100, scrap: 0, total: 100 }, defects), { good: 97, scrap: 3 });
  assert.deepEqual(proposeResult({ good: 95, scrap: 5, total: 100 }, defects), { good: 95, scrap: 5 });
  assert.deepEqual(proposeResult(null, defects), { good: null, scrap: 3 });
  assert.deepEqual(proposeResult({ good: 1, scrap: 0, total: 1 }, defects), { good: 0, scrap: 3 });
});

test('another total than the machine’s wants a reason, moving pieces between good and scrap does not', () => {
  const counted = { good: 95, scrap: 5, total: 100 };
  assert.equal(differs(counted, 90, 10), false);
  assert.equal(differs(counted, 95, 6), true);
  assert.equal(differs(null, 1, 0), false);
});

test('what was chosen last stands first', () => {
  const choices = ['a', 'b', 'c', 'd'].map((code) => ({ code }));
  assert.deepEqual(
    recentFirst(choices, ['c', 'x', 'b']).map((c) => c.code),
    ['c', 'b', 'a', 'd'],
  );
});

test('a defect can be given as a number', () => {
  const draft = setDefect(pressDefect(draftFor(null, 'r1'), 'burr', 2, 1), 'burr', 40);
  assert.deepEqual(draft.defects, [{ reason: 'burr', quantity: 40 }]);
  assert.deepEqual(setDefect(draft, 'burr', 0).defects, []);
});
