import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Demo, startDemo } from '@deungdae/demo/start-demo.ts';
import type { Page } from 'playwright-core';
import { noChromium, openBrowser } from '../support/browser.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';

/** A person's first quarter of an hour with the product: the real command line, real protocols, a real browser. */
describe('a plant in the browser', { skip: noChromium, timeout: 240_000 }, () => {
  let dataDir: string;
  let demo: Demo;
  let plant: PlantProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let machine: string;
  const password = '등대를 켜는 긴 문장 하나';

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'e2e-'));
    const [opcUa, modbus, mqtt, mtconnect] = await freePorts(4);
    demo = await startDemo({
      dataDir,
      seed: 3,
      ports: { opcUa: opcUa!, modbus: modbus!, mqtt: mqtt!, mtconnect: mtconnect! },
    });
    await demo.ready();
    plant = await startPlantProcess('start', ['--plant', demo.plantFile], dataDir);
    browser = await openBrowser();
    page = browser.page;
  });
  after(async () => {
    await browser?.close();
    await plant?.stop();
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the first-run link sets the administrator, and the floor goes live', async () => {
    assert.match(plant.setupLink, /token=/);
    await page.goto(plant.setupLink);
    await page.getByLabel('아이디').fill('공장장');
    await page.getByLabel('비밀번호', { exact: true }).fill(password);
    await page.getByLabel('비밀번호 확인').fill(password);
    await page.getByRole('button', { name: '시작하기' }).click();
    await page.locator('[data-equipment]').first().waitFor();
    assert.equal(await page.locator('[data-equipment]').count(), 16);
    for (const machine of ['moulding/imm-01', 'press/press-01', 'assembly/line-1/asm-01', 'heat/cnc-01']) {
      await page
        .locator(`[data-equipment="hanbit/gimcheon/${machine}"][data-state]:not([data-state="noData"])`)
        .waitFor({ timeout: 30_000 });
    }
    const again = await browser.context.request.post(`${plant.url}/api/setup`, {
      data: {
        token: new URL(plant.setupLink).searchParams.get('token'),
        name: 'second',
        displayName: '',
        password,
        language: 'ko',
      },
    });
    assert.equal(again.status(), 409, 'the link works once');
  });

  test('a machine is stopped and turns on the screen within a second', async () => {
    // Moulding machines work through breaks: one of them runs whatever the time of day.
    const running = page.locator('[data-equipment*="/moulding/"][data-state="running"]').first();
    machine = (await running.getAttribute('data-equipment', { timeout: 60_000 }))!;
    const started = performance.now();
    demo.stop(machine.split('/').at(-1)!);
    await page.locator(`[data-equipment="${machine}"][data-state="unplannedStop"]`).waitFor({ timeout: 5_000 });
    const took = performance.now() - started;
    assert.ok(took < 1_500, `took ${took.toFixed(0)} ms`);
  });

  test('a reason is entered for the stop, and stays', async () => {
    await page.goto(`${plant.url}/machine/${machine}`);
    const row = page.getByRole('row').filter({ hasText: '진행 중' }).first();
    await row.waitFor();
    await row.click();
    await page.getByRole('button', { name: '금형 이상', exact: true }).click();
    await page.getByRole('button', { name: '사유 저장' }).click();
    await page.getByText('저장했어요').first().waitFor();
    const to = Date.now() * 1000;
    const query = `path=${machine}&from=${to - 3_600_000_000}&to=${to}`;
    const answer = await browser.context.request.get(`${plant.url}/api/downtimes?${query}`);
    const open = (await answer.json()).find((stop: { to: number | null }) => stop.to === null);
    assert.equal(open.reason, 'breakdown/mould');
    assert.notEqual(open.by, null);
    demo.resume(machine.split('/').at(-1)!);
    await page.goto(`${plant.url}/`);
    await page.locator(`[data-equipment="${machine}"][data-state="running"]`).waitFor({ timeout: 10_000 });
  });

  test('a bad plant file is refused with its line, and the plant goes on', async () => {
    await page.goto(`${plant.url}/plant`);
    const editor = page.getByLabel('공장 파일 편집기', { exact: false });
    await editor.waitFor();
    const text = await readFile(demo.plantFile, 'utf8');
    const bad = text.replace('    calendar: two-shift', '    calender: two-shift');
    const line = bad.split('\n').findIndex((l) => l.includes('calender:')) + 1;
    await editor.fill(bad);
    await page
      .locator('.problem-place', { hasText: `${line}:` })
      .first()
      .waitFor();
    await page.getByText('calendar인가요?').first().waitFor();
    const { revision } = await (await browser.context.request.get(`${plant.url}/api/plant/file`)).json();
    const answer = await browser.context.request.put(`${plant.url}/api/plant/file`, { data: { text: bad, revision } });
    assert.equal(answer.status(), 422);
    assert.match((await answer.json()).message, new RegExp(`${line}`));
    // An editor on the server's disk is refused just the same.
    await writeFile(demo.plantFile, bad);
    await page.waitForTimeout(1_500);
    const running = await (await browser.context.request.get(`${plant.url}/api/plant/file`)).json();
    assert.equal(running.revision, revision, 'the plant stays on the last good file');
    assert.equal(running.problems[0].line, line);
    await writeFile(demo.plantFile, text);
    const connections = await (await browser.context.request.get(`${plant.url}/api/connections`)).json();
    assert.deepEqual(
      connections.map((c: { status: string }) => c.status),
      ['connected', 'connected', 'connected', 'connected'],
    );
  });

  test('no page of the product threw or logged an error', () => {
    assert.deepEqual(browser.problems, []);
  });
});
