import { parseArgs } from 'node:util';
import { serve } from '../serve.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      plant: { type: 'string', default: 'plant.yaml' },
      data: { type: 'string', default: 'data' },
      port: { type: 'string', default: '7800' },
      host: { type: 'string', default: '127.0.0.1' },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
      log: { type: 'string' },
    },
  });
  await serve({
    plantFile: values.plant,
    dataDir: values.data,
    host: values.host,
    port: Number(values.port),
    demo: false,
    language,
    ...(values['tls-key'] ? { tlsKey: values['tls-key'] } : {}),
    ...(values['tls-cert'] ? { tlsCert: values['tls-cert'] } : {}),
    ...(values.log ? { logLevel: values.log } : {}),
  });
}
