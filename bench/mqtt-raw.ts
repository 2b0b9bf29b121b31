import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The least that a client of an MQTT 3.1.1 broker must do: what the broker alone can carry is measured with it. */
export interface RawClient {
  subscribe(filter: string): Promise<void>;
  /** QoS 0. Resolves at once, or when the socket has drained. */
  publish(topic: string, payload: Uint8Array): Promise<void> | undefined;
  close(): void;
}

export async function rawClient(
  port: number,
  clientId: string,
  onPublish?: (bytes: number) => void,
): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const answers: (() => void)[] = [];
  readPackets(socket, (type, length) => {
    if (type === 3) onPublish?.(length);
    else answers.shift()?.();
  });
  const ask = (packet: Buffer) =>
    new Promise<void>((resolve) => {
      answers.push(resolve);
      socket.write(packet);
    });
  await ask(packet(0x10, [text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId)]));
  return {
    subscribe: (filter) => ask(packet(0x82, [Buffer.from([0, 1]), text(filter), Buffer.from([0])])),
    publish: (topic, payload) => {
      if (socket.write(packet(0x30, [text(topic), payload]))) return;
      return once(socket, 'drain').then(() => {});
    },
    close: () => socket.destroy(),
  };
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function packet(first: number, parts: Uint8Array[]): Buffer {
  let rest = parts.reduce((sum, p) => sum + p.length, 0);
  const header = [first];
  do {
    header.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), ...parts]);
}

/** Calls back with type and length of every packet; bodies are not looked at. */
function readPackets(socket: Socket, onPacket: (type: number, length: number) => void): void {
  let type = -1;
  let shift = 0;
  let length = 0;
  let skip = 0;
  socket.on('data', (chunk: Buffer) => {
    for (let i = 0; i < chunk.length; ) {
      if (skip > 0) {
        const n = Math.min(skip, chunk.length - i);
        i += n;
        skip -= n;
        continue;
      }
      const byte = chunk[i++]!;
      if (type < 0) {
        type = byte >> 4;
        shift = 0;
        length = 0;
        continue;
      }
      length |= (byte & 127) << shift;
      shift += 7;
      if (byte & 128) continue;
      onPacket(type, length);
      type = -1;
      skip = length;
    }
  });
}
