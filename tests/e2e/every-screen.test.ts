import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { type ApiCaller, apiCaller, sessionOf } from '../support/api-caller.ts';
import { noChromium, openBrowser } from '../support/browser.ts';
import { type PlantProcess, startPlantProcess } from '../support/plant-process.ts';

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const routerSource = readFileSync(new URL('../../apps/web/src/app/router.tsx', import.meta.url), 'utf8');
const machine = 'hanbit/gimcheon/moulding/imm-01';
const password = '등대를 켜는 긴 문장 하나';

interface Known {
  order: string;
  lot: { id: string; number: string };
  card: string;
}

/** What to open of each route of the router; a route that is missing here fails the first test. */
const addresses: Record<string, (known: Known) => string[]> = {
  '/setup': () => ['/setup?token=used'],
  '/sign-in': () => ['/sign-in'],
  '/kiosk': () => ['/kiosk'],
  '/kiosk/$': () => [`/kiosk/${machine}`],
  '/wall': () => ['/wall'],
  '/': () => ['/', '/?view=table'],
  '/machine/$': () => [`/machine/${machine}`],
  '/trends': () => ['/trends', `/trends?signals=${machine}/barrel-temp-1&states=${machine}`],
  '/oee': () => ['/oee'],
  '/alarms': () => ['/alarms', '/alarms?tab=kpis'],
  '/connections': () => ['/connections'],
  '/connections/discover': () => ['/connections/discover'],
  '/plant': () => ['/plant'],
  '/master': () => ['/master', '/master?kind=item&code=COVER-75-POM'],
  '/master/import': () => ['/master/import'],
  '/users': () => ['/users'],
  '/devices': () => ['/devices'],
  '/exchange': () => ['/exchange'],
  '/audit': () => ['/audit'],
  '/system': () => ['/system'],
  '/production': ({ order }) => [
    ...['/production', `/production?id=${order}`, '/production?tab=dispatch', '/production?tab=results'],
    ...['/production?tab=daily', '/production?tab=calls'],
  ],
  '/maintenance': () => [
    ...['/maintenance', '/maintenance?tab=plans', '/maintenance?tab=tools', '/maintenance?tab=reliability'],
  ],
  '/maintenance/check': () => [`/maintenance/check?sheet=DAILY-INJ&kind=machine&subject=${machine}`],
  '/maintenance/scan': () => ['/maintenance/scan'],
  '/maintenance/labels': () => ['/maintenance/labels'],
  '/people': () => ['/people', '/people?tab=safety'],
  '/know-how': () => ['/know-how'],
  '/know-how/$id': ({ card }) => [`/know-how/${card}`],
  '/quality': () => ['/quality', '/quality?tab=charts', '/quality?tab=nonconformities', '/quality?tab=sampling'],
  '/materials': () => [
    ...['/materials', '/materials?tab=lots', '/materials?tab=receive', '/materials?tab=move'],
    ...['/materials?tab=ledger', '/materials?tab=labels'],
  ],
  '/lots/$id': ({ lot }) => [`/lots/${lot.id}`],
  '/trace': ({ lot }) => [`/trace?lot=${lot.id}`],
  '/01/$': () => ['/01/08801234567893'],
  '/lot/$': ({ lot }) => [`/lot/${lot.number}`],
  '/owner': () => ['/owner'],
  '/profile': () => ['/profile'],
};
const routesOfRouter = [...routerSource.matchAll(/^\s+path: '([^']+)'/gm)].map((found) => found[1]!);

/** What the functions below use of the browser; they run there. */
interface InPage {
  document: {
    querySelector(selector: string): unknown;
    fonts: { status: string };
    documentElement: { dataset: Record<string, string> };
    getAnimations(): { effect: { getComputedTiming(): { iterations: number } } }[];
  };
}

interface Finding {
  id: string;
  impact: string;
  html: string;
  why: string;
}

