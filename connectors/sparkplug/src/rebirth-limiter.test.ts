import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RebirthLimiter } from './rebirth-limiter.ts';

const limits = { minMs: 1000, maxMs: 8000, perSecond: 10 };

describe('rebirth requests', () => {
  it('doubles the wait between two requests to one node, and stops after five without an answer', () => {
    const limiter = new RebirthLimiter(limits);
    limiter.want('n', 0);
    const asked = [];
    for (let t = 0; t < 100_000; t += 100) {
      for (const node of limiter.due(t)) asked.push([node, t]);
    }
    assert.deepEqual(asked, [
      ['n', 0],
      ['n', 1000],
      ['n', 3000],
      ['n', 7000],
      ['n', 15000],
    ]);
    assert.ok(limiter.idle);
  });

  it('does not let the wait after connecting delay a later reason', () => {
    const limiter = new RebirthLimiter(limits);
    limiter.want('n', 0, 60_000);
    limiter.settle('n');
    limiter.want('n', 100);
    assert.deepEqual(limiter.due(100), ['n']);
  });

  it('keeps the back-off over births: a node that is wrong every second is asked ever more seldom', () => {
    const limiter = new RebirthLimiter(limits);
    let asked = 0;
    for (let t = 0; t < 80_000; t += 100) {
      if (t % 1000 === 0) limiter.want('n', t);
      if (limiter.due(t).length > 0) {
        asked++;
        limiter.settle('n');
      }
    }
    assert.ok(asked >= 8 && asked <= 13, `${asked}`);
  });

  it('begins anew after a long quiet', () => {
    const limiter = new RebirthLimiter(limits);
    for (const t of [0, 1000, 3000, 7000]) {
      limiter.want('n', t);
      assert.deepEqual(limiter.due(t), ['n']);
      limiter.settle('n');
    }
    limiter.want('n', 60_000);
    assert.deepEqual(limiter.due(60_000), ['n']);
    limiter.settle('n');
    limiter.want('n', 61_000);
    assert.deepEqual(limiter.due(61_000), ['n']);
  });

  it('never asks more nodes a second than allowed, and reaches all of them', () => {
    const limiter = new RebirthLimiter(limits);
    for (let i = 0; i < 100; i++) limiter.want(`n${i}`, 0, 500);
    assert.deepEqual(limiter.due(400), []);
    const seen = new Set<string>();
    let at = 0;
    for (let t = 500; seen.size < 100; t += 100) {
      const due = limiter.due(t);
      assert.ok(due.length <= 10);
      for (const node of due) {
        seen.add(node);
        limiter.settle(node);
      }
      at = t;
    }
    assert.ok(at >= 9_000 && at < 11_000, `${at}`);
  });
});
