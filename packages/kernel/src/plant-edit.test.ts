import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { systemClock } from './clock.ts';
import { silentLogger } from './log.ts';
import { addBindings, addConnection, addSignals, setField } from './plant-edit.ts';
import { revisionOf } from './plant-resolve.ts';
import { watchPlantFile } from './plant-watch.ts';

const text = `# head
deungdae: 1
enterprise: {id: e}   # who
connections:
  - id: a      # the press
    type: mqtt
    url: "mqtt://x"

# places
sites:
  - id: s
    timeZone: Asia/Seoul # here
    areas:
      - id: z
        equipment:
          - id: m1
            connection: a
            signals:
              # temperature
              - id: t
                source: {topic: t}   # keep me

          # the second
          - id: m2
            name: two
          - { id: m3, signals: [{ id: x }] }
`;

/** Every line of the old text is still there, in order. */
function assertKept(before: string, after: string): void {
  const lines = after.split('\n');
  let i = 0;
  for (const line of before.split('\n')) {
    while (i < lines.length && lines[i] !== line) i++;
    assert.ok(i < lines.length, `lost: ${line}\n${after}`);
    i++;
  }
}

const machine = (t: string, i: number) => parse(t).sites[0].areas[0].equipment[i];

test('signals are added below the last one; every old line stays', () => {
  const after = addSignals(text, 'e/s/z/m1', [{ id: 'p', unit: 'kPa', source: { topic: 'p' } }]);
  assertKept(text, after);
  assert.deepEqual(machine(after, 0).signals[1], { id: 'p', unit: 'kPa', source: { topic: 'p' } });
  assert.match(after, /# keep me\n {14}- id: p\n/);
});

test('an equipment without signals gets them, in block and in flow style', () => {
  const after = addSignals(text, 'e/s/z/m2', [{ id: 'p' }]);
  assertKept(text, after);
  assert.deepEqual(machine(after, 1), { id: 'm2', name: 'two', signals: [{ id: 'p' }] });
  assert.deepEqual(machine(addSignals(text, 'e/s/z/m3', [{ id: 'p' }]), 2).signals, [{ id: 'x' }, { id: 'p' }]);
});

test('a connection is added, and a field is set with its comment kept', () => {
  const after = addConnection(text, { id: 'b', type: 'mqtt', url: 'mqtt://y' });
  assertKept(text, after);
  assert.equal(parse(after).connections[1].id, 'b');
  const zone = setField(text, ['sites', 0, 'timeZone'], 'Europe/Berlin');
  assert.match(zone, /timeZone: Europe\/Berlin # here/);
  assertKept(text, setField(text, ['sites', 0, 'name'], 'Main: "site"'));
  assert.equal(parse(setField(text, ['sites', 0, 'name'], 'Main: "site"')).sites[0].name, 'Main: "site"');
  assert.throws(() => setField(text, ['sites', 7, 'name'], 'x'), { code: 'plant.editTarget' });
});

test('discovered bindings: bound addresses are left out, taken ids numbered, own connection not repeated', () => {
  const proposal = (id: string, topic: string) => ({
    ...{ id, name: id.toUpperCase(), kind: 'number' as const, unit: null, devicePath: [], value: null },
    address: { topic },
  });
  const options = { equipment: 'e/s/z/m1', connection: 'a', proposals: [proposal('t', 't'), proposal('t', 'u')] };
  const { text: after, added } = addBindings(text, options);
  assert.equal(added, 1);
  assert.deepEqual(machine(after, 0).signals[1], { id: 't-2', name: 'T', source: { topic: 'u' } });
  assert.deepEqual(addBindings(after, options), { text: after, added: 0 });
  assert.throws(() => addBindings(text, { ...options, equipment: 'e/s/z/m9' }), { code: 'plant.editTarget' });
});

test('the watcher tells a file that was renamed over the old one, once, and never an empty one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-watch-'));
  const file = join(folder, 'plant.yaml');
  await writeFile(file, 'a: 1\n');
  const told: string[] = [];
  const options = { clock: systemClock, log: silentLogger, revision: revisionOf('a: 1\n'), settleMs: 30, pollMs: 100 };
  const stop = watchPlantFile(file, (t) => told.push(t), options);
  try {
    await writeFile(file, '');
    await systemClock.sleep(80);
    await writeFile(join(folder, '.plant.swp'), 'a: 2\n');
    await rename(join(folder, '.plant.swp'), file);
    for (let i = 0; i < 60 && told.length === 0; i++) await systemClock.sleep(20);
    await systemClock.sleep(150);
    assert.deepEqual(told, ['a: 2\n']);
  } finally {
    stop();
    await rm(folder, { recursive: true });
  }
});
