import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOfPairing } from './pairing.ts';

test('a pairing code is typed, or comes in the address of its QR code; nothing else is one', () => {
  assert.equal(codeOfPairing('1234 5678'), '12345678');
  assert.equal(codeOfPairing('https://plant.local:8443/kiosk#pair=00412345'), '00412345');
  for (const other of ['B-KIM', '1234567', '123456789', 'https://x/kiosk#pair=1234', '8801234567890'])
    assert.equal(codeOfPairing(other), null, other);
});
