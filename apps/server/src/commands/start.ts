import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '../serve.ts';
import { writeStarterPlant } from '../starter-plant.ts';
import { say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      plant: { type: 'string' },
      data: { type: 'string', default: 'data' },
      ledger: { type: 'string' },
      port: { type: 'string', default: '7800' },
      host: { type: 'string', default: '127.0.0.1' },
      // Encrypted for tablets, on a second port.
      https: { type: 'boolean', default: false },
      'https-port': { type: 'string', default: '7843' },
      'tls-key': { type: 'string' },
      'tls-cert': { type: 'string' },
      log: { type: 'string' },
    },
  });
  const plantFile = values.plant ?? 'plant.yaml';
  // A file that was named and is not there is a slip of the pen, not a new plant.
  if (values.plant === undefined && (await writeStarterPlant(resolve(plantFile), resolve(values.data), language)))
    say(
      language === 'ko'
        ? `\n  새 공장이에요. 공장 파일을 만들었어요: ${resolve(plantFile)}`
        : `\n  A new plant. Its plant file was made: ${resolve(plantFile)}`,
    );
  await serve({
    plantFile,
    dataDir: values.data,
    host: values.host,
    port: Number(values.port),
    demo: false,
    language,
    ...(values.ledger ? { ledger: values.ledger } : {}),
    ...(values['tls-key'] ? { tlsKey: values['tls-key'] } : {}),
    ...(values['tls-cert'] ? { tlsCert: values['tls-cert'] } : {}),
    ...(values.https ? { httpsPort: Number(values['https-port']) } : {}),
    ...(values.log ? { logLevel: values.log } : {}),
  });
}
