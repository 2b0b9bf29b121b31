import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Agent } from './agent.ts';
import type { AgentDevice, AgentItem } from './agent-model.ts';
import { type AgentError, assetsDocument, devicesDocument, errorDocument, streamsDocument } from './documents.ts';
import { itemsOfPath } from './item-path.ts';

/** Open streams at once; more are refused. */
const maxStreams = 200;
/** Bytes waiting in one stream above which nothing more is written to it. */
const maxWaiting = 4 * 1024 * 1024;
const maxCount = 100_000;
const boundary = 'deungdae-part';

interface Query {
  devices: readonly AgentDevice[];
  wanted: ((target: AgentItem) => boolean) | null;
  from: number | null;
  count: number;
  at: number | null;
  intervalMs: number | null;
  heartbeatMs: number;
}

class Refused extends Error {
  readonly error: Omit<AgentError, 'uri'>;
  readonly status: number;

  constructor(status: number, error: Omit<AgentError, 'uri'>) {
    super(error.text);
    this.status = status;
    this.error = error;
  }
}

const invalid = (text: string) => new Refused(400, { code: 'INVALID_REQUEST', text });

/** An agent on HTTP: probe, current, sample (with streaming), asset(s). Read-only: nothing but GET is answered. */
export class AgentServer {
  #agent: Agent;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Set<() => void>();
  #frozen = false;

