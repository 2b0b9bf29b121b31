import { z } from 'zod';
import { Device, KioskDevice } from './device.ts';
import { engineering, idParam, ok, type Route } from './route.ts';

const name = z.string().trim().min(1).max(60);
const machines = z.array(z.string().min(1).max(300)).min(1).max(50);
/** The code is shown once: digits to type, and the address that a QR code holds. */
const withCode = Device.extend({ code: z.string(), address: z.string() });

export const deviceRoutesOfApi = {
  devices: {
    method: 'GET',
    path: '/devices',
    summary: 'Tablets that are paired, wait to be, or were revoked in the last 30 days',
    access: engineering,
    response: z.array(Device),
  },
  createDevice: {
    method: 'POST',
    path: '/devices',
    summary: 'Add a tablet for some machines; its pairing code holds for fifteen minutes and once',
    access: engineering,
    body: z.strictObject({ name, machines }),
    response: withCode,
  },
  renewDeviceCode: {
    method: 'POST',
    path: '/devices/:id/code',
    summary: 'A new pairing code; the tablet paired before is shut out when it is used',
    access: engineering,
    params: idParam,
    response: withCode,
  },
  updateDevice: {
    method: 'PATCH',
    path: '/devices/:id',
    summary: 'Change name or machines of a tablet',
    access: engineering,
    params: idParam,
    body: z.strictObject({ name: name.optional(), machines: machines.optional() }),
    response: Device,
  },
  revokeDevice: {
    method: 'DELETE',
    path: '/devices/:id',
    summary: 'Shut a tablet out at once',
    access: engineering,
    params: idParam,
    response: ok,
  },
  pairDevice: {
    method: 'POST',
    path: '/kiosk/pair',
    summary: 'A tablet gives its code and is let in',
    access: 'public',
    body: z.strictObject({ code: z.string().trim().min(1).max(40) }),
    response: KioskDevice,
  },
  kioskDevice: {
    method: 'GET',
    path: '/kiosk/device',
    summary: 'Which tablet this is; null when it is not paired',
    access: 'public',
    response: z.object({ device: KioskDevice.nullable() }),
  },
} as const satisfies Record<string, Route>;
