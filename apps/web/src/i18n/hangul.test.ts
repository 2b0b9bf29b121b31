import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findText, initialOf } from './hangul.ts';

test('initial consonants find syllables, mixed with whole ones, whatever the spaces and case', () => {
  assert.equal(findText('사출 3호기', 'ㅅㅊ'), 0);
  assert.equal(findText('사출 3호기', '사ㅊ3'), 0);
  assert.equal(findText('열처리 연속로', 'ㅇㅅㄹ'), 4 - 1);
  assert.equal(findText('Press 01', 'press0'), 0);
  assert.equal(findText('사출', 'ㅊㅅ'), -1);
  assert.equal(findText('가', '가나'), -1);
  assert.equal(initialOf('쌍'), 'ㅆ');
  assert.equal(initialOf('x'), 'x');
});
