import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDataSet } from './data-set.ts';
import { MergedSet } from './merged-set.ts';

const change = (set: MergedSet, text: string, table = false) => {
  set.apply(parseDataSet(text, { table }));
  return set.json();
};

test('entries come, change and go; a reset empties first; the same change twice is as once', () => {
  const set = new MergedSet(true);
  assert.equal(set.json(), '{}');
  assert.equal(change(set, 'b=1 a=two'), '{"a":"two","b":1}');
  assert.equal(change(set, 'b=2 gone='), '{"a":"two","b":2}');
  assert.equal(change(set, 'a= c=3'), '{"b":2,"c":3}');
  assert.equal(change(set, 'a= c=3'), '{"b":2,"c":3}');
  assert.equal(change(set, ':MANUAL d=4'), '{"d":4}');
  assert.equal(change(set, ':DAY'), '{}');
});

test('a row of a table changes as a whole, its cells in order', () => {
  const set = new MergedSet(true);
  assert.equal(change(set, 'G55={Y=2 X=1.5} G54={X=1}', true), '{"G54":{"X":1},"G55":{"X":1.5,"Y":2}}');
  assert.equal(change(set, 'G55={Z=9} G54=', true), '{"G55":{"Z":9}}');
});

test('one text for one set: keys by code unit, whatever order or name they come in', () => {
  const one = new MergedSet(true);
  const two = new MergedSet(true);
  assert.equal(
    change(one, '10=a 9=b __proto__=1 constructor=2 가=3 Z=4'),
    change(two, '가=3 Z=4 9=b constructor=2 __proto__=1 10=a'),
  );
  assert.equal(one.json(), '{"10":"a","9":"b","Z":4,"__proto__":1,"constructor":2,"가":3}');
});

test('numbers that a number cannot hold stay text', () => {
  const set = new MergedSet(true);
  assert.equal(
    change(set, 'id=12345678901234567890 big=1e999 x=1.50 n=-7'),
    '{"big":"1e999","id":"12345678901234567890","n":-7,"x":1.5}',
  );
});

test('what was before the first change is not known until the set is emptied or taken whole', () => {
  const set = new MergedSet(false);
  change(set, 'a=1');
  assert.equal(set.whole, false);
  change(set, ':MANUAL a=1');
  assert.equal(set.whole, true);
  const other = new MergedSet(false);
  other.replace({ b: 1, removed: null });
  assert.deepEqual([other.whole, other.json()], [true, '{"b":1}']);
});

test('more entries or text than a set may have are left out, told once, and the set is not whole', () => {
  let told = 0;
  const many = new MergedSet(true, () => told++);
  for (let i = 0; i < 10_100; i++) many.apply({ entries: { [`k${i}`]: i }, reset: null });
  assert.equal(Object.keys(JSON.parse(many.json())).length, 10_000);
  assert.deepEqual([many.whole, told], [false, 1]);
  many.apply({ entries: { k5: null, new: 1 }, reset: null });
  assert.equal(JSON.parse(many.json()).new, 1);
  assert.equal(many.whole, false);
  const long = new MergedSet(true, () => told++);
  for (let i = 0; i < 40; i++) long.apply({ entries: { [`k${i}`]: 'x'.repeat(10_000) }, reset: null });
  assert.ok(long.json().length <= 262_144 && long.json().length > 250_000, `${long.json().length}`);
  assert.equal(told, 2);
  long.empty();
  assert.deepEqual([long.whole, change(long, 'a=1')], [true, '{"a":1}']);
});

test('random changes end in the same set as a plain object would', () => {
  let seed = 99;
  const random = (n: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % n;
  };
  const set = new MergedSet(true);
  let plain: Record<string, number> = {};
  for (let i = 0; i < 3000; i++) {
    const entries: Record<string, number | null> = {};
    const reset = random(50) === 0 ? 'MANUAL' : null;
    if (reset) plain = {};
    for (let n = random(4); n >= 0; n--) {
      const key = `k${random(30)}`;
      const value = random(3) === 0 ? null : random(100);
      entries[key] = value;
    }
    for (const [key, value] of Object.entries(entries))
      if (value === null) delete plain[key];
      else plain[key] = value;
    set.apply({ entries, reset });
    assert.deepEqual(JSON.parse(set.json()), plain);
  }
});
