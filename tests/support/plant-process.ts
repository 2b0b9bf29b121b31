import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', 'apps', 'server', 'deungdae.js');

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export interface PlantProcess {
  url: string;
  /** The first-run link as printed; empty when there was none. */
  setupLink: string;
  dataDir: string;
  child: ChildProcess;
  output(): string;
  /** Ends the server as Ctrl+C would, and removes the data. */
  stop(): Promise<void>;
}

/** Runs the real command line, in `cwd` when given. `args` follow the command; data and port are added. */
export async function startPlantProcess(
  command: 'demo' | 'start',
  args: readonly string[] = [],
  keptDataDir?: string,
  cwd?: string,
): Promise<PlantProcess> {
  const dataDir = keptDataDir ?? (await mkdtemp(join(tmpdir(), 'plant-')));
  const [port, ...machinePorts] = await freePorts(5);
  const demo = command === 'demo' ? ['--machine-ports', machinePorts.join(',')] : [];
  const child = spawn(process.execPath, [main, command, '--data', dataDir, '--port', String(port), ...demo, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, LANG: 'ko_KR.UTF-8', LC_ALL: 'ko_KR.UTF-8' },
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!output.includes('Ctrl+C')) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output}`);
    if (Date.now() > deadline) {
      // Left running it would hold the test's own process for ever.
      child.kill('SIGKILL');
      throw new Error(`the server did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url,
    setupLink: /http\S+\/setup\?token=\S+/.exec(output)?.[0] ?? '',
    dataDir,
    child,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(timer);
      if (!keptDataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
