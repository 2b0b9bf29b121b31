import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '@deungdae/contracts/plant.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import { shiftStart } from './shift-start.ts';

const calendar = Calendar.parse({
  id: 'c',
  shifts: [
    { id: 'day', start: '08:00', end: '20:00' },
    { id: 'night', start: '20:00', end: '08:00' },
  ],
});
const at = (text: string) => Date.parse(text) * 1000;
const plant = (own: Calendar | null) =>
  ({
    equipment: new Map([['m', { timeZone: 'Asia/Seoul', calendar: own } as EquipmentModel]]),
  }) as unknown as PlantModel;

test('occurrences count from the start of the shift, across midnight', () => {
  const start = shiftStart(() => plant(calendar));
  assert.equal(start('m', at('2026-11-25T03:00:00+09:00')), at('2026-11-24T20:00:00+09:00'));
  assert.equal(start('m', at('2026-11-25T07:59:59+09:00')), at('2026-11-24T20:00:00+09:00'));
  assert.equal(start('m', at('2026-11-25T08:00:00+09:00')), at('2026-11-25T08:00:00+09:00'));
});

test('on a day without shifts, and without a calendar, from midnight of the site', () => {
  const sunday = at('2026-11-29T15:00:00+09:00');
  assert.equal(shiftStart(() => plant(calendar))('m', sunday), at('2026-11-29T00:00:00+09:00'));
  assert.equal(shiftStart(() => plant(null))('m', sunday), at('2026-11-29T00:00:00+09:00'));
});
