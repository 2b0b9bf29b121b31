import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureOffset, serverMs } from './offset.ts';

const hourUs = 3_600_000_000;

test('a tablet an hour slow is measured by the middle of the question', () => {
  const offset = measureOffset(null, 1000, 1200, 1_100_000 + hourUs);
  assert.deepEqual(offset, { us: hourUs, measuredAt: 1200, errorUs: 100_000 });
  assert.equal(serverMs(offset, 2000), 2000 + 3_600_000);
  assert.equal(serverMs(null, 2000), 2000);
});

test('a slow answer does not spoil a fine measure, but a clock that was set does', () => {
  const fine = measureOffset(null, 1000, 1010, 1_005_000);
  assert.equal(measureOffset(fine, 5000, 7000, 6_300_000), fine);
  const set = measureOffset(fine, 9000, 9020, 9_010_000 + hourUs);
  assert.equal(set.us, hourUs);
  assert.equal(
    measureOffset(fine, 1000, 1000 + 11 * 60_000, 0).measuredAt,
    1000 + 11 * 60_000,
    'an old one is replaced',
  );
});
