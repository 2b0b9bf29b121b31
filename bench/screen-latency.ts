import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { noChromium, openBrowser } from '@deungdae/tests/support/browser.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '@deungdae/tests/support/plant-process.ts';
import type { Page } from 'playwright-core';
import { figure } from './support/plant.ts';

/**
 * From a machine's change to the screen: an OPC UA server in its own process turns a running bit at random moments; a
 * MutationObserver in Chromium tells when the floor's tile shows the other state. Beside it a bare
 * WebSocket sends the same change into another page, which sends it back: what browser, sockets and load cost by
 * themselves. Clocks of processes may differ, so the latency is the tile's time after the bare page's, both by the
 * browser's clock, plus the whole bare round trip: never too small. Growth: the same with ten screens open.
 */
const changes = Number(process.env.DEUNGDAE_BENCH_CHANGES ?? 200);
const screens = 10;
const password = 'a long pass phrase for the bench';

const plantYaml = (port: number) => `deungdae: 1
enterprise: { id: bench }
connections:
  - id: machine
    type: opcua
    endpoint: opc.tcp://127.0.0.1:${port}
    security: { mode: None }
    samplingIntervalMs: 50
    publishingIntervalMs: 50
sites:
  - id: site
    timeZone: Asia/Seoul
    areas:
      - id: area
        equipment:
          - id: press
            connection: machine
            state: { preset: runningBit, signal: run }
            signals:
              - { id: run, kind: boolean, source: { node: "nsu=urn:deungdae:bench;s=run" } }
`;

/** Runs in the page: remembers when the tile's state came, by the host's clock. */
const watchTile = `
  window.shown = [];
  const note = () => {
    const state = document.querySelector('[data-equipment="bench/site/area/press"]')?.getAttribute('data-state');
    if (state && state !== shown.at(-1)?.state) shown.push({ state, at: performance.timeOrigin + performance.now() });
  };
  note();
  new MutationObserver(note).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'],
  });
`;

/** Runs in a page of its own: the bare bound, a socket that writes what it gets into the document. */
const watchEcho = `
  window.shown = [];
  const place = document.body.appendChild(document.createElement('p'));
  new MutationObserver(() =>
    shown.push({ state: place.dataset.state, at: performance.timeOrigin + performance.now() }),
  ).observe(place, { attributes: true });
  const socket = new WebSocket(location.href.replace('http', 'ws'));
  socket.onmessage = (message) => {
    place.dataset.state = message.data;
    socket.send(message.data);
  };
  new Promise((resolve) => { socket.onopen = () => resolve(); });
`;

/** When the page showed this state, ms; waits for it. */
function shownAt(page: Page, state: string): Promise<number> {
  return page.evaluate(`(async () => {
    const end = performance.now() + 5000;
    for (;;) {
      const last = shown.at(-1);
      if (last?.state === '${state}') return last.at;
      if (performance.now() > end) throw new Error('not shown: ${state}, ' + JSON.stringify(shown.slice(-3)));
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  })()`) as Promise<number>;
}

/** Sets the value in the machine's process; resolves with the round trip of the bare socket to the browser, ms. */
function setValue(machine: ChildProcess, value: number): Promise<number> {
  return new Promise((resolve) => {
    machine.once('message', (at) => resolve(at as number));
    machine.send(value);
  });
}

async function measure(machine: ChildProcess, page: Page, echoPage: Page) {
  const screen: number[] = [];
  const echo: number[] = [];
  let value = 1;
  for (let i = 0; i < changes + 5; i++) {
    // At any phase of sampling, publishing and frames.
    await systemClock.sleep(250 + Math.random() * 150);
    value = 1 - value;
    const roundTripMs = await setValue(machine, value);
    const shown = await shownAt(page, value === 1 ? 'running' : 'idle');
    const echoed = await shownAt(echoPage, String(value));
    // The first few warm the page up.
    if (i < 5) continue;
    screen.push(shown - echoed + roundTripMs);
    echo.push(roundTripMs);
  }
  return { screen: screen.sort((a, b) => a - b), echo: echo.sort((a, b) => a - b) };
}

function share(sorted: readonly number[], of: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))]!;
}

async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-screen-'));
  const [opcUaPort, echoPort] = (await freePorts(2)) as [number, number];
  const machine = fork(join(import.meta.dirname, 'support', 'screen-machine.ts'), [
    String(opcUaPort),
    String(echoPort),
  ]);
  let plant: PlantProcess | undefined;
  let browser: Awaited<ReturnType<typeof openBrowser>> | undefined;
  try {
    await new Promise((resolve) => machine.once('message', resolve));
    const file = join(dataDir, 'plant.yaml');
    await writeFile(file, plantYaml(opcUaPort));
    plant = await startPlantProcess('start', ['--plant', file], dataDir);
    browser = await openBrowser();
    const token = new URL(plant.setupLink).searchParams.get('token');
    const answer = await browser.context.request.post(`${plant.url}/api/setup`, {
      data: { token, name: 'bench', displayName: '', password, language: 'ko' },
    });
    if (!answer.ok()) throw new Error(await answer.text());
    const { page } = browser;
    await page.goto(`${plant.url}/`);
    await page
      .locator('[data-equipment="bench/site/area/press"][data-state="running"]')
      .waitFor({ timeout: 30_000 })
      .catch(async (error) => {
        const health = await browser!.context.request.get(`${plant!.url}/api/connections`);
        throw new Error(await health.text(), { cause: error });
      });
    await page.evaluate(watchTile);
    const echoPage = await browser.context.newPage();
    await echoPage.goto(`http://127.0.0.1:${echoPort}/`);
    await echoPage.evaluate(watchEcho);
    await page.bringToFront();
    const one = await measure(machine, page, echoPage);
    for (let i = 1; i < screens; i++) await (await browser.context.newPage()).goto(`${plant.url}/`);
    await page.bringToFront();
    const ten = await measure(machine, page, echoPage);
    report(one, ten);
  } finally {
    await browser?.close();
    await plant?.stop();
    machine.kill();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function report(one: Awaited<ReturnType<typeof measure>>, ten: Awaited<ReturnType<typeof measure>>): void {
  const about = { unit: 'ms', changes };
  figure('screen-latency', 'p95Ms', share(one.screen, 0.95), { ...about, floor: 250 });
  figure('screen-latency', 'p50Ms', share(one.screen, 0.5), about);
  figure('screen-latency', 'p99Ms', share(one.screen, 0.99), about);
  figure('screen-latency', 'bareWebSocketP95Ms', share(one.echo, 0.95), about);
  figure('screen-latency', 'bareWebSocketP50Ms', share(one.echo, 0.5), about);
  figure('screen-latency', 'ratioToBareP95', share(one.screen, 0.95) / share(one.echo, 0.95));
  figure('screen-latency', 'p95MsTenScreens', share(ten.screen, 0.95), { ...about, screens });
  figure('screen-latency', 'growth10x', share(ten.screen, 0.95) / share(one.screen, 0.95), {
    note: 'ten screens to one; 1 is no growth',
  });
}

if (noChromium) console.log(noChromium);
else await run();
