import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { kioskEntryData } from '@deungdae/contracts/kiosk.ts';
import { fieldsOf, mayRecordShort, missingFields, toSend } from './entry-form.ts';

const words = JSON.parse(readFileSync(new URL('../../i18n/production.ko.json', import.meta.url), 'utf8'));

test('every field of a form is one of the entry’s, and has its word', () => {
  for (const [kind, schema] of Object.entries(kioskEntryData))
    for (const field of fieldsOf(kind)) {
      assert.ok(field.key in schema.shape, `${kind}.${field.key}`);
      assert.ok(words[`production.field.${field.key}`], field.key);
      for (const choice of field.choices ?? []) assert.ok(words[`production.${field.words}.${choice}`], choice);
    }
});

test('what is sent again: empty fields and half-filled defects go, scrap is at least the defects', () => {
  const data = {
    ...{ run: 'r1', good: 9, note: '', reason: undefined, scrap: 1, countedTo: 7 },
    defects: [
      { reason: 'burr', quantity: 2 },
      { reason: '', quantity: 3 },
    ],
  };
  const defects = [{ reason: 'burr', quantity: 2 }];
  assert.deepEqual(toSend('confirm', data, false), { run: 'r1', good: 9, scrap: 2, countedTo: 7, defects });
  assert.equal('run' in toSend('confirm', data, true), false);
  assert.deepEqual(missingFields('confirm', { good: undefined }), ['good']);
  assert.deepEqual(missingFields('start', { order: 'WO-1' }), []);
});

test('only a count whose material is missing may be recorded anyway', () => {
  assert.equal(mayRecordShort('confirm', 'inventory.shortItem'), true);
  assert.equal(mayRecordShort('confirm', 'operations.overLimit'), false);
  assert.equal(mayRecordShort('useLot', 'inventory.short'), false);
});
