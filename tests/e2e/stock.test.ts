import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type ApiCaller, apiCaller, sessionOf } from '../support/api-caller.ts';
import { noChromium, openBrowser } from '../support/browser.ts';
import { type PlantProcess, startPlantProcess } from '../support/plant-process.ts';

const password = '등대를 켜는 긴 문장 하나';
const dayUs = 86_400_000_000;
const master: [kind: string, code: string, data: object][] = [
  ['location', 'RAW', { name: '원자재 창고', kind: 'raw' }],
  ['location', 'FG', { name: '완제품 창고', kind: 'finished' }],
  ['location', 'SHIP', { name: '출하장', kind: 'shipping' }],
  ['location', 'QUA', { name: '격리', kind: 'quarantine' }],
  ['partner', 'LOTTE', { name: '롯데케미칼', roles: ['supplier'] }],
  ['partner', 'HMC', { name: '현대', roles: ['customer'] }],
  ['item', 'CAP', { name: '캡', kind: 'product' }],
];

/** The desk of the store: lots split, packed, moved, sent back and taken back; then the month is closed. */
describe('the store in the browser', { skip: noChromium, timeout: 120_000 }, () => {
  let folder: string;
  let plant: PlantProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let call: ApiCaller;
  let lot: { id: string; number: string };
  /** The middle of the month before this one, µs. */
  const lastMonth = (() => {
    const now = new Date();
    return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15, 3) * 1000;
  })();

  const act = (name: string) => page.locator('.lot-acts').getByRole('button', { name, exact: true }).click();
  const dialog = () => page.getByRole('dialog');
  const field = (name: string) => dialog().getByLabel(name, { exact: false }).first();
  const send = (name: string) => dialog().getByRole('button', { name, exact: true }).click();
  const choose = async (name: string, option: string) => {
    await dialog().getByRole('combobox', { name }).click();
    await page.getByRole('option', { name: option, exact: false }).click();
  };
  const card = (id: string) => call('lot', { params: { id } });
  const openLot = async (id: string) => {
    await page.goto(`${plant.url}/lots/${id}`);
    await page.locator('.lot-acts').waitFor();
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'e2e-stock-'));
    plant = await startPlantProcess('start', [], join(folder, 'data'), folder);
    const token = new URL(plant.setupLink).searchParams.get('token');
    const boss = { name: 'boss', password, token, displayName: '김관리', language: 'ko' };
    call = apiCaller(plant.url, await sessionOf(plant.url, 'setup', boss));
    for (const [kind, code, data] of master)
      await call('saveMasterRecord', { params: { kind, code }, body: { data, version: null } } as never);
    lot = await call('receiveStock', {
      body: { item: 'CAP', quantity: 500, location: 'FG', supplier: 'LOTTE', time: lastMonth },
    });
    browser = await openBrowser();
    page = browser.page;
    page.setDefaultTimeout(20_000);
    await page.goto(`${plant.url}/sign-in`);
    await page.getByLabel('아이디').fill('boss');
    await page.getByLabel('비밀번호', { exact: true }).fill(password);
    await page.getByRole('button', { name: '로그인' }).click();
    await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  });
  after(async () => {
    await browser?.close();
    await plant?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test('a lot is split: the new one opens, with its own label', async () => {
    await openLot(lot.id);
    await act('나누기');
    await field('새 로트로 뗄 수량').fill('501');
    assert.ok(await dialog().getByRole('button', { name: '나누기' }).isDisabled(), 'no more than there is');
    await field('새 로트로 뗄 수량').fill('120');
    await send('나누기');
    await page.waitForURL((url) => !url.pathname.endsWith(lot.id));
    const made = await card(page.url().split('/').at(-1)!);
    assert.deepEqual([made.lot.origin, made.lot.onHand, (await card(lot.id)).lot.onHand], ['split', 120, 380]);
  });

  test('a lot is packed, its box is moved with everything in it, and unpacked', async () => {
    await openLot(lot.id);
    await act('용기에 담기');
    await field(`${lot.number} 수량`).fill('80');
    await send('담기');
    await page.waitForURL((url) => !url.pathname.endsWith(lot.id));
    const box = page.url().split('/').at(-1)!;
    await page.locator('.lot-acts').waitFor();
    await act('이동');
    await choose('받는 위치', '출하장');
    await send('이동');
    await dialog().waitFor({ state: 'detached' });
    const moved = await card(box);
    assert.deepEqual(moved.lot.stock, [{ location: 'SHIP', quantity: 80 }]);
    await page.goto(`${plant.url}/materials?tab=containers`);
    await page.getByRole('row').filter({ hasText: moved.lot.number }).filter({ hasText: '캡 80' }).waitFor();
    await openLot(box);
    await act('꺼내기');
    await field(`${lot.number} 수량`).fill('30');
    await send('꺼내기');
    await dialog().waitFor({ state: 'detached' });
    assert.equal((await card(box)).lot.onHand, 50);
  });

  test('goods go back to the supplier with a reason, and come back from a customer into quarantine', async () => {
    await openLot(lot.id);
    await act('공급처 반품');
    await field('수량').fill('40');
    assert.ok(await dialog().getByRole('button', { name: '반품', exact: true }).isDisabled(), 'a reason is asked');
    await field('사유').fill('치수 불량');
    await send('반품');
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('row').filter({ hasText: '공급처 반품' }).filter({ hasText: '치수 불량' }).waitFor();
    const shipment = await call('createShipment', { body: { customer: 'HMC', note: '' } });
    await call('loadShipment', { params: { id: shipment.id }, body: { code: lot.number, quantity: 60 } });
    await call('sendShipment', { params: { id: shipment.id }, body: {} });
    await openLot(lot.id);
    await act('고객 반품');
    await field('수량').fill('10');
    await field('사유').fill('긁힘');
    await send('반품 받기');
    await dialog().waitFor({ state: 'detached' });
    const { lot: now, returnable } = await card(lot.id);
    assert.equal(now.status, 'quarantine');
    assert.deepEqual(returnable.customers, [{ customer: 'HMC', quantity: 50 }]);
  });

  test('a month is closed with a signature once nothing stands in the way; what is dated into it is refused', async () => {
    const count = await call('startStockCount', { body: { locations: ['RAW'], blind: true } });
    await page.goto(`${plant.url}/materials?tab=closing`);
    await page.getByRole('row').filter({ hasText: '진행 중' }).getByRole('button', { name: '확인' }).click();
    await dialog().getByText('아직 끝나지 않은 날이에요').waitFor();
    await dialog().getByText(count.number).waitFor();
    assert.ok(await dialog().getByRole('button', { name: '서명하고 마감' }).isDisabled());
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    const month = page.getByRole('row').filter({ hasText: '마감 전' });
    await month.getByRole('button', { name: '마감', exact: true }).click();
    await field('비고').fill('월 마감');
    await send('서명하고 마감');
    const closed = page.getByRole('row').filter({ hasText: '김관리' }).filter({ hasText: '월 마감' });
    await closed.waitFor();

    const [box] = await call('containers', { query: { limit: 1 } });
    await openLot(box!.lot.id);
    await act('이동');
    await choose('받는 위치', '완제품 창고');
    const when = new Date(lastMonth / 1000 + dayUs / 1000);
    await field('일시').fill(`${when.toISOString().slice(0, 10)}T10:00`);
    await send('이동');
    const refusal = dialog().getByRole('alert');
    await refusal.getByText('재고는 마감되었습니다', { exact: false }).waitFor();
    await refusal.getByText('관리자에게 마감 해제를 요청하세요', { exact: false }).waitFor();
    assert.equal((await card(box!.lot.id)).lot.stock[0]!.location, 'SHIP', 'nothing of it was kept');

    await page.goto(`${plant.url}/materials?tab=closing`);
    await closed.getByRole('button', { name: '마감 해제' }).click();
    await field('사유').fill('송장 누락');
    await send('마감 해제');
    await closed.getByText('송장 누락').waitFor();
    await closed.getByText('마감 해제됨').waitFor();
  });

  test('who leads may close but not reopen', async () => {
    await call('createUser', {
      body: { name: 'lead', displayName: '박반장', role: 'supervisor', language: 'ko', password },
    });
    const lead = apiCaller(plant.url, await sessionOf(plant.url, 'session', { name: 'lead', password }));
    const day = new Date(lastMonth / 1000).toISOString().slice(0, 10);
    await lead('closeStock', { body: { day } });
    const [closing] = await lead('stockClosings');
    assert.equal(closing!.name, '박반장');
    await assert.rejects(lead('reopenStock', { params: { id: closing!.id }, body: { reason: '실수' } }), /403/);
  });

  test('no page of the store threw or logged an error', () => {
    assert.deepEqual(browser.problems, []);
  });
});
