import { type ChildProcess, fork } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIntake } from '@deungdae/connector-kit/intake.ts';
import { defaultLimits } from '@deungdae/connector-kit/limits.ts';
import { runConnection } from '@deungdae/connector-kit/loop.ts';
import { connector as opcua } from '@deungdae/connector-opcua/connector.ts';
import { countRaw } from '@deungdae/connector-opcua/testing/raw-bound.ts';
import { freePort } from '@deungdae/connector-opcua/testing/server.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { createStream } from '@deungdae/stream/in-process.ts';

/**
 * OPC UA values subscribed and made durable, a second: a server in its own process → connector → kit in this thread →
 * stream → history. Beside it, in the same run and against the same server, the raw bound: the library's own
 * subscription that only counts.
 */

const hz = 10;
const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 8);
const sizes = (process.env.DEUNGDAE_BENCH_VARIABLES ?? '1100,11000').split(',').map(Number);
const publishingMs = 200;

interface Stats {
  set: number;
  cpuMs: number;
  rssMb: number;
}

interface Figure {
  perSecond: number;
  /** What the server changed in the same time, a second. */
  offeredPerSecond: number;
  clientCpu: number;
  serverCpu: number;
  serverRssMb: number;
  connectMs: number;
  lagP95Ms?: number;
}

async function withServer<T>(
  variables: number,
  body: (endpoint: string, server: ChildProcess, folder: string) => Promise<T>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'deungdae-bench-opcua-'));
  const entry = fileURLToPath(import.meta.resolve('@deungdae/connector-opcua/testing/load-server.ts'));
  const setup = { stateDir: folder, port: await freePort(), variables, hz };
  const server = fork(entry, [JSON.stringify(setup)], {
    execPath: process.execPath,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [ready] = (await once(server, 'message')) as [{ endpoint: string }];
    return await body(ready.endpoint, server, folder);
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  }
}

async function statsOf(server: ChildProcess): Promise<Stats> {
  server.send('stats');
  const [stats] = (await once(server, 'message')) as [Stats];
  return stats;
}

/** Counts over `seconds`, after two seconds of running in. */
async function measure(server: ChildProcess, count: () => number): Promise<Omit<Figure, 'connectMs'>> {
  await systemClock.sleep(2000);
  const before = { server: await statsOf(server), count: count(), cpu: process.cpuUsage(), at: performance.now() };
  await systemClock.sleep(seconds * 1000);
  const cpu = process.cpuUsage(before.cpu);
  const after = await statsOf(server);
  const s = (performance.now() - before.at) / 1000;
  return {
    perSecond: (count() - before.count) / s,
    offeredPerSecond: (after.set - before.server.set) / s,
    clientCpu: (cpu.user + cpu.system) / 1e6 / s,
    serverCpu: (after.cpuMs - before.server.cpuMs) / 1000 / s,
    serverRssMb: after.rssMb,
  };
}

const nodes = (variables: number, prefix: string) =>
  Array.from({ length: variables }, (_, i) => `${prefix}i=${1000 + i}`);

async function raw(
  endpoint: string,
  server: ChildProcess,
  folder: string,
  variables: number,
  encrypted: boolean,
): Promise<Figure> {
  const start = performance.now();
  const run = await countRaw(endpoint, encrypted, {
    namespaceUri: 'urn:deungdae:load',
    identifiers: nodes(variables, ''),
    samplingIntervalMs: 0,
    publishingIntervalMs: publishingMs,
    folder: join(folder, 'raw'),
  });
  const connectMs = performance.now() - start;
  const figure = await measure(server, run.count);
  await run.stop();
  return { ...figure, connectMs };
}

async function durable(
  endpoint: string,
  server: ChildProcess,
  folder: string,
  variables: number,
  encrypted: boolean,
): Promise<Figure> {
  const directory = join(folder, `history-${encrypted}`);
  const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger });
  let stored = 0;
  const lags: number[] = [];
  const stream = createStream({ history, log: silentLogger });
  const ingest = async (batch: Parameters<typeof stream.ingest>[0]) => {
    await stream.ingest(batch);
    stored += batch.length;
    lags.push(Date.now() - batch.times[0]! / 1000);
  };
  const intake = createIntake({ ingest, clock: systemClock, limits: defaultLimits });
  const certificate = new X509Certificate(readFileSync(join(folder, 'server-pki', 'certificate', 'certificate.pem')));
  const config = opcua.config.parse({
    endpoint,
    security: encrypted ? { trust: [certificate.fingerprint] } : { mode: 'None' },
    samplingIntervalMs: 0,
    publishingIntervalMs: publishingMs,
    queueSize: 20,
  });
  const signals = nodes(variables, 'nsu=urn:deungdae:load;').map((node, i) => ({
    id: i + 1,
    path: `load/v${i}`,
    kind: 'number' as const,
    address: opcua.address.parse({ node }),
  }));
  const start = performance.now();
  const connection = runConnection({
    connectionId: 'bench',
    definition: opcua,
    config,
    signals,
    stateDir: join(folder, 'client'),
    clock: systemClock,
    log: silentLogger,
    deliver: (batch) => intake.deliver(batch),
  });
  while (connection.state.status !== 'connected') await systemClock.sleep(5);
  const connectMs = performance.now() - start;
  const figure = await measure(server, () => stored);
  lags.sort((a, b) => a - b);
  const lagP95Ms = lags[Math.floor(lags.length * 0.95)] ?? Number.NaN;
  await connection.close();
  intake.close();
  await history.close();
  return { ...figure, connectMs, lagP95Ms };
}

const round = (n: number) => Math.round(n * 100) / 100;
const line = (figure: string, value: number, extra: object) =>
  console.log(JSON.stringify({ bench: 'opcua', figure, value: round(value), ...extra }));
const rest = (f: Figure) => ({
  offeredPerSecond: Math.round(f.offeredPerSecond),
  clientCpu: round(f.clientCpu),
  serverCpu: round(f.serverCpu),
  serverRssMb: Math.round(f.serverRssMb),
  connectMs: Math.round(f.connectMs),
  ...(f.lagP95Ms === undefined ? {} : { lagP95Ms: Math.round(f.lagP95Ms) }),
});

const cpuPerSample = new Map<string, number[]>();
for (const variables of sizes) {
  await withServer(variables, async (endpoint, server, folder) => {
    for (const encrypted of [false, true]) {
      const security = encrypted ? 'SignAndEncrypt' : 'None';
      const bound = await raw(endpoint, server, folder, variables, encrypted);
      line('rawBoundValuesPerSecond', bound.perSecond, { unit: '1/s', variables, hz, security, ...rest(bound) });
      const ours = await durable(endpoint, server, folder, variables, encrypted);
      const floor = variables * hz >= 100_000 ? { floor: 100_000 } : {};
      line('durableValuesPerSecond', ours.perSecond, { unit: '1/s', variables, hz, security, ...floor, ...rest(ours) });
      line('ratioToRawBound', ours.perSecond / bound.perSecond, { variables, security });
      cpuPerSample.set(security, [...(cpuPerSample.get(security) ?? []), ours.clientCpu / ours.perSecond]);
    }
  });
}
for (const [security, [small, large]] of cpuPerSample)
  if (small && large)
    line('growth10x', large / small, {
      security,
      note: 'client CPU a value at the last size against the first; 1 is linear',
    });
line('rssMb', process.memoryUsage().rss / 1e6, { unit: 'MB' });
process.exit(0);
