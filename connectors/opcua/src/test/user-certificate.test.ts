import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { secretValues } from '@deungdae/connector-kit/secrets.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { EndpointDescription, MessageSecurityMode, SecurityPolicy } from 'node-opcua-client';
import { convertPEMtoDER } from 'node-opcua-crypto';
import { connector as opcua } from '../connector.ts';
import { chooseEndpoint } from '../session.ts';
import { identityOf } from '../user-identity.ts';
import { Authority, type Issued } from './authority.ts';
import { connectorRig } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

const speed = [{ path: 'speed', address: { node: 'nsu=urn:deungdae:opcua-test;s=Speed' } }];
const variables = [{ path: 'Speed', type: 'Double' as const, unit: 'mm/s', initial: 1 }];

let peer: ServerPeer;
let folder: string;
/** Known to the server; not known; known, but past its date. */
let operator: Issued;
let stranger: Issued;
let expired: Issued;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deungdae-opcua-user-'));
  const ca = await Authority.root('CN=Users');
  operator = await ca.issue('CN=Operator 7');
  stranger = await ca.issue('CN=Stranger');
  expired = await ca.issue('CN=Gone', { notAfterMs: Date.now() - 86_400_000 });
  const userCertificates = [operator, expired].map((u) => u.pem);
  // Without the authority in the server's lists these are single certificates that it trusts.
  peer = await ServerPeer.at({ variables, allowAnonymous: false, userCertificates, allowNone: true });
  await peer.makeCertificate();
  await peer.start();
});
after(async () => {
  await peer.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Logs in by the certificate; the error, or null when values came. */
async function logIn(userCertificate: Record<string, unknown>, extra: Record<string, unknown> = {}) {
  const rig = connectorRig(peer, speed, { userCertificate, ...extra });
  try {
    await rig.connect();
    await rig.shows('speed', 1);
    return null;
  } catch (error) {
    return error as CodedError;
  } finally {
    await rig.dispose();
  }
}

test('a user logs in by certificate and key: as texts, as base64 of DER, as files', async () => {
  const { pem, key } = operator;
  const base64 = (text: string) => convertPEMtoDER(text).toString('base64');
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const forms: Record<string, Record<string, unknown>> = {
    pem: { certificate: pem, privateKey: key },
    'one line, as in an environment file': {
      certificate: pem.replaceAll('\n', '\\n'),
      privateKey: key.replaceAll('\n', '\\n'),
    },
    base64: { certificate: base64(pem), privateKey: base64(key) },
    'PEM files': { certificateFile: file('user.pem', pem), privateKeyFile: file('user.key', key) },
    'DER files': {
      certificateFile: file('user.cer', convertPEMtoDER(pem)),
      privateKeyFile: file('user-key.der', convertPEMtoDER(key)),
    },
    'both kinds': { certificateFile: file('user.crt', pem), privateKey: key },
  };
  for (const [form, settings] of Object.entries(forms)) assert.equal(await logIn(settings), null, form);
  assert.equal(await logIn({ certificate: pem, privateKey: key }, { security: { mode: 'None' } }), null, 'unencrypted');
});

test('an encrypted key needs its passphrase', async () => {
  const privateKey = createPrivateKey(operator.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
    .toString();
  const certificate = operator.pem;
  assert.equal(await logIn({ certificate, privateKey, privateKeyPassphrase: 'open sesame' }), null);
  for (const more of [{}, { privateKeyPassphrase: 'wrong' }]) {
    const error = await logIn({ certificate, privateKey, ...more });
    assert.equal(error?.code, 'opcua.userCertificate');
    assert.match(String(error?.params.detail), /^private key: /);
  }
});

test('a certificate that the server does not know is refused with its thumbprint; nobody is let in without one', async () => {
  const refused = await logIn({ certificate: stranger.pem, privateKey: stranger.key });
  assert.equal(refused?.code, 'opcua.userCertificateRefused');
  assert.match(String(refused?.params.user), /Stranger/);
  assert.match(String(refused?.params.thumbprint), /^[0-9A-F]{40}$/);
  assert.match(String(refused?.params.detail), /BadIdentityTokenRejected/);
  const rig = connectorRig(peer, speed);
  await assert.rejects(rig.connect(), { code: 'opcua.loginRefused' });
  await rig.dispose();
});

test('what cannot work is said before anything is sent: another key, no RSA, out of its dates, unreadable', async () => {
  const certificate = operator.pem;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecKey = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const cases: [string, Record<string, unknown>, string, RegExp][] = [
    ['another key', { certificate, privateKey: stranger.key }, 'opcua.userCertificate', /does not belong/],
    ['EC', { certificate, privateKey: ecKey }, 'opcua.userCertificate', /RSA/],
    ['no key', { certificate, privateKey: 'nonsense' }, 'opcua.userCertificate', /^private key: /],
    [
      'no certificate',
      { certificate: 'nonsense', privateKey: operator.key },
      'opcua.userCertificate',
      /^certificate: /,
    ],
    ['no file', { certificate, privateKeyFile: join(folder, 'none') }, 'opcua.userCertificate', /ENOENT/],
    ['secret not set', { certificate, privateKey: 'env:NOT_THERE' }, 'opcua.userCertificate', /secret/],
    ['expired', { certificate: expired.pem, privateKey: expired.key }, 'opcua.userCertificateExpired', /./],
  ];
  for (const [name, settings, code, detail] of cases) {
    const error = await logIn(settings);
    assert.equal(error?.code, code, name);
    assert.match(String(error?.params.detail ?? error?.params.subject), detail, name);
    assert.ok(!JSON.stringify([error?.params, error?.message]).includes(operator.key.slice(60, 100)), 'no key in it');
  }
});

test('the settings: one certificate, one key, and both are secrets that may be references', () => {
  const parse = (userCertificate: object) =>
    opcua.config.safeParse({ endpoint: 'opc.tcp://127.0.0.1:4840', userCertificate });
  assert.ok(!parse({ certificate: 'a' }).success);
  assert.ok(!parse({ certificate: 'a', certificateFile: 'b', privateKey: 'c' }).success);
  assert.ok(!parse({ certificate: 'a', privateKey: 'b', privateKeyFile: 'c' }).success);
  const settings = { certificate: 'env:A', privateKey: 'file:/b', privateKeyPassphrase: 'env:C' };
  const found = secretValues(opcua.config, parse(settings).data);
  assert.deepEqual(found.sort(), Object.values(settings).sort());
});

test('a server that takes no certificates says what it takes', async () => {
  const endpoint = new EndpointDescription({
    endpointUrl: peer.endpoint,
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicyUri: SecurityPolicy.Basic256Sha256,
    userIdentityTokens: [{ policyId: 'u', tokenType: 1 }],
  });
  const config = opcua.config.parse({
    endpoint: peer.endpoint,
    userCertificate: { certificate: operator.pem, privateKey: operator.key },
  });
  assert.equal(chooseEndpoint([endpoint], config as never), endpoint);
  await assert.rejects(identityOf(config as never, endpoint, Date.now()), (error: CodedError) => {
    assert.equal(error.code, 'opcua.loginNotOffered');
    assert.deepEqual([error.params.wanted, error.params.offered], ['Certificate', 'UserName']);
    return true;
  });
});
