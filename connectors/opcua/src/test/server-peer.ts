import { type ChildProcess, fork } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@deungdae/testing/free-port.ts';
import { writeCertificate } from '../own-certificate.ts';
import type { ServerSetup } from './server-process.ts';

type Setup = Partial<Omit<ServerSetup, 'port' | 'stateDir'>>;

/** A real server in a process of its own, on a port that stays the same from start to start. */
export class ServerPeer {
  readonly stateDir = mkdtempSync(join(tmpdir(), 'deungdae-opcua-server-'));
  readonly namespaceUri = 'urn:deungdae:opcua-test';
  port = 0;
  setup: Setup;
  #child: ChildProcess | null = null;
  #orders = 0;

  constructor(setup: Setup) {
    this.setup = setup;
  }

  static async at(setup: Setup): Promise<ServerPeer> {
    const peer = new ServerPeer(setup);
    peer.port = await freePort();
    return peer;
  }

  get endpoint(): string {
    return `opc.tcp://127.0.0.1:${this.port}`;
  }

  /** Makes the server's certificate before its first start, so that it can be trusted from the first connect. */
  async makeCertificate(): Promise<void> {
    await writeCertificate(
      join(this.stateDir, 'server-pki', 'certificate'),
      {
        name: 'Test server',
        applicationUri: `urn:${hostname()}:deungdae-server`,
        dns: [hostname()],
        ip: ['127.0.0.1'],
      },
      Date.now(),
    );
  }

  get thumbprint(): string {
    const file = join(this.stateDir, 'server-pki', 'certificate', 'certificate.pem');
    return new X509Certificate(readFileSync(file)).fingerprint.replaceAll(':', '');
  }

  /** NodeId text of a variable added by its path. */
  node(path: string): string {
    return `nsu=${this.namespaceUri};s=${path}`;
  }

  async start(): Promise<void> {
    if (this.#child) return;
    const setup: ServerSetup = {
      variables: [],
      minimumSamplingIntervalMs: 10,
      ...this.setup,
      namespaceUri: this.namespaceUri,
      port: this.port,
      stateDir: this.stateDir,
    };
    const url = new URL('./server-process.ts', import.meta.url);
    const child = fork(url, [JSON.stringify(setup)], {
      execPath: process.execPath,
      // Keeps NaN and undefined, which JSON does not.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    let complaint = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk).slice(-2000);
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the server ended (${code}): ${complaint}`);
    });
    ended.catch(() => {});
    await Promise.race([once(child, 'message'), ended]);
  }

  order(op: 'set' | 'stop' | 'add' | 'sessions', ...args: unknown[]): Promise<unknown> {
    const child = this.#child;
    if (!child) throw new Error('the server is off');
    const id = ++this.#orders;
    return new Promise((resolve) => {
      const onMessage = (answer: { id: number; result: unknown }) => {
        if (answer.id !== id) return;
        child.off('message', onMessage);
        resolve(answer.result);
      };
      child.on('message', onMessage);
      child.send({ id, op, args });
    });
  }

  set(path: string, value: unknown, timeUs?: number, status?: string): Promise<unknown> {
    return this.order('set', path, value, timeUs, status);
  }

  /** A power cut: the process is killed, its sockets close. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** An orderly shutdown, as at an update. */
  async shutDown(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    child.send({ id: 0, op: 'stop', args: [] });
    await once(child, 'exit');
    this.#child = null;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}
