import type { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Notice } from '@deungdae/connector-kit/connector.ts';
import { subjectOf, thumbprintOf } from './certificate-text.ts';
import { opcuaError } from './errors.ts';
import {
  isSignedBy,
  issuerNameOf,
  maxListBytes,
  parseRevocationList,
  plainSerial,
  type RevocationList,
} from './revocation-list.ts';

interface RevocationOptions {
  /** Folder of the lists that a person put there, DER or PEM. */
  folder: string;
  requireRevocationList: boolean;
  nowMs: number;
  notice(notice: Notice): void;
}

/** More files than this are not read: the folder is filled by people, not by machines. */
const maxLists = 500;

/**
 * Throws where one certificate of the path is revoked, or, with `requireRevocationList`, where an issuer that must vouch
 * for it has no list in force. Without that setting a missing list says nothing, and an outdated one still revokes what
 * it names and is told.
 * @param path the server's certificate, then its issuers
 * @param anchor index of the first one that is trusted by itself
 */
export async function checkRevocation(
  path: readonly X509Certificate[],
  anchor: number,
  options: RevocationOptions,
): Promise<void> {
  const lists = await readLists(options);
  const outdated = new Set<string>();
  path.forEach((certificate, i) => {
    const issuer = path[i + 1];
    if (!issuer && certificate.checkIssued(certificate)) return;
    const name = issuerNameOf(certificate);
    // Without the issuer's certificate its name must do: the list was put there by a person.
    const of = lists.filter(({ list }) => (issuer ? isSignedBy(list, issuer) : list.issuerName.equals(name)));
    const serial = plainSerial(certificate.serialNumber);
    if (of.some(({ list }) => list.serials.has(serial))) throw revoked(path[0]!, certificate);
    const late = of.filter(({ list }) => list.nextUpdateMs !== null && list.nextUpdateMs < options.nowMs);
    if (of.length > late.length) return;
    if (options.requireRevocationList && i < anchor) throw unknown(path[0]!, issuer!, options.folder);
    for (const { file } of late) outdated.add(file);
  });
  for (const file of outdated) options.notice({ code: 'opcua.revocationListOutdated', params: { file } });
}

function revoked(leaf: X509Certificate, certificate: X509Certificate): Error {
  const thumbprint = thumbprintOf(certificate);
  const params = { subject: subjectOf(certificate), thumbprint };
  if (certificate === leaf) return opcuaError('opcua.certificateRevoked', params);
  return opcuaError('opcua.issuerRevoked', { ...params, server: subjectOf(leaf) });
}

function unknown(leaf: X509Certificate, issuer: X509Certificate, folder: string): Error {
  const params = { subject: subjectOf(leaf), issuer: subjectOf(issuer), folder };
  return opcuaError('opcua.revocationUnknown', params);
}

async function readLists(options: RevocationOptions): Promise<{ file: string; list: RevocationList }[]> {
  const found: { file: string; list: RevocationList }[] = [];
  const names = await readdir(options.folder).catch(() => []);
  for (const name of names.slice(0, maxLists)) {
    const file = join(options.folder, name);
    try {
      const bytes = await readFile(file);
      if (bytes.length > maxListBytes) throw new Error('too large');
      found.push({ file, list: parseRevocationList(bytes) });
    } catch (error) {
      const params = { file, detail: (error as Error).message };
      // With the strict setting a list that cannot be read is a missing one, so that this cannot open a door.
      options.notice({ code: 'opcua.revocationListUnreadable', params });
    }
  }
  return found;
}
