import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { Authority, certify, type Issued } from './authority.ts';
import { connectorRig } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

const speed = [{ path: 'speed', address: { node: 'nsu=urn:deungdae:opcua-test;s=Speed' } }];
const variables = [{ path: 'Speed', type: 'Double' as const, unit: 'mm/s', initial: 1 }];
const dayMs = 86_400_000;

let root: Authority;
let plantCa: Authority;
let smallCa: Authority;
/** Certified by the root; by an authority below the root, whose certificate it shows too; by one with a short EC key. */
let direct: { peer: ServerPeer; issued: Issued };
let chained: { peer: ServerPeer; issued: Issued };
let small: { peer: ServerPeer; issued: Issued };

before(async () => {
  root = await Authority.root('CN=Plant root, O=Deungdae test');
  plantCa = await root.subordinate('CN=Line 3, O=Deungdae test');
  smallCa = await Authority.root('CN=Small', 'ec');
  const start = async (authority: Authority, chain: string[] = []) => {
    const peer = await ServerPeer.at({ variables });
    const issued = await certify(peer, authority, chain);
    await peer.start();
    return { peer, issued };
  };
  [direct, chained, small] = await Promise.all([start(root), start(plantCa, [plantCa.pem]), start(smallCa)]);
});
after(() => Promise.all([direct, chained, small].map((s) => s?.peer.dispose())));

interface Trial {
  peer: ServerPeer;
  /** Files of `trusted/certs`, and of `trusted/crl`. */
  certs?: string[];
  lists?: (Buffer | string)[];
  security?: Record<string, unknown>;
}

/** Connects with these files in the state folder; the error, or null when values came. */
async function trial({ peer, certs = [], lists = [], security = {} }: Trial) {
  const rig = connectorRig(peer, speed, { security });
  const put = (kind: string, files: (Buffer | string)[]) => {
    const folder = join(rig.stateDir, 'pki', 'trusted', kind);
    mkdirSync(folder, { recursive: true });
    files.forEach((content, i) => void writeFileSync(join(folder, `${i}.file`), content));
  };
  put('certs', certs);
  put('crl', lists);
  let error: CodedError | null = null;
  try {
    await rig.connect();
    await rig.shows('speed', 1);
  } catch (thrown) {
    error = thrown as CodedError;
  } finally {
    await rig.dispose();
  }
  return { code: error?.code ?? null, error, told: rig.notices.map((n) => n.code) };
}

const pemOf = (der: Buffer) => `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;

test('a server certificate that its authority revoked is refused, as DER and as PEM; another one is accepted', async () => {
  const certs = [root.pem];
  const list = await root.revoke(['77', direct.issued.serial]);
  for (const file of [list, pemOf(list)]) {
    const refused = await trial({ peer: direct.peer, certs, lists: [file] });
    assert.equal(refused.code, 'opcua.certificateRevoked');
    assert.match(String(refused.error?.params.subject), /Certified server/);
    assert.equal(refused.error?.params.thumbprint, direct.peer.thumbprint);
  }
  const other = await trial({ peer: direct.peer, certs, lists: [await root.revoke(['77', '78'])] });
  assert.deepEqual([other.code, other.told], [null, []]);
  assert.equal((await trial({ peer: direct.peer, certs, lists: [await root.revoke([])] })).code, null, 'an empty list');
});

test('a revoked certificate is refused although a person trusted its thumbprint', async () => {
  const lists = [await root.revoke([direct.issued.serial])];
  const security = { trust: [direct.peer.thumbprint] };
  const named = await trial({ peer: direct.peer, lists, security });
  assert.equal(named.code, 'opcua.certificateRevoked', 'its issuer is known by name only');
  assert.equal((await trial({ peer: direct.peer, security })).code, null);
});

test('a list of a few bytes, signed with an EC key and without a next date, counts too', async () => {
  const certs = [smallCa.pem];
  const list = await smallCa.revoke([small.issued.serial], null);
  assert.ok(list.length < 256, `${list.length} bytes: its length takes one byte in DER`);
  assert.equal((await trial({ peer: small.peer, certs, lists: [list] })).code, 'opcua.certificateRevoked');
  assert.equal((await trial({ peer: small.peer, certs, lists: [await smallCa.revoke(['5'], null)] })).code, null);
});

test('a list of another authority with the same name, and one that was changed, revoke nothing', async () => {
  const impostor = await Authority.root('CN=Plant root, O=Deungdae test');
  const forged = await root.revoke(['77']);
  const at = forged.indexOf(Buffer.from([0x02, 0x01, 0x77]));
  assert.ok(at > 0);
  const changed = Buffer.from(forged);
  changed[at + 2] = 0x11;
  const lists = [await impostor.revoke([direct.issued.serial]), changed];
  assert.equal((await trial({ peer: direct.peer, certs: [root.pem], lists })).code, null);
});

test('an authority below the trusted one that was revoked takes its servers with it', async () => {
  const certs = [root.pem];
  assert.equal((await trial({ peer: chained.peer, certs })).code, null, 'the chain leads to the root');
  const refused = await trial({ peer: chained.peer, certs, lists: [await root.revoke(['02'])] });
  assert.equal(refused.code, 'opcua.issuerRevoked');
  assert.match(String(refused.error?.params.subject), /Line 3/);
  const leaf = await trial({ peer: chained.peer, certs, lists: [await plantCa.revoke([chained.issued.serial])] });
  assert.equal(leaf.code, 'opcua.certificateRevoked');
});

test('no list: accepted, or refused where the plant file requires one; a list past its date is told', async () => {
  const certs = [root.pem];
  const strict = { requireRevocationList: true };
  const { peer } = direct;
  assert.deepEqual(await trial({ peer, certs }).then((t) => [t.code, t.told]), [null, []]);
  const refused = await trial({ peer, certs, security: strict });
  assert.equal(refused.code, 'opcua.revocationUnknown');
  assert.match(String(refused.error?.params.issuer), /Plant root/);
  const old = await root.revoke(['77'], Date.now() - dayMs);
  const late = await trial({ peer, certs, lists: [old] });
  assert.deepEqual([late.code, late.told], [null, ['opcua.revocationListOutdated']]);
  assert.equal((await trial({ peer, certs, lists: [old], security: strict })).code, 'opcua.revocationUnknown');
  const oldButNamed = await root.revoke([direct.issued.serial], Date.now() - dayMs);
  assert.equal((await trial({ peer, certs, lists: [oldButNamed] })).code, 'opcua.certificateRevoked');
  const current = [old, await root.revoke(['77'])];
  assert.deepEqual(await trial({ peer, certs, lists: current, security: strict }).then((t) => [t.code, t.told]), [
    null,
    [],
  ]);
  // A self-signed certificate that a person trusts has no authority that could revoke it.
  const security = { ...strict, trust: [peer.thumbprint] };
  assert.equal((await trial({ peer, security })).code, null);
});

test('a list that cannot be read is told, and is no list where one is required', async () => {
  const certs = [root.pem];
  const whole = await root.revoke([direct.issued.serial]);
  const lists = [whole.subarray(0, whole.length - 20), 'no list at all'];
  const lenient = await trial({ peer: direct.peer, certs, lists });
  assert.deepEqual([lenient.code, lenient.told.length], [null, 2]);
  assert.ok(lenient.told.every((code) => code === 'opcua.revocationListUnreadable'));
  const strict = await trial({ peer: direct.peer, certs, lists, security: { requireRevocationList: true } });
  assert.equal(strict.code, 'opcua.revocationUnknown');
});
