import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Quality } from '@deungdae/contracts/sample.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import type { Instance } from '../src/domain/course.ts';
import { Evaluator } from '../src/domain/evaluator.ts';
import { compileRules } from '../src/domain/rule-set.ts';
import { plantOf, type RuleInput, second, t0 } from './fixtures.ts';

type Line = [what: 'raised' | 'cleared', code: string, seconds: number, activeSeconds?: number];

function lab(rule: RuleInput, kind: 'number' | 'condition' | 'text' = 'number') {
  const lines: Line[] = [];
  const at = (time: number) => (time - t0) / second;
  let late = 0;
  const evaluator = new Evaluator(compileRules(plantOf([{ id: 0, name: 's', kind, rules: [rule] }])), {
    raised: (one: Instance, time: number) => lines.push(['raised', one.code, at(time)]),
    cleared: (one: Instance, time: number) => lines.push(['cleared', one.code, at(time), one.activeUs / second]),
    changed: () => {},
    gapped: () => {},
    late: () => late++,
  });
  return {
    lines,
    late: () => late,
    /** `wall`: when it came, seconds; the sample's own time when left out. */
    give(seconds: number, value: number | string | null, wall = seconds) {
      const quality = value === null ? Quality.gap : Quality.good;
      const text = typeof value === 'string' ? value : null;
      const number = typeof value === 'number' ? value : Number.NaN;
      evaluator.sample(0, t0 + seconds * second, number, text, quality, wall * 1000);
      return this;
    },
    wait(wall: number) {
      evaluator.elapsed(wall * 1000);
      return this;
    },
  };
}

describe('limits', () => {
  test('high with deadband: beyond is strict, and back is by the deadband', () => {
    const l = lab({ id: 'h', type: 'high', limit: 100, deadband: 5 });
    l.give(0, 100).give(1, 100.1).give(2, 99).give(3, 95.1).give(4, 95).give(5, 101);
    assert.deepEqual(l.lines, [
      ['raised', '', 1],
      ['cleared', '', 4, 3],
      ['raised', '', 5],
    ]);
  });

  test('low mirrors it', () => {
    const l = lab({ id: 'l', type: 'low', limit: 10, deadband: 2 });
    l.give(0, 10).give(1, 9.9).give(2, 11.9).give(3, 12);
    assert.deepEqual(l.lines, [
      ['raised', '', 1],
      ['cleared', '', 3, 2],
    ]);
  });

  test('on-delay and off-delay end at their own time, however late the next sample', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1, onDelay: '10s', offDelay: '20s' });
    l.give(0, 5).give(5, 0).give(7, 5).give(30, 5).give(40, 0).give(50, 5).give(55, 0).give(200, 0);
    assert.deepEqual(l.lines, [
      ['raised', '', 17],
      ['cleared', '', 75, 58],
    ]);
  });

  test('without samples the delay runs out by the clock, at the same time; a late timer changes nothing', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1, onDelay: '10s' });
    l.give(0, 5).wait(9.9);
    assert.equal(l.lines.length, 0);
    l.wait(47);
    assert.deepEqual(l.lines, [['raised', '', 10]]);
  });

  test('a sample that comes after its delay ran out ends the alarm at once, never before it began', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1, onDelay: '10s' });
    l.give(0, 5).wait(12).give(8, 0, 13).give(20, 5).give(31, 5);
    assert.deepEqual(l.lines, [
      ['raised', '', 10],
      ['cleared', '', 10, 0],
      ['raised', '', 30],
    ]);
  });

  test('a replay faster than time does not let delays run out between samples', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1, onDelay: '10s' });
    for (let i = 0; i < 1000; i++) l.give(i * 6, i % 2 ? 0 : 5, i * 0.001).wait(i * 0.001);
    assert.deepEqual(l.lines, []);
  });

  test('rate of change counts in both directions and not over a gap', () => {
    const l = lab({ id: 'r', type: 'rate', limit: 2 });
    l.give(0, 0).give(1, 2).give(2, 5).give(3, 5).give(4, 2).give(6, 2).give(7, null).give(8, 500).give(9, 500);
    assert.deepEqual(l.lines, [
      ['raised', '', 2],
      ['cleared', '', 3, 1],
      ['raised', '', 4],
      ['cleared', '', 6, 2],
    ]);
  });

  test('equals: texts without regard to case, and numbers', () => {
    const l = lab({ id: 'e', type: 'equals', values: ['Triggered'] }, 'text');
    l.give(0, 'ARMED').give(1, 'TRIGGERED').give(2, 'TRIGGERED').give(3, 'ARMED');
    assert.deepEqual(l.lines, [
      ['raised', '', 1],
      ['cleared', '', 3, 2],
    ]);
    const n = lab({ id: 'e', type: 'equals', values: [true, 7] });
    n.give(0, 0).give(1, 1).give(2, 0).give(3, 7);
    assert.deepEqual(
      n.lines.map((x) => x[2]),
      [1, 2, 3],
    );
  });
});

