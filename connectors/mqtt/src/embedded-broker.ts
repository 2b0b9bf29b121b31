import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Plant } from '@deungdae/contracts/plant.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { Aedes } from 'aedes';
import { mqttError } from './errors.ts';

export type BrokerSettings = NonNullable<Plant['broker']>;

/** Messages a slow subscriber may have waiting; it then is not read from until it has caught up. */
const queueLimit = 1000;
const maxBytes = 1_048_576;

/**
 * Our own small MQTT 3.1.1 broker, for plants without one: in memory, so what a subscriber missed while the server was
 * down is gone. Nobody enters without a name and password. Throws `mqtt.brokerPortTaken`.
 */
export async function startEmbeddedBroker(
  settings: BrokerSettings,
  log: Logger,
): Promise<{ port: number; stop(): Promise<void> }> {
  const passwords = new Map(settings.users.map((user) => [user.name, digest(user.password)]));
  const broker = await Aedes.createBroker({ queueLimit, connectTimeout: 10_000, maxClientsIdLength: 256 });
  broker.authenticate = (client, name, password, done) => {
    const known = passwords.get(name ?? '');
    const matches =
      timingSafeEqual(digest(password?.toString() ?? ''), known ?? digest('nobody')) && known !== undefined;
    if (!matches) log.warn({ client: client.id, user: name ?? null }, 'broker: sign-in refused');
    done(matches ? null : Object.assign(new Error('refused'), { returnCode: 4 }), matches);
  };
  broker.authorizePublish = (_client, packet, done) => {
    const size = Buffer.byteLength(packet.payload);
    done(
      size > maxBytes
        ? new Error(`payload of ${size} bytes`)
        : packet.topic.startsWith('$SYS')
          ? new Error('$SYS is ours')
          : null,
    );
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (sockets.size >= settings.maxConnections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const closeBroker = () => new Promise<void>((resolve) => broker.close(() => resolve()));
  try {
    server.listen(settings.port, settings.host);
    await once(server, 'listening');
  } catch (error) {
    await closeBroker();
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw taken ? mqttError('mqtt.brokerPortTaken', { port: settings.port }) : error;
  }
  return {
    port: (server.address() as { port: number }).port,
    stop: async () => {
      await closeBroker();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
