import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { password, Rig } from './rig.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;

test('with a key and a certificate everything is encrypted, and the cookie never travels without', {
  skip: openssl ? false : 'openssl is not installed',
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  ]);
  assert.equal(made.status, 0, String(made.stderr));
  const tls = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  const rig = await Rig.open({ tls });
  try {
    const token = await rig.plant.identity.setupToken();
    const body = JSON.stringify({ token, name: 'admin', displayName: '', password, language: 'ko' });
    const { port } = new URL(rig.url);
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const call = request(
        {
          ...{ host: '127.0.0.1', port, path: '/api/setup', method: 'POST', ca: tls.cert },
          headers: { 'content-type': 'application/json', origin: `https://127.0.0.1:${port}` },
        },
        (response) => {
          response.resume();
          assert.equal(response.statusCode, 200);
          resolve(response.headers);
        },
      );
      call.on('error', reject);
      call.end(body);
    });
    assert.match(String(headers['set-cookie']), /; Secure/);
    assert.match(String(headers['strict-transport-security']), /max-age=\d+/);
    await assert.rejects(rig.call('/setup'), 'plain HTTP is not answered');
  } finally {
    await rig.close();
    await rm(folder, { recursive: true });
  }
});
