import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { routes } from '@deungdae/contracts/api.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { startPlantProcess } from '@deungdae/tests/support/plant-process.ts';
import WebSocket from 'ws';
import { figure } from './support/plant.ts';

/**
 * From a confirmed scan to the durable record and the screen: kiosks with a live WebSocket each scan and confirm about
 * every two seconds over HTTP against a server in its own process, on SQLite. The answer of a confirmation comes when it
 * is on disk and holds the kiosk's new screen; `otherScreen` is until another kiosk's question shows it too. Each piece
 * uses material by FIFO and grows a lot with its genealogy. Beside it the raw bounds: the bare ledger (one row and one
 * event), and bare HTTP with an answer of the same size, by as many clients at the same pace.
 */
const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 30);
const paceMs = 2000;
const [few, many] = [5, 50];
const floorMs = 150;
const password = 'a long pass phrase for the bench';

const machineOf = (i: number) => `bench/site/area/m${i}`;
const plantYaml = `deungdae: 1
enterprise: { id: bench }
sites:
  - id: site
    timeZone: Asia/Seoul
    areas:
      - id: area
        equipment:
${Array.from({ length: many }, (_, i) => `          - { id: m${i}, name: Machine ${i} }`).join('\n')}
`;

type Json = Record<string, unknown>;
type Ask = (method: string, path: string, body?: Json) => Promise<Json>;

interface Timing {
  at: number;
  durable: number;
  otherScreen: number;
}

/** Each tablet has a token of its own, as in a plant: limits of the server are by caller. */
async function signIn(url: string, setupLink: string): Promise<{ asks: Ask[]; tokens: string[] }> {
  const token = new URL(setupLink).searchParams.get('token');
  const post = (path: string, body: Json, headers: Record<string, string> = {}) =>
    fetch(`${url}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...headers },
      body: JSON.stringify(body),
    });
  const setup = await post('/setup', { token, name: 'bench', displayName: '', password, language: 'ko' });
  if (!setup.ok) throw new Error(await setup.text());
  const cookie = setup.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ');
  const tokens: string[] = [];
  for (let i = 0; i < many; i++) {
    const made = await post('/tokens', { name: `tablet ${i}`, role: 'engineer', days: 1 }, { cookie });
    if (!made.ok) throw new Error(await made.text());
    tokens.push(((await made.json()) as { token: string }).token);
  }
  return { tokens, asks: tokens.map((token, i) => askWith(url, token, i)) };
}

/** Each tablet has an address of its own, as on a plant's network: the server's limit of requests counts by address. */
function askWith(url: string, bearer: string, i: number): Ask {
  const agent = new Agent({ keepAlive: true, localAddress: `127.0.0.${i + 2}` });
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const call = request(`${url}/api${path}`, { method, headers, agent }, async (answer) => {
        try {
          const json = await text(answer);
          if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${json}`);
          resolve(JSON.parse(json) as Json);
        } catch (error) {
          reject(error);
        }
      });
      call.on('error', reject);
      call.end(body ? JSON.stringify(body) : undefined);
    });
}

/** One product of one material, an order and a badge for each kiosk; all runs started. */
async function prepare(asks: readonly Ask[]): Promise<void> {
  const ask = asks[0]!;
  const put = (kind: string, code: string, data: Json) =>
    ask('PUT', routes.saveMasterRecord.path.replace(':kind', kind).replace(':code', code), { data, version: null });
  await put('item', 'RESIN', { name: '수지', kind: 'rawMaterial', unit: 'kg' });
  await put('item', 'CAP', { name: '캡', kind: 'product' });
  await put('location', 'RAW', { name: '자재', kind: 'raw' });
  await put('location', 'FG', { name: '완제품', kind: 'finished' });
  await put('workCentre', 'MOLD', { name: '사출', machines: Array.from({ length: many }, (_, i) => machineOf(i)) });
  await put('bom', 'CAP', { item: 'CAP', quantity: 1000, lines: [{ component: 'RESIN', quantity: 10 }] });
  await put('routing', 'CAP', { item: 'CAP', operations: [{ number: 10, name: '사출', workCentre: 'MOLD' }] });
  for (let i = 0; i < 20; i++)
    await ask('POST', '/stock/receipts', { item: 'RESIN', quantity: 10_000, location: 'RAW' });
  for (const [i, own] of asks.entries()) {
    await own('POST', '/people', { badge: `B-${i}`, name: `작업자 ${i}` });
    const order = await own('POST', '/work-orders', { item: 'CAP', quantity: 100_000, release: true });
    await entry(own, i, 'start', { order: order.number });
  }
}