describe('bad days', () => {
  test('gap, NaN, infinity and text raise nothing and clear nothing', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1 });
    for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY, 'seven'])
      l.give(l.late() + 1 + Math.random(), value);
    assert.deepEqual(l.lines, []);
    l.give(10, 5);
    for (const [i, value] of [null, Number.NaN, Number.NEGATIVE_INFINITY, 'seven'].entries()) l.give(11 + i, value);
    assert.deepEqual(l.lines, [['raised', '', 10]]);
  });

  test('an alarm that still holds after a short gap goes on, and the gap is not in its time', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1 });
    l.give(0, 5).give(10, null).give(20, null).give(70, 5).give(100, 0);
    assert.deepEqual(l.lines, [
      ['raised', '', 0],
      ['cleared', '', 100, 40],
    ]);
  });

  test('one that does not hold after the gap ended when the gap began', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1, offDelay: '5s' });
    l.give(0, 5).give(10, null).give(70, 0);
    assert.deepEqual(l.lines, [
      ['raised', '', 0],
      ['cleared', '', 10, 10],
    ]);
  });

  test('a gap of ten minutes ends it, by the clock or by the next sample alike', () => {
    for (const byClock of [true, false]) {
      const l = lab({ id: 'h', type: 'high', limit: 1 });
      l.give(0, 5).give(10, null);
      if (byClock) l.wait(609).wait(611);
      l.give(700, 5);
      assert.deepEqual(l.lines, [
        ['raised', '', 0],
        ['cleared', '', 10, 10],
        ['raised', '', 700],
      ]);
    }
  });

  test('an older sample and a repeated one do not flip a standing alarm', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1 });
    l.give(0, 0).give(10, 5).give(9, 0).give(10, 5).give(0, 0);
    assert.deepEqual(l.lines, [['raised', '', 10]]);
    assert.equal(l.late(), 2);
  });

  test('two values at one time both count, in the order of arrival, once', () => {
    const l = lab({ id: 'h', type: 'high', limit: 1 });
    l.give(0, 0).give(1, 5).give(1, 0).give(1, 5).give(1, 0);
    assert.deepEqual(l.lines, [
      ['raised', '', 1],
      ['cleared', '', 1, 0],
    ]);
  });
});

describe('stale', () => {
  test('raised when the time is over, cleared by the next sample; the same at once or late', () => {
    const l = lab({ id: 's', type: 'stale', after: '30s' });
    l.give(0, 1).give(29, 1).wait(58).wait(60).give(65, 1);
    assert.deepEqual(l.lines, [
      ['raised', '', 59],
      ['cleared', '', 65, 6],
    ]);
    const r = lab({ id: 's', type: 'stale', after: '30s' });
    r.give(0, 1).give(29, 1).give(65, 1);
    assert.deepEqual(r.lines, l.lines);
  });

  test('a source whose time stands still is stale, and a gap is not fresh', () => {
    const l = lab({ id: 's', type: 'stale', after: '30s' });
    l.give(0, 1).give(0, 2, 10).give(0, 3, 20).give(0, 4, 29).give(0, 5, 31).wait(60);
    assert.equal(l.lines.length, 1);
    const g = lab({ id: 's', type: 'stale', after: '30s' });
    g.give(0, 1).give(20, null).give(40, null);
    assert.deepEqual(g.lines, [['raised', '', 30]]);
  });
});

