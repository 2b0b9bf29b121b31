import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpcUaServer } from '@deungdae/connector-opcua/testing/server.ts';
import { WebSocketServer } from 'ws';

/**
 * A machine in a process of its own: an OPC UA server with one running bit, and beside it a bare WebSocket that sends
 * the same change with nothing in between. The parent sends the value and hears when it was set, ms.
 */
const [opcUaPort, echoPort] = process.argv.slice(2).map(Number);
const stateDir = mkdtempSync(join(tmpdir(), 'bench-machine-'));
const server = await startOpcUaServer({
  port: opcUaPort!,
  stateDir,
  namespaceUri: 'urn:deungdae:bench',
  allowNone: true,
  minimumSamplingIntervalMs: 20,
});
server.addVariable('run', 'Boolean', null, true);
const http = createServer((_request, response) =>
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>echo</title><body>'),
);
const echo = new WebSocketServer({ server: http });
http.listen(echoPort!, '127.0.0.1');

let sentAt = 0;
echo.on('connection', (socket) => socket.on('message', () => process.send!(performance.now() - sentAt)));
process.on('message', (value: number) => {
  sentAt = performance.now();
  server.set('run', value === 1);
  for (const socket of echo.clients) socket.send(String(value));
});
process.on('disconnect', () => process.exit(0));
process.on('exit', () => rmSync(stateDir, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit(0));
process.send!('ready');
