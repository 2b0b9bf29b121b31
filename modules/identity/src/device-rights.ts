import { deviceRoutes } from '@deungdae/contracts/device.ts';

/** Whether tablets may call a route at all, before its input is read. */
export function openToDevices(route: string): boolean {
  return Object.hasOwn(deviceRoutes, route);
}

/**
 * Whether a tablet may make this call: a route of the kiosk, about one of its own machines. `machine` names the one it may
 * not touch. Pure.
 */
export function deviceMay(
  route: string,
  input: { params?: unknown; query?: unknown; body?: unknown },
  machines: readonly string[],
): { allowed: boolean; machine: string | null } {
  if (!openToDevices(route)) return { allowed: false, machine: null };
  const rule = deviceRoutes[route]!;
  for (const [path, values] of Object.entries(rule.only ?? {}))
    if (!values.includes(String(at(input, path)))) return { allowed: false, machine: null };
  for (const path of rule.named ?? []) if (!at(input, path)) return { allowed: false, machine: null };
  for (const [path, limit] of Object.entries(rule.most ?? {}))
    if (!(sizeOf(at(input, path)) <= limit)) return { allowed: false, machine: null };
  if (rule.machine === undefined) return { allowed: true, machine: null };
  const about = rule.when;
  if (about && at(input, about.path) !== about.value) return { allowed: true, machine: null };
  const machine = at(input, rule.machine);
  if (machine === undefined && rule.optional) return { allowed: true, machine: null };
  const own = typeof machine === 'string' && machines.includes(machine);
  return { allowed: own, machine: own ? null : String(machine ?? '') };
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : Number(value);
}

function at(input: unknown, path: string): unknown {
  let value = input;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}
