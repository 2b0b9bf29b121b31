import { hostname, networkInterfaces } from 'node:os';
import { isLocalAddress, isLocalName } from './name-constraints.ts';

export interface HostNames {
  dns: string[];
  ip: string[];
}

/** The machine's own name and the one that others find it by on the local network (mDNS). */
export function machineNames(host = hostname()): string[] {
  const name = host.toLowerCase().replace(/[^a-z0-9.-]/g, '');
  if (name === '' || name === 'localhost') return [];
  return name.includes('.') ? [name] : [name, `${name}.local`];
}

/** Every name and address under which a tablet may reach this machine and that its authority may vouch for. */
export function hostNames(
  extra: readonly string[] = [],
  host = hostname(),
  interfaces = networkInterfaces(),
): HostNames {
  const dns = [...new Set(['localhost', ...machineNames(host), ...extra])].filter((n) =>
    isLocalName(n, [...machineNames(host), ...extra]),
  );
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const ip = [...new Set(['127.0.0.1', '::1', ...all.map((a) => a.address)])].filter(isLocalAddress);
  return { dns: dns.sort(), ip: ip.sort() };
}

/** The address to print and to put in a QR code: the first that another device can reach. */
export function reachableAddress(names: HostNames): string {
  const outside = names.ip.find((a) => !a.includes(':') && !a.startsWith('127.') && !a.startsWith('169.254.'));
  return outside ?? names.ip.find((a) => a === '127.0.0.1') ?? 'localhost';
}
