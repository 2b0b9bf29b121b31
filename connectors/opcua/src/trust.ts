import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { exploreCertificateRevocationList, readCertificateRevocationList } from 'node-opcua-crypto';
import { opcuaError } from './errors.ts';

/**
 * Whether a server certificate is trusted. Folders under `<stateDir>/pki`: `trusted/certs` (servers and issuers a person
 * trusts), `trusted/crl` (revocation lists), `rejected` (put aside, waiting for a person). DER or PEM.
 */
export interface TrustOptions {
  folder: string;
  /** Thumbprints from the plant file, SHA-1 or SHA-256. */
  trust: readonly string[];
  /** Host name or address in the endpoint. */
  host: string;
  acceptOtherHost: boolean;
  nowMs: number;
}

/** More files than this in the folder are not read: it is filled by people, not by machines. */
const maxTrustedFiles = 500;

/**
 * Resolves when the server may be talked to; else throws a CodedError that says what a person can do. The order is:
 * trust, revocation, validity, host, so that a stranger's certificate is always put aside first.
 * @param chain the server's certificate followed by its issuers, DER
 */
export async function checkServerCertificate(
  chain: readonly Buffer[],
  options: TrustOptions,
): Promise<X509Certificate> {
  const [leaf, ...issuers] = chain.map(parse);
  if (!leaf) throw opcuaError('opcua.certificateUnreadable', { detail: 'empty' });
  const subject = oneLine(leaf.subject);
  const thumbprint = plain(leaf.fingerprint);
  const trusted = await trustedCertificates(join(options.folder, 'trusted', 'certs'));
  if (!isTrusted(leaf, issuers, trusted, options.trust)) {
    const file = await putAside(leaf, options.folder, thumbprint);
    const trustedFolder = join(options.folder, 'trusted', 'certs');
    throw opcuaError('opcua.certificateUnknown', { subject, thumbprint, file, trustedFolder });
  }
  if (await isRevoked(leaf, join(options.folder, 'trusted', 'crl')))
    throw opcuaError('opcua.certificateRevoked', { subject, thumbprint });
  if (options.nowMs < leaf.validFromDate.getTime() || options.nowMs > leaf.validToDate.getTime()) {
    const [from, to] = [leaf.validFromDate.toISOString(), leaf.validToDate.toISOString()];
    throw opcuaError('opcua.certificateExpired', { subject, thumbprint, from, to });
  }
  if (!options.acceptOtherHost && !namesHost(leaf, options.host)) {
    const names = leaf.subjectAltName ?? '-';
    throw opcuaError('opcua.certificateWrongHost', { subject, host: options.host, names });
  }
  return leaf;
}

function parse(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw opcuaError('opcua.certificateUnreadable', { detail: (error as Error).message }, { cause: error });
  }
}

/** Trusted by thumbprint, by its file, or by a trusted issuer whose signatures lead down to it. */
function isTrusted(
  leaf: X509Certificate,
  issuers: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  thumbprints: readonly string[],
): boolean {
  const wanted = new Set(thumbprints.map(plain));
  const known = (c: X509Certificate) =>
    wanted.has(plain(c.fingerprint)) ||
    wanted.has(plain(c.fingerprint256)) ||
    trusted.some((t) => t.fingerprint256 === c.fingerprint256);
  if (known(leaf)) return true;
  let current = leaf;
  for (let depth = 0; depth < 8; depth++) {
    const issuer = [...trusted, ...issuers].find(
      (c) =>
        c.ca && c.fingerprint256 !== current.fingerprint256 && current.checkIssued(c) && current.verify(c.publicKey),
    );
    if (!issuer) return false;
    if (known(issuer)) return true;
    current = issuer;
  }
  return false;
}

async function trustedCertificates(folder: string): Promise<X509Certificate[]> {
  const found: X509Certificate[] = [];
  for (const name of (await filesOf(folder)).slice(0, maxTrustedFiles)) {
    try {
      found.push(new X509Certificate(await readFile(join(folder, name))));
    } catch {
      // A file that is no certificate makes nothing trusted, and must not stop the others from being read.
    }
  }
  return found;
}

async function isRevoked(leaf: X509Certificate, folder: string): Promise<boolean> {
  const serial = plain(leaf.serialNumber).replace(/^0+/, '');
  for (const name of (await filesOf(folder)).slice(0, maxTrustedFiles)) {
    try {
      const crl = exploreCertificateRevocationList(await readCertificateRevocationList(join(folder, name)));
      const revoked = crl.tbsCertList.revokedCertificates ?? [];
      if (!sameIssuer(crl.tbsCertList.issuer, leaf)) continue;
      if (revoked.some((entry) => plain(entry.userCertificate).replace(/^0+/, '') === serial)) return true;
    } catch {
      // An unreadable list revokes nothing; the next may.
    }
  }
  return false;
}

function sameIssuer(issuer: { commonName?: string }, leaf: X509Certificate): boolean {
  return issuer.commonName === undefined || leaf.issuer.split('\n').includes(`CN=${issuer.commonName}`);
}

async function putAside(leaf: X509Certificate, folder: string, thumbprint: string): Promise<string> {
  const rejected = join(folder, 'rejected');
  const file = join(rejected, `${thumbprint}.der`);
  await mkdir(rejected, { recursive: true });
  await mkdir(join(folder, 'trusted', 'certs'), { recursive: true });
  // A stranger that shows a new certificate each time must not fill the disk.
  if ((await filesOf(rejected)).length < 100) await writeFile(file, leaf.raw);
  return file;
}

async function filesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

export function namesHost(certificate: X509Certificate, host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return isIP(bare) ? certificate.checkIP(bare) !== undefined : certificate.checkHost(bare) !== undefined;
}

const plain = (hex: string) => hex.replace(/[^0-9a-fA-F]/g, '').toUpperCase();
const oneLine = (subject: string) => subject.split('\n').join(', ');
