import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { kioskEntryData } from '@deungdae/contracts/kiosk.ts';
import { changed, fieldsOf, mayRecordShort, missingFields, toSend } from './entry-form.ts';

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
  assert.deepEqual(toSend(data, false), { run: 'r1', good: 9, scrap: 2, countedTo: 7, defects });
  assert.equal('run' in toSend(data, true), false);
  assert.deepEqual(missingFields('confirm', { good: undefined }), ['good']);
  assert.deepEqual(missingFields('start', { order: 'WO-1' }), []);
});

test('scrap follows its defects: more name what had no name, fewer take pieces off', () => {
  const burr = (quantity: number) => [{ reason: 'burr', quantity }];
  const scrapAfter = (scrap: number, before: number, after: number) =>
    changed({ scrap, defects: burr(before) }, 'defects', burr(after)).scrap;
  assert.equal(scrapAfter(5, 2, 4), 5);
  assert.equal(scrapAfter(5, 2, 7), 7);
  assert.equal(scrapAfter(5, 4, 1), 2);
  assert.deepEqual(changed({ defects: burr(1) }, 'defects', burr(2)), { defects: burr(2) }, 'where scrap is their sum');
});

test('only a count whose material is missing may be recorded anyway', () => {
  assert.equal(mayRecordShort('confirm', 'inventory.shortItem'), true);
  assert.equal(mayRecordShort('confirm', 'operations.overLimit'), false);
  assert.equal(mayRecordShort('useLot', 'inventory.short'), false);
});
