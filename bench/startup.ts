import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { freePorts } from '@deungdae/tests/support/plant-process.ts';
import { figure } from './support/plant.ts';

/**
 * From the command to the first live page of the demo: the page answers, then a machine that tells its state is on the
 * floor. Once on a bare folder (with the first-run link; the machines live through their past first) and several times on
 * one that was started before. Then the server's memory after half a minute at work. Beside it the bare bound: node with
 * nothing but an HTTP server.
 */
const starts = Number(process.env.DEUNGDAE_BENCH_STARTS ?? 5);
const settleS = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 30);
const main = join(import.meta.dirname, '..', 'apps', 'server', 'deungdae.js');
const password = 'a long pass phrase for the bench';
/** As `npm start` runs it. */
const nodeArgs = ['--optimize-for-size', '--max-semi-space-size=4'];

interface Start {
  child: ChildProcess;
  pageMs: number;
  liveMs: number;
}

/** Waits in short steps: the measure is no finer than 5 ms. */
async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not come`);
    await systemClock.sleep(5);
  }
}

/** The ports stay the same over the starts of one folder, because the plant file names them. */
async function startDemoPlant(dataDir: string, port: number, machinePorts: readonly number[]): Promise<Start> {
  const started = performance.now();
  const args = ['demo', '--data', dataDir, '--port', String(port), '--machine-ports', machinePorts.join(',')];
  const child = spawn(process.execPath, [...nodeArgs, main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the page', async () => ((await fetch(url)).ok ? true : null));
  const pageMs = performance.now() - started;
  const cookie = await signIn(url, () => output);
  await until('a live machine', async () => {
    const answer = await fetch(`${url}/api/floor`, { headers: { cookie } });
    const { machines } = (await answer.json()) as { machines: { state: string }[] };
    return machines.some((machine) => machine.state !== 'noData') ? true : null;
  });
  return { child, pageMs, liveMs: performance.now() - started };
}

async function signIn(url: string, output: () => string): Promise<string> {
  const { needed } = (await (await fetch(`${url}/api/setup`)).json()) as { needed: boolean };
  let path = 'session';
  let body: object = { name: 'bench', password };
  if (needed) {
    const token = await until('the first-run link', async () => /setup\?token=(\S+)/.exec(output())?.[1] ?? null);
    path = 'setup';
    body = { token, name: 'bench', displayName: '', password, language: 'en' };
  }
  const headers = { 'content-type': 'application/json', origin: url };
  const answer = await fetch(`${url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.headers.getSetCookie()[0]!.split(';')[0]!;
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Resident memory of one process, MB. Falls back to nothing where there is no /proc. */
function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6;
}

async function bareBound(port: number): Promise<number> {
  const started = performance.now();
  const script = `require('node:http').createServer((q, s) => s.end('ok')).listen(${port}, '127.0.0.1')`;
  const child = spawn(process.execPath, ['-e', script], { stdio: 'inherit' });
  await until('the bare server', async () => ((await fetch(`http://127.0.0.1:${port}`)).ok ? true : null));
  const ms = performance.now() - started;
  await stop(child);
  return ms;
}

const [port, barePort, ...machinePorts] = await freePorts(6);
const dataDir = await mkdtemp(join(tmpdir(), 'bench-startup-'));
try {
  const first = await startDemoPlant(dataDir, port!, machinePorts);
  await stop(first.child);
  const again: Start[] = [];
  let rss = 0;
  for (let i = 0; i < starts; i++) {
    const start = await startDemoPlant(dataDir, port!, machinePorts);
    again.push(start);
    if (i === starts - 1) {
      await systemClock.sleep(settleS * 1000);
      rss = rssMb(start.child.pid!);
    }
    await stop(start.child);
  }
  const median = (of: (start: Start) => number) => again.map(of).sort((a, b) => a - b)[Math.floor(starts / 2)]!;
  const worst = Math.max(...again.map((start) => start.liveMs));
  const bare = await bareBound(barePort!);
  const about = { unit: 'ms', cores: availableParallelism() };
  figure(
    'startup',
    'firstPageMs',
    median((s) => s.pageMs),
    { ...about, starts },
  );
  figure(
    'startup',
    'firstLivePageMs',
    median((s) => s.liveMs),
    { ...about, floor: 5000, starts },
  );
  figure('startup', 'firstLivePageWorstMs', worst, { ...about, starts });
  figure('startup', 'firstPageBareFolderMs', first.pageMs, about);
  figure('startup', 'firstLivePageBareFolderMs', first.liveMs, { ...about, floor: 5000 });
  figure('startup', 'bareNodeHttpMs', bare, { ...about, note: 'node with only an HTTP server' });
  figure('startup', 'ratioToBareNode', median((s) => s.liveMs) / bare);
  figure('startup', 'rssMb', rss, {
    unit: 'MB',
    floor: 350,
    afterSeconds: settleS,
    note: 'server process, demo running',
  });
} finally {
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
}
