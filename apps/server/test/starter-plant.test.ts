import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPlantText } from '@deungdae/kernel/plant-file.ts';
import { connectorSchemas } from '../src/connectors.ts';
import { starterPlant, writeStarterPlant } from '../src/starter-plant.ts';
import { assertRefused, Rig } from './rig.ts';

for (const language of ['ko', 'en'])
  test(`a new plant's file has no problem (${language})`, () => {
    const text = starterPlant(language, 'Europe/Berlin');
    assert.deepEqual(readPlantText(text, { connectors: connectorSchemas }).problems, []);
    assert.match(text, /timeZone: Europe\/Berlin/);
    assert.equal(/[가-힣]/.test(text.split('\n')[0]!), language === 'ko');
  });

test('it is written for a new plant only, never beside a file or data', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'starter-'));
  try {
    const [file, data] = [join(folder, 'plant.yaml'), join(folder, 'data')];
    assert.equal(await writeStarterPlant(file, data, 'ko'), true);
    await writeFile(file, 'mine');
    assert.equal(await writeStarterPlant(file, data, 'ko'), false);
    assert.equal(await readFile(file, 'utf8'), 'mine');
    await mkdir(data);
    await writeFile(join(data, 'ledger.sqlite'), '');
    assert.equal(await writeStarterPlant(join(folder, 'other.yaml'), data, 'ko'), false);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the first area, machine, connection and signals come in one saving, or not at all', async () => {
  const rig = await Rig.open();
  try {
    await writeFile(rig.plantFile, starterPlant('en', 'Asia/Seoul'));
    await rig.restart();
    await rig.people();
    const as = rig.as.engineer;
    const { revision } = (await rig.call('/plant/file', { as })).body;
    const log = join(rig.folder, 'log.csv');
    const signal = { id: 'temp', name: 'Temp', kind: 'number', unit: 'Cel', devicePath: [], value: null };
    const body = {
      equipment: 'company/plant/press/p-01',
      connection: 'recorder',
      newConnection: { name: 'Recorder', type: 'file', config: { path: log, format: 'csv', timeColumn: 'time' } },
      places: [
        { path: 'company/plant/press', level: 'area', name: '프레스' },
        { path: 'company/plant/press/p-01', level: 'equipment', name: 'Press 1' },
      ],
      proposals: [{ ...signal, address: { column: 'temp' } }],
      revision,
    };
    const add = (given: object) => rig.call('/plant/bindings', { method: 'POST', as, body: given });
    const bad = { ...body, newConnection: { ...body.newConnection, config: { path: log, format: 'no such' } } };
    assertRefused(await add(bad), 422, 'server.plantFileRefused');
    assertRefused(await add({ ...body, places: body.places.slice(1) }), 404, 'plant.editTarget');
    assertRefused(await add({ ...body, places: [] }), 404, 'server.unknownEquipment');
    assert.equal((await rig.call('/plant/file', { as })).body.revision, revision, 'nothing was half done');
    const done = await add(body);
    assert.equal(done.status, 200, JSON.stringify(done.body));
    assert.equal(done.body.added, 1);
    const { machines } = (await rig.call('/floor', { as })).body;
    assert.deepEqual(
      machines.map((m: { equipment: string }) => m.equipment),
      [body.equipment],
    );
    assertRefused(await add({ ...body, revision: done.body.revision }), 409, 'plant.editTaken');
  } finally {
    await rig.close();
  }
});
