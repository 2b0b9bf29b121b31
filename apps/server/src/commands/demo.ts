import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from '@deungdae/demo/start-demo.ts';
import { serve } from '../serve.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: 'data/demo' },
      port: { type: 'string', default: '7800' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      log: { type: 'string' },
    },
  });
  const dataDir = resolve(values.data);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const demo = await startDemo({ dataDir, seed: Number(values.seed), speed: Number(values.speed) });
  try {
    await serve({
      plantFile: demo.plantFile,
      dataDir,
      host: values.host,
      port: Number(values.port),
      demo: true,
      language,
      onStop: demo.close,
      ...(values.log ? { logLevel: values.log } : {}),
    });
  } catch (error) {
    await demo.close();
    throw error;
  }
}
