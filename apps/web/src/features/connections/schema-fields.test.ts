import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, isComplete, type JsonSchema, setField } from './schema-fields.ts';

const schema = {
  type: 'object',
  required: ['endpoint', 'port'],
  properties: {
    endpoint: { type: 'string', description: 'Address' },
    port: { type: 'integer', default: 502, minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    security: { enum: ['None', 'Sign'], default: 'Sign' },
    password: { type: 'string' },
    keepAlive: { type: 'boolean' },
    extra: { type: 'object' },
  },
};

test('properties become inputs; one with a default needs no answer', () => {
  const fields = new Map(fieldsOf(schema).map((f) => [f.name, f]));
  assert.equal(fields.get('endpoint')?.required, true);
  assert.equal(fields.get('port')?.required, false);
  assert.equal(fields.get('port')?.max, undefined);
  assert.deepEqual(
    [...fields.values()].map((f) => f.kind),
    ['text', 'number', 'choice', 'text', 'boolean', 'json'],
  );
  assert.equal(fields.get('password')?.secret, true);
});

test('a union of shapes shows all properties, needed only where all need them', () => {
  const union: JsonSchema = {
    anyOf: [
      { properties: { mode: { const: 'a' }, url: { type: 'string' } }, required: ['mode', 'url'] },
      { properties: { mode: { const: 'b' }, file: { type: 'string' } }, required: ['mode', 'file'] },
    ],
  };
  const fields = fieldsOf(union);
  assert.deepEqual(
    fields.map((f) => [f.name, f.required]),
    [
      ['mode', true],
      ['url', false],
      ['file', false],
    ],
  );
  assert.deepEqual(fields[0]?.choices, ['a', 'b']);
});

test('complete when the needed answers are there', () => {
  assert.equal(isComplete(schema, {}), false);
  assert.equal(isComplete(schema, setField({}, 'endpoint', 'x')), true);
  assert.deepEqual(setField({ a: 1 }, 'a', undefined), {});
});
