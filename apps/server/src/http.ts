import { createReadStream } from 'node:fs';
import { type Caller, type Handlers, type Route, type RouteId, routes } from '@deungdae/contracts/api.ts';
import type { Identity } from '@deungdae/identity/module.ts';
import { BytesAnswer, FileAnswer } from '@deungdae/kernel/answers.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  admit,
  admitInput,
  callerOf,
  deviceCookie,
  isLocal,
  languageFor,
  publicCaller,
  sameOrigin,
  sessionCookie,
} from './admission.ts';
import { apiError, coded, inputError } from './api-error.ts';
import { serverError } from './errors.ts';
import type { LiveHub } from './live.ts';
import { openApiDocument } from './openapi.ts';
import type { PlantAuthority } from './tls/authority.ts';
import { isEncrypted } from './tls/https-door.ts';
import { isTrustPath, serveTrust } from './tls/trust-page.ts';
import { serveWeb } from './web-files.ts';

export interface HttpOptions {
  handlers: Handlers;
  identity: Identity;
  live: LiveHub;
  log: Logger;
  /** PEM texts; plain HTTP when left out. */
  tls?: { key: string; cert: string };
  /** The encrypted second port: its authority, and whether the plain one serves only this computer and `/trust`. */
  https?: { authority: PlantAuthority; port(): number };
  health: () => Promise<{ ok: boolean }>;
  metrics: () => Promise<string>;
  webFolder: string;
  requestsPerMinute: number;
}

const bodyLimit = 8 * 1024 * 1024;
const closeGraceMs = 3_000;
/** Metrics tell of connections and load: not for partners. */
const metricReaders = ['operator', 'supervisor', 'engineer', 'auditor'] as const;
const liveReaders = 'signedIn';

/** What the doors know of a request before its body is read. */
interface Admitted {
  caller: Caller | null;
  language: string;
}
const uploadUrls = new Set(
  Object.values<Route>(routes).flatMap((route) => (route.upload === undefined ? [] : [`/api${route.path}`])),
);
const admissions = new WeakMap<FastifyRequest, Admitted>();

/** The character 0, as JSON writes it. */
const nul = /(?:^|[^\\])(?:\\\\)*\\u0000/;

const isWebFile = (request: FastifyRequest) => request.url.startsWith('/assets/');

/** The one door from outside: routes of the contract, live socket, health, metrics and the web's files. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { identity, live, log } = options;
  const server = Fastify({
    loggerInstance: undefined,
    bodyLimit,
    requestTimeout: 60_000,
    trustProxy: false,
    routerOptions: { maxParamLength: 300 },
    ...(options.tls ? { https: options.tls } : {}),
  }) as unknown as FastifyInstance;
  // A page is a hundred small files: several tablets behind one address open theirs without using up what entries need.
  await server.register(rateLimit, {
    max: (request) => (isWebFile(request) ? options.requestsPerMinute * 10 : options.requestsPerMinute),
    keyGenerator: (request) => (isWebFile(request) ? `${request.ip} files` : request.ip),
    ...{ timeWindow: 60_000, cache: 5_000 },
  });
  await server.register(websocket, { options: { maxPayload: 64 * 1024 } });

  server.addHook('onRequest', async (request, reply) => {
    securityHeaders(reply, options.tls !== undefined);
    if (options.https && !isEncrypted(request) && !isLocal(request) && !isTrustPath(request.url))
      return turnAway(request, reply);
    if (request.url.startsWith('/api/') || request.url === '/metrics') reply.header('cache-control', 'no-store');
    if ((request.method !== 'GET' && request.method !== 'HEAD') || request.ws) sameOrigin(request);
  });
  // PostgreSQL keeps no NUL in a text: a tablet would send such an entry for ever.
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text.includes('\\u0000') && nul.test(text as string))
      return done(serverError('server.badText', {}, { status: 400 }), undefined);
    return parseJson(request, text as string, done);
  });
  // Files come as they are and go to the handler as a stream, which counts and stores them; elsewhere they are refused.
  server.addContentTypeParser('application/octet-stream', async (request: FastifyRequest, payload: unknown) => {
    if (!uploadUrls.has(request.routeOptions.url ?? '')) throw serverError('server.bodyNotJson', {}, { status: 415 });
    return payload;
  });
  server.setErrorHandler(async (error, request, reply) => {
    const known = coded(error, log, reply.getHeader('retry-after'));
    const language = admissions.get(request)?.language ?? languageFor(null, request);
    return reply.status(known.status).send(apiError(known, language));
  });

  /** Runs before the body is read: a stranger's eight megabytes are not taken in. */
  const admission = (access: Route['access'], id?: RouteId) => async (request: FastifyRequest) => {
    const caller = await callerOf(identity, request);
    admissions.set(request, { caller, language: languageFor(caller, request) });
    admit(access, caller, id);
  };

  for (const id of Object.keys(routes) as RouteId[]) mountRoute(server, id, options, admission);

  if (options.https) serveTrust(server, options.https.authority, options.https.port);
  server.get('/api/openapi.json', async () => openApiDocument());
  server.get('/health', async (_request, reply) => {
    const health = await options.health();
    return reply
      .header('cache-control', 'no-store')
      .status(health.ok ? 200 : 503)
      .send(health);
  });
  server.get(
    '/metrics',
    { preParsing: async (request) => (isLocal(request) ? undefined : admission(metricReaders)(request)) },
    async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metrics()),
  );
  server.get('/api/live', { websocket: true, preParsing: admission(liveReaders) }, (socket, request) => {
    // At once, not after a look-up: what the screen says first must not be lost.
    live.attach(socket, admissions.get(request)!.caller!, () => callerOf(identity, request));
  });
  await serveWeb(server, options.webFolder);
  return server;
}

