import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { durationMs } from '@deungdae/contracts/plant.ts';
import { ingestPast } from '@deungdae/demo/past.ts';
import { startDemo } from '@deungdae/demo/start-demo.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: 'data/demo' },
      port: { type: 'string', default: '7800' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string', default: '1' },
      past: { type: 'string', default: '24h' },
      log: { type: 'string' },
      // Four ports for the machines, so that several demos can run on one computer (tests do).
      'machine-ports': { type: 'string' },
    },
  });
  const dataDir = resolve(values.data);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const ports = values['machine-ports']?.split(',').map(Number);
  // The machines' process loads its code while this one loads the server's.
  const [demo, { serve }] = await Promise.all([
    startDemo({
      dataDir,
      seed: Number(values.seed),
      pastHours: durationMs(values.past) / 3_600_000,
      ...(ports?.length === 4
        ? { ports: { opcUa: ports[0]!, modbus: ports[1]!, mqtt: ports[2]!, mtconnect: ports[3]! } }
        : {}),
    }),
    import('../serve.ts'),
  ]);
  try {
    await serve({
      plantFile: demo.plantFile,
      dataDir,
      host: values.host,
      port: Number(values.port),
      demo: true,
      language,
      beforeConnections: async ({ host, stream }) => {
        await demo.ready();
        await ingestPast({ dataDir, plant: host.model, ingest: (batch) => stream.ingest(batch) });
      },
      onStop: demo.close,
      ...(values.log ? { logLevel: values.log } : {}),
    });
  } catch (error) {
    await demo.close();
    throw error;
  }
}
