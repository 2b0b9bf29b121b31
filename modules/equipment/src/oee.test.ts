import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addFigures, type Figures, noFigures, reportOf, timesOf } from './oee.ts';
import { setPieces } from './pieces.ts';
import { type PlannedSpan, type Segment, type Stretch, segmentsOf } from './time-model.ts';

const min = 60_000;
const us = 60_000_000;
const head = { equipment: 'e', from: 0, to: 1 };

function figures(part: Partial<Figures>): Figures {
  return { ...noFigures(), ...part };
}

/** Six decimals, as kpi.md prints them. */
function six(value: number | null): string {
  return (value as number).toFixed(6);
}

/** Stretches one after the other, minutes. */
function stretches(...parts: [state: Stretch['state'], minutes: number, more?: Partial<Stretch>][]): Stretch[] {
  let at = 0;
  return parts.map(([state, minutes, more]) => {
    const from = at;
    at += minutes * us;
    return { from, to: at, state, loss: null, minor: false, ...more };
  });
}

function counter(counts: 'good' | 'scrap' | 'total', pieces: number, at = 1) {
  const increments = { times: [at], steps: [pieces], acrossGap: 0, resets: 0, wraps: 0 };
  return { counts, perIncrement: 1, increments, known: true };
}

function figuresFrom(segments: Segment[], counters: ReturnType<typeof counter>[], seconds: number): Figures {
  const f = timesOf(segments);
  const to = segments.at(-1)!.to;
  const worked = segments.filter((s) => s.element !== 'outside');
  setPieces(f, counters, [{ from: 0, to, product: '*' }], worked, new Map([['*', seconds]]));
  return f;
}

test('K1: the published example, from states and counters', () => {
  const list = stretches(['running', 200], ['idle', 60], ['running', 173], ['unplannedStop', 47]);
  const planned: PlannedSpan[] = [
    { from: 0, to: 200 * us, pause: false },
    { from: 200 * us, to: 260 * us, pause: true },
    { from: 260 * us, to: 480 * us, pause: false },
  ];
  const f = figuresFrom(segmentsOf(list, planned), [counter('total', 19_271), counter('scrap', 423)], 1);
  const r = reportOf(head, f);
  assert.deepEqual([r.availability.numerator, r.availability.denominator], [373 * min, 420 * min]);
  assert.equal(six(r.availability.value), '0.888095');
  assert.deepEqual([r.effectiveness.numerator, r.effectiveness.denominator], [19_271_000, 22_380_000]);
  assert.equal(six(r.effectiveness.value), '0.861081');
  assert.equal(six(r.qualityRatio.value), '0.978050'.slice(0, 8));
  assert.deepEqual([r.oee.numerator, r.oee.denominator], [18_848_000, 25_200_000]);
  assert.equal(six(r.oee.value), '0.747937');
});

test('K2: the published example', () => {
  const list = stretches(['running', 420], ['unplannedStop', 60]);
  const r = reportOf(head, figuresFrom(segmentsOf(list, null), [counter('total', 400), counter('good', 380)], 60));
  assert.deepEqual(
    [r.availability.value, six(r.effectiveness.value), r.qualityRatio.value, six(r.oee.value)],
    [0.875, '0.952381', 0.95, '0.791667'],
  );
});

test('K3: every figure of one work unit and day, and a waterfall that closes to zero', () => {
  const list = stretches(
    ['off', 240],
    ['running', 300],
    ['idle', 60],
    ['idle', 90],
    ['unplannedStop', 60],
    ['setup', 70],
    ['running', 380],
    ['off', 240],
  );
  const planned: PlannedSpan[] = [
    { from: 240 * us, to: 540 * us, pause: false },
    { from: 540 * us, to: 600 * us, pause: true },
    { from: 600 * us, to: 1200 * us, pause: false },
  ];
  const counters = [counter('total', 1180, 300 * us), counter('good', 1130, 300 * us), counter('scrap', 30, 300 * us)];
  const f = figuresFrom(segmentsOf(list, planned), counters, 30);
  const r = reportOf(head, f);
  const t = r.time;
  assert.deepEqual(
    [t.calendarMs, t.potMs, t.plannedDownMs, t.pbtMs, t.adotMs, t.aubtMs, t.adetMs, t.asutMs, t.auptMs, t.aptMs].map(
      (ms) => ms / min,
    ),
    [1440, 960, 60, 900, 90, 810, 60, 70, 750, 680],
  );
  assert.deepEqual(r.counts, { produced: 1180, good: 1130, scrap: 30, rework: 20 });
  const k = r.kpis;
  const values = {
    availability: r.availability,
    effectiveness: r.effectiveness,
    quality: r.qualityRatio,
    oee: r.oee,
    nee: r.nee,
    allocation: k.allocationEfficiency!,
    utilization: k.utilizationEfficiency!,
    technical: k.technicalEfficiency!,
    setup: k.setupRate!,
    scrap: k.scrapRatio!,
    rework: k.reworkRatio!,
    order: k.oeeOnOrderTime!,
    calendar: k.oeeAgainstCalendar!,
  };
  assert.deepEqual(Object.fromEntries(Object.entries(values).map(([name, v]) => [name, six(v.value)])), {
    availability: '0.755556',
    effectiveness: '0.867647',
    quality: '0.957627',
    oee: '0.627778',
    nee: '0.692402',
    allocation: '0.900000',
    utilization: '0.839506',
    technical: '0.918919',
    setup: '0.093333',
    scrap: '0.025424',
    rework: '0.016949',
    order: '0.697531',
    calendar: '0.392361',
  });
  assert.deepEqual(
    r.waterfall.map((s) => s.ms / min),
    [900, -90, -60, -70, -90, -25, -565],
  );
  assert.equal(
    r.waterfall.reduce((sum, s) => sum + s.ms, 0),
    0,
  );
  const losses = Object.fromEntries(r.losses.map((l) => [l.loss, l.ms / min]));
  assert.deepEqual(losses, {
    ...{ breakdown: 60, setup: 70, minorStop: 0, speed: 90, startupReject: 0, productionReject: 25, noOrder: 90 },
    planned: 60,
  });
});

