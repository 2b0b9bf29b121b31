import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masterKinds } from '@deungdae/contracts/master.ts';
import { z } from 'zod';
import { isComplete, type JsonSchema, listOf, masterFields, setField } from './master-fields.ts';

const fieldsOf = (kind: keyof typeof masterKinds) =>
  masterFields(z.toJSONSchema(masterKinds[kind], { io: 'input', unrepresentable: 'any' }) as JsonSchema);

test('a kind gives one input per field, and tables for lists of lines', () => {
  const item = fieldsOf('item');
  assert.deepEqual(
    item.filter((f) => f.required).map((f) => f.name),
    ['name', 'kind'],
  );
  assert.equal(item.find((f) => f.name === 'documents')?.kind, 'list');
  const lines = fieldsOf('bom').find((f) => f.name === 'lines')!;
  assert.equal(lines.kind, 'rows');
  assert.deepEqual(
    lines.fields.filter((f) => f.required).map((f) => f.name),
    ['component', 'quantity'],
  );
});

test('needed answers are asked of lines too', () => {
  const bom = fieldsOf('bom');
  assert.ok(!isComplete(bom, { item: 'A', lines: [{ component: 'B' }] }));
  assert.ok(isComplete(bom, { item: 'A', lines: [{ component: 'B', quantity: 1 }] }));
  assert.deepEqual(setField({ a: 1, b: 2 }, 'a', undefined), { b: 2 });
  assert.deepEqual(listOf(' a,, b\nc '), ['a', 'b', 'c']);
  assert.equal(listOf(' '), undefined);
});
