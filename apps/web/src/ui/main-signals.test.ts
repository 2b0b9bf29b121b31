import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { pickMain } from './main-signals.ts';

const signal = (id: number, unit: string | null, kind = 'number', equipment = 'a') =>
  ({ id, unit, kind, equipment }) as SignalInfo;

test('power comes first, then the order of the file; texts, unitless and strange signals stay out', () => {
  const all = [
    signal(1, 'bar'),
    signal(2, null),
    signal(3, 'Cel'),
    signal(4, 'kW'),
    signal(5, 'kW', 'text'),
    signal(6, 'kW', 'number', 'b'),
  ];
  assert.deepEqual(
    pickMain(all, 'a', 2).map((s) => s.id),
    [4, 1],
  );
});
