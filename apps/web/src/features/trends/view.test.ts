import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panView, sameView, zoomView } from './view.ts';

test('zooming keeps what is under the pointer, and stops at a second', () => {
  const view = { from: 0, to: 100_000 };
  assert.deepEqual(zoomView(view, 0.5, 0.25), { from: 12_500, to: 62_500 });
  assert.deepEqual(zoomView(view, 0.5, 1), { from: 50_000, to: 100_000 });
  const close = zoomView(view, 1e-9, 0.5);
  assert.equal(close.to - close.from, 1000);
});

test('panning moves by a share of the width', () => {
  assert.deepEqual(panView({ from: 0, to: 100 }, -0.1), { from: -10, to: 90 });
  assert.ok(sameView({ from: 0, to: 100_000 }, { from: 50, to: 100_040 }));
  assert.ok(!sameView({ from: 0, to: 100_000 }, { from: 5000, to: 105_000 }));
});