/** An entry of the kiosk; its answer's state. Throws when it is refused. */
async function entry(ask: Ask, i: number, kind: string, data: Json): Promise<Json> {
  const now = Date.now() * 1000;
  const answer = await ask('POST', '/kiosk/sync', {
    ...{ device: `tablet-${i}`, machine: machineOf(i), now },
    entries: [{ entryId: randomUUID(), kind, clientTime: now, badge: `B-${i}`, data }],
  });
  const [first] = answer.answers as { status: string; error: { message: string } | null }[];
  if (first?.status !== 'applied') throw new Error(`${kind}: ${first?.error?.message}`);
  return answer.state as Json;
}

const goodOf = (state: Json) => (state.run as { good: number }).good;

/** `kiosks` people, each at its own pace and phase, for `seconds`. */
async function work(asks: readonly Ask[], kiosks: number): Promise<Timing[]> {
  const timings: Timing[] = [];
  const end = performance.now() + seconds * 1000;
  const kiosk = async (i: number) => {
    const ask = asks[i]!;
    await systemClock.sleep(Math.random() * paceMs);
    while (performance.now() < end) {
      const started = performance.now();
      const shown = goodOf(await entry(ask, i, 'confirm', { good: 1 + Math.floor(Math.random() * 3) }));
      const durable = performance.now() - started;
      const seen = goodOf(await ask('GET', `/kiosk/state?machine=${encodeURIComponent(machineOf(i))}`));
      if (seen < shown) throw new Error(`confirmed ${shown}, another screen shows ${seen}`);
      timings.push({ at: started, durable, otherScreen: performance.now() - started });
      await systemClock.sleep(paceMs * (0.75 + Math.random() / 2));
    }
  };
  await Promise.all(Array.from({ length: kiosks }, (_, i) => kiosk(i)));
  return timings;
}

/** Live sockets that look at the floor as kiosks and tablets do; counts their frames. */
async function watch(url: string, tokens: readonly string[]) {
  let frames = 0;
  const sockets = tokens.map((token) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, {
      headers: { authorization: `Bearer ${token}` },
    });
    socket.on('open', () => socket.send(JSON.stringify({ floor: true, alarms: true })));
    socket.on('message', () => frames++);
    return socket;
  });
  await Promise.all(
    sockets.map((s) => new Promise((resolve, reject) => s.once('message', resolve).once('error', reject))),
  );
  const close = () => {
    for (const socket of sockets) socket.terminate();
  };
  return { frames: () => frames, close };
}

function share(values: readonly number[], of: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))]!;
}

/** Durations of `one`, done by `clients` at the kiosks' pace for a third of the time. */
async function atPace(clients: number, one: () => Promise<void>): Promise<number[]> {
  const took: number[] = [];
  const end = performance.now() + (seconds * 1000) / 3;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      await systemClock.sleep(Math.random() * paceMs);
      while (performance.now() < end) {
        const started = performance.now();
        await one();
        took.push(performance.now() - started);
        await systemClock.sleep(paceMs * (0.75 + Math.random() / 2));
      }
    }),
  );
  return took;
}

async function bareLedger(directory: string): Promise<number[]> {
  const up = (db: Parameters<Parameters<typeof openLedger>[0]['modules'][number]['migrations'][number]['up']>[0]) =>
    db.schema
      .createTable('t')
      .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
      .execute();
  const ledger = await openLedger({
    ...{ file: join(directory, 'bare.sqlite'), clock: systemClock, log: silentLogger },
    modules: [{ module: 'bench', migrations: [{ id: '0001-t', up }] }],
  });
  const took = await atPace(many, () =>
    ledger.transaction<{ t: { id: string } }, void>(async (db, emit) => {
      await db.insertInto('t').values({ id: randomUUID() }).execute();
      await emit({ type: 't.added', subject: 't/1', actor: { kind: 'system', id: 'bench' }, data: {} });
    }),
  );
  await ledger.close();
  return took;
}

