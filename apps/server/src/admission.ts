import { type Caller, type Route, type RouteId, routes } from '@deungdae/contracts/api.ts';
import { deviceMay, type Identity, openToDevices } from '@deungdae/identity/module.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf } from './api-error.ts';
import { serverError } from './errors.ts';

const cookieName = 'deungdae_session';
const deviceCookieName = 'deungdae_device';
/** Browsers cap a cookie's life at 400 days; it is set anew each time the kiosk starts. */
const deviceLifeS = 400 * 86_400;
/** Over HTTPS another name: browsers let a plain page neither read nor replace it, and both ports can be used. */
const secureCookieName = `__Host-${cookieName}`;
const cookieLifeS = 30 * 86_400;

/** What handlers need of the request besides who calls. */
export interface PublicCaller extends Caller {
  /** Network address. */
  address: string;
  session: string | undefined;
  /** Key of a paired tablet. */
  device: string | undefined;
  /** Aborts when the connection closes before the answer is complete. */
  gone: AbortSignal;
}

/** Who calls, by session cookie or `Authorization: Bearer`. */
export function callerOf(identity: Identity, request: FastifyRequest): Promise<Caller | null> {
  return identity.callerOf({
    session: sessionOf(request),
    device: deviceOf(request),
    token: /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1],
  });
}

/** The language of the answer: the person's own, else the browser's. */
export function languageFor(caller: Caller | null, request: FastifyRequest): string {
  const accept = request.headers['accept-language'];
  // A token has no language; what its program asks for counts.
  return languageOf(
    caller && !((caller.via === 'token' || caller.via === 'device') && accept) ? caller.language : undefined,
    accept,
  );
}

/** Throws unless the route is open to the caller. A tablet may call what a kiosk needs, whatever role is asked for. */
export function admit(access: Route['access'], caller: Caller | null, route?: RouteId): void {
  if (access === 'public') return;
  if (caller?.via === 'device' && !(route && openToDevices(route)))
    throw serverError('server.notForTablets', {}, { status: 403 });
  if (!caller) throw serverError('server.notSignedIn', {}, { status: 401 });
  if (access !== 'signedIn' && caller.role !== 'administrator' && !access.includes(caller.role))
    throw serverError('server.notAllowed', { role: `@role.${caller.role}` }, { status: 403 });
}

/** Throws when a tablet asks about a machine that is not its own. */
export function admitInput(
  route: RouteId,
  input: { params?: unknown; query?: unknown; body?: unknown },
  caller: Caller | null,
): void {
  if (caller?.via !== 'device' || routes[route].access === 'public') return;
  const { allowed, machine } = deviceMay(route, input, caller.machines ?? []);
  if (!allowed)
    throw machine === null
      ? serverError('server.notForTablets', {}, { status: 403 })
      : serverError('server.otherMachine', { machine }, { status: 403 });
}

export function publicCaller(
  caller: Caller | null,
  language: string,
  request: FastifyRequest,
  reply: FastifyReply,
): PublicCaller {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return {
    ...(caller ?? { userId: '', name: '', role: 'partner', via: 'public' }),
    language,
    address: request.ip,
    session: sessionOf(request),
    device: deviceOf(request),
    gone: gone.signal,
  };
}

/** `Set-Cookie` of a new session, or one that ends it when `value` is empty. */
export function sessionCookie(value: string, secure: boolean): string {
  const life = value ? cookieLifeS : 0;
  return `${secure ? secureCookieName : cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${life}${secure ? '; Secure' : ''}`;
}

/** `Set-Cookie` of a paired tablet. */
export function deviceCookie(key: string, secure: boolean): string {
  const name = secure ? `__Host-${deviceCookieName}` : deviceCookieName;
  return `${name}=${key}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${deviceLifeS}${secure ? '; Secure' : ''}`;
}

const encrypted = (request: FastifyRequest) => 'encrypted' in request.raw.socket;

function sessionOf(request: FastifyRequest): string | undefined {
  return cookieOf(request, encrypted(request) ? secureCookieName : cookieName);
}

function deviceOf(request: FastifyRequest): string | undefined {
  return cookieOf(request, encrypted(request) ? `__Host-${deviceCookieName}` : deviceCookieName);
}

function cookieOf(request: FastifyRequest, wanted: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === wanted && value) return value;
  }
  return undefined;
}

/** A cookie alone must not let another site act: SameSite=Strict, and the Origin has to be ours when it is sent. */
export function sameOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && URL.parse(origin)?.host !== host)
    throw serverError('server.wrongOrigin', {}, { status: 403 });
}

/** From this computer itself, and not through a proxy that runs on it. */
export function isLocal(request: FastifyRequest): boolean {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded ?? request.headers.via;
  return forwarded === undefined && /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(request.ip);
}
