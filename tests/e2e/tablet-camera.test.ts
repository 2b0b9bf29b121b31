import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { seedShopFloor } from '@deungdae/demo/shop-floor/seed.ts';
import { type Demo, startDemo } from '@deungdae/demo/start-demo.ts';
import { type ApiCaller, apiCaller, sessionOf } from '../support/api-caller.ts';
import { noChromium, openBrowser } from '../support/browser.ts';
import { cameraArgs, film } from '../support/film.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';

const machine = 'hanbit/gimcheon/assembly/line-1/asm-01';
const minuteUs = 60_000_000;
const password = '등대를 켜는 긴 문장 하나';
type Browser = Awaited<ReturnType<typeof openBrowser>>;

/** The camera is Chromium's own, fed with pictures; from its frames on everything is what runs on a tablet. */
describe('a tablet that has nothing but its camera', { skip: noChromium, timeout: 240_000 }, () => {
  let folder: string;
  let demo: Demo;
  let plant: PlantProcess;
  let call: ApiCaller;
  let cookie: string;
  let order: string;
  let office: Browser;
  let tablet: Browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'e2e-camera-'));
    const [opcUa, modbus, mqtt, mtconnect] = await freePorts(4);
    const ports = { opcUa: opcUa!, modbus: modbus!, mqtt: mqtt!, mtconnect: mtconnect! };
    demo = await startDemo({ dataDir: folder, seed: 5, ports, pastHours: 1 });
    await demo.ready();
    plant = await startPlantProcess('start', ['--plant', demo.plantFile], folder);
    const token = new URL(plant.setupLink).searchParams.get('token');
    const boss = { name: 'boss', password };
    cookie = await sessionOf(plant.url, 'setup', { ...boss, token, displayName: '', language: 'ko' });
    call = apiCaller(plant.url, cookie);
    await seedShopFloor(call as never, Date.now() * 1000 - minuteUs);
    const made = await call('createWorkOrder', {
      body: {
        item: 'CASTER-75-SWIVEL',
        quantity: 400,
        due: null,
        priority: 5,
        salesOrder: null,
        release: true,
        note: '',
      },
    });
    order = made.number;
    office = await openBrowser({ width: 1280, height: 800 });
  });
  after(async () => {
    await tablet?.close();
    await office?.close();
    await plant?.stop();
    await demo?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Puts a picture before the tablet's camera. */
  const hold = async (picture: string) => {
    const page = await office.context.newPage();
    await film(page, picture, join(folder, 'camera.mjpeg'));
    await page.close();
  };
  const see = (text: string | RegExp) =>
    tablet.page.locator('.kiosk').getByText(text).first().waitFor({ timeout: 30_000 });
  const byCamera = () => tablet.page.locator('.kiosk').getByRole('button', { name: '카메라로' }).click();
  const scan = (code: string) =>
    tablet.page.evaluate(`for (const key of [...${JSON.stringify(code)}, 'Enter'])
      window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);

  test('the code on the office’s screen lets it in', async () => {
    const { page } = office;
    await page.goto(`${plant.url}/sign-in?next=/devices`);
    await page.getByLabel('아이디').fill('boss');
    await page.getByLabel('비밀번호', { exact: true }).fill(password);
    await page.getByRole('button', { name: '로그인' }).click();
    await page.getByRole('button', { name: '태블릿 추가' }).first().click();
    await page.getByLabel('이름').fill('조립 1호기 태블릿');
    await page.getByRole('combobox', { name: '쓸 설비' }).fill('조립 1호기');
    await page
      .getByRole('option', { name: /조립 1호기/ })
      .first()
      .click();
    await page.getByRole('button', { name: '연결 코드 만들기' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.locator('img[src^="data:image/svg"]') });
    await dialog.waitFor();
    // What the office shows, as it stands on the screen: text, digits and the code.
    const shown = (await dialog.screenshot()).toString('base64');

    await hold(`data:image/png;base64,${shown}`);
    tablet = await openBrowser({ width: 1280, height: 800, args: cameraArgs(join(folder, 'camera.mjpeg')) });
    await tablet.page.goto(`${plant.url}/kiosk`);
    await byCamera();
    await see('사원증을 찍으세요');
    await page.getByText(/태블릿이 연결됐어요/).waitFor({ timeout: 20_000 });
    const [device] = await call('devices');
    assert.equal(device!.name, '조립 1호기 태블릿');
    assert.ok(device!.pairedAt !== null);
    assert.deepEqual(tablet.problems, []);
  });

  test('the label (현품표) on the material puts its lot into the work', async () => {
    const lot = (await call('lots', { query: { item: 'RIVET-6', limit: 5 } }))[0]!;
    const label = await fetch(`${plant.url}/api/lots/${lot.id}/label?format=svg`, { headers: { cookie } });
    await hold(`data:image/svg+xml;base64,${Buffer.from(await label.arrayBuffer()).toString('base64')}`);
    await scan('HB-401');
    await see('작업지시서를 찍으세요');
    await scan(order);
    await see(/시작했어요/);
    await tablet.page.locator('.kiosk').getByRole('button', { name: '자재', exact: true }).click();
    await see('자재 현품표를 찍으세요');
    await byCamera();
    await see(/넣었어요/);
    const used = await waitFor(async () => (await call('kioskState', { query: { machine } })).run?.inputLots ?? []);
    assert.deepEqual(used, [lot.id]);
    await see(lot.number);
    assert.deepEqual(tablet.problems, []);
  });
});

/** Asks again until there is something. */
async function waitFor<T>(ask: () => Promise<T[]>): Promise<T[]> {
  for (let left = 60; left > 0; left--) {
    const found = await ask();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return [];
}
