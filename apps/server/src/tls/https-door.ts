import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { FastifyInstance } from 'fastify';
import { serverError } from '../errors.ts';
import type { PlantAuthority } from './authority.ts';
import { type HostNames, hostNames } from './host-names.ts';

const lookAgainMs = 60_000;

/** The same routes as the plain port, encrypted, with a certificate that follows the machine's addresses. */
export class HttpsDoor {
  readonly #authority: PlantAuthority;
  readonly #http: FastifyInstance;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #names: () => HostNames;
  #server: Server | null = null;
  #cancel = () => {};

  constructor(
    parts: { authority: PlantAuthority; http: FastifyInstance; clock: Clock; log: Logger },
    names: () => HostNames = hostNames,
  ) {
    this.#authority = parts.authority;
    this.#http = parts.http;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#names = names;
  }

  /** The port listened on. Throws `server.portTaken`. */
  async listen(options: { host: string; port: number }): Promise<number> {
    const { identity } = await this.#authority.serverFor(this.#names());
    await this.#http.ready();
    const server = createServer({ ...identity, minVersion: 'TLSv1.2' }, (request, response) =>
      this.#http.routing(request, response),
    );
    server.requestTimeout = 60_000;
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.#http.server.emit('upgrade', request, socket, head);
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' ? serverError('server.portTaken', { port: options.port }) : error),
      );
      server.listen(options.port, options.host, resolve);
    });
    this.#watch();
    return (server.address() as { port: number }).port;
  }

  /** A new certificate when the addresses changed or the old one nears its end; open connections go on. */
  async renew(): Promise<boolean> {
    const { identity, renewed } = await this.#authority.serverFor(this.#names());
    if (renewed) {
      this.#server?.setSecureContext({ ...identity, minVersion: 'TLSv1.2' });
      this.#log.info({ names: this.#names() }, 'server certificate renewed');
    }
    return renewed;
  }

  async close(): Promise<void> {
    this.#cancel();
    const server = this.#server;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  #watch(): void {
    this.#cancel = this.#clock.after(lookAgainMs, () => {
      this.renew()
        .catch((error) => this.#log.error({ error }, 'the server certificate could not be renewed'))
        .finally(() => this.#watch());
    });
  }
}

export function isEncrypted(request: { raw: IncomingMessage }): boolean {
  return 'encrypted' in request.raw.socket;
}
