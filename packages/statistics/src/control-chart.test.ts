import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { baselineOf, type ChartPoint } from './baseline.ts';
import { chartConstants } from './constants.ts';
import { plot } from './control-chart.ts';
import { cusum, ewma } from './ewma-cusum.ts';
import { nelsonRules } from './run-rules.ts';

const single = (values: (number | null)[]): ChartPoint[] => values.map((v) => ({ values: [v] }));
const near = (actual: number | null | undefined, digits: string) =>
  assert.equal(
    actual!.toFixed((digits.split('.')[1] ?? '').length),
    Number(digits).toFixed((digits.split('.')[1] ?? '').length),
  );
const outOf = (hits: { rule: string; index: number }[]) => hits.filter((h) => h.rule === 'n1').map((h) => h.index + 1);

test('constants, exact to five decimals', () => {
  const table = `2,1.12838,0.85250,0.79788,1.87997,2.65868,0.00000,3.26653,0.00000,3.26653
3,1.69257,0.88837,0.88623,1.02333,1.95441,0.00000,2.56817,0.00000,2.57459
4,2.05875,0.87981,0.92132,0.72860,1.62810,0.00000,2.26605,0.00000,2.28205
5,2.32593,0.86408,0.93999,0.57682,1.42730,0.00000,2.08900,0.00000,2.11450
6,2.53441,0.84804,0.95153,0.48325,1.28713,0.03036,1.96964,0.00000,2.00383
7,2.70436,0.83321,0.95937,0.41928,1.18192,0.11769,1.88231,0.07571,1.92429
8,2.84720,0.81983,0.96503,0.37253,1.09910,0.18509,1.81491,0.13617,1.86383
9,2.97003,0.80783,0.96931,0.33670,1.03166,0.23913,1.76087,0.18401,1.81599
10,3.07751,0.79705,0.97266,0.30826,0.97535,0.28371,1.71629,0.22302,1.77698
25,3.93063,0.70844,0.98964,0.15265,0.60628,0.56479,1.43521,0.45929,1.54071`;
  for (const line of table.split('\n')) {
    const [n, ...figures] = line.split(',');
    const c = chartConstants(Number(n));
    const made = [c.d2, c.d3, c.c4, c.A2, c.A3, c.B3, c.B4, c.D3, c.D4].map((v) => v.toFixed(5));
    assert.deepEqual(made, figures, `n = ${n}`);
  }
});

describe('individuals and moving range', () => {
  const q1 = single([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]);

  test('Q1, NIST 6.3.2.2, exact constants', () => {
    const baseline = baselineOf('individuals', q1)!;
    near(baseline.centre, '50.81');
    near(baseline.spread, '1.8778');
    const chart = plot(baseline, q1, nelsonRules);
    near(chart.main[0]!.upper, '55.8024');
    near(chart.main[0]!.lower, '45.8176');
    near(chart.spread![1]!.upper, '6.1338');
    assert.equal(chart.spread![1]!.lower, 0);
    assert.deepEqual(outOf(chart.hits), []);
  });

  test('Q1 with table constants: the divisor is 1.128, never the factor 2.66', () => {
    const baseline = baselineOf('individuals', q1, 'table')!;
    const chart = plot(baseline, q1);
    near(chart.main[0]!.upper, '55.8041');
    near(chart.main[0]!.lower, '45.8159');
    near(chart.spread![1]!.upper, '6.1347');
    near(baseline.centre - baseline.sigma!, '49.1453');
    near(baseline.centre + baseline.sigma!, '52.4747');
    near(baseline.centre - 2 * baseline.sigma!, '47.4806');
    near(baseline.centre + 2 * baseline.sigma!, '54.1394');
    assert.notEqual(chart.main[0]!.upper.toFixed(4), '55.8049', 'the fault of other tools');
  });

  test('Q8, SAS Jets', () => {
    const values = [
      78.4, 80.1, 84.4, 79.1, 80.4, 83.5, 73.8, 83.5, 75.0, 76.8, 70.5, 80.3, 82.4, 79.4, 86.4, 90.5, 77.7, 82.5, 79.9,
      83.2,
    ];
    const exact = baselineOf('individuals', single(values))!;
    near(exact.centre, '80.39');
    near(exact.spread, '5.32632');
    const [point] = plot(exact, single(values)).main;
    near(point!.upper, '94.5510');
    near(point!.lower, '66.2290');
    const [printed] = plot(baselineOf('individuals', single(values), 'table')!, single(values)).main;
    near(printed!.upper, '94.5557');
    near(printed!.lower, '66.2243');
  });

  test('no moving range across a missing value, a stage or a point left out', () => {
    const gap = single([10, 12, null, 11, 13]);
    assert.equal(baselineOf('individuals', gap)!.spread, 2);
    assert.deepEqual(
      plot(baselineOf('individuals', gap)!, gap).spread!.map((p) => p.value),
      [null, 2, null, null, 2],
    );
    const staged = [10, 12, 31, 33].map((v, i) => ({ values: [v], stage: i < 2 ? 'a' : 'b' }));
    assert.equal(baselineOf('individuals', staged)!.spread, 2);
    const excluded = [10, 12, 99, 11, 13].map((v, i) => ({ values: [v], excluded: i === 2 }));
    const baseline = baselineOf('individuals', excluded)!;
    assert.deepEqual([baseline.centre, baseline.spread, baseline.points], [11.5, 2, 4]);
    const shown = plot(baseline, excluded).main[2]!;
    assert.equal(shown.value, 99, 'stays visible');
    assert.equal(shown.z, null);
  });

  test('limits are frozen: new points do not move them', () => {
    const baseline = baselineOf('individuals', q1)!;
    const later = plot(baseline, [...q1, ...single([70, 71, 72])], ['n1']);
    near(later.main.at(-1)!.upper, '55.8024');
    assert.deepEqual(outOf(later.hits), [11, 12, 13]);
  });
});

