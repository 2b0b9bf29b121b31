import assert from 'node:assert/strict';
import { test } from 'node:test';
import { euInformationOf, ucumOf, unitIdOf } from './units.ts';

test('UNECE unit ids of OPC 10000-8 become UCUM codes', () => {
  // Part 8 gives CEL as 4408652 and MMT as 5066068.
  assert.equal(unitIdOf('CEL'), 4408652);
  assert.equal(unitIdOf('MMT'), 5066068);
  assert.equal(ucumOf(4408652, null), 'Cel');
  assert.equal(ucumOf(-1, ' kPa '), 'kPa', 'by its display text where the id says nothing');
  assert.equal(ucumOf(undefined, 'furlong'), undefined);
  assert.equal(ucumOf(euInformationOf('kW.h').unitId, ''), 'kW.h');
});
