import assert from 'node:assert/strict';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { until } from '@deungdae/testing/until.ts';
import { assertRefused, korean, Rig } from './rig.ts';

describe('the plant file', () => {
  let rig: Rig;
  let engineer: string;
  before(async () => {
    rig = await Rig.open();
    await rig.people();
    engineer = rig.as.engineer!;
  });
  after(() => rig.close());

  const load = async () => (await rig.call('/plant/file', { as: engineer })).body as { text: string; revision: string };
  const save = (text: string, revision: string, as = engineer) =>
    rig.call('/plant/file', { method: 'PUT', as, body: { text, revision } });
  const lastEvent = async (type: string) =>
    (await rig.call(`/audit?limit=1&type=${type}`, { as: rig.as.auditor })).body[0];

  test('a good one is kept whole, used at once, and is in the audit log; its permissions stay', async () => {
    await chmod(rig.plantFile, 0o600);
    const { text, revision } = await load();
    const next = text.replace('unit: Cel', 'unit: K');
    const saved = await save(next, revision);
    assert.equal(saved.status, 200);
    assert.notEqual(saved.body.revision, revision);
    assert.equal(await readFile(rig.plantFile, 'utf8'), next);
    assert.equal((await stat(rig.plantFile)).mode & 0o777, 0o600);
    const [temp] = (await rig.call('/signals?search=temp', { as: engineer })).body;
    assert.equal(temp.unit, 'K');
    const event = await lastEvent('plant.fileSaved');
    assert.deepEqual(event.data, { before: revision, after: saved.body.revision });
    assert.match(event.actor, /^person:/);
  });

  test('two people: the second is told, and nothing of the first is lost', async () => {
    const { text, revision } = await load();
    const [first, second] = await Promise.all([save(`${text}# one\n`, revision), save(`${text}# two\n`, revision)]);
    const refused = first.status === 200 ? second : first;
    assert.deepEqual([first.status, second.status].sort(), [200, 409]);
    assertRefused(refused, 409, 'server.plantFileChanged');
    assert.match(await readFile(rig.plantFile, 'utf8'), first.status === 200 ? /# one\n$/ : /# two\n$/);
  });

  test('a bad one is refused whole, with its line, in the person’s language; the plant goes on', async () => {
    const { text, revision } = await load();
    const line = text.split('\n').findIndex((l) => l.includes('id: run')) + 2;
    const bad = text.replace('kind: boolean', 'kind: bolean');
    const refused = await save(bad, revision);
    assertRefused(refused, 422, 'server.plantFileRefused');
    assert.equal(refused.body.params.line, line);
    assert.doesNotMatch(refused.body.message, korean);
    const inKorean = await save(bad, revision, rig.as.administrator);
    assert.match(inKorean.body.message, korean);
    assert.equal((await load()).revision, revision);
    assert.equal(await readFile(rig.plantFile, 'utf8'), text);
    const checked = await rig.call('/plant/check', { method: 'POST', as: engineer, body: { text: bad } });
    assert.equal(checked.body.problems[0].line, line);
    assert.equal(checked.body.problems[0].suggestion, 'boolean');
    assert.equal(checked.body.changes, null);
    for (const nonsense of ['', '{', '- a\n- b', '\u0001', 'a: *x', `${'['.repeat(5000)}`]) {
      const answer = await save(nonsense, revision);
      assertRefused(answer, 422, 'server.plantFileRefused');
    }
  });

  test('a check says what would change and changes nothing', async () => {
    const { text, revision } = await load();
    const without = text.replace(/ {14}- id: note\n(.+\n){2}/, '').replace('username: plant', 'username: other');
    const { body } = await rig.call('/plant/check', { method: 'POST', as: engineer, body: { text: without } });
    assert.deepEqual(body.problems, []);
    assert.deepEqual(body.changes.signalsRemoved, 1);
    assert.deepEqual(body.changes.connectionsChanged, ['log', 'broker']);
    assert.equal((await load()).revision, revision);
  });

  test('accepted proposals are added; every comment stays; the same again adds nothing', async () => {
    const { text, revision } = await load();
    const proposal = (column: string) => ({
      id: column,
      name: column,
      kind: 'number',
      unit: null,
      devicePath: [],
      address: { column },
      value: null,
    });
    const add = (from: string, equipment = 't/s/a/m1', connection = 'log') =>
      rig.call('/plant/bindings', {
        method: 'POST',
        as: engineer,
        body: { equipment, connection, revision: from, proposals: [proposal('speed'), proposal('temp')] },
      });
    const done = await add(revision);
    assert.equal(done.body.added, 1);
    const after = (await load()).text;
    for (const line of text.split('\n')) assert.ok(after.includes(line), line);
    assert.match(after, /# 온도\n/);
    assert.match(after, /# keep me\n/);
    assert.equal((await rig.call('/signals?search=speed', { as: engineer })).body.length, 1);
    assert.equal((await lastEvent('plant.bindingsAdded')).data.after, done.body.revision);
    assert.equal((await add(done.body.revision)).body.added, 0);
    assertRefused(await add(revision), 409, 'server.plantFileChanged');
    assertRefused(await add(done.body.revision, 't/s/a/none'), 404, 'server.unknownEquipment');
    assertRefused(await add(done.body.revision, 't/s/a/m1', 'none'), 404, 'server.unknownConnection');
  });

  test('a file changed by an editor is taken over when good, and told when bad', async () => {
    const { text } = await load();
    await writeFile(rig.plantFile, text.replace('unit: K', 'unit: kPa'));
    await until(async () => (await load()).text.includes('unit: kPa'), 'the editor’s file is used', 8_000);
    await until(async () => (await lastEvent('plant.fileEdited')) !== undefined, 'the edit is in the audit log');
    assert.equal((await lastEvent('plant.fileEdited')).data.after, (await load()).revision);
    await writeFile(rig.plantFile, 'broken: [');
    const problems = async () => (await rig.call('/plant/file', { as: engineer })).body.problems;
    await until(async () => (await problems()).length > 0, 'the problem is told', 8_000);
    assert.equal((await rig.call('/floor', { as: engineer })).body.machines.length, 1);
  });

  test('trying settings that name nothing real answers, and shows no secret', async () => {
    const config = { url: 'mqtt://127.0.0.1:1', username: 'u', password: 'env:PATH' };
    const tried = await rig.call('/connections/test', { method: 'POST', as: engineer, body: { type: 'mqtt', config } });
    assert.equal(tried.status, 200);
    assert.equal(tried.body.ok, false);
    assert.ok(!JSON.stringify(tried.body).includes(process.env.PATH!));
    const found = await rig.call('/connections/discover', { method: 'POST', as: engineer, body: { type: 'none' } });
    assert.equal(found.status, 200);
    assert.ok(found.body.error.code);
  });
});
