import type { RouteCall, RouteId, RouteInput } from '@deungdae/contracts/api.ts';
import type { ApiError } from '@deungdae/contracts/api-entities.ts';

/** The keys a caller may leave out, as the schema takes them, with the types that the server works with. */
type Sent<Given, Taken> = { [K in keyof Given]: K extends keyof Taken ? Taken[K] : Given[K] };
export type ParamsOf<Id extends RouteId> = RouteCall<Id>['params'];
export type QueryOf<Id extends RouteId> = Sent<RouteCall<Id>['query'], RouteInput<Id>['query']>;
export type BodyOf<Id extends RouteId> = RouteCall<Id>['body'];

export interface RequestOptions {
  signal?: AbortSignal;
}

interface Call {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

/** What the server refused or could not do, or that it could not be reached (`WEB_UNREACHABLE`, status 0). */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly advice: string;
  readonly where: ApiError['where'];
  readonly params: ApiError['params'];

  constructor(status: number, error: Omit<ApiError, 'params'> & Partial<Pick<ApiError, 'params'>>) {
    super(error.message);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = error.code;
    this.advice = error.advice;
    this.where = error.where;
    this.params = error.params ?? {};
  }
}

let language = 'ko';
let onSignedOut: () => void = () => {};
let networkTexts = { message: '', advice: '' };

/** Set once by the app: the language that errors come in, and what happens when the session has ended. */
export function configureHttp(options: {
  language?: string;
  onSignedOut?: () => void;
  networkTexts?: { message: string; advice: string };
}): void {
  language = options.language ?? language;
  onSignedOut = options.onSignedOut ?? onSignedOut;
  networkTexts = options.networkTexts ?? networkTexts;
}

/** Address of a route below `/api`, with its parameters filled in. */
export function address(path: string, call: Call): string {
  const params = (call.params ?? {}) as Record<string, string>;
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries((call.query ?? {}) as Record<string, unknown>))
    if (value !== undefined && value !== null) search.set(key, String(value));
  const text = search.toString();
  return `/api${filled}${text ? `?${text}` : ''}`;
}

/** Calls a route. Throws `ApiFailure`, or the abort reason. */
export async function request<T>(method: string, path: string, call: Call, options: RequestOptions = {}): Promise<T> {
  let response: Response;
  const isFile = call.body instanceof Blob;
  try {
    response = await fetch(address(path, call), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        'accept-language': language,
        ...(call.body === undefined
          ? {}
          : { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: isFile ? (call.body as Blob) : JSON.stringify(call.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiFailure(0, { code: 'WEB_UNREACHABLE', ...networkTexts });
  }
  const text = await response.text();
  const data = parse(text);
  if (response.ok) return data as T;
  if (response.status === 401 && path !== '/session') onSignedOut();
  throw new ApiFailure(response.status, asApiError(data, response));
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function asApiError(data: unknown, response: Response): Omit<ApiError, 'params'> {
  const given = data as Partial<ApiError> | null;
  if (given && typeof given.code === 'string' && typeof given.message === 'string')
    return { code: given.code, message: given.message, advice: given.advice ?? '', where: given.where };
  return { code: `HTTP_${response.status}`, ...networkTexts };
}
