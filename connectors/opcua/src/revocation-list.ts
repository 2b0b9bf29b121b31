import { constants, verify, type X509Certificate } from 'node:crypto';

/** A certificate revocation list (RFC 5280 §5), as far as a revoked serial number must be found in it. */
export interface RevocationList {
  /** DER of the issuer's name. */
  readonly issuerName: Buffer;
  /** Serial numbers of revoked certificates: hex, upper case, without leading zeros. */
  readonly serials: ReadonlySet<string>;
  /** When the issuer promised the next list, ms UTC; null where it did not. */
  readonly nextUpdateMs: number | null;
  readonly signed: Buffer;
  readonly signature: Buffer;
  readonly algorithm: SignatureAlgorithm;
}

interface SignatureAlgorithm {
  digest: string | null;
  pss: boolean;
}

/** Larger files are no list of a plant's own authority. */
export const maxListBytes = 4_000_000;

/** Reads a list, DER or PEM. Throws where it is none, so that a damaged list is never taken for an empty one. */
export function parseRevocationList(bytes: Buffer): RevocationList {
  const list = readNode(derOf(bytes), 0);
  const [signed, algorithm, signature] = childrenOf(list);
  if (!signed || !algorithm || signature?.tag !== tags.bitString) throw new Error('not a revocation list');
  const fields = childrenOf(signed);
  // version is optional; then signature, issuer, thisUpdate, nextUpdate OPTIONAL, revokedCertificates OPTIONAL
  let i = fields[0]?.tag === tags.integer ? 1 : 0;
  i++;
  const issuer = fields[i++];
  const thisUpdate = fields[i++];
  if (issuer?.tag !== tags.sequence || !isTime(thisUpdate)) throw new Error('not a revocation list');
  const nextUpdateMs = isTime(fields[i]) ? timeOf(fields[i++]!) : null;
  const serials = new Set<string>();
  if (fields[i]?.tag === tags.sequence)
    for (const entry of childrenOf(fields[i]!)) serials.add(plainSerial(childrenOf(entry)[0]!.content.toString('hex')));
  return {
    issuerName: issuer.whole,
    serials,
    nextUpdateMs,
    signed: signed.whole,
    // The first byte of a BIT STRING counts unused bits.
    signature: signature.content.subarray(1),
    algorithm: algorithmOf(algorithm),
  };
}

export function isSignedBy(list: RevocationList, issuer: X509Certificate): boolean {
  const { digest, pss } = list.algorithm;
  const padding = pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : undefined;
  try {
    return verify(digest, list.signed, { key: issuer.publicKey, ...padding }, list.signature);
  } catch {
    // A key of another kind than the signature's is another authority's.
    return false;
  }
}

/** DER of the issuer's name in a certificate (RFC 5280 §4.1): what a list of that issuer carries too. */
export function issuerNameOf(certificate: X509Certificate): Buffer {
  const fields = childrenOf(childrenOf(readNode(certificate.raw, 0))[0]!);
  return fields[fields[0]!.tag === tags.context0 ? 3 : 2]!.whole;
}

export function plainSerial(hex: string): string {
  return hex.toUpperCase().replace(/^0+(?=.)/, '');
}

interface Node {
  tag: number;
  content: Buffer;
  /** With tag and length. */
  whole: Buffer;
}

const tags = {
  integer: 0x02,
  bitString: 0x03,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  context0: 0xa0,
};

function derOf(bytes: Buffer): Buffer {
  if (bytes[0] === tags.sequence) return bytes;
  const pem = /-----BEGIN (?:X509 )?CRL-----([\sA-Za-z0-9+/=]+)-----END/.exec(bytes.toString('latin1'));
  if (!pem) throw new Error('neither DER nor PEM');
  return Buffer.from(pem[1]!, 'base64');
}

function readNode(buffer: Buffer, at: number): Node {
  const tag = buffer[at];
  let length = buffer[at + 1];
  if (tag === undefined || length === undefined) throw new Error('ends too early');
  let start = at + 2;
  if (length >= 0x80) {
    const size = length & 0x7f;
    if (size === 0 || size > 4 || start + size > buffer.length) throw new Error('bad length');
    length = buffer.readUIntBE(start, size);
    start += size;
  }
  if (start + length > buffer.length) throw new Error('ends too early');
  return { tag, content: buffer.subarray(start, start + length), whole: buffer.subarray(at, start + length) };
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let at = 0; at < node.content.length; ) {
    const child = readNode(node.content, at);
    children.push(child);
    at += child.whole.length;
  }
  return children;
}

function isTime(node: Node | undefined): boolean {
  return node?.tag === tags.utcTime || node?.tag === tags.generalizedTime;
}

function timeOf(node: Node): number {
  const text = node.content.toString('latin1');
  // RFC 5280 §4.1.2.5.1: two-digit years from 50 on are 19xx.
  const century = node.tag === tags.utcTime ? (Number(text.slice(0, 2)) >= 50 ? '19' : '20') : '';
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  if (!parts) throw new Error('bad time');
  const [, y, mo, d, h, mi, s] = parts.map(Number);
  return Date.UTC(y!, mo! - 1, d, h, mi, s);
}

/** Digests by the object identifiers of RFC 4055 and RFC 5758, DER content as hex. */
const digests: Readonly<Record<string, string | null>> = {
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010e': 'sha224',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d0401': 'sha1',
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
  '2b6571': null,
};
const hashes: Readonly<Record<string, string>> = {
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};
const rsaPss = '2a864886f70d01010a';

function algorithmOf(node: Node): SignatureAlgorithm {
  const [oid, parameters] = childrenOf(node);
  const name = oid?.content.toString('hex') ?? '';
  if (name === rsaPss) {
    const hash = parameters && childrenOf(parameters).find((p) => p.tag === tags.context0);
    const id = hash && childrenOf(childrenOf(hash)[0]!)[0]!.content.toString('hex');
    return { digest: (id && hashes[id]) || 'sha1', pss: true };
  }
  const digest = digests[name];
  if (digest === undefined) throw new Error('unknown signature algorithm');
  return { digest, pss: false };
}
