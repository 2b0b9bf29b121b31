import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoError } from './errors.ts';
import { type DemoPorts, demoPorts } from './ports.ts';

export interface Demo {
  /** The demo's plant file, in the data folder; a person may edit it. */
  plantFile: string;
  /**
   * Resolves when the machines answer on all their ports (at the first start, after they have lived their past) and the
   * certificate of their OPC UA server lies among the trusted ones of this data folder.
   */
  ready(): Promise<void>;
  stop(machine: string): void;
  resume(machine: string): void;
  close(): Promise<void>;
}

export interface DemoOptions {
  dataDir: string;
  seed: number;
  /** Hours that the machines have lived before the first start (default a day): what they said is put into the history. */
  pastHours?: number;
  ports?: DemoPorts;
  /** Data folder of the server that will read these machines, when it is another one. */
  serverDataDir?: string;
  /** Machines and their people live so many times faster than the clock, from `from` of their day on (default 1). */
  hurry?: Hurry;
}

/** Time for tests that need a shift in minutes. What is said carries the real time at which it is said. */
export interface Hurry {
  speed: number;
  /** Minute of the people's day at which the hurried time begins, 0 … 1439: breaks and nights come from there. */
  fromMinute: number;
}

const readyMs = 60_000;

/** Starts the machines in their own process and puts the plant file beside the data when there is none yet. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const ports = options.ports ?? demoPorts;
  const stateDir = join(options.dataDir, 'machines');
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const args = [
    '--data',
    stateDir,
    '--seed',
    String(options.seed),
    '--past',
    String(options.pastHours ?? 24),
    '--ports',
    JSON.stringify(ports),
    ...(options.hurry ? ['--hurry', JSON.stringify(options.hurry)] : []),
  ];
  const child = fork(join(import.meta.dirname, 'machines-process.ts'), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const serverKey = message(child, 'serverKey');
  const ready = message(child, 'ready');
  // Whoever waits for them hears of it; nobody has to.
  serverKey.catch(() => {});
  ready.catch(() => {});
  const plantFile = join(options.dataDir, 'plant.yaml');
  if (!existsSync(plantFile)) writeFileSync(plantFile, plantText(ports));
  return {
    plantFile,
    ready: async () => {
      trust(options.serverDataDir ?? options.dataDir, String(await serverKey));
      await ready;
    },
    stop: (machine) => child.send({ stop: machine }),
    resume: (machine) => child.send({ resume: machine }),
    close: () => closed(child),
  };
}

/** What a person does after comparing thumbprints: puts the server's certificate (PEM) among the trusted ones. */
function trust(dataDir: string, certificate: string): void {
  const folder = join(dataDir, 'connections', 'moulding-opcua', 'pki', 'trusted', 'certs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'hanbit-moulding.pem'), certificate);
}

/** The plant file as shipped, with these ports. */
function plantText(ports: DemoPorts): string {
  const shipped = readFileSync(join(import.meta.dirname, '..', 'plant.yaml'), 'utf8');
  return shipped
    .replaceAll(`:${demoPorts.opcUa}`, `:${ports.opcUa}`)
    .replaceAll(`port: ${demoPorts.modbus}`, `port: ${ports.modbus}`)
    .replaceAll(`:${demoPorts.mqtt}`, `:${ports.mqtt}`)
    .replaceAll(`:${demoPorts.mtconnect}`, `:${ports.mtconnect}`);
}

function failure({ port, detail }: { port?: number; detail?: string }): Error {
  if (port !== undefined) return demoError('demo.portTaken', { port });
  return demoError('demo.machinesFailed', { detail: detail ?? '' });
}

/** The first message of the machines that has this key. */
function message(child: ChildProcess, key: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failure({ detail: 'no answer' })), readyMs);
    timer.unref();
    const onMessage = (said: Record<string, unknown>) => {
      if ('failed' in said) reject(failure(said.failed as { port?: number; detail?: string }));
      if (!(key in said)) return;
      clearTimeout(timer);
      child.off('message', onMessage);
      resolve(said[key]);
    };
    child.on('message', onMessage);
    child.once('exit', (code) => reject(failure({ detail: `exit ${code}` })));
  });
}

function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}
