import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type Route, routes } from './api.ts';
import { KioskEntry } from './kiosk.ts';

/** Ids that the house gives itself: of an ERP's order, of a call's request, of a kept entry that is applied again. */
const own = ['erp/WO-2611-001', 'call/0193b1a0-0000', '0193b1a0-0000-7000-8000-000000000001#again'];

test('no client can use up an id that the house gives itself', () => {
  const found: [string, z.ZodType][] = [['kiosk entry', KioskEntry.shape.entryId]];
  for (const [id, route] of Object.entries<Route>(routes)) {
    const field = route.body instanceof z.ZodObject ? route.body.shape.entryId : undefined;
    if (field) found.push([id, field as z.ZodType]);
  }
  assert.ok(found.length > 30, `${found.length} routes`);
  for (const [name, field] of found) {
    assert.ok(field.safeParse('0193b1a0-0000-7000-8000-000000000001').success, name);
    for (const id of own) assert.ok(!field.safeParse(id).success, `${name}: ${id}`);
  }
});
