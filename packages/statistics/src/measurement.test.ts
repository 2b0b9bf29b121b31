import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attributeAgreement, cohenKappa, fleissKappa } from './attribute-agreement.ts';
import { type CrossedStudy, gageAnova, gageRange } from './gage-rr.ts';
import { grubbs, grubbsCritical } from './outliers.ts';
import { percentile, squaredDeviations, sum } from './summary.ts';
import { combine, forDisplay, propagate } from './uncertainty.ts';

const near = (actual: number | null, digits: string) =>
  assert.equal(
    actual!.toFixed((digits.split('.')[1] ?? '').length),
    Number(digits).toFixed((digits.split('.')[1] ?? '').length),
  );

/** AIAG MSA 4; checked by its sums, because a copy with wrong cells is in circulation. */
const aiag = `0.29,0.41,0.64,0.08,0.25,0.07,0.04,-0.11,-0.15
-0.56,-0.68,-0.58,-0.47,-1.22,-0.68,-1.38,-1.13,-0.96
1.34,1.17,1.27,1.19,0.94,1.34,0.88,1.09,0.67
0.47,0.50,0.64,0.01,1.03,0.20,0.14,0.20,0.11
-0.80,-0.92,-0.84,-0.56,-1.20,-1.28,-1.46,-1.07,-1.45
0.02,-0.11,-0.21,-0.20,0.22,0.06,-0.29,-0.67,-0.49
0.59,0.75,0.66,0.47,0.55,0.83,0.02,0.01,0.21
-0.31,-0.20,-0.17,-0.63,0.08,-0.34,-0.46,-0.56,-0.49
2.26,1.99,2.01,1.80,2.12,2.19,1.77,1.45,1.87
-1.36,-1.25,-1.31,-1.68,-1.62,-1.50,-1.49,-1.77,-2.16`
  .split('\n')
  .map((line) => line.split(',').map(Number));
const study: CrossedStudy = aiag.map((row) => [row.slice(0, 3), row.slice(3, 6), row.slice(6, 9)]);

describe('gage R&R, AIAG MSA 4', () => {
  test('load check: sums first', () => {
    near(sum(study.flat(2)), '0.13');
    for (const [o, wanted] of ['5.71', '2.05', '-7.63'].entries()) near(sum(study.flatMap((p) => [...p[o]!])), wanted);
    near(sum(study.flat(2).map((v) => v * v)), '94.6473');
    const wrong = aiag.map((row, i) => (i === 0 ? [...row.slice(0, 8), 0.75] : row));
    assert.notEqual(sum(wrong.flat()).toFixed(2), '0.13', 'the wrong copy shows in its sum');
  });

  test('average and range method', () => {
    const r = gageRange(study);
    assert.deepEqual(
      r.rBars.map((v) => v.toFixed(3)),
      ['0.184', '0.513', '0.328'],
    );
    near(r.rBarBar, '.34167');
    near(r.xDiff, '.44467');
    near(r.partRange, '3.51111');
    near(r.ev, '.20186');
    near(r.av, '.22967');
    near(r.grr, '.30577');
    near(r.pv, '1.10460');
    near(r.tv, '1.14613');
    near(100 * r.study.ev, '17.61');
    near(100 * r.study.av, '20.04');
    near(100 * r.study.grr, '26.68');
    near(100 * r.study.pv, '96.38');
    near(r.ndcExact, '5.09');
    assert.equal(r.ndc, 5);
    assert.equal(r.verdict, 'conditional');
    near(r.rangeLimit, '.880');
    assert.deepEqual(
      r.outOfControl.map((c) => [c.part + 1, 'ABC'[c.operator], c.range.toFixed(2)]),
      [[4, 'B', '1.02']],
    );
  });

  test('ANOVA table', () => {
    const rows = gageAnova(study).table.map((r) => [r.source, r.df, r.ss.toFixed(4), r.ms?.toFixed(5) ?? '']);
    assert.deepEqual(rows, [
      ['part', 9, '88.3619', '9.81799'],
      ['operator', 2, '3.1673', '1.58363'],
      ['interaction', 18, '0.3590', '0.01994'],
      ['repeatability', 60, '2.7589', '0.04598'],
      ['total', 89, '94.6471', ''],
    ]);
    const a = gageAnova(study);
    const row = (source: string) => a.table.find((r) => r.source === source)!;
    near(row('interaction').f, '.434');
    near(row('interaction').p, '.974');
    near(row('part').f, '492.291');
    near(row('operator').f, '79.406');
    near(a.fOnRepeatability.part, '213.517');
    near(a.fOnRepeatability.operator, '34.440');
  });

  test('pooled', () => {
    const a = gageAnova(study);
    assert.equal(a.pooled, true);
    assert.equal(gageAnova(study, { alpha: 0.25 }).pooled, true);
    near(a.ev ** 2, '.039973');
    near(a.ev, '.199933');
    near(a.av, '.226838');
    near(a.grr, '.302372');
    near(a.pv, '1.042327');
    near(a.tv, '1.08530');
    assert.deepEqual(percent(a.contribution), ['3.39', '4.37', '7.76', '92.24']);
    assert.deepEqual(percent(a.study), ['18.42', '20.90', '27.86', '96.04']);
    near(a.ndcExact, '4.861');
    near((Math.SQRT2 * a.pv) / a.grr, '4.875');
    assert.equal(a.ndc, 4);
  });

  test('not pooled', () => {
    const a = gageAnova(study, { pool: false });
    assert.equal(a.pooled, false);
    near(a.ev, '.214435');
    near(a.av, '.228304');
    near(a.grr, '.313217');
    near(a.pv, '1.043395');
    near(a.tv, '1.08939');
    assert.deepEqual(percent(a.contribution), ['3.87', '4.39', '8.27', '91.73']);
    assert.deepEqual(percent(a.study), ['19.68', '20.96', '28.75', '95.78']);
    near(a.ndcExact, '4.697');
    near((Math.SQRT2 * a.pv) / a.grr, '4.711');
    assert.equal(a.ndc, 4);
    near(a.interactionVariance, '-.008680');
    assert.equal(a.interaction, 0);
    near(a.ev / gageAnova(study).ev - 1, '.073');
  });

  test('against the tolerance too, when both limits exist; a hole in the study is refused', () => {
    near(gageAnova(study, { toleranceWidth: 8 }).tolerance, ((6 * 0.302372) / 8).toFixed(5));
    assert.equal(gageRange(study).tolerance, null);
    assert.throws(() => gageRange([[[1, 2]], [[1]]]), RangeError);
  });
});

