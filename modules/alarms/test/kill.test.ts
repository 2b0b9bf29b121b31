import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@deungdae/testing/random.ts';

const kills = Number(process.env.DEUNGDAE_KILLS ?? 2);
const batches = 200;

/** Runs the child from a batch on; killed after `killMs` when given. Gives the last batch told durable, and the journal. */
async function run(directory: string, from: number, upTo: number, killMs: number | null) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'kill-child.ts'), directory, String(from), String(upTo), killMs === null ? '0' : '2'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout });
  const gone = once(lines, 'close');
  let last = from - 1;
  let journal: unknown[] | null = null;
  lines.on('line', (line) => {
    if (line === 'ready' && killMs !== null) wait(killMs).then(() => child.kill('SIGKILL'));
    else if (line.startsWith('journal ')) journal = JSON.parse(line.slice(8));
    else if (line !== 'ready') last = Number(line);
  });
  await gone;
  return { last, journal: journal as unknown[] | null };
}

test(`killed ${kills} times between samples and journal: the same journal as without`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-alarm-kill-'));
  const random = seededRandom(11);
  try {
    const whole = await run(join(folder, 'whole'), 0, batches, null);
    assert.ok(whole.journal && whole.journal.length > 100, `${whole.journal?.length} entries`);
    let next = 0;
    for (let i = 0; i < kills && next < batches - 10; i++) {
      const { last } = await run(join(folder, 'killed'), next, batches, random.int(1, 120));
      // What was not told durable is given again, as a connector does.
      next = last + 1;
    }
    const { journal } = await run(join(folder, 'killed'), next, batches, null);
    assert.deepEqual(journal, whole.journal);
    console.log(`# ${kills} kills, ${journal!.length} journal entries, none lost, none twice`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
