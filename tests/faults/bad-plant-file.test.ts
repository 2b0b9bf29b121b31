import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../support/plant-process.ts';

const root = join(import.meta.dirname, '..', '..');

function runServer(args: readonly string[], lang: string): Promise<{ code: number | null; output: string }> {
  const main = join(root, 'apps', 'server', 'deungdae.js');
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, LANG: lang, LC_ALL: lang } });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    }),
  );
}

/** What happens to a running plant is in the end-to-end test; here it is the first start. */
test('a server is not started on a plant file with an unknown key: line, column, nearest name, both languages', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bad-plant-'));
  try {
    const good = await readFile(join(root, 'demo', 'plant.yaml'), 'utf8');
    const bad = good.replace('    calendar: two-shift', '    calender: two-shift');
    assert.notEqual(bad, good);
    const line = bad.split('\n').findIndex((text) => text.includes('calender:')) + 1;
    const file = join(folder, 'plant.yaml');
    await writeFile(file, bad);
    const [port] = await freePorts(1);
    const args = ['start', '--plant', file, '--data', join(folder, 'data'), '--port', String(port)];
    for (const [lang, words] of [
      ['ko_KR.UTF-8', /알 수 없는 항목.*calender → calendar/],
      ['en_US.UTF-8', /[Uu]nknown.*calendar/],
    ] as const) {
      const { code, output } = await runServer(args, lang);
      assert.equal(code, 1, output);
      assert.match(output, new RegExp(`${line}:\\d+`));
      assert.match(output, words);
      assert.doesNotMatch(output, /\n\s+at .*\.ts:/, 'no stack trace for what a person can correct');
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
