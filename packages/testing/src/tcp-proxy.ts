import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';

/**
 * A faulty network between a client and a server on 127.0.0.1.
 *
 * `pass` carries; `swallow` is the half-open link (a cable pulled between two switches): connections stay open, nothing
 * arrives, no FIN and no RST ever comes, and new connections are accepted and swallowed too. What was swallowed stays
 * dead after `pass()`, as behind a firewall that forgot the flow; new connections are carried.
 */
export interface TcpProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Client connections open now. */
  open(): number;
  /** Client connections accepted since the start. */
  accepted(): number;
  pass(): void;
  swallow(): void;
  /** Ends all connections in order (FIN). */
  cut(): void;
  /** Resets all connections (RST). */
  reset(): void;
  /** Stops listening and resets: the next connect is refused. */
  down(): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  setLatency(ms: number): void;
  /** Bytes a second and direction; null is unlimited. */
  setThrottle(bytesPerSecond: number | null): void;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  upstream: Socket | null;
  dead: boolean;
}

export async function createTcpProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let accepted = 0;
  let swallowing = false;
  let latencyMs = 0;
  let bytesPerSecond: number | null = null;
  let server: Server | null = null;
  let port = 0;

  const carry = (pair: Pair, from: Socket, to: Socket) => {
    let freeAt = 0;
    from.on('data', (chunk) => {
      if (pair.dead) return;
      const now = performance.now();
      const spend = bytesPerSecond ? (chunk.length / bytesPerSecond) * 1000 : 0;
      freeAt = Math.max(freeAt, now) + spend;
      const wait = freeAt - now + latencyMs;
      const send = () => {
        if (!pair.dead && !to.destroyed) to.write(chunk);
      };
      if (wait <= 0.5) return send();
      // Held bytes are bounded by holding the sender.
      if (wait > 50) from.pause();
      setTimeout(() => {
        send();
        from.resume();
      }, wait);
    });
    from.on('end', () => {
      if (!pair.dead) to.end();
    });
    from.on('close', () => {
      if (!pair.dead) to.destroy();
    });
  };

  const accept = (client: Socket) => {
    accepted++;
    const pair: Pair = { client, upstream: null, dead: swallowing };
    pairs.add(pair);
    client.on('error', () => {});
    client.on('close', () => {
      pairs.delete(pair);
      pair.upstream?.destroy();
    });
    if (pair.dead) {
      client.on('data', () => {});
      return;
    }
    const upstream = new Socket();
    pair.upstream = upstream;
    upstream.setNoDelay(true);
    client.setNoDelay(true);
    upstream.on('error', () => {
      if (!pair.dead) client.destroy();
    });
    upstream.connect(target.port, target.host ?? '127.0.0.1');
    carry(pair, client, upstream);
    carry(pair, upstream, client);
  };

  const listen = async () => {
    server = createServer(accept);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const resetAll = () => {
    for (const pair of pairs) pair.client.resetAndDestroy();
  };
  const down = async () => {
    const closing = server;
    server = null;
    resetAll();
    if (!closing) return;
    closing.close();
    await once(closing, 'close');
  };
  await listen();

  return {
    host: '127.0.0.1',
    get port() {
      return port;
    },
    open: () => pairs.size,
    accepted: () => accepted,
    pass: () => {
      swallowing = false;
    },
    swallow: () => {
      swallowing = true;
      for (const pair of pairs) pair.dead = true;
    },
    cut: () => {
      for (const pair of pairs) pair.client.end();
    },
    reset: resetAll,
    down,
    up: listen,
    setLatency: (ms) => {
      latencyMs = ms;
    },
    setThrottle: (rate) => {
      bytesPerSecond = rate;
    },
    close: down,
  };
}
