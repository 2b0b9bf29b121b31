import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Quality, type Sample } from '@deungdae/contracts/sample.ts';
import { withStores } from '@deungdae/server/stores.ts';
import { type PlantProcess, startPlantProcess } from '../support/plant-process.ts';
import { enter } from '../support/visitor.ts';

const plantYaml = `deungdae: 1
enterprise: { id: bad }
connections:
  - { id: log, type: file, path: LOG, format: csv, timeColumn: time, follow: true }
sites:
  - id: site
    timeZone: Asia/Seoul
    areas:
      - id: area
        equipment:
          - id: oven
            connection: log
            state: { preset: power, signal: power, runAbove: 50, idleAbove: 5 }
            signals:
              - { id: power, source: { column: power } }
              - id: temp
                source: { column: temp }
                alarms: [{ id: hot, type: high, limit: 100, priority: critical }]
`;

/** Through the real command line: file → worker → kit → history → state, alarms, API. */
describe('values that are none and times that cannot be, through the whole server', { timeout: 120_000 }, () => {
  const base = Math.floor(Date.now() / 1000) * 1000 - 600_000;
  const at = (seconds: number) => new Date(base + seconds * 1000).toISOString();
  const rows = [
    [at(0), '20', '60'],
    [at(1), 'NaN', '60'],
    [at(2), 'Infinity', 'Infinity'],
    [at(3), '-Infinity', '60'],
    [at(4), 'ERROR 17', 'ERROR 17'],
    [at(5), '1e400', '60'],
    [at(6), '21', '60'],
    [at(6), '21', '60'],
    // The clock of the machine jumps back, then tells a day that is not yet.
    [at(3.5), '22', '60'],
    ['2090-01-01T00:00:00Z', '23', '60'],
  ];
  let folder: string;
  let plant: PlantProcess;
  let live: { value: unknown; time: number }[] = [];
  let alarms: unknown[];
  let card: { state: string };
  let temp: Sample[];
  let power: Sample[];
  let counts: number[];
  let lastMs = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bad-values-'));
    const log = join(folder, 'oven.csv');
    await writeFile(log, `time,temp,power\n${rows.map((row) => row.join(',')).join('\n')}\n`);
    const file = join(folder, 'plant.yaml');
    await writeFile(file, plantYaml.replace('LOG', JSON.stringify(log)));
    const dataDir = join(folder, 'data');
    plant = await startPlantProcess('start', ['--plant', file], dataDir);
    const visitor = await enter(plant.url, plant.setupLink);
    const signals = await visitor.get<{ id: number; path: string }[]>('signals');
    const [tempId, powerId] = ['temp', 'power'].map((name) => signals.find((s) => s.path.endsWith(name))!.id);
    const shows = async (value: number) => {
      for (let i = 0; i < 100 && live[0]?.value !== value; i++) {
        await wait(300);
        live = await visitor.get(`signals/latest?ids=${tempId}`);
      }
      assert.equal(live[0]?.value, value);
    };
    await shows(23);
    // The machine's clock is right again.
    lastMs = Date.now();
    await appendFile(log, `${new Date(lastMs).toISOString()},24,60\n`);
    await shows(24);
    alarms = await visitor.get<unknown[]>('alarms');
    card = (await visitor.get<{ machines: { state: string }[] }>('floor')).machines[0]!;
    await plant.stop();
    await withStores(dataDir, async ({ history }) => {
      const all = { from: 0, to: 4_000_000_000_000_000 };
      temp = await history.range({ signal: tempId!, ...all });
      power = await history.range({ signal: powerId!, ...all });
      counts = (await history.counts()).map((c) => c.samples);
    });
  });
  after(async () => {
    plant?.child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const valueAt = (samples: Sample[], seconds: number) =>
    samples.filter((s) => s.time === (base + seconds * 1000) * 1000);

  test('NaN, infinities, a text and a number too large are kept as bad or uncertain, never as a number', () => {
    for (const seconds of [1, 2, 3, 4, 5]) {
      const [sample, ...more] = valueAt(temp, seconds);
      assert.deepEqual(more, []);
      assert.ok(sample, `line at ${seconds} s is kept`);
      assert.notEqual(sample.quality, Quality.good, `at ${seconds} s`);
      assert.ok(typeof sample.value !== 'number' || !Number.isFinite(sample.value), `${sample.value} at ${seconds} s`);
    }
    for (const sample of [...temp, ...power])
      assert.ok(sample.value !== Number.POSITIVE_INFINITY && sample.value !== Number.NEGATIVE_INFINITY);
  });

  test('an infinity raises no alarm of a limit, and the machine goes on running', () => {
    assert.deepEqual(alarms, []);
    assert.equal(card.state, 'running');
  });

  test('a repeated line is kept once, a late one in its place', () => {
    assert.deepEqual(
      [0, 3.5, 6].map((seconds) => valueAt(temp, seconds).map((s) => [s.value, s.quality])),
      [20, 22, 21].map((value) => [[value, Quality.good]]),
    );
    assert.deepEqual(counts, [temp.length, power.length]);
  });

  test('a sample of the year 2090 gets the time of its arrival, is uncertain, and does not hide the present', () => {
    const future = temp.filter((s) => s.value === 23);
    assert.deepEqual(
      future.map((s) => s.quality),
      [Quality.uncertain],
    );
    assert.ok(future[0]!.time > base * 1000 && future[0]!.time <= lastMs * 1000);
    assert.equal(live[0]!.time, lastMs * 1000);
  });
});