  constructor(agent: Agent) {
    this.#agent = agent;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  listen(port: number, host = '127.0.0.1'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /** Puts another agent in place, as a restart with a new instance does; open connections end. */
  replace(agent: Agent): void {
    this.#agent = agent;
    this.#drop();
  }

  /** For tests: while frozen the sockets stay open and nothing is sent. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
  }

  async close(): Promise<void> {
    this.#drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #drop(): void {
    for (const end of this.#streams) end();
    this.#streams.clear();
    for (const socket of this.#sockets) socket.destroy();
  }

  #answer(request: IncomingMessage, response: ServerResponse) {
    if (this.#frozen) return;
    const uri = request.url ?? '/';
    try {
      if (request.method !== 'GET') throw new Refused(405, { code: 'UNSUPPORTED', text: 'Only GET is supported.' });
      this.#route(new URL(uri, 'http://agent'), request, response);
    } catch (error) {
      const refused = error instanceof Refused ? error : invalid('The request could not be read.');
      const { model, headerInfo } = this.#agent;
      send(response, errorDocument(model, headerInfo, { ...refused.error, uri }), refused.status);
    }
  }

  #route(url: URL, request: IncomingMessage, response: ServerResponse) {
    const agent = this.#agent;
    const parts = url.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
    let devices = agent.model.devices;
    const verbs = ['probe', 'current', 'sample', 'asset', 'assets'];
    if (parts.length > 0 && !verbs.includes(parts[0]!)) {
      const device = agent.deviceOf(parts[0]!);
      if (!device) throw new Refused(404, { code: 'NO_DEVICE', text: `Could not find the device '${parts[0]}'` });
      devices = [device];
      parts.shift();
    }
    const [verb = 'probe', ...rest] = parts;
    if (verb === 'asset' || verb === 'assets') return this.#assets(rest, devices, url, response);
    if (rest.length > 0) throw new Refused(400, { code: 'INVALID_URI', text: `Nothing is at ${url.pathname}` });
    if (verb === 'probe') return send(response, devicesDocument(agent.model, agent.headerInfo, devices));
    if (verb !== 'current' && verb !== 'sample')
      throw new Refused(400, { code: 'INVALID_URI', text: `Nothing is at ${url.pathname}` });
    const query = this.#query(url, devices);
    if (query.intervalMs !== null) this.#stream(verb, query, request, response);
    else if (verb === 'current') send(response, this.#current(query));
    else send(response, this.#sample(query).document);
  }

  #query(url: URL, devices: readonly AgentDevice[]): Query {
    const { store } = this.#agent;
    const p = url.searchParams;
    const number = (name: string): number | null => {
      const text = p.get(name);
      if (text === null) return null;
      if (!/^-?\d{1,15}$/.test(text)) throw invalid(`'${name}' must be a whole number.`);
      return Number(text);
    };
    const within = (name: string, value: number | null, minimum: number, maximum: number) => {
      if (value === null || (value >= minimum && value <= maximum)) return value;
      const text = `'${name}' must be between ${minimum} and ${maximum}, but is ${value}.`;
      throw new Refused(404, {
        code: 'OUT_OF_RANGE',
        text,
        parameter: { name, value: String(value), minimum, maximum },
      });
    };
    const path = p.get('path');
    const items = path === null ? null : itemsOfPath(path, devices);
    if (path !== null && items === null)
      throw new Refused(400, { code: 'INVALID_XPATH', text: `The path could not be parsed: ${path}` });
    const all = devices.length === this.#agent.model.devices.length;
    const uuids = new Set(devices.map((d) => d.uuid));
    return {
      devices,
      wanted: items ? (t) => items.has(t) : all ? null : (t) => uuids.has(t.device.uuid),
      from: within('from', number('from'), store.firstSequence, store.nextSequence),
      at: within('at', number('at'), store.firstSequence, store.lastSequence),
      count: within('count', number('count'), -store.size, Math.max(store.size, maxCount)) ?? 100,
      intervalMs: within('interval', number('interval'), 0, 3_600_000),
      heartbeatMs: within('heartbeat', number('heartbeat'), 1, 3_600_000) ?? 10_000,
    };
  }

  #current(query: Query): string {
    const { model, store, headerInfo } = this.#agent;
    const state = query.at === null ? store.latest : store.stateAt(query.at);
    const observations = state.all().filter((o) => !query.wanted || query.wanted(o.target));
    return streamsDocument(model, headerInfo, this.#sequences(store.nextSequence), query.devices, observations);
  }

  #sample(query: Query): { document: string; next: number; found: number } {
    const { model, store, headerInfo } = this.#agent;
    if (query.count === 0) throw invalid("'count' must not be 0.");
    let observations: ReturnType<typeof store.back>;
    let next: number;
    if (query.count < 0) {
      observations = store.back(query.from ?? store.lastSequence, -query.count, query.wanted);
      next = Math.max(1, (observations[0]?.sequence ?? store.firstSequence) - 1);
    } else ({ observations, next } = store.from(query.from ?? store.firstSequence, query.count, query.wanted));
    const document = streamsDocument(model, headerInfo, this.#sequences(next), query.devices, observations);
    return { document, next, found: observations.length };
  }

  #sequences(next: number) {
    const { firstSequence, lastSequence } = this.#agent.store;
    return { first: firstSequence, last: lastSequence, next };
  }

  /** multipart/x-mixed-replace: a part whenever something is new, no oftener than the interval; else a heartbeat. */
  #stream(verb: 'current' | 'sample', query: Query, request: IncomingMessage, response: ServerResponse) {
    if (this.#streams.size >= maxStreams)
      throw new Refused(503, { code: 'INVALID_REQUEST', text: 'Too many streams.' });
    const agent = this.#agent;
    let next = query.from ?? agent.store.firstSequence;
    let timer: NodeJS.Timeout | null = null;
    let lastMs = performance.now();
    let soon = false;
    response.writeHead(200, {
      'Content-Type': `multipart/x-mixed-replace;boundary=${boundary}`,
      'Cache-Control': 'no-cache',
      Connection: 'close',
    });
    const write = (document: string) => {
      lastMs = performance.now();
      const body = Buffer.from(document);
      response.write(`--${boundary}\r\nContent-type: text/xml\r\nContent-length: ${body.length}\r\n\r\n`);
      response.write(body);
      response.write('\r\n');
    };
    const schedule = (ms: number) => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(tick, ms);
    };
    const tick = () => {
      soon = false;
      timer = null;
      if (this.#frozen || response.writableLength > maxWaiting) return schedule(Math.max(20, query.intervalMs!));
      if (verb === 'current') {
        write(this.#current(query));
        return schedule(Math.max(1, query.intervalMs!));
      }
      if (next < agent.store.firstSequence) return end();
      const { document, next: after, found } = this.#sample({ ...query, from: next });
      next = after;
      if (found > 0 || performance.now() - lastMs >= query.heartbeatMs) write(document);
      if (next < agent.store.nextSequence) schedule(query.intervalMs!);
      else schedule(Math.max(1, query.heartbeatMs - (performance.now() - lastMs)));
    };
    const stop = agent.onObservation(() => {
      if (soon || verb === 'current') return;
      soon = true;
      schedule(Math.max(0, query.intervalMs! - (performance.now() - lastMs)));
    });
    const end = () => {
      stop();
      if (timer) clearTimeout(timer);
      timer = null;
      this.#streams.delete(end);
      response.end(`--${boundary}--\r\n`);
    };
    this.#streams.add(end);
    request.on('close', end);
    response.on('close', end);
    tick();
  }

  #assets(ids: string[], devices: readonly AgentDevice[], url: URL, response: ServerResponse) {
    const { model, headerInfo, assets } = this.#agent;
    if (ids.length > 0) {
      const wanted = ids.flatMap((part) => part.split(';'));
      const found = wanted.map((assetId) => {
        const element = assets.find(assetId);
        if (!element)
          throw new Refused(404, { code: 'ASSET_NOT_FOUND', text: `Cannot find asset: ${assetId}`, assetId });
        return element;
      });
      return send(response, assetsDocument(model, headerInfo, found));
    }
    const type = url.searchParams.get('type');
    const count = Number(url.searchParams.get('count') ?? 100);
    if (!(count >= 1)) throw invalid("'count' must be at least 1.");
    const one = devices.length === model.devices.length ? undefined : devices[0]!.uuid;
    const list = assets.list({ count, ...(type ? { type } : {}), ...(one ? { deviceUuid: one } : {}) });
    send(response, assetsDocument(model, headerInfo, list));
  }
}

function send(response: ServerResponse, document: string, status = 200): void {
  const body = Buffer.from(document);
  response.writeHead(status, { 'Content-Type': 'text/xml; charset=utf-8', 'Content-Length': body.length });
  response.end(body);
}