/** Serious and critical findings of axe on the page as it stands; of the colours alone where only those changed. */
async function findings(page: Page, colourOnly: boolean): Promise<Finding[]> {
  return page.evaluate(async (onlyColour) => {
    const { axe, document } = globalThis as unknown as Pick<InPage, 'document'> & {
      axe: {
        run(
          what: unknown,
          options: object,
        ): Promise<{
          violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
        }>;
      };
    };
    const rules = { runOnly: onlyColour ? ['color-contrast'] : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
    const { violations } = await axe.run(document, { ...rules, resultTypes: ['violations'] });
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => ({
        ...{ id: v.id, impact: v.impact, html: v.nodes[0]?.html.slice(0, 200) ?? '' },
        why: v.nodes[0]?.failureSummary.slice(0, 240) ?? '',
      }));
  }, colourOnly);
}

/** Every route of the router with a plant at work behind it, light and dark: nothing serious for axe, no raw word, no error. */
describe('every screen', { skip: noChromium, timeout: 280_000 }, () => {
  let plant: PlantProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let known: Known;

  before(async () => {
    plant = await startPlantProcess('demo', ['--past', '2h']);
    const token = new URL(plant.setupLink).searchParams.get('token');
    const cookie = await sessionOf(plant.url, 'setup', {
      ...{ token, name: 'boss', displayName: '', password, language: 'ko' },
    });
    known = await whatThereIs(apiCaller(plant.url, cookie));
    browser = await openBrowser();
    await signIn(browser.context, plant.url);
  });
  after(async () => {
    await browser?.close();
    await plant?.stop();
  });

  test('no route of the router is left out', () => {
    assert.ok(routesOfRouter.length > 30, 'the router was read');
    assert.deepEqual(routesOfRouter.filter((path) => !addresses[path]).sort(), []);
  });

  test('nothing serious for axe on any of them, in light and in dark', async () => {
    const open = Object.values(addresses).flatMap((of) => of(known));
    const found: Record<string, Finding[] | string> = {};
    const work = async () => {
      const page = await browser.context.newPage();
      for (let path = open.shift(); path !== undefined; path = open.shift())
        try {
          for (const [scheme, list] of Object.entries(await look(page, `${plant.url}${path}`)))
            if (list.length > 0) found[`${path} (${scheme})`] = list;
        } catch (error) {
          // The others are still worth looking at.
          found[path] = String(error).slice(0, 300);
        }
      await page.close();
    };
    await Promise.all([work(), work()]);
    assert.deepEqual(found, {});
  });

  test('no page threw', () => {
    assert.deepEqual(browser.problems, []);
  });
});

async function look(page: Page, address: string): Promise<{ light: Finding[]; dark: Finding[] }> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(address);
  await page.locator('h1, main, form').first().waitFor();
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as InPage;
    return !document.querySelector('.loading-rows') && document.fonts.status === 'loaded';
  });
  await page.evaluate(axeSource);
  const light = await findings(page, false);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.waitForFunction(() => {
    const { document } = globalThis as unknown as InPage;
    const ending = document
      .getAnimations()
      .filter((a) => a.effect.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    return document.documentElement.dataset.mantineColorScheme === 'dark' && ending.length === 0;
  });
  return { light, dark: await findings(page, true) };
}

async function signIn(context: BrowserContext, url: string): Promise<void> {
  const answer = await context.request.post(`${url}/api/session`, { data: { name: 'boss', password } });
  assert.equal(answer.status(), 200, await answer.text());
}

/** Waits until the demo's people have made something, so that the lists are not empty. */
async function whatThereIs(call: ApiCaller): Promise<Known> {
  for (let tries = 0; ; tries++) {
    const [orders, lots, cards] = await Promise.all([
      call('workOrders', { query: { limit: 1 } }),
      call('lots', { query: { limit: 1 } }),
      call('knowHow', { query: { limit: 1 } }),
    ]);
    const [order, lot, card] = [orders[0], lots[0], cards[0]];
    if (order && lot && card) return { order: order.id, lot, card: card.card.id };
    assert.ok(tries < 90, 'the demo’s people made nothing');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
