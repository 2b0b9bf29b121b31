import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import type { RouteId } from '@deungdae/contracts/api.ts';
import { routes } from '@deungdae/contracts/api.ts';
import { LiveRequest } from '@deungdae/contracts/live.ts';
import { WebSocketServer } from 'ws';
import { mockRoutes } from './mock/routes.ts';

/**
 * A stand-in for the server, to look at the screens with: `node apps/web/scripts/mock-server.ts --machines 200`.
 * Options: --port 7800, --machines N (0: an empty plant), --long (names of 40 characters), --role operator, --fresh (before the first run).
 */
const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '7800' },
    machines: { type: 'string' },
    long: { type: 'boolean', default: false },
    role: { type: 'string', default: 'administrator' },
    fresh: { type: 'boolean', default: false },
  },
});
const mock = mockRoutes({
  machines: options.machines === undefined ? null : Number(options.machines),
  long: options.long,
  role: options.role,
  fresh: options.fresh,
});

const table = Object.entries(routes).map(([id, route]) => ({
  id: id as RouteId,
  method: route.method,
  names: [...route.path.matchAll(/:(\w+)/g)].map((m) => m[1]!),
  pattern: new RegExp(`^/api${route.path.replace(/:\w+/g, '([^/]+)')}$`),
}));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock');
  const found = table.find((row) => row.method === request.method && row.pattern.test(url.pathname));
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const handler = found ? mock.handlers[found.id] : undefined;
  if (!found || !handler)
    return send(404, {
      code: 'API_NOT_FOUND',
      message: `없는 주소예요: ${url.pathname}`,
      advice: '주소를 확인하세요.',
      params: {},
    });
  const parts = found.pattern.exec(url.pathname)?.slice(1) ?? [];
  const result = handler({
    params: Object.fromEntries(found.names.map((name, i) => [name, decodeURIComponent(parts[i] ?? '')])),
    query: Object.fromEntries(url.searchParams),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  });
  if (result.raw) {
    response.writeHead(200, {
      'content-type': 'text/csv',
      'content-disposition': 'attachment; filename="samples.csv"',
    });
    response.end(result.raw);
    return;
  }
  send(result.status ?? 200, result.body);
}

const server = createServer((request, response) => void answer(request, response));
const sockets = new WebSocketServer({ server, path: '/api/live' });
sockets.on('connection', (socket) => {
  let wanted = LiveRequest.parse({});
  let fresh = true;
  socket.on('message', (data) => {
    wanted = LiveRequest.parse(JSON.parse(String(data)));
    fresh = true;
    push();
  });
  const push = () => {
    socket.send(JSON.stringify(mock.frame(wanted, fresh)));
    fresh = false;
  };
  const timer = setInterval(push, 1000);
  socket.on('close', () => clearInterval(timer));
});
server.listen(Number(options.port), '127.0.0.1', () => console.log(`mock at http://127.0.0.1:${options.port}`));
