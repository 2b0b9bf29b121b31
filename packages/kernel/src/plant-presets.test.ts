import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateSource } from '@deungdae/contracts/plant.ts';
import { expandState } from './plant-presets.ts';

const expand = (source: unknown) => expandState(StateSource.parse(source));

/** State that the rules give for these values; texts compare without case. */
function stateOf(source: unknown, values: Record<string, string | number | boolean>): string {
  const logic = expand(source);
  const plain = (v: unknown) => (typeof v === 'string' ? v.toLowerCase() : v);
  const rule = logic.rules.find((r) =>
    r.when.every((c) => {
      const value = values[c.signal];
      if (c.is && !c.is.some((v) => plain(v) === plain(value))) return false;
      if (c.above !== undefined && !(Number(value) > c.above)) return false;
      return c.below === undefined || Number(value) < c.below;
    }),
  );
  return rule?.state ?? logic.otherwise;
}

test('mtconnect: every execution value of the standard and of the Hurco adapter', () => {
  const source = { preset: 'mtconnect', execution: 'e', mode: 'm', availability: 'a' };
  const expected: Record<string, string> = {
    ...{ ACTIVE: 'running', READY: 'idle', WAIT: 'idle', PROGRAM_COMPLETED: 'idle', PROGRAM_STOPPED: 'idle' },
    ...{ OPTIONAL_STOP: 'idle', INTERRUPTED: 'unplannedStop', FEED_HOLD: 'unplannedStop', STOPPED: 'unplannedStop' },
    ...{ UNAVAILABLE: 'noData', SOMETHING_ELSE: 'noData' },
  };
  for (const [execution, state] of Object.entries(expected))
    assert.equal(stateOf(source, { e: execution, m: 'AUTOMATIC', a: 'AVAILABLE' }), state, execution);
  assert.equal(stateOf(source, { e: 'READY', m: 'MANUAL_DATA_INPUT', a: 'AVAILABLE' }), 'setup');
  assert.equal(stateOf(source, { e: 'ACTIVE', m: 'MANUAL', a: 'AVAILABLE' }), 'running');
  assert.equal(stateOf(source, { e: 'ACTIVE', m: 'AUTOMATIC', a: 'UNAVAILABLE' }), 'noData');
  assert.deepEqual(expand(source).decisive, ['e', 'a'], 'a mode that was never told does not hide the state');
});

test('packml: all seventeen states of OPC 30060 by number and by name give the same; the unit mode overrides', () => {
  const names =
    'Stopped,Resetting,Idle,Starting,Execute,Completing,Complete,Aborting,Aborted,Stopping,Clearing,Suspending,Suspended,Unsuspending,Holding,Held,Unholding'.split(
      ',',
    );
  const source = { preset: 'packml', signal: 's', unitMode: 'u' };
  names.forEach((name, number) => {
    const state = stateOf(source, { s: number, u: 1 });
    assert.equal(stateOf(source, { s: name.toUpperCase(), u: 'Producing' }), state, name);
    assert.equal(state === 'running', name === 'Execute', name);
  });
  assert.equal(stateOf(source, { s: 12, u: 1 }), 'idle', 'suspended: an outside cause');
  assert.equal(stateOf(source, { s: 15, u: 1 }), 'unplannedStop', 'held: an inside cause');
  assert.equal(stateOf(source, { s: 4, u: 'Maintenance' }), 'plannedStop');
  assert.equal(stateOf(source, { s: 4, u: 3 }), 'setup');
  assert.equal(stateOf(source, { s: 17, u: 1 }), 'noData');
});

test('running bit, power and a stopped counter', () => {
  const bit = { preset: 'runningBit', signal: 'r', faultSignal: 'f' };
  assert.deepEqual(
    [
      [1, 0],
      [0, 0],
      [1, 1],
    ].map(([r, f]) => stateOf(bit, { r: r!, f: f! })),
    ['running', 'idle', 'unplannedStop'],
  );
  const power = { preset: 'power', signal: 'p', runAbove: 5, idleAbove: 1 };
  assert.deepEqual(
    [6, 5, 2, 1, 0].map((p) => stateOf(power, { p })),
    ['running', 'idle', 'idle', 'off', 'off'],
  );
  const counter = expand({ preset: 'counter', signal: 'c', stoppedAfter: '5min' });
  assert.equal(counter.rules[0]!.when[0]!.unchangedFor, '5min');
  assert.equal(counter.otherwise, 'running');
});
