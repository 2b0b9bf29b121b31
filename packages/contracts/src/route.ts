import { z } from 'zod';
import type { Role } from './api-entities.ts';

/**
 * A route of the API as data. The server mounts all of them, OpenAPI 3.1 and the web's client are generated from them.
 * All stand under `/api`. An error answers with `ApiError` and a 4xx or 5xx status.
 */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  summary: string;
  /** Who may call: `public`, any signed-in person, or the least roles. Administrators may call everything. */
  access: 'public' | 'signedIn' | readonly Role[];
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is a file (`application/octet-stream`, `body: fileBody`) of at most this many bytes. */
  upload?: number;
  response: z.ZodType;
  /** Content other than JSON. */
  contentType?: string;
}

/**
 * A UUID of the client: the same entry sent twice is done once. Ids that the house gives itself (`erp/…`, `call/…`,
 * `…#again`) hold other signs, so that no client can use one up.
 */
export const clientEntry = z
  .string()
  .max(80)
  .regex(/^[\w.:-]*$/);
export const at = z.coerce.number().int();
export const window = {
  from: at.meta({ description: 'µs UTC, included' }),
  to: at.meta({ description: 'µs UTC, not included' }),
};
export const idParam = z.object({ id: z.string() });
export const page = { limit: z.coerce.number().int().min(1).max(1000).default(200), before: z.string().optional() };
export const ids = z
  .string()
  .regex(/^\d+(,\d+)*$/)
  .meta({ description: 'Signal ids, separated by commas' });
export const ok = z.object({ ok: z.literal(true) });
export const password = z.string().min(10).max(200);
export const userName = z.string().regex(/^[\p{L}\p{N}._-]{2,40}$/u);

export const operating = ['operator', 'supervisor', 'engineer'] as const;
export const leading = ['supervisor', 'engineer'] as const;
export const engineering = ['engineer'] as const;
export const auditing = ['auditor', 'engineer', 'supervisor'] as const;
/** Everybody of the firm. A partner looks at machines, figures and curves; it takes no data out. */
export const own = ['operator', 'supervisor', 'engineer', 'auditor'] as const;

/** The body of a route with `upload`: a file or its parts for who calls, a stream of bytes for the handler. */
export const fileBody = z.custom<Blob>().transform((body) => body as unknown as AsyncIterable<Uint8Array>);
