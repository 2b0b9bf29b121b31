import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quality, type Sample } from '@deungdae/contracts/sample.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import { countedPieces } from './counts-door.ts';
import type { HistoryReader } from './samples.ts';

test('the first good piece is the first that was made, not one that was taken off', async () => {
  const values = [100, 98, 99, 101];
  const samples = values.map((value, i): Sample => ({ signal: 7, time: i * 1000, value, quality: Quality.good }));
  const history = {
    range: async ({ from, to }: { from: number; to: number }) => samples.filter((s) => s.time >= from && s.time < to),
    before: async (_signal: number, at: number) => samples.findLast((s) => s.time <= at) ?? null,
    latest: () => [],
  } as unknown as HistoryReader;
  const machine = {
    counters: [{ counts: 'good', perIncrement: 1, signal: { id: 7 } }],
  } as unknown as EquipmentModel;
  const counted = await countedPieces(machine, history, 500, 4000);
  assert.deepEqual([counted?.good, counted?.firstGoodAt], [1, 2000]);
});