test('K4: a line adds numerators and denominators and never averages ratios', () => {
  const unit = (pbt: number, apt: number, planned: number, good: number) =>
    figures({
      ...{ aptMs: apt * min, adetMs: (pbt - apt) * min, plannedRunMs: planned * min, goodRunMs: good * min },
      ...{ produced: planned, good },
    });
  const a = unit(400, 300, 280, 250);
  const b = unit(100, 90, 40, 38);
  assert.equal(reportOf(head, a).oee.value, 0.625);
  assert.equal(reportOf(head, b).oee.value, 0.38);
  const line = reportOf(head, addFigures([a, b]));
  assert.equal(line.oee.value, 0.576);
  assert.deepEqual(
    [line.availability, line.effectiveness, line.qualityRatio].map((r) => six(r.value)),
    ['0.780000', '0.820513', '0.900000'],
  );
});

test('K5: products of different cycle times close only with quality weighted by time', () => {
  const f = figures({ aptMs: 220 * min, adetMs: 30 * min });
  const products = [
    { from: 0, to: 100 * us, product: 'X' },
    { from: 100 * us, to: 220 * us, product: 'Y' },
  ];
  const twice = (x: number, y: number) => ({
    ...counter('total', 0),
    increments: { times: [50 * us, 150 * us], steps: [x, y], acrossGap: 0, resets: 0, wraps: 0 },
  });
  const counters = [twice(100, 20), { ...twice(90, 20), counts: 'good' as const }];
  const times = new Map([
    ['X', 60],
    ['Y', 300],
  ]);
  setPieces(f, counters, products, [{ from: 0, to: 220 * us }], times);
  const r = reportOf(head, f);
  assert.equal(r.oee.value, 0.76);
  assert.equal(r.qualityRatio.value, 0.95);
  assert.equal(six(r.kpis.countQualityRatio!.value), '0.916667');
  const product = r.availability.value! * r.effectiveness.value! * r.qualityRatio.value!;
  assert.ok(Math.abs(product - 0.76) < 1e-12, 'the product of the three closes');
});

test('performance over 100 % is shown and flagged; what is not known is null, never 0 or 100 %', () => {
  const list = stretches(['running', 10]);
  const fast = reportOf(head, figuresFrom(segmentsOf(list, null), [counter('total', 30), counter('good', 30)], 30));
  assert.equal(fast.effectiveness.value, 1.5);
  assert.ok(fast.flags.includes('performanceOver100'));
  assert.equal(
    fast.waterfall.reduce((sum, s) => sum + s.ms, 0),
    0,
  );
  const noQuality = reportOf(head, figuresFrom(segmentsOf(list, null), [counter('total', 10)], 30));
  assert.deepEqual([noQuality.qualityRatio.value, noQuality.oee.value, noQuality.counts.good], [null, null, null]);
  assert.ok(noQuality.flags.includes('noQualityCount'));
  const never = reportOf(head, noFigures());
  assert.deepEqual([never.availability.value, never.oee.value], [null, null]);
});

test('property: the time model closes to the millisecond for random states, shifts and reasons', () => {
  let seed = 12345;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const states = ['running', 'idle', 'setup', 'plannedStop', 'unplannedStop', 'off', 'noData'] as const;
  const losses = [null, null, 'breakdown', 'planned', 'setup', 'noOrder', 'minorStop'] as const;
  for (let round = 0; round < 500; round++) {
    let at = random(5_000_000);
    const start = at;
    const list: Stretch[] = [];
    for (let i = 0; i < 1 + random(40); i++) {
      const to = at + 1 + random(9_000_000);
      list.push({ from: at, to, state: states[random(7)]!, loss: losses[random(7)]!, minor: random(2) === 0 });
      at = to;
    }
    const planned: PlannedSpan[] = [];
    let p = start - random(3_000_000);
    while (p < at + 1_000_000) {
      p += random(3) === 0 ? random(20_000_000) : 0;
      const to = p + 1 + random(30_000_000);
      planned.push({ from: p, to, pause: random(3) === 0 });
      p = to;
    }
    const segments = segmentsOf(list, random(4) === 0 ? null : planned);
    let expected = start;
    for (const s of segments) {
      assert.equal(s.from, expected, 'no gap, no overlap');
      assert.ok(s.to > s.from);
      expected = s.to;
    }
    assert.equal(expected, at);
    const f = timesOf(segments);
    const r = reportOf(head, f);
    const t = r.time;
    assert.equal(f.calendarMs, Math.floor(at / 1000) - Math.floor(start / 1000));
    assert.equal(t.potMs, t.plannedDownMs + t.adotMs + t.adetMs + t.asutMs + t.aptMs + t.noDataMs);
    assert.equal(t.pbtMs, t.adotMs + t.adetMs + t.asutMs + t.aptMs);
    assert.equal(t.aubtMs - t.auptMs, t.adetMs);
    assert.equal(
      r.waterfall.reduce((sum, s) => sum + s.ms, 0),
      0,
    );
    const lost = r.losses.reduce((sum, l) => sum + l.ms, 0);
    assert.equal(lost - (r.losses.find((l) => l.loss === 'planned')?.ms ?? 0) + f.goodRunMs!, t.pbtMs, 'losses add up');
    assert.equal(
      Object.values(f.stateMs).reduce((a, b) => a + b, 0),
      f.calendarMs,
    );
  }
});
