import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { baselineOf, type ChartPoint, pooledSigma } from './baseline.ts';
import { normalFigures, sigmaOf } from './capability.ts';
import { plot } from './control-chart.ts';
import { leastSquares, polynomialRows } from './regression.ts';
import { autocorrelation, mean, range, standardDeviation, sum } from './summary.ts';

const root = process.env.DEUNGDAE_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const skipOf = (folder: string) => (existsSync(join(root, folder)) ? false : `../shared/data/${folder} not present`);
const near = (actual: number, digits: string) =>
  assert.equal(
    actual.toFixed((digits.split('.')[1] ?? '').length),
    Number(digits).toFixed((digits.split('.')[1] ?? '').length),
  );
const rows = (file: string) =>
  readFileSync(join(root, 'spc', file), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
const outOf = (hits: { index: number }[]) => hits.map((h) => h.index + 1);

function pistonRings(): number[][] {
  const groups: number[][] = [];
  for (const [value, sample] of rows('pistonrings.txt')) {
    groups[Number(sample) - 1] ??= [];
    groups[Number(sample) - 1]!.push(Number(value));
  }
  return groups;
}

describe('control charts on files (shared data: spc)', { skip: skipOf('spc') }, () => {
  const toPoints = (groups: number[][]): ChartPoint[] => groups.map((values) => ({ values }));

  test('Q7, piston rings: figures and limits of phase I (shared data: spc)', () => {
    const all = pistonRings();
    const trial = all.slice(0, 25);
    near(sum(trial.flat()), '9250.147');
    near(mean(trial[0]!), '74.0102');
    near(range(trial[0]!), '.038');
    near(mean(trial.flat()), '74.001176');
    near(mean(trial.map(range)), '.02276');
    near(mean(trial.map(standardDeviation)), '.009240');
    near(pooledSigma(trial), '.009863');
    near(standardDeviation(trial.flat()), '.010070');
    const r = plot(baselineOf('xbarR', toPoints(trial))!, toPoints(all));
    near(r.main[0]!.upper, '74.014304');
    near(r.main[0]!.lower!, '73.988048');
    near(r.spread![0]!.upper, '.048126');
    assert.deepEqual(outOf(r.hits), [37, 38, 39]);
    assert.deepEqual(
      [37, 38, 39].map((i) => r.main[i - 1]!.value!.toFixed(4)),
      ['74.0166', '74.0196', '74.0234'],
    );
    const s = plot(baselineOf('xbarS', toPoints(trial))!, toPoints(all));
    near(s.main[0]!.upper, '74.014364');
    near(s.main[0]!.lower!, '73.987988');
    near(s.spread![0]!.upper, '.019302');
    const table = plot(baselineOf('xbarR', toPoints(trial), 'table')!, toPoints(trial));
    near(table.main[0]!.upper, '74.0143');
    near(table.main[0]!.lower!, '73.9880');
    near(table.spread![0]!.upper, '.04811');
    const tableS = plot(baselineOf('xbarS', toPoints(trial), 'table')!, toPoints(trial));
    near(tableS.main[0]!.upper, '74.014362');
    near(tableS.main[0]!.lower!, '73.987990');
    near(tableS.spread![0]!.upper, '.019302');
  });

  test('Q7, capability by every sigma (shared data: spc)', () => {
    const trial = pistonRings().slice(0, 25);
    const limits = { lower: 73.95, upper: 74.05 };
    const figures = (sigma: number) => {
      const f = normalFigures(mean(trial.flat()), sigma, limits);
      return [f.twoSided, f.worst, f.upper, f.lower].map((v) => v!.toFixed(4)).join();
    };
    assert.equal(figures(sigmaOf(trial, 'range', 'table')), '1.7033,1.6632,1.6632,1.7433');
    assert.equal(figures(sigmaOf(trial, 'range')), '1.7032,1.6632,1.6632,1.7433');
    assert.equal(figures(sigmaOf(trial, 'sBar')), '1.6955,1.6556,1.6556,1.7354');
    assert.equal(figures(sigmaOf(trial, 'pooled')), '1.6898,1.6501,1.6501,1.7296');
    assert.equal(figures(sigmaOf(trial, 'overall')), '1.6551,1.6162,1.6162,1.6940');
    near(sigmaOf(trial, 'range'), '.009785');
    near(sigmaOf(trial, 'sBar'), '.009830');
  });

  test('attribute charts (shared data: spc)', () => {
    const u = rows('pcmanufact.txt').map(([x, size]) => ({ count: Number(x), size: Number(size) }));
    const computers = plot(baselineOf('u', u)!, u);
    near(baselineOf('u', u)!.centre, '1.93');
    near(computers.main[0]!.upper, '3.793867');
    near(computers.main[0]!.lower!, '.066133');
    const circuit = rows('circuit.txt').map(([, x]) => ({ count: Number(x) }));
    const c = baselineOf('c', circuit.slice(0, 26))!;
    near(c.centre, '19.846154');
    const plotted = plot(c, circuit.slice(0, 26));
    near(plotted.main[0]!.upper, '33.210861');
    near(plotted.main[0]!.lower!, '6.481447');
    assert.deepEqual(outOf(plotted.hits), [6, 20]);
    const cloth = rows('dyedcloth.txt').map(([x, size]) => ({ count: Number(x), size: Number(size) }));
    near(baselineOf('u', cloth)!.centre, '1.423256');
    const juice = rows('orangejuice.txt').filter((r) => r[3] === 'TRUE');
    const p = juice.map((r) => ({ count: Number(r[1]), size: Number(r[2]) }));
    near(baselineOf('p', p)!.centre, '.23133');
  });
});

/** Digits of agreement, capped at 15. */
function lre(value: number, certified: number): number {
  if (value === certified) return 15;
  return Math.min(15, -Math.log10(Math.abs(value - certified) / (certified === 0 ? 1 : Math.abs(certified))));
}

interface StrdFile {
  data: number[][];
  certified: Map<string, number>;
}

function strd(path: string): StrdFile {
  const lines = readFileSync(join(root, 'strd', path), 'utf8').split(/\r?\n/);
  const head = lines.slice(0, 60).join('\n');
  const [, from, to] = /Data\s*(?::\s*lines|\(lines)\s*(\d+)\s*to\s*(\d+)/.exec(head)!;
  const data = lines
    .slice(Number(from) - 1, Number(to))
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const certified = new Map<string, number>();
  const number = '(-?[\\d.]+(?:E[-+]?\\d+)?)';
  const patterns: [string, RegExp][] = [
    ['mean', new RegExp(`Sample Mean\\s+ybar:\\s+${number}`)],
    ['sd', new RegExp(`Sample Standard Deviation[^:]*s:\\s+${number}`)],
    ['r1', new RegExp(`Autocorrelation[^:]*r\\(1\\):\\s+${number}`)],
    ['residual', new RegExp(`^\\s+(?:Residual )?Standard Deviation\\s+${number}\\s*$`, 'm')],
    ['r2', new RegExp(`R-Squared\\s+${number}`)],
  ];
  for (const [name, pattern] of patterns) {
    const found = pattern.exec(head);
    if (found) certified.set(name, Number(found[1]));
  }
  for (const [, k, value] of head.matchAll(new RegExp(`^\\s+B(\\d+)\\s+${number}`, 'gm')))
    certified.set(`B${k}`, Number(value));
  return { data, certified };
}

describe('numerical accuracy (shared data: strd)', { skip: skipOf('strd') }, () => {
  /** Least digits of the standard deviation; 8.3 is the ceiling of doubles for NumAcc4. */
  const sdDigits: Record<string, number> = { NumAcc3: 9, NumAcc4: 8 };
  for (const set of ['PiDigits', 'Lottery', 'Lew', 'Mavro', 'Michelso', 'NumAcc1', 'NumAcc2', 'NumAcc3', 'NumAcc4'])
    test(`${set}: mean, standard deviation, autocorrelation (shared data: strd)`, () => {
      const { data, certified } = strd(`univerient/${set}.dat`);
      const values = data.map((r) => r[0]!);
      assert.ok(lre(mean(values), certified.get('mean')!) >= 14, `mean ${mean(values)}`);
      const digits = lre(standardDeviation(values), certified.get('sd')!);
      assert.ok(digits >= (sdDigits[set] ?? 12), `sd ${digits}`);
      const r = lre(autocorrelation(values), certified.get('r1')!);
      assert.ok(r >= (sdDigits[set] ?? 11), `r1 ${r}`);
    });

  /** Degree of the polynomial, or null for several predictors; least digits of the coefficients. */
  const models: [string, number | null, boolean, number][] = [
    ['Norris', 1, true, 11],
    ['Pontius', 2, true, 11],
    ['NoInt1', 1, false, 14],
    ['NoInt2', 1, false, 14],
    ['Filip', 10, true, 7],
    ['Longley', null, true, 12],
    ['Wampler1', 5, true, 9],
    ['Wampler2', 5, true, 12],
    ['Wampler3', 5, true, 9],
    ['Wampler4', 5, true, 9],
    ['Wampler5', 5, true, 7],
  ];
  for (const [set, degree, intercept, least] of models)
    test(`${set}: coefficients, residual, R² (shared data: strd)`, () => {
      const { data, certified } = strd(`linear/${set}.dat`);
      const predictors =
        degree === null
          ? data.map((r) => r.slice(1))
          : polynomialRows(
              data.map((r) => r[1]!),
              degree,
            );
      const fit = leastSquares(
        predictors,
        data.map((r) => r[0]!),
        intercept,
      );
      fit.coefficients.forEach((b, k) => {
        const wanted = certified.get(`B${intercept ? k : k + 1}`)!;
        const digits = lre(b, wanted);
        assert.ok(digits >= least, `B${k} ${digits.toFixed(1)} digits: ${b}`);
      });
      const sd = certified.get('residual')!;
      if (sd === 0) assert.ok(fit.residualSd < 1e-7, String(fit.residualSd));
      else assert.ok(lre(fit.residualSd, sd) >= 7, `sd ${fit.residualSd}`);
      assert.ok(lre(fit.rSquared, certified.get('r2')!) >= 7, `r2 ${fit.rSquared}`);
    });

  test('the sum-of-squares formula is forbidden: it fails where ours does not (shared data: strd)', () => {
    const { data, certified } = strd('univerient/NumAcc4.dat');
    const values = data.map((r) => r[0]!);
    const n = values.length;
    let [s, q] = [0, 0];
    for (const v of values) {
      s += v;
      q += v * v;
    }
    const naive = Math.sqrt((q - (s * s) / n) / (n - 1));
    assert.ok(!(lre(naive, certified.get('sd')!) >= 2), String(naive));
    assert.ok(lre(standardDeviation(values), certified.get('sd')!) >= 8);
  });
});
