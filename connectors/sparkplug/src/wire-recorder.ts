import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a client wrote to its broker, packet by packet: the evidence for the statements of the specification. */
export interface ConnectPacket {
  type: 'connect';
  level: number;
  clean: boolean;
  clientId: string;
  /** Seconds; MQTT 5 only. */
  sessionExpiry: number | null;
  will: { topic: string; payload: Buffer; qos: number; retain: boolean } | null;
}
export interface PublishPacket {
  type: 'publish';
  topic: string;
  payload: Buffer;
  qos: number;
  retain: boolean;
}
export interface SubscribePacket {
  type: 'subscribe';
  filters: { filter: string; qos: number }[];
}
export interface DisconnectPacket {
  type: 'disconnect';
  reason: number;
}
export type WirePacket = ConnectPacket | PublishPacket | SubscribePacket | DisconnectPacket | { type: 'other' };

/** A proxy in front of a broker that keeps what clients write. One list a connection. */
export class WireRecorder {
  readonly sessions: WirePacket[][] = [];
  readonly port: number;
  readonly #close: () => Promise<void>;
  readonly #sockets: Set<Socket>;

  private constructor(port: number, sockets: Set<Socket>, close: () => Promise<void>) {
    this.port = port;
    this.#sockets = sockets;
    this.#close = close;
  }

  static async start(target: number): Promise<WireRecorder> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const packets: WirePacket[] = [];
      recorder.sessions.push(packets);
      const upstream = connect(target, '127.0.0.1');
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      let rest = Buffer.alloc(0);
      let level = 4;
      client.on('data', (chunk: Buffer) => {
        upstream.write(chunk);
        rest = Buffer.concat([rest, chunk]);
        for (let next = take(rest); next; next = take(rest)) {
          rest = rest.subarray(next.size);
          const packet = read(next.first, next.body, level);
          if (packet.type === 'connect') level = packet.level;
          packets.push(packet);
        }
      });
      upstream.pipe(client);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const recorder = new WireRecorder((server.address() as AddressInfo).port, sockets, async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return recorder;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Cuts all connections without a DISCONNECT. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function take(bytes: Buffer): { first: number; body: Buffer; size: number } | null {
  let length = 0;
  for (let i = 1; i < 5; i++) {
    const byte = bytes[i];
    if (byte === undefined) return null;
    length |= (byte & 127) << (7 * (i - 1));
    if (byte & 128) continue;
    const size = i + 1 + length;
    return bytes.length < size ? null : { first: bytes[0]!, body: bytes.subarray(i + 1, size), size };
  }
  return null;
}

class Fields {
  at = 0;
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  byte(): number {
    return this.bytes[this.at++]!;
  }
  short(): number {
    this.at += 2;
    return this.bytes.readUInt16BE(this.at - 2);
  }
  blob(): Buffer {
    const n = this.short();
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }
  text(): string {
    return this.blob().toString('utf8');
  }
  /** Skips MQTT 5 properties; returns the session expiry when it is the first one, as mqtt.js writes it. */
  properties(level: number): number | null {
    if (level < 5) return null;
    const n = this.byte();
    const found = n >= 5 && this.bytes[this.at] === 0x11 ? this.bytes.readUInt32BE(this.at + 1) : null;
    this.at += n;
    return found;
  }
}

function read(first: number, body: Buffer, level: number): WirePacket {
  const f = new Fields(body);
  switch (first >> 4) {
    case 1:
      return readConnect(f);
    case 3: {
      const qos = (first >> 1) & 3;
      const topic = f.text();
      if (qos > 0) f.short();
      f.properties(level);
      return { type: 'publish', topic, payload: body.subarray(f.at), qos, retain: (first & 1) === 1 };
    }
    case 8: {
      f.short();
      f.properties(level);
      const filters = [];
      while (f.at < body.length) filters.push({ filter: f.text(), qos: f.byte() & 3 });
      return { type: 'subscribe', filters };
    }
    case 14:
      return { type: 'disconnect', reason: body[0] ?? 0 };
    default:
      return { type: 'other' };
  }
}

function readConnect(f: Fields): ConnectPacket {
  f.text();
  const level = f.byte();
  const flags = f.byte();
  f.short();
  const sessionExpiry = f.properties(level);
  const clientId = f.text();
  let will: ConnectPacket['will'] = null;
  if (flags & 4) {
    f.properties(level);
    will = { topic: f.text(), payload: f.blob(), qos: (flags >> 3) & 3, retain: (flags & 32) !== 0 };
  }
  return { type: 'connect', level, clean: (flags & 2) !== 0, clientId, sessionExpiry, will };
}
