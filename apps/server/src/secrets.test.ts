import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { withSecrets } from './secrets.ts';

test('secrets come from the environment or a file, at any depth; what is missing is named in the log, not invented', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));
  const file = join(folder, 'p');
  writeFileSync(file, 'from file\nsecond line\n');
  const warned: object[] = [];
  const log = { ...silentLogger, warn: (fields: object) => void warned.push(fields) };
  const settings = {
    user: { name: 'a', password: 'env:PLC' },
    list: [`file:${file}`, 3, null],
    url: 'opc.tcp://env:4840',
    gone: 'env:GONE',
  };
  try {
    assert.deepEqual(withSecrets(settings, 'plc-1', { PLC: 'from env' }, log), {
      user: { name: 'a', password: 'from env' },
      list: ['from file', 3, null],
      url: 'opc.tcp://env:4840',
      gone: 'env:GONE',
    });
    assert.deepEqual(warned, [{ where: 'plc-1', reference: 'env:GONE' }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
