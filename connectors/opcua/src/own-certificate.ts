import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CertificatePurpose, createSelfSignedCertificate, generateKeyPair, privateKeyToPEM } from 'node-opcua-crypto';

/** The application instance certificate of one connection, as files that a person can hand to the server. */
export interface OwnCertificate {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  readonly applicationUri: string;
  /** SHA-1, upper-case hex: what servers show in their trust lists. */
  readonly thumbprint: string;
}

export interface CertificateNames {
  /** Common name. */
  name: string;
  applicationUri: string;
  dns: readonly string[];
  ip?: readonly string[];
  validFromMs?: number;
  validDays?: number;
}

const validDays = 3650;
/** Renewed this long before it ends, so that a plant never stops for our own certificate. */
const renewBeforeMs = 30 * 86_400_000;

/**
 * Reads the certificate under `<folder>/own`, or makes one (RSA 2048, ten years) the first time. An expired one, or one
 * that cannot be read, is made anew with the old files kept beside it: the server must then be told to trust the new one.
 * @param nowMs wall time, ms UTC
 */
export async function ownCertificate(folder: string, nowMs: number): Promise<OwnCertificate> {
  const own = join(folder, 'own');
  const certificateFile = join(own, 'certificate.pem');
  const privateKeyFile = join(own, 'private-key.pem');
  const existing = await readOwn(certificateFile, privateKeyFile, nowMs);
  if (existing) return existing;
  for (const file of [certificateFile, privateKeyFile])
    await rename(file, `${file}.${nowMs}.old`).catch(() => undefined);
  const host = hostname();
  const name = `Deungdae@${host.replace(/[^\w.-]/g, '-')}`;
  await writeCertificate(own, { name, applicationUri: `urn:${host}:deungdae`, dns: [host] }, nowMs);
  const made = await readOwn(certificateFile, privateKeyFile, nowMs);
  if (!made) throw new Error(`own certificate unreadable: ${certificateFile}`);
  return made;
}

/** Makes a key and a self-signed application certificate in `folder`: `private-key.pem`, `certificate.pem`. */
export async function writeCertificate(folder: string, names: CertificateNames, nowMs: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = await generateKeyPair(2048);
  const { privPem } = await privateKeyToPEM(privateKey);
  const { cert } = await createSelfSignedCertificate({
    privateKey,
    notBefore: new Date(names.validFromMs ?? nowMs - 86_400_000),
    validity: names.validDays ?? validDays,
    subject: `CN=${names.name}`,
    dns: [...names.dns],
    ip: [...(names.ip ?? [])],
    applicationUri: names.applicationUri,
    purpose: CertificatePurpose.ForApplication,
  });
  // The key first: a certificate without its key would be of no use after a power cut between the two.
  await writeFile(join(folder, 'private-key.pem'), privPem, { mode: 0o600 });
  await writeFile(join(folder, 'certificate.pem'), cert);
}

async function readOwn(certificateFile: string, privateKeyFile: string, nowMs: number): Promise<OwnCertificate | null> {
  try {
    const certificate = new X509Certificate(await readFile(certificateFile));
    await readFile(privateKeyFile);
    if (certificate.validToDate.getTime() - renewBeforeMs < nowMs) return null;
    const uri = /URI:([^,]+)/.exec(certificate.subjectAltName ?? '')?.[1]?.trim();
    if (!uri) return null;
    const thumbprint = certificate.fingerprint.replaceAll(':', '');
    return { certificateFile, privateKeyFile, applicationUri: uri, thumbprint };
  } catch {
    return null;
  }
}
