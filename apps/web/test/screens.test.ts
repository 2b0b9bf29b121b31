import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';

const root = join(import.meta.dirname, '..');
const axeFile = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
const browserFile = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (f) => f && existsSync(f),
);
const machine = 'hanbit/gimcheon/molding/imm-02';
const pages = [
  '/',
  '/?view=table',
  `/machine/${machine}`,
  `/trends?signals=${machine}/barrel-temp-1,${machine}/program&states=${machine}`,
  '/oee',
  '/alarms',
  '/alarms?tab=kpis',
  '/connections',
  '/plant',
  '/users',
  '/audit',
  '/system',
  '/profile',
];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Every page against the made-up plant: no error, nothing serious for axe, nothing wider than a phone. */
describe('the screens', { skip: browserFile ? false : 'no Chromium on this machine', timeout: 120_000 }, () => {
  let mock: ChildProcess;
  let site: PreviewServer;
  let browser: Browser;
  let outDir: string;
  let url: string;

  before(async () => {
    const apiPort = await freePort();
    const port = await freePort();
    outDir = await mkdtemp(join(tmpdir(), 'screens-'));
    mock = spawn(process.execPath, [join(root, 'scripts/mock-server.ts'), '--port', String(apiPort)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => mock.stdout?.once('data', resolve));
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
    const proxy = { '/api': { target: `http://127.0.0.1:${apiPort}`, ws: true } };
    site = await preview({ root, logLevel: 'silent', build: { outDir }, preview: { port, host: '127.0.0.1', proxy } });
    url = `http://127.0.0.1:${port}`;
    browser = await chromium.launch({
      executablePath: browserFile!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    mock?.kill();
    await rm(outDir, { recursive: true, force: true });
  });

  const open = async (
    path: string,
    options: { width: number; dark: boolean },
  ): Promise<{ page: Page; errors: string[] }> => {
    const page = await browser.newPage({
      viewport: { width: options.width, height: 900 },
      locale: 'ko-KR',
      colorScheme: options.dark ? 'dark' : 'light',
    });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url + path);
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(() => document.querySelector('.loading-rows') === null);
    return { page, errors };
  };

  for (const [index, path] of pages.entries())
    test(`nothing serious for axe, nothing wider than a phone: ${path}`, async () => {
      const { page, errors } = await open(path, { width: 1440, dark: index % 2 === 1 });
      await page.addScriptTag({ path: axeFile });
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map((v) => ({ id: v.id, impact: v.impact, html: v.nodes[0]?.html }));
      });
      assert.deepEqual(
        found.filter((v) => v.impact === 'serious' || v.impact === 'critical'),
        [],
      );
      await page.setViewportSize({ width: 390, height: 844 });
      await page.waitForTimeout(200);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'wider than a phone');
      assert.deepEqual(errors, []);
      await page.close();
    });

  test('a machine is found by initial consonants and the keyboard alone', async () => {
    const { page } = await open('/', { width: 1440, dark: false });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('ㅅㅊ 3');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/machine/hanbit/gimcheon/molding/imm-03*');
    await page.close();
  });
});
