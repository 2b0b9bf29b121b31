import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipes } from '../machines/injection.ts';
import { Hanbit } from './hanbit.ts';
import type { Change } from './signals.ts';
import type { Truth } from './truth.ts';

const startMs = Date.UTC(2026, 10, 23, 23);
const hour = 3_600_000;

function live(seed: number, hours: number) {
  const changes: Change[] = [];
  const truth: Truth[] = [];
  const plant = new Hanbit({ seed, startMs, onChange: (c) => changes.push(c), onTruth: (t) => truth.push(t) });
  plant.advance(startMs + hours * hour, 10_000);
  return { plant, changes, truth };
}

test('the same seed gives the same life, another seed another', () => {
  const [a, b, c] = [live(7, 3), live(7, 3), live(8, 3)];
  assert.deepEqual(a.changes, b.changes);
  assert.deepEqual(a.truth, b.truth);
  assert.notDeepEqual(a.changes, c.changes);
});

test('time never runs backwards for a signal, and counters only count up', () => {
  const { changes } = live(3, 6);
  const last = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.machine}/${change.signal}`;
    const before = last.get(key);
    if (before) {
      assert.ok(change.atMs >= before.atMs, key);
      if (change.signal.endsWith('-count')) assert.ok(Number(change.value) >= Number(before.value), key);
    }
    last.set(key, change);
  }
});

test('pieces made, good and scrap agree with the shots and with the truth apart', () => {
  const { changes, truth } = live(5, 12);
  const first = (signal: string) => Number(changes.find((c) => c.machine === 'imm-01' && c.signal === signal)!.value);
  const end = (signal: string) => Number(changes.findLast((c) => c.machine === 'imm-01' && c.signal === signal)!.value);
  const scrap = end('scrap-count') - first('scrap-count');
  const defects = truth.filter((t) => t.machine === 'imm-01' && t.kind === 'defect');
  assert.equal(
    scrap,
    defects.reduce((sum, t) => sum + Number(t.detail!.pieces), 0),
  );
  assert.ok(end('shot-count') - first('shot-count') > 500, 'a machine works for most of twelve hours');
  assert.ok(scrap / (end('good-count') - first('good-count')) < 0.1);
});

test('every breakdown is repaired or still lasts, and a stop by hand holds until it is taken back', () => {
  const { plant, truth, changes } = live(11, 24);
  const open = new Map<string, number>();
  for (const t of truth) {
    if (t.kind === 'breakdown') open.set(t.machine, (open.get(t.machine) ?? 0) + 1);
    if (t.kind === 'repaired') open.set(t.machine, (open.get(t.machine) ?? 0) - 1);
  }
  for (const [machine, count] of open) assert.ok(count === 0 || count === 1, machine);
  const press = plant.units.get('press-01')!;
  press.stopByHand();
  const strokes = press.signals.number('strokes');
  plant.advance(plant.nowMs + hour, 10_000);
  assert.equal(press.signals.number('strokes'), strokes);
  assert.equal(press.signals.values.get('run'), false);
  press.resumeByHand();
  plant.advance(plant.nowMs + 60_000, 1000);
  assert.notEqual(press.signals.number('strokes'), strokes);
  assert.ok(changes.length > 0);
});

test('the cause shows before it strikes: a fading heater band lowers its zone in the last tenth of its life', () => {
  const truth: Truth[] = [];
  const product = new Map<string, string>();
  /** Deviation of a zone from what its recipe wants, by machine and zone. */
  const off = new Map<string, { atMs: number; kelvin: number }[]>();
  const onChange = ({ machine, signal, value, atMs }: Change) => {
    if (signal === 'product') product.set(machine, String(value));
    const zone = /^barrel-temp-(\d)$/.exec(signal)?.[1];
    const recipe = recipes[product.get(machine) ?? ''];
    if (!zone || !recipe) return;
    const key = `${machine}/${zone}`;
    off.set(key, [
      ...(off.get(key) ?? []).slice(-2000),
      { atMs, kelvin: Number(value) - recipe.barrelC[Number(zone) - 1]! },
    ]);
  };
  const plant = new Hanbit({ seed: 2, startMs, onChange, onTruth: (t) => truth.push(t) });
  const failed = () => truth.find((t) => t.cause.startsWith('heaterBand-') && t.kind === 'breakdown');
  while (!failed() && plant.nowMs < startMs + 60 * 24 * hour) plant.advance(plant.nowMs + hour, 60_000);
  const failure = failed();
  assert.ok(failure, 'two months hold a heater failure');
  const around = off
    .get(`${failure.machine}/${failure.cause.slice(-1)}`)!
    .filter((o) => o.atMs > failure.atMs - hour && o.atMs <= failure.atMs);
  const mean = around.reduce((sum, o) => sum + o.kelvin, 0) / around.length;
  assert.ok(mean < -5, `in its last hour the zone is ${mean.toFixed(1)} K off`);
});
