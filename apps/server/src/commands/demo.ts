import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { durationMs } from '@deungdae/contracts/plant.ts';
import { ingestPast } from '@deungdae/demo/past.ts';
import { callInProcess } from '@deungdae/demo/shop-floor/call.ts';
import { Crew } from '@deungdae/demo/shop-floor/crew.ts';
import { seedShopFloor } from '@deungdae/demo/shop-floor/seed.ts';
import { startDemo } from '@deungdae/demo/start-demo.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { seededRandom } from '@deungdae/testing/random.ts';

/** Who the demo's people are to the server; their badges say who did what. */
const crewCaller = { userId: 'demo-crew', name: 'demo-crew', role: 'engineer', via: 'cli' } as const;

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: 'data/demo' },
      port: { type: 'string', default: '7800' },
      host: { type: 'string', default: '127.0.0.1' },
      // Encrypted for tablets, on a second port.
      https: { type: 'boolean', default: false },
      'https-port': { type: 'string', default: '7843' },
      seed: { type: 'string', default: '1' },
      past: { type: 'string', default: '24h' },
      log: { type: 'string' },
      // Without people at the kiosks: machines only.
      'no-crew': { type: 'boolean', default: false },
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
  let crew: Crew | null = null;
  try {
    const running = await serve({
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
      onStop: async () => {
        crew?.stop();
        await demo.close();
      },
      ...(values.https ? { httpsPort: Number(values['https-port']) } : {}),
      ...(values.log ? { logLevel: values.log } : {}),
    });
    if (values['no-crew']) return;
    const call = callInProcess(running.handlers, { ...crewCaller, language });
    const from = systemClock.nowUs() - durationMs(values.past) * 1000;
    await seedShopFloor(call, from);
    crew = new Crew({
      ...{ call, clock: systemClock, random: seededRandom(Number(values.seed)) },
      log: createLogger({ level: values.log ?? process.env.DEUNGDAE_LOG ?? 'warn' }).child({ part: 'demo-crew' }),
    });
    await crew.work(from);
  } catch (error) {
    await demo.close();
    throw error;
  }
}
