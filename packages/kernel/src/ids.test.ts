import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidv7 } from './ids.ts';

test('ids are UUIDs of version 7 that keep the order they were asked for in, within one millisecond too', () => {
  const nowMs = Date.UTC(2026, 0, 5);
  const ids = Array.from({ length: 5000 }, () => uuidv7(nowMs));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(Number.parseInt(ids[0]!.replace('-', '').slice(0, 12), 16), nowMs);
  assert.ok(uuidv7(nowMs + 1) > ids.at(-1)!);
});
