import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysOfHangul } from './hangul-keys.ts';

test('an order number typed with the Korean input method on is read back', () => {
  assert.equal(keysOfHangul('ㅉㅒ-2026-0042'), 'WO-2026-0042');
  assert.equal(keysOfHangul('재-7'), 'wo-7', 'ㅈㅐ composes to a syllable');
});

test('syllables, compound vowels and compound finals come apart into the keys that were pressed', () => {
  assert.equal(keysOfHangul('한글'), 'gksrmf');
  assert.equal(keysOfHangul('괅'), 'rhkfr');
  assert.equal(keysOfHangul('ㅄ12'), 'qt12');
  assert.equal(keysOfHangul('ㄲ'), 'R');
});

test('letters that cannot tell their case are capitals, and Latin stays as it is', () => {
  assert.equal(keysOfHangul('ㅣㅐㅅ-1'), 'lot-1');
  assert.equal(keysOfHangul('ㅣㅒㅆ-1'), 'LOT-1');
  assert.equal(keysOfHangul('ㅁㅠㅊ9'), 'ABC9');
  assert.equal(keysOfHangul('Lot-1a'), 'Lot-1a');
});
