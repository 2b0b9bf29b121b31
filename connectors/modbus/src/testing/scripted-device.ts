import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export interface Request {
  transaction: number;
  unit: number;
  fn: number;
  start: number;
  count: number;
  /** Sends bytes as they are. */
  raw(bytes: Uint8Array): void;
  /** A right answer with these registers. */
  answer(registers: readonly number[], overrides?: { transaction?: number; unit?: number; fn?: number }): void;
  exception(code: number): void;
}

/** A device that does to each request exactly what the test says: for late, wrong and missing answers. */
export class ScriptedDevice {
  port = 0;
  readonly seen: Request[] = [];
  connections = 0;
  readonly #onRequest: (request: Request) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(onRequest: (request: Request) => void) {
    this.#onRequest = onRequest;
  }

  async start(): Promise<this> {
    this.#server = createServer((socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('data', (data) => {
        for (let at = 0; at + 12 <= data.length; at += 12) this.#handle(socket, data.subarray(at, at + 12));
      });
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
    if (this.#server) await once(this.#server, 'close');
  }

  #handle(socket: Socket, frame: Buffer): void {
    const [transaction, unit, fn] = [frame.readUInt16BE(0), frame[6]!, frame[7]!];
    const send = (t: number, u: number, pdu: Buffer) => {
      const head = Buffer.alloc(7);
      head.writeUInt16BE(t, 0);
      head.writeUInt16BE(pdu.length + 1, 4);
      head[6] = u;
      if (!socket.destroyed) socket.write(Buffer.concat([head, pdu]));
    };
    const request: Request = {
      transaction,
      unit,
      fn,
      start: frame.readUInt16BE(8),
      count: frame.readUInt16BE(10),
      raw: (bytes) => void (socket.destroyed || socket.write(bytes)),
      answer: (registers, o = {}) => {
        const body = Buffer.alloc(registers.length * 2);
        for (const [i, r] of registers.entries()) body.writeUInt16BE(r, i * 2);
        const pdu = Buffer.concat([Buffer.from([o.fn ?? fn, body.length]), body]);
        send(o.transaction ?? transaction, o.unit ?? unit, pdu);
      },
      exception: (code) => send(transaction, unit, Buffer.from([fn | 0x80, code])),
    };
    this.seen.push(request);
    this.#onRequest(request);
  }
}
