import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MasterKind, masterKinds } from '@deungdae/contracts/master.ts';
import { z } from 'zod';
import { isComplete, type JsonSchema, listOf, masterFields, numbersOf, setField } from './master-fields.ts';

const bomSchema: JsonSchema = {
  type: 'object',
  required: ['item', 'lines', 'quantity'],
  properties: {
    item: { type: 'string' },
    quantity: { type: 'number', default: 1 },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['component', 'quantity'],
        properties: {
          component: { type: 'string' },
          quantity: { type: 'number' },
          alternates: { type: 'array', items: { type: 'string' }, default: [] },
          issue: { type: 'string', enum: ['backflush', 'scan'], default: 'backflush' },
        },
      },
    },
  },
};

test('a kind gives one input per field, and tables for lists of lines', () => {
  const fields = masterFields(bomSchema);
  assert.deepEqual(
    fields.map((f) => [f.name, f.kind, f.required]),
    [
      ['item', 'text', true],
      ['quantity', 'number', false],
      ['lines', 'rows', true],
    ],
  );
  assert.deepEqual(
    fields[2]!.fields.map((f) => [f.name, f.kind, f.required]),
    [
      ['component', 'text', true],
      ['quantity', 'number', true],
      ['alternates', 'list', false],
      ['issue', 'choice', false],
    ],
  );
});

test('needed answers are asked of lines too', () => {
  const bom = masterFields(bomSchema);
  assert.ok(!isComplete(bom, { item: 'A', lines: [{ component: 'B' }] }));
  assert.ok(isComplete(bom, { item: 'A', lines: [{ component: 'B', quantity: 1 }] }));
  assert.deepEqual(setField({ a: 1, b: 2 }, 'a', undefined), { b: 2 });
  assert.deepEqual(listOf(' a,, b\nc '), ['a', 'b', 'c']);
  assert.equal(listOf(' '), undefined);
});

test('every kind of master data has a form: nothing is left to be written as JSON', () => {
  const kindOf = (schema: object, name: string) =>
    masterFields(schema as Parameters<typeof masterFields>[0]).find((f) => f.name === name)?.kind;
  const of = (kind: MasterKind) => z.toJSONSchema(masterKinds[kind], { io: 'input' });
  assert.equal(kindOf(of('inspectionPlan'), 'sampling'), 'sampling');
  assert.equal(kindOf(of('workCentre'), 'setupMatrix'), 'matrix');
  assert.equal(kindOf(of('tool'), 'blockedCavities'), 'numbers');
  assert.equal(kindOf(of('partner'), 'roles'), 'choices');
  assert.equal(kindOf(of('holiday'), 'day'), 'day');
  assert.equal(kindOf(of('item'), 'names'), 'names');
  const operation = masterFields(of('routing') as never).find((f) => f.name === 'operations')!;
  assert.equal(operation.fields.find((f) => f.name === 'parameters')?.kind, 'parameters');
  assert.deepEqual(numbersOf('3, x, 5'), [3, 5]);
});
