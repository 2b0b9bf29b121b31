import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ribbonSegments, stateShares } from './ribbon-segments.ts';

const i = (from: number, to: number, state: 'running' | 'unplannedStop' | 'idle') => ({
  from,
  to,
  state,
  cause: state,
});

test('intervals become rectangles, cut at the window', () => {
  const segments = ribbonSegments([i(-50, 50, 'running'), i(50, 150, 'idle')], 0, 100, 200);
  assert.deepEqual(
    segments.map((s) => [s.state, s.x, s.width]),
    [
      ['running', 0, 100],
      ['idle', 100, 100],
    ],
  );
});

test('a stop too short for a pixel is still drawn, over what runs around it', () => {
  const many = Array.from({ length: 1000 }, (_, n) =>
    i(n * 10, n * 10 + 10, n === 503 ? 'unplannedStop' : n % 2 ? 'idle' : 'running'),
  );
  const segments = ribbonSegments(many, 0, 10_000, 100);
  assert.ok(segments.length <= 100, String(segments.length));
  assert.equal(segments.filter((s) => s.state === 'unplannedStop').length, 1);
  assert.equal(
    segments.reduce((n, s) => n + s.merged, 0),
    1000,
  );
});

test('shares of the states add up to one', () => {
  const shares = stateShares([i(0, 30, 'running'), i(30, 40, 'idle')]);
  assert.equal(shares.get('running'), 0.75);
  assert.equal(shares.get('idle'), 0.25);
  assert.equal(stateShares([]).size, 0);
});
