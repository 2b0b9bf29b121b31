import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { apiError, languageOf } from './api-error.ts';
import { serverError } from './errors.ts';

/**
 * The built web. Files are looked for at each request, so that a new build shows without a restart. Those under
 * `assets/` carry their content's hash in the name and may be kept for ever; the others are asked for again.
 */
export async function serveWeb(server: FastifyInstance, folder: string): Promise<void> {
  const hashed = join(folder, 'assets') + sep;
  await server.register(fastifyStatic, {
    root: folder,
    index: 'index.html',
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  server.setNotFoundHandler({ preHandler: server.rateLimit() }, async (request, reply) => {
    const path = request.url.split('?')[0]!;
    const page =
      request.method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path)
        ? await readFile(join(folder, 'index.html')).catch(() => null)
        : null;
    if (page) return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
    const error = serverError('server.notFound', { path: path.slice(0, 200) }, { status: 404 });
    return reply.status(404).send(apiError(error, languageOf(undefined, request.headers['accept-language'])));
  });
}
