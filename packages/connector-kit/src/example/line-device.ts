import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { ContractPeer } from '../contract-suite.ts';

/** The device of `line-connector.ts`: keeps its lines until they are acknowledged and repeats them to who connects. */
export class LineDevice implements ContractPeer {
  readonly port: number;
  readonly #names: readonly string[];
  #server: Server | null = null;
  #sockets = new Set<Socket>();
  #kept: { number: number; line: string }[] = [];
  #next = 1;
  #timer: NodeJS.Timeout | null = null;

  constructor(port: number, names: readonly string[]) {
    this.port = port;
    this.#names = names;
  }

  /** Lines that nobody has acknowledged. */
  get unacknowledged(): number {
    return this.#kept.length;
  }

  async start(): Promise<void> {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('data', (data) => {
        for (const [, number] of data.toString().matchAll(/ack (\d+)\n/g))
          this.#kept = this.#kept.filter((k) => k.number > Number(number));
      });
      socket.write(`.\n${this.#kept.map((k) => k.line).join('')}`);
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#timer = setInterval(() => this.#send('.\n'), 50);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.resetAndDestroy();
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.close();
    await once(server, 'close');
  }

  async change(round: number): Promise<Record<string, number>> {
    const values: Record<string, number> = {};
    this.#names.forEach((name, i) => {
      const value = round * 100 + i;
      const number = this.#next++;
      const line = `${number}\t${name}=${value}\n`;
      this.#kept.push({ number, line });
      this.#send(line);
      values[`plant/line/machine/${name}`] = value;
    });
    return values;
  }

  #send(text: string): void {
    for (const socket of this.#sockets) socket.write(text);
  }
}
