import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withOrders } from './loaded-orders.ts';
import { type Stretch, segmentsOf } from './time-model.ts';

const stretch = (from: number, to: number, state: Stretch['state'], more: Partial<Stretch> = {}): Stretch => ({
  ...{ from, to, state, loss: null, minor: false },
  ...more,
});

test('idle time is a delay while an order is loaded and without order else; a person’s reason decides over both', () => {
  const day = [
    stretch(0, 100, 'running'),
    stretch(100, 200, 'idle'),
    stretch(200, 210, 'idle', { minor: true }),
    stretch(210, 300, 'idle', { loss: 'noOrder' }),
    stretch(300, 400, 'unplannedStop'),
  ];
  const elements = (orders: { from: number; to: number }[] | null) =>
    segmentsOf(withOrders(day, orders), null).map((s) => [s.from, s.to, s.element, s.loss]);
  assert.deepEqual(elements([{ from: 50, to: 150 }]), [
    [0, 100, 'apt', null],
    [100, 150, 'adet', 'minorStop'],
    [150, 200, 'adot', 'noOrder'],
    [200, 210, 'adot', 'noOrder'],
    [210, 300, 'adot', 'noOrder'],
    [300, 400, 'adet', 'breakdown'],
  ]);
  assert.deepEqual(elements([{ from: 0, to: 1000 }])[3], [210, 300, 'adot', 'noOrder']);
  // Where nobody knows of orders the length of the stop decides, as before.
  assert.deepEqual(elements(null).slice(1, 3), [
    [100, 200, 'adot', 'noOrder'],
    [200, 210, 'adet', 'minorStop'],
  ]);
});
