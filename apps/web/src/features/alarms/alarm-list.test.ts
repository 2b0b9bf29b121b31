import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import { compareAlarms, foldFloods, journalNote, onShelf } from './alarm-list.ts';

const alarm = (id: string, rest: Partial<Alarm>): Alarm =>
  ({ id, state: 'unacknowledged', priority: 'medium', raisedAt: 0, flood: null, ...rest }) as Alarm;

test('waiting before seen, urgent before low, new before old', () => {
  const list = [
    alarm('seen', { state: 'acknowledged', priority: 'critical' }),
    alarm('old', { raisedAt: 1 }),
    alarm('new', { raisedAt: 2 }),
    alarm('urgent', { priority: 'critical' }),
  ];
  assert.deepEqual(
    list.sort(compareAlarms).map((a) => a.id),
    ['urgent', 'new', 'old', 'seen'],
  );
});

test('a flood is one row led by its most urgent alarm, and opens', () => {
  const list = [
    alarm('b', { flood: 'f', raisedAt: 5 }),
    alarm('a', { flood: 'f', raisedAt: 2, priority: 'critical' }),
    alarm('x', { raisedAt: 9 }),
  ];
  const rows = foldFloods(list, new Set());
  assert.deepEqual(
    rows.map((r) => [r.alarm.id, r.folded.length]),
    [
      ['a', 1],
      ['x', 0],
    ],
  );
  assert.equal(foldFloods(list, new Set(['f'])).length, 3);
});

test('what is put aside is not among the open ones', () => {
  assert.equal(onShelf(alarm('a', { state: 'shelved' }), 'open'), false);
  assert.equal(onShelf(alarm('a', { state: 'shelved' }), 'aside'), true);
  assert.equal(onShelf(alarm('a', { state: 'normal' }), 'open'), false);
});

test('a note of the system is told in one language, one of a person as it was written', () => {
  const system = { note: '시간이 다 됨 · time limit reached', by: null };
  assert.equal(journalNote(system, 'ko'), '시간이 다 됨');
  assert.equal(journalNote(system, 'en'), 'time limit reached');
  assert.equal(journalNote({ note: 'pump · valve', by: 'kim' }, 'en'), 'pump · valve');
});
