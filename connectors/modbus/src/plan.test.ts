import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@deungdae/testing/random.ts';
import { ModbusAddress, ModbusConfig } from './config.ts';
import { type Block, limitsOf, planBlocks, splitBlock, toItem } from './plan.ts';

const config = (more = {}) => ModbusConfig.parse({ host: 'x', ...more });
const items = (addresses: object[], c = config()) =>
  addresses.map((a, i) => toItem({ id: i + 1, path: `p/${i}`, kind: 'number', address: ModbusAddress.parse(a) }, c));
const plan = (addresses: object[], c = config()) => planBlocks(items(addresses, c), (unit) => limitsOf(c, unit));
const shape = (blocks: Block[]) => blocks.map((b) => [b.unit, b.table, b.start, b.count, b.items.length]);
const holding = (address: number, more = {}) => ({ table: 'holding', address, ...more });

test('adjacent registers share a request; units, tables, intervals and wide gaps do not', () => {
  assert.deepEqual(shape(plan([holding(0), holding(1, { type: 'float32' }), holding(5), holding(100)])), [
    [1, 'holding', 0, 6, 3],
    [1, 'holding', 100, 1, 1],
  ]);
  assert.equal(
    plan([holding(0), holding(1, { unit: 2 }), holding(2, { interval: '5s' }), { table: 'input', address: 3 }]).length,
    4,
  );
});

test('limits of the standard and of one device, and known holes, are kept', () => {
  const many = Array.from({ length: 300 }, (_, i) => holding(i));
  assert.deepEqual(
    plan(many).map((b) => b.count),
    [125, 125, 50],
  );
  assert.deepEqual(
    plan(many, config({ units: { 1: { maxRegisters: 60 } } })).map((b) => b.count),
    [60, 60, 60, 60, 60],
  );
  const bits = Array.from({ length: 2_500 }, (_, i) => ({ table: 'coil', address: i }));
  assert.deepEqual(
    plan(bits).map((b) => b.count),
    [2_000, 500],
  );
  const holes = [{ table: 'holding', from: 2, to: 2 }];
  assert.equal(plan([holding(0), holding(4)]).length, 1);
  assert.equal(plan([holding(0), holding(4)], config({ holes })).length, 2);
  assert.throws(
    () => plan([holding(0, { type: 'string', length: 20 })], config({ maxRegisters: 10 })),
    /modbus.badAddress/,
  );
});

test('property: every signal is read exactly once, inside its block, within the limits', () => {
  const random = seededRandom(4);
  for (let run = 0; run < 200; run++) {
    const c = config({ maxRegisters: random.int(4, 125), maxGap: random.int(0, 20) });
    const wanted = items(
      Array.from({ length: random.int(1, 80) }, () =>
        holding(random.int(0, 400), { type: random.pick(['uint16', 'float32', 'float64']), unit: random.int(1, 2) }),
      ),
      c,
    );
    const blocks = planBlocks(wanted, (unit) => limitsOf(c, unit));
    const read = blocks.flatMap((b) => b.items.map((i) => i.signal)).sort((a, b) => a - b);
    assert.deepEqual(
      read,
      wanted.map((i) => i.signal),
    );
    for (const b of blocks) {
      assert.ok(b.count <= c.maxRegisters!, `${b.count} registers`);
      for (const i of b.items)
        assert.ok(i.unit === b.unit && i.start >= b.start && i.start + i.count <= b.start + b.count);
    }
  }
});

test('a refused block is cut at its widest gap first, and at last only the bad signal is alone', () => {
  const [block] = plan([holding(0), holding(1), holding(6), holding(7)]);
  const [left, right] = splitBlock(block!)!;
  assert.deepEqual(shape([left, right]), [
    [1, 'holding', 0, 2, 2],
    [1, 'holding', 6, 2, 2],
  ]);
  assert.equal(splitBlock(splitBlock(left)![0]), null);
  const twice = plan([holding(3), holding(3, { bit: 2 })])[0]!;
  assert.equal(splitBlock(twice), null, 'two signals of one register cannot be told apart');
});
