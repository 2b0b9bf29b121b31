// The certificate library's container asks for it.
import 'reflect-metadata';
import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { HostNames } from './host-names.ts';
import { machineNames } from './host-names.ts';
import { nameConstraints, nameConstraintsOid } from './name-constraints.ts';

const dayMs = 86_400_000;
/** Apple and the CA/Browser Forum take no server certificate that lives longer. */
const serverDays = 397;
const renewDays = 30;
const authorityDays = 3650;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface Identity {
  /** PEM texts. */
  key: string;
  cert: string;
}

/** The plant's own certificate authority, and the server certificate that it gave. */
export interface PlantAuthority {
  readonly caPem: string;
  readonly caDer: Uint8Array;
  /** SHA-256 over the certificate, in pairs, as devices show it. */
  readonly fingerprint: string;
  readonly name: string;
  /** The certificate for these names: the stored one, or a new one when it lacks a name or ends within 30 days. */
  serverFor(names: HostNames): Promise<{ identity: Identity; renewed: boolean }>;
}

/**
 * Opens the authority of a data folder (`tls/`), or makes one: ECDSA P-256, ten years, constrained to local names and
 * addresses, its key readable by the owner only. Devices that trust it keep doing so as long as the folder lives.
 */
export async function openAuthority(dataDir: string, plant: string, nowMs: () => number): Promise<PlantAuthority> {
  const folder = join(dataDir, 'tls');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = { key: join(folder, 'ca.key'), cert: join(folder, 'ca.crt') };
  if (!existsSync(files.cert)) {
    const made = await makeAuthority(plant, nowMs());
    await store(files.key, made.key, 0o600);
    await store(files.cert, made.cert, 0o644);
  }
  const caPem = await readFile(files.cert, 'utf8');
  const keyPem = await readFile(files.key, 'utf8');
  const known = new X509Certificate(caPem);
  return {
    caPem,
    caDer: known.raw,
    fingerprint: known.fingerprint256,
    name: /CN=(.*)/.exec(known.subject)?.[1] ?? 'Deungdae',
    serverFor: async (names) => {
      const [key, cert] = [join(folder, 'server.key'), join(folder, 'server.crt')];
      if (existsSync(cert) && existsSync(key)) {
        const stored = { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
        if (serves(stored.cert, known, names, nowMs())) return { identity: stored, renewed: false };
      }
      const identity = await makeServer(caPem, keyPem, names, nowMs());
      await store(key, identity.key, 0o600);
      await store(cert, identity.cert, 0o644);
      return { identity, renewed: true };
    },
  };
}

function serves(pem: string, authority: X509Certificate, names: HostNames, nowMs: number): boolean {
  const cert = new X509Certificate(pem);
  const lasts = Date.parse(cert.validTo) - nowMs > renewDays * dayMs;
  const covers = names.dns.every((n) => cert.checkHost(n)) && names.ip.every((a) => cert.checkIP(a));
  return lasts && covers && cert.verify(authority.publicKey);
}

async function makeAuthority(plant: string, nowMs: number): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const mark = createHash('sha256')
    .update(webcrypto.getRandomValues(new Uint8Array(16)))
    .digest('hex')
    .slice(0, 6);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    // The plant's name and a mark, so that two plants' authorities can be told apart in a device's list.
    name: [{ CN: [`Deungdae ${plant} ${mark}`.slice(0, 64)] }],
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    signingAlgorithm: algorithm,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
      new x509.Extension(nameConstraintsOid, true, nameConstraints(machineNames())),
    ],
  });
  return { key: await pemOf(keys.privateKey), cert: `${cert.toString('pem')}\n` };
}

async function makeServer(caPem: string, caKeyPem: string, names: HostNames, nowMs: number): Promise<Identity> {
  const authority = new x509.X509Certificate(caPem);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    x509.PemConverter.decodeFirst(caKeyPem),
    algorithm,
    false,
    ['sign'],
  );
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [names.dns.find((n) => n !== 'localhost') ?? 'localhost'] }],
    issuer: authority.subjectName,
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + (serverDays - 1) * dayMs),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey as never,
    signingKey: signingKey as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.dns.map((value) => ({ type: 'dns' as const, value })),
        ...names.ip.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  });
  return { key: await pemOf(keys.privateKey), cert: `${cert.toString('pem')}\n${caPem}` };
}

/** Positive, 127 bits by chance. */
function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0]! &= 0x7f;
  bytes[0]! |= 0x40;
  return Buffer.from(bytes).toString('hex');
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

/** Whole or not at all, and never readable by others for a moment. */
async function store(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(`${file}.part`, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.part`, file);
}
