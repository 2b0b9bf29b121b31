import assert from 'node:assert/strict';
import { webcrypto, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, get, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { WebSocket } from 'ws';
import { openAuthority } from '../src/tls/authority.ts';
import { hostNames } from '../src/tls/host-names.ts';
import { isLocalAddress, isLocalName } from '../src/tls/name-constraints.ts';
import { isTrustPath } from '../src/tls/trust-page.ts';
import { password, Rig } from './rig.ts';

const dayMs = 86_400_000;

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
function call(
  url: string,
  options: { ca?: string; method?: string; body?: unknown; cookie?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = {};
    if (options.body) Object.assign(headers, { 'content-type': 'application/json', origin: new URL(url).origin });
    if (options.cookie) headers.cookie = options.cookie;
    const outgoing = request(url, {
      method: options.method ?? 'GET',
      headers,
      ...(options.ca ? { ca: options.ca } : {}),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (c) => chunks.push(c));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.end(options.body ? JSON.stringify(options.body) : undefined);
  });
}

describe('the plant’s own authority', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'authority-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const names = { dns: ['localhost', 'plant-pc', 'plant-pc.local'], ip: ['127.0.0.1', '192.168.0.7'] };

  test('is made once, kept, and its key is the owner’s alone', async () => {
    const dir = join(folder, 'one');
    const authority = await openAuthority(dir, '한빛', () => Date.now());
    assert.equal((await stat(join(dir, 'tls', 'ca.key'))).mode & 0o777, 0o600);
    assert.equal((await stat(join(dir, 'tls'))).mode & 0o777, 0o700);
    const again = await openAuthority(dir, '한빛', () => Date.now());
    assert.equal(again.fingerprint, authority.fingerprint);
    const ca = new X509Certificate(authority.caPem);
    assert.equal(ca.ca, true);
    assert.match(ca.subject, /한빛/);
    assert.equal(authority.fingerprint.split(':').length, 32);
    const other = await openAuthority(join(folder, 'two'), '한빛', () => Date.now());
    assert.notEqual(other.name, authority.name, 'two plants are told apart');
  });

  test('its server certificate lasts 397 days and is renewed a month before, and when an address comes', async () => {
    let now = Date.now();
    const authority = await openAuthority(join(folder, 'three'), 'p', () => now);
    const first = await authority.serverFor(names);
    assert.equal(first.renewed, true);
    const cert = new X509Certificate(first.identity.cert);
    const days = (Date.parse(cert.validTo) - Date.parse(cert.validFrom)) / dayMs;
    assert.equal(days, 397);
    assert.ok(cert.checkIP('192.168.0.7') && cert.checkHost('plant-pc.local'));
    assert.ok(cert.verify(new X509Certificate(authority.caPem).publicKey));
    now += 300 * dayMs;
    assert.equal((await authority.serverFor(names)).renewed, false);
    now += 70 * dayMs;
    assert.equal((await authority.serverFor(names)).renewed, true);
    const moved = await authority.serverFor({ ...names, ip: [...names.ip, '10.1.2.3'] });
    assert.equal(moved.renewed, true);
    assert.ok(new X509Certificate(moved.identity.cert).checkIP('10.1.2.3'));
  });

  test('cannot vouch for the world outside: a client refuses a certificate for another site that it signed', async () => {
    const dir = join(folder, 'four');
    const authority = await openAuthority(dir, 'p', () => Date.now());
    const keyPem = await readFile(join(dir, 'tls', 'ca.key'), 'utf8');
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
    const signingKey = await webcrypto.subtle.importKey(
      'pkcs8',
      x509.PemConverter.decodeFirst(keyPem),
      algorithm,
      false,
      ['sign'],
    );
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const answer = async (host: string) => {
      const cert = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: new x509.X509Certificate(authority.caPem).subjectName,
        notBefore: new Date(Date.now() - dayMs),
        notAfter: new Date(Date.now() + dayMs),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey as never,
        signingKey: signingKey as never,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
      });
      const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
      const server = createServer({ key, cert: cert.toString('pem') }, (_request, response) => response.end('ok'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      try {
        return await new Promise((resolve, reject) => {
          const options = { host: '127.0.0.1', port, servername: host, headers: { host }, ca: authority.caPem };
          get(options, (response) => {
            response.resume();
            resolve(response.statusCode);
          }).on('error', reject);
        });
      } finally {
        server.close();
        server.closeAllConnections();
      }
    };
    assert.equal(await answer('press.local'), 200);
    await assert.rejects(answer('bank.example.com'), /permitted subtree/);
  });

  test('which names and addresses are local', () => {
    for (const a of ['10.255.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '127.0.0.1', 'fd00::1', '::1'])
      assert.ok(isLocalAddress(a), a);
    for (const a of ['172.32.0.1', '11.0.0.1', '8.8.8.8', '2001:db8::1']) assert.ok(!isLocalAddress(a), a);
    assert.ok(isLocalName('a.local', []) && !isLocalName('alocal', []) && isLocalName('pc', ['pc']));
    const interfaces = {
      eth0: [
        { address: '192.168.3.4', family: 'IPv4' as const, netmask: '', mac: '', internal: false, cidr: null },
        { address: '203.0.113.9', family: 'IPv4' as const, netmask: '', mac: '', internal: false, cidr: null },
      ],
    };
    assert.deepEqual(hostNames([], 'Plant-PC', interfaces), {
      dns: ['localhost', 'plant-pc', 'plant-pc.local'],
      ip: ['127.0.0.1', '192.168.3.4', '::1'],
    });
  });
});

describe('the encrypted port', () => {
  let rig: Rig;
  let secure: string;
  let ca: string;
  before(async () => {
    rig = await Rig.open({ https: true });
    const port = await rig.plant.listenHttps({ host: '127.0.0.1', port: 0 });
    secure = `https://127.0.0.1:${port}`;
    ca = rig.plant.authority!.caPem;
  });
  after(() => rig?.close());

  test('is trusted by who trusts the authority, and by nobody else', async () => {
    const page = await call(`${secure}/health`, { ca });
    assert.equal(page.status, 200);
    await assert.rejects(call(`${secure}/health`), /unable to verify|self.signed/);
  });

  test('a session made there is Secure, of that port alone, and works on live sockets too', async () => {
    const token = await rig.plant.identity.setupToken();
    const body = { token, name: 'admin', displayName: '', password, language: 'ko' };
    const made = await call(`${secure}/api/setup`, { ca, method: 'POST', body });
    assert.equal(made.status, 200, made.body.toString());
    const cookie = String(made.headers['set-cookie']);
    assert.match(cookie, /^__Host-deungdae_session=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+; Secure$/);
    assert.equal(made.headers['strict-transport-security'], undefined, 'the plain page with the way in must stay open');
    const session = cookie.split(';')[0]!;
    assert.equal((await call(`${secure}/api/users`, { ca, cookie: session })).status, 200);
    assert.equal((await rig.call('/users', { as: session })).status, 401, 'not over the plain port');
    const socket = new WebSocket(`${secure.replace('https', 'wss')}/api/live`, {
      ca,
      origin: secure,
      headers: { cookie: session },
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.terminate();
  });

  test('/trust tells each device how, in its language, without signing in', async () => {
    for (const [language, word] of [
      ['ko', /인증서 신뢰 설정/],
      ['en', /Certificate Trust Settings/],
      ['vi', /Chứng chỉ CA/],
    ] as const) {
      const response = await fetch(`${rig.url}/trust`, { headers: { 'accept-language': language } });
      assert.equal(response.status, 200);
      const text = await response.text();
      assert.match(text, word);
      assert.ok(text.includes(rig.plant.authority!.fingerprint));
      assert.ok(text.includes(`data-ping="${secure}/trust/ping"`));
      assert.match(text, /<svg/);
      assert.ok(response.headers.get('content-security-policy')!.includes(`connect-src ${secure}`));
    }
    const der = Buffer.from(await (await fetch(`${rig.url}/trust/ca.crt`)).arrayBuffer());
    assert.equal(new X509Certificate(der).fingerprint256, rig.plant.authority!.fingerprint);
    assert.equal(await (await fetch(`${rig.url}/trust/ca.pem`)).text(), ca);
    const profile = await fetch(`${rig.url}/trust/ca.mobileconfig`);
    assert.equal(profile.headers.get('content-type'), 'application/x-apple-aspen-config');
    assert.ok((await profile.text()).includes(der.toString('base64')));
    const ping = await call(`${secure}/trust/ping`, { ca });
    assert.equal(ping.headers['access-control-allow-origin'], '*');
    const odd = await fetch(`${rig.url}/trust?lang="><script>`);
    assert.doesNotMatch(await odd.text(), /"><script>/);
  });

  test('what the plain port may show to other computers', () => {
    for (const url of ['/trust', '/trust?lang=vi', '/trust/check.js', '/trust/ca.crt'])
      assert.ok(isTrustPath(url), url);
    for (const url of ['/', '/trustee', '/trust/../api/users', '/api/session', '/trust/ca.key', '/trust/x'])
      assert.ok(!isTrustPath(url), url);
  });
});
