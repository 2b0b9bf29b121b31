import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newEntryId } from './entry-id.ts';

test('ids are UUIDs of version 4, each its own', () => {
  const ids = Array.from({ length: 1000 }, newEntryId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
