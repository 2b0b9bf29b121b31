import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { batchOf, Quality, qualityNames } from '@deungdae/contracts/sample.ts';
import { until } from '@deungdae/testing/until.ts';
import { WebSocket } from 'ws';
import { deungdae } from './command-line.ts';
import { assertRefused, Rig } from './rig.ts';

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
    assert.match(verified.out, /history: \d+ sealed files, \d+ samples in them, whole/);
    assert.equal(await readFile(join(target, 'plant.yaml'), 'utf8'), rig.plant.host.text);

    const again = await deungdae('restore', folder, '--data', target);
    assert.equal(again.code, 1);
    assert.match(again.err, /backup\.targetNotEmpty/);

    const csv = join(rig.folder, 'out.csv');
    const exported = await deungdae('export', '--data', target, '--out', csv);
    assert.equal(exported.code, 0, exported.err);
    const samples = (await readFile(csv, 'utf8')).trim().split('\n').length - 1;
    assert.ok(samples >= stored && stored >= 30, `${samples} of ${stored}`);
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

  test('an orderly stop ends soon with a screen and a connection that do not answer, keeps every sample, and marks the time away', async () => {
    const temp = rig.signal('temp');
    const screen = new WebSocket(`${rig.url.replace('http', 'ws')}/api/live`, {
      headers: { cookie: rig.as.operator! },
    });
    screen.on('error', () => {});
    await once(screen, 'open');
    screen.pause();
    const silent = connect({ host: '127.0.0.1', port: Number(new URL(rig.url).port) });
    silent.on('error', () => {});
    await once(silent, 'connect');
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
