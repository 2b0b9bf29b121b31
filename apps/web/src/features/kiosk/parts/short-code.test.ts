import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortCode } from './short-code.ts';

test('a label is named by its lot', () => {
  assert.equal(shortCode('L261126-0001'), 'L261126-0001');
  assert.equal(shortCode('DD1:hanbit/gimcheon:L261126-0001'), 'L261126-0001');
  assert.equal(shortCode('https://id.hanbit.example/01/08801234500017/10/L26%2F1?17=271231'), 'L26/1');
  assert.equal(shortCode('https://id.hanbit.example/01/08801234500017/10/L%zz'), 'L%zz');
  assert.equal(shortCode('x'.repeat(60)).length, 28);
});
