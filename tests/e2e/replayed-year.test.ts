import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { noChromium, openBrowser } from '../support/browser.ts';
import { startPlantProcess } from '../support/plant-process.ts';

const main = join(import.meta.dirname, '..', '..', 'apps', 'server', 'deungdae.js');
const start = Date.UTC(2025, 0, 1);
const stepMs = 300_000;
const year = 365 * 86_400_000;

/** A year of a small oven's log, five minutes a line: temperature with a winter and a summer, and its state. */
function yearOfLog(): string {
  const lines: string[] = [];
  for (let at = start; at < start + year; at += stepMs) {
    const time = new Date(at).toISOString();
    const share = (at - start) / year;
    const temperature = 180 + 20 * Math.sin(2 * Math.PI * share) + Math.sin(at / 7_000_000);
    lines.push(`${time}|oven_temp|${temperature.toFixed(1)}`);
    if (at % 86_400_000 === 0) lines.push(`${time}|execution|ACTIVE`);
    if (at % 86_400_000 === 43_200_000) lines.push(`${time}|execution|READY`);
  }
  return `${lines.join('\n')}\n`;
}

function runCommand(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve, reject) =>
    child.on('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(output)))),
  );
}

test('a log of a year is replayed, and its trend opens', { skip: noChromium, timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'year-'));
  const dataDir = join(folder, 'data');
  try {
    const log = join(folder, 'oven.log');
    await writeFile(log, yearOfLog());
    const report = JSON.parse(
      (await runCommand(['replay', log, '--data', dataDir, '--json'])).match(/^\{[\s\S]*^\}/m)![0],
    );
    const temperature = report.machines[0].signals.find((s: { path: string }) => s.path.endsWith('oven-temp'));
    assert.equal(temperature.kept, year / stepMs);

    const plant = await startPlantProcess('start', ['--plant', join(dataDir, 'plant.yaml')], dataDir);
    const { page, context, problems, close } = await openBrowser();
    try {
      const token = new URL(plant.setupLink).searchParams.get('token');
      await context.request.post(`${plant.url}/api/setup`, {
        data: { token, name: 'engineer', displayName: '', password: 'a long pass phrase', language: 'en' },
      });
      const [signal] = await (await context.request.get(`${plant.url}/api/signals?search=oven-temp`)).json();
      await page.goto(
        `${plant.url}/trends?signals=${encodeURIComponent(signal.path)}&span=range&from=${start}&to=${start + year}`,
      );
      await page.locator('canvas').first().waitFor();
      const query = `ids=${signal.id}&from=${start * 1000}&to=${(start + year) * 1000}&width=1000`;
      const { series } = await (await context.request.get(`${plant.url}/api/trend?${query}`)).json();
      assert.ok(series[0].time.length >= 900, `${series[0].time.length} columns`);
      const highest = Math.max(...series[0].max.filter((v: number | null) => v !== null));
      assert.ok(highest > 199 && highest < 202, `highest ${highest}`);
      assert.deepEqual(problems, []);
    } finally {
      await close();
      await plant.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
