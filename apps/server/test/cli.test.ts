import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { deungdae } from './command-line.ts';
import { Rig } from './rig.ts';

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
