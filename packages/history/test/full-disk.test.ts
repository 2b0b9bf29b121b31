import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function available(): string | false {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs prlimit (util-linux) to limit the size of files';
  }
}

/** A limit on file size fails writes as a full disk does, and can be lifted from outside while the process runs. */
test('a full disk is reported by code, and storing goes on by itself once there is room', {
  skip: available(),
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'deungdae-full-'));
  const script = fileURLToPath(new URL('./full-disk-writer.ts', import.meta.url));
  const limited = ['--fsize=6000000:unlimited', process.execPath, script, directory];
  const child = spawn('prlimit', limited, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let out = '';
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (part) => {
      err += part;
    });
    let lifted = false;
    child.stdout.setEncoding('utf8').on('data', (part) => {
      out += part;
      if (lifted || !out.includes('readable')) return;
      lifted = true;
      setTimeout(() => execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']), 300);
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    const lines = out.trim().split('\n');
    assert.equal(code, 0, `${out}\n${err}`);
    const [failure, reading, end] = lines.map((line) => JSON.parse(line));
    assert.equal(failure.code, 'history.diskFull');
    assert.ok(failure.acknowledged > 0);
    assert.equal(failure.latest, 1);
    assert.equal(reading.readable, 10);
    assert.equal(end.hot, end.expected);
    assert.equal(end.sealed, end.expected);
  } finally {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
});
