import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { x509 } from 'node-opcua-crypto';
import type { ServerPeer } from './server-peer.ts';

type KeyPair = { privateKey: webcrypto.CryptoKey; publicKey: webcrypto.CryptoKey };
type KeyKind = 'rsa' | 'ec';

const algorithms = {
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;
type Key = Parameters<typeof x509.X509CrlGenerator.create>[0]['signingKey'];
const dayMs = 86_400_000;

export interface Issued {
  readonly pem: string;
  readonly serial: string;
  readonly key: string;
}

interface IssueOptions {
  serial?: string;
  applicationUri?: string;
  notAfterMs?: number;
}

/** A certificate authority of the tests: issues certificates and signs revocation lists. */
export class Authority {
  readonly pem: string;
  readonly #name: string;
  readonly #keys: KeyPair;
  readonly #kind: KeyKind;
  #serial = 0x1000;

  constructor(name: string, kind: KeyKind, keys: KeyPair, pem: string) {
    this.#name = name;
    this.#kind = kind;
    this.#keys = keys;
    this.pem = pem;
  }

  static async root(name: string, kind: KeyKind = 'rsa'): Promise<Authority> {
    const keys = await keyPair(kind);
    const pem = await sign(name, name, '01', keys.publicKey, keys.privateKey, kind, [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ]);
    return new Authority(name, kind, keys, pem);
  }

  /** An authority below this one. */
  async subordinate(name: string, serial = '02'): Promise<Authority> {
    const keys = await keyPair('rsa');
    const pem = await sign(name, this.#name, serial, keys.publicKey, this.#keys.privateKey, this.#kind, [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ]);
    return new Authority(name, 'rsa', keys, pem);
  }

  /** An end entity with an RSA key: a server, or with no `applicationUri` a user. */
  async issue(name: string, options: IssueOptions = {}): Promise<Issued> {
    const keys = await keyPair('rsa');
    const serial = options.serial ?? (this.#serial++).toString(16);
    const usage = x509.KeyUsageFlags;
    const extensions: x509.Extension[] = [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(
        usage.digitalSignature | usage.nonRepudiation | usage.keyEncipherment | usage.dataEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']),
    ];
    if (options.applicationUri)
      extensions.push(
        new x509.SubjectAlternativeNameExtension([
          { type: 'url', value: options.applicationUri },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      );
    const pem = await sign(
      name,
      this.#name,
      serial,
      keys.publicKey,
      this.#keys.privateKey,
      this.#kind,
      extensions,
      options,
    );
    return { pem, serial, key: await pemOfKey(keys.privateKey) };
  }

  /** A list, DER, of the serial numbers; in force until `nextUpdateMs`: a day from now; null names no end. */
  async revoke(serials: readonly string[], nextUpdateMs: number | null = Date.now() + dayMs): Promise<Buffer> {
    const crl = await x509.X509CrlGenerator.create({
      issuer: this.#name,
      thisUpdate: new Date(Math.min(Date.now(), nextUpdateMs ?? Date.now()) - dayMs),
      ...(nextUpdateMs === null ? {} : { nextUpdate: new Date(nextUpdateMs) }),
      signingAlgorithm: algorithms[this.#kind],
      signingKey: this.#keys.privateKey as Key,
      entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: new Date(Date.now() - dayMs) })),
    });
    return Buffer.from(crl.rawData);
  }
}

/** Gives the server a certificate of the authority, with `chain` behind it, before its first start. */
export async function certify(peer: ServerPeer, authority: Authority, chain: readonly string[] = []): Promise<Issued> {
  const issued = await authority.issue('CN=Certified server', { applicationUri: `urn:${hostname()}:deungdae-server` });
  const folder = join(peer.stateDir, 'server-pki', 'certificate');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'certificate.pem'), [issued.pem, ...chain].join('\n'));
  writeFileSync(join(folder, 'private-key.pem'), issued.key);
  return issued;
}

async function keyPair(kind: KeyKind): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify'])) as KeyPair;
}

async function sign(
  subject: string,
  issuer: string,
  serialNumber: string,
  publicKey: webcrypto.CryptoKey,
  signingKey: webcrypto.CryptoKey,
  kind: KeyKind,
  extensions: x509.Extension[],
  options: IssueOptions = {},
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer,
    serialNumber,
    notBefore: new Date(Date.now() - 10 * dayMs),
    notAfter: new Date(options.notAfterMs ?? Date.now() + 365 * dayMs),
    publicKey: publicKey as Key,
    signingKey: signingKey as Key,
    signingAlgorithm: algorithms[kind],
    extensions,
  });
  return certificate.toString('pem');
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
