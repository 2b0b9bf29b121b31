import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { z } from 'zod';
import { withSecrets } from './secrets.ts';

test('secrets come from the environment or a file, at any depth; what is missing is named in the log, not invented; other settings are left alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));
  const file = join(folder, 'p');
  writeFileSync(file, 'from file\nsecond line\n');
  const warned: object[] = [];
  const log = { ...silentLogger, warn: (fields: object) => void warned.push(fields) };
  const settings = {
    user: { name: 'a', password: 'env:PLC' },
    list: [`file:${file}`, 3, null],
    url: 'opc.tcp://env:4840',
    host: 'env:HOME',
    gone: 'env:GONE',
  };
  const secret = z.string().meta({ secret: true });
  const schema = z.object({
    user: z.object({ name: z.string(), password: secret.optional() }),
    list: z.array(z.union([secret, z.number()]).nullable()),
    url: z.string(),
    host: z.string(),
    gone: secret,
  });
  try {
    assert.deepEqual(withSecrets(settings, { schema, where: 'plc-1', env: { PLC: 'from env', HOME: '/root' }, log }), {
      user: { name: 'a', password: 'from env' },
      list: ['from file', 3, null],
      url: 'opc.tcp://env:4840',
      host: 'env:HOME',
      gone: 'env:GONE',
    });
    assert.deepEqual(warned, [{ where: 'plc-1', reference: 'env:GONE' }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a PEM key or certificate in a file is read whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));
  const file = join(folder, 'key.pem');
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
  writeFileSync(file, pem);
  const schema = z.object({ key: z.string().meta({ secret: true }) });
  const source = { schema, where: 'plc-1', env: {}, log: silentLogger };
  try {
    assert.deepEqual(withSecrets({ key: `file:${file}` }, source), { key: pem });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