/**
 * Ends the doors. Requests under way get three seconds; then every connection is cut, also those that never asked for
 * anything (browsers open such ahead), which would hold up a stop for a minute.
 */
export async function closeHttp(http: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => http.server.closeAllConnections(), closeGraceMs);
  try {
    await http.close();
  } finally {
    clearTimeout(cut);
  }
}

function mountRoute(
  server: FastifyInstance,
  id: RouteId,
  { handlers }: HttpOptions,
  admission: (access: Route['access'], id: RouteId) => (request: FastifyRequest) => Promise<void>,
): void {
  const route: Route = routes[id];
  const handler = handlers[id] as ((input: unknown, caller: Caller) => Promise<unknown>) | undefined;
  if (!handler) throw new Error(`no handler for route ${id}`);
  server.route({
    method: route.method,
    url: `/api${route.path}`,
    preParsing: admission(route.access, id),
    handler: async (request, reply) => {
      const { caller, language } = admissions.get(request)!;
      const input = {
        params: parsed('params', route.params, request.params, language),
        query: parsed('query', route.query, request.query, language),
        body: parsed('body', route.body, request.body, language),
      };
      admitInput(id, input, caller);
      const answer = await handler(input, publicCaller(caller, language, request, reply));
      if (answer instanceof FileAnswer) return sendFile(reply, answer);
      if (answer instanceof BytesAnswer) return fileHeaders(reply, answer).send(Buffer.from(answer.bytes));
      if (id === 'signOut') reply.header('set-cookie', sessionCookie('', isEncrypted(request)));
      if (isSessionAnswer(answer)) {
        reply.header('set-cookie', sessionCookie(answer.session, isEncrypted(request)));
        return answer.user;
      }
      if (isDeviceAnswer(answer)) {
        reply.header('set-cookie', deviceCookie(answer.deviceKey, isEncrypted(request)));
        return answer.answer;
      }
      return answer;
    },
  });
}

/** Passwords do not cross the network in the clear: a person is shown how to come in, a program is told why not. */
function turnAway(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method === 'GET' && !request.ws && request.headers.accept?.includes('text/html'))
    return reply.redirect('/trust', 307);
  throw serverError('server.httpsOnly', {}, { status: 403 });
}

function parsed(where: string, schema: Route['query'] | Route['body'], value: unknown, language: string): unknown {
  if (!schema) return undefined;
  const { localeError } = language === 'ko' ? z.locales.ko() : z.locales.en();
  const result = schema.safeParse(value ?? {}, { error: localeError });
  if (!result.success) throw inputError(where, result.error);
  return result.data;
}

function isSessionAnswer(answer: unknown): answer is { user: unknown; session: string } {
  return typeof answer === 'object' && answer !== null && 'session' in answer && 'user' in answer;
}

/** A tablet is let in, or its cookie set anew. */
function isDeviceAnswer(answer: unknown): answer is { answer: unknown; deviceKey: string } {
  return typeof answer === 'object' && answer !== null && 'deviceKey' in answer;
}

function sendFile(reply: FastifyReply, answer: FileAnswer): FastifyReply {
  const stream = createReadStream(answer.file);
  stream.on('close', answer.done);
  return fileHeaders(reply, answer).send(stream);
}

/** What people uploaded is shown without any right: no script of it may run as a page of ours. */
const inlinePolicy = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; frame-ancestors 'self'";

function fileHeaders(reply: FastifyReply, answer: FileAnswer | BytesAnswer): FastifyReply {
  // Browsers' own viewers of PDF do not start in a sandbox; scripts of a PDF do not run as a page of ours anyway.
  const sandbox = answer.type.startsWith('application/pdf') ? '' : '; sandbox';
  if (answer.inline) reply.header('content-security-policy', `${inlinePolicy}${sandbox}`);
  const how = answer.inline ? 'inline' : 'attachment';
  return reply
    .type(answer.type)
    .header('content-disposition', `${how}; filename*=UTF-8''${encodeURIComponent(answer.name)}`);
}

function securityHeaders(reply: FastifyReply, tls: boolean): void {
  reply.headers({
    // WebAssembly: the reader of codes for the camera of the kiosk.
    'content-security-policy':
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'geolocation=(), microphone=(), payment=(), usb=()',
    ...(tls ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  });
}