describe('conditions', () => {
  test('several codes stand at once; NORMAL with a code clears that one, without clears all', () => {
    const l = lab({ id: 'c', type: 'condition' }, 'condition');
    l.give(0, 'FAULT|26|||servo lag').give(1, 'WARNING|45|||coolant off').give(1, 'FAULT|46|||feed 0');
    l.give(5, 'NORMAL|26|||').give(6, 'FAULT|45|||coolant off').give(9, 'NORMAL||||');
    assert.deepEqual(l.lines, [
      ['raised', '26', 0],
      ['raised', '45', 1],
      ['raised', '46', 1],
      ['cleared', '26', 5, 5],
      ['cleared', '45', 9, 8],
      ['cleared', '46', 9, 8],
    ]);
  });

  test('UNAVAILABLE neither raises nor clears; a day of it ends the alarm where it began', () => {
    const l = lab({ id: 'c', type: 'condition' }, 'condition');
    l.give(0, 'UNAVAILABLE||||').give(1, 'FAULT|26|||x').give(61, 'UNAVAILABLE||||').give(90, 'FAULT|26|||x');
    l.give(100, 'UNAVAILABLE||||').give(86_400, 'FAULT|26|||x').give(86_410, 'NORMAL||||');
    assert.deepEqual(l.lines, [
      ['raised', '26', 1],
      ['cleared', '26', 100, 70],
      ['raised', '26', 86_400],
      ['cleared', '26', 86_410, 10],
    ]);
  });

  test('codes beyond the limit share one alarm, and codes at rest make room', () => {
    const l = lab({ id: 'c', type: 'condition' }, 'condition');
    for (let i = 0; i < 700; i++) l.give(i, `FAULT|c${i}|||x`);
    assert.equal(l.lines.length, 501);
    l.give(1000, 'NORMAL||||').give(1001, 'FAULT|new|||x');
    assert.deepEqual(l.lines.at(-1), ['raised', 'new', 1001]);
  });
});

/** The rules of the file's head said again in the plainest way: a list of values, looked at from the beginning. */
function naive(rule: RuleInput, samples: readonly [number, number][]): string[] {
  const out: string[] = [];
  const ms = (text = '0s') => Number(text.replace('s', '')) * second;
  const on = ms(rule.onDelay);
  const off = ms(rule.offDelay);
  const sign = rule.type === 'low' ? -1 : 1;
  let standing = false;
  let since = 0;
  let waits = false;
  for (const [time, value] of samples) {
    if (waits && since + (standing ? off : on) <= time) {
      standing = !standing;
      out.push(`${standing ? 'raised' : 'cleared'} ${since + (standing ? on : off)}`);
      waits = false;
    }
    const beyond: boolean = sign * value > sign * rule.limit! - (standing ? rule.deadband! : 0);
    if (beyond === standing) waits = false;
    else if (!waits) {
      waits = true;
      since = time;
      if ((standing ? off : on) === 0) {
        standing = !standing;
        out.push(`${standing ? 'raised' : 'cleared'} ${time}`);
        waits = false;
      }
    }
  }
  return out;
}

test('200 random rules agree with the plain evaluator, in whatever batches and with timers at whatever moment', () => {
  const random = seededRandom(20_260_105);
  let events = 0;
  for (let n = 0; n < 200; n++) {
    const rule: RuleInput = {
      id: 'x',
      type: random.pick(['high', 'low']),
      limit: random.int(-5, 5),
      deadband: random.int(0, 3),
      onDelay: `${random.pick([0, 0, 1, 5, 30])}s`,
      offDelay: `${random.pick([0, 0, 1, 5, 30])}s`,
    };
    const samples: [number, number][] = [];
    let time = t0;
    let value = 0;
    for (let i = 0; i < 300; i++) {
      time += random.int(1, 8) * (second / 2);
      value += random.int(-3, 3);
      if (Math.abs(value) > 12) value = 0;
      samples.push([time, value]);
    }
    const found: string[] = [];
    const evaluator = new Evaluator(compileRules(plantOf([{ id: 3, name: 's', rules: [rule] }])), {
      raised: (_, t) => found.push(`raised ${t}`),
      cleared: (_, t) => found.push(`cleared ${t}`),
      changed: () => {},
      gapped: () => {},
      late: () => assert.fail('nothing is late here'),
    });
    for (const [i, [at, v]] of samples.entries()) {
      const mono = (at - t0) / 1000;
      evaluator.sample(0, at, v, null, Quality.good, mono);
      // Timers fire at any moment before the next sample comes.
      const next = samples[i + 1]?.[0] ?? at;
      if (random.next() < 0.5) evaluator.elapsed(mono + random.next() * ((next - at) / 1000));
    }
    assert.deepEqual(found, naive(rule, samples), JSON.stringify({ n, rule }));
    events += found.length;
  }
  assert.ok(events > 2000, `only ${events} events: the test says little`);
});
