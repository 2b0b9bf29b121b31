/** What a plant's own authority may vouch for: the local network, and nobody's bank. DER by X.690; RFC 5280, 4.2.1.10. */
export const nameConstraintsOid = '2.5.29.30';

/** Private and link-local ranges: RFC 1918, 3927, 4193, 4291, and the machine itself. */
const networks: readonly [string, number][] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['127.0.0.0', 8],
];
const networks6: readonly [number[], number][] = [
  [[0xfc], 7],
  [[0xfe, 0x80], 10],
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128],
];
const domains = ['localhost', 'local', 'lan', 'internal', 'home.arpa'];

function der(tag: number, content: number[]): number[] {
  const n = content.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return [tag, ...length, ...content];
}

const bytesOf = (address: string) => address.split('.').map(Number);
const maskOf = (bits: number, bytes: number) =>
  Array.from({ length: bytes }, (_, i) => (0xff << (8 - Math.max(0, Math.min(8, bits - i * 8)))) & 0xff);

/** `extra` are names of this machine beyond the local domains. */
export function nameConstraints(extra: readonly string[]): Uint8Array<ArrayBuffer> {
  const names = [...new Set([...domains, ...extra])].map((n) => der(0x82, [...Buffer.from(n, 'ascii')]));
  const ranges = networks.map(([address, bits]) => der(0x87, [...bytesOf(address), ...maskOf(bits, 4)]));
  const ranges6 = networks6.map(([start, bits]) => {
    const address = [...start, ...new Array<number>(16 - start.length).fill(0)];
    return der(0x87, [...address, ...maskOf(bits, 16)]);
  });
  const subtrees = [...names, ...ranges, ...ranges6].map((base) => der(0x30, base));
  return Uint8Array.from(der(0x30, der(0xa0, subtrees.flat())));
}

/** Whether the authority may vouch for an address. */
export function isLocalAddress(address: string): boolean {
  if (address.includes(':')) return /^(::1$|f[cd])/i.test(address);
  const value = (text: string) => bytesOf(text).reduce((sum, byte) => sum * 256 + byte, 0);
  return networks.some(([start, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(value(address) / size) === Math.floor(value(start) / size);
  });
}

export function isLocalName(name: string, extra: readonly string[]): boolean {
  return [...domains, ...extra].some((d) => name === d || name.endsWith(`.${d}`));
}
