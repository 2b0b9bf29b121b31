import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Notice } from '@deungdae/connector-kit/connector.ts';
import { subjectOf, thumbprintOf } from './certificate-text.ts';
import { opcuaError } from './errors.ts';
import { checkRevocation } from './revocation.ts';

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
  /** Refuse what a trusted issuer vouches for while there is no list of that issuer in force. */
  requireRevocationList: boolean;
  nowMs: number;
  notice(notice: Notice): void;
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
  const subject = subjectOf(leaf);
  const thumbprint = thumbprintOf(leaf);
  const trusted = await trustedCertificates(join(options.folder, 'trusted', 'certs'));
  const path = pathOf(leaf, issuers, trusted);
  const anchor = path.findIndex(knownBy(trusted, options.trust));
  if (anchor < 0) {
    const file = await putAside(leaf, options.folder, thumbprint);
    const trustedFolder = join(options.folder, 'trusted', 'certs');
    throw opcuaError('opcua.certificateUnknown', { subject, thumbprint, file, trustedFolder });
  }
  await checkRevocation(path, anchor, { ...options, folder: join(options.folder, 'trusted', 'crl') });
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

/** The certificate and its issuers, each of which has signed the one before, as far as they are at hand. */
function pathOf(
  leaf: X509Certificate,
  issuers: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): X509Certificate[] {
  const path = [leaf];
  while (path.length < 8) {
    const last = path.at(-1)!;
    const issuer = [...trusted, ...issuers].find(
      (c) => c.ca && path.every((p) => p.fingerprint256 !== c.fingerprint256) && issued(c, last),
    );
    if (!issuer) break;
    path.push(issuer);
  }
  return path;
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Trusted by thumbprint or by its file; what such an issuer signed is trusted too. */
function knownBy(trusted: readonly X509Certificate[], thumbprints: readonly string[]) {
  const wanted = new Set(thumbprints.map(plain));
  return (c: X509Certificate) =>
    wanted.has(plain(c.fingerprint)) ||
    wanted.has(plain(c.fingerprint256)) ||
    trusted.some((t) => t.fingerprint256 === c.fingerprint256);
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

async function putAside(leaf: X509Certificate, folder: string, thumbprint: string): Promise<string> {
  const rejected = join(folder, 'rejected');
  const file = join(rejected, `${thumbprint}.der`);
  await mkdir(rejected, { recursive: true });
  for (const kind of ['certs', 'crl']) await mkdir(join(folder, 'trusted', kind), { recursive: true });
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
