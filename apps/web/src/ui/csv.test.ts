import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText } from './csv.ts';

test('quotes, commas and formulas are safe, and a byte order mark leads', () => {
  assert.equal(csvText([['가', 'a,b', 'say "hi"', '=1+1', 4.5, null]]), '\uFEFF가,"a,b","say ""hi""",\'=1+1,4.5,\r\n');
});
