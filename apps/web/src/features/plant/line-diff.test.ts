import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineDiff } from './line-diff.ts';

const show = (before: string, after: string) =>
  lineDiff(before, after, 1).map((l) => `${{ same: ' ', added: '+', removed: '-' }[l.kind]}${l.line} ${l.text}`);

test('only what changed, with its neighbours', () => {
  assert.deepEqual(show('a\nb\nc\nd\ne', 'a\nb\nX\nd\ne'), [' 2 b', '-3 c', '+3 X', ' 4 d']);
  assert.deepEqual(show('a\nb', 'a\nb'), []);
  assert.deepEqual(show('a\nb', 'a\nb\nc'), [' 2 b', '+3 c']);
});

test('two changes far apart leave out what lies between', () => {
  const before = Array.from({ length: 30 }, (_, i) => `l${i}`);
  const after = before.map((l, i) => (i === 3 || i === 25 ? `${l}!` : l));
  assert.equal(show(before.join('\n'), after.join('\n')).length, 8);
});

test('a file changed from top to bottom does not take for ever', () => {
  const a = Array.from({ length: 5000 }, (_, i) => `a${i}`).join('\n');
  const b = Array.from({ length: 5000 }, (_, i) => `b${i}`).join('\n');
  assert.equal(lineDiff(a, b).length, 10_000);
});
