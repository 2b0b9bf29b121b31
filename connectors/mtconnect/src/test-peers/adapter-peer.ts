import { createServer, type Server, type Socket } from 'node:net';

/** An SHDR adapter for tests: says its state to who connects, answers PING, sends lines. */
export class AdapterPeer {
  readonly port: number;
  readonly #sockets = new Set<Socket>();
  readonly #state = new Map<string, string>();
  #server: Server | null = null;
  /** Null: an old adapter that does not know PING. */
  pongMs: number | null = 300;
  pings = 0;

  constructor(port: number) {
    this.port = port;
  }

  start(): Promise<void> {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        for (const line of chunk.toString().split('\n'))
          if (line.trim() === '* PING') {
            this.pings++;
            if (this.pongMs !== null) socket.write(`* PONG ${this.pongMs}\n`);
          }
      });
      for (const line of this.#state.values()) socket.write(line);
    });
    return new Promise((resolve) => this.#server!.listen(this.port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Sends a value now and to everyone who connects later. */
  set(tag: string, time: string, value: string): void {
    const line = `${time}|${tag}|${value}\n`;
    this.#state.set(tag, line);
    this.send(line);
  }

  send(text: string): void {
    for (const socket of this.#sockets) socket.write(text);
  }
}
