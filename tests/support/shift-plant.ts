import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedShopFloor } from '@deungdae/demo/shop-floor/seed.ts';
import { type Demo, startDemo } from '@deungdae/demo/start-demo.ts';
import { type Browser, chromium } from 'playwright-core';
import { type ApiCaller, apiCaller, sessionOf } from './api-caller.ts';
import { chromiumPath } from './browser.ts';
import { hurriedPlant, planOrders, withShift } from './demo-shift.ts';
import { freePorts, type PlantProcess, startPlantProcess } from './plant-process.ts';

export const password = '등대를 켜는 긴 문장 하나';
const minuteMs = 60_000;

/** Hanbit with hurried machines, its server, what the office planned, and the browser of all its tablets. */
export interface ShiftPlant {
  demo: Demo;
  plant: PlantProcess;
  browser: Browser;
  call: ApiCaller;
  /** The boss's session. */
  cookie: string;
  /** ms. */
  began: number;
  /** Number of the order by machine. */
  orders: Map<string, string>;
  close(): Promise<void>;
}

/** The machines live `speed` times faster than the clock. What was started is ended when a later step fails. */
export async function openShiftPlant(speed: number): Promise<ShiftPlant> {
  const dataDir = await mkdtemp(join(tmpdir(), 'e2e-shift-'));
  const ends: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 })];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const [opcUa, modbus, mqtt, mtconnect] = await freePorts(4);
    const ports = { opcUa: opcUa!, modbus: modbus!, mqtt: mqtt!, mtconnect: mtconnect! };
    // Their day begins at eight; with this seed three machines mould the wheel that both cells assemble.
    const demo = await startDemo({ dataDir, seed: 23, ports, pastHours: 0, hurry: { speed, fromMinute: 8 * 60 } });
    ends.push(() => demo.close());
    const began = Date.now();
    const file = hurriedPlant(await readFile(demo.plantFile, 'utf8'), speed);
    await writeFile(demo.plantFile, withShift(file, began - 2 * minuteMs, began + 600 * minuteMs));
    await demo.ready();
    const plant = await startPlantProcess('start', ['--plant', demo.plantFile], dataDir);
    ends.push(() => plant.stop());
    const token = new URL(plant.setupLink).searchParams.get('token');
    const boss = { name: 'boss', password, token, displayName: '공장장', language: 'ko' };
    const cookie = await sessionOf(plant.url, 'setup', boss);
    const call = apiCaller(plant.url, cookie);
    await seedShopFloor(call as never, (began - minuteMs) * 1000);
    const otabek = await call('createPerson', {
      body: { badge: 'HB-302', name: 'Otabek Karimov', language: 'uz', team: '열처리·가공' },
    });
    for (const skill of ['CNC', 'HT'])
      await call('grantSkill', { params: { id: otabek.id }, body: { skill, level: 3 } });
    const browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
    ends.push(() => browser.close());
    const orders = await planOrders(call, (name) => uploadDrawing(browser, plant.url, cookie, name));
    return { demo, plant, browser, call, cookie, began, orders, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A drawing with its own name on it; gives the document's id. */
async function uploadDrawing(browser: Browser, url: string, cookie: string, name: string): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
  await page.setContent(`<svg width="880" height="620" font-family="sans-serif"><rect x="4" y="4" width="872" height="612"
    fill="#fff" stroke="#000" stroke-width="3"/><path d="M250 470V250a190 190 0 01380 0v220h-60V260a130 130 0 00-260 0v210z"
    fill="none" stroke="#000" stroke-width="4"/><text x="30" y="590" font-size="34">${name}</text></svg>`);
  const picture = await page.screenshot();
  await page.close();
  const answer = await fetch(`${url}/api/documents?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { cookie, origin: url, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(picture),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return ((await answer.json()) as { id: string }).id;
}
