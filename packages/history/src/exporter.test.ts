import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { tempFolder } from './contract-suite.ts';
import { openHistory } from './open.ts';

test('a long export stops when told, leaves no file, and queries go on', async () => {
  const { folder, remove } = await tempFolder();
  try {
    const directory = join(folder, 'history');
    const limits = { upkeepMs: 0 };
    const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger, limits });
    const builder = new BatchBuilder(1_000_000);
    for (let i = 0; i < 1_000_000; i++) builder.addNumber(1, i * 1000, i / 7);
    await history.append(builder.take());
    const out = join(folder, 'out');
    await mkdir(out);
    const stop = new AbortController();
    const query = {
      signals: [1],
      from: 0,
      to: 1e12,
      format: 'csv' as const,
      file: join(out, 'x.csv'),
      abort: stop.signal,
    };
    const exporting = history.export(query);
    setTimeout(() => stop.abort(), 30);
    await assert.rejects(exporting, { code: 'history.exportAborted' });
    assert.deepEqual(await readdir(out), []);
    assert.equal((await history.range({ signal: 1, from: 0, to: 5000 })).length, 5);
    const inside = { ...query, file: join(directory, 'sealed', 'x.csv'), abort: new AbortController().signal };
    await assert.rejects(history.export(inside), { code: 'history.exportRefused' });
    await history.close();
  } finally {
    await remove();
  }
});
