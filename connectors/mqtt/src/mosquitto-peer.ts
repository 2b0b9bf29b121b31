import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The Mosquitto broker as a peer of tests and benches, on a free port of 127.0.0.1. */
export interface MosquittoPeer {
  readonly port: number;
  readonly url: string;
  /** Folder of its configuration and its stored sessions. */
  readonly folder: string;
  start(): Promise<void>;
  /** Ends it in order, so that it writes its sessions down. */
  stop(): Promise<void>;
  /** Ends it as a power cut would: no wills are sent, nothing more is written down. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

const places = [
  '/usr/sbin/mosquitto',
  '/usr/local/sbin/mosquitto',
  '/opt/homebrew/sbin/mosquitto',
  '/usr/bin/mosquitto',
];

/** Path of the program, or null. */
export function findMosquitto(): string | null {
  return process.env.DEUNGDAE_MOSQUITTO ?? places.find((place) => existsSync(place)) ?? null;
}

/** Reason to skip a test that needs the broker; false when it is there. */
export const noMosquitto: string | false =
  findMosquitto() === null && 'mosquitto is not installed (apt install mosquitto)';

export async function startMosquitto(options: { lines?: string[]; port?: number } = {}): Promise<MosquittoPeer> {
  const program = findMosquitto();
  if (program === null) throw new Error('mosquitto is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-mosquitto-'));
  const port = options.port ?? (await freePort());
  const file = join(folder, 'mosquitto.conf');
  const lines = options.lines ?? ['allow_anonymous true'];
  await writeFile(
    file,
    [
      `listener ${port} 127.0.0.1`,
      'persistence true',
      `persistence_location ${folder}/`,
      'log_dest stderr',
      // Mosquitto run as root drops to this user, which could not write the folder.
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      ...lines,
      '',
    ].join('\n'),
  );
  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-4000);
    });
    await listening(port, child, () => log);
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  };
  await start();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    folder,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    close: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended: ${log()}`);
    const socket = connect(port, '127.0.0.1');
    const ok = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`mosquitto does not listen: ${log()}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
