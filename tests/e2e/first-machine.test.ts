import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Demo, startDemo } from '@deungdae/demo/start-demo.ts';
import { noChromium, openBrowser } from '../support/browser.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';

/** An empty folder, one machine on the network, and a person who has never written a plant file. */
describe('the first machine of an empty plant', { skip: noChromium, timeout: 180_000 }, () => {
  let folder: string;
  let demo: Demo;
  let plant: PlantProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let agent: string;
  const machine = 'company/plant/gagongban/cnc-1hogi';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'e2e-empty-'));
    const [opcUa, modbus, mqtt, mtconnect] = await freePorts(4);
    const ports = { opcUa: opcUa!, modbus: modbus!, mqtt: mqtt!, mtconnect: mtconnect! };
    demo = await startDemo({ dataDir: join(folder, 'demo'), seed: 4, ports });
    await demo.ready();
    agent = `http://127.0.0.1:${mtconnect}`;
    plant = await startPlantProcess('start', [], join(folder, 'data'), folder);
    browser = await openBrowser({ width: 1280, height: 1000 });
  });
  after(async () => {
    await browser?.close();
    await plant?.stop();
    await demo?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the empty floor leads to the machine search, and the machine goes live', async () => {
    const { page } = browser;
    assert.match(plant.output(), /plant\.yaml/);
    await page.goto(plant.setupLink);
    await page.getByLabel('아이디').fill('공장장');
    await page.getByLabel('비밀번호', { exact: true }).fill('빈 공장을 켜는 긴 문장');
    await page.getByLabel('비밀번호 확인').fill('빈 공장을 켜는 긴 문장');
    await page.getByRole('button', { name: '시작하기' }).click();
    await page.getByText('아직 설비가 없어요').waitFor();
    await page.getByRole('link', { name: '설비 찾아 연결하기' }).click();

    await page.getByRole('combobox', { name: '종류' }).click();
    await page.getByRole('option', { name: 'MTConnect' }).click();
    await page.getByLabel('에이전트 주소', { exact: false }).fill(agent);
    await page.getByRole('button', { name: '연결 시험' }).click();
    await page.getByText('잘 연결돼요', { exact: false }).waitFor();
    await page.getByRole('button', { name: '신호 찾기', exact: true }).click();
    await page.getByLabel('보이는 것 모두 선택').click();

    await page.getByRole('textbox', { name: '설비 이름', exact: true }).fill('CNC 1호기');
    await page.getByRole('combobox', { name: '구역' }).click();
    await page.getByRole('option', { name: '새 구역 만들기', exact: false }).click();
    await page.getByLabel('새 구역 이름', { exact: false }).fill('가공반');
    await page.getByText(machine, { exact: true }).waitFor();
    assert.match(await page.getByRole('combobox', { name: '가동 상태를 무엇으로 알까요' }).inputValue(), /MTConnect/);
    assert.match(
      await page.getByRole('combobox', { name: '생산 수량을 무엇으로 셀까요' }).inputValue(),
      /part.?count/i,
    );
    await page.getByLabel('개당 표준시간 (초)').fill('46');
    await page.getByRole('button', { name: /공장 파일에 넣기/ }).click();
    await page.getByText('개를 넣었어요', { exact: false }).waitFor();

    await page.getByRole('link', { name: '설비 보기' }).click();
    await page.getByRole('heading', { name: 'CNC 1호기' }).first().waitFor();
    await page.goto(`${plant.url}/`);
    await page
      .locator(`[data-equipment="${machine}"][data-state]:not([data-state="noData"])`)
      .waitFor({ timeout: 20_000 });
  });

  test('the plant file is one that a person can read on, and a second machine may share the area', async () => {
    const text = await readFile(join(folder, 'plant.yaml'), 'utf8');
    assert.match(text, /^# 등대 공장 파일/);
    assert.match(text, /\n {8}name: 가공반\n {8}equipment:\n {10}- id: cnc-1hogi\n {12}name: CNC 1호기\n/);
    assert.match(text, /\n {12}counters:\n {14}- counts: total\n {16}signal: \S*part-?count/i);
    assert.match(text, /\n {12}cycleTimes:\n {14}- product: "\*"\n {16}seconds: 46\n/);
    assert.ok(
      text.split('\n').every((line) => line.length < 160),
      'no line runs off the screen',
    );
    const { page } = browser;
    await page.goto(`${plant.url}/connections/discover`);
    await page.getByText('있는 연결', { exact: true }).click();
    await page.getByRole('combobox', { name: '연결' }).click();
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: '신호 찾기', exact: true }).click();
    await page.getByText('새 설비', { exact: true }).first().click();
    await page.getByRole('combobox', { name: '구역' }).click();
    await page.getByRole('option', { name: '가공반' }).waitFor();
    assert.deepEqual(browser.problems, []);
  });
});
