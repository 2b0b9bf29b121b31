import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { seedShopFloor } from '@deungdae/demo/shop-floor/seed.ts';
import { type Demo, startDemo } from '@deungdae/demo/start-demo.ts';
import type { Locator, Page } from 'playwright-core';
import { type ApiCaller, apiCaller, sessionOf } from '../support/api-caller.ts';
import { noChromium, openBrowser } from '../support/browser.ts';
import { freePorts, type PlantProcess, startPlantProcess } from '../support/plant-process.ts';

const machine = 'hanbit/gimcheon/press/press-01';
const hourMs = 3_600_000;
const minuteUs = 60_000_000;
const password = '등대를 켜는 긴 문장 하나';

/** A small shift at one press through the kiosk alone: scanner, touches, part of it without a network. */
describe('a shift at the kiosk', { skip: noChromium, timeout: 280_000 }, () => {
  let dataDir: string;
  let demo: Demo;
  let plant: PlantProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let call: ApiCaller;
  let order: string;
  let run: string;
  const touches = new Map<string, number>();
  let entry = '';

  /** A press with a finger, counted for the entry under way; big enough for a glove. */
  const touch = async (target: Locator) => {
    await target.waitFor({ timeout: 15_000 });
    const box = await target.boundingBox();
    assert.ok(box && box.height >= 56 && box.width >= 56, `too small for a glove: ${await target.textContent()}`);
    await target.click();
    touches.set(entry, (touches.get(entry) ?? 0) + 1);
  };
  const button = (name: string | RegExp) => page.locator('.kiosk').getByRole('button', { name }).first();
  const doing = (what: string) => {
    entry = what;
    touches.set(what, touches.get(what) ?? 0);
  };
  /** What a keyboard-wedge scanner does: keys within milliseconds, then Enter. */
  const scan = (code: string) =>
    page.evaluate(`for (const key of [...${JSON.stringify(code)}, 'Enter'])
      window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);
  const see = (text: string | RegExp) => page.locator('.kiosk').getByText(text).first().waitFor({ timeout: 20_000 });
  const laterIfAsked = async () => {
    const later = page.locator('.k-foot').getByRole('button', { name: '나중에' });
    if (await later.count()) await later.click();
  };
  const pressNumber = async (value: string) => {
    for (const key of value) await page.locator('.k-key', { hasText: key }).first().click();
  };

  /** Every sample measured alike, every look good, and sent. */
  const inspect = async (value: string) => {
    const send = button('결과 보내기');
    for (let i = 0; i < 40 && (await send.count()) === 0; i++)
      if (await page.locator('.k-pad').count()) {
        await pressNumber(value);
        await page.locator('.k-foot .k-main').click();
      } else await page.locator('.k-foot .k-good').click();
    await see('모두 합격');
    await send.click();
  };

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'e2e-kiosk-'));
    const [opcUa, modbus, mqtt, mtconnect] = await freePorts(4);
    const ports = { opcUa: opcUa!, modbus: modbus!, mqtt: mqtt!, mtconnect: mtconnect! };
    demo = await startDemo({ dataDir, seed: 5, ports, pastHours: 1 });
    await demo.ready();
    plant = await startPlantProcess('start', ['--plant', demo.plantFile], dataDir);
    const token = new URL(plant.setupLink).searchParams.get('token');
    const boss = { name: 'boss', password };
    call = apiCaller(
      plant.url,
      await sessionOf(plant.url, 'setup', { ...boss, token, displayName: '', language: 'ko' }),
    );
    await seedShopFloor(call as never, Date.now() * 1000 - minuteUs);
    await call('createUser', {
      body: { name: 'tablet', displayName: '프레스 태블릿', role: 'operator', language: 'ko', password },
    });
    const made = await call('createWorkOrder', {
      body: { item: 'FORK-75', quantity: 400_000, due: null, priority: 5, salesOrder: null, release: true, note: '' },
    });
    order = made.number;
    browser = await openBrowser({ width: 1280, height: 800 });
    page = browser.page;
    // The tablet's clock is an hour fast, all day.
    await browser.context.addInitScript((shift) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + shift;
    }, hourMs);
  });
  after(async () => {
    await browser?.close();
    await plant?.stop();
    await demo?.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  test('the tablet is signed in once and remembers its machine', async () => {
    await page.goto(`${plant.url}/sign-in?next=/kiosk`);
    await page.getByLabel('아이디').fill('tablet');
    await page.getByLabel('비밀번호', { exact: true }).fill(password);
    await page.getByRole('button', { name: '로그인' }).click();
    await see('어느 설비인가요?');
    doing('machine');
    await touch(button('프레스 1호기'));
    await see('사원증을 찍으세요');
    assert.equal(touches.get('machine'), 1);
    await page.reload();
    await see('사원증을 찍으세요');
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  });

  test('an unknown badge is told, a known one opens the screen in its language', async () => {
    await scan('NO-SUCH-BADGE');
    await see(/모르는 사원증/);
    await scan('HB-102');
    await see('Quét lệnh sản xuất');
    await scan(order);
    await see(/chưa có kỹ năng/);
    await page.getByRole('button', { name: 'Tôi hiểu' }).click();
    await scan('HB-201');
    await see('작업지시서를 찍으세요');
  });

  test('an order starts by one scan and no touch; the wrong barcode says what it is', async () => {
    doing('start');
    await scan('WO-NOT-HERE');
    await see(/작업지시가 없어요/);
    await page.getByRole('button', { name: '알겠어요' }).click();
    await scan(order);
    await see(/시작했어요/);
    assert.equal(touches.get('start'), 0);
    const state = await waitFor(
      () => call('kioskState', { query: { machine } }),
      (s) => s.run !== null,
    );
    assert.deepEqual([state.run?.workOrderNumber, state.run?.tool], [order, 'D-F75-1']);
    run = state.run!.id;
    assert.ok(
      Math.abs(state.run!.startedAt / 1000 - Date.now()) < 60_000,
      'an hour off on the tablet, right on record',
    );
  });

  test('the first piece is asked as soon as the press has made one, and opens the counting', async () => {
    await see('초물 검사');
    await see('홀 위치');
    await pressNumber('99');
    await see(/많이 벗어났어요/);
    for (let i = 0; i < 2; i++) await page.getByRole('button', { name: '지우기' }).click();
    await inspect('31.52');
    await see(/합격으로 보냈어요/);
    await see('양품 / 목표');
    const inspections = await waitFor(
      () => call('inspections', { query: { run, limit: 10 } }),
      (rows) => rows.some((i) => i.status === 'done'),
    );
    const done = inspections.find((i) => i.status === 'done');
    assert.deepEqual([done?.stage, done?.verdict], ['first', 'accepted']);
  });

  test('the machine’s count is confirmed with two touches, defects by one each', async () => {
    await laterIfAsked();
    doing('defect');
    await touch(button('불량'));
    await touch(button('버'));
    assert.equal(touches.get('defect'), 2);
    await button('버').click();
    await button(/불량 2개/).click();
    doing('confirm');
    await touch(button(/양품 .*개 확정/));
    await see(/설비가 .*개를 셌어요/);
    await touch(page.locator('.k-foot .k-main'));
    await see(/확정했어요/);
    assert.equal(touches.get('confirm'), 2);
    const results = await waitFor(
      () => call('runResults', { query: { run, limit: 50 } }),
      (rows) => rows.length > 0,
    );
    const burrs = results.flatMap((r) => r.defects).filter((d) => d.reason === 'BURR');
    assert.equal(
      burrs.reduce((sum, d) => sum + d.quantity, 0),
      2,
    );
    assert.ok(results.reduce((sum, r) => sum + r.good, 0) > 0);
  });

  test('a wrong lot is refused in plain words and kept for the supervisor', async () => {
    await scan('L-OTHER-PLANT');
    await see(/로트가 없어요/);
    await button('알겠어요').click();
    const kept = await call('rejectedEntries', { query: { status: 'open', limit: 10 } });
    assert.ok(kept.some((r) => r.kind === 'useLot' && r.data.lot === 'L-OTHER-PLANT'));
  });

  test('a stop asks for its reason by itself: two touches, and know-how is offered', async () => {
    const now = Date.now() * 1000;
    const span = { from: now - 5 * minuteUs, to: now - 2 * minuteUs };
    await call('addDowntime', {
      body: { equipment: machine, ...span, state: 'unplannedStop', reason: null, note: '' },
    });
    await see(/왜 멈췄/);
    doing('stop reason');
    await touch(button('설비고장'));
    await touch(button('유압 이상'));
    assert.equal(touches.get('stop reason'), 2);
    await page.locator('.k-foot .k-press').last().click();
    const stops = await waitFor(
      () => call('downtimes', { query: { path: machine, from: now - hourMs * 1000, to: now, limit: 100 } as never }),
      (rows) => (rows as { reason: string | null }[]).some((s) => s.reason === 'breakdown/hydraulic'),
    );
    assert.ok(stops);
  });

  test('the network goes: entries are kept, over a reload and a crash of the tab, and two tabs', async () => {
    await laterIfAsked();
    await waitFor(
      () => page.getByText(/보낼 것/).count(),
      (left) => left === 0,
    );
    await page.waitForTimeout(500);
    await browser.context.setOffline(true);
    doing('call');
    await touch(button('호출'));
    await touch(button('자재'));
    assert.equal(touches.get('call'), 2);
    doing('near miss');
    await touch(button('아차사고'));
    await touch(button('끼임·말림'));
    await touch(button('보내기'));
    assert.equal(touches.get('near miss'), 3);
    doing('change');
    await touch(button('더보기'));
    await touch(button('4M 변경 신고'));
    await touch(button('로트 바뀜'));
    assert.equal(touches.get('change'), 3);
    await see(/보낼 것 3/);

    await page.reload();
    await see(/보낼 것 3/);
    await see('양품 / 목표');
    await button(/실적 확정/).click();
    await pressNumber('12');
    await page.locator('.k-foot .k-main').click();
    await see(/보낼 것 4/);

    const crashed = page;
    void crashed.goto('chrome://crash').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1500));
    page = await browser.context.newPage();
    await crashed.close().catch(() => {});
    await page.goto(`${plant.url}/kiosk`);
    await see(/보낼 것 4/);
    const other = await browser.context.newPage();
    await other.goto(`${plant.url}/kiosk`);
    await other.getByText(/보낼 것 4/).waitFor();
    await button('더보기').click();
    await button('인수인계').click();
    await button('자재 부족').click();
    await other.getByText(/보낼 것 5/).waitFor();
    await other.close();
    await page.bringToFront();
    assert.equal((await call('calls', { query: { machine, limit: 10 } })).length, 0, 'nothing has left the tablet');
  });

  test('the network is back: everything arrives once, in order, at the right time', async () => {
    const before = (await call('runResults', { query: { run, limit: 50 } })).length;
    await browser.context.setOffline(false);
    await waitFor(
      () => page.getByText(/보낼 것/).count(),
      (left) => left === 0,
    );
    // Typed within a minute of the machine's count, another figure wants its reason: one press.
    const why = button('시료로 뺌');
    const results = await waitFor(
      async () => {
        if (await why.count()) await why.click();
        return call('runResults', { query: { run, limit: 50 } });
      },
      (rows) => rows.some((r) => r.good === 12),
    );
    assert.equal(results.length, before + 1);
    assert.equal(results.filter((r) => r.good === 12).length, 1);
    const calls = await call('calls', { query: { machine, limit: 10 } });
    assert.deepEqual(
      calls.map((c) => c.kind),
      ['material'],
    );
    assert.equal((await call('safetyRecords', { query: { kind: 'nearMiss', limit: 10 } })).length, 1);
    const changes = await call('changes', { query: { machine, status: 'submitted', limit: 10 } });
    assert.deepEqual(
      changes.map((c) => c.text),
      ['로트 바뀜'],
    );
    assert.deepEqual(
      (await call('handovers', { query: { machine, limit: 10 } })).map((h) => h.text),
      ['자재 부족'],
    );
    for (const at of [calls[0]!.raisedAt, results.find((r) => r.good === 12)!.time])
      assert.ok(Math.abs(at / 1000 - Date.now()) < 5 * 60_000, 'the clock that is an hour fast is corrected');
    assert.ok(results.find((r) => r.good === 12)!.clientTime! / 1000 - Date.now() > hourMs / 2, 'what it said is kept');
  });

  test('the work is finished with its last piece', async () => {
    await laterIfAsked();
    await button('작업 끝').click();
    const confirm = page.locator('.kiosk').getByRole('button', { name: /아직 확정하지 않은/ });
    await page.locator('.k-foot .k-main').waitFor();
    await page.waitForTimeout(500);
    if (await confirm.count()) {
      await confirm.click();
      await page.locator('.k-foot .k-main').click();
      await see(/확정했어요/);
      await laterIfAsked();
      await button('작업 끝').click();
    }
    await button('종물 검사하기').click();
    await inspect('31.49');
    doing('finish');
    await touch(page.locator('.k-foot .k-main').filter({ hasText: '끝내기' }));
    await see('작업지시서를 찍으세요');
    const state = await waitFor(
      () => call('kioskState', { query: { machine } }),
      (s) => s.run === null,
    );
    assert.equal(state.run, null);
    const stages = (
      (await call('inspections', { query: { run, limit: 10 } })) as { stage: string; verdict: string }[]
    ).filter((i) => i.stage === 'last');
    assert.deepEqual(
      stages.map((i) => i.verdict),
      ['accepted'],
    );
    assert.deepEqual(browser.problems, []);
    process.stdout.write(`touches: ${[...touches].map(([what, n]) => `${what} ${n}`).join(', ')}\n`);
    for (const [what, n] of touches) assert.ok(n <= 3, `${what}: ${n} touches`);
  });
});

async function waitFor<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    if (Date.now() > deadline) throw new Error(`still not: ${JSON.stringify(value).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
