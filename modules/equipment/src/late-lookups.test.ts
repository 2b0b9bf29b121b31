import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LateLookups } from './late-lookups.ts';

test('ten thousand late samples of two signals ask four questions, which cover all of them', async () => {
  const asked: [string, number, number, number][] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const lookups = new LateLookups<{ id: string }>(async (owner, signal, from, to) => {
    asked.push([owner.id, signal, from, to]);
    await gate;
  });
  const machine = { id: 'm' };
  for (let i = 0; i < 10_000; i++) lookups.add(machine, 1 + (i % 2), 1000 + ((i * 7919) % 10_000));
  let done = false;
  const settled = lookups.settled().then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(done, false);
  assert.equal(asked.length, 2, 'one under way for each signal');
  open();
  await settled;
  assert.equal(asked.length, 4);
  for (const signal of [1, 2]) {
    const own = asked.filter((a) => a[1] === signal);
    const [from, to] = [Math.min(...own.map((a) => a[2])), Math.max(...own.map((a) => a[3]))];
    assert.ok(from <= 1001 && to >= 10_998, `${from} … ${to}`);
  }
  lookups.add(machine, 1, 5);
  await lookups.settled();
  assert.deepEqual(asked.at(-1), ['m', 1, 5, 5]);
});