function percent(shares: { ev: number; av: number; grr: number; pv: number }): string[] {
  return [shares.ev, shares.av, shares.grr, shares.pv].map((v) => (100 * v).toFixed(2));
}

describe('attribute agreement', () => {
  test('A1, Cohen’s kappa', () => {
    const rows: [number, number, number][] = [
      [0, 0, 28],
      [0, 1, 3],
      [1, 0, 2],
      [1, 1, 17],
    ];
    const a = rows.flatMap(([x, , n]) => Array(n).fill(x));
    const b = rows.flatMap(([, y, n]) => Array(n).fill(y));
    near(cohenKappa(a, b), '.789916');
  });

  test('A2', () => {
    const row = (text: string) => text.split(',').map(Number);
    const reference = row('0,0,0,0,0,0,1,1,1,1');
    const a = [row('0,0,0,0,0,0,1,1,1,0'), row('0,0,1,0,0,0,1,1,1,0')];
    const b = [row('0,0,0,1,0,0,1,1,0,1'), row('0,0,0,1,0,0,1,1,1,1')];
    const r = attributeAgreement({ reference, decisions: [a, b] });
    const [A, B] = r.appraisers;
    assert.deepEqual(
      [A!.within, B!.within],
      [
        { agreed: 9, of: 10 },
        { agreed: 9, of: 10 },
      ],
    );
    assert.deepEqual([A!.againstReference!.agreed, B!.againstReference!.agreed], [8, 8]);
    assert.deepEqual(
      [A!.miss, B!.miss],
      [
        { agreed: 2, of: 8 },
        { agreed: 1, of: 8 },
      ],
    );
    assert.deepEqual(
      [A!.falseAlarm, B!.falseAlarm],
      [
        { agreed: 1, of: 12 },
        { agreed: 2, of: 12 },
      ],
    );
    near(A!.withinCohen, '.782609');
    near(A!.withinFleiss, '.780220');
    near(B!.withinCohen, '.800000');
    near(B!.withinFleiss, '.797980');
    near(A!.referenceCohen, '.680851');
    near(B!.referenceCohen, '.693878');
    assert.deepEqual(
      [r.between, r.betweenRight],
      [
        { agreed: 6, of: 10 },
        { agreed: 6, of: 10 },
      ],
    );
    near(r.betweenFleiss, '.513889');
    near(r.pairs[0]!.cohen, '.381443');
  });

  test('kappa is undefined, not 1 and not 0, when everything is one class', () => {
    assert.equal(cohenKappa([0, 0, 0], [0, 0, 0]), null);
    assert.equal(
      fleissKappa([
        [1, 1],
        [1, 1],
      ]),
      null,
    );
  });
});

