import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  defectCost,
  defectShare,
  downtimeCost,
  isLost,
  lossesOf,
  lostMinutes,
  meanOf,
  onTime,
  outputValue,
  type Stop,
  scrapParts,
  stockTurns,
} from '../src/figures.ts';

const minute = 60_000_000;
const prices = new Map([
  ['CASTER', 2150],
  ['WHEEL', 420],
]);
const hourly = new Map([
  ['imm-1', 38_000],
  ['press-1', 42_000],
]);
const stop = (machine: string, from: number, to: number, more: Partial<Stop> = {}): Stop => ({
  ...{ id: `${machine}-${from}`, machine, reason: null, loss: null, state: 'unplannedStop' },
  ...{ from: from * minute, to: to * minute },
  ...more,
});
const pieces = [
  { item: 'CASTER', last: true, good: 100, scrap: 2 },
  { item: 'WHEEL', last: true, good: 1000, scrap: 10 },
  { item: 'CASTER', last: false, good: 110, scrap: 3 },
];

describe('figures in won, computed by hand', () => {
  it('output: 100 × 2 150 + 1 000 × 420 = 635 000; the operation before is not counted twice', () => {
    assert.deepEqual(outputValue(pieces, prices), { won: 635_000, unpriced: [] });
  });

  it('defects: (2 + 3) × 2 150 + 10 × 420 = 14 950; share 15 of 1 225', () => {
    assert.deepEqual(defectCost(pieces, prices), { won: 14_950, unpriced: [] });
    assert.deepEqual(defectShare(pieces), { numerator: 15, denominator: 1225 });
  });

  it('an item without a cost is named; alone it makes the sum unknown, not 0', () => {
    const some = [...pieces, { item: 'NEW', last: true, good: 5, scrap: 1 }];
    assert.deepEqual(defectCost(some, prices), { won: 14_950, unpriced: ['NEW'] });
    assert.deepEqual(defectCost(some.slice(3), prices), { won: null, unpriced: ['NEW'] });
    assert.deepEqual(outputValue([], prices), { won: null, unpriced: [] });
    assert.equal(defectShare([]), null);
    // No scrap at all of something that has a price is a known 0.
    assert.equal(defectCost([{ item: 'WHEEL', last: true, good: 9, scrap: 0 }], prices).won, 0);
  });

  it('downtime: 30 min at 38 000 + 12 min at 42 000 an hour = 19 000 + 8 400; planned, set-up and no order are none', () => {
    const stops = [
      stop('imm-1', 0, 30, { loss: 'breakdown' }),
      stop('press-1', 50, 70),
      stop('imm-1', 40, 60, { loss: 'planned' }),
      stop('imm-1', 60, 80, { loss: 'setup', state: 'setup' }),
      stop('press-1', 0, 9, { loss: 'noOrder', state: 'idle' }),
      stop('press-1', 10, 20, { state: 'idle' }),
    ];
    // The press' second stop is cut at the window's end: 12 of its 20 minutes.
    const minutes = lostMinutes(stops, 0, 62 * minute);
    assert.deepEqual(
      [...minutes],
      [
        ['imm-1', 30],
        ['press-1', 12],
      ],
    );
    assert.deepEqual(downtimeCost(minutes, hourly, ['imm-1', 'press-1']), { won: 27_400, unpriced: [] });
    assert.equal(downtimeCost(minutes, hourly, []).won, null);
    assert.deepEqual(downtimeCost(new Map([['cnc', 60]]), hourly, ['cnc', 'imm-1']), { won: 0, unpriced: ['cnc'] });
    assert.equal(isLost({ loss: 'minorStop', state: 'idle' }), true);
  });

  it('on time: of 3 lines due and judged 1 was finished by then; one that is not due yet is left out', () => {
    const lines = [
      { due: 100, finished: 100 },
      { due: 100, finished: 101 },
      { due: 100, finished: null },
      { due: 900, finished: null },
    ];
    assert.deepEqual(onTime(lines, 500), { numerator: 1, denominator: 3 });
    assert.equal(onTime([], 500), null);
    assert.equal(onTime([{ due: 900, finished: null }], 500), null);
  });

  it('stock turns: 8 400 000 shipped in 28 days, stock 20 to 16 million: 109.5 million a year ÷ 18 million', () => {
    const turns = stockTurns(8_400_000, 28, 20_000_000, 16_000_000)!;
    assert.equal(turns.mean, 18_000_000);
    assert.ok(Math.abs(turns.value - 6.083333) < 1e-6, String(turns.value));
    assert.equal(stockTurns(8_400_000, 28, 0, 0), null);
    assert.equal(stockTurns(null, 28, 1, 1), null);
    assert.equal(stockTurns(0, 28, 10, 10)!.value, 0);
  });

  it('a mean is of the days that are known', () => {
    assert.deepEqual(meanOf([null, 10, null, 20]), { mean: 15, days: 2 });
    assert.deepEqual(meanOf([null]), { mean: null, days: 0 });
  });

  it('losses: by what somebody can go and see, the dearest first', () => {
    const at = { item: 'CASTER', machine: 'press-1' };
    const defects = [
      { ...at, reason: 'scratch', quantity: 4 },
      { ...at, reason: 'scratch', quantity: 1 },
      { item: 'NEW', machine: 'press-1', reason: 'scratch', quantity: 900 },
      // Pieces that went to rework have a defect, too.
      { item: 'FORK', machine: 'press-1', reason: 'scratch', quantity: 3 },
    ];
    const output = [
      { ...at, scrap: 4 },
      { ...at, scrap: 3 },
      { item: 'NEW', machine: 'press-1', scrap: 900 },
      { item: 'FORK', machine: 'press-1', scrap: 0 },
    ];
    const parts = scrapParts(output, defects);
    assert.deepEqual(parts.at(-1), { ...at, reason: null, quantity: 2 }, 'what nobody named');
    assert.equal(
      parts.reduce((sum, part) => sum + part.quantity, 0),
      907,
      'the parts add up to the scrap',
    );
    const stops = [
      stop('imm-1', 0, 15, { loss: 'breakdown', reason: 'breakdown/mould' }),
      stop('imm-1', 20, 30, { loss: 'breakdown', reason: 'breakdown/mould' }),
      stop('press-1', 0, 10, { loss: 'setup', state: 'setup' }),
    ];
    const found = lossesOf(parts, stops, prices, hourly, { from: 0, to: 1000 * minute });
    assert.deepEqual(
      found.map((l) => [l.kind, l.machine, l.item ?? l.reason, l.quantity, Math.round(l.won)]),
      [
        // 25 min × 38 000 ÷ 60
        ['downtime', 'imm-1', 'breakdown/mould', 25, 15_833],
        ['defect', 'press-1', 'CASTER', 5, 10_750],
        ['setup', 'press-1', null, 10, 7000],
        ['defect', 'press-1', 'CASTER', 2, 4300],
      ],
    );
  });
});
