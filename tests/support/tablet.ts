import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

const texts = new Map<string, Record<string, string>>();
function textsOf(language: string): Record<string, string> {
  const file = new URL(`../../apps/web/src/i18n/kiosk.${language}.json`, import.meta.url);
  const found = texts.get(language) ?? JSON.parse(readFileSync(file, 'utf8'));
  texts.set(language, found);
  return found;
}

/** A finger in a glove, in CSS pixels. */
const glovePx = 56;
/** How long a screen may take to follow, on a machine that does other things. */
const patienceMs = 30_000;

/** One thing that a person did at a kiosk, and what it cost. */
interface Act {
  what: string;
  tablet: string;
  scans: number;
  touches: number;
  /** Digits of figures that only a person knows. */
  digits: number;
  ms: number;
}

/** A tablet on the shop floor in a browser context of its own: scanned at, touched, and counted. */
export class Tablet {
  readonly acts: Act[] = [];
  readonly problems: string[] = [];
  readonly name: string;
  readonly context: BrowserContext;
  page: Page;
  /** Language of who stands at it. */
  language = 'ko';
  readonly #url: string;
  #act: Act | null = null;
  #mainAt = 0;

  private constructor(name: string, url: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.#url = url;
    this.context = context;
    this.page = page;
    this.#watch(page);
  }

