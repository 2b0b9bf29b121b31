import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gaugeValue, judge, nextQuestion, pointerShare } from './measure.ts';
import { inspection } from './test-plant.ts';

const characteristic = (id: string, required: number) => ({
  ...{ id, name: id, kind: 'variable' as const, critical: false, samples: required, rules: [], required },
});

test('each sample of each characteristic is asked once, also after some were taken by a gauge', () => {
  const asked = inspection({ characteristics: [characteristic('d', 2), characteristic('h', 1)] });
  const first = nextQuestion(asked, []);
  assert.deepEqual([first?.characteristic.id, first?.sample, first?.index, first?.total], ['d', 1, 1, 3]);
  const one = { characteristic: 'd', sample: 1, value: 1, pass: true };
  assert.equal(nextQuestion(asked, [one])?.sample, 2);
  const gauge = { ...{ characteristic: 'd', sample: 2, value: 1, pass: true }, gauge: null, source: 'gauge' as const };
  assert.equal(nextQuestion({ ...asked, results: [gauge] }, [one])?.characteristic.id, 'h');
  const all = [one, { ...one, sample: 2 }, { ...one, characteristic: 'h' }];
  assert.equal(nextQuestion(asked, all), null);
});

test('a value is inside, outside, or so far off that it was mistyped', () => {
  const limits = { lower: 23.9, upper: 24.1, nominal: 24 };
  assert.deepEqual(
    [23.9, 24.1, 24.11, 24.31, 2.4, 240].map((v) => judge(limits, v)),
    [...['in', 'in', 'out', 'far', 'far', 'far']],
  );
  assert.deepEqual([judge({ upper: 5 }, -100), judge({ upper: 5 }, 9), judge({ upper: 5 }, 11)], ['in', 'out', 'far']);
  assert.equal(judge({}, 7), 'in');
});

test('the pointer stands between the limits as the value does, and stays on the bar', () => {
  const limits = { lower: 10, upper: 20 };
  assert.deepEqual(
    [10, 15, 20, 1000, -1000].map((v) => Number(pointerShare(limits, v).toFixed(2))),
    [...[0.2, 0.5, 0.8, 0.99, 0.01]],
  );
  assert.ok(pointerShare({ upper: 5, nominal: 0 }, 5) > pointerShare({ upper: 5, nominal: 0 }, 0));
});

test('a gauge types a figure, with its channel and unit or not; a badge or an order is no value', () => {
  assert.deepEqual(['8.012', '-0,5 mm', '01A+0031.482', '12.5kN'].map(gaugeValue), [8.012, -0.5, 31.482, 12.5]);
  assert.deepEqual(['HB-101', 'WO-261126-002', 'L261125-0017', ''].map(gaugeValue), [null, null, null, null]);
});
