import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from './server-clock.ts';

test('a tablet two hours slow shows the plant’s time; a frame that waited does not set it back', () => {
  const clock = new ServerClock();
  let told = 0;
  clock.onChange(() => told++);
  const server = 7_200_000;
  clock.heard(server + 1000, 1000 + 40);
  assert.equal(clock.offsetMs, server - 40);
  clock.heard(server + 2000, 2000 + 5000);
  assert.equal(clock.offsetMs, server - 40, 'five seconds on the way');
  clock.heard(server + 9000, 9000 + 20);
  assert.equal(told, 1, 'a difference nobody can see wakes nothing');
});

test('a right clock is left alone, one put right later is followed, one put right by a little after a few frames', () => {
  const clock = new ServerClock();
  for (let i = 0; i < 3; i++) clock.heard(i * 1000, i * 1000 + 30);
  assert.equal(clock.offsetMs, 0);
  clock.heard(-3_600_000 + 4000, 4030);
  assert.equal(clock.offsetMs, -3_600_030);
  for (let i = 0; i < 9; i++) clock.heard(i * 1000, i * 1000 + 20_000 + 3_600_000);
  assert.equal(clock.offsetMs, -3_620_000);
});
