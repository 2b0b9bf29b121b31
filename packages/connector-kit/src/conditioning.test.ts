import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, Quality, type Sample, type SampleValue, samplesOf } from '@deungdae/contracts/sample.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { createConditioner } from './conditioning.ts';
import { defaultLimits } from './limits.ts';
import type { SignalRule } from './signal-rule.ts';

const now = Date.UTC(2026, 0, 5) * 1000;
const second = 1_000_000;
const { good, uncertain, bad, gap } = Quality;

function conditioner(rule: Partial<SignalRule> = {}) {
  const notices: string[] = [];
  const c = createConditioner([{ id: 7, path: 'p', kind: 'number', ...rule }], defaultLimits, (code) =>
    notices.push(code),
  );
  let clock = now - 1_000 * second;
  /** One sample a second; null when it was held back. */
  const give = (value: SampleValue, quality: Quality = good, at?: number): Sample | null => {
    clock += second;
    const time = at ?? clock;
    const out = c.condition(batchOf([{ signal: 7, time, value, quality }]), now);
    return out.length === 0 ? null : [...samplesOf(out)][0]!;
  };
  const brief = (value: SampleValue, quality: Quality = good) => {
    const s = give(value, quality);
    return s && [s.value, s.quality];
  };
  return { c, notices, give, brief };
}

test('numbers: scale, limits, text, NaN and infinity', () => {
  const { brief, notices, c } = conditioner({ scale: { factor: 0.1, offset: -40 }, limits: { min: 0, max: 100 } });
  assert.deepEqual(brief(900), [50, good]);
  assert.deepEqual(brief(2000), [160, uncertain], 'outside the limits is kept');
  assert.deepEqual(brief(' 900 '), [50, good], 'text that is a number is one');
  assert.deepEqual(brief('ERR'), ['ERR', bad], 'other text is kept, as bad');
  assert.deepEqual(brief(Number.NaN), [null, bad]);
  assert.deepEqual(brief(Number.POSITIVE_INFINITY), [null, bad]);
  assert.deepEqual(brief(null), [null, bad]);
  assert.deepEqual(brief(900, bad), [50, bad], 'a bad number keeps its value');
  assert.deepEqual(brief(5, gap), [null, gap], 'a gap has none');
  assert.deepEqual(notices, ['kit.textForNumber', 'kit.notFinite', 'kit.notFinite', 'kit.notFinite']);
  assert.equal(c.counts.downgraded, 5);
});

test('integers, booleans, enumerations, texts', () => {
  const integer = conditioner({ kind: 'integer', scale: { factor: 0.1, offset: 0 } });
  assert.deepEqual(integer.brief(30), [3, good], '3.0000000000000004 is whole');
  assert.deepEqual(integer.brief(35), [3.5, uncertain]);
  const boolean = conditioner({ kind: 'boolean' });
  for (const [raw, value] of [
    [0, 0],
    [5, 1],
    ['ON', 1],
    ['false', 0],
    [true, 1],
    [' yes ', 1],
  ] as const)
    assert.deepEqual(boolean.brief(raw), [value, good], String(raw));
  assert.deepEqual(boolean.brief('perhaps'), ['perhaps', bad]);
  assert.deepEqual(boolean.notices, ['kit.notBoolean']);
  const enumeration = conditioner({ kind: 'enum' });
  assert.deepEqual(enumeration.brief(3), [3, good]);
  assert.deepEqual(enumeration.brief('ACTIVE'), ['ACTIVE', good]);
  const text = conditioner({ kind: 'text' });
  assert.deepEqual(text.brief(12.5), ['12.5', good]);
  assert.deepEqual(text.brief('O0012'), ['O0012', good]);
  assert.deepEqual(text.brief(''), ['', good], 'an empty text is a value');
});

test('deadband: what passes and what is held, and held samples are counted', () => {
  const { brief, give, c } = conditioner({ deadband: 1, staleAfterMs: 20_000 });
  assert.deepEqual(brief(10), [10, good], 'the first');
  assert.equal(brief(10.9), null);
  assert.equal(brief(11), null, 'a change as large as the deadband is held');
  assert.deepEqual(brief(11.1), [11.1, good]);
  assert.deepEqual(brief(11.2, uncertain), [11.2, uncertain], 'a change of quality');
  assert.deepEqual(brief(11.3), [11.3, good], 'and back');
  assert.deepEqual(brief(0, gap), [null, gap]);
  assert.deepEqual(brief(11.3), [11.3, good], 'after a gap');
  assert.deepEqual(give(11.3, good, now - 5_000 * second)?.value, 11.3, 'a late sample');
  const passed = Array.from({ length: 40 }, () => brief(11.3)).filter(Boolean).length;
  assert.equal(passed, 4, 'a steady value passes every half of staleAfter');
  assert.equal(c.counts.withinDeadband, 2 + 36);
  const none = conditioner({ deadband: null });
  assert.deepEqual(
    [none.brief(1), none.brief(1)],
    [
      [1, good],
      [1, good],
    ],
    'without deadband all pass',
  );
  const zero = conditioner({ deadband: 0, kind: 'text' });
  assert.deepEqual([zero.brief('a'), zero.brief('a'), zero.brief('b')], [['a', good], null, ['b', good]]);
});