/** A server in a thread that answers `size` bytes to whatever is posted. */
async function bareHttp(size: number): Promise<number[]> {
  const source = `
    const { createServer } = require('node:http');
    const { parentPort, workerData } = require('node:worker_threads');
    const body = Buffer.alloc(workerData, 32);
    const server = createServer((request, response) => request.resume().on('end', () => response.end(body)));
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(source, { eval: true, workerData: size });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const body = JSON.stringify({ padding: 'x'.repeat(400) });
  const took = await atPace(many, async () => {
    await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).arrayBuffer();
  });
  await worker.terminate();
  return took;
}

async function run(): Promise<void> {
  const directory = await mkdtemp(join(process.env.DEUNGDAE_BENCH_DIR ?? tmpdir(), 'bench-kiosk-'));
  const file = join(directory, 'plant.yaml');
  await writeFile(file, plantYaml);
  const plant = await startPlantProcess('start', ['--plant', file], join(directory, 'data'));
  try {
    const { asks, tokens } = await signIn(plant.url, plant.setupLink);
    await prepare(asks);
    const state = await asks[0]!('GET', `/kiosk/state?machine=${encodeURIComponent(machineOf(0))}`);
    const live = await watch(plant.url, tokens);
    const small = await work(asks, few);
    const before = await cpuMs(plant.child.pid!);
    const large = await work(asks, many);
    const cpu = before === null ? null : ((await cpuMs(plant.child.pid!))! - before) / large.length;
    live.close();
    const bytes = JSON.stringify(state).length;
    const [ledger, http] = [await bareLedger(directory), await bareHttp(bytes)];
    report({ small, large, ledger, http, bytes, cpu, frames: live.frames() });
  } finally {
    await plant.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Measured {
  small: Timing[];
  large: Timing[];
  ledger: number[];
  http: number[];
  bytes: number;
  /** Of the whole server for one confirmation with its question from another screen, ms; null where the system does not say. */
  cpu: number | null;
  frames: number;
}

/** What a process has used so far, where /proc tells it in hundredths of a second. */
async function cpuMs(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function report({ small, large, ledger, http, bytes, cpu, frames }: Measured): void {
  const p = (timings: readonly Timing[], key: 'durable' | 'otherScreen', of: number) =>
    share(
      timings.map((t) => t[key]),
      of,
    );
  const about = { unit: 'ms', kiosks: many, confirmations: large.length, paceMs };
  const bare = share(ledger, 0.95) + share(http, 0.95);
  figure('kiosk-scan', 'durableAndOwnScreenP95Ms', p(large, 'durable', 0.95), { ...about, floor: floorMs });
  figure('kiosk-scan', 'durableAndOwnScreenP50Ms', p(large, 'durable', 0.5), about);
  figure('kiosk-scan', 'otherScreenP95Ms', p(large, 'otherScreen', 0.95), { ...about, floor: floorMs });
  figure('kiosk-scan', 'fiveKiosksP95Ms', p(small, 'durable', 0.95), { unit: 'ms', confirmations: small.length });
  figure('kiosk-scan', 'growth10x', p(large, 'durable', 0.95) / p(small, 'durable', 0.95), {
    note: 'fifty kiosks to five; 1 is no growth',
  });
  figure('kiosk-scan', 'bareLedgerP95Ms', share(ledger, 0.95), { unit: 'ms', transactions: ledger.length });
  figure('kiosk-scan', 'bareHttpP95Ms', share(http, 0.95), { unit: 'ms', requests: http.length, bytes });
  figure('kiosk-scan', 'ratioToBare', p(large, 'durable', 0.95) / bare);
  if (cpu !== null) figure('kiosk-scan', 'serverCpuMsPerScan', cpu, { unit: 'ms' });
  figure('kiosk-scan', 'liveFrames', frames, { sockets: many });
}

await run();