describe('attribute charts', () => {
  const cans = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
  ];
  const q5: ChartPoint[] = cans.map((count) => ({ count, size: 50 }));

  test('Q5, NIST 6.3.3.2, p chart', () => {
    const baseline = baselineOf('p', q5)!;
    near(baseline.centre, '.23133');
    const chart = plot(baseline, q5);
    near(chart.main[0]!.upper, '.41024');
    near(chart.main[0]!.lower, '.05243');
    assert.deepEqual(outOf(chart.hits), [15, 23]);
    const without = q5.map((p, i) => ({ ...p, excluded: i === 14 || i === 22 }));
    const second = baselineOf('p', without)!;
    near(second.centre, '.2150');
    const again = plot(second, without);
    near(again.main[0]!.upper, '.3893');
    near(again.main[0]!.lower, '.0407');
    assert.deepEqual(outOf(again.hits), [21]);
  });

  test('Q5 as np chart', () => {
    const chart = plot(baselineOf('np', q5)!, q5);
    near(chart.main[0]!.centre, '11.5667');
    near(chart.main[0]!.upper, '20.5120');
    near(chart.main[0]!.lower, '2.6214');
    assert.deepEqual(outOf(chart.hits), [15, 23]);
    assert.equal(
      baselineOf('np', [
        { count: 1, size: 50 },
        { count: 2, size: 60 },
      ]),
      null,
      'constant n only',
    );
  });

  test('Q4, NIST 6.3.3.1, c chart: 28 lies on the limit and does not signal', () => {
    const counts = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13];
    const points = counts.map((count) => ({ count }));
    const chart = plot(baselineOf('c', points)!, points, nelsonRules);
    assert.deepEqual([chart.main[0]!.centre, chart.main[0]!.upper, chart.main[0]!.lower], [16, 28, 4]);
    assert.deepEqual(
      chart.hits.map((h) => [h.rule, h.index + 1]),
      [['n1', 24]],
      'zone rules are never drawn on counts',
    );
  });

  test('U1, u chart with varying n; a lower limit below zero is none', () => {
    const points = [3, 7, 5, 12, 4].map((count, i) => ({ count, size: [10, 10, 15, 20, 8][i]! }));
    const baseline = baselineOf('u', points)!;
    near(baseline.centre, '.492063');
    const rows = plot(baseline, points).main.map((p) => [
      p.value!.toFixed(6),
      p.upper.toFixed(6),
      p.lower === null ? 'none' : p.lower.toFixed(6),
    ]);
    assert.deepEqual(rows, [
      ['0.300000', '1.157539', 'none'],
      ['0.700000', '1.157539', 'none'],
      ['0.333333', '1.035422', 'none'],
      ['0.600000', '0.962625', '0.021502'],
      ['0.500000', '1.236087', 'none'],
    ]);
  });
});

