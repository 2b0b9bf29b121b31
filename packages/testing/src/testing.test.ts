import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from './clock.ts';
import { seededRandom } from './random.ts';
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

test('the fake clock fires timers in order, sleeps with abort, and jumps only the wall', async () => {
  const clock = new FakeClock(1_000_000);
  const fired: string[] = [];
  clock.after(200, () => fired.push(`b ${clock.monotonicMs()}`));
  clock.after(100, () => {
    fired.push(`a ${clock.monotonicMs()}`);
    clock.after(50, () => fired.push(`c ${clock.monotonicMs()}`));
  });
  const cancel = clock.after(120, () => fired.push('never'));
  cancel();
  const abort = new AbortController();
  const sleep = clock.sleep(1e9, abort.signal);
  assert.equal(clock.nextInMs, 100);
  clock.jump(-500);
  assert.equal(clock.nowUs(), 500_000);
  await clock.advance(250);
  assert.deepEqual(fired, ['a 100', 'c 150', 'b 200']);
  assert.equal(clock.nowUs(), 750_000);
  abort.abort(new Error('enough'));
  await assert.rejects(sleep, /enough/);
  assert.equal(clock.pending, 0);
});

test('the same seed gives the same numbers, evenly', () => {
  const [a, b] = [seededRandom(9), seededRandom(9)];
  const numbers = Array.from({ length: 10_000 }, () => a.next());
  assert.deepEqual(
    numbers.slice(0, 100),
    Array.from({ length: 100 }, () => b.next()),
  );
  const mean = numbers.reduce((x, y) => x + y) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
  const dice = Array.from({ length: 1_000 }, () => a.int(1, 6));
  assert.deepEqual([Math.min(...dice), Math.max(...dice)], [1, 6]);
});

/** An echo server behind a proxy. */
async function echo(body: (proxy: TcpProxy, open: () => Promise<Socket>) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await createTcpProxy({ port: (server.address() as AddressInfo).port });
  const clients: Socket[] = [];
  try {
    await body(proxy, async () => {
      const socket = connect(proxy.port, '127.0.0.1');
      clients.push(socket);
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    });
  } finally {
    for (const socket of clients) socket.destroy();
    await proxy.close();
    server.close();
  }
}

async function roundTripMs(socket: Socket, bytes = 1): Promise<number> {
  const started = performance.now();
  let left = bytes;
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      left -= chunk.length;
      if (left <= 0) resolve();
    });
  });
  socket.write(Buffer.alloc(bytes));
  await done;
  socket.removeAllListeners('data');
  return performance.now() - started;
}

test('the proxy carries, delays and throttles', async () => {
  await echo(async (proxy, open) => {
    const socket = await open();
    await roundTripMs(socket, 100_000);
    proxy.setLatency(60);
    assert.ok((await roundTripMs(socket)) >= 110, 'twice the latency');
    proxy.setLatency(0);
    proxy.setThrottle(50_000);
    const ms = await roundTripMs(socket, 10_000);
    assert.ok(ms >= 180, `10 kB at 50 kB/s in ${ms} ms`);
  });
});

test('a swallowed link stays open and silent, for old and new connections; passing again serves only new ones', async () => {
  await echo(async (proxy, open) => {
    const old = await open();
    await roundTripMs(old);
    proxy.swallow();
    const fresh = await open();
    let events = 0;
    for (const socket of [old, fresh]) for (const name of ['data', 'end', 'close']) socket.on(name, () => events++);
    old.write('a');
    fresh.write('b');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(events, 0);
    assert.equal(proxy.open(), 2);
    proxy.pass();
    old.write('c');
    await roundTripMs(await open());
    assert.equal(events, 0, 'the flow is forgotten');
    old.destroy();
    fresh.destroy();
    await until(() => proxy.open() === 1, 'the closed ones to be noticed', 1_000);
  });
});

test('cut ends in order, reset does not, down refuses and up serves again', async () => {
  await echo(async (proxy, open) => {
    const first = await open();
    await until(() => proxy.open() === 1, 'the first', 1_000);
    proxy.cut();
    await once(first.resume(), 'end');
    const second = await open();
    await until(() => proxy.accepted() === 2, 'the second', 1_000);
    const error = once(second, 'error');
    proxy.reset();
    assert.equal(((await error)[0] as NodeJS.ErrnoException).code, 'ECONNRESET');
    await proxy.down();
    await assert.rejects(open(), /ECONNREFUSED/);
    await proxy.up();
    await roundTripMs(await open());
  });
});
