import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { mqttError } from './errors.ts';

/** Settings of every session with an MQTT broker, whatever is spoken on top of it. */
export const brokerSettings = {
  url: z
    .string()
    .regex(/^(mqtts?|wss?):\/\/[^\s/@]+(\/\S*)?$/, 'mqtt://, mqtts://, ws:// or wss:// and a host')
    .meta({ description: 'Address of the broker, such as mqtts://broker.plant.lan:8883' }),
  version: z
    .union([z.literal(4), z.literal(5)])
    .default(5)
    .meta({ description: '5 for MQTT 5.0, 4 for MQTT 3.1.1. There is no silent fall-back.' }),
  clientId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .meta({ description: 'Name of this client at the broker; made once and kept when left out.' }),
  username: z.string().max(256).optional(),
  password: z.string().max(1024).optional().meta({ secret: true }),
  tls: z
    .strictObject({
      ca: z.string().optional().meta({ description: 'PEM text or file of the authority that signed the broker.' }),
      cert: z.string().optional().meta({ description: 'PEM text or file of our own certificate.' }),
      key: z.string().optional().meta({ description: 'PEM text or file of its private key.', secret: true }),
      passphrase: z.string().optional().meta({ secret: true }),
      servername: z.string().optional().meta({ description: 'Name in the certificate, when it is not the host.' }),
    })
    .optional()
    .meta({ description: 'For mqtts and wss. The certificate of the broker is always checked.' }),
  keepAliveS: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(15)
    .meta({ description: 'A cut cable is noticed after one and a half times this, seconds.' }),
};

export interface TlsSettings {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  servername?: string | undefined;
}

/** Reads what is given as a file; PEM text stays as it is. */
export function loadTls(tls: TlsSettings | undefined): TlsSettings {
  const loaded: TlsSettings = {};
  if (tls?.ca) loaded.ca = pem(tls.ca);
  if (tls?.cert) loaded.cert = pem(tls.cert);
  if (tls?.key) loaded.key = pem(tls.key);
  if (tls?.passphrase) loaded.passphrase = tls.passphrase;
  if (tls?.servername) loaded.servername = tls.servername;
  return loaded;
}

function pem(textOrFile: string): string {
  if (textOrFile.includes('-----BEGIN')) return textOrFile;
  try {
    return readFileSync(textOrFile, 'utf8');
  } catch (cause) {
    throw mqttError('mqtt.fileMissing', { file: textOrFile }, { cause });
  }
}
