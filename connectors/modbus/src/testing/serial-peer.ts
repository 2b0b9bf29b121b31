import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { ContractPeer } from '@deungdae/connector-kit/contract-suite.ts';
import modbus from 'modbus-serial';

/** An independent Modbus TCP server (modbus-serial) with a register memory per unit. Addresses outside it answer 02. */
export class SerialPeer implements ContractPeer {
  readonly port: number;
  readonly registers: Buffer;
  readonly bits: boolean[];
  /** Offsets that answer exception 02. */
  readonly holes = new Set<number>();
  /** Exceptions 02 given. */
  refused = 0;
  #server: InstanceType<typeof modbus.ServerTCP> | null = null;
  #sockets = new Set<Socket>();
  readonly #change: (round: number, peer: SerialPeer) => Record<string, number | string | boolean>;

  constructor(
    port: number,
    change: (round: number, peer: SerialPeer) => Record<string, number | string | boolean>,
    size = 1_000,
  ) {
    this.port = port;
    this.registers = Buffer.alloc(size * 2);
    this.bits = new Array<boolean>(size).fill(false);
    this.#change = change;
  }

  async start(): Promise<void> {
    const word = (address: number) => {
      if (this.holes.has(address) || address * 2 >= this.registers.length) {
        this.refused++;
        throw { modbusErrorCode: 2 };
      }
      return this.registers.readUInt16BE(address * 2);
    };
    const bit = (address: number) => {
      if (address >= this.bits.length) throw { modbusErrorCode: 2 };
      return this.bits[address]!;
    };
    const server = new modbus.ServerTCP(
      { getHoldingRegister: word, getInputRegister: word, getCoil: bit, getDiscreteInput: bit },
      { host: '127.0.0.1', port: this.port, unitID: 255 },
    );
    this.#server = server;
    server.on('socketError', () => {});
    server.on('serverError', () => {});
    const net = (server as unknown as { _server: Server })._server;
    net.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
    if (!net.listening) await once(net, 'listening');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async change(round: number) {
    return this.#change(round, this);
  }
}
