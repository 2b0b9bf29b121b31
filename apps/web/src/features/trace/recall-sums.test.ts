import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sumsByCustomer } from './recall-sums.ts';

test('a recall is summed by customer and item, a box with two lots once, fractions exactly', () => {
  const line = (
    customer: string,
    shipment: string,
    box: string | null,
    lot: string,
    item: string,
    quantity: number,
  ) => ({
    ...{ customer, shipment, box, lot, item, quantity },
    shippedAt: 1,
  });
  const shipped = [
    line('A', 'S1', 'B1', 'L1', 'CAP', 0.1),
    line('A', 'S1', 'B1', 'L2', 'CAP', 0.2),
    line('A', 'S2', null, 'L1', 'CAP', 1),
    line('A', 'S2', null, 'L9', 'OIL', 4),
    ...Array.from({ length: 700 }, (_, i) => line('B', `S${i % 7}`, `X${i}`, 'L1', 'CAP', 50)),
  ];
  assert.deepEqual(sumsByCustomer({ shipped }), [
    { customer: 'B', item: 'CAP', quantity: 35_000, boxes: 700, shipments: 7 },
    { customer: 'A', item: 'CAP', quantity: 1.3, boxes: 1, shipments: 2 },
    { customer: 'A', item: 'OIL', quantity: 4, boxes: 0, shipments: 1 },
  ]);
});