test('times: ahead, far ahead, none at all, fractions, late', () => {
  const { give, notices } = conditioner();
  const at = (time: number) => {
    const s = give(1, good, time)!;
    return [s.time, s.quality];
  };
  assert.deepEqual(at(now + 30 * second), [now + 30 * second, good], 'within the skew');
  assert.deepEqual(at(now + 90 * second), [now + 90 * second, uncertain]);
  assert.deepEqual(at(now + 90_000 * second), [now, uncertain], 'the year 2099 is not kept');
  assert.deepEqual(at(Number.NaN), [now, uncertain]);
  assert.deepEqual(at(-1), [now, uncertain]);
  assert.deepEqual(at(Number.POSITIVE_INFINITY), [now, uncertain]);
  assert.deepEqual(at(now - 0.4), [now, good], 'whole microseconds');
  assert.deepEqual(at(now - 3_600 * second), [now - 3_600 * second, good], 'late is fine');
  assert.deepEqual(notices, ['kit.futureTime', 'kit.farFutureTime', 'kit.badTime', 'kit.badTime', 'kit.farFutureTime']);
});

test('a sample of a signal that is not bound is dropped and counted; the others stay in their columns', () => {
  const notices: string[] = [];
  const rules: SignalRule[] = [
    { id: 1, path: 'a', kind: 'number' },
    { id: 5_000_000, path: 'b', kind: 'text' },
  ];
  const c = createConditioner(rules, defaultLimits, (code) => notices.push(code));
  const sample = (signal: number, value: SampleValue) => ({ signal, time: now, value, quality: good as Quality });
  const out = c.condition(
    batchOf([sample(1, 1), sample(2, 9), sample(5_000_000, 'x'), sample(3, 'y'), sample(1, 2)]),
    now,
  );
  assert.deepEqual([...samplesOf(out)], [sample(1, 1), sample(5_000_000, 'x'), sample(1, 2)]);
  assert.equal(out.texts?.length, 3);
  assert.equal(c.counts.unbound, 2);
  assert.ok(notices.includes('kit.unboundSignal'));
});

test('gaps: one for every signal, never before its last sample', () => {
  const rules: SignalRule[] = [1, 2].map((id) => ({ id, path: `p${id}`, kind: 'number' }));
  const c = createConditioner(rules, defaultLimits, () => {});
  c.condition(batchOf([{ signal: 1, time: now + 5 * second, value: 1, quality: good }]), now);
  assert.deepEqual(
    [...samplesOf(c.gaps(now))],
    [
      { signal: 1, time: now + 5 * second + 1, value: null, quality: gap },
      { signal: 2, time: now, value: null, quality: gap },
    ],
  );
});

test('property: nothing is lost uncounted, nothing is invented, and the columns agree', () => {
  const random = seededRandom(5);
  const kinds = ['number', 'integer', 'boolean', 'enum', 'text'] as const;
  for (let run = 0; run < 300; run++) {
    const rules: SignalRule[] = kinds.map((kind, i) => ({
      id: i,
      path: kind,
      kind,
      deadband: random.pick([null, 0, 2]),
    }));
    const c = createConditioner(rules, defaultLimits, () => {});
    const samples = Array.from({ length: random.int(0, 60) }, () => ({
      signal: random.int(0, 6),
      time: now + random.int(-100, 100) * second,
      value: random.pick<SampleValue>([1, 2.5, Number.NaN, Number.NEGATIVE_INFINITY, 'on', '7', 'x', true, null]),
      quality: random.pick([good, good, uncertain, bad, gap] as Quality[]),
    }));
    const out = c.condition(batchOf(samples), now);
    assert.equal(out.length + c.counts.withinDeadband + c.counts.unbound, samples.length);
    for (const [i, s] of [...samplesOf(out)].entries()) {
      assert.ok(s.quality !== good || s.value !== null, 'good means a value');
      assert.ok(s.quality !== gap || s.value === null);
      assert.ok(!(out.texts?.[i] != null && !Number.isNaN(out.numbers[i])), 'text or number, not both');
      assert.ok(out.numbers[i] === undefined || !Number.isFinite(out.numbers[i]) || s.value !== null);
      assert.ok(Number.isInteger(s.time));
    }
  }
});
