import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { erpError } from './errors.ts';

/** This computer, link-local (where clouds keep their secrets), unspecified and multicast: RFC 6890. */
const forbidden = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  forbidden.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  forbidden.addSubnet(net, bits, 'ipv6');

export function isForbidden(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return forbidden.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** Throws `erp.addressWrong`. */
export function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw erpError('erp.addressWrong', { url: text.slice(0, 200) }, { status: 400 });
  return url;
}

/**
 * The address to connect to. It is looked up once and that very address is used, so that a name cannot answer with a
 * harmless one here and another there. Throws `erp.addressForbidden` when any of its addresses is not allowed.
 */
export async function admittedAddress(
  url: URL,
  allowLocal: boolean,
  resolve: (host: string) => Promise<{ address: string; family: number }[]> = (host) => lookup(host, { all: true }),
): Promise<{ address: string; family: number }> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host);
  if (!allowLocal)
    for (const { address } of found)
      if (isForbidden(address)) throw erpError('erp.addressForbidden', { host, address }, { status: 400 });
  return found[0]!;
}
