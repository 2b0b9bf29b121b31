import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { binomialUpTo, hypergeometricUpTo, operatingCharacteristic } from './operating-characteristic.ts';
import { aqls, codeLetter, type InspectionLevel, type Severity, samplingPlan } from './sampling-plan.ts';
import { afterLot, resumed, type SwitchingState, startOfSeries } from './switching.ts';

/** The tables of the reference, cell by cell; v and ^ are arrows. */
const lots = `2,8,A,A,A,A,A,A,B
9,15,A,A,A,A,A,B,C
16,25,A,A,B,B,B,C,D
26,50,A,B,B,C,C,D,E
51,90,B,B,C,C,C,E,F
91,150,B,B,C,D,D,F,G
151,280,B,C,D,E,E,G,H
281,500,B,C,D,E,F,H,J
501,1200,C,C,E,F,G,J,K
1201,3200,C,D,E,G,H,K,L
3201,10000,C,D,F,G,J,L,M
10001,35000,C,D,F,H,K,M,N
35001,150000,D,E,G,J,L,N,P
150001,500000,D,E,G,J,M,P,Q
500001,9000000,D,E,H,K,N,Q,R`;
const normal = `A,2,v,v,v,v,v,v,v,v,v,v,0,v
B,3,v,v,v,v,v,v,v,v,v,0,^,v
C,5,v,v,v,v,v,v,v,v,0,^,v,1
D,8,v,v,v,v,v,v,v,0,^,v,1,2
E,13,v,v,v,v,v,v,0,^,v,1,2,3
F,20,v,v,v,v,v,0,^,v,1,2,3,5
G,32,v,v,v,v,0,^,v,1,2,3,5,7
H,50,v,v,v,0,^,v,1,2,3,5,7,10
J,80,v,v,0,^,v,1,2,3,5,7,10,14
K,125,v,0,^,v,1,2,3,5,7,10,14,21
L,200,0,^,v,1,2,3,5,7,10,14,21,^
M,315,^,v,1,2,3,5,7,10,14,21,^,^
N,500,v,1,2,3,5,7,10,14,21,^,^,^
P,800,1,2,3,5,7,10,14,21,^,^,^,^
Q,1250,2,3,5,7,10,14,21,^,^,^,^,^
R,2000,3,5,7,10,14,21,^,^,^,^,^,^`
  .split('\n')
  .map((line) => line.split(','));
/** A lot size of each letter at level II, large enough that the sample is smaller than the lot where it can be. */
const lotOf: Record<string, number> = {
  A: 8,
  B: 15,
  C: 25,
  D: 50,
  E: 90,
  F: 150,
  G: 280,
  H: 500,
  J: 1200,
  K: 3200,
  L: 10_000,
  M: 35_000,
  N: 150_000,
  P: 500_000,
  Q: 600_000,
};

describe('ISO 2859-1 tables', () => {
  test('code letters at both ends of every lot size range, all levels', () => {
    const levels: InspectionLevel[] = ['S1', 'S2', 'S3', 'S4', 'I', 'II', 'III'];
    for (const line of lots.split('\n')) {
      const [from, to, ...letters] = line.split(',');
      levels.forEach((level, i) => {
        assert.equal(codeLetter(Number(from), level), letters[i], `${line} ${level}`);
        assert.equal(codeLetter(Number(to), level), letters[i], `${line} ${level}`);
      });
    }
  });

  test('normal inspection: every cell, arrows followed to the first plan with its own n', () => {
    for (const [row, [letter, , ...cells]] of normal.entries()) {
      const lotSize = lotOf[letter!];
      if (lotSize === undefined) continue;
      cells.forEach((content, column) => {
        let at = row;
        const step = content === 'v' ? 1 : -1;
        while (!/\d/.test(normal[at]![2 + column]!)) at += step;
        const plan = samplingPlan({ lotSize, level: 'II', aql: aqls[column]! });
        const n = Number(normal[at]![1]);
        const where = `${letter} ${aqls[column]}`;
        assert.equal(plan.letter, letter, where);
        assert.equal(plan.planLetter, normal[at]![0], where);
        assert.equal(plan.acceptance, Number(normal[at]![2 + column]), where);
        assert.equal(plan.sampleSize, Math.min(n, lotSize), where);
        assert.equal(plan.rejection, plan.acceptance + 1);
      });
    }
  });

  test('published points', () => {
    const of = (lotSize: number, level: InspectionLevel, aql: number, severity: Severity = 'normal') => {
      const { letter, planLetter, sampleSize, acceptance, rejection } = samplingPlan({ lotSize, level, aql, severity });
      return [letter, planLetter, sampleSize, acceptance, rejection];
    };
    assert.deepEqual(of(1000, 'II', 1.0), ['J', 'J', 80, 2, 3]);
    // The fault of another program's table: 80/3/4 at 1.0 and 80/5/6 at 1.5, one AQL step too lenient.
    assert.deepEqual(of(1000, 'II', 1.5), ['J', 'J', 80, 3, 4]);
    assert.deepEqual(of(20, 'I', 1.5), ['B', 'D', 8, 0, 1]);
    assert.equal(of(8, 'II', 10)[1], 'C');
    assert.equal(of(8, 'II', 10, 'tightened')[1], 'D');
    assert.deepEqual(of(1000, 'II', 0.25, 'tightened').slice(2), [80, 0, 1]);
    assert.deepEqual(of(1000, 'II', 1.0, 'tightened').slice(2), [80, 1, 2]);
    assert.deepEqual(of(1000, 'II', 1.5, 'tightened').slice(2), [80, 2, 3]);
  });

  test('n changes where an arrow is followed, and never stays the letter’s own', () => {
    const plan = samplingPlan({ lotSize: 1000, level: 'II', aql: 0.4 });
    assert.deepEqual([plan.letter, plan.planLetter, plan.sampleSize, plan.acceptance], ['J', 'K', 125, 1]);
  });

  test('tightened is never more lenient than normal, reduced never asks for more items', () => {
    for (const lotSize of [50, 150, 500, 1200, 3200, 10_000, 35_000])
      for (const aql of aqls) {
        const of = (severity: Severity) => samplingPlan({ lotSize, level: 'II', aql, severity });
        const pass = (p: { sampleSize: number; acceptance: number }) => binomialUpTo(p.acceptance, p.sampleSize, 0.03);
        assert.ok(pass(of('tightened')) <= pass(of('normal')) + 1e-12, `${lotSize} ${aql}`);
        assert.ok(of('reduced').sampleSize <= of('normal').sampleSize, `${lotSize} ${aql}`);
      }
  });

  test('a lot that is not larger than the sample is inspected whole', () => {
    const plan = samplingPlan({ lotSize: 5, level: 'II', aql: 0.1 });
    assert.deepEqual([plan.all, plan.sampleSize], [true, 5]);
  });
});