  /** Its clock is `clockMs` fast. */
  static async open(
    browser: Browser,
    url: string,
    name: string,
    options: { clockMs?: number; width?: number; height?: number } = {},
  ): Promise<Tablet> {
    const context = await browser.newContext({
      ...{ viewport: { width: options.width ?? 1280, height: options.height ?? 800 }, hasTouch: true },
      ...{ locale: 'ko-KR', timezoneId: 'Asia/Seoul' },
    });
    if (options.clockMs)
      await context.addInitScript((shift) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + shift;
      }, options.clockMs);
    return new Tablet(name, url, context, await context.newPage());
  }

  #watch(page: Page): void {
    page.on('pageerror', (error) => this.problems.push(`${this.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(message.text()))
        this.problems.push(`${this.name}: ${message.text()}`);
    });
  }

  /** Text of the kiosk in the language of who stands here; what is filled in is anything. */
  text(key: string): RegExp {
    const found = textsOf(this.language)[key] ?? textsOf('ko')[key];
    assert.ok(found, `no text ${key}`);
    return new RegExp(found.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.*?'));
  }

  /** Everything that `work` does counts for this act. */
  async act<T>(what: string, work: () => Promise<T>): Promise<T> {
    const act: Act = { what, tablet: this.name, scans: 0, touches: 0, digits: 0, ms: 0 };
    const outer = this.#act;
    this.#act = act;
    const started = performance.now();
    try {
      return await work();
    } finally {
      act.ms = performance.now() - started;
      this.#act = outer;
      this.acts.push(act);
    }
  }

  get kiosk(): Locator {
    return this.page.locator('.kiosk');
  }

  button(name: string | RegExp): Locator {
    return this.kiosk.getByRole('button', { name }).first();
  }

  /** The one button that ends a screen. */
  get main(): Locator {
    return this.page.locator('.k-foot .k-main').last();
  }

  async touch(target: Locator | string): Promise<void> {
    const what = typeof target === 'string' ? this.button(this.text(target)) : target;
    await what.waitFor({ timeout: patienceMs });
    const box = await what.boundingBox();
    assert.ok(
      box && box.height >= glovePx && box.width >= glovePx,
      `too small for a glove: ${await what.textContent()}`,
    );
    if ((await what.getAttribute('class'))?.includes('k-main')) {
      // A second press within half a second is taken for the same one; people are slower.
      const pause = this.#mainAt + 550 - performance.now();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    await what.click({ timeout: patienceMs });
    this.#mainAt = performance.now();
    if (this.#act) this.#act.touches++;
  }

  /** What a keyboard-wedge scanner does: keys within milliseconds, then Enter. */
  async scan(code: string): Promise<void> {
    if (this.#act) this.#act.scans++;
    await this.page.evaluate(
      `for (const key of [...${JSON.stringify(code)}, 'Enter'])
        window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`,
    );
  }

  /** A figure on the number pad. */
  async type(figure: number): Promise<void> {
    for (const digit of String(figure)) {
      await this.page.locator('.k-key', { hasText: digit }).first().click();
      if (this.#act) this.#act.digits++;
    }
  }

  async see(text: string | RegExp): Promise<void> {
    const wanted = typeof text === 'string' ? this.text(text) : text;
    await this.kiosk.getByText(wanted).first().waitFor({ timeout: patienceMs });
  }

  async shows(key: string): Promise<boolean> {
    return (await this.kiosk.getByText(this.text(key)).count()) > 0;
  }

  /** Entries that the tablet has still to send. */
  async waiting(): Promise<number> {
    const [key] = [this.text('kiosk.waiting.chip')];
    // Read in one look: it goes as soon as all is sent.
    const [chip] = await this.page.locator('.k-head').getByText(key).allTextContents();
    return Number(/\d+/.exec(chip ?? '')?.[0] ?? 0);
  }

  /** Signed in once by somebody of the office; from then on it stands at its machine. */
  async signIn(user: string, password: string): Promise<void> {
    await this.page.goto(`${this.#url}/sign-in?next=/kiosk`);
    await this.page.getByLabel('아이디').fill(user);
    await this.page.getByLabel('비밀번호', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: '로그인' }).click();
    await this.see('kiosk.machine.title');
    // Opened anew under the worker's scope, as it will be every morning.
    await this.page.goto(`${this.#url}/kiosk`);
    await this.see('kiosk.machine.title');
    await this.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  }

  /** Goes with the tablet to another machine. */
  async goTo(machine: string): Promise<void> {
    if (!(await this.shows('kiosk.machine.title'))) {
      await this.touch(this.button(this.text('kiosk.settings.title')));
      await this.touch('kiosk.settings.changeMachine');
    }
    await this.see('kiosk.machine.title');
    await this.kiosk.locator('.k-choices .k-press').first().waitFor({ timeout: patienceMs });
    await this.scan(machine);
    await this.kiosk.getByText(this.text('kiosk.machine.title')).waitFor({ state: 'detached', timeout: patienceMs });
    // What stands at the machine comes with the server's answer.
    await this.kiosk.locator('.k-title h1, .k-work').first().waitFor({ timeout: patienceMs });
  }

  async badge(code: string, language: string): Promise<void> {
    await this.scan(code);
    this.language = language;
  }

  /** The tab dies as a browser that runs out of memory does; the tablet opens it again. */
  async crash(): Promise<void> {
    const dead = this.page;
    void dead.goto('chrome://crash').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1500));
    this.page = await this.context.newPage();
    this.#watch(this.page);
    await dead.close().catch(() => {});
    await this.page.goto(`${this.#url}/kiosk`);
  }

  async picture(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }
}

/** How often each act was done, and what it cost at most, as a table for people. */
export function touchTable(acts: readonly Act[]): string {
  const byName = new Map<string, Act[]>();
  for (const act of acts) byName.set(act.what, [...(byName.get(act.what) ?? []), act]);
  const most = (of: Act[], key: 'scans' | 'touches' | 'digits') => Math.max(...of.map((a) => a[key]));
  const median = (of: Act[]) => [...of].sort((a, b) => a.ms - b.ms)[Math.floor(of.length / 2)]!.ms;
  const rows = [...byName].map(([what, of]) => [
    ...[what, of.length, most(of, 'scans'), most(of, 'touches'), most(of, 'digits')].map(String),
    `${(median(of) / 1000).toFixed(1)} s`,
  ]);
  const all = [['act', 'times', 'scans', 'touches', 'digits', 'median'], ...rows];
  const width = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(width[i]!) : cell.padStart(width[i]! + 2))).join(''))
    .join('\n');
}
