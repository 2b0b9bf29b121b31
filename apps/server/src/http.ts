import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Caller, type Handlers, type Route, type RouteId, routes } from '@deungdae/contracts/api.ts';
import type { Identity } from '@deungdae/identity/module.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { apiError, coded, inputError, languageOf } from './api-error.ts';
import { serverError } from './errors.ts';
import type { LiveHub } from './live.ts';
import { openApiDocument } from './openapi.ts';

/** A handler returns this to send a file and remove it afterwards. */
export class FileAnswer {
  readonly file: string;
  readonly name: string;
  readonly type: string;
  readonly done: () => void;
  constructor(file: string, name: string, type: string, done: () => void) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.done = done;
  }
}

export interface HttpOptions {
  handlers: Handlers;
  identity: Identity;
  live: LiveHub;
  log: Logger;
  /** PEM texts; plain HTTP when left out. */
  tls?: { key: string; cert: string };
  health: () => { ok: boolean; detail: Record<string, unknown> };
  metrics: () => Promise<string>;
  webFolder: string;
  requestsPerMinute: number;
}

const cookieName = 'deungdae_session';
const bodyLimit = 8 * 1024 * 1024;

/** The one door from outside: routes of the contract, live socket, health, metrics and the web's files. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { handlers, identity, live, log } = options;
  const server = Fastify({
    loggerInstance: undefined,
    bodyLimit,
    requestTimeout: 60_000,
    trustProxy: false,
    routerOptions: { maxParamLength: 300 },
    ...(options.tls ? { https: options.tls } : {}),
  }) as unknown as FastifyInstance;
  await server.register(rateLimit, { max: options.requestsPerMinute, timeWindow: 60_000, cache: 5_000 });
  await server.register(websocket, { options: { maxPayload: 64 * 1024 } });

  server.addHook('onRequest', async (request, reply) => {
    securityHeaders(reply, options.tls !== undefined);
    if (request.method !== 'GET' && request.method !== 'HEAD') sameOrigin(request);
  });
  server.setErrorHandler(async (error, request, reply) => {
    const known = coded(error, log);
    const language = languageOf(undefined, request.headers['accept-language']);
    return reply.status(known.status).send(apiError(known, (request as { language?: string }).language ?? language));
  });

  const callerOf = (request: FastifyRequest) =>
    identity.callerOf({
      session: cookieOf(request, cookieName),
      token: /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1],
    });

  for (const [id, route] of Object.entries(routes) as [RouteId, Route][]) {
    const handler = handlers[id] as ((input: unknown, caller: Caller) => Promise<unknown>) | undefined;
    if (!handler) throw new Error(`no handler for route ${id}`);
    server.route({
      method: route.method,
      url: `/api${route.path}`,
      handler: async (request, reply) => {
        const caller = await admitted(route, await callerOf(request), request);
        const input = {
          params: parsed('params', route.params, request.params),
          query: parsed('query', route.query, request.query),
          body: parsed('body', route.body, request.body),
        };
        const answer = await handler(input, caller);
        if (answer instanceof FileAnswer) return sendFile(reply, answer);
        if (id === 'signOut') reply.header('set-cookie', cookie('', 0, options.tls !== undefined));
        if (isSessionAnswer(answer)) {
          reply.header('set-cookie', cookie(answer.session, 30 * 86_400, options.tls !== undefined));
          return answer.user;
        }
        return answer;
      },
    });
  }

  server.get('/api/openapi.json', async () => openApiDocument());
  server.get('/health', async (_request, reply) => {
    const health = options.health();
    return reply.status(health.ok ? 200 : 503).send(health);
  });
  server.get('/metrics', async (request, reply) => {
    const caller = await callerOf(request);
    if (!caller && !isLoopback(request.ip)) throw serverError('server.notSignedIn', {}, { status: 401 });
    return reply.type('text/plain; version=0.0.4').send(await options.metrics());
  });
  server.get('/api/live', { websocket: true }, async (socket, request) => {
    const caller = await callerOf(request);
    if (!caller || !originMatches(request)) return socket.close(4401, 'not signed in');
    live.attach(socket, caller);
  });
  await serveWeb(server, options.webFolder);
  return server;
}

/** `CallerRequest` data that public routes need: the network address and the session cookie. */
export interface PublicCaller extends Caller {
  address: string;
  session: string | undefined;
}

async function admitted(route: Route, caller: Caller | null, request: FastifyRequest): Promise<PublicCaller> {
  const language = languageOf(caller?.language, request.headers['accept-language']);
  (request as { language?: string }).language = language;
  const about = { address: request.ip, session: cookieOf(request, cookieName) };
  if (route.access === 'public')
    return {
      ...(caller ?? { userId: '', name: '', role: 'operator', via: 'public' }),
      ...about,
      language,
    } as PublicCaller;
  if (!caller) throw serverError('server.notSignedIn', {}, { status: 401 });
  if (route.access !== 'signedIn' && caller.role !== 'administrator' && !route.access.includes(caller.role)) {
    throw serverError('server.notAllowed', { role: caller.role }, { status: 403 });
  }
  return { ...caller, ...about };
}

function parsed(where: string, schema: Route['query'] | Route['body'], value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value ?? {});
  if (!result.success) throw inputError(where, result.error);
  return result.data;
}

function isSessionAnswer(answer: unknown): answer is { user: unknown; session: string } {
  return typeof answer === 'object' && answer !== null && 'session' in answer && 'user' in answer;
}

function sendFile(reply: FastifyReply, answer: FileAnswer): FastifyReply {
  const stream = createReadStream(answer.file);
  stream.on('close', answer.done);
  return reply
    .type(answer.type)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(answer.name)}`)
    .send(stream);
}

function cookie(value: string, maxAgeS: number, secure: boolean): string {
  return `${cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure ? '; Secure' : ''}`;
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value) return value;
  }
  return undefined;
}

function originMatches(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || URL.parse(origin)?.host === host;
}

/** A cookie alone must not let another site act: SameSite=Strict, and the Origin has to be ours when it is sent. */
function sameOrigin(request: FastifyRequest): void {
  if (!originMatches(request)) throw serverError('server.wrongOrigin', {}, { status: 403 });
}

function securityHeaders(reply: FastifyReply, tls: boolean): void {
  reply.headers({
    'content-security-policy':
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    ...(tls ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  });
}

function isLoopback(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}

async function serveWeb(server: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'));
  if (built)
    await server.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      maxAge: '1y',
      immutable: true,
      index: false,
    });
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0]!;
    if (path.startsWith('/api/') || request.method !== 'GET' || !built || /\.\w+$/.test(path)) {
      const error = serverError('server.notFound', { path: path.slice(0, 200) }, { status: 404 });
      return reply.status(404).send(apiError(error, languageOf(undefined, request.headers['accept-language'])));
    }
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html')
      .send(createReadStream(join(folder, 'index.html')));
  });
}
