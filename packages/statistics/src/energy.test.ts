import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@deungdae/testing/random.ts';
import { energyBaseline, energyPerformance, shareEnergy } from './energy.ts';

test('kpi.md EN1: shared energy by busy minutes, in whole Wh, and carbon with it', () => {
  const runs = [200_000, 100_000, 100_000];
  const uses = [300, 150, 150].map((weight, i) => ({ id: `L${i + 1}`, runWh: runs[i]!, weight }));
  const { shares, unallocatedWh } = shareEnergy(480_001, uses);
  assert.deepEqual(
    shares.map((s) => [s.exactWh, s.totalWh]),
    [
      [40_000.5, 240_001],
      [20_000.25, 120_000],
      [20_000.25, 120_000],
    ],
  );
  assert.equal(unallocatedWh, 0);
  const good = [500, 240, 250];
  assert.deepEqual(
    shares.map((s, i) => (s.totalWh / 1000 / good[i]!).toFixed(6)),
    ['0.480002', '0.500000', '0.480000'],
  );
  const kg = shares.map((s) => (s.totalWh / 1000) * 0.4173);
  assert.deepEqual(
    kg.map((v) => v.toFixed(4)),
    ['100.1524', '50.0760', '50.0760'],
  );
  assert.deepEqual(
    kg.map((v, i) => (v / good[i]!).toFixed(6)),
    ['0.200305', '0.208650', '0.200304'],
  );
  assert.equal(kg.reduce((a, b) => a + b, 0).toFixed(4), '200.3044');
  const byGood = shareEnergy(
    480_001,
    good.map((weight, i) => ({ id: `L${i + 1}`, runWh: 0, weight })),
  );
  assert.deepEqual(
    byGood.shares.map((s) => s.exactWh.toFixed(1)),
    ['242424.7', '116363.9', '121212.4'],
  );
});

test('the sum over lots and what is unallocated is the meter, whatever the weights', () => {
  const random = seededRandom(3);
  for (let n = 0; n < 300; n++) {
    const uses = Array.from({ length: random.int(1, 20) }, (_, i) => ({
      id: String(i),
      runWh: random.int(0, 5000),
      weight: random.int(0, 3) === 0 ? 0 : random.next() * 100,
    }));
    const meter = uses.reduce((t, u) => t + u.runWh, 0) + random.int(0, 9999);
    const { shares, unallocatedWh } = shareEnergy(meter, uses);
    assert.equal(shares.reduce((t, s) => t + s.totalWh, 0) + unallocatedWh, meter);
  }
});

test('kpi.md EP1: energy baseline, CUSUM of savings and EnPI', () => {
  const x = [100, 120, 90, 110, 130, 95, 105, 125, 115, 140, 85, 135];
  const y = [620, 700, 575, 650, 740, 590, 640, 725, 690, 770, 560, 750];
  const b = energyBaseline(x, y);
  assert.equal(b.intercept.toFixed(4), '220.6469');
  assert.equal(b.slope.toFixed(6), '3.972028');
  assert.equal(b.rSquared.toFixed(6), '0.991698');
  assert.equal(b.residualSd.toFixed(4), '6.8717');
  assert.equal((100 * b.cv).toFixed(3), '1.029');
  const r = energyPerformance(b, [110, 130, 100, 120], [640, 715, 590, 670]);
  assert.deepEqual(
    r.predicted.map((v) => v.toFixed(3)),
    ['657.570', '737.010', '617.850', '697.290'],
  );
  assert.deepEqual(
    r.savings.map((v) => v.toFixed(3)),
    ['17.570', '39.580', '67.430', '94.720'],
  );
  assert.equal(r.ratio.toFixed(6), '0.965044');
  const plain = (e: number[], out: number[]) => e.reduce((s, v) => s + v, 0) / out.reduce((s, v) => s + v, 0);
  assert.equal(plain(y, x).toFixed(4), '5.9333');
  assert.equal(plain([640, 715, 590, 670], [110, 130, 100, 120]).toFixed(4), '5.6848');
  assert.deepEqual(energyPerformance(b, [150], [800]).extrapolated, [true]);
});
