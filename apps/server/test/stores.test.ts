import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { batchOf, Quality, qualityNames } from '@deungdae/contracts/sample.ts';
import { until } from '@deungdae/testing/until.ts';
import { WebSocket } from 'ws';
import { assertRefused, Rig } from './rig.ts';

const main = join(import.meta.dirname, '..', 'src', 'main.ts');

/** The real command line, in English. */
async function deungdae(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, LC_ALL: 'en_US.UTF-8' } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

describe('backup, stop and start', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.open();
    await rig.people();
    await rig.connect();
  });
  after(() => rig.close());

  test('a backup made while samples come in restores, verifies and holds what was stored before it', async () => {
    const temp = rig.signal('temp');
    let running = true;
    const writer = (async () => {
      for (let i = 0; running; i++) {
        const time = Date.now() * 1000 + (i % 1000);
        await rig.plant.stream.ingest(batchOf([{ signal: temp, time, value: i, quality: Quality.good }]));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const admin = rig.as.administrator;
    const backup = () => rig.call('/system/backup', { method: 'POST', as: admin, body: { name: 'one' } });
    const stored = (await rig.plant.history.stats()).samples;
    const [made, second] = await Promise.all([backup(), backup()]);
    running = false;
    await writer;
    const good = made.status === 200 ? made : second;
    assert.equal(good.status, 200, JSON.stringify(good.body));
    assert.equal([made, second].filter((a) => a.status === 409).length, 1);
    assertRefused(await backup(), 409, 'backup.exists');
    const folder = join(rig.dataDir, 'backups', 'one');
    assert.equal((await stat(folder)).mode & 0o077, 0, 'for the owner only: the plant file may hold passwords');
    const [event] = (await rig.call('/audit?limit=1&type=backup.made', { as: rig.as.auditor })).body;
    assert.equal(event.subject, 'backup/one');

    const target = join(rig.folder, 'restored');
    const restored = await deungdae('restore', folder, '--data', target);
    assert.equal(restored.code, 0, restored.err);
    const verified = await deungdae('verify', '--data', target);
    assert.equal(verified.code, 0, verified.out + verified.err);
    assert.match(verified.out, /audit chain: \d+ events, whole/);
    const samples = Number(/history: (\d+) samples, whole/.exec(verified.out)![1]);
    assert.ok(samples >= stored && stored >= 30, `${samples} of ${stored}`);
    assert.equal(await readFile(join(target, 'plant.yaml'), 'utf8'), rig.plant.host.text);

    const again = await deungdae('restore', folder, '--data', target);
    assert.equal(again.code, 1);
    assert.match(again.err, /backup\.targetNotEmpty/);

    const csv = join(rig.folder, 'out.csv');
    const exported = await deungdae('export', 't/s/a/m1/run', '--data', target, '--out', csv);
    assert.equal(exported.code, 0, exported.err);
    assert.equal((await readFile(csv, 'utf8')).trim().split('\n').length, 11);
    const report = await deungdae('report', '--json', '--data', target);
    assert.equal(report.code, 0, report.err);
    const [machine] = JSON.parse(report.out).machines;
    assert.equal(machine.equipment, 't/s/a/m1');
    assert.equal(machine.signals.find((s: { path: string }) => s.path.endsWith('/run')).kept, 10);

    const ledger = new DatabaseSync(join(target, 'ledger.sqlite'));
    for (const { name } of ledger.prepare("select name from sqlite_master where type = 'trigger'").all())
      ledger.exec(`drop trigger "${name}"`);
    ledger.exec(`update events set data = '{"name":"nobody"}' where seq = 2`);
    ledger.close();
    const broken = await deungdae('verify', '--data', target);
    assert.equal(broken.code, 1);
    assert.match(broken.out, /BROKEN at /);
  });

  test('a backup that fails leaves nothing behind and may be made again', async () => {
    const { history } = rig.plant;
    const original = history.backup;
    history.backup = async () => {
      throw new Error('no space left on device');
    };
    const body = { name: 'two' };
    const failed = await rig.call('/system/backup', { method: 'POST', as: rig.as.administrator, body });
    history.backup = original;
    assertRefused(failed, 500, 'server.internal');
    assert.doesNotMatch(JSON.stringify(failed.body), /no space/, 'the inside stays inside');
    assert.deepEqual(await readdir(join(rig.dataDir, 'backups')), ['one']);
    assert.equal((await rig.call('/system/backup', { method: 'POST', as: rig.as.administrator, body })).status, 200);
  });

  test('an orderly stop ends soon with a screen that does not answer, keeps every sample, and marks the time away', async () => {
    const temp = rig.signal('temp');
    const screen = new WebSocket(`${rig.url.replace('http', 'ws')}/api/live`, {
      headers: { cookie: rig.as.operator! },
    });
    screen.on('error', () => {});
    await new Promise((resolve) => screen.once('open', resolve));
    screen.pause();
    const first = Date.now() * 1000;
    const batches = Array.from({ length: 200 }, (_, i) =>
      batchOf([{ signal: temp, time: first + i, value: i, quality: Quality.good }]),
    );
    const accepted = batches.map((batch) => rig.plant.stream.ingest(batch));
    const started = performance.now();
    await rig.restart();
    assert.ok(performance.now() - started < 10_000, 'nobody holds up a stop');
    await Promise.all(accepted);
    const kept = await rig.plant.history.range({ signal: temp, from: first, to: first + 200 });
    assert.deepEqual(
      kept.filter((s) => s.quality === Quality.good).map((s) => s.value),
      Array.from({ length: 200 }, (_, i) => i),
    );
    const last = rig.plant.history.latest([temp])[0]!;
    assert.equal(qualityNames[last.quality], 'gap');
    assert.equal((await rig.call('/session', { as: rig.as.operator })).status, 200, 'sessions outlive a restart');
    assert.equal((await rig.call('/audit/verify', { method: 'POST', as: rig.as.auditor })).body.ok, true);
    await rig.plant.connect();
    await until(
      () => rig.plant.supervisor.health().some((c) => c.status === 'connected'),
      'the machine is back',
      10_000,
    );
  });
});

describe('the command line', () => {
  let folder: string;
  let rig: Rig;
  before(async () => {
    rig = await Rig.open();
    folder = rig.folder;
  });
  after(() => rig.close());

  test('help and slips of the pen', async () => {
    const [help, none, unknown, option] = await Promise.all([
      deungdae('help'),
      deungdae(),
      deungdae('strat'),
      deungdae('check', '--no-such'),
    ]);
    assert.deepEqual([help.code, none.code, unknown.code, option.code], [0, 0, 2, 2]);
    for (const name of [
      'start',
      'demo',
      'replay',
      'discover',
      'check',
      'backup',
      'restore',
      'verify',
      'export',
      'report',
    ])
      assert.match(help.out, new RegExp(`^ {2}${name} `, 'm'));
    assert.match(option.err, /--no-such/);
    assert.doesNotMatch(option.err, /at .*\.ts/, 'no stack trace');
  });

  test('check names file, line, column and the nearest name, and ends with 1', async () => {
    const bad = join(folder, 'bad.yaml');
    const text = (await readFile(rig.plantFile, 'utf8')).replace('kind: boolean', 'kind: bolean');
    await writeFile(bad, text);
    const line = text.split('\n').findIndex((l) => l.includes('bolean')) + 1;
    const [good, wrong, missing] = await Promise.all([
      deungdae('check', rig.plantFile),
      deungdae('check', bad),
      deungdae('check', join(folder, 'none.yaml')),
    ]);
    assert.equal(good.code, 0, good.err);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, new RegExp(`bad\\.yaml:${line}:\\d+ .*→ boolean`));
    assert.equal(missing.code, 1);
    assert.match(missing.err, /server\.plantFileMissing/);
  });

  test('a wrong folder is said, not filled; half of the encryption opens nothing', async () => {
    const nowhere = join(folder, 'nowhere');
    const answers = await Promise.all([
      ...['verify', 'report', 'export'].map((name) => deungdae(name, '--data', nowhere)),
      deungdae('start', '--plant', rig.plantFile, '--data', nowhere, '--tls-key', 'key.pem'),
      deungdae('start', '--plant', rig.plantFile, '--data', nowhere, '--port', 'x'),
    ]);
    const codes = answers.map(({ code, err }) => [code, /\((\w+\.\w+)\)/.exec(err)?.[1]]);
    const noData = [1, 'server.noData'];
    assert.deepEqual(codes, [noData, noData, noData, [1, 'server.tlsHalf'], [1, 'server.inputWrong']]);
    await assert.rejects(stat(nowhere));
  });

  test('an unfinished backup is not restored', async () => {
    const half = join(folder, 'half');
    await mkdir(half);
    await cp(rig.plantFile, join(half, 'plant.yaml'));
    const answer = await deungdae('restore', half, '--data', join(folder, 'to'));
    assert.equal(answer.code, 1);
    assert.match(answer.err, /backup\.incomplete/);
    await rm(half, { recursive: true });
  });
});