describe('switching', () => {
  const run = (text: string, from: SwitchingState = startOfSeries, ac = 1, tighter = false) => {
    const switches: string[] = [];
    let state = from;
    text.split(' ').forEach((outcome, i) => {
      const lot = { accepted: outcome === 'A', acceptance: ac, acceptedTighter: tighter };
      const next = afterLot(state, lot);
      if (next.switched) switches.push(`${next.switched}@${i + 1}`);
      state = next.state;
    });
    return { state, switches };
  };

  test('A R A A R: tightened after lot 5', () => {
    const { state, switches } = run('A R A A R');
    assert.deepEqual(switches, ['twoOfFive@5']);
    assert.equal(state.severity, 'tightened');
  });
  test('R A A A A R: the two span six lots, still normal', () => {
    const { state, switches } = run('R A A A A R');
    assert.deepEqual(switches, []);
    assert.equal(state.severity, 'normal');
  });
  test('tightened, R A R A R R A R: discontinued after the last', () => {
    const { state, switches } = run('R A R A R R A R', { ...startOfSeries, severity: 'tightened' });
    assert.deepEqual(switches, ['fiveRejected@8']);
    assert.equal(state.discontinued, true);
    assert.equal(afterLot(state, { accepted: true, acceptance: 1 }).state.discontinued, true);
    assert.equal(resumed().severity, 'tightened');
  });
  test('five accepted under tightened: back to normal', () => {
    assert.deepEqual(run('R A A A A A', { ...startOfSeries, severity: 'tightened' }).switches, ['fiveAccepted@6']);
  });
  test('ten lots at +3 and fifteen at +2: reduced possible', () => {
    assert.deepEqual(run(Array(10).fill('A').join(' '), startOfSeries, 2, true).switches, ['score@10']);
    assert.deepEqual(run(Array(15).fill('A').join(' '), startOfSeries, 1).switches, ['score@15']);
    assert.equal(run(Array(9).fill('A').join(' '), startOfSeries, 2, true).state.score, 27);
  });
  test('a lot that one step tighter would have rejected sets the score back', () => {
    assert.equal(run('A A A', startOfSeries, 3, false).state.score, 0);
  });
  test('reduced ends with one lot not accepted, or when production is not steady; needs leave to begin', () => {
    const reduced: SwitchingState = { ...startOfSeries, severity: 'reduced' };
    assert.deepEqual(run('A R', reduced).switches, ['rejectedReduced@2']);
    const lot = { accepted: true, acceptance: 1 };
    assert.equal(afterLot(reduced, lot, { steady: false, reducedAllowed: true }).switched, 'irregular');
    const nearly: SwitchingState = { ...startOfSeries, score: 29 };
    assert.equal(afterLot(nearly, lot, { steady: true, reducedAllowed: false }).switched, null);
  });
});

describe('operating characteristic', () => {
  test('binomial, to the digits of the reference', () => {
    const shares = [0.005, 0.01, 0.02, 0.03, 0.05, 0.08];
    const rows: [number, number, string][] = [
      [80, 2, '0.992288,0.953447,0.784419,0.568123,0.230621,0.040378'],
      [80, 3, '0.999270,0.991341,0.923145,0.780667,0.428449,0.108863'],
      [80, 1, '0.938853,0.809158,0.522974,0.303806,0.086054,0.010087'],
      [125, 3, '0.996252,0.962551,0.758670,0.481405,0.123785,0.008312'],
    ];
    for (const [n, ac, text] of rows)
      assert.equal(
        operatingCharacteristic(n, ac, shares)
          .map((p) => p.toFixed(6))
          .join(),
        text,
      );
  });
  test('hypergeometric, lot of 1,000', () => {
    assert.deepEqual(
      [10, 20, 50].map((bad) => hypergeometricUpTo(2, 80, bad, 1000).toFixed(6)),
      ['0.960752', '0.789247', '0.218645'],
    );
  });
  test('ends of the curve', () => {
    assert.equal(binomialUpTo(2, 80, 0), 1);
    assert.equal(binomialUpTo(2, 80, 1), 0);
  });
});