describe('uncertainty', () => {
  test('Q12, GUM H.1: degrees of freedom are truncated before the t table', () => {
    const u = [25, 5.8, 3.9, 6.7, 2.9, 16.68];
    const dof = [18, 24, 5, 8, 50, 2];
    const c = combine(u.map((value, i) => ({ u: value, dof: dof[i]! })));
    near(c.u, '31.7');
    near(c.effectiveDof, '16.64');
    assert.equal(c.dofUsed, 16);
    near(c.k, '2.12');
    assert.ok(Math.abs(c.expanded - c.k * c.u) < 1e-12);
  });

  test('Q13, GUM H.2: resistance, reactance and impedance of one set of readings, correlated', () => {
    const v = [5.007, 4.994, 5.005, 4.99, 4.999];
    const i = [19.663, 19.639, 19.64, 19.685, 19.678];
    const phi = [1.0456, 1.0438, 1.0468, 1.0428, 1.0433];
    const all = [v, i, phi];
    const mean = (x: number[]) => sum(x) / x.length;
    assert.deepEqual(
      all.map(mean).map((x) => Number(x.toFixed(5))),
      [4.999, 19.661, 1.04446],
    );
    const u = all.map((x) => Math.sqrt(squaredDeviations(x) / 4 / 5));
    const r = (a: number, b: number) =>
      sum(all[a]!.map((x, k) => (x - mean(all[a]!)) * (all[b]![k]! - mean(all[b]!)))) /
      Math.sqrt(squaredDeviations(all[a]!) * squaredDeviations(all[b]!));
    near(r(0, 1), '-.36');
    near(r(0, 2), '.86');
    near(r(1, 2), '-.65');
    const inputs = all.map((x, k) => ({
      value: k === 1 ? mean(x) / 1000 : mean(x),
      u: k === 1 ? u[k]! / 1000 : u[k]!,
    }));
    const functions = [
      (x: readonly number[]) => (x[0]! / x[1]!) * Math.cos(x[2]!),
      (x: readonly number[]) => (x[0]! / x[1]!) * Math.sin(x[2]!),
      (x: readonly number[]) => x[0]! / x[1]!,
    ];
    const p = propagate(functions, inputs, r);
    near(p.values[0]!, '127.732');
    near(p.values[1]!, '219.847');
    near(p.values[2]!, '254.260');
    near(p.u[0]!, '.071');
    near(p.u[1]!, '.2956');
    near(p.u[2]!, '.236');
    near(p.correlations[0]![1]!, '-.588');
    near(p.correlations[0]![2]!, '-.485');
    near(p.correlations[1]![2]!, '.993');
    const without = propagate(functions, inputs, () => 0);
    assert.notEqual(without.u[1]!.toFixed(3), '0.296', 'leaving out the covariance terms fails');
  });

  test('rounded for display only: two figures, value to the same place', () => {
    assert.deepEqual(forDisplay(127.7321699, 0.07107), { value: '127.732', u: '0.071' });
    assert.deepEqual(forDisplay(50_000_838, 31.7), { value: '50000838', u: '32' });
    assert.deepEqual(forDisplay(12_345, 678), { value: '12350', u: '680' });
  });
});

describe('outliers and percentiles', () => {
  test('Q10, Grubbs: flagged, not removed', () => {
    const values = [199.31, 199.53, 200.19, 200.82, 201.92, 201.95, 202.18, 245.57];
    const g = grubbs(values, 'upper')!;
    near(g.g, '2.468765');
    near(g.critical, '2.031652');
    assert.deepEqual([g.flagged, g.index], [true, 7]);
    near(grubbs(values, 'two')!.critical, '2.126645');
    near(grubbsCritical(8, 0.05), '2.032');
    assert.equal(values.length, 8);
    assert.equal(grubbs([1, 1, 1]), null);
  });

  test('Q11, wafers: the 90th percentile by type', () => {
    const wafers = [
      95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.061, 95.1591, 95.1195, 95.1065, 95.0925, 95.199, 95.1682,
    ];
    near(percentile(wafers, 0.9, 6), '95.1981');
    near(percentile(wafers, 0.9, 7), '95.1957');
    near(percentile(wafers, 0.9, 8), '95.1972');
  });
});
