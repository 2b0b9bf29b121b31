import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChoiceSource, handedOver } from './choice-source.ts';

const all = [
  { value: 'A-1', name: 'Cover' },
  { value: 'A-10', name: 'Cover, long' },
  { value: 'p/imm-01', name: 'Press 1', code: 'imm-01' },
];
const source: ChoiceSource = {
  key: ['test'],
  find: async (words) => all.filter((c) => `${c.value} ${c.name}`.toLowerCase().includes(words.toLowerCase())),
  named: async () => [],
  scanned: async (label) => (label === ']d2010123' ? all[1]! : null),
};

test('a code typed whole wins over codes that begin with it', async () => {
  assert.equal((await handedOver(source, 'a-1'))?.value, 'A-1');
  assert.equal((await handedOver(source, 'imm-01'))?.value, 'p/imm-01');
});
test('a label is asked for what it means', async () => {
  assert.equal((await handedOver(source, ']d2010123'))?.value, 'A-10');
});
test('the only one found is meant; several are not guessed at', async () => {
  assert.equal((await handedOver(source, 'press'))?.value, 'p/imm-01');
  assert.equal(await handedOver(source, 'cover'), null);
  assert.equal(await handedOver(source, 'nothing'), null);
});
