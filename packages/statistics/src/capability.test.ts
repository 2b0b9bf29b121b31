import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '@deungdae/testing/random.ts';
import { capabilityReport, normalFigures, offCentre, quantileFigures } from './capability.ts';
import { andersonDarling, cumulative, type Distribution, fit, quantile } from './distributions.ts';

const near = (actual: number | null, digits: string) =>
  assert.equal(
    actual!.toFixed((digits.split('.')[1] ?? '').length),
    Number(digits).toFixed((digits.split('.')[1] ?? '').length),
  );

describe('capability', () => {
  test('Q6, NIST 7.1.6', () => {
    const limits = { lower: 8, upper: 20 };
    const f = normalFigures(16, 2, limits);
    assert.equal(f.twoSided, 1);
    near(f.worst, '.6667');
    near(f.upper, '.6667');
    near(f.lower, '1.3333');
    near(offCentre(16, limits), '.3333');
  });

  test('C1, exponential with mean 1', () => {
    const d: Distribution = { kind: 'exponential', mean: 1 };
    near(quantile(d, 0.00135), '.00135091');
    near(quantile(d, 0.5), '.693147');
    near(quantile(d, 0.99865), '6.607651');
    const one = quantileFigures(d, { upper: 5 });
    near(one.upper, '.728185');
    near(one.worst, '.728185');
    assert.deepEqual([one.twoSided, one.lower], [null, null]);
    near(quantileFigures(d, { lower: 0, upper: 5 }).twoSided, '.756853');
    near(normalFigures(1, 1, { upper: 5 }).worst, '1.333333');
    near(1 - cumulative(d, 5), '.00674');
  });

  test('C2, lognormal', () => {
    const d: Distribution = { kind: 'lognormal', logMean: 0, logSd: 0.5 };
    near(quantile(d, 0.00135), '.223133');
    near(quantile(d, 0.5), '1.000000');
    near(quantile(d, 0.99865), '4.481638');
    const f = quantileFigures(d, { lower: 0.2, upper: 5 });
    near(f.twoSided, '1.127156');
    near(f.upper, '1.148885');
    near(f.lower, '1.029777');
    near(f.worst, '1.029777');
  });

  test('one side only: no Cp, Cpk is that side; a mean outside gives a negative figure, not 0', () => {
    const f = normalFigures(11, 1, { upper: 10 });
    assert.equal(f.twoSided, null);
    assert.equal(f.lower, null);
    near(f.worst, '-.3333');
    assert.equal(normalFigures(11, 1, {}).worst, null);
  });

  test('no Cp or Cpk without a passed chart: performance is given, and why', () => {
    const random = seededRandom(7);
    const groups = Array.from({ length: 10 }, () => Array.from({ length: 5 }, () => 10 + random.normal()));
    const of = (stable: boolean | null) =>
      capabilityReport({ groups, limits: { lower: 6, upper: 14 }, method: 'range', stable });
    assert.deepEqual([of(null).gate, of(null).within], ['noChart', null]);
    assert.deepEqual([of(false).gate, of(false).within], ['unstable', null]);
    assert.ok(of(false).overall.worst! > 0.8);
    assert.equal(of(true).gate, null);
    assert.ok(of(true).within!.worst! > 0.8);
    const few = capabilityReport({ groups: [[1, 2]], limits: { upper: 9 }, method: 'range', stable: true });
    assert.equal(few.gate, 'tooFew');
  });
});

describe('fitted distributions', () => {
  const random = seededRandom(11);
  const uniform = Array.from({ length: 4000 }, () => random.next());
  const truths: Distribution[] = [
    { kind: 'normal', mean: 5, sd: 2 },
    { kind: 'lognormal', logMean: 0.3, logSd: 0.5 },
    { kind: 'exponential', mean: 3 },
    { kind: 'weibull', shape: 1.7, scale: 4 },
  ];
  for (const truth of truths)
    test(`${truth.kind}: parameters come back, the fit is not rejected, another one is`, () => {
      const values = uniform.map((p) => quantile(truth, Math.min(1 - 1e-12, Math.max(1e-12, p))));
      const found = fit(truth.kind, values)!;
      for (const [key, value] of Object.entries(truth))
        if (typeof value === 'number')
          assert.ok(Math.abs((found as never)[key] - value) < 0.1 * Math.abs(value), `${key} ${(found as never)[key]}`);
      assert.equal(andersonDarling(found, values).rejected, false);
      const wrong = fit(
        truth.kind === 'normal' ? 'exponential' : 'normal',
        values.map((v) => Math.max(v, 1e-9)),
      );
      assert.equal(andersonDarling(wrong!, values).rejected, true);
    });

  test('quantile and cumulative are each other’s inverse', () => {
    for (const d of truths)
      for (const p of [0.00135, 0.2, 0.5, 0.99865]) assert.ok(Math.abs(cumulative(d, quantile(d, p)) - p) < 1e-12);
  });

  test('values at or below zero have no lognormal, and equal ones no spread', () => {
    assert.equal(fit('lognormal', [1, 2, 0]), null);
    assert.equal(fit('normal', [2, 2, 2]), null);
    assert.equal(fit('weibull', [2, 2, 2]), null);
  });
});
