import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMachines } from './machines.ts';

/**
 * The demo's machines as a process of their own: physics and the four protocol servers. The parent sends
 * `{ stop: machine }`, `{ resume: machine }`; it hears `{ serverKey }` and `{ ready }`. Ends with its parent.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seed: { type: 'string', default: '1' },
    past: { type: 'string', default: '24' },
    ports: { type: 'string' },
    hurry: { type: 'string' },
  },
});
const dataDir = values.data!;
mkdirSync(dataDir, { recursive: true });
const truth = createWriteStream(join(dataDir, 'truth.ndjson'), { flags: 'a' });

process.on('uncaughtException', (error: NodeJS.ErrnoException & { port?: number }) => {
  process.send?.({ failed: error.code === 'EADDRINUSE' ? { port: error.port ?? 0 } : { detail: error.message } }, () =>
    process.exit(1),
  );
});

const machines = await startMachines({
  stateDir: dataDir,
  seed: Number(values.seed),
  pastHours: Number(values.past),
  ports: JSON.parse(values.ports!),
  ...(values.hurry ? { hurry: JSON.parse(values.hurry) } : {}),
  onTruth: (line) => truth.write(`${JSON.stringify(line)}\n`),
  onServerKey: (certificate) => process.send?.({ serverKey: certificate }),
});
process.send?.({ ready: true });
process.on('message', (message: { stop?: string; resume?: string }) => {
  if (message.stop) machines.stopByHand(message.stop);
  if (message.resume) machines.resumeByHand(message.resume);
});
const end = async () => {
  await machines.close();
  process.exit(0);
};
process.on('disconnect', end);
process.on('SIGTERM', end);
// Ctrl+C goes to the whole group; the parent decides when the machines end.
process.on('SIGINT', () => {});