describe('EWMA and CUSUM', () => {
  const x = [
    52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6,
    52.1,
  ];
  const options = { start: 50, lambda: 0.3, sigma: 2.0539, width: 3 };

  test('Q3, NIST 6.3.2.4', () => {
    const printed =
      '50.60,49.52,50.56,50.18,50.16,49.21,49.75,49.85,50.26,50.33,50.11,49.36,49.52,50.05,49.38,49.92,50.73,51.23,51.94,51.99';
    const flat = ewma(single(x), { ...options, asymptotic: true });
    assert.equal(flat.map((p) => p.value!.toFixed(2)).join(), printed);
    near(flat[0]!.upper, '52.5884');
    near(flat[0]!.lower, '47.41157');
    const exact = ewma(single(x), options);
    const limits: [number, string, string][] = [
      [1, '51.8485', '48.1515'],
      [2, '52.2564', '47.7436'],
      [3, '52.4314', '47.5686'],
      [5, '52.5516', '47.4484'],
      [10, '52.5874', '47.4126'],
      [20, '52.5884', '47.4116'],
    ];
    for (const [i, upper, lower] of limits) {
      near(exact[i - 1]!.upper, upper);
      near(exact[i - 1]!.lower, lower);
    }
    assert.ok([...flat, ...exact].every((p) => !p.signal));
  });

  test('a missing value keeps z and does not advance i', () => {
    const [, gap, after] = ewma(single([52, null, 47]), options);
    const [, second] = ewma(single([52, 47]), options);
    assert.equal(gap!.value, null);
    assert.deepEqual(after, second);
  });

  test('Q2, NIST 6.3.2.3, tabular CUSUM', () => {
    const q2 = [
      324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6, 324.625, 325.15, 328.325,
      327.25, 327.825, 328.5, 326.675, 327.775, 326.875, 328.35,
    ];
    const high = [
      0, 0, 0, 0, 0.0325, 0, 0, 0, 0, 0, 0, 0, 3.0075, 4.94, 7.4475, 10.63, 11.9875, 14.445, 16.0025, 19.035,
    ];
    const low = [0, 0.0075, 0, 0.3325, 0, 0, 0.5575, 0.715, 0.1725, 0.255, 0.3125, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const rows = cusum(single(q2), { target: 325, k: 0.3175, h: 4.1959 });
    rows.forEach((r, i) => {
      assert.equal(r.high!.toFixed(4), high[i]!.toFixed(4), `high ${i + 1}`);
      assert.equal(r.low!.toFixed(4), low[i]!.toFixed(4), `low ${i + 1}`);
    });
    assert.equal(rows.findIndex((r) => r.signal) + 1, 14);
    assert.ok(
      rows.every((r) => !r.reset),
      'no reset unless asked',
    );
    const reset = cusum(single(q2), { target: 325, k: 0.3175, h: 4.1959, resetAfterSignal: true });
    assert.equal(reset[13]!.reset, true);
    assert.equal(reset[14]!.high!.toFixed(4), '2.5075');
  });

  test('a signal is strictly beyond h', () => {
    assert.equal(cusum(single([1]), { target: 0, k: 0, h: 1 })[0]!.signal, null);
  });
});

test('unequal subgroups take the constants of their own size; a subgroup of one has no range', () => {
  const points = [{ values: [1, 3] }, { values: [2, 4, 6] }, { values: [5] }];
  const baseline = baselineOf('xbarR', points)!;
  const sigma = (2 / chartConstants(2).d2 + 4 / chartConstants(3).d2) / 2;
  assert.ok(Math.abs(baseline.sigma! - sigma) < 1e-12);
  const chart = plot(baseline, points);
  assert.ok(Math.abs(chart.main[1]!.upper - (3.5 + (3 * sigma) / Math.sqrt(3))) < 1e-12);
  assert.equal(chart.spread![2]!.value, null);
});
